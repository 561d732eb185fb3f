"""Configurations that were found good before, by the hash of everything that decides it: checking them again is quick.

What is kept is only the verdict, as plain JSON in a folder of this account alone; the hash covers every file, the
variables, and the program itself, so that no other version's verdict is ever believed.
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from mailintake.config.environment import PREFIX
from mailintake.config.layers import Layers
from mailintake.config.resource import PACKAGE

_OTHERS = 0o022
_DIGITS = 40


def key_of(layers: Layers, environ: Mapping[str, str]) -> str:
    """The hash of a configuration, its templates, the variables that count, and this program."""
    digest = hashlib.sha256()
    for piece in (*_files(layers), *_variables(environ), *_program()):
        digest.update(len(piece).to_bytes(8, "big") + piece)
    return digest.hexdigest()[:_DIGITS]


def templates_key(layers: Layers) -> str:
    """The hash of the templates alone: whether they can be written depends on no other file."""
    digest = hashlib.sha256(b"templates")
    for piece in (*_templates(layers), *_program()):
        digest.update(len(piece).to_bytes(8, "big") + piece)
    return digest.hexdigest()[:_DIGITS]


def _templates(layers: Layers) -> Iterator[bytes]:
    for name, path in layers.template_files.items():
        yield f"{name} {path}".encode()
        yield path.read_bytes()


def _files(layers: Layers) -> Iterator[bytes]:
    for name, parts in layers.parts.items():
        for part in parts:
            yield f"{name} {part.layer} {part.file.label}".encode()
            yield part.raw
    for name, path in layers.template_files.items():
        yield name.encode()
        yield path.read_bytes()
    for layer in layers.layers:
        yield "\n".join(sorted(str(path) for path in layer.root.rglob("*") if layer.own)).encode()


def _variables(environ: Mapping[str, str]) -> Iterator[bytes]:
    for name in sorted(environ):
        if name.startswith(PREFIX):
            yield f"{name}={environ[name]}".encode()


def _program() -> Iterator[bytes]:
    """Every source file by name, size and time; a checkout changes without a new version number."""
    yield sys.version.encode()
    for path in sorted(PACKAGE.rglob("*.py")):
        told = path.stat()
        yield f"{path} {told.st_size} {told.st_mtime_ns}".encode()


def recall(key: str) -> dict[str, Any] | None:
    """What was kept under that key, or None."""
    path = _folder() / f"{key}.json"
    with suppress(OSError, ValueError):
        told = path.stat()
        if told.st_uid == os.geteuid() and not told.st_mode & _OTHERS:
            kept = json.loads(path.read_text("utf-8"))
            return kept if isinstance(kept, dict) else None
    return None


def remember(key: str, kept: Mapping[str, Any]) -> None:
    """Keep it; where nothing can be written, the next check is slow again."""
    folder = _folder()
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        scratch = folder / f"{key}.{os.getpid()}"
        scratch.write_text(json.dumps(kept), "utf-8")
        scratch.chmod(0o600)
        scratch.replace(folder / f"{key}.json")


def _folder() -> Path:
    told = os.environ.get("CACHE_DIRECTORY") or os.environ.get("XDG_CACHE_HOME")
    return Path(told or Path.home() / ".cache") / "mailintake"
