"""Erasing: two persons, only what has ended, and nothing of anybody who is not meant."""

from dataclasses import replace

from mailintake.model.act import Erase, Refused, Signed, refused
from mailintake.model.case import Case, State
from mailintake.model.erasure import Erasable, blank
from mailintake.model.ruling import Proposal
from mailintake.model.understanding import StaffNotice
from mailintake.stages.acts.frame import Acted, Around, Settled
from mailintake.stages.flow import allowed

PROPOSED = "erasure.proposed"  # the line for staff that waits for the second person


def erase(case: Case, act: Erase, signed: Signed, around: Around) -> Acted | Refused:
    """The first person proposes; another one does it, for the ground that the first one gave. Nothing of it can be
    taken back."""
    if not allowed(case.state, State.ERASED):
        return refused("erase.state", number=case.number, state=case.state.value)
    if act.number.strip().upper() != case.number:
        return refused("erase.number", number=case.number)
    against = _against(case, act, around.erasable)
    if against is not None:
        return against
    proposed = case.proposal
    if proposed is None or proposed.act != Erase.name:
        proposal = Proposal(Erase.name, signed.by, around.now, act.ground.value)
        waits = StaffNotice(PROPOSED, signed.by, case.number)
        return Acted((replace(case, proposal=proposal),), notices=(waits,), waits_for="second_person")
    if proposed.by == signed.by:
        return refused("erase.second_person", number=case.number, name=signed.by)
    others = (around.others[number] for number in around.erasable.cases[1:]) if around.erasable else ()
    return Acted(tuple(map(blank, (case, *others))), settled=(Settled(case.number),), erases=True)


def _against(case: Case, act: Erase, found: Erasable | None) -> Refused | None:
    """What stands in its way: a letter whose fate is open, a case under way, somebody who is not meant."""
    if found is None:
        return refused("case.unknown", number=case.number)
    if found.unsent:
        return refused("erase.unsent", number=case.number, letters=" ".join(map(str, found.unsent)))
    if found.unfinished:
        return refused("erase.unfinished", number=case.number, others=" ".join(found.unfinished))
    if not act.everyone and (found.people > 1 or len(found.cases) > 1):
        others = " ".join(found.cases[1:])
        code = "erase.cases" if others else "erase.people"
        return refused(code, number=case.number, count=found.people, others=others)
    return None
