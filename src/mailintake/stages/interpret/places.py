"""Where on its page a value stands that was read out of running text: looked for once the document has been read."""

from bisect import bisect_right
from dataclasses import replace

from mailintake.model.facts import Field, Reading
from mailintake.stages.interpret.words import squash
from mailintake.stages.words.page import Cell, Page

_SHORTEST = 2  # a single character stands anywhere
_BEGINNING = 8  # characters: what breaks over two lines is shown where it begins


class _Running:
    """The page's text without blanks, and the line of every place in it."""

    def __init__(self, page: Page) -> None:
        pieces: list[str] = []
        self.starts: list[int] = []
        self.cells = page.cells
        length = 0
        for cell in self.cells:
            self.starts.append(length)
            pieces.append(squash(cell.text))
            length += len(pieces[-1])
        self.text = "".join(pieces)

    def find(self, words: str) -> Cell | None:
        wanted = squash(words)
        if len(wanted) < _SHORTEST:
            return None
        for part in dict.fromkeys((wanted, wanted[:_BEGINNING])):
            at = self.text.find(part)
            if at >= 0:
                return self.cells[bisect_right(self.starts, at) - 1]
        return None


def with_places(reading: Reading, page: Page) -> Reading:
    """Every field that has no place yet gets the line its words stand in, where one holds them."""
    running = _Running(page)
    return replace(reading, fields=tuple(_placed(field, running) for field in reading.fields))


def _placed(field: Field, running: _Running) -> Field:
    if field.page is not None:
        return field
    cell = running.find(field.text) or running.find(field.value)
    if cell is None:
        return field
    box = cell.place_of(field.value) if field.value in cell.text else cell.place_of(field.text.strip())
    return replace(field, page=cell.page, box=box)
