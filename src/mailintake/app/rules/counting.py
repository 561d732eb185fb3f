"""How often each rule fired over stored mails: which never do, and which are always taken back."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from mailintake.app.rules.stored import StoredMails
from mailintake.model.rules import RuleSet
from mailintake.store.port import Store


@dataclass(frozen=True)
class RuleCount:
    """One rule over those mails."""

    rule: str
    source: str
    fired: int
    near: int  # its words stood there and something took them back
    last: str = ""  # number of the last mail in which it fired


def rule_counts(
    store: Store, rules: RuleSet, last: int, progress: Callable[[int, int], None] | None = None
) -> tuple[int, tuple[RuleCount, ...]]:
    """(how many mails, every rule that is in force), from what was decided when the mails came."""
    fired: Counter[str] = Counter()
    near: Counter[str] = Counter()
    latest: dict[str, str] = {}
    rows = StoredMails(store).rows(last)
    for position, row in enumerate(rows, 1):
        decided = store.decision(row.sha256)
        understood = decided.understanding if decided is not None else None
        if understood is not None:
            evidence = (*understood.screening.evidence, *understood.classification.evidence)
            ids = {one.rule for one in evidence if one.fired}
            fired.update(ids)
            near.update({one.rule for one in evidence if not one.fired} - ids)
            latest |= dict.fromkeys(ids, str(row.id))
        if progress is not None:
            progress(position, len(rows))
    counted = (
        RuleCount(rule.id, rule.source, fired[rule.id], near[rule.id], latest.get(rule.id, ""))
        for rule in (*rules.screening, *rules.classification)
    )
    return len(rows), tuple(sorted(counted, key=lambda one: -one.fired))
