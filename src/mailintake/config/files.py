"""Which files make up a configuration, and their content hash."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from mailintake.config.problems import NOWHERE, Problems, suggestion, words
from mailintake.config.resource import Folder, candidates, folders_of, layered_files, resource
from mailintake.config.yaml_source import Source

SETTINGS = "mailintake.yaml"
REQUIRED = ("documents.yaml", "fees.yaml", "office.yaml", "prohibitions.yaml", "calendar.yaml", "policy.yaml")
OPTIONAL = ("classification.yaml", "screening.yaml")  # an absent file is an empty list
FOLDERS = ("procedures", "words")
_VERSION_DIGITS = 12
_SUFFIXES = (".yaml", ".yml")


def settings_path(folder: Path | None) -> Path | None:
    """The mailintake.yaml that counts."""
    return next((place for place in candidates(f"config/{SETTINGS}", folder) if place.is_file()), None)


def label_of(relative: str, path: Path, folder: Folder) -> str:
    """How messages name a file: as the operator finds it, or `config/…` for a shipped one."""
    if any(path.is_relative_to(own) for own in folders_of(folder)):
        return str(path)
    return f"config/{relative}"


def open_rules(folder: Folder, problems: Problems) -> dict[str, Source]:
    """Every rule file by its name relative to the configuration; faults of writing are reported."""
    paths = {name: resource(f"config/{name}", folder) for name in REQUIRED}
    for name in OPTIONAL:
        found = next((place for place in candidates(f"config/{name}", folder) if place.is_file()), None)
        if found is not None:
            paths[name] = found
    for sub in FOLDERS:
        paths |= {f"{sub}/{name}": path for name, path in layered_files(f"config/{sub}", folder).items()}
    return {name: Source(label_of(name, path, folder), path, problems) for name, path in paths.items()}


def version_of(sources: Mapping[str, Source]) -> str:
    """Short content hash of all rule files; line ends of Windows editors make no difference."""
    digest = hashlib.sha256()
    for name in sorted(sources):
        raw = sources[name].raw.replace(b"\r\n", b"\n")
        digest.update(f"{name}\0{len(raw)}\0".encode() + raw)
    return digest.hexdigest()[:_VERSION_DIGITS]


def report_unknown_files(folder: Path, problems: Problems, *, only_rules: bool = False) -> None:
    """A YAML file that nothing reads is a spelling mistake that would go unnoticed."""
    known = {*REQUIRED, *OPTIONAL} if only_rules else {SETTINGS, *REQUIRED, *OPTIONAL}
    for path in sorted(folder.iterdir()):
        if path.suffix in _SUFFIXES and path.name not in known:
            _report(path, known, problems)
    for sub in FOLDERS:
        for path in sorted((folder / sub).glob("*.yml")):
            _report(path, {path.stem + ".yaml"}, problems)


def _report(path: Path, known: set[str], problems: Problems) -> None:
    message = words("unknown_file", name=path.name, suggestion=suggestion(path.name, known))
    problems.add(str(path), NOWHERE, "", message)
