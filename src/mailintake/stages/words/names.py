"""Personal names in running text, and what the words around each say of the person: does he apply, sign, or only occur?

Where a name stands is weighed (`spans`). What is said of it is read off its own sentence: a label or an introduction in
front, a title or a verb behind, a request in which it is the last name spoken.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import IntEnum
from functools import lru_cache

from mailintake.model.value import value
from mailintake.stages.words.dates import number_in_words
from mailintake.stages.words.fold import simplify
from mailintake.stages.words.founded import in_one_list, unfounded
from mailintake.stages.words.name_words import (
    NameWords,
    is_han,
    is_labelling,
    is_name,
    is_placed,
    is_titled,
    name_words,
)
from mailintake.stages.words.sentence import begin_of, end_of
from mailintake.stages.words.spans import Span, find_spans

__all__ = ["Mention", "NameWords", "Role", "find_names", "in_one_list", "is_name", "name_words"]

_MAX_TEXT = 20_000
_NO_NAME, _SHORT_CUE = -30.0, 2.0
_FUNCTION, _SHOWN = -9.0, 3.0  # words of speech that could be a name need a label or a title beside them
_AND = re.compile(r"\u548c")
_TAKES_OFFICE = re.compile(r"\u4efb\Z")  # before a job: 顾琳任副总
_APPOINTED, _APPOINTS = (
    re.compile(r"\u4e3a\Z"),
    re.compile(r"\u4efb\u547d|\u8058|\u63d0\u62d4|\u63d0\u5347"),
)  # made … to be
_OFFICE_REACH = 14  # characters behind "takes office as" in which the office stands
_OF_A_FIRM = -6.0  # firm and trade run together: 隆岳家居
_INDUSTRY = re.compile(  # what stands before it is what is dealt in: 凌海钛业; no business, no spare time, no owner
    r"\u4e1a(?![\u52a1\u4f59\u5185\u7ee9\u4e3b\u754c\u5df2\u7ecf\u8005])"
)
_JOINER, _NOTHING_JOINED = re.compile(r"[\u548c\u4e0e\u53ca]"), -3.0
_LISTED = re.compile(r"[\u548c\u3001\u4e0e\u53ca]")  # what joins the members of a list
_FAINT = 0.8  # hardly a name at all, and none for standing in a list
_BY_ITSELF, _CLEAR = 4.5, 1.5  # what a name that stands by itself gains; when it is one everywhere
_SHORT_NAME, _MOST_NAME = 2, 6  # characters of a short name; of a name and the bracket behind it
_HEADING_REACH = 20  # lines of a list below the line that says what it is of
_FRONT, _BEHIND = 40, 60  # characters that are looked at around a name
_SEPARATORS = " \t:-_.\u2014\u2026=\"'()[]<>\u3010\u3011\u300a\u300b\u201c\u201d#*|+\u2022\u00b7"
_ITEM = re.compile(
    r"(?:[(\u3010]?(?<!\d)\d{1,2}[.)\u3011\u3001:]?"
    r"|[\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341]{1,2}\u3001)\s*\Z"
)
_ORDINAL = re.compile(r"(?<=\u4eba)[\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341\d]{1,2}\Z")  # 申请人一
_SURNAME_SAID = re.compile(r"\u59d3(?:\u662f)?\Z")
_PARTICLE = re.compile(r"[\u54c8\u561b\u54e6\u5440\u54df\u5594\u5566\u5457]")
_STOP = re.compile(r"[\u3002!?;\n]")
_PAUSE = re.compile(r"[,:]|(?<=[\u3400-\u9fff\d])\s+(?=[\u3400-\u9fff])")  # or a blank in its place
_OWNS = re.compile(r"\u7684[\u3400-\u9fff]")  # the possessive particle with a thing
_CLAUSE = re.compile(r"[\u3002!?;\n,:]")
_TOGETHER = re.compile(
    r"[,\u3002]\s*(?:\u8fd9|\u4ee5\u4e0a|\u4e0a\u8ff0)?([\u4e8c\u4e24\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341]|[2-9])(?:\u4e2a?\u4eba|\u4f4d|\u540d)"
)  # …, three people
_ALL = re.compile(
    r"[,:][^,]{0,8}(?:\u90fd|\u5747|\u4e00\u8d77|\u4e00\u5757|\u4e00\u5e76|\u4e00\u540c)"
)  # all, together
_LABEL = re.compile(
    r"(?:^|[^\u3400-\u9fff])(?![\u4e00\u4e8c\u4e24\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341\u51e0]+\u4eba)([\u3400-\u9fff]{1,9}[\u4eba\u8005\u5458])\s*:\s*\Z"
)  # somebody's part, no count of people
_BY = re.compile(r"(?:\u7531(?!\u4e8e)|\u968f(?!\u7740))[^\u3002,;!?\n]{0,8}\Z")  # by, along with
_PHONE = re.compile(r"[\s:(,]*(?:\+?86)?[\s-]*(?:1\d{10}|0\d{2,3}-?\d{7,8})(?!\d)")
_NUMBER = re.compile(r"[^\u3002!?;]{0,10}?(?<![A-Z0-9])(?:[A-Z]{1,2}\d{7,8}|[A-Z]{3}\s?\d{4})")
_GLOSS = re.compile(
    r"[\u97f3\u8bfb\u5ff5\u4f5c]\s?[:\"'\u201c]?\s?[^\W\d_A-Z\u3400-\u9fff]"
)  # how a surname is read, in letters
_IN_BRACKETS = re.compile(r"\([^()\d]{0,6}?(?<![A-Z0-9])(?:[EGDSPH][A-Z]?\d{7,8})(?!\d)")  # 某某(护照E12345678


class Role(IntEnum):
    """What the words around a name say of the person, from the quietest to the loudest."""

    OTHER = 0  # decides, sends, accompanies, went before: somebody else
    CONTACT = 1  # signs the mail or is to be called
    NAMED = 2  # a name, nothing more
    SPOKEN = 3  # the text is about this person
    ASKED = 4  # something is asked for him


@value
class Mention:
    """One name at one place of a text. `margin`: how much likelier than words it is there."""

    name: str
    start: int
    end: int
    role: Role
    cue: str = ""
    margin: float = 99.0


def find_names(text: str, words: NameWords, known: Sequence[str] = ()) -> tuple[Mention, ...]:
    """Every name in the text, in order, each place once; neighbours in a list share the loudest role. A `known` name is
    one wherever it stands, unless the text shows a longer one."""
    # a name that is known twice would seem to stand beside itself
    return _found(simplify(text)[:_MAX_TEXT], words, tuple(dict.fromkeys(known)))


@lru_cache(maxsize=32)
def _found(plain: str, words: NameWords, known: tuple[str, ...]) -> tuple[Mention, ...]:
    """A mail's own words are looked at several times, with the same names known."""
    around = _Around(plain, words)
    spans = tuple(find_spans(plain, words.lexicon, around, known))
    if never := unfounded(plain, spans, words) - set(known):
        around = _Around(plain, words, never)
        spans = tuple(find_spans(plain, words.lexicon, around, known))
    margins = {plain[span.start : span.end]: span.margin for span in sorted(spans, key=lambda s: s.margin)}
    clear = {name for name, margin in margins.items() if margin > _CLEAR}
    if clear - set(known):  # what is clearly a name at one place is one everywhere
        spans = tuple(_as_first(s, plain, margins) for s in find_spans(plain, words.lexicon, around, (*known, *clear)))
    headed = frozenset(_under_headings(plain, spans, words))
    mentions = [_mention(plain, spans, i, words, headed) for i in range(len(spans))]
    return tuple(_spread(plain, list(_all_asked(plain, mentions)), words))


