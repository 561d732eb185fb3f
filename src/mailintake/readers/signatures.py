"""Where a signature begins at the end of what a sender wrote: conservative, since names and numbers matter above it."""

from mailintake.model.rules import Vocabulary
from mailintake.readers.quote_marks import is_rule
from mailintake.readers.text_lines import Line

_MOST_LINES = 12
_LONGEST_LINE = 60
_LONGEST_APP_LINE = 45


def signature_start(lines: list[Line], words: Vocabulary) -> int:
    """Index of the first line of the signature; len(lines) when there is none."""
    app = tuple(_folded(word) for word in words.words("mail_signature_starts"))
    contact = tuple(_folded(word) for word in words.words("mail_signature_contact_words"))
    matter = tuple(_folded(word) for word in words.words("mail_not_signature_words"))
    for at in range(_first_candidate(lines), len(lines)):
        below = [line.text.strip() for line in lines[at + 1 :] if line.text.strip()]
        text = lines[at].text.strip()
        if text == "--":
            return at
        if text and len(text) <= _LONGEST_APP_LINE and _folded(text).startswith(app):
            return at
        if is_rule(text) and below and _is_contact_block(below, contact, matter):
            return at
    return len(lines)


def _first_candidate(lines: list[Line]) -> int:
    """The first line with few enough lines of text below it."""
    at, below = len(lines), 0
    while at > 0 and below <= _MOST_LINES:
        at -= 1
        below += bool(lines[at].text.strip())
    return at


def _is_contact_block(below: list[str], contact: tuple[str, ...], matter: tuple[str, ...]) -> bool:
    """Short lines with a way to reach someone, and nothing that belongs to an application."""
    if any(len(text) > _LONGEST_LINE for text in below):
        return False
    block = _folded(" ".join(below))
    return any(word in block for word in contact) and not any(word in block for word in matter)


def _folded(text: str) -> str:
    return "".join(text.lower().split())
