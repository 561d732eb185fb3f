"""What the sender says now: subject without prefixes, new text, and, for a bare forward, what was forwarded."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from mailintake.model.message import InboundMessage
from mailintake.model.rules import RuleSet, Vocabulary
from mailintake.model.value import value
from mailintake.stages.words.fold import fold
from mailintake.stages.words.matching import folded_words

_MAX_SUBJECT = 400
_NOT_WORDS = re.compile(r"[\W_]+")


@value
class OwnWords:
    """The words that may decide about a mail."""

    subject: str  # without Re:/回复:/转发: and tags
    text: str  # the new text; of a bare forward the forwarded text
    fallback: str = ""  # attached mails: decides only where subject and text say nothing
    is_reply: bool = False
    is_forward: bool = False
    bare_forward: bool = False  # the sender wrote nothing himself

    @property
    def both(self) -> str:
        """Subject and text, a line each."""
        return f"{self.subject}\n{self.text}"

    @property
    def everything(self) -> str:
        """Subject, text and attached mails."""
        return f"{self.subject}\n{self.text}\n{self.fallback}"


def own_words(message: InboundMessage, rules: RuleSet) -> OwnWords:
    """The sender's own words. Quoted history counts only in a forward without words, and never when it is ours."""
    subject, is_reply, is_forward = split_subject(message.subject, rules.vocabulary)
    is_forward = is_forward or bool(message.forwarded)
    attached = "\n".join(_attached(message.forwarded, rules.vocabulary))
    if not is_forward or not is_empty(message.new_text, rules.vocabulary):
        return OwnWords(subject, message.new_text, attached, is_reply, is_forward)
    inner = attached or message.quoted_text
    if not attached and is_ours(inner, rules.vocabulary):
        inner = ""
    return OwnWords(subject, inner or message.new_text, "", is_reply, is_forward, bare_forward=True)


class Subject(NamedTuple):
    """A subject, and what its prefixes say."""

    words: str
    is_reply: bool
    is_forward: bool


def split_subject(subject: str, vocabulary: Vocabulary) -> Subject:
    """The subject without prefixes and tags; prefixes of any mixture and depth."""
    replies, forwards, tags = _prefixes(
        vocabulary.words("reply_prefixes"), vocabulary.words("forward_prefixes"), vocabulary.words("subject_tags")
    )
    rest, is_reply, is_forward = subject[:_MAX_SUBJECT].strip(), False, False
    while True:
        if found := replies.match(rest):
            is_reply = True
        elif found := forwards.match(rest):
            is_forward = True
        else:
            found = tags.match(rest)
        if not found or not found.group():
            return Subject(rest, is_reply, is_forward)
        rest = rest[found.end() :].strip()


@lru_cache(maxsize=8)
def _prefixes(*lists: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    replies, forwards, tags = (
        "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) for words in lists
    )
    tail = r"(?:\s*[\[(]\d{1,3}[\])])?\s*[:\uff1a]"
    return (
        re.compile(rf"(?:{replies}){tail}", re.IGNORECASE),
        re.compile(rf"(?:{forwards}){tail}", re.IGNORECASE),
        re.compile(tags, re.IGNORECASE),
    )


def is_empty(text: str, vocabulary: Vocabulary) -> bool:
    """Nothing but greetings, thanks and "see attachment"."""
    rest = fold(text[:500])
    for word in folded_words(vocabulary.words("empty_words")):
        rest = rest.replace(word, " ")
    return not _NOT_WORDS.sub("", rest)


def _attached(mails: Iterable[InboundMessage], vocabulary: Vocabulary) -> Iterable[str]:
    for mail in mails:
        yield split_subject(mail.subject, vocabulary).words
        yield mail.new_text


def is_ours(text: str, vocabulary: Vocabulary) -> bool:
    """Does a quoted text begin with a letter of ours?"""
    folded = fold(text[:2000])
    return any(mark in folded for mark in folded_words(vocabulary.words("own_letter_marks")))