def _all_asked(text: str, found: Sequence[Mention]) -> Iterator[Mention]:
    """What a sentence asks at its end for as many people as it speaks of ("… retired, … left, the cards of the two are
    to be cancelled") is asked for each of them."""
    for mention in found:
        together = mention.role is Role.SPOKEN and _asked_together(text, mention, found)
        yield replace(mention, role=Role.ASKED) if together else mention


def _asked_together(text: str, mention: Mention, found: Sequence[Mention]) -> bool:
    begin, end = begin_of(text, mention.start), end_of(text, mention.end)
    together = [m for m in found if begin <= m.start < end and m.role >= Role.SPOKEN]
    if together[-1].role is not Role.ASKED:
        return False
    counted = _TOGETHER.search(text, together[-1].end, end)
    if counted is None:
        return _ALL.search(text, together[-1].end, end) is not None
    return number_in_words(counted[1]) == len({m.name for m in together})


def _as_first(span: Span, text: str, margins: Mapping[str, float]) -> Span:
    """With the margin it had before it was held to be a name everywhere."""
    return replace(span, margin=margins.get(text[span.start : span.end], span.margin))


def _within(titles: Iterable[tuple[int, int]]) -> dict[int, int]:
    """The places inside a title, each with the latest at which such a title begins."""
    found: dict[int, int] = {}
    for at, end in titles:
        for place in range(at + 1, end):
            found[place] = max(at, found.get(place, 0))
    return found


