"""Which names of a text rest on more than their sound: what words may also make where they meet is somebody only where
the text shows a person.

Theory. Many characters that begin a name begin words as well, and where two words meet (任海外销售总监) they may seem
to hold one. What is said beside it cannot tell: it would be said of anybody. So a name that is hardly likelier
than words by its characters alone needs a place that is a person's: a label, his number, a polite title, a list with
others, a request that names him and nothing else, or a second place with other words around it.
"""

import re
from collections.abc import Sequence

from mailintake.stages.words.name_words import NameWords, is_han
from mailintake.stages.words.spans import Span

_LIKELY = 3.5  # a name by its characters alone
_SPEECH = -1.0  # a surname that is a word of speech, by the characters behind it
_HARDLY, _COMMON = -4.0, -12.0  # one against which they speak; the share of a common word, as a logarithm
_TWO, _LONGEST = 2, 3  # characters of a short name; of one with one surname
_REACH, _LIST_REACH = 24, 40  # characters that are looked at around a name; between two of a list
_SEPARATORS = " \t:-_.\u2014\u2026=\"'()[]<>\u3010\u3011\u300a\u300b\u201c\u201d#*|+\u2022\u00b7\n"
_ALONE = re.compile(r"[\u4e00\u4e8c\u4e24\u4e09]?[\u4eba\u4f4d\u529e\u7b49]")  # "one person", "apply" behind a name
_GOES_ON = re.compile(r"\d|[\u90a3\u8fd9]\u8fb9")  # a day, "over there" behind a name
_PAPER = re.compile(r"\u62a4\u7167|\u5361|\u7167\u7247|\u7b7e\u540d")  # passport, card, photo, signature
_REMARK = re.compile(r"\A\s*\([^()\n]{1,24}\)")  # right behind a name
_NUMBER = re.compile(
    r"[\s:(,|/]*(?P<label>[\u3400-\u9fff]{0,8})[\s:(,|/]*(?:(?:NO|No|no)\.?[\s:]*)?(?:[A-Z]{1,3}\s?\d{4,}|(?:\+?86)?[\s-]*1\d{10})"
)


def unfounded(text: str, spans: Sequence[Span], words: NameWords) -> frozenset[str]:
    """The names among the spans that nothing shows to be somebody's."""
    places: dict[str, list[Span]] = {}
    for span in spans:
        places.setdefault(text[span.start : span.end], []).append(span)
    doubted = {name for name, found in places.items() if all(_is_doubted(name, span, words) for span in found)}
    sure = [span for name, found in places.items() if name not in doubted for span in found]
    return frozenset(name for name in doubted if not _is_shown(text, name, places[name], sure, words))


def _is_doubted(name: str, span: Span, words: NameWords) -> bool:
    """Would its characters be read as words if nothing stood around them?"""
    two_surnames = len(name) > _LONGEST or name[:2] in words.lexicon.compound
    return span.worded >= _TWO and span.bare < _LIKELY and not two_surnames


def _is_shown(text: str, name: str, spans: Sequence[Span], sure: Sequence[Span], words: NameWords) -> bool:
    """Is it at one of its places where only a person stands, or, no word itself, at two with other words around it?"""
    is_word = (words.lexicon.words.get(name) or _COMMON - 1) > _COMMON
    for span in spans:
        if _is_persons(text, span, words, is_word=is_word) or any(_beside(text, span, other, words) for other in sure):
            return True
        if _is_subject(text, span, words, is_word=is_word):
            return True
    fronts = {text[span.start - 1 : span.start] for span in spans}
    ends = {text[span.end : span.end + 1] for span in spans}
    return len(fronts) > 1 and len(ends) > 1 and not is_word


def _beside(text: str, span: Span, other: Span, words: NameWords) -> bool:
    """Are the two in one list?"""
    first, second = (span, other) if span.start < other.start else (other, span)
    return second.start - first.end < _LIST_REACH and in_one_list(text[first.end : second.start], words)


def _is_persons(text: str, span: Span, words: NameWords, *, is_word: bool) -> bool:
    """Is this a place where only a person stands: behind a label, before a number or a polite title, or where something
    is asked for whoever stands there? What begins with a word, or is one, needs more than a short verb behind it."""
    front, behind = text[max(0, span.start - _REACH) : span.start], text[span.end : span.end + _REACH]
    bare = front.rstrip(_SEPARATORS)
    if words.applicant_label.search(bare) or words.contact_label.search(bare):
        return True
    if behind.startswith(words.polite) or _is_numbered(behind, words):
        return True
    stops = not behind or not is_han(behind[0])
    if not is_word and stops and (words.asks_before.search(bare) or not front or not is_han(front[-1])):
        return True
    if (
        not is_word
        and _ALONE.match(behind)
        and any(p.search(bare) for p in (words.asks_before, words.for_word, words.ours))
    ):
        return True
    title = words.title_behind.match(behind)
    said = behind[title.end() :] if title is not None else behind
    if words.asks.match(said):
        return _may_begin(front, words)
    told = words.spoken_after.match(said)
    begins = span.end - span.start > _TWO and words.lexicon.words.get(text[span.start : span.start + _TWO]) is not None
    worded = is_word or begins
    if told is not None and _PAPER.search(told.group()):
        return _may_begin(front, words)
    shown = told is not None and (not worded or (span.bare > _HARDLY and (begins or len(told.group()) > 1)))
    return shown and _may_begin(front, words)


def _may_begin(front: str, words: NameWords) -> bool:
    """May a name begin here: at a stop, behind "for", "our", a title or what is asked?"""
    if not front or not is_han(front[-1]):
        return True
    fronts = (words.for_word, words.ours, words.title_before, words.asks_before)
    return any(pattern.search(front) for pattern in fronts)


def _is_subject(text: str, span: Span, words: NameWords, *, is_word: bool) -> bool:
    """Does a sentence about somebody begin here, or stands he behind his post? A short word behind it shows little."""
    front, behind = text[max(0, span.start - _REACH) : span.start], text[span.end : span.end + _REACH]
    if text[span.start] in words.function_surnames and (front[-1:].strip() or span.bare < _SPEECH):
        return False
    told = words.subject_after.match(behind)
    if front and is_han(front[-1]):
        if words.ours.search(front) and told is not None and len(told.group()) > 1:
            return True  # our X has left: of nothing but a person
        post = words.title_before.search(front)
        return post is not None and len(post.group()) > 1 and not is_word
    if told is None:
        return not is_word and _GOES_ON.match(behind) is not None
    given = not is_word and words.lexicon.words.get(text[span.start + 1 : span.end]) is not None  # a word alone
    return given or len(told.group()) > 1


def _is_numbered(behind: str, words: NameWords) -> bool:
    """Does his number stand behind, with nothing but its label between?"""
    found = _NUMBER.match(behind)
    if found is None:
        return False
    label = found["label"]
    return not label or any(part in words.value_labels for part in (label, label[1:], label[2:], label[:-1]))


def in_one_list(between: str, words: NameWords) -> bool:
    """Does nothing but a joiner stand between two names, and a department, title or remark in brackets perhaps?"""
    bare = words.title_before.sub("", _REMARK.sub("", between))
    behind = words.title_behind.match(bare)
    rest = bare[behind.end() :] if behind is not None else bare
    return bool(between) and any(words.joiners.fullmatch(text) for text in (between, bare, rest))
