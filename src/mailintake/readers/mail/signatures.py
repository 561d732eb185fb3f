"""Where a signature begins at the end of what a sender wrote: conservative, since names and numbers matter above it."""

from mailintake.model.rules import Vocabulary
from mailintake.readers.mail.quote_marks import is_rule
from mailintake.readers.mail.text_lines import Line

_MOST_LINES = 12
_LONGEST_LINE = 60
_LONGEST_APP_LINE = 45


class SignatureMarks:
    """The configured words, folded once."""

    def __init__(self, words: Vocabulary) -> None:
        self._apps = _all_folded(words.words("mail_signature_starts"))
        self._contact = _all_folded(words.words("mail_signature_contact_words"))
        self._matter = _all_folded(words.words("mail_not_signature_words"))

    def start(self, lines: list[Line]) -> int:
        """Index of the first line of the signature; len(lines) when there is none."""
        for at in range(_first_candidate(lines), len(lines)):
            text = lines[at].text.strip()
            if text == "--" or (0 < len(text) <= _LONGEST_APP_LINE and _folded(text).startswith(self._apps)):
                return at
            if is_rule(text) and self._is_contact_block([line.text.strip() for line in lines[at + 1 :]]):
                return at
        return len(lines)

    def _is_contact_block(self, below: list[str]) -> bool:
        """Short lines with a way to reach someone, and nothing that belongs to an application."""
        if any(len(text) > _LONGEST_LINE for text in below):
            return False
        block = _folded(" ".join(below))
        return any(word in block for word in self._contact) and not any(word in block for word in self._matter)


def _first_candidate(lines: list[Line]) -> int:
    """The first line with few enough lines of text below it."""
    at, below = len(lines), 0
    while at > 0 and below <= _MOST_LINES:
        at -= 1
        below += bool(lines[at].text.strip())
    return at


def _all_folded(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_folded(word) for word in words)


def _folded(text: str) -> str:
    return "".join(text.lower().split())
