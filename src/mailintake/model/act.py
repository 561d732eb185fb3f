"""What a person does to a case, a document, a mail or a letter: a closed set of values, the same through every door.

The fields of an act are what the person says besides its target; their names are the options of the command line and
the fields of the desk's forms. Judged in stages/acts, applied in worker/acts.py.
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar

from mailintake.model.case import DeadlineKind, State
from mailintake.model.erasure import Erasable, ErasureGround
from mailintake.model.procedure import ProcedureKey
from mailintake.model.value import value


class Target(StrEnum):
    """What an act is done to, and the word of the command line for it."""

    LETTER = "letter"
    CASE = "case"
    DOCUMENT = "document"
    MAIL = "mail"


class Door(StrEnum):
    """Where somebody acts from."""

    DESK = "desk"
    MAIL = "mail"
    CLI = "cli"


class Said(StrEnum):
    """A ruling on a paper."""

    OK = "ok"
    NOT_OK = "not_ok"


# Letters


@value
class Approve:
    """The letter goes out, with these bytes and no others."""

    name: ClassVar[str] = "approve"
    target: ClassVar[Target] = Target.LETTER
    seen: str = ""  # sha256 of the bytes the person saw; empty: those that are stored now
    hold: int = 0  # seconds in which it can still be recalled


@value
class Edit:
    """A paragraph of the person's own words, kept when the letter is written anew; empty: none."""

    name: ClassVar[str] = "edit"
    target: ClassVar[Target] = Target.LETTER
    paragraph: str


@value
class Reject:
    """It does not go out."""

    name: ClassVar[str] = "reject"
    target: ClassVar[Target] = Target.LETTER


@value
class Recall:
    """An approved letter that has not gone out yet waits again."""

    name: ClassVar[str] = "recall"
    target: ClassVar[Target] = Target.LETTER


@value
class SendAgain:
    """A failed, rejected or only written letter goes out after all."""

    name: ClassVar[str] = "send_again"
    target: ClassVar[Target] = Target.LETTER


@value
class SentByHand:
    """A clerk has sent the draft; the applicant's days count from now."""

    name: ClassVar[str] = "sent"
    target: ClassVar[Target] = Target.LETTER


@value
class Write:
    """A free answer on the office's layout, to a mail or about a case."""

    name: ClassVar[str] = "write"
    target: ClassVar[Target] = Target.LETTER
    text: str


@value
class Result:
    """The result of a case, told to the applicant."""

    name: ClassVar[str] = "result"
    target: ClassVar[Target] = Target.LETTER
    text: str


# Cases


@value
class Accept:
    """受理: everything is there."""

    name: ClassVar[str] = "accept"
    target: ClassVar[Target] = Target.CASE


@value
class AcceptWithGaps:
    """容缺受理: only what may follow later is lacking; its period and its reminders go on."""

    name: ClassVar[str] = "accept_with_gaps"
    target: ClassVar[Target] = Target.CASE


@value
class Step:
    """The next station of the office side, or one back."""

    name: ClassVar[str] = "step"
    target: ClassVar[Target] = Target.CASE
    state: State


@value
class Refuse:
    """不予办理: proposed by one person, done by a second one; the letter is prepared and waits for approval."""

    name: ClassVar[str] = "refuse"
    target: ClassVar[Target] = Target.CASE
    clause: str = ""  # of the guide; the second person may leave it out


@value
class Withdraw:
    """The applicant does not want it any more."""

    name: ClassVar[str] = "withdraw"
    target: ClassVar[Target] = Target.CASE


@value
class Close:
    """It is over."""

    name: ClassVar[str] = "close"
    target: ClassVar[Target] = Target.CASE


@value
class Reopen:
    """A case that had ended goes on."""

    name: ClassVar[str] = "reopen"
    target: ClassVar[Target] = Target.CASE


@value
class PutBack:
    """From the office side back to the mail side, where it is judged anew."""

    name: ClassVar[str] = "put_back"
    target: ClassVar[Target] = Target.CASE


@value
class SetProcedure:
    """Which procedure it is about."""

    name: ClassVar[str] = "set_procedure"
    target: ClassVar[Target] = Target.CASE
    procedure: ProcedureKey
    variant: str = ""  # empty: the procedure's default


