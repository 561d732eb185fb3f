"""Regular expressions of operators: are they sound, and do they stay quick on a text made to slow them down?

Mail is text of strangers, and Python's matcher goes back and forth: (a|a)*b needs 2**n steps on n letters a, a*a*b
needs n**2. Such a pattern is refused when the configuration is read (CWE-1333), by its shape where that is enough,
else by running it on growing texts of its own words until it has proved to be quick or slow.
"""

import re
import time
from collections.abc import Iterator

from mailintake.config.proven import Proven

_NESTED = re.compile(r"\([^()]*[+*}][^()]*\)\??[+*{]")  # a repeat around a group that repeats inside
_RISKY = re.compile(r"\)[*+{]|[*+].*[*+]|\{\d*,\}.*[*+]", re.DOTALL)  # repeated groups, or two repeats without end
_WORDS = re.compile(r"[^\W\d_]+|\d+|[^\w\\()\[\]{}|?*+^$]")
_GROWING = (*range(8, 40, 2), *range(64, 512, 64), 1024, 4096)  # small steps first: 2**n must be seen before it hurts
_LONGEST_SECONDS = 0.02  # of the processor, on 4,096 characters or fewer: a whole mail is ten times as long
_PACE_SECONDS = 0.00026  # what _PACE takes on the machine on which that limit was set
# Work as slow patterns do it, runs taken again from every place: where it lies in memory halves its pace.
_PACE = re.compile(r"\s*:"), " " * 512
_TRIES, _LOOKS = 3, 10
_FAR = 3  # times the limit: no moment of a machine explains that
_STRANGE = "\x00"  # no pattern of ours ends in it, so that every way to match is tried


def fault_of(pattern: str) -> tuple[str, str]:
    """(code of templates/messages/config.txt, detail) of what is wrong with a pattern; two empty texts if nothing."""
    try:
        compiled = re.compile(pattern)
    except re.error as bad:
        return "bad-pattern", str(bad)
    if _NESTED.search(pattern):
        return "nested-pattern", ""
    slow = _RISKY.search(pattern) and any(_is_slow(compiled, word) for word in _words(pattern))
    return ("slow-pattern", "") if slow else ("", "")


def proved(pattern: str, proven: Proven) -> tuple[str, str]:
    """The same; a pattern that was found sound before is not tried again."""
    if proven.holds("pattern", pattern):
        return "", ""
    code, detail = fault_of(pattern)
    if not code:
        proven.add("pattern", pattern)
    return code, detail


def _words(pattern: str) -> Iterator[str]:
    """Whatever stands in the pattern as it is, and what classes like [a-z] and [^x] take."""
    yield from dict.fromkeys((*_WORDS.findall(pattern), *pattern.replace("\\", ""), "a", "0", " "))


def _is_slow(compiled: re.Pattern[str], word: str) -> bool:
    texts = (word * (length // len(word) + 1) + _STRANGE for length in _GROWING)
    return any(_is_over(compiled, text) for text in texts)


def _is_over(compiled: re.Pattern[str], text: str) -> bool:
    """Over the limit by the pace of the very moment, as others come to the machine and go: by far, or, near to it, each
    time that it is looked at."""
    for _ in range(_LOOKS):
        seconds = _seconds(compiled, text, _LONGEST_SECONDS)
        if seconds <= _LONGEST_SECONDS or seconds <= (limit := _LONGEST_SECONDS * _pace()):
            return False
        if seconds > _FAR * limit:
            return True
    return True


def _pace() -> float:
    """How much slower than the machine of the limit this one is; never less than 1. A slow or busy machine refuses no
    pattern that another one takes: a pattern that is slow by its nature is over the limit by far."""
    return max(1.0, _seconds(*_PACE, 0.0) / _PACE_SECONDS)


def _seconds(compiled: re.Pattern[str], text: str, enough: float) -> float:
    """The shortest of some measurements; one is enough where it is quick: at any time something else may be tidied up
    meanwhile."""
    measured = []
    for _ in range(_TRIES):
        started = time.process_time()
        for _hit in compiled.finditer(text):
            pass
        measured.append(time.process_time() - started)
        if measured[-1] <= enough:
            break
    return min(measured)
