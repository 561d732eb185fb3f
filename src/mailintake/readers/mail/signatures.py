"""Where a signature begins at the end of what a sender wrote: conservative, since names and numbers matter above it."""

import re

from mailintake.model.rules import Vocabulary
from mailintake.readers.mail.quote_marks import is_rule
from mailintake.readers.mail.text_lines import Line, Zone, all_folded, folded

_MOST_LINES = 12
_LONGEST_LINE = 60
_LONGEST_APP_LINE = 45
_DOCUMENT_NUMBER = re.compile(r"(?<![A-Za-z0-9])(?:CHN\s?\d|[A-Za-z]{1,2}\s?\d{7,8}(?!\d))")


class SignatureMarks:
    """The configured words, folded once."""

    def __init__(self, words: Vocabulary) -> None:
        self._apps = all_folded(words.words("mail_signature_starts"))
        self._contact = all_folded(words.words("mail_signature_contact_words"))
        self._matter = all_folded(words.words("mail_not_signature_words"))

    def unsigned(self, lines: list[Line]) -> list[Line]:
        """The lines, with those that only the markup takes for a signature as new ones where they hold a matter: people
        write their answer into the frame of their signature."""
        framed = [line.text for line in lines if line.zone is Zone.SIGNATURE]
        if not framed or not self._is_matter(framed):
            return lines
        return [line._replace(zone=Zone.NEW) if line.zone is Zone.SIGNATURE else line for line in lines]

    def start(self, lines: list[Line]) -> int:
        """Index of the first line of the signature; len(lines) when there is none. What the sender still says about
        his matter is none, whatever he divides it by."""
        for at in range(_first_candidate(lines), len(lines)):
            text = lines[at].text.strip()
            below = [line.text.strip() for line in lines[at + 1 :]]
            if text == "--" or (0 < len(text) <= _LONGEST_APP_LINE and folded(text).startswith(self._apps)):
                if not self._is_matter(below):
                    return at
            elif is_rule(text) and self._is_contact_block(below):
                return at
        return len(lines)

    def _is_matter(self, below: list[str]) -> bool:
        """A passport's or card's number, or words of an application without any way to reach someone."""
        block = " ".join(below)
        if _DOCUMENT_NUMBER.search(block):
            return True
        said = folded(block)
        return any(word in said for word in self._matter) and not any(word in said for word in self._contact)

    def _is_contact_block(self, below: list[str]) -> bool:
        """Short lines with a way to reach someone, and nothing that belongs to an application."""
        if any(len(text) > _LONGEST_LINE for text in below):
            return False
        block = folded(" ".join(below))
        return any(word in block for word in self._contact) and not any(word in block for word in self._matter)


def _first_candidate(lines: list[Line]) -> int:
    """The first line with few enough lines of text below it."""
    at, below = len(lines), 0
    while at > 0 and below <= _MOST_LINES:
        at -= 1
        below += bool(lines[at].text.strip())
    return at
