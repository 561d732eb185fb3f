"""Does a mail say that it is one of several: 第1封，共4封, (2/3), 分三封发, the rest in the next mail?"""

import re
from collections.abc import Iterator
from functools import lru_cache

from mailintake.model.rules import RuleSet, Vocabulary
from mailintake.model.series import Part
from mailintake.stages.words.fold import fold
from mailintake.stages.words.matching import word_pattern
from mailintake.stages.words.own_words import OwnWords
from mailintake.stages.words.text_facts import numeral

_SENTENCE = re.compile(r"[!?;\n\u3002]")
_MOST = 20  # parts; a larger number counts something else
_TEXT = 4000  # characters looked at


def part_of(words: OwnWords, rules: RuleSet) -> Part | None:
    """The part a mail says it is, or None. The subject counts before the text: a text speaks of other parts, too."""
    vocabulary = rules.vocabulary
    subject, text = fold(words.subject), fold(words.text[:_TEXT])
    last = any(word_pattern(vocabulary.words("series_last")).search(place) for place in (subject, text))
    said = [*_parts(subject, "series_subject_patterns", vocabulary)]
    said += [part for place in (subject, text) for part in _parts(place, "series_part_patterns", vocabulary)]
    announced = [part for place in (subject, text) for part in _parts(place, "series_announced_patterns", vocabulary)]
    if not said and not announced:
        return None
    of = next((part.of for part in (*said, *announced) if part.of), 0)
    number = next((part.number for part in said if part.number), 0)
    return Part(number, of if number <= (of or number) else 0, last)


def _parts(text: str, patterns: str, vocabulary: Vocabulary) -> Iterator[Part]:
    """Every hit whose sentence does not take it back."""
    refused = word_pattern(vocabulary.words("series_not"))
    digits = "".join((*vocabulary.words("numerals"), *vocabulary.words("numeral_two")))
    for sentence in _SENTENCE.split(text):
        if refused.search(sentence):
            continue
        for pattern in _compiled(vocabulary.words(patterns), digits):
            for hit in pattern.finditer(sentence):
                groups = hit.groupdict()
                number, of = (numeral(groups.get(name) or "", vocabulary) for name in ("n", "of"))
                if 0 < of < number:
                    number, of = of, number  # (3-1): of three the first
                if number <= _MOST and of <= _MOST and of != 1:
                    yield Part(number, of)


@lru_cache(maxsize=8)
def _compiled(patterns: tuple[str, ...], digits: str) -> tuple[re.Pattern[str], ...]:
    """A # in a pattern stands for a number, in digits or in characters."""
    number = rf"(?:[0-9]{{1,2}}|[{digits}]{{1,3}})"
    return tuple(re.compile(pattern.replace("#", number)) for pattern in patterns)
