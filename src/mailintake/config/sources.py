"""A logical file as all its layers make it: plain data that remembers in which file and line each value stands."""

from typing import Any

from mailintake.config.files import shape_of
from mailintake.config.known_trees import known_trees
from mailintake.config.layers import SETTINGS, WORDS, Layers, Part
from mailintake.config.merging import Merger
from mailintake.config.problems import Fault, Problems, Spot, fault, nearest, nowhere
from mailintake.config.tree import Loc, Tree, dotted, read_tree

_NAMING = ("id", "name", "kind", "use", "city")
_MAILBOXES = "mailboxes"
_SAME = 0.85  # likeness of a name to the one it is a slip of: ids share their beginnings


class Source:
    """The merged file: its data, the place of everything in it, and where to report."""

    def __init__(self, name: str, tree: Tree | None, problems: Problems) -> None:
        """`tree` is None where a part could not be parsed, which has been reported."""
        self.name = name
        self.problems = problems
        self.tree = tree
        self.sound = tree is not None
        self.data: Any = tree.plain if tree else None

    def at(self, loc: Loc) -> str:
        """`file:line` of a value, for the `source` fields of rules. A record is where its key stands."""
        return str(self.spot(loc, key=True))

    def spot(self, loc: Loc, *, key: bool = False) -> Spot:
        """Where the value (or the key) of `loc` stands; of its nearest existing parent where it does not exist."""
        found, whole = self._nearest(loc)
        return found.key if key and found.key and whole else found.spot

    def has(self, loc: Loc) -> bool:
        """Does a file say something there?"""
        return self.tree is not None and self._nearest(loc)[1]

    def _nearest(self, loc: Loc) -> tuple[Tree, bool]:
        found = self.tree or Tree(None, nowhere(self.name))
        for step in loc:
            below = _step(found, step)
            if below is None:
                return found, False
            found = below
        return found, True

    def report(self, loc: Loc, told: Fault, *, key: bool = False) -> None:
        """A fault at `loc` of this file."""
        self.problems.add(self.spot(loc, key=key), self.path(loc), told)

    def beside(self, loc: Loc) -> str:
        """The shipped entry of the same list that was probably meant by that one of an operator, or an empty text."""
        entry, above = (self._nearest(place)[0] for place in (loc, loc[:-1]))
        if not loc or not entry.spot.file.own or not isinstance(above.value, list):
            return ""
        others = (_name(other) for other in above.value if not other.spot.file.own)
        return nearest(_name(entry), others, _SAME)

    def path(self, loc: Loc) -> str:
        """`variants[only].email[photo].kind`: entries by their names where they have one."""
        named: list[str | int] = []
        text = ""
        found = self.tree
        for step in loc:
            found = _step(found, step) if found is not None else None
            name = _name(found) if isinstance(step, int) and found is not None else ""
            if name:
                text = f"{dotted((text, *named)) if text else dotted(tuple(named))}[{name}]"
                named = []
            else:
                named.append(step)
        return dotted((text, *named)) if text else dotted(tuple(named))


def _step(tree: Tree | None, step: str | int) -> Tree | None:
    if tree is None:
        return None
    if isinstance(tree.value, dict):
        return tree.value.get(str(step))
    if isinstance(tree.value, list) and isinstance(step, int) and step < len(tree.value):
        return tree.value[step]
    return None


def _name(entry: Tree) -> str:
    if not isinstance(entry.value, dict):
        return ""
    return next((str(entry.value[key].value) for key in _NAMING if key in entry.value), "")


def open_sources(layers: Layers, problems: Problems) -> dict[str, Source]:
    """Every logical file of the configuration, merged; faults of writing are reported."""
    merger = Merger(problems)
    return {
        name: Source(name, _merged(name, parts, merger, problems), problems) for name, parts in layers.parts.items()
    }


def open_source(name: str, layers: Layers, problems: Problems) -> Source:
    """One logical file of the configuration."""
    return Source(name, _merged(name, layers.parts.get(name, []), Merger(problems), problems), problems)


def _merged(name: str, parts: list[Part], merger: Merger, problems: Problems) -> Tree | None:
    """All parts laid over each other; None when one of them cannot be parsed."""
    trees = [_read(part, problems) for part in parts]
    if name == WORDS:
        _report_twice(parts, trees, problems)
    hint = shape_of(name)
    made: Tree | None = None
    for part, tree in zip(parts, trees, strict=True):
        if tree is None:
            return None
        if tree.value is None:
            if part.file.own and made is None:
                made = tree
            continue
        base = None if made is None or made.value is None else _base(name, made, tree, own=part.file.own)
        made = merger.alone(tree, hint) if base is None else merger.over(base, tree, hint)
    return made


def _read(part: Part, problems: Problems) -> Tree | None:
    if not part.raw and not _readable(part, problems):
        return None
    if part.file.own:
        return read_tree(part.file, part.raw, problems)
    return _shipped(part, problems)


def _shipped(part: Part, problems: Problems) -> Tree | None:
    """A shipped file, parsed once."""
    found = known_trees().tree(part.file, part.raw)
    if found is None:
        before = problems.told
        found = read_tree(part.file, part.raw, problems)
        if found is not None and problems.told == before:
            known_trees().add(part.raw, found)
    return found


def _readable(part: Part, problems: Problems) -> bool:
    try:
        part.file.path.read_bytes()
    except OSError as bad:
        problems.add(Spot(part.file), "", fault("not-readable", detail=bad.strerror))
        return False
    return True


def _base(name: str, below: Tree, above: Tree, *, own: bool) -> Tree:
    """What an own file is laid over. The shipped mailbox is an example: it goes where the operator names any."""
    if name != SETTINGS or not own or not isinstance(above.value, dict) or _MAILBOXES not in above.value:
        return below
    if not isinstance(below.value, dict) or _MAILBOXES not in below.value or below.value[_MAILBOXES].spot.file.own:
        return below
    return Tree({k: v for k, v in below.value.items() if k != _MAILBOXES}, below.spot, below.key)


def _report_twice(parts: list[Part], trees: list[Tree | None], problems: Problems) -> None:
    """A list that two word files of one layer give: one of them would be lost."""
    first: dict[tuple[int, str], Spot] = {}
    for part, tree in zip(parts, trees, strict=True):
        for key, item in tree.value.items() if tree and isinstance(tree.value, dict) else ():
            spot = item.key or item.spot
            known = first.setdefault((part.layer, key), spot)
            if known != spot:
                problems.add(spot, key, fault("duplicate-list", name=key, first=known))