def _places(titles: Sequence[str], text: str) -> Iterator[tuple[int, int]]:
    """Where titles stand, and where they end."""
    for title in titles:
        at = text.find(title)
        while at >= 0:
            yield at, at + len(title)
            at = text.find(title, at + 1)


class _Around:
    """What stands around a place says of a name there, in the scale of logarithms."""

    def __init__(self, text: str, words: NameWords, never: frozenset[str] = frozenset()) -> None:
        self._text, self._words, self._never = text, words, never
        self._left: dict[int, tuple[float, bool]] = {}
        self._right: dict[int, tuple[float, bool]] = {}
        longest = dict(sorted(_places(words.titles, text)))  # the title 会计师 is none of 会计 that ends in it
        titles = tuple(longest.items())
        self._within_titles, self._behind_titles = _within(titles), frozenset(end for _, end in titles)

    def front(self, start: int) -> float:
        """What stands in front alone."""
        if start not in self._left:
            self._left[start] = self._before(start)
        return self._left[start][0]

    def __call__(self, start: int, end: int) -> float:
        """Both sides, and whether the name stands by itself between them."""
        self.front(start)
        if end not in self._right:
            self._right[end] = self._behind(end)
        text = self._text[start:end]
        if text in self._never or self._words.village.fullmatch(self._text, start, end + 1):
            return _NO_NAME
        if is_titled(text, self._words) or is_placed(text, self._words) or is_labelling(text, self._words):
            return _NO_NAME
        if self._is_made(start):
            return _NO_NAME
        if self._cuts_a_title(start, end) or self._says_surname(start, text) or self._glosses(start, end):
            return _NO_NAME
        (before, opens), (behind, closes) = self._left[start], self._right[end]
        if self._joins(start) or (self._is_speech(text) and before < _SHOWN and not self._addressed(end)):
            return before + behind + _FUNCTION
        if self._runs_on(text, end):
            return before + behind + _FUNCTION
        if self._cuts_a_trade(start, end):
            return before + behind + _OF_A_FIRM
        return before + behind + (_BY_ITSELF if opens and closes else 0.0)

    def _is_made(self, start: int) -> bool:
        """Is this one more thing that the firm makes, behind another: 做鹿茸片和…?"""
        joined = start > 0 and _LISTED.match(self._text, start - 1)
        return bool(joined and self._words.deals_in.search(self._text, max(0, start - _FRONT), start))

    def _runs_on(self, text: str, end: int) -> bool:
        """Does the last character of a name begin what is said next: takes office as …, since last year?"""
        if self._words.runs_on.match(self._text, end - 1):
            return True
        appointed = _APPOINTED.search(text) and _APPOINTS.search(self._text, max(0, end - _FRONT), end)
        if len(text) == _SHORT_NAME or not (_TAKES_OFFICE.search(text) or appointed):
            return False
        clause = _CLAUSE.split(self._text[end : end + _OFFICE_REACH], maxsplit=1)[0]
        return self._words.title_behind.search(clause) is not None

    def _cuts_a_title(self, start: int, end: int) -> bool:
        """Does the name begin with the end of a title (engi|neer X), or end within one: the first two characters of a
        surname and a title of two?"""
        return self._within_titles.get(end, start) > start or (
            start in self._within_titles and start not in self._behind_titles
        )

    def _says_surname(self, start: int, text: str) -> bool:
        """Is this a surname that is said to be one, with a particle: my surname is 申屠哈?"""
        alone = text[:-1] in self._words.lexicon.compound and bool(_PARTICLE.match(text[-1]))
        return alone and bool(_SURNAME_SAID.search(self._text[max(0, start - 3) : start]))

    def _glosses(self, start: int, end: int) -> bool:
        """Is this a surname and how it is read, in a remark behind the name that has it: 仉明远(仉音zhang)?"""
        remark = self._text[start - 1 : start] in ("(", ",")
        again = self._text[start] in self._text[max(0, start - _MOST_NAME) : start]
        return remark and again and bool(_GLOSS.match(self._text, end - 1))

    def _cuts_a_trade(self, start: int, end: int) -> bool:
        """Does the name begin or end within what a firm deals in: 东野农机, 隆岳家居林慧?"""
        words = self._words
        if _INDUSTRY.match(self._text, end):
            return True
        return bool(words.trade_behind.match(self._text, end - 1)) or (
            start > 1 and is_han(self._text[start - 2]) and self._text[start - 1 : start + 1] in words.trades
        )

    def _joins(self, start: int) -> bool:
        """Does the "and" of a list stand here, behind another word?"""
        return start > 0 and bool(_AND.match(self._text, start)) and is_han(self._text[start - 1])

    def _is_speech(self, text: str) -> bool:
        """Do these characters go on with the talk rather than name somebody: 那先?"""
        return text[0] in self._words.function_surnames and text[1] in self._words.function_given

    def _addressed(self, end: int) -> bool:
        """Does a title or a number behind show that what stands before it is a person?"""
        words, behind = self._words, self._text[end : end + 24]
        shown = words.title_behind.match(behind) or behind.startswith(words.polite)
        return bool(shown or _IN_BRACKETS.match(behind) or _PHONE.match(behind))

    def _before(self, start: int) -> tuple[float, bool]:
        """How much what stands in front helps, and whether a name may begin by itself here."""
        words, front = self._words, self._text[max(0, start - 24) : start]
        bare = _bare(front)
        if words.applicant_label.search(bare) or words.contact_label.search(bare):
            return (7.0, False) if bare != front else (4.0, False)
        if front and front[-1].isdigit():
            return 0.0, False
        joined = front[:-1] if _JOINER.match(front[-1:]) else front
        if joined != front and (not joined or not is_han(joined[-1])):
            return 1.5, True
        if not front or not is_han(front[-1]):
            labelled = words.other_label.search(bare) or _LABEL.search(front) or words.asks_before.search(bare)
            return (4.0 if labelled else 1.5), True
        for pattern, weight in (
            (words.title_before, 3.0),
            (words.for_word, 2.0),
            (words.kin, 2.0),
            (words.ours, 2.25),
            (words.asks_before, 1.5),
            (words.other_before, 1.5),
        ):
            if pattern.search(front):
                return weight, False
        return 0.0, False

    def _behind(self, end: int) -> tuple[float, bool]:
        """How much what stands behind helps, and whether the name or what is said of it ends by itself there."""
        words, behind = self._words, self._text[end : end + 24]
        stopped = not behind or not is_han(behind[0])
        if _IN_BRACKETS.match(behind):
            return 8.0, True
        if _PHONE.match(behind) or _NUMBER.match(behind):
            return (3.0, stopped) if stopped else (1.5, False)
        if stopped:
            return 1.5, False
        if behind.startswith(words.polite):
            return 7.0, False
        if words.trade_behind.match(behind):
            return _OF_A_FIRM, False
        joins = _JOINER.match(behind) and not words.runs_on.match(behind)
        if joins and not words.surname.match(behind, 1) and not words.title_behind.match(behind, 1):
            return _NOTHING_JOINED, False  # the joiner may be the name's last character
        for pattern, weight in (
            (words.title_behind, 5.0),
            (words.address_title, 3.0),
            (words.spoken_after, 4.5),
            (words.asks, 3.0),
            (words.subject_after, 5.5),
            (words.other_after, 2.0),
        ):
            if found := pattern.match(behind):
                rest = behind[found.end() : found.end() + 1]
                telling = pattern in (words.spoken_after, words.asks) and not words.vague.match(behind)
                short = pattern is words.subject_after and found.end() == 1
                return (_SHORT_CUE if short else weight), telling and found.end() > 1 and (not rest or not is_han(rest))
        return 0.0, False


