"""The one header field a mailbox has to look at: Message-ID (RFC 5322 3.6.4)."""

import re

_FIELD = re.compile(rb"^message-id:\s*(<[^<>\s]+>)", re.I | re.M)


def message_ids(header: object) -> tuple[bytes, ...]:
    """The Message-ID fields in a header block, folded ones too; nothing from anything but bytes."""
    return tuple(_FIELD.findall(header)) if isinstance(header, bytes) else ()


def header_block(raw: bytes) -> bytes:
    """Everything before the first empty line."""
    return re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0]
