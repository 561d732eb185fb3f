"""Which files make up a configuration: the shipped ones, the operator's over them, a mailbox's over those.

An operator's folder may hold, for every shipped `NAME.yaml`, a `NAME.yaml` and a folder `NAME.d` with further files in
the order of their names. Every one says only what differs. The files of `words/` are one mapping, whatever their names.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from mailintake.config.problems import File, Problems, fault, nearest, nowhere
from mailintake.config.resource import Folder, folders_of, resource_folders

SETTINGS, CALENDAR = "mailintake.yaml", "calendar.yaml"
REQUIRED = ("documents.yaml", "fees.yaml", "office.yaml", "prohibitions.yaml", CALENDAR, "policy.yaml")
OPTIONAL = ("classification.yaml", "screening.yaml")  # an absent file is an empty list
PROCEDURES, WORDS, TEMPLATES = "procedures", "words", "templates"
FOLDERS = (PROCEDURES, WORDS)
_CONFIG = "config"  # what the shipped folder is called; an operator's files lie at the top of theirs
EXAMPLES = ".test.yaml"  # what rules must do (rules test); no rules themselves
_VERSION_DIGITS = 12


@dataclass(frozen=True)
class Layer:
    """One folder of files. `root` is where they lie, `shown` the folder that messages name."""

    root: Path
    shown: str
    own: bool

    def logical(self) -> dict[str, list[Path]]:
        """Logical file → the files of this layer that are parts of it, in order."""
        found: dict[str, list[Path]] = {}
        for name in (SETTINGS, *REQUIRED, *OPTIONAL):
            found[name] = [*_existing(self.root / name), *self._extra(name)]
        for path in sorted((self.root / PROCEDURES).glob("*.yaml")):
            found[f"{PROCEDURES}/{path.name}"] = [path, *self._extra(f"{PROCEDURES}/{path.name}")]
        for path in sorted((self.root / PROCEDURES).glob("*.d")):
            name = f"{PROCEDURES}/{path.stem}.yaml"
            found.setdefault(name, list(self._extra(name)))
        found[WORDS] = sorted((self.root / WORDS).glob("*.yaml"))
        return {name: paths for name, paths in found.items() if paths}

    def _extra(self, name: str) -> list[Path]:
        return sorted((self.root / name.removesuffix(".yaml")).with_suffix(".d").glob("*.yaml"))

    def label(self, path: Path) -> str:
        """How messages name a file of this layer."""
        return f"{self.shown}/{path.relative_to(self.root)}" if self.shown else str(path.relative_to(self.root))


def _existing(path: Path) -> list[Path]:
    return [path] if path.is_file() else []


@dataclass(frozen=True)
class Part:
    """One file of one layer with its bytes."""

    file: File
    layer: int
    raw: bytes


@dataclass(frozen=True)
class Layers:
    """The layers of a configuration, the shipped one first, and the folders of templates, the best first."""

    layers: tuple[Layer, ...]
    templates: tuple[Path, ...]

    @cached_property
    def parts(self) -> dict[str, list[Part]]:
        """Logical file → its parts, the undermost first. A file that cannot be read has a part without bytes."""
        found: dict[str, list[Part]] = {}
        editable = next((layer for layer in reversed(self.layers) if layer.own), None)
        for number, layer in enumerate(self.layers):
            for name, paths in layer.logical().items():
                own = _editable(editable, name) if editable else ""
                for path in paths:
                    file = File(name, layer.label(path), path, own, layer.own)
                    found.setdefault(name, []).append(Part(file, number, _bytes(path)))
        return dict(sorted(found.items()))

    @cached_property
    def template_files(self) -> dict[str, Path]:
        """Name of a template → the file that counts."""
        found: dict[str, Path] = {}
        for folder in reversed(self.templates):
            for place, _, names in os.walk(folder):
                inner = place.removeprefix(str(folder)).lstrip(os.sep)
                for name in names:
                    path = Path(place, name)
                    if not name.startswith(".") and path.is_file():
                        found[os.path.join(inner, name)] = path
        return dict(sorted(found.items()))

    def version(self) -> str:
        """Short content hash of all rule files and templates; line ends of Windows editors make no difference."""
        digest = hashlib.sha256()
        for name, parts in self.parts.items():
            if name != SETTINGS:
                for part in parts:
                    _hash(digest, f"{name} {part.layer} {part.file.path.name}", part.raw)
        for name, path in self.template_files.items():
            _hash(digest, f"{TEMPLATES}/{name}", _bytes(path))
        return digest.hexdigest()[:_VERSION_DIGITS]


def _editable(layer: Layer, name: str) -> str:
    """The file of that layer in which a logical file may be changed."""
    return layer.label(layer.root / (f"{WORDS}/{WORDS}.yaml" if name == WORDS else name))


def _hash(digest: "hashlib._Hash", name: str, raw: bytes) -> None:
    plain = raw.replace(b"\r\n", b"\n")
    digest.update(f"{name}\0{len(plain)}\0".encode() + plain)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def layers_of(folder: Folder, *, shown: str | None = None) -> Layers:
    """The layers under and of an operator's folder, or of several, the best first. `shown`: what messages call it."""
    shipped = Layer(shipped_folder(), "config", own=False)
    own = [Layer(place, str(place) if shown is None else shown, own=True) for place in reversed(folders_of(folder))]
    own = [Layer(layer.root, "" if layer.shown == "." else layer.shown, own=True) for layer in own]
    return Layers((shipped, *own), resource_folders(TEMPLATES, folder))