@value
class SetCompany:
    """Which company it is."""

    name: ClassVar[str] = "set_company"
    target: ClassVar[Target] = Target.CASE
    company: str


@value
class SetCity:
    """Which city's office it belongs to."""

    name: ClassVar[str] = "set_city"
    target: ClassVar[Target] = Target.CASE
    city: str


@value
class Split:
    """Some of its people become a case of their own."""

    name: ClassVar[str] = "split"
    target: ClassVar[Target] = Target.CASE
    people: tuple[str, ...]  # keys or names


@value
class Merge:
    """Another case is part of this one."""

    name: ClassVar[str] = "merge"
    target: ClassVar[Target] = Target.CASE
    other: str


@value
class Relate:
    """Another case has to do with this one."""

    name: ClassVar[str] = "relate"
    target: ClassVar[Target] = Target.CASE
    other: str


@value
class Assign:
    """Whose case it is."""

    name: ClassVar[str] = "assign"
    target: ClassVar[Target] = Target.CASE
    to: str


@value
class Note:
    """Something to remember."""

    name: ClassVar[str] = "note"
    target: ClassVar[Target] = Target.CASE
    text: str


@value
class PhoneCall:
    """What was said on the telephone."""

    name: ClassVar[str] = "phone_call"
    target: ClassVar[Target] = Target.CASE
    text: str


@value
class Extend:
    """A later last day."""

    name: ClassVar[str] = "extend"
    target: ClassVar[Target] = Target.CASE
    kind: DeadlineKind
    due: date


@value
class Read:
    """已阅: what the digest says about it was seen to."""

    name: ClassVar[str] = "read"
    target: ClassVar[Target] = Target.CASE


@value
class Erase:
    """Everything about everybody in an ended case goes for good: proposed by one person, done by a second one. There is
    no way back."""

    name: ClassVar[str] = "erase"
    target: ClassVar[Target] = Target.CASE
    ground: ErasureGround
    number: str  # the case's once more, typed by whoever means it
    everyone: bool = False  # also the others who are in it, or in its mails


# Documents


@value
class SetKind:
    """What the document is."""

    name: ClassVar[str] = "set_kind"
    target: ClassVar[Target] = Target.DOCUMENT
    kind: str


@value
class SetOwner:
    """Whose it is; empty: nobody's, the company's or the group's."""

    name: ClassVar[str] = "set_owner"
    target: ClassVar[Target] = Target.DOCUMENT
    owner: str = ""  # key or name


@value
class Rule:
    """合格 or 不合格: all of it, or one finding."""

    name: ClassVar[str] = "rule"
    target: ClassVar[Target] = Target.DOCUMENT
    outcome: Said
    finding: str = ""  # its code; empty: the whole document


@value
class DismissFlag:
    """A hint of the machine was looked at and means nothing. The target is the case."""

    name: ClassVar[str] = "dismiss_flag"
    target: ClassVar[Target] = Target.DOCUMENT
    code: str


@value
class AskAgain:
    """Ask for it once more: the document, or, where the target is a case, everything that is open in it."""

    name: ClassVar[str] = "request"
    target: ClassVar[Target] = Target.DOCUMENT


@value
class TickPaper:
    """The original was seen at the window. The target is the case."""

    name: ClassVar[str] = "tick_paper"
    target: ClassVar[Target] = Target.DOCUMENT
    kind: str
    owner: str = ""  # key or name


@value
class NewAtWindow:
    """A case that came without mail. The target is its procedure, as `key` or `key.variant`."""

    name: ClassVar[str] = "new_at_window"
    target: ClassVar[Target] = Target.DOCUMENT
    people: tuple[str, ...]  # "name" or "name:passport number"
    company: str = ""
    city: str = ""
    mail: str = ""  # where letters go


# Mails


@value
class LinkTo:
    """The mail belongs to that case."""

    name: ClassVar[str] = "link"
    target: ClassVar[Target] = Target.MAIL
    case: str


