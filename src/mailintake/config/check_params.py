"""`use:` names a check, and the keys of its `params` are that check's own Params."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from mailintake.config.entries import Entry
from mailintake.config.problems import suggestion, words
from mailintake.config.validate import build
from mailintake.config.yaml_source import Loc
from mailintake.model.procedure import DocumentKind, Procedure


def report_checks(entry: Entry[DocumentKind]) -> None:
    """Report unknown checks of a document kind and parameters that do not fit."""
    for index, check in enumerate(entry.value.checks):
        _report(entry, ("checks", index), check.use, check.params, "unknown_check")


def report_conditions(entry: Entry[Procedure]) -> None:
    """The same for the conditions of a procedure."""
    for index, condition in enumerate(entry.value.conditions):
        _report(entry, ("conditions", index), condition.use, condition.params, "unknown_condition")


def _report(entry: Entry[Any], loc: Loc, use: str, params: Mapping[str, object], code: str) -> None:
    known = _registry()
    if known is None:
        return
    if use not in known:
        entry.report((*loc, "use"), words(code, name=use, suggestion=suggestion(use, known)))
        return
    build(known[use].params_type, dict(params), entry.source, (*entry.loc, *loc, "params"))


def _registry() -> Mapping[str, Any] | None:
    return getattr(import_module("mailintake.checks"), "registry", lambda: None)()