def shipped_folder() -> Path:
    """Where the shipped rules lie: in the package, or in the checkout."""
    return resource_folders("config")[0]


def report_unknown_files(layer: Layer, problems: Problems, *, only_rules: bool = False) -> None:
    """A file that nothing reads is a spelling mistake that would go unnoticed."""
    known = {*REQUIRED, *OPTIONAL} if only_rules else {SETTINGS, *REQUIRED, *OPTIONAL}
    extra = {name.replace(".yaml", ".d") for name in known}
    for path in sorted(layer.root.iterdir()):
        if path.name.endswith(EXAMPLES):
            continue
        if path.suffix in (".yaml", ".yml") and path.name not in known:
            _unknown(layer, path, known, problems)
        elif path.suffix == ".d" and path.name not in extra:
            _unknown(layer, path, extra, problems)
    for path in sorted((layer.root / _CONFIG).glob("*.yaml")):
        if path.name in known:
            problems.add(nowhere(layer.label(path)), "", fault("nested-file", name=path.name))
    shipped = {path.stem for path in (shipped_folder() / PROCEDURES).glob("*.yaml")}
    for path in sorted((layer.root / PROCEDURES).glob("*.yaml")):
        if path.stem not in shipped and (near := nearest(path.stem, shipped)):
            _unknown(layer, path, {f"{near}.yaml"}, problems)
    for path in _misspelt(layer):
        _unknown(layer, path, {f"{path.stem}.yaml"}, problems)


def _misspelt(layer: Layer) -> Iterator[Path]:
    for folder in (*FOLDERS, *(path.name for path in sorted(layer.root.glob("*.d")))):
        yield from sorted((layer.root / folder).glob("*.yml"))


def report_unknown_templates(layer: Layer, shipped: Iterable[str], problems: Problems) -> None:
    """A template of a name that no letter has: a misspelt folder, whose letter would stay as shipped."""
    names = set(shipped)
    folder = layer.root / TEMPLATES
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_file() and not path.name.startswith(".") and name not in names and not _is_finding(name):
            told = fault("unknown-template", name=name, near=nearest(name, names))
            problems.add(nowhere(layer.label(path)), "", told)


def _is_finding(name: str) -> bool:
    """Words for a code of the operator's own documents."""
    return name.startswith("findings/") and name.endswith(".txt")


def _unknown(layer: Layer, path: Path, known: set[str], problems: Problems) -> None:
    told = fault("unknown-file", name=path.name, near=nearest(path.name, known))
    problems.add(nowhere(layer.label(path)), "", told)
