"""Two mailboxes, each with its own rules; and one whose server hangs does not keep the other from being answered."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.support.smtp_peer import scripted
from tests.support.worker import Office, application, configured, mail, office, shipped
from tests.worker.test_sending import approve

from mailintake.app.demo.mails import Answer
from mailintake.mailbox.folder import FolderMailbox
from mailintake.mailbox.imap import ImapMailbox
from mailintake.mailbox.port import Mailbox
from mailintake.model.letter import LetterPolicy, Mode, OutboxState
from mailintake.model.procedure import ProcedureKey
from mailintake.model.rules import RuleSet
from mailintake.readers.pool import ReaderPool
from mailintake.worker.intake.polling import Watch
from mailintake.worker.passes import Worker

DAY = timedelta(days=1)
AUTO = LetterPolicy(default_mode=Mode.AUTO, quiet_seconds=0)


def branch_rules() -> RuleSet:
    """An office of another name that knows no signature and has two days for a new card."""
    rules = shipped().rules
    procedures = tuple(
        replace(
            p,
            time_limit_days=2 if p.key is ProcedureKey.NEW else p.time_limit_days,
            variants=tuple(replace(v, email=tuple(r for r in v.email if r.kind != "photo")) for v in p.variants),
        )
        for p in rules.procedures
    )
    office_ = replace(rules.office, name="远帆分处", intake_address="branch@yuanfan.example")
    return replace(rules, version="branch-rules", procedures=procedures, office=office_)


@contextmanager
def two_offices(tmp_path: Path, readers: ReaderPool, policy: LetterPolicy = AUTO) -> Iterator[Office]:
    """Mailbox main with the general rules, mailbox branch with its own; mails of branch lie in branch/."""
    (tmp_path / "branch").mkdir()
    boxes: dict[str, Mailbox] = {
        "main": FolderMailbox("main", tmp_path / "inbox"),
        "branch": FolderMailbox("branch", tmp_path / "branch"),
    }
    with office(tmp_path, readers=readers, policy=policy, mailboxes=boxes) as at:
        configuration = replace(configured(policy), mailbox_rules={"branch": branch_rules()})
        at.shells = replace(at.shells, configuration=configuration)
        at.worker = Worker(at.shells, at.worker.watches, None, None, lambda: 1.0)
        yield at


def to_branch(tmp_path: Path, raw: bytes, number: int = 1) -> None:
    (tmp_path / "branch" / f"{number:04}.eml").write_bytes(raw)


def test_each_mail_is_judged_by_the_rules_of_its_mailbox(tmp_path: Path, readers: ReaderPool) -> None:
    with two_offices(tmp_path, readers) as at:
        at.deliver(application(id="m1", without=["photo"], **{"from": "甲 <a@one.example>"}))
        to_branch(tmp_path, application(id="m2", without=["photo"], of=["b"], **{"from": "乙 <b@two.example>"}))
        assert not at.run().faults
        cases = {case.participants[0].addr: case for case in at.shells.store.cases()}
        assert cases["a@one.example"].rule_version == shipped().rules.version
        assert cases["b@two.example"].rule_version == "branch-rules"
        kinds = {to: {m.kind for m in case.assessment.missing} for to, case in cases.items() if case.assessment}
        assert "photo" in kinds["a@one.example"]
        assert "photo" not in kinds["b@two.example"]
        letters = {str(letter["To"]): letter for letter in at.letters()}
        assert "远帆分处" in str(letters["b@two.example"]["From"])
        assert "远帆分处" not in str(letters["a@one.example"]["From"])


def test_an_answer_sent_to_the_other_address_stays_with_its_case(tmp_path: Path, readers: ReaderPool) -> None:
    with two_offices(tmp_path, readers) as at:
        to_branch(tmp_path, application(without=["form"]))
        at.run()
        (letter,) = at.letters()
        (case,) = at.shells.store.cases()
        answer = Answer(case.number, str(letter["Message-ID"]))
        at.deliver(
            mail(answer, id="m2", reply_to="m1", subject="Re: 补充", text="请查收。", set="new", of=["a"]),
        )
        at.run(timedelta(hours=1))
        (case,) = at.shells.store.cases()
        assert len(case.messages) == 2
        assert case.rule_version == "branch-rules"


def test_reminders_and_letters_approved_later_are_the_branchs_own(tmp_path: Path, readers: ReaderPool) -> None:
    with two_offices(tmp_path, readers, replace(AUTO, default_mode=Mode.APPROVE)) as at:
        to_branch(tmp_path, application(without=["signature"]))
        at.run()
        for _ in range(14):
            approve(at)
            assert not at.run(DAY).faults
        assert "reminder" in {entry.letter.value for entry in at.outbox(OutboxState.SENT)}
        for letter in at.letters():
            assert "远帆分处" in str(letter["From"])


def test_a_mailbox_whose_server_hangs_does_not_keep_the_other_from_being_answered(
    tmp_path: Path, readers: ReaderPool
) -> None:
    def hang(connection: socket.socket) -> None:
        connection.sendall(b"* OK ready\r\n")
        time.sleep(30)

    with scripted(hang) as port:
        stuck = ImapMailbox(
            "stuck", "127.0.0.1", port, "u", "p", tls=False, connect_timeout=1, read_timeout=1, session_deadline=2
        )
        boxes: dict[str, Mailbox] = {"stuck": stuck, "main": FolderMailbox("main", tmp_path / "inbox")}
        watch = Watch("main", ("INBOX",), None, everything=True)
        with office(tmp_path, readers=readers, mailboxes=boxes, watch=watch) as at:
            at.deliver(mail())
            began = time.monotonic()
            report = at.run()
            assert [str(letter["To"]) for letter in at.letters()] == ["suhe@qingchuan.example"]
            assert time.monotonic() - began < 20
            assert len(report.faults) == 1
            assert "stuck" in report.faults[0]
            at.deliver(mail(id="m2", **{"from": "沈月 <shen@tingtao.example>"}))
            assert at.run().faults == [], "it is left alone for a while: the second pass does not even wait for it"
            assert len(at.letters()) == 2
