"""Who signs: names in the short lines that close a text, and who sent the mail."""

import re
from collections.abc import Sequence
from dataclasses import replace

from mailintake.stages.words.name_words import NameWords
from mailintake.stages.words.names import Mention, Role

_SHORT, _MOST = 42, 9  # characters of a closing line, and how many lines a closing has
_SENTENCE = re.compile(r"[\u3002\uff0c,;!?:](?=.{4,})")
_NUMBER = re.compile(r"(?<![A-Z0-9])(?:[A-Z]{1,2}\d{7,8}|CHN\s?\d{4})")
_LISTED = re.compile(r"[:\uff1a]\s*$")


def signed(text: str, mentions: Sequence[Mention], words: NameWords) -> tuple[Mention, ...]:
    """The mentions, those that close the text as contacts: a name by itself, with its firm, title or telephone, below
    the last sentence. A list below a colon, a label, and lines with passport numbers close nothing."""
    start = _closing(text, mentions, words)
    return tuple(
        replace(m, role=Role.CONTACT, cue="signature") if m.start >= start and _signs(m, text, words) else m
        for m in mentions
    )


def _closing(text: str, mentions: Sequence[Mention], words: NameWords) -> int:
    """Where the closing lines begin; the length of the text where there are none."""
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    at = len(lines)
    kept = 0
    while at > 0 and kept < _MOST and _closes(lines[at - 1], words):
        at -= 1
        kept += bool(lines[at].strip())
    above = next((line for line in reversed(lines[:at]) if line.strip()), "")
    if not above or _LISTED.search(above):
        return len(text)
    return starts[at]


def _closes(line: str, words: NameWords) -> bool:
    bare = line.strip()
    if len(bare) > _SHORT or _NUMBER.search(bare.upper()):
        return False
    return not _SENTENCE.search(bare) or bool(words.contact_label.search(re.split(r"[:\uff1a]", bare)[0]))


def _signs(mention: Mention, text: str, words: NameWords) -> bool:
    if mention.role is Role.ASKED and words.applicant_label.search(mention.cue):
        return False
    line = text[text.rfind("\n", 0, mention.start) + 1 :].split("\n", 1)[0]
    return not words.asks.search(line.replace(mention.name, "")) or mention.role <= Role.CONTACT
