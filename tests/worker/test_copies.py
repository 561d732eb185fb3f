"""Letters in doubt, drafts, and copies in the Sent folder."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.support.netease import Fault, Netease, Switches, netease
from tests.support.netease_store import SENT
from tests.support.stored import break_rows
from tests.support.worker import MONDAY, Office, ScriptedMailer, application, intake_box, mail, office

from mailintake.config.settings import SentCopy
from mailintake.errors import (
    MailboxUnavailable,
    MailerInDoubt,
    MailerUnavailable,
)
from mailintake.mailbox.folder import FolderMailbox
from mailintake.mailer.smtp import SmtpMailer
from mailintake.model.case import DeadlineKind
from mailintake.model.letter import LetterPolicy, Mode, OutboxState
from mailintake.model.zone import local_day
from mailintake.readers.pool import ReaderPool
from mailintake.store.open import SqlStore

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
APPROVE = LetterPolicy(default_mode=Mode.APPROVE)


def states(at: Office) -> list[str]:
    return [entry.state.value for entry in at.outbox()]


def test_in_doubt_is_sent_once_more_with_the_same_message_id_and_never_again(
    tmp_path: Path, readers: ReaderPool
) -> None:
    mailer = ScriptedMailer([MailerUnavailable("450"), MailerInDoubt("gone"), MailerInDoubt("gone again")])
    with office(tmp_path, readers=readers, mailer=mailer) as at:
        at.deliver(mail())
        at.run()
        at.run(5 * MINUTE)
        assert states(at) == ["in_doubt"]
        at.run(MINUTE)
        assert states(at) == ["in_doubt"]
        at.run(10 * MINUTE)
        assert states(at) == ["in_doubt"]
        at.run(11 * MINUTE)
        assert states(at) == ["failed"]
        assert len(at.notices("letter.failed")) == 1
        assert mailer.outcomes == []


class Deaf(FolderMailbox):
    """A mailbox that cannot be asked about Sent."""

    def has_message_id(self, folder_flag: str, message_id: str) -> bool:
        raise MailboxUnavailable("no answer in time")


def test_in_doubt_waits_for_a_mailbox_that_cannot_be_asked(tmp_path: Path, readers: ReaderPool) -> None:
    mailer = ScriptedMailer([MailerInDoubt("gone")])
    box: dict[str, Any] = {"main": Deaf("main", tmp_path / "inbox")}
    with office(tmp_path, readers=readers, mailer=mailer, mailboxes=box) as at:
        at.deliver(mail())
        at.run()
        for _ in range(5):
            at.run(HOUR)
        assert (states(at), mailer.taken) == (["in_doubt"], [])
        at.run(3 * DAY)
        assert states(at) == ["failed"]


def test_a_letter_found_half_sent_at_the_start_is_looked_for_before_it_is_sent_again(
    tmp_path: Path, readers: ReaderPool
) -> None:
    with office(tmp_path, readers=readers, policy=APPROVE) as at:
        at.deliver(mail())
        at.run()
        (entry,) = at.outbox()
        raw = at.shells.store.files.path(entry.sha256).read_bytes()
        with at.shells.store.begin() as unit:
            unit.move(entry.id, OutboxState.WAITING, OutboxState.READY, at.clock.now)
            unit.move(entry.id, OutboxState.READY, OutboxState.SENDING, at.clock.now)
        at.run()
        assert states(at) == ["in_doubt"]
        at.deliver(raw, "Sent")
        at.run(11 * MINUTE)
        assert (states(at), at.mailer.taken) == (["sent"], [])


def smtp(server: Netease) -> SmtpMailer:
    return SmtpMailer(server.host, server.smtp_port, server.user, server.password, tls="none", timeout=5, final_wait=1)


def test_taken_and_then_silent_is_settled_by_the_providers_own_copy(tmp_path: Path, readers: ReaderPool) -> None:
    from mailintake.config.settings import SmtpSettings
    from mailintake.mailbox.imap import ImapMailbox

    with netease(Switches(sent_appears=0.0, faults=[Fault("dot", "drop")])) as server:
        box = ImapMailbox("box", server.host, server.imap_port, server.user, server.password, tls=False)
        sender = SmtpSettings(from_address=server.user)
        boxes: dict[str, Any] = {"box": box}
        with office(tmp_path, readers=readers, mailer=smtp(server), mailboxes=boxes, smtp=sender) as at:
            server.store.add(mail())
            at.run()
            assert states(at) == ["in_doubt"]
            at.run(11 * MINUTE)
            assert states(at) == ["sent"]
            assert len(server.state.sent) == 1
        box.close()


@pytest.mark.parametrize(
    ("setting", "appears", "copies"),
    [(SentCopy.NEVER, False, 0), (SentCopy.APPEND, False, 1), (SentCopy.AUTO, False, 1), (SentCopy.AUTO, True, 1)],
)
def test_the_sent_folder_holds_a_letter_as_the_office_wants_it(
    tmp_path: Path, readers: ReaderPool, setting: SentCopy, appears: bool, copies: int
) -> None:
    with office(tmp_path, readers=readers, sent_copy=setting) as at:
        at.deliver(mail())
        at.run()
        if appears:
            at.deliver(at.mailer.taken[0][0], "Sent")
        for _ in range(3):
            at.run(3 * MINUTE)
        assert len(list((tmp_path / "inbox" / "Sent").glob("*.eml"))) == copies


def test_drafts_and_copies_go_to_the_mailbox_our_letters_come_from(tmp_path: Path, readers: ReaderPool) -> None:
    boxes: dict[str, Any] = {n: FolderMailbox(n, tmp_path / n) for n in ("annex", "intake")}
    for name in boxes:
        (tmp_path / name).mkdir()
    settings = (intake_box("annex", "annex@office.example"), intake_box("intake", "lnwfapec@163.com"))
    policy = LetterPolicy(default_mode=Mode.DRAFT, quiet_seconds=0)
    with office(tmp_path, readers=readers, mailboxes=boxes, policy=policy, mailboxes_settings=settings) as at:
        (tmp_path / "annex" / "1.eml").write_bytes(mail())
        at.run()
        assert len(list((tmp_path / "intake" / "Drafts").glob("*.eml"))) == 1


def test_a_draft_is_put_there_once_even_when_the_program_ended_in_between(tmp_path: Path, readers: ReaderPool) -> None:
    policy = LetterPolicy(default_mode=Mode.DRAFT, quiet_seconds=0)
    with office(tmp_path, readers=readers, policy=policy) as at:
        at.deliver(mail())
        at.run()
        (entry,) = at.outbox()
        assert isinstance(at.shells.store, SqlStore)
        break_rows(at.shells.store, f"UPDATE outbox SET state = 'ready' WHERE id = {entry.id}")  # noqa: S608
        at.run()
        assert len(list((tmp_path / "inbox" / "Drafts").glob("*.eml"))) == 1


def test_the_days_to_correct_count_from_the_hour_a_clerk_sends_the_draft(tmp_path: Path, readers: ReaderPool) -> None:
    policy = LetterPolicy(default_mode=Mode.DRAFT, quiet_seconds=0)
    with office(tmp_path, readers=readers, policy=policy) as at:
        at.deliver(application(without=["photo"]))
        at.run()
        (case,) = at.shells.store.cases()
        assert [d for d in case.deadlines if d.kind is DeadlineKind.CORRECTION] == []
        (draft,) = (tmp_path / "inbox" / "Drafts").glob("*.eml")
        (tmp_path / "inbox" / "Sent").mkdir(exist_ok=True)
        draft.rename(tmp_path / "inbox" / "Sent" / draft.name)
        at.run(2 * DAY)
        assert states(at) == ["sent"]
        (case,) = at.shells.store.cases()
        (period,) = (d for d in case.deadlines if d.kind is DeadlineKind.CORRECTION)
        assert period.since == local_day(at.clock.now)


def test_the_stand_ins_sent_folder_gets_no_second_copy(tmp_path: Path, readers: ReaderPool) -> None:
    from mailintake.config.settings import SmtpSettings
    from mailintake.mailbox.imap import ImapMailbox

    with netease(Switches(sent_appears=0.0)) as server:
        boxes: dict[str, Any] = {
            "box": ImapMailbox("box", server.host, server.imap_port, server.user, server.password, tls=False)
        }
        kept: dict[str, Any] = {"sent_copy": SentCopy.AUTO, "smtp": SmtpSettings(from_address=server.user)}
        with office(tmp_path, readers=readers, mailer=smtp(server), mailboxes=boxes, now=MONDAY, **kept) as at:
            server.store.add(mail())
            at.run()
            at.run(5 * MINUTE)
            assert len(server.store.mails(SENT)) == 1
        boxes["box"].close()
