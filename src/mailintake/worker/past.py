"""A case as it was, and what its letters could have said before."""

from mailintake.model.case import Case
from mailintake.stages.assess.told_late import told_late
from mailintake.stages.deadline import FULL_NOTICES
from mailintake.store.port import Store
from mailintake.worker.shells import Shells


def case_at(store: Store, number: str, message_id: str) -> Case | None:
    """The first version that remembers the letter of that Message-ID: what the machine held when it wrote it, with the
    rule set and the clauses of then. None where no version does."""
    for version in store.versions(number):
        case = store.version(number, version.revision)
        if case is not None and any(letter.message_id == message_id for letter in case.letters):
            return case
    return None


def late_in(shells: Shells, case: Case) -> tuple[str, ...]:
    """What a full notice about the case tells today and one that went out before could have told (漏告知)."""
    sent = [letter for letter in case.letters if letter.letter in FULL_NOTICES and letter.sent_at is not None]
    cases = (case_at(shells.store, case.number, letter.message_id) for letter in sent)
    return told_late(case, tuple(then for then in cases if then is not None), shells.rules) if sent else ()
