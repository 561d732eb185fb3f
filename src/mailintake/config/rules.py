"""The rule files into one RuleSet: shapes first, then what they say about each other."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TypeVar

from mailintake.config.addresses import report_office
from mailintake.config.calendar import read_calendar
from mailintake.config.entries import Entries, each, expect, read_entries
from mailintake.config.layers import OPTIONAL, REQUIRED, SETTINGS, WORDS, Layers
from mailintake.config.patterns import proved
from mailintake.config.problems import Problems, fault
from mailintake.config.readers import report_readers
from mailintake.config.references import qualified, report_references
from mailintake.config.rule_lines import report_rules
from mailintake.config.sources import Source
from mailintake.config.validate import build
from mailintake.model.procedure import Procedure, ProcedureKey, Variant
from mailintake.model.rules import ClassificationPolicy, Office, RuleSet, Vocabulary, WorkCalendar
from mailintake.stages.assess.likely import EXAMPLES as STATED
from mailintake.stages.assess.likely import UNLIKELY
from mailintake.stages.assess.likely import faulty_example as faulty_stated
from mailintake.stages.classify.alike import EXAMPLES, faulty_example
from mailintake.stages.classify.meanings import CONCEPTS, MEANINGS, faulty_meaning
from mailintake.stages.screen.adverts import EXAMPLES as ADVERTS
from mailintake.stages.screen.adverts import faulty_example as faulty_advert
from mailintake.stages.words.concepts import CONCEPTS as EXCLUSIONS
from mailintake.stages.words.concepts import MEANINGS as ROWS
from mailintake.stages.words.concepts import TOLD_CONCEPTS, TOLD_MEANINGS, faulty_row

T = TypeVar("T")


def read_rules(sources: Mapping[str, Source], layers: Layers, problems: Problems) -> RuleSet | None:
    """The rule set of merged files, or None after reporting every fault of every file."""
    found = dict(sources)
    found.pop(SETTINGS, None)
    for name in (*REQUIRED, *OPTIONAL, WORDS):
        found.setdefault(name, Source(name, None, problems))
    entries = read_entries(found)
    vocabulary = Vocabulary(MappingProxyType(_word_lists(found[WORDS])))
    report_references(entries)
    report_readers(entries, vocabulary)
    report_rules(entries)
    calendar = _calendar(found["calendar.yaml"])
    office = _record(Office, found["office.yaml"])
    policy = _record(ClassificationPolicy, found["policy.yaml"])
    if office is not None:
        report_office(office, found["office.yaml"])
    if problems or calendar is None or office is None or policy is None:
        return None
    return RuleSet(
        version=layers.version(),
        procedures=_procedures(entries),
        kinds=MappingProxyType(each(entries.kinds, lambda kind: kind.key)),
        prohibitions=tuple(entry.value for entry in entries.prohibitions),
        screening=tuple(entry.value for entry in entries.screening),
        classification=tuple(entry.value for entry in entries.classification),
        policy=policy,
        vocabulary=vocabulary,
        fees=MappingProxyType(each(entries.fees, lambda fee: fee.key)),
        office=office,
        calendar=calendar,
    )


def _record(cls: type[T], source: Source) -> T | None:
    return build(cls, source.data, source) if expect(dict, source, "expect-mapping") else None


def _calendar(source: Source) -> WorkCalendar | None:
    return read_calendar(source) if expect(dict, source, "expect-mapping") else None


def _procedures(entries: Entries) -> tuple[Procedure, ...]:
    """In the guide's order, every `like` filled in with the lists it names."""
    order = list(ProcedureKey)
    found = sorted((entry.value for entry in entries.procedures), key=lambda p: order.index(p.key))
    by_name = {f"{p.key}.{v.id}": v for p in found for v in p.variants}
    return tuple(replace(p, variants=tuple(_filled(v, p, by_name) for v in p.variants)) for p in found)


def _filled(variant: Variant, procedure: Procedure, by_name: Mapping[str, Variant]) -> Variant:
    if not variant.like:
        return variant
    model = by_name[qualified(variant.like, procedure)]
    return replace(variant, email=model.email, paper=model.paper)


def _word_lists(source: Source) -> dict[str, tuple[str, ...]]:
    """All words/*.yaml as one. Lists with such a name hold regular expressions: one that is broken would stop every
    mail."""
    if source.data is None or not expect(dict, source, "expect-mapping"):
        return {}
    lists: dict[str, tuple[str, ...]] = build(dict[str, tuple[str, ...]], source.data, source) or {}
    for name, texts in lists.items():
        for index, pattern in enumerate(texts if name.endswith(("_pattern", "_patterns")) else ()):
            code, detail = proved(pattern, source.problems.proven)
            if code:
                source.report((name, index), fault(code, detail=detail))
    _rows_hold(lists, source)
    return lists


def _rows_hold(lists: Mapping[str, tuple[str, ...]], source: Source) -> None:
    """Lists whose lines name concepts, kinds or items name only such as there are."""
    rows = lists.get(ROWS, ())
    concepts, exclusions = lists.get(CONCEPTS, ()), lists.get(EXCLUSIONS, ())
    for name, code, faulty in (
        (MEANINGS, "bad-meaning", lambda text: faulty_meaning(text, concepts)),
        (EXAMPLES, "bad-example", faulty_example),
        (ROWS, "bad-meaning", lambda text: faulty_row(text, exclusions)),
        (TOLD_MEANINGS, "bad-meaning", lambda text: faulty_row(text, lists.get(TOLD_CONCEPTS, ()))),
        (UNLIKELY, "bad-meaning", lambda text: faulty_row(text, exclusions)),
        (ADVERTS, "bad-example", faulty_advert),
        (STATED, "bad-example", lambda text: faulty_stated(text, rows)),
    ):
        for index, text in enumerate(lists.get(name, ())):
            if wrong := faulty(text):
                source.report((name, index), fault(code, name=wrong))
