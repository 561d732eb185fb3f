"""Commands that change something: they do it once, can only show it, and say what comes next."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from tests.cli.conftest import Command
from tests.support.office import Office

from mailintake.model.letter import OutboxState
from mailintake.model.understanding import StaffNotice
from mailintake.store.lock import instance_lock
from mailintake.store.open import SqlStore, open_store

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def store_of(office: Office) -> SqlStore:
    return open_store(f"sqlite:///{office.data / 'mailintake.db'}", office.data / "originals")


def states(command: Command) -> list[str]:
    return [row["state"] for row in command("outbox", "list", "--everything", "--json").rows[0]["letters"]]


def test_a_clerk_approves_or_rejects_a_letter_once(command: Command) -> None:
    assert command("outbox", "approve", "1", "--dry-run").out.startswith("演练")
    assert states(command) == ["waiting"]
    assert "1 封列入待发" in command("outbox", "approve", "1", "--by", "赵").out
    assert states(command) == ["ready"]
    again = command("outbox", "reject", "1")
    assert again.code == 2
    assert "mailintake outbox list" in again.err


def test_a_rejected_letter_can_be_sent_after_all(command: Command) -> None:
    assert command("outbox", "reject", "--everything").code == 0
    assert states(command) == ["rejected"]
    assert command("outbox", "retry", "1").code == 0
    assert states(command) == ["ready"]


def test_a_clerk_records_a_draft_that_was_sent_by_hand(command: Command, office: Office) -> None:
    with closing(store_of(office)) as store, store.begin() as unit:
        unit.move(1, OutboxState.WAITING, OutboxState.READY, NOON)
        unit.move(1, OutboxState.READY, OutboxState.DRAFTED, NOON)
    assert command("outbox", "sent", "1", "--dry-run").out.startswith("演练")
    assert states(command) == ["drafted"]
    assert "1 封由人工发出" in command("outbox", "sent", "1", "--by", "赵").out
    assert states(command) == ["sent"]
    assert "补正期限" in command("cases", "show", "LN-2026-000001-7").out
    assert command("outbox", "sent", "1").code == 2


def test_a_line_for_staff_leaves_the_digest_when_somebody_has_seen_to_it(command: Command, office: Office) -> None:
    with closing(store_of(office)) as store, store.begin() as unit:
        unit.add_notice(StaffNotice("message.chase", "请问办到哪一步了", "LN-2026-000001-7"), NOON)
    (line,) = command("notices", "list", "--json").rows[0]["notices"]
    assert "催办" in command("notices", "list").out
    assert "请问办到哪一步了" in command("digest", "--text", "--dry-run").out
    assert command("notices", "close", line["id"], 999).code == 2
    assert command("notices", "close", line["id"], "--dry-run").out.startswith("演练")
    assert "请问办到哪一步了" in command("digest", "--text", "--dry-run").out
    assert command("notices", "close", line["id"], "--by", "赵").code == 0
    assert "请问办到哪一步了" not in command("digest", "--text", "--dry-run").out
    assert command("notices", "list", "--json").rows == [{"schema": 1, "notices": []}]
    assert command("notices", "close").code == 2


def test_nothing_is_approved_when_one_number_is_wrong(command: Command) -> None:
    assert command("outbox", "approve", "1", "99").code == 2
    assert states(command) == ["waiting"]


def test_who_approved_stands_in_the_log(command: Command, office: Office) -> None:
    command("outbox", "approve", "1", "--by", "赵")
    with closing(store_of(office)) as store:
        assert [e.actor for e in store.events() if e.what == "letter.ready"] == ["staff:赵"]


def test_sending_goes_on_when_an_operator_says_so(command: Command, office: Office) -> None:
    assert "没有暂停" in command("outbox", "resume").out
    with closing(store_of(office)) as store, store.begin() as unit:
        unit.pause_sending(NOON, NOON.replace(year=2099), "quota")
    assert "mailintake outbox resume" in command("status").err
    assert command("status", "--exit-code").code == 1
    assert "演练" in command("outbox", "resume", "--dry-run").out
    assert "已恢复发信" in command("outbox", "resume").out
    assert command("status", "--exit-code").code == 0


def quarantine(office: Office) -> None:
    with closing(store_of(office)) as store, store.begin() as unit:
        row = store.message("1")
        assert row is not None
        unit.release_message(row.id, row.received_at)
        unit.quarantine_message(row.id, "ReaderFailed: ended", row.received_at)


def test_a_quarantined_mail_is_listed_shown_exported_and_given_back(command: Command, office: Office) -> None:
    quarantine(office)
    assert "ReaderFailed" in command("quarantine", "list").out
    assert "quarantine retry 1" in command("quarantine", "show", "1").err
    target = office.data / "one.eml"
    assert command("quarantine", "export", "1", target).code == 0
    assert target.read_bytes() == (office.mails / "application.eml").read_bytes()
    assert target.stat().st_mode & 0o077 == 0
    assert command("quarantine", "export", "1", target).code == 2
    assert "演练" in command("quarantine", "release", "1", "--dry-run").out
    assert command("quarantine", "release", "--everything").code == 0
    assert "没有隔离的邮件" in command("quarantine", "list").err


def test_a_retried_mail_is_processed_at_once_unless_the_service_runs(command: Command, office: Office) -> None:
    quarantine(office)
    with instance_lock(f"sqlite:///{office.data / 'mailintake.db'}"):
        assert command("quarantine", "retry", "1").code == 6
    ran = command("quarantine", "retry", "1")
    assert ran.code == 0, ran.err
    assert command("quarantine", "show", "1").code == 2


def test_an_imported_mail_waits_once(command: Command, tmp_path: Path) -> None:
    mail = tmp_path / "repaired.eml"
    mail.write_bytes(b"From: a@b.example\r\nSubject: x\r\n\r\nhello\r\n")
    assert "演练" in command("quarantine", "import", mail, "--dry-run").out
    assert "已导入" in command("quarantine", "import", mail).out
    assert "早已登记" in command("quarantine", "import", mail).out
    assert command("status", "--json").rows[0]["received"] == 1


def test_a_backup_comes_back_whole_and_overwrites_nothing(command: Command, office: Office, tmp_path: Path) -> None:
    target = tmp_path / "backup"
    assert command("backup", target, "--dry-run").code == 0
    assert not target.exists()
    assert command("backup", target).code == 0
    assert command("restore", target).code == 2
    office.data.rename(office.data.with_name("old"))
    assert "演练" in command("restore", target, "--dry-run").out
    assert not (office.data / "mailintake.db").exists()
    assert command("restore", target).code == 0
    assert command("verify").code == 0
    assert "贺知秋" in command("cases", "list").out


def test_verify_names_what_is_broken(command: Command, office: Office) -> None:
    original = next(p for p in (office.data / "originals").rglob("*") if p.is_file())
    original.chmod(0o600)
    original.write_bytes(b"changed")
    ran = command("verify")
    assert ran.code == 1
    assert original.name in ran.out
    assert "mailintake restore" in ran.err


def test_the_digest_is_queued_for_staff_only_when_asked(command: Command, office: Office) -> None:
    text = (office.config / "mailintake.yaml").read_text("utf-8")
    (office.config / "mailintake.yaml").write_text(text + "digest: {recipients: [staff@office.example]}\n", "utf-8")
    assert command("digest", "--send", "--dry-run").code == 0
    assert states(command) == ["waiting"]
    assert "下一轮发出" in command("digest", "--send").err
    assert states(command) == ["waiting", "ready"]
