"""Looking into a mailbox: nothing lost, nobody answered by surprise, one bad mail does not keep out the next."""

from dataclasses import replace
from datetime import UTC, date
from pathlib import Path
from typing import Any

import pytest
from tests.support.netease import Fault, Netease, netease
from tests.support.netease_store import JUNK
from tests.support.worker import MONDAY, Office, mail, office

from mailintake.errors import MailboxUnavailable, StoreUnusable
from mailintake.mailbox.folder import FolderMailbox
from mailintake.mailbox.imap import ImapMailbox
from mailintake.model.message import MessageRef
from mailintake.store.port import FolderPlace
from mailintake.worker.intake.fetching import HEAD_BYTES
from mailintake.worker.intake.polling import Polled, Reconciled, Watch, poll, reconcile
from mailintake.worker.shells import log_event

BASELINE = Watch("box", ("INBOX",), None)
EVERYTHING = replace(BASELINE, everything=True)


def look(at: Office, watch: Watch = EVERYTHING) -> Polled:
    return poll(at.shells, at.shells.mailboxes["box"], watch)


def proof(at: Office, watch: Watch = EVERYTHING) -> Reconciled:
    return reconcile(at.shells, at.shells.mailboxes["box"], watch)


def imap(server: Netease, **options: Any) -> ImapMailbox:
    return ImapMailbox(
        "box", server.host, server.imap_port, server.user, server.password, tls=False, read_timeout=5, **options
    )


def count(at: Office) -> int:
    return len(at.shells.store.messages())


def test_what_lies_there_at_the_first_start_is_not_ours_to_answer(tmp_path: Path) -> None:
    with netease() as server, office(tmp_path, mailboxes={"box": imap(server)}) as at:
        server.store.add(mail(id="old"))
        assert look(at, BASELINE) == Polled()
        server.store.add(mail(id="new"))
        assert look(at, BASELINE).fetched == 1
        assert proof(at, BASELINE) == Reconciled(on_server=2, recorded=2, fetched=0)


def test_since_takes_mails_of_that_day_and_later(tmp_path: Path) -> None:
    with netease() as server, office(tmp_path, mailboxes={"box": imap(server)}) as at:
        server.store.add(mail(id="old"), date=MONDAY.replace(day=1, hour=23).astimezone(UTC))
        server.store.add(mail(id="new"), date=MONDAY.replace(day=2, hour=0, minute=1).astimezone(UTC))
        watch = replace(BASELINE, since=date(2026, 11, 2))
        assert look(at, watch).fetched == 1
        assert "message.received" in {event.what for event in at.shells.store.events()}


def test_renumbered_mail_is_known_by_its_bytes_and_old_mail_stays_old(tmp_path: Path) -> None:
    with netease() as server, office(tmp_path, mailboxes={"box": imap(server)}) as at:
        server.store.add(mail(id="old"), date=MONDAY.replace(day=1))
        look(at, BASELINE)
        server.store.add(mail(id="ours"), date=MONDAY)
        look(at, BASELINE)
        server.store.renumber()
        assert look(at, BASELINE) == Polled(known=1)
        assert count(at) == 1
        assert proof(at, BASELINE) == Reconciled(2, 2, 0)


def test_a_mail_moved_between_folders_is_one_mail(tmp_path: Path) -> None:
    watch = replace(EVERYTHING, folders=("INBOX", "垃圾邮件"))
    with netease() as server, office(tmp_path, mailboxes={"box": imap(server)}) as at:
        uid = server.store.add(mail(), JUNK)
        look(at, watch)
        server.store.move(uid, JUNK, "INBOX")
        assert look(at, watch) == Polled(known=1)
        assert count(at) == 1
        assert proof(at, watch) == Reconciled(1, 1, 0)


def test_a_lower_uid_is_found_by_the_daily_proof(tmp_path: Path) -> None:
    with netease() as server, office(tmp_path, mailboxes={"box": imap(server)}) as at:
        uid = server.store.add(mail(id="first"))
        look(at)
        server.store.add(mail(id="late"), uid=uid - 1)
        assert look(at) == Polled()
        assert proof(at) == Reconciled(on_server=2, recorded=2, fetched=1)


