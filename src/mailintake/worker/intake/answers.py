"""What a sender wrote between the lines of our letter that he quotes belongs to what he says now."""

import html
import re
from dataclasses import replace
from email import message_from_bytes
from email.policy import default

from mailintake.letters.compose import is_own_message_id
from mailintake.model.message import InboundMessage
from mailintake.stages.words.answers_inside import answers_inside
from mailintake.worker.shells import Shells

_BREAK = re.compile(r"<(?:br|/p|/div|/tr|/li|/h\d)\b[^<>]{0,200}>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,2000}>")


def with_answers(shells: Shells, message: InboundMessage) -> InboundMessage:
    """The mail, its new text with the answers that stand inside the quotation of the letters it answers."""
    if not message.quoted_text:
        return message
    ids = (i for i in (*message.in_reply_to, *reversed(message.references)) if is_own_message_id(i))
    for sent in shells.store.sent(ids):
        if sent.sha256:
            added = answers_inside(message.quoted_text, _texts(shells, sent.sha256), shells.rules)
            if added and added not in message.new_text:
                return replace(message, new_text=f"{message.new_text}\n{added}".strip("\n"))
    return message


def _texts(shells: Shells, sha256: str) -> tuple[str, ...]:
    """A letter of ours as its readers see it, in both forms."""
    letter = message_from_bytes(shells.store.files.path(sha256).read_bytes(), policy=default)
    plain, marked = letter.get_body(("plain",)), letter.get_body(("html",))
    return (
        str(plain.get_content()) if plain is not None else "",
        html.unescape(_TAG.sub("", _BREAK.sub("\n", str(marked.get_content())))) if marked is not None else "",
    )
