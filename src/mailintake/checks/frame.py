"""The frame of a check, and the registry: every other module of this folder holds one check of its own name."""

import inspect
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, is_dataclass
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Any, get_type_hints

from mailintake.checks.subject import CaseSubject, Result, Subject

_PACKAGE = "mailintake.checks"
_NO_CHECKS = ("frame", "listing", "months", "slip_fields", "subject")  # what checks are made of


@dataclass(frozen=True, slots=True)
class Check:
    """One check: `run(subject, params)`. `subject_type` tells checks of a document from conditions of a case."""

    name: str
    params_type: type[Any]
    doc: str
    run: Callable[[Any, Any], Result]
    subject_type: type[Any] = Subject
    facts: tuple[str, ...] = ()  # names of the fields it reads, whatever its parameters say

    def __call__(self, subject: Any, params: Any) -> Result:
        """Run it."""
        return self.run(subject, params)

    def needs(self, params: Any) -> tuple[str, ...]:
        """The fields that must have been read for it to say anything; a parameter `field` names one more."""
        own = getattr(params, "field", "")
        return (*self.facts, *((own,) if own else ()))


def check(run: Callable[[Any, Any], Result]) -> Check:
    """Make a check of a function `(subject: Subject | CaseSubject, params: Params) -> Result`.

    Its name comes from the file, the type of its parameters from the signature, the facts it reads from FACTS of its
    module. TypeError, naming the check, when it has no docstring, another name than its file, or another signature.
    """
    name = run.__module__.rpartition(".")[2]
    _require(run.__name__ == name, name, f"the function is called {run.__name__}, the file {name}")
    doc = inspect.getdoc(run) or ""
    _require(bool(doc), name, "a check without explanation: give it a docstring")
    hints = get_type_hints(run)
    taken = [hints.get(parameter) for parameter in inspect.signature(run).parameters]
    _require(len(taken) == 2, name, "takes (subject, params)")
    subject_type, params_type = taken
    _require(subject_type in (Subject, CaseSubject), name, "its first argument is a Subject or a CaseSubject")
    _require(_is_frozen(params_type), name, "its second argument is a frozen dataclass")
    _require(hints.get("return") == Result, name, "it returns Result")
    facts = tuple(run.__globals__.get("FACTS", ()))
    return Check(name, params_type, doc, run, subject_type, facts)  # type: ignore[arg-type]


def _require(holds: bool, name: str, fault: str) -> None:
    if not holds:
        raise TypeError(f"check {name}: {fault}")


def _is_frozen(cls: object) -> bool:
    return isinstance(cls, type) and is_dataclass(cls) and cls.__setattr__ is not object.__setattr__


@cache
def registry() -> Mapping[str, Check]:
    """Every check of the folder by name, in alphabetical order. TypeError for a malformed one, by name."""
    return scan(import_module(_PACKAGE).__path__, _PACKAGE)


def scan(folders: Any, package: str) -> Mapping[str, Check]:
    """The checks of a package; `folders` is its __path__."""
    names = sorted(module.name for module in pkgutil.iter_modules(folders))
    wanted = [name for name in names if name not in _NO_CHECKS]
    return MappingProxyType({name: _check_of(import_module(f"{package}.{name}"), name) for name in wanted})


def _check_of(module: Any, name: str) -> Check:
    found = getattr(module, name, None)
    if not isinstance(found, Check):
        raise TypeError(f"check {name}: {module.__name__} holds no function {name} marked with @check")
    return found


def parameters(made: Check, values: Mapping[str, object]) -> Any:
    """The Params of a check from what the configuration says. TypeError for a name the check does not know."""
    given = {key: tuple(item) if isinstance(item, list) else item for key, item in values.items()}
    return made.params_type(**given)
