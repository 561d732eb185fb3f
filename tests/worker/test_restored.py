"""A restored installation answers nobody twice: what Sent shows went out, and the rest waits for a clerk."""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.support.databases import SERVER, copied, database_at
from tests.support.worker import Office, application, mail, office

from mailintake.config.settings import SentCopy
from mailintake.mailbox.folder import FolderMailbox
from mailintake.model.case import DeadlineKind
from mailintake.model.letter import LetterPolicy, Mode, OutboxState
from mailintake.readers.pool import ReaderPool
from mailintake.store.backup import backup, mark_restored, restore
from mailintake.store.open import SqlStore, open_store

DAY = timedelta(days=1)
WAITING, SENT = OutboxState.WAITING, OutboxState.SENT


@contextmanager
def before(tmp_path: Path, readers: ReaderPool, mode: Mode = Mode.AUTO) -> Iterator[Office]:
    """The installation that a backup is made of and that works on for a while."""
    policy = LetterPolicy(default_mode=mode, quiet_seconds=0)
    with office(tmp_path / "first", readers=readers, policy=policy, sent_copy=SentCopy.APPEND) as at:
        yield at


@contextmanager
def after(tmp_path: Path, readers: ReaderPool, now: datetime) -> Iterator[Office]:
    """The one that takes over: the backup's data, the mailbox as it is now."""
    if (tmp_path / "backup").exists():
        restore(tmp_path / "backup", tmp_path / "second")
    else:
        shutil.copytree(tmp_path / "first" / "originals", tmp_path / "second" / "originals")
        with closing(open_store(database_at(tmp_path / "second"), tmp_path / "second" / "originals")) as store:
            mark_restored(store)
    box = FolderMailbox("main", tmp_path / "first" / "inbox")
    with office(
        tmp_path / "second", readers=readers, mailboxes={"main": box}, sent_copy=SentCopy.APPEND, now=now
    ) as at:
        yield at


def keep(at: Office, tmp_path: Path) -> None:
    store = at.shells.store
    assert isinstance(store, SqlStore)
    if SERVER in os.environ:
        store._engine.dispose()
        copied(tmp_path / "first", tmp_path / "second")
    else:
        backup(store, tmp_path / "backup")


def enquiry(number: int) -> bytes:
    return mail(id=f"e{number}", **{"from": f"a{number}@b{number}.example"})


def work_on_after_the_backup(tmp_path: Path, readers: ReaderPool) -> datetime:
    """One case before the backup; its reminder and another enquiry answered after it. Gives when that ended."""
    with before(tmp_path, readers) as at:
        at.deliver(application(without=["photo"]))
        at.run()
        keep(at, tmp_path)
        at.deliver(enquiry(2))
        for _ in range(14):
            at.run(DAY)
        assert {entry.letter.value for entry in at.outbox(SENT)} >= {"tolerated", "reminder", "procedure_sheet"}
        return at.clock.now


def test_what_went_out_after_the_backup_is_found_in_sent_and_not_sent_again(
    tmp_path: Path, readers: ReaderPool
) -> None:
    with before(tmp_path, readers) as at:
        at.deliver(enquiry(1))
        at.run()
        keep(at, tmp_path)
        at.deliver(application(without=["photo"]))
        at.deliver(enquiry(2))
        at.run()
        now, told = at.clock.now, Counter(entry.letter for entry in at.outbox(SENT))
    with after(tmp_path, readers, now + DAY) as at:
        assert not at.run().faults
        assert at.letters() == []
        assert Counter(entry.letter for entry in at.outbox(SENT)) == told
        (case,) = at.shells.store.cases()
        assert DeadlineKind.CORRECTION in {d.kind for d in case.deadlines}
        at.deliver(enquiry(3))
        at.inbox.joinpath("0001.eml").rename(tmp_path / "first" / "inbox" / "0009.eml")
        at.run(timedelta(hours=1))
        assert [letter["To"] for letter in at.letters()] == ["a3@b3.example"], "what is new is answered as always"
        assert at.shells.store.verify() == ()


def test_what_sent_does_not_show_waits_for_a_clerk(tmp_path: Path, readers: ReaderPool) -> None:
    now = work_on_after_the_backup(tmp_path, readers)
    shutil.rmtree(tmp_path / "first" / "inbox" / "Sent")
    with after(tmp_path, readers, now) as at:
        for _ in range(3):
            at.run()
        assert at.letters() == []
        held = at.outbox(WAITING)
        assert "procedure_sheet" in {entry.letter.value for entry in held}
        assert all("restored" in entry.last_answer for entry in held)


@pytest.mark.parametrize("approved", [True, False])
def test_a_letter_that_waited_at_the_backup_is_sent_once(tmp_path: Path, readers: ReaderPool, approved: bool) -> None:
    with before(tmp_path, readers, Mode.APPROVE) as at:
        at.deliver(enquiry(1))
        at.run()
        keep(at, tmp_path)
        if approved:
            approve(at)
            at.run()
            assert len(at.letters()) == 1
        now = at.clock.now
    with after(tmp_path, readers, now + DAY) as at:
        at.run()
        assert [entry.state for entry in at.outbox()] == [SENT if approved else WAITING]
        approve(at)
        at.run()
        assert len(at.letters()) == (0 if approved else 1)


def approve(at: Office) -> None:
    for entry in at.outbox(WAITING):
        with at.shells.store.begin() as unit:
            assert unit.move(entry.id, OutboxState.WAITING, OutboxState.READY, at.clock.now)


def test_the_restored_outbox_outlives_a_pass_that_could_not_see_the_mailbox(
    tmp_path: Path, readers: ReaderPool
) -> None:
    with before(tmp_path, readers) as at:
        keep(at, tmp_path)
        at.deliver(enquiry(1))
        at.run()
        now = at.clock.now
    inbox = tmp_path / "first" / "inbox"
    with after(tmp_path, readers, now) as at:
        inbox.rename(tmp_path / "away")
        assert at.run().faults
        (tmp_path / "away").rename(inbox)
        at.run(timedelta(hours=1))
        assert at.letters() == []
        assert [entry.state for entry in at.outbox()] == [SENT]