def _bare(front: str) -> str:
    """What stands in front without the number of an item and stops."""
    return _ITEM.sub("", front).rstrip(_SEPARATORS)


def _under_headings(text: str, spans: Sequence[Span], words: NameWords) -> Iterator[int]:
    """Where the names of a list begin that stands, a line each, below a line that asks for something: 以下人员新办:"""
    first = {_line_of(text, span.start): span for span in reversed(spans) if _begins_line(text, span.start)}
    heading, end = False, -1
    for start, line in _lines(text):
        if span := first.get(start):
            if heading:
                yield span.start
        elif line.strip():
            heading, end = _is_heading(line.strip(), words), start
        elif end >= 0 and text.count("\n", end, start) > _HEADING_REACH:
            heading = False


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Each line with its place."""
    start = 0
    for line in text.split("\n"):
        yield start, line
        start += len(line) + 1


def _line_of(text: str, place: int) -> int:
    return text.rfind("\n", 0, place) + 1


def _begins_line(text: str, place: int) -> bool:
    """Does nothing but the number of an item stand before this place in its line?"""
    return not _bare(text[_line_of(text, place) : place])


def _is_heading(line: str, words: NameWords) -> bool:
    """Does the line end in a colon, ask for something, and say neither who is to be called nor what is done already?"""
    bare = line.rstrip(": ")
    if not line.endswith(":") or _STOP.search(bare) or any(pattern.search(bare) for pattern in words.done):
        return False
    others = words.contact_label.search(bare) or words.other_label.search(bare) or _BY.search(bare)
    return others is None and words.asks.search(bare) is not None


def _mention(text: str, spans: Sequence[Span], i: int, words: NameWords, headed: frozenset[int]) -> Mention:
    span = spans[i]
    if span.start in headed:
        return Mention(text[span.start : span.end], span.start, span.end, Role.ASKED, "list", span.margin)
    last = spans[i - 1].end if i else 0
    following = spans[i + 1].start if i + 1 < len(spans) else len(text)
    role, cue = _role(text, span, last, following, words)
    return Mention(text[span.start : span.end], span.start, span.end, role, cue, span.margin)


def _role(text: str, span: Span, last: int, following: int, words: NameWords) -> tuple[Role, str]:
    front = _STOP.split(text[max(0, span.start - _FRONT) : span.start])[-1]
    behind = _STOP.split(text[span.end : span.end + _BEHIND], maxsplit=1)[0]
    for judge in (_by_label, _by_succession, _by_other, _by_request):
        found = judge(_Sentence(text, span, front, behind, last, following), words)
        if found is not None:
            return found
    return Role.NAMED, ""


@value
class _Sentence:
    """A name in its sentence."""

    text: str
    span: Span
    front: str
    behind: str
    last: int  # where the name before ends
    following: int  # where the next name begins

    @property
    def clause(self) -> str:
        """The clause that holds the name."""
        here = _CLAUSE.split(self.front)[-1]
        return f"{here}|{_CLAUSE.split(self.behind, maxsplit=1)[0]}"

    @property
    def own(self) -> str:
        """What is said behind the name before another name comes."""
        return self.behind[: max(0, self.following - self.span.end)]


def _by_label(said: _Sentence, words: NameWords) -> tuple[Role, str] | None:
    """A label in front, a telephone behind, or an introduction."""
    raw = said.text[max(0, said.span.start - 24) : said.span.start]
    bare = _ORDINAL.sub("", _bare(raw))
    stopped = bare != raw or not bare
    if (found := words.contact_label.search(_bare(_untitled(bare, words)))) and (stopped or len(found.group()) > 2):
        return Role.CONTACT, found.group()
    before = words.other_before.search(bare)
    if (found := words.applicant_label.search(bare)) and (before is None or len(before.group()) <= len(found.group())):
        return Role.ASKED, found.group()
    if stopped and raw.rstrip().endswith(":") and (found := words.other_label.search(bare) or words.kin.search(bare)):
        return Role.OTHER, found.group()
    if (found := _LABEL.search(raw)) and not words.asks.search(found[1]):
        return Role.OTHER, found[1]
    if found := _PHONE.match(said.behind):
        asked = words.asks.match(said.behind[found.end() :].lstrip(_SEPARATORS + ","))
        return (Role.ASKED, asked.group()) if asked else (Role.CONTACT, "phone")
    if found := words.contact_after.match(said.behind.lstrip(_SEPARATORS)):
        return Role.CONTACT, found.group()
    return _introduced(said, words)


def _introduced(said: _Sentence, words: NameWords) -> tuple[Role, str] | None:
    clause = _PAUSE.split(said.front)[-1].strip()
    found = words.introduces.match(clause)
    if found is None or said.last > said.span.start - len(clause):
        return None
    return Role.CONTACT, found.group()


def _by_succession(said: _Sentence, words: NameWords) -> tuple[Role, str] | None:
    """Who takes the place of somebody named right behind, where the sentence asks for a card."""
    found = words.succeeds.match(said.behind)
    if found is None or said.following != said.span.end + found.end() or _BY.search(said.front):
        return None
    asked = words.successor_asks.search(said.behind.lower())
    return (Role.ASKED, asked.group()) if asked is not None else None


def _by_other(said: _Sentence, words: NameWords) -> tuple[Role, str] | None:
    """A title by which others are addressed, kin, a verb of others, or a matter that is done."""
    behind = said.behind
    if (found := words.address_title.match(behind)) and not words.lexicon.word(behind[:2]):
        return Role.OTHER, found.group()
    if title := words.title_behind.match(behind):
        behind = behind[title.end() :]
    if not words.for_word.search(said.front) and (found := words.other_after.match(behind)):
        return Role.OTHER, found.group()
    front = _untitled(said.front.rstrip(" \"'(\u201c"), words)
    joined = said.last and said.text[said.last : said.span.start] == said.front[-1:]
    if _relative_asked(said, front, words):
        return None
    if not joined and (found := words.kin.search(front) or words.other_before.search(front) or _BY.search(front)):
        return Role.OTHER, found.group()
    for pattern in words.done:
        if found := pattern.search(said.clause):
            return Role.OTHER, found.group()
    return None


def _relative_asked(said: _Sentence, front: str, words: NameWords) -> bool:
    """Somebody's wife or son for whom the same clause asks, or the next one if it begins so."""
    if not words.kin.search(front) or any(pattern.search(said.clause) for pattern in words.done):
        return False
    here, *rest = re.split(r"[,:]", said.own, maxsplit=1)
    return bool(words.asks.search(here) or (rest and words.asks.match(rest[0].lstrip())))


