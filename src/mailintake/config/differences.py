"""What an operator's files change: each value that differs from the shipped one, with file and line."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from mailintake.config.earlier import digest_of, earlier_releases
from mailintake.config.excerpt import without_secrets
from mailintake.config.files import shape_of
from mailintake.config.layers import SETTINGS, Layers
from mailintake.config.merging import name_of
from mailintake.config.problems import Problems, Spot
from mailintake.config.shape import inner
from mailintake.config.sources import Source, open_sources
from mailintake.config.tree import Tree

Path = tuple[str, ...]


class Kind(StrEnum):
    """What became of a value."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


class Change(NamedTuple):
    """One value that is not as shipped. `before` and `after` are plain values, None where there is none."""

    file: str  # logical file
    path: str
    kind: Kind
    before: Any
    after: Any
    origin: str  # file:line of the operator's file; empty where something is gone without a place


class Same(NamedTuple):
    """One value of an operator's file that says what is shipped anyway."""

    file: str
    path: str
    value: Any
    origin: str


def shipped_sources(layers: Layers) -> dict[str, Source]:
    """The shipped files alone."""
    return open_sources(Layers(layers.layers[:1], ()), Problems())


def changes(layers: Layers, against: Mapping[str, Source] | None = None) -> list[Change]:
    """Every difference of the merged files from the shipped ones (or from `against`), in the order of the files."""
    below = shipped_sources(layers) if against is None else against
    above = open_sources(layers, Problems())
    return [change for name in (SETTINGS, *sorted({*below, *above} - {SETTINGS})) for change in _of(name, below, above)]


def _of(name: str, below: Mapping[str, Source], above: Mapping[str, Source]) -> Iterator[Change]:
    before, after = (_leaves(name, found.get(name)) for found in (below, above))
    for path, leaf in after.items():
        shown, old = shown_path(path), before.get(path)
        if old is None:
            yield Change(name, shown, Kind.ADDED, None, masked(leaf.plain), _origin(leaf.key or leaf.spot))
        elif old.plain != leaf.plain:
            yield Change(name, shown, Kind.CHANGED, old.plain, masked(leaf.plain), _origin(leaf.key or leaf.spot))
    for path, leaf in before.items():
        if path not in after:
            yield Change(name, shown_path(path), Kind.REMOVED, leaf.plain, None, "")


def _origin(spot: Spot) -> str:
    return str(spot)


def own_leaves(layers: Layers) -> dict[tuple[str, Path], Tree]:
    """Every value that an operator's file says itself, by logical file and path."""
    above = open_sources(layers, Problems())
    return {
        (name, path): leaf
        for name, source in above.items()
        for path, leaf in _leaves(name, source).items()
        if leaf.spot.file.own
    }


def shipped_leaves(layers: Layers) -> dict[tuple[str, Path], Tree]:
    """Every shipped value, likewise."""
    below = shipped_sources(layers)
    return {(name, path): leaf for name, source in below.items() for path, leaf in _leaves(name, source).items()}


def _leaves(name: str, source: Source | None) -> dict[Path, Tree]:
    if source is None or source.tree is None:
        return {}
    return dict(_walk(source.tree, shape_of(name), ()))


def _walk(tree: Tree, hint: Any, path: Path) -> Iterator[tuple[Path, Tree]]:
    """Leaves by names: a list of entries with names is walked by name, any other list is one value."""
    if isinstance(tree.value, dict) and tree.value:
        for key, item in tree.value.items():
            yield from _walk(item, inner(hint, key), (*path, key))
        return
    names = [name_of(inner(hint, 0), item) for item in tree.value] if isinstance(tree.value, list) else []
    if isinstance(tree.value, list) and tree.value and all(names):
        for name, item in zip(names, tree.value, strict=True):
            yield from _walk(item, inner(hint, 0), (*path, f"[{name}]"))
        return
    yield path, tree


def shown_path(path: Path) -> str:
    """`variants[only].email[photo].tolerable`."""
    return "".join(step if step.startswith("[") else f".{step}" for step in path).removeprefix(".")


class Hidden(NamedTuple):
    """A shipped value that changed with an upgrade and that an operator's file keeps from counting."""

    file: str
    path: str
    own: Any
    shipped: Any
    origin: str


def hidden(layers: Layers, since: str | None = None) -> list[Hidden]:
    """What the operator's files say where the shipped value is another than in an earlier release: in that of `since`,
    or in any. Most of it is a copy that was made before the upgrade."""
    shipped, known = shipped_leaves(layers), earlier_releases()
    releases = [known[since]] if since is not None and since in known else list(known.values())
    found = []
    for (file, path), leaf in own_leaves(layers).items():
        now = shipped.get((file, path))
        if now is None or now.plain == leaf.plain:
            continue
        then = {release.get(f"{file} {shown_path(path)}") for release in releases} - {None}
        if then and digest_of(now.plain) not in then:
            values = (masked(leaf.plain), masked(now.plain))
            found.append(Hidden(file, shown_path(path), *values, _origin(leaf.key or leaf.spot)))
    return found


def needless(layers: Layers) -> list[Same]:
    """What the operator's files say although it is shipped so."""
    shipped = shipped_leaves(layers)
    return [
        Same(file, shown_path(path), masked(leaf.plain), _origin(leaf.key or leaf.spot))
        for (file, path), leaf in own_leaves(layers).items()
        if (file, path) in shipped and shipped[file, path].plain == leaf.plain
    ]


def masked(value: Any) -> Any:
    """A value as it may be shown: no password inside a URL."""
    return without_secrets(value) if isinstance(value, str) else value
