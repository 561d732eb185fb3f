"""Values out of PDF forms: AcroForm fields and XFA datasets, in both ways a PDF can store XFA."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeGuard

from mailintake.model.value import value
from mailintake.readers.files.xml_events import XmlRefused, walk_xml

_MOST_FIELDS, _MOST_NODES, _DEEPEST = 1000, 10_000, 20
_INHERITED, _OWN = ("/FT", "/Ff", "/V", "/DV", "/Opt"), ("/TU",)
_PUSH_BUTTON = 0x10000
_LONGEST_VALUE = 4000
_XFA_BYTES = 8 * 2**20
_LANGUAGE = re.compile("\x1b[A-Za-z]{2,6}\x1b")  # what language the text is in (7.9.2.2): no part of it
_NOT_DATA = frozenset({"config", "template", "localeSet", "xmpmeta", "connectionSet"})
Fields = tuple[tuple[str, str], ...]


@value
class FormField:
    """A field of an AcroForm: its full name, and its entries with those it inherits (ISO 32000-1, 12.7.3)."""

    name: str
    entries: Mapping[str, Any]


class _Node(NamedTuple):
    above: str  # the names of the nodes over it
    reference: Any
    inherited: dict[str, Any]
    depth: int


def form_fields(reader: Any) -> tuple[FormField, ...]:
    """Every field, in the order of the tree. Walked by ourselves: pypdf takes the bytes of a text stream for UTF-8 and
    gives up the whole file when they are not."""
    form = reader.trailer["/Root"].get("/AcroForm")
    roots = form.get_object().get("/Fields") if form is not None else None
    found: list[FormField] = []
    waiting: list[_Node] = [
        _Node("", node, {}, 0) for node in reversed(list(roots.get_object() if roots is not None else ()))
    ]
    for _ in range(_MOST_NODES):
        if not waiting or len(found) == _MOST_FIELDS:
            break
        above, reference, inherited, depth = waiting.pop()
        node = reference.get_object()
        if not hasattr(node, "get"):
            continue
        entries = inherited | {key: node[key] for key in _INHERITED if key in node}
        part = str(node["/T"]) if "/T" in node else ""
        name = ".".join(piece for piece in (above, part) if piece)
        kids = [kid for kid in node.get("/Kids") or () if _is_field(kid)] if depth < _DEEPEST else []
        waiting += [_Node(name, kid, entries, depth + 1) for kid in reversed(kids)]
        if name and not kids:
            found.append(FormField(name, entries | {key: node[key] for key in _OWN if key in node}))
    return tuple(found)


def _is_field(reference: Any) -> bool:
    """A child with a name of its own; the others are only places where the same field is shown."""
    node = reference.get_object()
    return hasattr(node, "get") and "/T" in node


def acroform_fields(fields: tuple[FormField, ...]) -> Fields:
    """(full name, value) of every field that holds data; signature and push-button fields are left out."""
    found = []
    for field in fields:
        kind = field.entries.get("/FT")
        if kind == "/Sig" or (kind == "/Btn" and int(field.entries.get("/Ff", 0)) & _PUSH_BUTTON):
            continue
        if kind is None and "/V" not in field.entries:
            continue  # a node of the tree, not a field
        found.append((field.name, _changed_value(field.entries)))
    return tuple(found)


def tool_tips(fields: tuple[FormField, ...]) -> Fields:
    """(full name, tool tip) of the fields that have one: names such as Text1 say nothing, their tips do."""
    return tuple((f.name, pdf_text_value(f.entries["/TU"].get_object())) for f in fields if f.entries.get("/TU"))


def _changed_value(field: Mapping[str, Any]) -> str:
    """The value as the user reads it; a preset default that nobody touched is no answer."""
    value = field["/V"].get_object() if "/V" in field else None
    if value is None or (value == field.get("/DV") and field.get("/FT") != "/Btn"):
        return ""
    if field.get("/FT") == "/Ch":
        return _option(value, field["/Opt"].get_object() if "/Opt" in field else None)
    text = pdf_text_value(value)
    if field.get("/FT") == "/Btn":
        text = text.removeprefix("/")
        return "" if text == "Off" else text
    return text


def _option(value: Any, options: Any) -> str:
    """Choice fields may store an export value and show another text (PDF 32000-1, 12.7.4.4)."""
    chosen = [pdf_text_value(v) for v in (value if isinstance(value, list) else [value])]
    shown = {}
    for option in options or ():
        if isinstance(option, list) and len(option) == 2:
            shown[pdf_text_value(option[0])] = pdf_text_value(option[1])
    return " ".join(shown.get(item, item) for item in chosen)


def pdf_text_value(value: Any) -> str:
    """A PDF string, or a stream that stands for one (12.7.4.3), as text. Sloppy producers write GBK or UTF-8 bytes
    where PDF wants UTF-16 (7.9.2.2)."""
    value = _streamed(value)
    raw = value if isinstance(value, bytes) else getattr(value, "original_bytes", None)
    if isinstance(raw, bytes) and not raw.startswith((b"\xfe\xff", b"\xff\xfe")) and max(raw, default=0) > 0x7F:
        for charset in ("utf-8-sig", "gb18030"):
            try:
                return raw.decode(charset).strip("\x00 \r\n")[:_LONGEST_VALUE]
            except UnicodeDecodeError:
                continue
    return _LANGUAGE.sub("", str(value)).replace("\r", "\n").strip("\x00 \n")[:_LONGEST_VALUE]


def _streamed(value: Any) -> Any:
    """The string that the bytes of a text stream are."""
    if not hasattr(value, "get_data"):
        return value
    data = bytes(value.get_data())[: 4 * _LONGEST_VALUE]
    return data.decode("utf-16", "replace") if data.startswith((b"\xfe\xff", b"\xff\xfe")) else data


def xfa_fields(pdf: Any) -> Fields | None:
    """Leaves of the datasets packet of an open pikepdf document; None: no XFA. Empty tuple: a template without data."""
    form = pdf.Root.get("/AcroForm")
    xfa = form.get("/XFA") if form is not None else None
    if xfa is None:
        return None
    try:
        data = _packets(xfa)
        return () if data is None else _leaves(data)
    except (XmlRefused, ValueError):
        return ()


def _packets(xfa: Any) -> bytes | None:
    """The XML that holds the data: the datasets packet of an array, or the whole of a single stream."""
    if not _is_array(xfa):
        return _bounded(xfa)
    parts = list(xfa)
    named = {str(parts[i]): parts[i + 1] for i in range(0, len(parts) - 1, 2)}
    return _bounded(named["datasets"]) if "datasets" in named else None


def _is_array(xfa: Any) -> TypeGuard[Any]:
    import pikepdf

    return isinstance(xfa, pikepdf.Array)


def _bounded(stream: Any) -> bytes:
    import zlib

    raw = bytes(stream.read_raw_bytes())
    if "/Filter" not in stream:
        return raw[:_XFA_BYTES]
    if stream.get("/Filter") == "/FlateDecode" and "/DecodeParms" not in stream:
        try:
            return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(raw, _XFA_BYTES)
        except zlib.error as fault:
            raise ValueError(str(fault)) from None
    return bytes(stream.read_bytes())[:_XFA_BYTES]


def _leaves(data: bytes) -> Fields:
    """Text of elements without children inside <data>, named by their path below it."""
    path: list[str] = []
    texts: list[list[str]] = []
    parents: list[bool] = []
    found: list[tuple[str, str]] = []

    def start(name: str, _attributes: dict[str, str]) -> None:
        if parents:
            parents[-1] = True
        path.append(name)
        texts.append([])
        parents.append(False)

    def end(_name: str) -> None:
        value = "".join(texts.pop()).strip()[:_LONGEST_VALUE]
        if not parents.pop() and "data" in path and not _NOT_DATA.intersection(path) and len(found) < _MOST_FIELDS:
            found.append((".".join(path[path.index("data") + 1 :]), value))
        path.pop()

    def text(piece: str) -> None:
        if texts:
            texts[-1].append(piece)

    walk_xml(data, start, end, text)
    return tuple((name, value) for name, value in found if name)
