"""What a script says: the scenario file read, its rules matched, and why none of them did."""

from mockiis.scenario.loader import load
from mockiis.scenario.matcher import Difference, difference
from mockiis.scenario.model import Rule, Scenario

__all__ = ["Difference", "Rule", "Scenario", "difference", "load"]
