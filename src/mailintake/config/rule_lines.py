"""Screening and classification rules: they must say what they look for, mean it, and prove it by their examples."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from mailintake.config.entries import Entries, Entry, examined
from mailintake.config.patterns import proved
from mailintake.config.problems import fault, nearest
from mailintake.config.references import once
from mailintake.model.rules import Rule, Where
from mailintake.stages.words.fold import fold

_SCALE = 20  # no rule may outweigh all the others; 30 is mostly a slip of 3.0


def report_rules(entries: Entries) -> None:
    """Report rules without condition or aim, unsafe patterns, and examples that do not behave as written."""
    variants = {str(p.value.key): frozenset(v.id for v in p.value.variants) for p in entries.procedures}
    seen: dict[str, str] = {}
    alike: dict[object, Entry[Rule]] = {}
    for entry in (*entries.screening, *entries.classification):
        once(entry, entry.value.id, seen)
        _aim(entry, variants)
        _beside(entry, alike.setdefault(_condition_of(entry.value), entry))
        unplaced = entry._replace(value=replace(entry.value, source=""))
        examined(unplaced, "rule", None, partial(_rule, entry))


def _rule(entry: Entry[Rule]) -> None:
    """What the rule alone decides, wherever it stands."""
    _known(entry)
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


def _known(entry: Entry[Rule]) -> None:
    """A word that the program never says would make a rule that never fires."""
    rule = entry.value
    if rule.where != (Where.KNOWN,):
        return
    from mailintake.stages.classify.known import KNOWN

    for key in ("words", "all_words"):
        for index, word in enumerate(getattr(rule, key)):
            if word not in KNOWN:
                entry.report((key, index), fault("unknown-known", name=word, near=nearest(word, KNOWN)))


def _condition_of(rule: Rule) -> object:
    """What makes it fire; None where it says nothing that can be compared."""
    places = frozenset(rule.where)
    if Where.KNOWN in places:  # what is known speaks for one thing and against another
        return rule.id
    words = (frozenset(map(fold, rule.words)), frozenset(map(fold, rule.all_words)), frozenset(map(fold, rule.unless)))
    return (places, words, rule.pattern, rule.score > 0)


def _beside(entry: Entry[Rule], other: Entry[Rule]) -> None:
    """Two rules that fire on the same words: one too many, or two that say opposite things."""
    rule, first = entry.value, other.value
    aimless = rule.procedure is None and (rule.message_class is None or rule.variant)
    if other is entry or rule.id == first.id or aimless:
        return
    same = (rule.procedure, rule.variant, rule.message_class) == (first.procedure, first.variant, first.message_class)
    entry.report(("id",), fault("rule-shadowed" if same else "rule-contradicts", name=rule.id, other=first.id))


def _condition(entry: Entry[Rule]) -> bool:
    """Reports what is wrong with the words and the pattern; True when the rule can be tried."""
    rule = entry.value
    if not (rule.words or rule.all_words or rule.pattern):
        entry.report((), fault("no-words"))
        return False
    code, detail = proved(rule.pattern, entry.source.problems.proven)
    if code:
        entry.report(("pattern",), fault(code, detail=detail))
        return False
    return True


def _examples(entry: Entry[Rule]) -> None:
    rule = entry.value
    from mailintake.stages.words.matching import rule_fires

    for wanted, key, code in ((True, "matches", "example-silent"), (False, "not_matches", "example-fires")):
        for index, text in enumerate(getattr(rule.examples, key)):
            if rule_fires(rule, text) is not wanted:
                entry.report(("examples", key, index), fault(code, name=rule.id, text=text))