def _untitled(front: str, words: NameWords) -> str:
    """What stands in front without titles, departments and "our"."""
    while stripped := (words.title_before.search(front) or words.ours.search(front)):
        labelled = words.contact_label.search(front)
        if labelled is not None and len(labelled.group()) < len(stripped.group()):
            labelled = None  # who runs a project is nobody's contact
        if words.kin.search(front) or words.other_before.search(front) or labelled:
            break
        front = front[: stripped.start()]
    return front


def _by_request(said: _Sentence, words: NameWords) -> tuple[Role, str] | None:
    """Something is asked for the person, or at least said of him."""
    bare = _bare(said.front)
    if found := words.asks_before.search(bare):
        return Role.ASKED, found.group()
    if found := words.asks.search(_CLAUSE.split(said.own, maxsplit=1)[0] if _is_owner(said, words) else said.own):
        return Role.ASKED, found.group()
    if found := words.for_word.search(bare):
        return Role.SPOKEN, found.group()
    if found := words.spoken_after.match(said.behind.lstrip(_SEPARATORS)):
        return Role.SPOKEN, found.group()
    if found := words.ours.search(bare):
        return Role.SPOKEN, found.group()
    return None


def _is_owner(said: _Sentence, words: NameWords) -> bool:
    """Is the sentence about something that is his, or comes from there, and that is no paper: 唐山的矿?"""
    return _OWNS.match(said.behind) is not None and words.spoken_after.match(said.behind) is None


