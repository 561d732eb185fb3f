"""Where personal names stand in running text: the likeliest way to cut each run of characters into words and names.

Every way to cut a run is weighed (Viterbi): words by their share in the dictionary, names by surname and given name,
helped or hindered by what stands around them. So 盖章的公函 holds a stamp and no Mr Gai, while 申请人：盖章 holds one,
and 袁立群集团总部 is cut behind 群 because of what follows, not because of a list.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from mailintake.model.value import value
from mailintake.stages.words.lexicon import Lexicon

_RUN = re.compile(r"[\u3400-\u9fff\u00b7]+")
_DOT = "\u00b7"
_PIECE = 120  # characters weighed at once; nobody writes that many without a stop
_LONGEST_WORD = 6
_LONGEST_PART = 7  # characters of one part of a name with a dot
_PRIOR = -4.2  # how seldom a piece of a mail is a name: one in some sixty
_DOTTED, _INSIDE = 10.0, -8.0
_TWO = 2
_WORD_WITHIN, _RARE, _SELDOM = -8.0, -11.5, -14.0
_LOOSE_DOT = -30.0
_MOST_AROUND = 8.0
_NOWHERE = -1e9


class Around(Protocol):
    """What stands around a place says of a name there, in the scale of logarithms."""

    def __call__(self, start: int, end: int) -> float:
        """For a name at text[start:end]."""

    def front(self, start: int) -> float:
        """What stands in front alone."""


@value
class Span:
    """A name at a place. `margin`: by how much the text without it would be less likely, as a natural logarithm;
    `bare`: the same by its characters alone, whatever stands around it; `worded`: how many of its characters longer
    words would take then."""

    start: int
    end: int
    margin: float
    bare: float = 99.0
    worded: int = 0


@value
class _Piece:
    """One way to take the characters behind a place: to where, how likely, as a name or not."""

    start: int
    end: int
    share: float
    named: bool


def find_spans(text: str, lexicon: Lexicon, around: Around, known: Sequence[str] = ()) -> Iterator[Span]:
    """Every name in the text, in order. `known` names are names wherever they stand and nothing longer does."""
    for run in _RUN.finditer(text):
        for start in range(run.start(), run.end(), _PIECE):
            yield from _cut(text, start, min(start + _PIECE, run.end()), lexicon, around, known)


def _cut(text: str, start: int, end: int, lexicon: Lexicon, around: Around, known: Sequence[str]) -> Iterator[Span]:
    pieces = [_pieces(text, at, end, lexicon, around, known) for at in range(start, end)]
    best, path = _likeliest(pieces, start, end)
    for piece in path:
        if piece.named:
            less, words = _likeliest([[p for p in row if p is not piece] for row in pieces], start, end)
            helped = around(piece.start, piece.end) if text[piece.start : piece.end] not in known else -99.0
            yield Span(piece.start, piece.end, best - less, best - less - helped, _worded(piece, words))


def _worded(name: _Piece, path: Sequence[_Piece]) -> int:
    """How many characters of a name belong to longer words in another way through; none where that has a name there."""
    there = [piece for piece in path if piece.start < name.end and piece.end > name.start]
    if any(piece.named for piece in there):
        return 0
    longer = (piece for piece in there if piece.end - piece.start > 1)
    return sum(min(piece.end, name.end) - max(piece.start, name.start) for piece in longer)


def _likeliest(pieces: Sequence[Sequence[_Piece]], start: int, end: int) -> tuple[float, list[_Piece]]:
    """(logarithm of its share, pieces in order) of the best way through."""
    reached: list[tuple[float, _Piece | None]] = [(0.0, None), *[(_NOWHERE, None)] * (end - start)]
    for row in pieces:
        for piece in row:
            so_far = reached[piece.start - start][0] + piece.share
            if so_far > reached[piece.end - start][0]:
                reached[piece.end - start] = (so_far, piece)
    path: list[_Piece] = []
    at = end
    while at > start:
        last = reached[at - start][1]
        if last is None:
            return _NOWHERE, []
        path.append(last)
        at = last.start
    return reached[-1][0], path[::-1]


def _pieces(text: str, at: int, end: int, lexicon: Lexicon, around: Around, known: Sequence[str]) -> list[_Piece]:
    if text[at] == _DOT:
        return [_Piece(at, at + 1, _LOOSE_DOT, False)]
    made = []
    for stop in range(at + 1, min(end, at + _LONGEST_WORD) + 1):
        word = text[at:stop]
        share = lexicon.word(word)
        if share is not None:
            made.append(_Piece(at, stop, share, False))
        name = lexicon.name(word) if 2 <= len(word) <= 4 and word not in known else None
        if name is not None:
            made.append(_Piece(at, stop, _PRIOR + name + around(at, stop), True))
    borne = [_Piece(at, at + len(name), 0.0, True) for name in known if text.startswith(name, at, end)]
    return [*made, *borne, *_with_dot(text, at, end, lexicon, around)]


def _with_dot(text: str, at: int, end: int, lexicon: Lexicon, around: Around) -> Iterator[_Piece]:
    """Names of two or three parts with dots between."""
    dot = text.find(_DOT, at, min(end, at + _LONGEST_PART + 1))
    if dot <= at:
        return
    further = text.find(_DOT, dot + 1, min(end, dot + _LONGEST_PART + 2))
    last = further if further > dot + 1 else dot
    for stop in range(last + 2, min(end, last + 1 + _LONGEST_PART) + 1):
        if text[stop - 1] == _DOT:
            return
        share = _DOTTED + lexicon.transliterated(text[at:stop].replace(_DOT, "")) + _with_words(text[at:stop], lexicon)
        split = _splits(text, at, lexicon)
        inside = 0.0 if around.front(at) and not split else _INSIDE  # its beginning would stand in front
        yield _Piece(at, stop, share + inside + min(around(at, stop), _MOST_AROUND), True)


def _splits(text: str, at: int, lexicon: Lexicon) -> bool:
    """Would a name that begins here take the end off a word in front of it (我方) that is not part of another
    one as well (报上 and 上古)?"""
    if not at or (lexicon.words.get(text[at - 1 : at + 1]) or _NOWHERE) <= _SELDOM:
        return False
    return at < _TWO or lexicon.words.get(text[at - _TWO : at]) is None


def _with_words(name: str, lexicon: Lexicon) -> float:
    """A common word at the front or the end of a name with dots stands before or behind the name."""
    ends = (name[:2], name[1:3], name[-2:])
    return _WORD_WITHIN if any((lexicon.words.get(pair) or _RARE) > _RARE for pair in ends) else 0.0
