"""Answers that somebody wrote into the quotation of our letter: whatever stands there and is not ours is his.

Mail programs mark quoted lines with a sign, a frame, a colour or with nothing; our own letter is known, so no mark is
needed. Below our letter other history may follow: the first head or attribution ends the search.
"""

import re
from collections.abc import Iterator, Sequence

from mailintake.model.item_lines import answered, item_label
from mailintake.model.rules import RuleSet
from mailintake.stages.words.fold import fold

_NOT_WORDS = re.compile(r"[\W_]+")
_ENOUGH = 3  # lines of our letter in a quotation prove that it is one
_MOST_LINES = 600
_LONGEST = 300  # characters of an answer


def answers_inside(quoted: str, ours: Sequence[str], rules: RuleSet) -> str:
    """What the sender wrote into a quotation of our letter, a line each, with the item it answers in front. `ours` are
    the texts of that letter (plain and HTML). Empty where nothing was added, or the quotation is none of it."""
    whole = [_bare(text) for text in ours]
    starts = sorted(
        {bare for text in ours for line in text.split("\n") if (bare := _bare(line))}, key=len, reverse=True
    )
    found: list[str] = []
    seen, label = 0, ""
    for line in _lines(quoted):
        bare = _bare(line)
        if any(bare in text for text in whole):
            seen, label = seen + 1, item_label(line)
        elif not seen:
            continue
        elif _begins_history(line, rules):
            break
        else:
            own, added = _cut(line, starts)
            found.append(answered(item_label(own) or label, added))
            label = ""
    return "\n".join(found) if seen >= _ENOUGH else ""


def _lines(quoted: str) -> Iterator[str]:
    """Non-empty lines without the marks of a quotation."""
    for line in quoted.split("\n")[:_MOST_LINES]:
        plain = line.strip().lstrip("> |\t")
        if _bare(plain):
            yield plain[:_LONGEST]


def _cut(line: str, starts: Sequence[str]) -> tuple[str, str]:
    """(our words, words behind them) of one line; no words of ours where it does not begin as a line of ours."""
    bare = _bare(line)
    own = next((start for start in starts if len(start) > 1 and bare.startswith(start)), "")
    if not own:
        return "", line
    at = next(end for end in range(1, len(line) + 1) if len(_bare(line[:end])) >= len(own))
    return line[:at], line[at:]


def _begins_history(line: str, rules: RuleSet) -> bool:
    """The head or attribution of another mail."""
    folded = fold(line).replace(" ", "").rstrip(":")
    senders = rules.vocabulary.words("mail_quote_sender_labels")
    endings = tuple(fold(word) for word in rules.vocabulary.words("mail_quote_attribution_endings"))
    head = folded.partition(":")[0]
    return (head != folded and head in {fold(word) for word in senders}) or ("@" in line and folded.endswith(endings))


def _bare(text: str) -> str:
    return _NOT_WORDS.sub("", fold(text))