@value
class Unlink:
    """The mail, and what it brought, does not belong to that case."""

    name: ClassVar[str] = "unlink"
    target: ClassVar[Target] = Target.MAIL
    case: str


@value
class OpenCase:
    """The mail asks for that procedure: it opens a case."""

    name: ClassVar[str] = "open_case"
    target: ClassVar[Target] = Target.MAIL
    procedure: ProcedureKey
    variant: str = ""


@value
class Answered:
    """Somebody answered it by hand."""

    name: ClassVar[str] = "answered"
    target: ClassVar[Target] = Target.MAIL


@value
class NoAction:
    """Nothing is to be done about it. The target may be a line of the digest, as #17."""

    name: ClassVar[str] = "no_action"
    target: ClassVar[Target] = Target.MAIL


@value
class IsSpam:
    """Nobody has to read it."""

    name: ClassVar[str] = "is_spam"
    target: ClassVar[Target] = Target.MAIL


@value
class NotSpam:
    """It was put aside wrongly: read it as any other."""

    name: ClassVar[str] = "not_spam"
    target: ClassVar[Target] = Target.MAIL


LetterAct = Approve | Edit | Reject | Recall | SendAgain | SentByHand | Write | Result
CaseAct = (
    Accept
    | AcceptWithGaps
    | Step
    | Refuse
    | Withdraw
    | Close
    | Reopen
    | PutBack
    | SetProcedure
    | SetCompany
    | SetCity
    | Split
    | Merge
    | Relate
    | Assign
    | Note
    | PhoneCall
    | Extend
    | Read
    | Erase
)
DocumentAct = SetKind | SetOwner | Rule | DismissFlag | AskAgain | TickPaper | NewAtWindow
MailAct = LinkTo | Unlink | OpenCase | Answered | NoAction | IsSpam | NotSpam
Act = LetterAct | CaseAct | DocumentAct | MailAct

_EVERY: tuple[type[Act], ...] = (
    *(Approve, Edit, Reject, Recall, SendAgain, SentByHand, Write, Result),
    *(Accept, AcceptWithGaps, Step, Refuse, Withdraw, Close, Reopen, PutBack, SetProcedure, SetCompany, SetCity),
    *(Split, Merge, Relate, Assign, Note, PhoneCall, Extend, Read, Erase),
    *(SetKind, SetOwner, Rule, DismissFlag, AskAgain, TickPaper, NewAtWindow),
    *(LinkTo, Unlink, OpenCase, Answered, NoAction, IsSpam, NotSpam),
)
ACTS: Mapping[Target, Mapping[str, type[Act]]] = MappingProxyType(
    {target: MappingProxyType({act.name: act for act in _EVERY if act.target is target}) for target in Target}
)
UNDO = "undo"  # the one act whose target is an event


@value
class Signed:
    """An act with who does it to what, when, why, and which revision of the case they had before them."""

    act: Act
    target: str
    by: str
    at: datetime
    reason: str = ""
    revision: int | None = None  # None: the person saw none, or the door cannot know
    door: Door = Door.CLI


@value
class TakeBack:
    """An act that is to be taken back, by its event."""

    event: int
    at: datetime
    by: str = ""  # empty: in the name of whoever did it
    reason: str = ""
    door: Door = Door.CLI


@value
class Refused:
    """An act that was not done, and why: `code` names the sentence, `values` fill it in. Nothing was changed."""

    code: str
    values: tuple[tuple[str, str], ...] = ()


def refused(code: str, /, **values: object) -> Refused:
    """A refusal with those words."""
    return Refused(code, tuple((key, str(value)) for key, value in sorted(values.items())))


@value
class Done:
    """An act that was done: its event, by which it can be taken back, and what came of it."""

    act: str
    target: str
    by: str
    event: int  # 0 in a dry run
    revision: int  # of the case the target belongs to; 0 where there is none
    cases: tuple[str, ...] = ()  # numbers of the cases it changed, the target's first
    letters: tuple[int, ...] = ()  # outbox numbers of the letters it wrote or moved
    waits_for: str = ""  # "second_person": nothing more happens before somebody else says yes
    erases: Erasable | None = None  # what an erasure takes, or will once the second person says yes
