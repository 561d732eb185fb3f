"""XML as a small tree: local names, attributes, text; bounded, without document types."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from mailintake.readers.files.xml_events import XmlRefused, walk_xml

_MOST_NODES, _DEEPEST = 200_000, 60


@dataclass
class Element:
    """One element; `text` is what stands in it outside of its children."""

    name: str
    attributes: dict[str, str]
    children: list["Element"] = field(default_factory=list)
    text: str = ""

    def all(self, name: str) -> Iterator["Element"]:
        """Direct children of that name."""
        return (child for child in self.children if child.name == name)

    def first(self, *path: str) -> "Element | None":
        """The first child of the first name, in it the first of the second …; None where one is not there."""
        found: Element | None = self
        for name in path:
            found = next(found.all(name), None) if found is not None else None
        return found

    def every(self, *path: str) -> Iterator["Element"]:
        """All descendants along a path of names: every Page of every Pages."""
        if not path:
            yield self
            return
        for child in self.all(path[0]):
            yield from child.every(*path[1:])

    def said(self, *path: str) -> str:
        """Text of that descendant, or nothing."""
        found = self.first(*path)
        return found.text.strip() if found is not None else ""


def tree(data: bytes) -> Element:
    """The root element. XmlRefused where it is no plain XML or beyond every measure."""
    root = Element("", {})
    path, count = [root], 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > _MOST_NODES or len(path) > _DEEPEST:
            raise XmlRefused("too large")
        made = Element(name, attributes)
        path[-1].children.append(made)
        path.append(made)

    def end(_name: str) -> None:
        path.pop()

    def text(piece: str) -> None:
        path[-1].text += piece

    walk_xml(data, start, end, text)
    if not root.children:
        raise XmlRefused("empty")
    return root.children[0]
