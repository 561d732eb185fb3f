"""The records of the rule files with the place each came from, before they are put together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from mailintake.config.problems import Fault, fault
from mailintake.config.sources import Source
from mailintake.config.tree import Loc
from mailintake.config.validate import build, shown
from mailintake.model.procedure import DocumentKind, Procedure, Prohibition
from mailintake.model.rules import Fee, Rule

T = TypeVar("T")


class Entry(NamedTuple, Generic[T]):
    """One record: its value, its file, and where in the file it begins."""

    value: T
    source: Source
    loc: Loc

    def report(self, inside: Loc, told: Fault, *, key: bool = False) -> None:
        """A fault inside this record."""
        self.source.report((*self.loc, *inside), told, key=key)

    def at(self) -> str:
        """`file:line` of the record."""
        return self.source.at(self.loc)


def examined(entry: Entry[Any], about: str, beside: object, examine: Callable[[], None]) -> None:
    """Have a record examined, unless the same record was found in order before, with the same things `beside` it."""
    problems = entry.source.problems
    said = (entry.value, beside)
    if problems.proven.holds(about, said):
        return
    before = problems.told
    examine()
    if problems.told == before:
        problems.proven.add(about, said)


@dataclass(frozen=True, slots=True)
class Entries:
    """All records. Names are those of every record, the broken ones too; None when their file could not be read at all:
    one fault is not told twice."""

    kinds: tuple[Entry[DocumentKind], ...]
    fees: tuple[Entry[Fee], ...]
    procedures: tuple[Entry[Procedure], ...]
    prohibitions: tuple[Entry[Prohibition], ...]
    screening: tuple[Entry[Rule], ...]
    classification: tuple[Entry[Rule], ...]
    kind_names: frozenset[str] | None
    fee_names: frozenset[str] | None
    procedure_names: frozenset[str] | None


def read_entries(sources: Mapping[str, Source]) -> Entries:
    """Every record of the rule files that has the right shape; faults are reported."""
    return Entries(
        kinds=_keyed(DocumentKind, sources),
        fees=_keyed(Fee, sources),
        procedures=_procedures(sources),
        prohibitions=_listed(Prohibition, sources["prohibitions.yaml"]),
        screening=_listed(Rule, sources.get("screening.yaml")),
        classification=_listed(Rule, sources.get("classification.yaml")),
        kind_names=_names(sources["documents.yaml"]),
        fee_names=_names(sources["fees.yaml"]),
        procedure_names=_procedure_names(sources),
    )


_FILE_OF: dict[type, str] = {DocumentKind: "documents.yaml", Fee: "fees.yaml"}


def _names(source: Source) -> frozenset[str] | None:
    return frozenset(source.data) if isinstance(source.data, dict) else None


def _procedure_names(sources: Mapping[str, Source]) -> frozenset[str] | None:
    tops = [source.data for name, source in sources.items() if name.startswith("procedures/")]
    return frozenset(str(top.get("key")) for top in tops) if all(isinstance(top, dict) for top in tops) else None


def expect(shape: type, source: Source, code: str) -> bool:
    """Is the top of the file of that shape? A file that could not be parsed was reported already."""
    if isinstance(source.data, shape):
        return True
    if source.sound:
        empty = source.data is None
        source.report((), fault("empty-file") if empty else fault(code, got=shown(source.data)))
    return False


def _keyed(cls: type[T], sources: Mapping[str, Source]) -> tuple[Entry[T], ...]:
    """`key: {…}` into values that carry their key."""
    source = sources[_FILE_OF[cls]]
    if not expect(dict, source, "expect-mapping"):
        return ()
    made = []
    for key, body in source.data.items():
        if not isinstance(body, dict):
            source.report((key,), fault("want-mapping", got=shown(body)))
            continue
        if "key" in body:
            source.report((key, "key"), fault("reserved-key", key="key"), key=True)
        value = build(cls, body | {"key": key}, source, (key,), hidden=("key",))
        if value is not None:
            made.append(Entry(value, source, (key,)))
    return tuple(made)


def _listed(cls: type[T], source: Source | None) -> tuple[Entry[T], ...]:
    """A list of records; an empty or absent file is an empty list."""
    if source is None or source.data is None or not expect(list, source, "expect-list"):
        return ()
    made = ((build(cls, item, source, (index,)), index) for index, item in enumerate(source.data))
    return tuple(Entry(value, source, (index,)) for value, index in made if value is not None)


def _procedures(sources: Mapping[str, Source]) -> tuple[Entry[Procedure], ...]:
    files = [source for name, source in sources.items() if name.startswith("procedures/")]
    made = [(build(Procedure, s.data, s), s) for s in files if expect(dict, s, "expect-mapping")]
    return tuple(Entry(value, source, ()) for value, source in made if value is not None)


def each(entries: tuple[Entry[T], ...], key: Callable[[T], str]) -> dict[str, T]:
    """The values by name."""
    return {key(entry.value): entry.value for entry in entries}
