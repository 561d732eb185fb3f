"""The house at a glance: `make rooms` prints rooms, arrows, rings, floors and lines, now and at an earlier commit.

A package's rooms are its children: sub-packages, each counted as one room, and modules. An arrow leads from a room to
another that it imports. A ring is a set of rooms that all lead to each other. The floors of a package are the rooms on
its longest way down. Before the rooms were made, `stages` had 49 rooms, 137 arrows and nine floors.
"""

import ast
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "mailintake"


@dataclass(frozen=True)
class House:
    """Rooms of one package with their arrows; `lines` counts all of its files."""

    name: str
    arrows: Mapping[str, frozenset[str]]
    lines: int

    @property
    def count(self) -> int:
        """Arrows between two different rooms."""
        return sum(len(targets) for targets in self.arrows.values())

    @property
    def rings(self) -> tuple[frozenset[str], ...]:
        """Sets of rooms that lead to each other."""
        reach = {room: self._reach(room) for room in self.arrows}
        back = {room: frozenset(r for r in reach[room] if room in reach[r]) for room in reach}
        return tuple(sorted({ring for ring in back.values() if ring}, key=sorted))

    @property
    def floors(self) -> int:
        """Rooms on the longest way down; rings count as one room."""
        of_ring = {room: ring for ring in self.rings for room in ring}
        merged: dict[object, set[object]] = {}
        for room, targets in self.arrows.items():
            here = of_ring.get(room, room)
            merged.setdefault(here, set()).update(of_ring.get(t, t) for t in targets if of_ring.get(t, t) != here)
        depth: dict[object, int] = {}

        def down(room: object) -> int:
            if room not in depth:
                depth[room] = 1 + max((down(target) for target in merged.get(room, ())), default=0)
            return depth[room]

        return max((down(room) for room in merged), default=0)

    def _reach(self, room: str) -> frozenset[str]:
        seen: set[str] = set()
        waiting = list(self.arrows.get(room, ()))
        while waiting:
            target = waiting.pop()
            if target not in seen:
                seen.add(target)
                waiting += self.arrows.get(target, ())
        return frozenset(seen)


def imports(source: Path, file: Path) -> Iterator[str]:
    """Dotted names of our own modules that a file imports, inside functions too."""
    known = {p.relative_to(source.parent).with_suffix("").as_posix().replace("/", ".") for p in source.rglob("*.py")}
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(PACKAGE):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in known or f"{whole}.__init__" in known else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith(f"{PACKAGE}."))


def house(source: Path, name: str) -> House:
    """The rooms of `mailintake.<name>`; of the whole package for an empty name."""
    folder = source / name.replace(".", "/") if name else source
    prefix = f"{PACKAGE}.{name}." if name else f"{PACKAGE}."
    arrows: dict[str, set[str]] = {}
    lines = 0
    for file in sorted(folder.rglob("*.py")):
        lines += len(file.read_text("utf-8").splitlines())
        room = file.relative_to(folder).parts[0].removesuffix(".py")
        if room.startswith("__"):
            continue
        targets = arrows.setdefault(room, set())
        inside = (n.removeprefix(prefix) for n in imports(source, file) if n.startswith(prefix))
        targets |= {n.split(".")[0] for n in inside} - {room}
    known = arrows.keys()
    return House(name or PACKAGE, {room: frozenset(t & known) for room, t in arrows.items()}, lines)


def houses(source: Path) -> list[House]:
    """The whole, every package, and the rooms inside those that have rooms."""
    packages = sorted(p.parent for p in source.rglob("__init__.py"))
    names = [p.relative_to(source).as_posix().replace("/", ".") for p in packages if p != source]
    return [house(source, ""), *(house(source, name) for name in names if not name.startswith("store.migrations"))]


def table(source: Path) -> str:
    """One line a package."""
    lines = [f"{'package':28} {'rooms':>5} {'arrows':>6} {'rings':>5} {'floors':>6} {'lines':>6}"]
    for one in houses(source):
        rings = "; ".join(" <-> ".join(sorted(ring)) for ring in one.rings)
        row = f"{one.name:28} {len(one.arrows):5} {one.count:6} {len(one.rings):5} {one.floors:6} {one.lines:6}"
        lines.append(f"{row}  {rings}".rstrip())
    return "\n".join(lines)


def at(revision: str, folder: Path) -> Path:
    """The sources as they stood at a commit, unpacked into the folder."""
    packed = subprocess.run(["git", "archive", revision, "src"], cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    return folder / "src" / PACKAGE


def main() -> None:
    """`python -m tests.architecture.rooms [COMMIT…]`: now, and before."""
    sys.stdout.write(f"{table(ROOT / 'src' / PACKAGE)}\n")
    for revision in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as folder:
            sys.stdout.write(f"\nat {revision}\n{table(at(revision, Path(folder)))}\n")


if __name__ == "__main__":
    main()
