"""What a provider's refusal means. NetEase's XX:YYY token decides first: one token comes with 450, 451, 550 and 554.

Source of the tokens: the provider's published list of refusal codes, and reports of clients.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from mailintake.errors import MailerPaused, MailerRefused, MailerUnavailable, MailintakeError

QUARTER_HOUR = 15 * 60
_HOUR = 60 * 60
_DAY = 24 * _HOUR
_TEXT_LENGTH = 300
_TOKEN = re.compile(r"\b([A-Z]{2}:[A-Z]{3})\b")
_LINK = re.compile(r"https?://\S+")  # NetEase adds one to a page about spam to every refusal


class Phase(StrEnum):
    """What was said when the answer came. Until the first RCPT a refusal concerns us, later this one mail."""

    CONNECT = "connecting"
    LOGIN = "logging in"
    SENDER = "naming the sender"
    RECIPIENT = "naming a recipient"
    DATA = "handing over the mail"


class Fate(StrEnum):
    """What a refusal does."""

    LATER = "later"  # this mail again, after a while
    PAUSE = "pause"  # nothing at all for a known time
    STOP = "stop"  # nothing at all until an operator acts
    REFUSED = "refused"  # never this mail; the others go on


@dataclass(frozen=True, slots=True)
class Meaning:
    """A fate and how long to wait, in seconds (0: as the caller likes)."""

    fate: Fate
    seconds: int = 0


_LATER = Meaning(Fate.LATER)
_STOP = Meaning(Fate.STOP)
_REFUSED = Meaning(Fate.REFUSED)
_PAUSE_15 = Meaning(Fate.PAUSE, QUARTER_HOUR)
_TOMORROW = Meaning(Fate.PAUSE, _DAY)
_PERMANENT_FROM = 500

_OUR_IP = Meaning(Fate.LATER, _HOUR)
TOKENS = {
    **dict.fromkeys(("HL:REP", "HL:ICC", "HL:IFC", "HL:MEP"), _OUR_IP),  # its reputation, or too much at once from it
    **dict.fromkeys(("MI:CEL", "MI:DMC", "MI:CCL", "RP:CEL", "RP:DRC", "RP:CCL"), _LATER),  # enough on one connection
    **dict.fromkeys(("MI:SFQ", "RP:QRC"), _PAUSE_15),  # quota of 15 minutes: mails, recipients
    **dict.fromkeys(("MI:STC", "RP:RCL", "RP:TRC"), _TOMORROW),  # quota of the day
    **dict.fromkeys(("MI:NHD", "MI:IMF", "MI:SPF", "MI:DMA", "DT:SUM"), _STOP),  # HELO, From, SPF, DMARC: our set-up
}
_SPAM = "DT:SPM"

# Plain words where no token comes; the first that stands in the text decides. Lower case.
WORDS = (
    ("too much fail authentication", _STOP),
    ("auth error limit exceed", _STOP),
    ("ip is rejected", _STOP),
    ("user has no permission", _STOP),
    ("authentication is required", _STOP),
    ("must equal authorized user", _STOP),
    ("must be same as authorization user", _STOP),
    ("local user is not allowed", _STOP),
    ("null sender is not allowed", _REFUSED),
    ("frequency limited", _PAUSE_15),
    ("exceed send limit", _TOMORROW),
    ("content denied", _STOP),
    ("spam", _STOP),
    ("too many connection", Meaning(Fate.LATER, QUARTER_HOUR)),
)
_CREDENTIALS = frozenset({530, 534, 535, 538})  # RFC 4954; 454 there is temporary
_ADVICE = {
    Phase.LOGIN: "check the client authorisation code (163, QQ: made in the web mail's SMTP settings)",
    Phase.DATA: "read the provider's answer; vary the wording before sending goes on",
}


def decoded(answer: bytes | str) -> str:
    """Server text as UTF-8, else GB18030 (QQ and 163 write their errors in it), on one line."""
    text = answer if isinstance(answer, str) else _text(answer)
    return "".join(c for c in " ".join(text.split()) if c.isprintable())[:_TEXT_LENGTH]


def _text(answer: bytes) -> str:
    try:
        return answer.decode("utf-8")
    except UnicodeDecodeError:
        return answer.decode("gb18030", "replace")


def meaning(code: int, text: str, phase: Phase) -> Meaning:
    """Token, then words, then the reply code (RFC 5321 4.2.1)."""
    tokens = _TOKEN.findall(text)
    if _SPAM in tokens:
        return _STOP if code >= _PERMANENT_FROM else Meaning(Fate.LATER, QUARTER_HOUR)
    known = next((TOKENS[token] for token in tokens if token in TOKENS), None)
    if known:
        return known
    if phase is Phase.LOGIN and code in _CREDENTIALS:
        return _STOP
    lowered = _LINK.sub("", text).lower()
    worded = next((what for words, what in WORDS if words in lowered), None)
    if worded:
        return worded
    if code < _PERMANENT_FROM:
        return _LATER
    about_us = phase in (Phase.CONNECT, Phase.LOGIN, Phase.SENDER) and code != 552  # 552: this mail is too large
    return _STOP if about_us else _REFUSED


def refusal(code: int, answer: bytes | str, phase: Phase) -> MailintakeError:
    """The exception for an answer that is no yes."""
    text = decoded(answer)
    what = meaning(code, text, phase)
    said = f"{phase.value}: {code} {text}"
    match what.fate:
        case Fate.LATER:
            return MailerUnavailable(said, retry_after_seconds=what.seconds)
        case Fate.REFUSED:
            return MailerRefused(said)
        case Fate.PAUSE:
            return MailerPaused(said, fix="it goes on by itself", resume_after_seconds=what.seconds)
        case Fate.STOP:
            return MailerPaused(said, fix=_ADVICE.get(phase, "read the provider's answer, then let sending go on"))
