"""Machines that answer machines: one letter to a mail, five to an address in a day, none to a bounce."""

import re
from collections import Counter
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from tests.support.worker import Office, mail, office

from mailintake.config.settings import SmtpSettings
from mailintake.model.letter import OutboxState
from mailintake.model.rules import MessageClass
from mailintake.model.understanding import Disposition
from mailintake.readers.pool import ReaderPool

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TO_A_MAIL, TO_AN_ADDRESS_A_DAY, TO_A_BOUNCE = 1, 5, 0
HERE, THERE = "intake@here.example", "intake@there.example"


def check_figures(at: Office) -> None:
    """What must hold of everything that was sent, whoever was at the other end."""
    sent = at.outbox(OutboxState.SENT)
    answers = Counter(entry.in_answer_to for entry in sent if entry.in_answer_to)
    assert max(answers.values(), default=0) <= TO_A_MAIL
    received = [(to.lower(), entry.sent_at) for entry in sent for to in (*entry.to, *entry.cc) if entry.sent_at]
    for address, moment in received:
        same_day = [at for to, at in received if to == address and timedelta(0) <= at - moment < DAY]
        assert len(same_day) <= TO_AN_ADDRESS_A_DAY, address
    rows = at.shells.store.messages()
    bounces = {row.sha256 for row in rows if row.message_class == MessageClass.BOUNCE}
    assert sum(answers[sha256] for sha256 in bounces) == TO_A_BOUNCE


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
        check_figures(here)
        check_figures(there)


_TELLTALE = re.compile(
    rb"(?im)^(?:auto-submitted|x-[a-z-]+|message-id|references|in-reply-to):.*\r?\n(?:[ \t].*\r?\n)*"
)


def test_two_instances_behind_relays_that_take_out_every_header_of_ours_stop_after_one_letter(
    tmp_path: Path, readers: ReaderPool
) -> None:
    with (
        office(tmp_path / "a", readers=readers, smtp=SmtpSettings(from_address=HERE)) as here,
        office(tmp_path / "b", readers=readers, smtp=SmtpSettings(from_address=THERE)) as there,
    ):
        here.deliver(mail(**{"from": THERE}))
        seen = [0, 0]
        for number in range(30):
            for side, (sender, receiver) in enumerate(((here, there), (there, here))):
                sender.run(HOUR)
                for raw, _, _ in sender.mailer.taken[seen[side] :]:
                    fresh = b"Message-ID: <%d.%d@relay.example>\r\n" % (number, side)
                    receiver.deliver(fresh + _TELLTALE.sub(b"", raw))
                seen[side] = len(sender.mailer.taken)
        check_figures(here)
        check_figures(there)
        assert seen == [1, 0]  # a letter of ours is known by its words


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
        check_figures(at)


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
        assert len(at.letters()) <= TO_AN_ADDRESS_A_DAY
        check_figures(at)


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
        check_figures(at)


def test_every_letter_says_that_a_machine_wrote_it(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers) as at:
        at.deliver(mail())
        at.run()
        letter = message_from_bytes(at.mailer.taken[0][0], policy=default)
        assert letter["Auto-Submitted"] == "auto-replied"
