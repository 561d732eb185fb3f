"""What a layer of an OFD page draws: words with their places, pictures, lines (GB/T 33190-2016, 8 and 11)."""

import math
import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from mailintake.model.facts import TextLine
from mailintake.model.value import value
from mailintake.readers.files.text_grid import reading_order
from mailintake.readers.files.xml_tree import Element

_DEEPEST, _MOST_OBJECTS = 8, 40_000
_MOST_CHARACTERS = 2000  # of one piece
_FARTHEST = 1e5  # millimetres
_ASCENT, _DESCENT = 0.86, 0.14  # of a size, above and below the base line
_SAME_LINE, _WORD_GAP, _CELL_GAP = 0.4, 0.25, 0.9  # of a size
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")
_COMMANDS = re.compile(r"([MLBQAC])|([-+]?(?:\d+\.?\d*|\.\d+))")


@value
class Affine:
    """x' = a·x + c·y + e, y' = b·x + d·y + f."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    @staticmethod
    def moved(x: float, y: float) -> "Affine":
        """A shift."""
        return Affine(e=x, f=y)

    def after(self, inner: "Affine") -> "Affine":
        """`inner` first, then this one."""
        return Affine(
            self.a * inner.a + self.c * inner.b,
            self.b * inner.a + self.d * inner.b,
            self.a * inner.c + self.c * inner.d,
            self.b * inner.c + self.d * inner.d,
            self.a * inner.e + self.c * inner.f + self.e,
            self.b * inner.e + self.d * inner.f + self.f,
        )

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a point comes to lie."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    @property
    def scale(self) -> float:
        """How much larger things become."""
        return math.sqrt(abs(self.a * self.d - self.b * self.c)) or 1.0


@value
class Run:
    """Words on a base line; millimetres from the upper left corner of the page."""

    text: str
    x: float
    y: float
    size: float
    width: float


@value
class Picture:
    """A picture resource and the rectangle it fills."""

    resource: str
    left: float
    top: float
    width: float
    height: float


@value
class Stroke:
    """A line of a drawing, point by point."""

    points: tuple[tuple[float, float], ...]


class _Drawing:
    def __init__(self, units: dict[str, Element]) -> None:
        self.units, self.left = units, _MOST_OBJECTS

    def walk(self, holder: Element, space: Affine, depth: int) -> Iterator[Run | Picture | Stroke]:
        for each in holder.children:
            self.left -= 1
            if self.left < 0 or depth > _DEEPEST:
                return
            placed = space.after(_space(each))
            if each.name == "TextObject":
                yield from _runs(each, placed)
            elif each.name == "ImageObject":
                yield from _picture(each, space)
            elif each.name == "PathObject":
                yield from _strokes(each, placed)
            elif each.name == "PageBlock":
                yield from self.walk(each, space, depth + 1)
            elif each.name == "CompositeObject":
                unit = self.units.get(each.attributes.get("ResourceID", ""))
                content = unit.first("Content") if unit is not None else None
                if content is not None:
                    yield from self.walk(content, placed, depth + 1)


def drawn(layer: Element, space: Affine, units: dict[str, Element]) -> Iterator[Run | Picture | Stroke]:
    """Everything a layer draws, in its order; composite units inside each other only so deep and so often."""
    return _Drawing(units).walk(layer, space, 0)


def numbers(text: str) -> tuple[float, ...]:
    """The numbers of an attribute such as a box; none where one is beyond every page."""
    found = tuple(float(each) for each in _NUMBER.findall(text[:_MOST_CHARACTERS]))
    return found if all(abs(each) <= _FARTHEST for each in found) else ()


def _space(each: Element) -> Affine:
    """From the object's own coordinates to those around it: its matrix, then the corner of its boundary."""
    box, matrix = numbers(each.attributes.get("Boundary", "")), numbers(each.attributes.get("CTM", ""))
    inner = Affine(*matrix) if len(matrix) == 6 else Affine()
    return Affine.moved(*box[:2]).after(inner) if len(box) == 4 else inner


