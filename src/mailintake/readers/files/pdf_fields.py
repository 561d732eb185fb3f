"""Values out of PDF forms: AcroForm fields and XFA datasets, in both ways a PDF can store XFA."""

from typing import Any, TypeGuard

from mailintake.readers.files.xml_events import XmlRefused, walk_xml

_MOST_FIELDS = 1000
_LONGEST_VALUE = 4000
_XFA_BYTES = 8 * 2**20
_NOT_DATA = frozenset({"config", "template", "localeSet", "xmpmeta", "connectionSet"})
Fields = tuple[tuple[str, str], ...]


def acroform_fields(reader: Any) -> Fields:
    """(full name, value) of every field that holds data; signature and push-button fields are left out."""
    found = []
    for name, field in list((reader.get_fields() or {}).items())[:_MOST_FIELDS]:
        kind = field.get("/FT")
        if kind == "/Sig" or (kind == "/Btn" and int(field.get("/Ff", 0)) & 0x10000):
            continue
        if kind is None and "/V" not in field:
            continue  # a node of the tree, not a field
        found.append((str(name), _changed_value(field)))
    return tuple(found)


def tool_tips(reader: Any) -> Fields:
    """(full name, tool tip) of the fields that have one: names such as Text1 say nothing, their tips do."""
    fields = list((reader.get_fields() or {}).items())[:_MOST_FIELDS]
    return tuple((str(name), pdf_text_value(field["/TU"])) for name, field in fields if field.get("/TU"))


def _changed_value(field: Any) -> str:
    """The value as the user reads it; a preset default that nobody touched is no answer."""
    value = field.get("/V")
    if value is None or (value == field.get("/DV") and field.get("/FT") != "/Btn"):
        return ""
    if field.get("/FT") == "/Ch":
        return _option(value, field.get("/Opt"))
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
    """A PDF string as text. Sloppy producers write GBK or UTF-8 bytes where PDF wants UTF-16 (7.9.2.2)."""
    raw = value if isinstance(value, bytes) else getattr(value, "original_bytes", None)
    if isinstance(raw, bytes) and not raw.startswith((b"\xfe\xff", b"\xff\xfe")) and max(raw, default=0) > 0x7F:
        for charset in ("utf-8-sig", "gb18030"):
            try:
                return raw.decode(charset).strip("\x00 \r\n")[:_LONGEST_VALUE]
            except UnicodeDecodeError:
                continue
    return str(value).replace("\r", "\n").strip("\x00 \n")[:_LONGEST_VALUE]


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
