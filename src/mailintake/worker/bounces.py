"""Bounces tied to the letters they are about: a report quotes our Message-ID somewhere, seldom in its own headers."""

import re
from collections.abc import Iterator
from dataclasses import replace

from mailintake.letters.compose import is_own_message_id
from mailintake.model.message import InboundMessage
from mailintake.model.rules import MessageClass
from mailintake.model.understanding import Candidates, Understanding
from mailintake.worker.shells import Shells

_ID = re.compile(r"<[^<>\s]{1,200}>")
_MANY = 20


def with_bounced_letters(
    shells: Shells, message: InboundMessage, understood: Understanding, candidates: Candidates
) -> Candidates:
    """The candidates of a bounce with every letter of ours that it names; those of any other mail as they are.

    Only for a bounce: elsewhere a Message-ID in a text is a stranger's claim.
    """
    if understood.classification.message_class is not MessageClass.BOUNCE:
        return candidates
    named = dict.fromkeys(i for text in _texts(message) for i in _ID.findall(text) if is_own_message_id(i))
    known = {sent.message_id for sent in candidates.by_token}
    found = (shells.store.sent(i) for i in list(named)[:_MANY] if i not in known)
    sent = tuple(letter for letter in found if letter is not None)
    return replace(candidates, by_token=(*candidates.by_token, *sent))


def _texts(message: InboundMessage) -> Iterator[str]:
    yield message.new_text
    yield message.quoted_text
    for forwarded in message.forwarded:
        yield forwarded.message_id
        yield forwarded.new_text
