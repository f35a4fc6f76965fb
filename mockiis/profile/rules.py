"""The rules across fields by the name in ``check:`` of ``data/rules.yaml``.

Each takes the scene, its entry of rules.yaml and the code sets, and gives faults. None looks at anything else, and
none raises because of a message. What an entry holds is said at the top of rules.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping

from mockiis.profile import rules_codes, rules_dates, rules_doses, rules_funding, rules_people
from mockiis.profile.rule import Rule

RULES: Mapping[str, Rule] = {
    **rules_codes.RULES,
    **rules_dates.RULES,
    **rules_doses.RULES,
    **rules_funding.RULES,
    **rules_people.RULES,
}
