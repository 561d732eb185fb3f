"""How long a letter may be: nobody reads a page about one photo.

Counted are the characters of all lines without blanks. A letter that is too long is rendered again with fewer words:
several files of a kind as a number first, then without the company and other words, the names of files last: by them
the reader knows what came. The papers of the window and their place are told in whole and not counted: the first notice
has to be full.
"""

from collections.abc import Iterable

from mailintake.letters.page import Line, Mark
from mailintake.model.letter import LetterKind, LetterView
from mailintake.model.question import Language

BRIEFER = (0, 1, 2, 3, 4, 5, 6)  # what templates get as `brief`: 0 says everything, 6 only what must be said
_PLAIN = 600  # acknowledgements, and letters that ask for nothing
_BASE, _ITEM = 300, 120  # letters that ask
_NOTE = 40  # a paper that came and of which a finding is told neutrally; what is asked or stated besides
_MATTER = 200  # each further matter of one letter
_OWN_HEADING = 10  # characters in front of what staff add
_LATIN = 2  # English words are longer than Chinese ones
_ANSWER = 400  # an enquiry's answer, beside one sheet
_FURTHER = 150  # each further question of a mail, where no sheet stands below
_ASKING = frozenset(
    {
        LetterKind.CORRECTION,
        LetterKind.TOLERATED,
        LetterKind.PAYMENT_REMINDER,
        LetterKind.REMINDER,
        LetterKind.OVERDUE,
        LetterKind.UNREADABLE,
        LetterKind.PROGRESS,
    }
)


def limit(view: LetterView) -> int:
    """Characters that the letter may have, in English twice as many; an enquiry's without the sheet. What staff add in
    their own words is not counted."""
    own = len(view.result_text) + _OWN_HEADING if view.result_text else 0
    return _characters(view) * (_LATIN if view.language is Language.EN else 1) + own


def _characters(view: LetterView) -> int:
    noted = sum(1 for matter in view.matters for one in matter.by_staff if one.codes)
    more = _MATTER * max(0, len(view.matters) - 1) + _NOTE * (noted + _heard(view))
    if view.kind is LetterKind.PROCEDURE_SHEET:
        asked = len(view.guide.asked) if view.guide and not view.sheets else 1
        return _ANSWER + _FURTHER * max(0, asked - 1)
    if view.kind in _ASKING:
        files = max(0, len(view.unreadable) + len(view.cloud_files))
        return _BASE + _ITEM * (_demands(view) + files) + more
    return _PLAIN + more


def _heard(view: LetterView) -> int:
    """What the mail asks or states besides, and the letter answers."""
    asked = len(view.guide.asked) if view.guide else 0
    return asked + sum(len(matter.heard) + len(matter.obstacles) for matter in view.matters)


def size(lines: Iterable[Line]) -> int:
    """Characters of the lines without blanks; what is handed in at the window, and where, is not counted."""
    return sum(len("".join(line.text.split())) for line in lines if line.mark is not Mark.WINDOW)


def fits(view: LetterView, lines: tuple[Line, ...]) -> bool:
    """Is the letter short enough? A sheet's lines (headed by the first heading) are not counted."""
    if view.kind is LetterKind.PROCEDURE_SHEET:
        return size(without_sheet(lines)) <= limit(view)
    return size(lines) <= limit(view)


def without_sheet(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines of an answer before and behind its sheet: a sheet goes from its heading to the small print."""
    start = next((at for at, line in enumerate(lines) if line.mark is Mark.HEADING), len(lines))
    return (*lines[:start], *(line for line in lines[start:] if line.mark is Mark.SMALL))


def _demands(view: LetterView) -> int:
    """What is asked: a numbered line, and each further file that is faulty in its own way."""
    return sum(max(1, len(item.came)) for matter in view.matters for item in matter.todo)
