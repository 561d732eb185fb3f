"""The hash of everything that decides what `check` says of a configuration: files, templates, variables, program."""

import hashlib
from collections.abc import Iterator, Mapping

from mailintake.config.catalogue import PREFIX
from mailintake.config.kept import DIGITS, program
from mailintake.config.layers import Layers


def key_of(layers: Layers, environ: Mapping[str, str]) -> str:
    """The hash of a configuration, its templates, the variables that count, and this program."""
    digest = hashlib.sha256()
    for piece in (*_files(layers), *_variables(environ), program().encode()):
        digest.update(len(piece).to_bytes(8, "big") + piece)
    return digest.hexdigest()[:DIGITS]


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
