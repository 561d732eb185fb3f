"""Letters through the stand-in of 163: every switch of its SMTP side, seen from the outbox."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.support.netease import Fault, Netease, Switches, netease
from tests.support.worker import Office, application, mail, office

from mailintake.config.settings import SendingLimits, SmtpSettings
from mailintake.mailer.smtp import SmtpMailer
from mailintake.model.letter import OutboxState
from mailintake.readers.pool import ReaderPool

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@contextmanager
def office_at_163(folder: Path, readers: ReaderPool, **settings: Any) -> Iterator[tuple[Office, Netease]]:
    """An office whose letters go to the stand-in, which lives by the office's clock."""
    with netease(Switches()) as server:
        mailer = SmtpMailer(server.host, server.smtp_port, server.user, server.password, tls="none", final_wait=30)
        smtp = SmtpSettings(from_address=server.user)
        with office(folder, readers=readers, mailer=mailer, smtp=smtp, **settings) as at:
            server.state.clock = lambda: at.clock().timestamp()
            yield at, server
        mailer.close()


def ask(at: Office, count: int, *, begin: int = 0) -> None:
    """So many people ask the very same question."""
    for number in range(begin, begin + count):
        at.deliver(mail(id=f"q{number}", **{"from": f"苏禾 <a{number}@b{number}.example>"}))


def test_the_same_question_of_many_people_is_answered_without_looking_like_spam(
    tmp_path: Path, readers: ReaderPool
) -> None:
    with office_at_163(tmp_path, readers) as (at, server):
        ask(at, 5)
        at.run()
        assert at.notices("sending.paused") == []
        assert len(server.state.sent) == 5


def test_the_same_correction_for_many_companies_is_not_taken_for_spam(tmp_path: Path, readers: ReaderPool) -> None:
    with office_at_163(tmp_path, readers) as (at, server):
        for number in range(4):
            sender = {"from": f"苏禾 <suhe@company{number}.example>"}
            at.deliver(
                application(id=f"m{number}", of=["abcd"[number]], without=["photo"], subject="新办APEC卡", **sender)
            )
        at.run()
        assert at.notices("sending.paused") == []
        assert len(server.state.sent) == 4


def test_a_quarter_hours_quota_is_waited_for_and_then_all_letters_go_out_once(
    tmp_path: Path, readers: ReaderPool
) -> None:
    with office_at_163(tmp_path, readers) as (at, server):
        server.switches.per_quarter, server.switches.same_body = 2, 0
        ask(at, 5)
        for _ in range(5):
            at.run(16 * MINUTE)
        assert len({recipients for _, recipients, _ in server.state.sent}) == len(server.state.sent) == 5
        assert at.notices("sending.paused") == []


def test_our_own_limits_spread_the_queue_so_that_the_provider_never_says_no(
    tmp_path: Path, readers: ReaderPool
) -> None:
    limits = SendingLimits(per_hour=6, gap_seconds=20, per_day=10)
    with office_at_163(tmp_path, readers, sending=limits) as (at, server):
        server.switches.per_quarter, server.switches.per_day, server.switches.same_body = 6, 10, 0
        ask(at, 14)
        for _ in range(60):
            at.run(5 * MINUTE)
        first_day = len(server.state.sent)
        assert first_day == 10
        for _ in range(30):
            at.run(HOUR)
        assert len(server.state.sent) == 14
        assert not [event for event in at.shells.store.events() if event.what == "sending.paused"]


@pytest.mark.parametrize("answer", ["554 DT:SPM 163 smtp1, spam", "550 User has no permission", "554 IP is rejected"])
def test_what_only_a_person_can_mend_stops_everything_and_is_one_line_for_staff(
    tmp_path: Path, readers: ReaderPool, answer: str
) -> None:
    with office_at_163(tmp_path, readers) as (at, server):
        server.switches.faults.append(Fault("dot", "no", times=-1, text=answer))
        ask(at, 4)
        for _ in range(4):
            at.run(DAY)
        assert sum(" DATA" in line for line in server.state.log) == 1  # not one failure a letter
        assert len(at.notices("sending.paused")) == 1
        assert len(at.outbox(OutboxState.READY)) == 4
