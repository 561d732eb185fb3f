"""What staff hear of mail that nobody answers: a letter that came back or is held, a contact that left, an advert."""

from collections.abc import Iterator
from dataclasses import replace

from mailintake.model.rules import MessageClass
from mailintake.model.situation import Situation
from mailintake.model.traits import slips
from mailintake.model.understanding import Decision, Disposition, StaffNotice
from mailintake.stages.decide.enquiries import account_notices
from mailintake.stages.decide.notices import CONFLICT, FOREIGN, UNSAFE, first_words, mail_notices
from mailintake.stages.decide.orders import notice
from mailintake.stages.screen.shapes import bears_our_mark
from mailintake.stages.words.fold import fold

M = MessageClass
_DELAY = "bounce.delay"  # rules of config/screening.yaml
_LEFT = "auto_reply.left"
_ACCOUNT = "spam.account_change"
_CHALLENGE = "auto_reply.challenge"
_SLIPS = "finance.slips"


def parked(at: Situation) -> Decision:
    """Recorded and counted; no letter, no case. Slips that the finance office hands on are put to their case by a
    person; who says that our account has changed is looked at by one: others may have got the same."""
    told, kinds = tuple(_told(at)), {document.kind for document in at.understood.people.documents}
    if at.understood.classification.message_class is M.FINANCE and kinds & slips(at.rules):
        return Decision(Disposition.FOR_STAFF, notices=(notice(_SLIPS, at, text=first_words(at.message)), *told))
    alarm = any(one.code == FOREIGN for one in told)
    return Decision(Disposition.FOR_STAFF if alarm else Disposition.PARKED, notices=told)


def not_answered(at: Situation) -> Decision:
    """A person may have sent it, but it has nothing to do with us: a line for staff, and no letter."""
    said = (n for n in mail_notices(at.message, at.understood, ()) if n.code != CONFLICT)
    return Decision(Disposition.FOR_STAFF, notices=(notice("message.not_ours", at), *said))


def _told(at: Situation) -> Iterator[StaffNotice]:
    match at.understood.classification.message_class:
        case M.BOUNCE:
            yield from _bounced(at)
        case M.AUTO_REPLY if _fired(_LEFT, at):
            text = first_words(at.message)
            numbers = dict.fromkeys(sent.case for sent in at.candidates.by_token) or {"": None}
            yield from (replace(notice("contact.left", at, text=text), case=number) for number in numbers)
        case M.AUTO_REPLY if _fired(_CHALLENGE, at):
            yield notice("letter.held", at, text=first_words(at.message))
        case M.RECALL_NOTICE:
            mine = [case.number for case in at.candidates.by_sender]
            yield notice("message.recalled", at, mine[0] if len(mine) == 1 else "")
        case M.SPAM if _fired(_ACCOUNT, at) or account_notices(at):
            yield notice(FOREIGN, at, text=first_words(at.message))
        case M.SPAM if any(sign.where for sign in at.understood.screening.evidence if sign.fired):
            yield notice("message.advert", at)
        case _:
            pass
    yield from (n for n in mail_notices(at.message, at.understood, ()) if n.code == UNSAFE)


def _bounced(at: Situation) -> Iterator[StaffNotice]:
    """A bounce that names a letter of ours: its case has an address that cannot be reached. A delay is none yet."""
    if _fired(_DELAY, at) and not at.message.failed_recipients:
        return
    unreached: dict[str, list[str]] = {}
    for sent in at.candidates.by_token:
        unreached.setdefault(sent.case, []).extend(sent.to)
    if not unreached and at.message.failed_recipients and bears_our_mark(_told_in(at), at.rules):
        unreached[""] = list(at.message.failed_recipients)  # it speaks of a letter of ours, but not of which
    for number, to in unreached.items():
        yield replace(notice("letter.bounced", at, text=", ".join(dict.fromkeys(to))), case=number)


def _told_in(at: Situation) -> str:
    return fold(f"{at.message.subject}\n{at.message.new_text}")


def _fired(rule: str, at: Situation) -> bool:
    return any(sign.rule.partition(":")[2] == rule for sign in at.understood.screening.evidence if sign.fired)
