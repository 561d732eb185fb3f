"""A clerk's own answer, found in Sent, is the notice."""

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from tests.support.acting import desk, done, later, picture, undone
from tests.support.acts import CLERK
from tests.support.worker import Office, application, mail

from mailintake.letters.compose import LOOP_HEADER
from mailintake.model.case import DeadlineKind
from mailintake.model.understanding import Disposition

QUESTION = {
    "id": "q1",
    "at": "2026-11-02 09:21",
    "from": "段一舟 <duan@elsewhere.example>",
    "subject": "材料",
    "text": "您好，请见附件，谢谢。",
}


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Office]:
    (tmp_path / "inbox" / "Sent").mkdir(parents=True)
    with desk(tmp_path) as made:
        made.run()
        yield made


def answer(made: Office, to: str, *, thread: str = "", subject: str = "答复", **headers: str) -> None:
    """A clerk writes from the office's web page."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = CLERK.mail, to, subject
    letter["Message-ID"], letter["Date"] = "<hand1@office.example>", "Mon, 02 Nov 2026 10:00:00 +0800"
    if thread:
        letter["In-Reply-To"] = thread
    for name, value in headers.items():
        letter[name.replace("_", "-")] = value
    letter.set_content("您好，照片请重发。")
    made.deliver(letter.as_bytes(), "Sent")
    later(made, 1)
    made.run()


def stored(made: Office, sender: str) -> str:
    return next(row.message_id for row in made.shells.store.messages() if row.sender == sender)


def first_notice_met(made: Office) -> bool:
    (case,) = made.shells.store.cases()
    return all(d.met for d in case.deadlines if d.kind is DeadlineKind.FIRST_NOTICE)


def test_an_answer_in_the_thread_closes_the_line_and_is_remembered(here: Office) -> None:
    here.deliver(mail(**QUESTION))
    here.run()
    assert here.notices()
    answer(here, "duan@elsewhere.example", thread=stored(here, "duan@elsewhere.example"))
    assert here.notices() == []
    (row,) = here.shells.store.messages()
    assert row.disposition is Disposition.ANSWERED
    (event,) = [e for e in here.shells.store.events() if e.what == "answer.found"]
    assert event.message == row.sha256


@pytest.mark.parametrize("by", ["thread", "number"])
def test_an_answer_to_the_applicant_meets_our_first_notice(here: Office, by: str) -> None:
    here.deliver(application(without=["photo a"]))
    here.run()
    (case,) = here.shells.store.cases()
    sender = case.participants[0].addr
    assert not first_notice_met(here)
    if by == "thread":
        answer(here, sender, thread=stored(here, sender))
    else:
        answer(here, sender, subject=f"关于 {case.number}")
    assert first_notice_met(here)
    (case,) = here.shells.store.cases()
    assert [(letter.letter, letter.by) for letter in case.letters][-1] == ("by_hand", CLERK.name)


def test_an_answer_to_somebody_else_or_a_letter_of_ours_counts_for_nothing(here: Office) -> None:
    here.deliver(application(without=["photo a"]))
    here.run()
    (case,) = here.shells.store.cases()
    before = picture(here.shells.store)
    answer(here, "friend@elsewhere.example", subject=f"关于 {case.number}")
    answer(here, case.participants[0].addr, subject=f"关于 {case.number}", **{LOOP_HEADER: "correction"})
    assert picture(here.shells.store) == before


def test_what_was_counted_wrongly_is_taken_back(here: Office) -> None:
    here.deliver(application(without=["photo a"]))
    here.run()
    (case,) = here.shells.store.cases()
    before = picture(here.shells.store)
    answer(here, case.participants[0].addr, subject=f"关于 {case.number}")
    (event,) = [e for e in here.shells.store.events() if e.what == "answer.found"]
    done(undone(here, event.sequence))
    assert picture(here.shells.store) == before


def test_what_lay_in_sent_before_us_and_what_was_seen_once_is_not_counted(tmp_path: Path) -> None:
    (tmp_path / "inbox" / "Sent").mkdir(parents=True)
    with desk(tmp_path) as made:
        made.deliver(application(without=["photo a"]))
        answer(made, "suhe@qingchuan.example", subject="关于 LN-2026-000001-7")
        assert not first_notice_met(made)
