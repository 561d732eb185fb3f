"""What the rule files say about each other: names that must exist, and what may be there only once."""

import re
from collections.abc import Collection
from functools import partial
from typing import Any

from mailintake.config.check_params import report_checks, report_conditions
from mailintake.config.entries import Entries, Entry, examined
from mailintake.config.problems import fault, nearest, nowhere
from mailintake.config.tree import Loc
from mailintake.model.procedure import DocumentKind, Procedure, ProcedureKey, Variant

_CODE = re.compile(r"[a-z]+\.[a-z_]+")


def report_references(entries: Entries) -> None:
    """Report every name that does not exist and every number that is used twice."""
    fees = sorted(entries.fee_names) if entries.fee_names is not None else None
    for kind in entries.kinds:
        examined(kind, "kind", fees, partial(_kind, kind, entries.fee_names))
    for fee in entries.fees:
        _known(fee, ("slip_kind",), fee.value.slip_kind, "unknown-kind", entries.kind_names)
        if fee.value.amount_cny <= 0:
            fee.report(("amount_cny",), fault("fee-amount"))
    _all_procedures(entries)
    for procedure in entries.procedures:
        _procedure(procedure, entries)
        if procedure.value.conditions:
            examined(procedure, "conditions", None, partial(report_conditions, procedure))
    seen: dict[str, str] = {}
    for item in entries.prohibitions:
        once(item, item.value.id, seen)


def once(entry: Entry[Any], name: str, seen: dict[str, str]) -> None:
    """Report an id that an earlier record has; remembers it otherwise."""
    if name in seen:
        entry.report(("id",), fault("duplicate-id", name=name, first=seen[name]))
    seen.setdefault(name, entry.at())


def qualified(like: str, procedure: Procedure) -> str:
    """`new.first_time`; a bare id means a variant of the same procedure."""
    return like if "." in like else f"{procedure.key}.{like}"


def _known(entry: Entry[Any], loc: Loc, name: str, code: str, known: Collection[str] | None) -> None:
    if known is not None and name not in known:
        entry.report(loc, fault(code, name=name, near=nearest(name, known)))


def _kind(entry: Entry[DocumentKind], fees: Collection[str] | None) -> None:
    if not _CODE.fullmatch(entry.value.missing):
        entry.report(("missing",), fault("bad-code", code=entry.value.missing))
    if entry.value.fact and not entry.value.fields:
        entry.report(("fact",), fault("fact-without-fields"))
    report_checks(entry, fees)


def _all_procedures(entries: Entries) -> None:
    """Each of the six is declared, and once."""
    seen: dict[ProcedureKey, str] = {}
    for entry in entries.procedures:
        key = entry.value.key
        if key in seen:
            entry.report(("key",), fault("procedure-twice", name=key, first=seen[key]))
        seen.setdefault(key, entry.at())
    declared, wanted = entries.procedure_names, frozenset(ProcedureKey)
    if declared is not None and declared < wanted:
        any_file = entries.procedures[0].source
        file = any_file.spot(()).file
        folder = (file.editable or file.label).rpartition("/")[0]
        for key in sorted(wanted - declared):
            any_file.problems.add(nowhere(folder), "", fault("missing-procedure", name=key))


def _procedure(entry: Entry[Procedure], entries: Entries) -> None:
    procedure = entry.value
    for index, fee in enumerate(procedure.fees):
        _known(entry, ("fees", index), fee, "unknown-fee", entries.fee_names)
    if not procedure.variants:
        entry.report(("variants",), fault("no-variants"), key=True)
    seen: dict[str, str] = {}
    for index, variant in enumerate(procedure.variants):
        inside = Entry(variant, entry.source, (*entry.loc, "variants", index))
        once(inside, variant.id, seen)
        _like(inside, procedure, entries)
        _requirements(inside, entries)
    defaults = [index for index, variant in enumerate(procedure.variants) if variant.default]
    for index in defaults[1:]:
        entry.report(("variants", index, "default"), fault("two-defaults"))


def _like(entry: Entry[Variant], procedure: Procedure, entries: Entries) -> None:
    variant = entry.value
    if not variant.like:
        return
    for key in ("email", "paper"):
        if getattr(variant, key):
            entry.report((key,), fault("like-and-list", key=key), key=True)
    named = {f"{p.value.key}.{v.id}": v for p in entries.procedures for v in p.value.variants}
    name = qualified(variant.like, procedure)
    _known(entry, ("like",), name, "unknown-variant", named)
    if name in named and named[name].like:
        entry.report(("like",), fault("like-chain", name=name))


def _requirements(entry: Entry[Variant], entries: Entries) -> None:
    for key in ("email", "paper"):
        for index, requirement in enumerate(getattr(entry.value, key)):
            _known(entry, (key, index, "kind"), requirement.kind, "unknown-kind", entries.kind_names)
            for number, other in enumerate(requirement.alternatives):
                _known(entry, (key, index, "alternatives", number), other, "unknown-kind", entries.kind_names)