def _runs(each: Element, space: Affine) -> Iterator[Run]:
    size = next(iter(numbers(each.attributes.get("Size", ""))), 3.5)
    x = y = 0.0
    for code in each.all("TextCode"):
        text = "".join(" " if unicodedata.category(c) == "Cc" else c for c in code.text[:_MOST_CHARACTERS])
        x = next(iter(numbers(code.attributes.get("X", ""))), x)
        y = next(iter(numbers(code.attributes.get("Y", ""))), y)
        if text.strip():
            left, base = space.at(x, y)
            width = _advance(text, _deltas(code.attributes.get("DeltaX", "")), size) * math.hypot(space.a, space.b)
            yield Run(text, left, base, size * space.scale, width)


def _deltas(text: str) -> list[float]:
    """Advances between characters; `g 3 5` stands for three times five (11.3)."""
    found: list[float] = []
    parts = iter(text.split()[:_MOST_CHARACTERS])
    for part in parts:
        if part == "g":
            times, step = next(parts, "0"), next(parts, "0")
            repeated = int(times) if times.isdecimal() else 0
            found += list(numbers(step)) * min(repeated, _MOST_CHARACTERS)
        else:
            found += numbers(part)[:1]
    return found[:_MOST_CHARACTERS]


def _advance(text: str, deltas: list[float], size: float) -> float:
    own = [size if unicodedata.east_asian_width(c) in "WF" else size / 2 for c in text]
    return sum(deltas[i] if i < len(deltas) and i < len(text) - 1 else own[i] for i in range(len(text)))


def _picture(each: Element, space: Affine) -> Iterator[Picture]:
    box = numbers(each.attributes.get("Boundary", ""))
    resource = each.attributes.get("ResourceID", "")
    if len(box) == 4 and resource:
        left, top = space.at(box[0], box[1])
        right, bottom = space.at(box[0] + box[2], box[1] + box[3])
        yield Picture(resource, min(left, right), min(top, bottom), abs(right - left), abs(bottom - top))


def _strokes(each: Element, space: Affine) -> Iterator[Stroke]:
    """Straight and bent lines alike from point to point: enough to see a table."""
    data = each.said("AbbreviatedData")[:20_000]
    points: list[tuple[float, float]] = []
    pending: list[float] = []
    for command, number in _COMMANDS.findall(data):
        if command:
            pending = []
            if command == "M" and len(points) > 1:
                yield Stroke(tuple(points))
            points = [] if command == "M" else [*points, *points[:1]] if command == "C" else points
        else:
            pending.append(float(number))
            if len(pending) == 2:
                points.append(space.at(*pending))
                pending = []
    if len(points) > 1:
        yield Stroke(tuple(points))


def lines_of(runs: tuple[Run, ...], page: int, scale: float) -> list[TextLine]:
    """Runs as lines with boxes, `scale` units to the millimetre. Producers put down every character by itself: what
    stands side by side is one line, what stands apart is another cell."""
    pieces: list[list[Run]] = []
    for run in sorted(dict.fromkeys(runs), key=lambda r: (round(r.y, 1), r.x)):
        last = pieces[-1][-1] if pieces else None
        if last is not None and _same_line(last, run) and run.x - (last.x + last.width) <= _CELL_GAP * run.size:
            pieces[-1].append(run)
        else:
            pieces.append([run])
    return reading_order([_line(piece, page, scale) for piece in pieces])


def _same_line(one: Run, other: Run) -> bool:
    return abs(one.y - other.y) <= _SAME_LINE * min(one.size, other.size) and other.x >= one.x


def _line(piece: list[Run], page: int, scale: float) -> TextLine:
    text = piece[0].text
    for before, run in pairwise(piece):
        apart = run.x - (before.x + before.width) > _WORD_GAP * run.size
        text += (" " if apart else "") + run.text
    top = min(run.y - _ASCENT * run.size for run in piece)
    bottom = max(run.y + _DESCENT * run.size for run in piece)
    right = max(run.x + run.width for run in piece)
    box = round(piece[0].x * scale), round(top * scale), round(right * scale), round(bottom * scale)
    return TextLine(" ".join(text.split()), page, box, at=box)