def test_an_expunged_mail_stays_ours_and_the_figures_are_right(tmp_path: Path) -> None:
    with netease() as server, office(tmp_path, mailboxes={"box": imap(server)}) as at:
        uid = server.store.add(mail(id="one"))
        server.store.add(mail(id="two"))
        look(at)
        server.store.expunge("INBOX", [uid])
        assert proof(at) == Reconciled(1, 1, 0)
        assert count(at) == 2


def test_a_mail_that_vanishes_while_it_is_fetched_is_not_counted(tmp_path: Path) -> None:
    with netease() as server, office(tmp_path, mailboxes={"box": imap(server)}) as at:
        gone = server.store.add(mail(id="gone"))
        server.store.add(mail(id="here"))
        server.switches.fetch_misses.add(gone)
        assert look(at) == Polled(fetched=1, vanished=1)
        assert proof(at) == Reconciled(1, 1, 0)


def test_a_mail_that_a_poll_did_not_show_is_fetched_by_the_next_proof(tmp_path: Path) -> None:
    with netease() as server, office(tmp_path, mailboxes={"box": imap(server)}) as at:
        hidden = server.store.add(mail(id="hidden"))
        server.store.add(mail(id="shown"))
        server.switches.list_misses.add(hidden)
        assert look(at).fetched == 1
        server.switches.list_misses.clear()
        assert proof(at).fetched == 1


def test_a_broken_connection_costs_nothing_but_a_second_fetch(tmp_path: Path) -> None:
    with netease() as server, office(tmp_path, mailboxes={"box": imap(server)}) as at:
        for name in "abc":
            server.store.add(mail(id=name))
        server.switches.faults.append(Fault("FETCH", "drop", size=40))
        brought = [look_or_fault(at) for _ in range(4)]
        assert None in brought
        assert brought[-1] == Polled()
        assert count(at) == 3
        assert list(at.shells.spool.iterdir()) == []


class OnePoison(FolderMailbox):
    """A mailbox that breaks down whenever a certain mail is fetched."""

    poison = 2

    def slices(self, listed, limit=None):  # type: ignore[no-untyped-def]
        if listed.ref.uid == self.poison:
            raise MailboxUnavailable("no answer in time")
        return super().slices(listed, limit)


def test_a_mail_that_cannot_be_fetched_does_not_keep_out_those_behind_it(tmp_path: Path) -> None:
    with office(tmp_path, mailboxes={"box": OnePoison("box", tmp_path / "inbox")}) as at:
        for number in range(1, 5):
            at.deliver(mail(id=f"m{number}"))
        for _ in range(2):
            with pytest.raises(MailboxUnavailable):
                look(at)
        assert count(at) == 3
        assert at.notices("message.unfetchable") == []


def test_a_mail_that_can_never_be_fetched_is_told_to_staff_and_left_to_the_daily_proof(tmp_path: Path) -> None:
    box = OnePoison("box", tmp_path / "inbox")
    with office(tmp_path, mailboxes={"box": box}) as at:
        for number in range(1, 12):
            at.deliver(mail(id=f"m{number}"))
            if number > 1 and look_or_fault(at) == Polled():
                break
        assert len(at.notices("message.unfetchable")) == 1
        at.deliver(mail(id="last"))
        assert look(at).fetched == 1
        box.poison = 0
        assert proof(at).fetched == 1
        assert proof(at).recorded == proof(at).on_server


def test_an_empty_answer_to_a_fetch_costs_nothing_but_a_second_fetch(tmp_path: Path) -> None:
    with netease() as server, office(tmp_path, mailboxes={"box": imap(server)}) as at:
        whole = mail(id="whole")
        server.store.add(whole)
        server.switches.body_cuts = [0, 200]
        assert [look_or_fault(at) for _ in range(3)] == [None, None, Polled(fetched=1)]
        (row,) = at.shells.store.messages()
        assert at.shells.store.files.path(row.sha256).read_bytes() == whole
        assert at.shells.store.verify() == ()


