"""What was erased is in no column of any table, on SQLite and on PostgreSQL; what others need stays."""

import json
import zlib
from dataclasses import replace

from sqlalchemy import select
from tests.support.stored import LATER, NOW, a_case, a_decision, a_letter, a_message, add, an_event, some_facts

from mailintake.model.case import State
from mailintake.model.erasure import Erasable
from mailintake.model.letter import OutboxState
from mailintake.model.message import Attachment
from mailintake.model.understanding import Decision, Disposition, StaffNotice
from mailintake.store.open import SqlStore
from mailintake.store.tables import METADATA

WORDS = ("林小满", "XIAOMAN", "EA7654321", "晴川", "lin@company.example", "护照在家")


PARKED = Decision(Disposition.PARKED)


def filled(store: SqlStore) -> Erasable:
    """A closed case with its mail, its letter, a line for staff, what somebody wrote, and a paper that another mail
    brought, too."""
    paper, both = store.files.put_bytes(b"a passport page"), store.files.put_bytes(b"a letter of the company")
    mine, other = add(store, 1), add(store, 2)
    files = (
        Attachment("护照.jpg", "护照.jpg", "2", "image/jpeg", 15, paper),
        Attachment("请示.pdf", "请示.pdf", "3", "application/pdf", 23, both),
    )
    case = a_case(messages=(mine,), state=State.CLOSED)
    with store.begin() as unit:
        unit.save_case(replace(case, company="沈阳晴川"))
        unit.save_facts(1, (some_facts(paper), some_facts(both)))
        for number, sha256, attached in ((1, mine, files), (2, other, files[1:])):
            message = replace(a_message(sha256, f"<m{number}@c.example>"), attachments=attached)
            message = message if number == 1 else replace(message, sender=None)
            unit.finish_message(number, message, a_decision(sha256, case) if number == 1 else PARKED, NOW)
        event = unit.log(an_event(1, case.number))
        unit.add_words(event, "text", case.number, "护照在家")
        unit.add_notice(StaffNotice("applicant.conflict", "林小满", case.number, mine), NOW)
        unit.save_draft("赵敏", f"{case.number}-note", "护照在家", NOW)
        letter = unit.queue_letter(a_letter(in_answer_to=mine, case=case.number), OutboxState.SHADOWED, NOW, NOW)
    with store.begin() as unit:
        unit.log(an_event(2, case.number))
        unit.save_case(case)
    raw = store.outbox()[0].sha256
    shared = store.held_elsewhere((paper, both), (mine,))
    assert shared == {both}
    return Erasable((case.number,), (mine,), (letter,), (mine, paper, raw), tuple(shared), 2)


def everything(store: SqlStore) -> str:
    """Every value of every column."""
    said = []
    with store._engine.connect() as connection:
        for table in METADATA.sorted_tables:
            for row in connection.execute(select(table)):
                said += [f"{table.name}: {_text(thing)}" for thing in row]
    return "\n".join(said)


def _text(thing: object) -> str:
    if isinstance(thing, bytes):
        try:
            return zlib.decompress(thing).decode()
        except zlib.error:
            return ""
    return json.dumps(thing, ensure_ascii=False, default=str)


def test_nothing_is_left_in_any_row_and_the_log_still_holds(store: SqlStore) -> None:
    gone = filled(store)
    before = everything(store)
    assert all(word in before for word in WORDS)
    case = store.case(gone.cases[0])
    assert case is not None
    with store.begin() as unit:
        unit.log(an_event(3, case.number))
        unit.erase(gone, (case,), LATER)
    after = everything(store)
    assert [word for word in WORDS if word in after] == []
    with store.begin() as unit:
        assert unit.delete_erased() == len(gone.files)
    store.compact()
    assert store.verify() == ()
    assert store.left_by_erasing().files == ()
    kept = store.case(case.number)
    assert kept is not None
    assert (kept.state, kept.messages) == (State.ERASED, case.messages)
    row = store.message(gone.mails[0])
    assert row is not None
    assert (row.disposition, row.cases) == (Disposition.ERASED, gone.cases)
    assert all(store.files.exists(sha256) for sha256 in gone.shared)
    assert store.reading(store.messages()[0].sha256) is not None


def test_a_file_that_came_again_meanwhile_stays_and_nothing_goes_while_a_mail_is_in_hand(store: SqlStore) -> None:
    gone = filled(store)
    case = store.case(gone.cases[0])
    assert case is not None
    with store.begin() as unit:
        unit.erase(gone, (case,), LATER)
    add(store, 3)
    assert store.claim_next(LATER) is not None
    with store.begin() as unit:
        assert unit.delete_erased() == 0
    paper = gone.files[1]
    attached = Attachment("护照.jpg", "护照.jpg", "2", "image/jpeg", 15, paper)
    with store.begin() as unit:
        message = replace(a_message(store.messages()[0].sha256, "<m3@c.example>"), attachments=(attached,))
        unit.finish_message(3, message, PARKED, LATER)
        assert unit.delete_erased() == len(gone.files) - 1
    assert store.files.exists(paper)
    assert store.verify() == ()


def test_mails_that_were_erased_elsewhere_are_known_when_they_come(store: SqlStore) -> None:
    sha256 = store.files.put_bytes(b"mail 9")
    with store.begin() as unit:
        unit.await_erased((sha256,))
    add(store, 9)
    (row,) = store.messages()
    assert (row.status, row.disposition) == ("done", Disposition.ERASED)
    assert store.left_by_erasing().files == (sha256,)
    assert store.claim_next(LATER) is None
