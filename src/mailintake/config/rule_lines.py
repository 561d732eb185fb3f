"""Screening and classification rules: they must say what they look for, mean it, and prove it by their examples."""

from collections.abc import Mapping

from mailintake.config.entries import Entries, Entry
from mailintake.config.patterns import fault_of
from mailintake.config.problems import fault, nearest
from mailintake.config.references import once
from mailintake.model.rules import Rule
from mailintake.stages.words.matching import rule_fires

_SCALE = 20  # no rule may outweigh all the others; 30 is mostly a slip of 3.0


def report_rules(entries: Entries) -> None:
    """Report rules without condition or aim, unsafe patterns, and examples that do not behave as written."""
    variants = {str(p.value.key): frozenset(v.id for v in p.value.variants) for p in entries.procedures}
    seen: dict[str, str] = {}
    for entry in (*entries.screening, *entries.classification):
        once(entry, entry.value.id, seen)
        _aim(entry, variants)
        if _condition(entry):
            _examples(entry)


def _aim(entry: Entry[Rule], variants: Mapping[str, frozenset[str]]) -> None:
    rule = entry.value
    if abs(rule.score) > _SCALE:
        entry.report(("score",), fault("score-out-of-scale", got=rule.score, limit=_SCALE))
    if rule.procedure is None and rule.message_class is None:
        entry.report((), fault("no-target"))
    if not rule.variant:
        return
    if rule.procedure is None:
        entry.report(("variant",), fault("variant-alone"))
        return
    known = variants.get(str(rule.procedure))
    if known is not None and rule.variant not in known:
        entry.report(("variant",), fault("unknown-variant", name=rule.variant, near=nearest(rule.variant, known)))


def _condition(entry: Entry[Rule]) -> bool:
    """Reports what is wrong with the words and the pattern; True when the rule can be tried."""
    rule = entry.value
    if not (rule.words or rule.all_words or rule.pattern):
        entry.report((), fault("no-words"))
        return False
    code, detail = fault_of(rule.pattern)
    if code:
        entry.report(("pattern",), fault(code, detail=detail))
        return False
    return True


def _examples(entry: Entry[Rule]) -> None:
    rule = entry.value
    for wanted, key, code in ((True, "matches", "example-silent"), (False, "not_matches", "example-fires")):
        for index, text in enumerate(getattr(rule.examples, key)):
            if rule_fires(rule, text) is not wanted:
                entry.report(("examples", key, index), fault(code, name=rule.id, text=text))