def _spread(text: str, found: list[Mention], words: NameWords) -> Iterator[Mention]:
    """In an enumeration every member is what one member is known to be."""
    group: list[Mention] = []
    for mention in found:
        between = text[group[-1].end : mention.start] if group else ""
        if group and (not in_one_list(between, words) or _is_labelled(between, words)):
            yield from _levelled(group)
            group = []
        group.append(mention)
    yield from _levelled(group)


def _is_labelled(between: str, words: NameWords) -> bool:
    """Does a label of its own stand before the second of two: contact X, applicant Y?"""
    return words.applicant_label.search(between) is not None or words.contact_label.search(between) is not None


def _levelled(group: list[Mention]) -> Iterator[Mention]:
    loudest = max((m.role for m in group), default=Role.NAMED)
    quiet = min((m.role for m in group), default=Role.NAMED)
    role = quiet if loudest <= Role.NAMED else loudest
    cue = next((m.cue for m in group if m.role is role), "")
    most = max((m.margin for m in group), default=0.0)  # a list is one: what shows a member to be a name shows all
    for mention in group:
        margin = most if mention.margin > _FAINT else mention.margin
        if mention.role in (Role.NAMED, Role.SPOKEN) or role is Role.ASKED:
            yield Mention(mention.name, mention.start, mention.end, role, cue, margin)
        else:
            yield mention
