"""The rule files into one RuleSet: shapes first, then what they say about each other."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TypeVar

from mailintake.config.calendar import read_calendar
from mailintake.config.entries import Entries, each, expect, read_entries
from mailintake.config.files import open_rules, version_of
from mailintake.config.patterns import fault_of
from mailintake.config.problems import Problems, words
from mailintake.config.readers import report_readers
from mailintake.config.references import qualified, report_references
from mailintake.config.resource import Folder
from mailintake.config.rule_lines import report_rules
from mailintake.config.validate import build
from mailintake.config.yaml_source import Source
from mailintake.model.procedure import Procedure, ProcedureKey, Variant
from mailintake.model.rules import ClassificationPolicy, Office, RuleSet, Vocabulary, WorkCalendar

T = TypeVar("T")


def read_rules(folder: Folder, problems: Problems) -> RuleSet | None:
    """The rule set of a configuration folder, or None after reporting every fault of every file."""
    sources = open_rules(folder, problems)
    entries = read_entries(sources)
    vocabulary = Vocabulary(MappingProxyType(_word_lists(sources)))
    report_references(entries)
    report_readers(entries, vocabulary)
    report_rules(entries)
    calendar = _calendar(sources["calendar.yaml"])
    office = _record(Office, sources["office.yaml"])
    policy = _record(ClassificationPolicy, sources["policy.yaml"])
    if problems or calendar is None or office is None or policy is None:
        return None
    return RuleSet(
        version=version_of(sources),
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
    return build(cls, source.data, source) if expect(dict, source, "expect_mapping") else None


def _calendar(source: Source) -> WorkCalendar | None:
    return read_calendar(source) if expect(dict, source, "expect_mapping") else None


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


def _word_lists(sources: Mapping[str, Source]) -> dict[str, tuple[str, ...]]:
    """All words/*.yaml as one; a name that two files give is an error, because one of them would be lost."""
    lists: dict[str, tuple[str, ...]] = {}
    origin: dict[str, str] = {}
    for name, source in sources.items():
        if not name.startswith("words/") or not expect(dict, source, "expect_mapping"):
            continue
        for list_name, texts in (build(dict[str, tuple[str, ...]], source.data, source) or {}).items():
            if list_name in lists:
                message = words("duplicate_list", name=list_name, first=origin[list_name])
                source.report((list_name,), message, key=True)
            if list_name.endswith(("_pattern", "_patterns")):
                _patterns(source, list_name, texts)
            lists[list_name] = texts
            origin[list_name] = source.at((list_name,))
    return lists


def _patterns(source: Source, list_name: str, patterns: tuple[str, ...]) -> None:
    """Lists with such a name hold regular expressions: one that is broken would stop every mail."""
    for index, pattern in enumerate(patterns):
        code, detail = fault_of(pattern)
        if code:
            source.report((list_name, index), words(code, detail=detail))
