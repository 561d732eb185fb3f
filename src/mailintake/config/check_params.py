"""`use:` names a check, and the keys of its `params` are that check's own Params."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from mailintake.config.entries import Entry
from mailintake.config.problems import fault, nearest
from mailintake.config.tree import Loc
from mailintake.config.validate import build
from mailintake.model.procedure import DocumentKind, Procedure

if TYPE_CHECKING:
    from mailintake.checks import Check

_TOLERANCE = 0.01  # of a ratio, where none is written


def report_checks(entry: Entry[DocumentKind], fees: Collection[str] | None) -> None:
    """Report unknown checks of a document kind and parameters that do not fit."""
    from mailintake.checks import registry
    from mailintake.checks.subject import Subject

    known = {name: check for name, check in registry().items() if check.subject_type is Subject}
    for index, check in enumerate(entry.value.checks):
        loc: Loc = ("checks", index)
        if _known(entry, loc, check.use, known, "unknown-check"):
            _params(entry, loc, known[check.use], check.params)
        _size(entry, loc, check.params)
        fee = check.params.get("fee")
        if isinstance(fee, str) and fees is not None and fee not in fees:
            message = fault("unknown-fee", name=fee, near=nearest(fee, fees))
            entry.report((*loc, "params", "fee"), message)


def _size(entry: Entry[DocumentKind], loc: Loc, params: Mapping[str, object]) -> None:
    """A size that its own tolerance does not hold: what is asked for would be taken for wrong."""
    names = ("width", "height", "max_width", "max_height", "tolerant_ratio", "ratio_tolerance")
    found = [params.get(name) for name in names]
    width, height, most_wide, most_high, ratio, tolerance = (v if isinstance(v, int | float) else 0 for v in found)
    if not (width and height and ratio):
        return
    shape = abs(width / height / ratio - 1) <= (tolerance or _TOLERANCE)
    if not shape or width > most_wide or height > most_high:
        told = f"{most_wide}×{most_high}, {ratio}"
        entry.report((*loc, "params", "width"), fault("size-outside", size=f"{width}×{height}", tolerance=told))


def report_conditions(entry: Entry[Procedure]) -> None:
    """The same for the conditions of a procedure, which look at the whole case."""
    from mailintake.checks import registry
    from mailintake.checks.subject import CaseSubject

    known = {name: check for name, check in registry().items() if check.subject_type is CaseSubject}
    for index, condition in enumerate(entry.value.conditions):
        loc: Loc = ("conditions", index)
        if _known(entry, loc, condition.use, known, "unknown-condition"):
            _params(entry, loc, known[condition.use], condition.params)


def _known(entry: Entry[Any], loc: Loc, use: str, known: Collection[str], code: str) -> bool:
    if use not in known:
        entry.report((*loc, "use"), fault(code, name=use, near=nearest(use, known)))
    return use in known


def _params(entry: Entry[Any], loc: Loc, check: "Check", params: Mapping[str, object]) -> None:
    build(check.params_type, dict(params), entry.source, (*entry.loc, *loc, "params"))
