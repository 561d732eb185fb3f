"""Machines that answer machines: after one exchange there is silence."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from tests.support.worker import Office, mail, office

from mailintake.config.settings import SmtpSettings
from mailintake.model.understanding import Disposition
from mailintake.readers.pool import ReaderPool

HOUR = timedelta(hours=1)
HERE, THERE = "intake@here.example", "intake@there.example"


def handed_over(sender: Office, receiver: Office, since: int) -> int:
    """What one took out since then arrives at the other; gives how many it has sent by now."""
    for raw, _, _ in sender.mailer.taken[since:]:
        receiver.deliver(raw)
    return len(sender.mailer.taken)


def test_two_instances_that_face_each_other_stop_after_one_letter(tmp_path: Path, readers: ReaderPool) -> None:
    with (
        office(tmp_path / "a", readers=readers, smtp=SmtpSettings(from_address=HERE)) as here,
        office(tmp_path / "b", readers=readers, smtp=SmtpSettings(from_address=THERE)) as there,
    ):
        here.deliver(mail(**{"from": THERE}))
        mine = theirs = 0
        for _ in range(12):
            here.run(HOUR)
            mine = handed_over(here, there, mine)
            there.run(HOUR)
            theirs = handed_over(there, here, theirs)
        assert (mine, theirs) == (1, 0)


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"X-Autoreply": "yes"},
        {"Precedence": "bulk"},
        {"X-QQ-AUTO-REPLY": "1"},
        {"X-Auto-Response-Suppress": "All"},
        {},
    ],
    ids=lambda headers: next(iter(headers), "by its subject"),
)
def test_a_vacation_responder_is_not_answered(tmp_path: Path, readers: ReaderPool, headers: dict[str, str]) -> None:
    with office(tmp_path, readers=readers) as at:
        at.deliver(mail())
        at.run()
        for number in range(10):
            letter = at.letters()[-1]
            reply = mail(
                id=f"away{number}",
                subject=f"自动回复：{letter['Subject']}",
                text="您好，我正在休假，11月20日返回，期间请联系同事。",
                headers={"In-Reply-To": str(letter["Message-ID"])} | headers,
            )
            at.deliver(reply)
            assert at.run(HOUR).fates == {Disposition.PARKED: 1}
        assert len(at.letters()) == 1


def test_a_responder_that_nobody_could_recognise_gets_a_few_letters_at_most(
    tmp_path: Path, readers: ReaderPool
) -> None:
    with office(tmp_path, readers=readers) as at:
        at.deliver(mail())
        at.run()
        for number in range(20):
            letter = at.letters()[-1]
            text = f"第{number}次：您的来信收到，请问新办APEC商务旅行卡需要什么材料？"
            at.deliver(mail(id=f"r{number}", subject=f"Re: {letter['Subject']}", text=text))
            at.run(timedelta(minutes=30))
        assert len(at.letters()) <= at.shells.configuration.letters.per_address_per_day


def test_our_own_letter_that_comes_back_is_not_answered(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers) as at:
        at.deliver(mail())
        at.run()
        at.deliver(at.mailer.taken[0][0])
        assert at.run(HOUR).fates == {Disposition.PARKED: 1}
        assert len(at.letters()) == 1


def test_a_bouncing_address_gets_no_answer_to_its_bounces(tmp_path: Path, readers: ReaderPool) -> None:
    from tests.worker.test_process import BOUNCE

    with office(tmp_path, readers=readers) as at:
        at.deliver(mail())
        at.run()
        for number in range(5):
            letter = at.letters()[0]
            bounce = BOUNCE.format(letter["Message-ID"]).replace("bounce1", f"bounce{number}")
            at.deliver(bounce.encode())
            at.run(HOUR)
        assert len(at.letters()) == 1
        assert len(at.outbox()) == 1


def test_every_letter_says_that_a_machine_wrote_it(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers) as at:
        at.deliver(mail())
        at.run()
        letter = message_from_bytes(at.mailer.taken[0][0], policy=default)
        assert letter["Auto-Submitted"] == "auto-replied"
