"""Names of persons and companies in running text."""

import re

from mailintake.stages.interpret.words import Words
from mailintake.stages.words.names import is_name

_HAN = r"[\u3400-\u9fff\u00b7]"
_BRACKETED = re.compile(r"\([^()]{1,20}\)")


def plain_name(text: str, words: Words) -> str:
    """The text when it is a person's name and nothing else: a surname with one or two characters, or a longer name
    with its middle dot."""
    text = "".join(text.split())
    if "\u00b7" in text:
        return text if re.fullmatch(rf"{_HAN}{{3,12}}", text) else ""
    return text if is_name(text, words.names, bounded=True) else ""


def company_at_start(text: str, words: Words) -> str:
    """The company name a text opens with; short references such as "our company" are none."""
    folded = text.strip(" \t:;,.。，")
    name = r"[\u3400-\u9fffA-Za-z0-9()&·\-]{2,40}?"
    found = re.match(name + words.pattern("company_ends").pattern, folded)
    if found is None or len(_BRACKETED.sub("", found[0])) < 6 or folded.startswith(words.words("company_lead_ins")):
        return ""
    longest = _greedy_end(folded, found, words)
    return folded[:longest]


def _greedy_end(text: str, found: re.Match[str], words: Words) -> int:
    """A branch or a second ending directly behind belongs to the name: 某某有限公司大连分公司."""
    another = rf"[\u3400-\u9fff]{{0,8}}{words.pattern('company_ends').pattern}(?=$|[\s,，。;()])"
    more = re.match(another, text[found.end() :])
    return found.end() + (more.end() if more else 0)
