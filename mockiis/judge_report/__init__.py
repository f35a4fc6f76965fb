"""What the judge found in many messages, as text for people, JSON for scripts and SARIF for code scanning.

Every writer takes messages one at a time and gives pieces of text to print, so that a report of any length takes no
memory. The command ``mockiis validate`` is the one that prints.
"""

from mockiis.judge_report.judged import Judged
from mockiis.judge_report.tally import Tally

__all__ = ["Judged", "Tally"]