def test_a_mail_of_which_too_little_is_held_is_told_and_fetched_again(tmp_path: Path) -> None:
    with netease() as server, office(tmp_path, mailboxes={"box": imap(server)}) as at:
        whole = mail(id="whole")
        look(at, BASELINE)
        uid = server.store.add(whole)
        part = at.shells.store.files.put_bytes(whole[:200])
        with at.shells.store.begin() as unit:
            unit.raise_mark(FolderPlace("box", "INBOX", 1), uid)
            unit.add_message(part, MessageRef("box", "INBOX", 1, uid), 200, MONDAY)
            log_event(unit, MONDAY, "message.received", message=part, size=str(len(whole)))
        assert [line for line in at.shells.store.verify() if "came short" in line]
        assert proof(at, BASELINE) == Reconciled(on_server=1, recorded=1, fetched=1)
        assert not [line for line in at.shells.store.verify() if "came short" in line]
        assert whole in [at.shells.store.files.path(r.sha256).read_bytes() for r in at.shells.store.messages()]


def look_or_fault(at: Office) -> Polled | None:
    try:
        return look(at)
    except MailboxUnavailable:
        return None


def test_only_the_head_of_a_mail_that_is_too_large_is_kept(tmp_path: Path) -> None:
    small = replace(EVERYTHING, max_bytes=HEAD_BYTES)
    with netease() as server, office(tmp_path, mailboxes={"box": imap(server)}) as at:
        server.store.add(mail() + b"x" * (2 * HEAD_BYTES))
        assert look(at, small) == Polled(fetched=1, too_large=1)
        (row,) = at.shells.store.messages()
        assert at.shells.store.files.path(row.sha256).stat().st_size == HEAD_BYTES < row.size
        assert proof(at, small) == Reconciled(1, 1, 0)


def test_a_mail_that_only_claims_to_be_too_large_is_taken_whole(tmp_path: Path) -> None:
    with netease() as server, office(tmp_path, mailboxes={"box": imap(server)}) as at:
        server.switches.size_lie = 10**9
        server.store.add(mail())
        assert look(at) == Polled(fetched=1)
        (row,) = at.shells.store.messages()
        assert at.shells.store.files.path(row.sha256).stat().st_size == row.size


def test_a_full_disk_records_nothing_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with office(tmp_path, mailboxes={"box": FolderMailbox("box", tmp_path / "inbox")}) as at:
        at.deliver(mail())
        monkeypatch.setattr(at.shells.store.files, "_floor", 2**60)
        with pytest.raises(StoreUnusable):
            look(at)
        assert count(at) == 0
        monkeypatch.undo()
        assert look(at).fetched == 1


def test_a_folder_that_does_not_exist_is_told_once(tmp_path: Path) -> None:
    watch = replace(EVERYTHING, folders=("INBOX", "广告"))
    with office(tmp_path, mailboxes={"box": FolderMailbox("box", tmp_path / "inbox")}) as at:
        look(at, watch)
        look(at, watch)
        assert at.notices("mailbox.folder_missing") == ["box: 广告"]


def test_stopping_ends_after_the_mail_under_way(tmp_path: Path) -> None:
    with office(tmp_path, mailboxes={"box": FolderMailbox("box", tmp_path / "inbox")}) as at:
        for number in range(5):
            at.deliver(mail(id=f"m{number}"))
        asked = iter([False, False, True])
        poll(at.shells, at.shells.mailboxes["box"], EVERYTHING, lambda: next(asked))
        assert count(at) == 2
        assert look(at).fetched == 3


def test_old_mails_are_not_listed_again_at_every_poll(tmp_path: Path) -> None:
    with netease() as server, office(tmp_path, mailboxes={"box": imap(server)}) as at:
        last = server.store.add(mail(), date=MONDAY.replace(day=1))
        watch = replace(BASELINE, since=date(2026, 11, 2))
        look(at, watch)
        look(at, watch)
        assert f"UID FETCH {last + 1}:*" in server.state.log[-1]
