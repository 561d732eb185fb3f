"""What a finished letter says, read back from its bytes: for whoever looks at it, and to see whether it changed."""

from collections.abc import Iterator
from difflib import unified_diff
from email import message_from_bytes
from email.policy import default

_HEADERS = ("From", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To")


def headers_of(raw: bytes) -> dict[str, str]:
    """The headers that a person wants to see."""
    message = message_from_bytes(raw, policy=default)
    return {name: str(message[name]) for name in _HEADERS if message[name]}


def text_of(raw: bytes) -> str:
    """Its plain text."""
    body = message_from_bytes(raw, policy=default).get_body(("plain",))
    return str(body.get_content()) if body else ""


def said_in(raw: bytes) -> tuple[str, ...]:
    """Subject and text, line by line: two letters that say the same differ in their date at most."""
    return (headers_of(raw).get("Subject", ""), *text_of(raw).splitlines())


def changed_lines(before: bytes, after: bytes) -> tuple[str, ...]:
    """Lines of subject and text that went (-) and came (+), without their surroundings."""
    return tuple(_changed(said_in(before), said_in(after)))


def _changed(before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[str]:
    for line in unified_diff(before, after, n=0, lineterm=""):
        if not line.startswith(("---", "+++", "@@")):
            yield line
