"""Files inside other files that stand for them or beside them: PDF portfolios and attachments, pictures pasted into a
web page, a uuencoded file."""

import zlib
from collections.abc import Iterator
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

from mailintake.readers.files.archive import ArchiveRefusedError, Entry
from mailintake.readers.mail.pasted import Extraction, Found
from mailintake.readers.port import Limits

_MOST_FILES, _DEEPEST = 300, 20
_CHUNK = 1 << 20


def is_portfolio(file: Path) -> bool:
    """Is the PDF only a folder for other files (ISO 32000-1, 12.3.5)? Its one page says so and nothing else."""
    import pikepdf

    try:
        with pikepdf.open(file) as pdf:
            return "/Collection" in pdf.Root
    except Exception:  # pikepdf raises whatever the file provokes
        return False


def entries_pdf(file: Path, limits: Limits) -> Iterator[Entry]:
    """Embedded files of a PDF in the order of its name tree; each unpacked within `limits.file_bytes`."""
    import pikepdf

    with pikepdf.open(file) as pdf:
        names = pdf.Root.get("/Names")
        tree = names.get("/EmbeddedFiles") if names is not None else None
        for number, specification in enumerate(_leaves(tree, 0) if tree is not None else (), 1):
            if number > _MOST_FILES:
                raise ArchiveRefusedError("archive.too_large", "entries")
            streams = specification.get("/EF")
            stream = streams.get("/UF", streams.get("/F")) if streams is not None else None
            if stream is None:
                continue
            name = str(specification.get("/UF", specification.get("/F", ""))).lstrip("\ufeff") or f"file-{number}"
            data = _unpacked(stream, limits.file_bytes)
            yield Entry(name, len(data), partial(BytesIO, data))


def _leaves(node: Any, depth: int) -> Iterator[Any]:
    """File specifications of a name tree (7.9.6)."""
    pairs = node.get("/Names")
    items = list(pairs)[: 2 * _MOST_FILES + 2] if pairs is not None else []
    yield from (items[i] for i in range(1, len(items), 2))
    kids = node.get("/Kids")
    for kid in list(kids)[:_MOST_FILES] if kids is not None and depth < _DEEPEST else ():
        yield from _leaves(kid, depth + 1)


def _unpacked(stream: Any, most: int) -> bytes:
    """The bytes of a stream; a bomb is met while it unpacks, not when it has."""
    raw = bytes(stream.read_raw_bytes())
    if "/Filter" not in stream:
        return raw
    plain = stream.get("/Filter") in ("/FlateDecode", ["/FlateDecode"]) and "/DecodeParms" not in stream
    if not plain:
        data = bytes(stream.read_bytes())
        if len(data) > most:
            raise ArchiveRefusedError("archive.too_large", "member")
        return data
    inflating, made = zlib.decompressobj(zlib.MAX_WBITS | 32), bytearray()
    rest = raw
    while rest and not inflating.eof:
        made += inflating.decompress(rest, _CHUNK)
        rest = inflating.unconsumed_tail
        if len(made) > most:
            raise ArchiveRefusedError("archive.too_large", "member")
    return bytes(made)


def entries_uu(file: Path, _out: Path) -> Iterator[Entry]:
    """The files of a uuencoded text."""
    inside = Extraction(1 << 30)
    with file.open("rb") as stream:
        for _ in inside.plain(iter(partial(stream.read, _CHUNK), b"")):
            pass
    for number, found in enumerate(inside.files, 1):
        yield Entry(found.name or f"file-{number}", len(found.data), partial(BytesIO, found.data))


def pasted_in_page(file: Path, limits: Limits) -> list[Found]:
    """Pictures that stand in an HTML file itself."""
    inside = Extraction(limits.file_bytes)
    with file.open("rb") as stream:
        for _ in inside.html(iter(partial(stream.read, _CHUNK), b"")):
            pass
    return inside.files
