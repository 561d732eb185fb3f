"""XML as a stream of events that refuses every document type: no entities, hence no entity bombs (XXE included)."""

import re
from collections.abc import Callable
from xml.parsers import expat

_DECLARED = re.compile(rb"\s*<\?xml[^>]*encoding=[\"'](?:gb2312|gbk|gb18030|cp936)[\"'][^>]*\?>", re.IGNORECASE)
Start = Callable[[str, dict[str, str]], None]


class XmlRefused(ValueError):
    """The XML declares a document type or is not well formed."""


def walk_xml(data: bytes, start: Start, end: Callable[[str], None], text: Callable[[str], None]) -> None:
    """Call back for every element and text; names are local, without prefix. XmlRefused where it is not plain XML."""
    data = _in_utf8(data)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: start(_local(name), _locals(attributes))
    parser.EndElementHandler = lambda name: end(_local(name))
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as fault:
        raise XmlRefused(str(fault)) from None


def _in_utf8(data: bytes) -> bytes:
    """Chinese producers declare GB2312 or GBK, which expat does not know; GB18030 holds both."""
    declared = _DECLARED.match(data[:200])
    if declared is None:
        return data
    return b'<?xml version="1.0"?>' + data[declared.end() :].decode("gb18030", "replace").encode()


def _refuse(*_: object) -> None:
    raise XmlRefused("document type declared")


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _locals(attributes: dict[str, str]) -> dict[str, str]:
    return {_local(name): value for name, value in attributes.items()}
