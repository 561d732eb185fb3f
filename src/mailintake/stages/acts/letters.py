"""Acts on a letter of the outbox, and letters that a person writes."""

import re
from typing import assert_never

from mailintake.model.act import (
    Approve,
    Edit,
    LetterAct,
    Recall,
    Refused,
    Reject,
    Result,
    SendAgain,
    SentByHand,
    Signed,
    Write,
    refused,
)
from mailintake.model.case import Case
from mailintake.model.letter import SENDABLE_AGAIN, LetterKind, OutboxEntry, OutboxState
from mailintake.model.message import InboundMessage, wire_form
from mailintake.model.rules import RuleSet
from mailintake.model.understanding import LetterOrder
from mailintake.stages.acts.frame import Acted, Around, Move, Settled, participants

State = OutboxState
MOVES: dict[str, tuple[tuple[OutboxState, OutboxState], ...]] = {  # act → the steps of a letter that it takes
    "approve": ((State.WAITING, State.READY),),
    "reject": ((State.WAITING, State.REJECTED), (State.DRAFTED, State.REJECTED)),
    "recall": ((State.READY, State.WAITING),),
    "send_again": tuple((before, State.READY) for before in SENDABLE_AGAIN),
    "sent_by_hand": ((State.DRAFTED, State.SENT),),
}
_EDITABLE = (State.WAITING,)
_LONG_NUMBER = re.compile(r"\d[\d\s-]{8,}\d")  # an account, wherever blanks or hyphens stand in it
_DIGITS_OF_AN_ACCOUNT = 10
_LONGEST = 4000  # characters of what a person adds to a letter


def on_letter(entry: OutboxEntry, act: LetterAct, signed: Signed, around: Around) -> Acted | Refused:
    """What follows from an act on a letter. Its bytes are looked at by the shell: whoever approves names them."""
    match act:
        case Approve():
            return _approve(entry, act)
        case Reject():
            return _move(entry, "reject", signed)
        case Recall():
            return _move(entry, "recall", signed)
        case SendAgain():
            return _move(entry, "send_again", signed)
        case SentByHand():
            return _move(entry, "sent_by_hand", signed)
        case Edit():
            return _edit(entry, act.paragraph, around.rules)
        case Write() | Result():
            return refused("letter.is_one", id=entry.id)
        case _:
            assert_never(act)


def _state(entry: OutboxEntry) -> Refused:
    return refused("letter.state", id=entry.id, state=entry.state.value)


def _approve(entry: OutboxEntry, act: Approve) -> Acted | Refused:
    if entry.state is not State.WAITING:
        return _state(entry)
    if act.seen and act.seen != entry.sha256:
        return refused("letter.changed", id=entry.id, seen=act.seen, sha256=entry.sha256)
    return Acted(moves=(Move(entry.id, State.WAITING, State.READY),))


def _move(entry: OutboxEntry, act: str, signed: Signed) -> Acted | Refused:
    after = next((after for before, after in MOVES[act] if before is entry.state), None)
    if after is None or (entry.attempts and after is State.WAITING):
        return _state(entry)
    return Acted(moves=(Move(entry.id, entry.state, after, f"{after.value} by {signed.by}"),))


def _edit(entry: OutboxEntry, paragraph: str, rules: RuleSet) -> Acted | Refused:
    """Only what a person adds in their own words; accounts, dates and fees stand where the rules put them."""
    if entry.state not in _EDITABLE:
        return _state(entry)
    if number := _account_in(paragraph, rules):
        return refused("letter.account", number=number)
    if len(paragraph) > _LONGEST:
        return refused("text.long", most=_LONGEST)
    return Acted(text=paragraph)


def _account_in(text: str, rules: RuleSet) -> str:
    """A long number that is none of the office's: nobody may be told another account in our name."""
    office = rules.office
    own = {*(fee.account for fee in rules.fees.values()), office.finance_phone, office.advice_phone}
    known = {"".join(filter(str.isdigit, number)) for number in own}
    for found in _LONG_NUMBER.findall(text):
        digits = "".join(filter(str.isdigit, found))
        if len(digits) >= _DIGITS_OF_AN_ACCOUNT and digits not in known and not _is_phone(digits):
            return str(found)
    return ""


def _is_phone(digits: str) -> bool:
    mobile = len(digits) == 11 and digits.startswith("1")
    fixed = len(digits) in (10, 11, 12) and digits.startswith("0")
    return mobile or fixed


def written(act: Write | Result, case: Case | None, message: InboundMessage | None, around: Around) -> Acted | Refused:
    """A letter of a person's own: to everybody of the case, or to the sender of the mail it answers."""
    if not act.text.strip():
        return refused("text.missing")
    if len(act.text) > _LONGEST:
        return refused("text.long", most=_LONGEST)
    if number := _account_in(act.text, around.rules):
        return refused("letter.account", number=number)
    if isinstance(act, Result) and case is None:
        return refused("letter.needs_case")
    to = participants(case) if case is not None else _sender(message)
    if not to:
        return refused("request.nobody", number=case.number if case else "")
    kind = LetterKind.RESULT if isinstance(act, Result) else LetterKind.ANSWER
    order = LetterOrder(kind, to, case.number if case else "", text=act.text)
    settled = (Settled(message=message.sha256),) if message is not None else ()
    return Acted(() if case is None else (case,), letters=(order,), settled=settled)


def _sender(message: InboundMessage | None) -> tuple[str, ...]:
    sender = message.sender if message is not None else None
    return (sender.addr,) if sender is not None and wire_form(sender.addr) else ()
