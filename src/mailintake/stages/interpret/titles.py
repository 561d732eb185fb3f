"""Titles: a title is a line by itself at the head of a page, never a piece of a sentence that mentions a paper."""

import re
from collections.abc import Iterator

from mailintake.stages.interpret.words import Words, squash
from mailintake.stages.words.page import Page, row_text

_ROWS = 5
_LONGEST = 32
_LONGEST_TAIL = 12  # characters behind the words that name the paper
_ADDRESS_ROWS, _ADDRESS_LONGEST = 8, 40
_IN_SENTENCES = re.compile(r"[,;!?\u3002]")
_PLAIN_TAIL = re.compile(r"(?:[(\[].*|(?:no\.?|nr\.?)?[\sA-Za-z0-9.\-/]{0,20}:?)", re.IGNORECASE)


def head_lines(page: Page) -> Iterator[str]:
    """The lines above the addressee in which a title can stand: every cell, and a row whose title was set wide."""
    for number, row in enumerate(page.rows[:_ROWS]):
        if number and _is_address_end(row_text(row)):
            return
        yield from (cell.text for cell in row)
        if len(row) > 1 and len(squash(row_text(row))) <= _LONGEST // 4:
            yield squash(row_text(row))  # 公    函


def names_paper(text: str, list_: str, words: Words) -> int:
    """How many letters of a title name the paper of that list; 0 for a line that only mentions it."""
    found = words.pattern(list_).search(text)
    if found is None or len(squash(text)) > _LONGEST or _IN_SENTENCES.search(text.rstrip(":")):
        return 0
    before, tail = text[: found.start()], text[found.end() :].strip()
    if words.has("title_clause_words", before) or words.has("title_clause_words", tail):
        return 0
    if words.has("title_generic", found[0]) and squash(found[0]) in words.squashed("title_generic"):
        bare = words.pattern("title_tails").sub("", tail, count=1)
        return len(found[0]) if _PLAIN_TAIL.fullmatch(bare.strip()) else 0
    return len(found[0]) if len(squash(tail)) <= _LONGEST_TAIL else 0


def is_letter_title(text: str, words: Words) -> bool:
    """公函, 请示, 关于……的申请: the line ends with a word for letter and is no sentence. A bank has 申请书, too."""
    bare = squash(text).rstrip(":")
    return (
        bare.endswith(words.squashed("title_letter"))
        and not _IN_SENTENCES.search(bare)
        and not words.has("title_slip", bare)
    )


def addressed(page: Page, words: Words) -> bool:
    """One of the first lines addresses the letter to a foreign affairs office."""
    for row in page.rows[:_ADDRESS_ROWS]:
        text = row_text(row)
        if len(text) <= _ADDRESS_LONGEST and words.has("letter_marks", text):
            begins = squash(text).startswith(words.squashed("letter_to"))
            if begins or text.rstrip().endswith((":", ",")):
                return True
    return False


def _is_address_end(text: str) -> bool:
    """省外办：  is where the text begins; 编号：123 is not."""
    return text.rstrip().endswith(":") and len(text.rstrip()) > 2 and ":" not in text.rstrip()[:-1]
