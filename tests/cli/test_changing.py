"""Commands that change something: they do it once, can only show it, and say what comes next."""

import json
import shutil
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
from tests.cli.conftest import Command
from tests.support.office import Office

from mailintake.model.letter import OutboxState
from mailintake.model.understanding import StaffNotice
from mailintake.store.lock import instance_lock
from mailintake.store.open import SqlStore, open_store

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def store_of(office: Office) -> SqlStore:
    return open_store(f"sqlite:///{office.data / 'mailintake.db'}", office.data / "originals")


NUMBER = "LN-2026-000001-7"


def states(command: Command) -> list[str]:
    return [row["state"] for row in command("letter", "list", "--everything", "--json").rows[0]]


@pytest.fixture
def known(command: Command) -> Command:
    """The same with two clerks and an auditor who are known."""
    for name, role in (("赵", "clerk"), ("钱", "clerk"), ("李", "auditor")):
        assert command("staff", "add", name, "--role", role, "--mail", f"{role}@office.example").code == 0
    return command


def test_a_clerk_approves_or_rejects_a_letter_once(known: Command) -> None:
    assert known("letter", "approve", "1", "--by", "赵", "--dry-run").out.startswith("演练")
    assert states(known) == ["waiting"]
    ran = known("letter", "approve", "1", "--by", "赵")
    assert "批准：1（赵）" in ran.out
    assert "mailintake undo" in ran.err
    assert states(known) == ["ready"]
    again = known("letter", "reject", "1", "--by", "赵", "--reason", "有误")
    assert again.code == 1
    assert "待发" in again.err


def test_a_rejected_letter_can_be_sent_after_all(known: Command) -> None:
    assert known("letter", "reject", "1", "--by", "赵", "--reason", "有误").code == 0
    assert states(known) == ["rejected"]
    assert known("letter", "send_again", "1", "--by", "赵").code == 0
    assert states(known) == ["ready"]


def test_a_clerk_records_a_draft_that_was_sent_by_hand(known: Command, office: Office) -> None:
    with closing(store_of(office)) as store, store.begin() as unit:
        unit.move(1, OutboxState.WAITING, OutboxState.READY, NOON)
        unit.move(1, OutboxState.READY, OutboxState.DRAFTED, NOON)
    assert known("letter", "sent", "1", "--by", "赵", "--dry-run").out.startswith("演练")
    assert states(known) == ["drafted"]
    assert known("letter", "sent", "1", "--by", "赵").code == 0
    assert states(known) == ["sent"]
    assert "补正期限" in known("case", "show", NUMBER).out
    assert known("letter", "sent", "1", "--by", "赵").code == 1


def test_who_left_is_no_colleague_any_more_and_a_stranger_cannot_be_removed(command: Command) -> None:
    command("staff", "add", "周岚", "--role", "clerk", "--mail", "staff@office.example")
    assert command("staff", "remove", "周岚", "--dry-run").code == 0
    assert [row["name"] for row in command("staff", "list", "--json").rows[0]] == ["周岚"]
    assert command("staff", "remove", "周岚").code == 0
    assert command("staff", "list", "--json").rows[0] == []
    assert command("staff", "remove", "周岚").code == 2
    assert "没有登记过" in command("letter", "approve", 1, "--by", "周岚").err


def test_a_line_for_staff_leaves_the_digest_when_somebody_has_seen_to_it(known: Command, office: Office) -> None:
    with closing(store_of(office)) as store, store.begin() as unit:
        unit.add_notice(StaffNotice("message.chase", "请问办到哪一步了", NUMBER), NOON)
    (line,) = known("mail", "list", "--json").rows[0]
    assert "催办" in known("mail", "list").out
    assert "请问办到哪一步了" in known("digest", "--text", "--dry-run").out
    target = f"#{line['line']}"
    assert known("mail", "no_action", "#999", "--by", "赵").code == 1
    assert known("mail", "no_action", target, "--by", "赵", "--dry-run").out.startswith("演练")
    assert "请问办到哪一步了" in known("digest", "--text", "--dry-run").out
    assert known("mail", "no_action", target, "--by", "赵").code == 0
    assert "请问办到哪一步了" not in known("digest", "--text", "--dry-run").out
    assert known("mail", "list", "--json").rows == [[]]


def test_who_approved_stands_in_the_log(known: Command, office: Office) -> None:
    known("letter", "approve", "1", "--by", "赵")
    with closing(store_of(office)) as store:
        assert [e.actor for e in store.events() if e.what == "letter.ready"] == ["staff:赵"]
        (event,) = (e for e in store.events() if e.what == "act.approve")
        assert {"door": "cli", "letter": "1"}.items() <= dict(event.data).items()


SCHEMA = json.loads((Path(__file__).resolve().parents[2] / "docs" / "act.schema.json").read_text("utf-8"))
ACTED = [
    (("letter", "approve", "1", "--by", "赵"), 0),
    (("letter", "approve", "1", "--by", "没人"), 1),
    (("letter", "approve", "1", "--by", "李"), 1),
    (("letter", "edit", "1", "请带护照原件。", "--by", "赵"), 0),
    (("letter", "edit", "1", "请汇到 6222021234567890123", "--by", "赵"), 1),
    (("letter", "result", NUMBER, "卡已制好。", "--by", "赵"), 0),
    (("letter", "write", "1", "x", "--by", "赵"), 1),
    (("case", "accept", NUMBER, "--by", "赵"), 1),
    (("case", "accept_with_gaps", NUMBER, "--by", "赵"), 0),
    (("case", "set_procedure", NUMBER, "renew", "--by", "赵"), 0),
    (("case", "refuse", NUMBER, "--by", "赵", "--reason", "无往来"), 0),
    (("case", "refuse", NUMBER, "--by", "赵"), 1),
    (("case", "step", NUMBER, "at_mfa", "--by", "赵"), 1),
    (("case", "withdraw", NUMBER, "--by", "赵", "--revision", "99"), 1),
    (("case", "extend", NUMBER, "time_limit", "2099-01-05", "--by", "赵", "--reason", "x"), 1),
    (("document", "request", NUMBER, "--by", "赵"), 0),
    (("document", "rule", f"{NUMBER}/absent.jpg", "ok", "--by", "赵"), 1),
    (("document", "new_at_window", "renew", "段一舟:EA7654321", "--company", "远图", "--by", "赵"), 0),
    (("mail", "no_action", "1", "--by", "赵"), 0),
    (("mail", "link", "2", NUMBER, "--by", "赵"), 0),
    (("mail", "is_spam", "1", "--by", "赵"), 1),
    (("undo", "999"), 1),
]


@pytest.mark.parametrize(
    ("words", "code"), ACTED, ids=lambda words: " ".join(words) if isinstance(words, tuple) else ""
)
def test_a_script_reads_what_was_done_or_why_not(words: tuple[str, ...], code: int, known: Command) -> None:
    ran = known(*words, "--json")
    assert ran.code == code, ran.out + ran.err
    (row,) = ran.rows
    jsonschema.validate(row, SCHEMA)
    assert row["done"] is (code == 0)


def test_the_command_that_takes_an_act_back_is_the_one_that_was_told(known: Command) -> None:
    (row,) = known("case", "set_company", NUMBER, "鞍山远图科技有限公司", "--by", "赵", "--json").rows
    assert "鞍山远图" in known("case", "list").out
    assert known(*row["undo"].split()[1:]).code == 0
    assert "沈阳晴川" in known("case", "list").out


def test_a_case_is_shown_as_it_was_at_a_past_letter(known: Command) -> None:
    known("case", "set_procedure", NUMBER, "cancel", "--by", "赵")
    assert "注销" in known("case", "show", NUMBER).out
    then = known("case", "show", NUMBER, "--at", "1").out
    assert "注销" not in then
    assert "容缺告知" in then


def test_a_case_shows_what_people_said_about_its_papers_and_when_its_clock_stood(known: Command) -> None:
    case = known("case", "show", NUMBER, "--json").rows[0]["case"]
    passport = next(d["sha256"] for d in case["documents"] if d["kind"] == "passport_page")
    assert known("document", "rule", f"{NUMBER}/{passport}", "ok", "--by", "赵", "--reason", "看过原件").code == 0
    assert known("document", "set_owner", f"{NUMBER}/{passport}", "贺知秋", "--by", "钱").code == 0
    assert known("case", "accept_with_gaps", NUMBER, "--by", "赵").code == 0
    profile = next(d["sha256"] for d in case["documents"] if d["kind"] == "company_profile")
    assert known("document", "rule", f"{NUMBER}/{profile}", "not_ok", "--by", "赵", "--reason", "没有盖章").code == 0
    shown = known("case", "show", NUMBER).out
    for words in ("人工认定", "属于贺知秋", "合格", "没有盖章", "停止计算"):
        assert words in shown


def test_a_mail_is_shown_with_its_text(command: Command) -> None:
    shown = command("mail", "show", "1").out
    for words in ("苏禾", "新办APEC商务旅行卡申请-贺知秋", "附件是贺知秋新办APEC商务旅行卡的材料", "企业简介.pdf"):
        assert words in shown


def test_sending_goes_on_when_an_operator_says_so(command: Command, office: Office) -> None:
    assert "没有暂停" in command("letter", "resume").out
    with closing(store_of(office)) as store, store.begin() as unit:
        unit.pause_sending(NOON, NOON.replace(year=2099), "quota")
    assert "mailintake letter resume" in command("status").err
    assert "paused" in command("status", "--json").rows[0]["troubles"]
    assert "演练" in command("letter", "resume", "--dry-run").out
    assert "已恢复发信" in command("letter", "resume").out
    assert "paused" not in command("status", "--json").rows[0]["troubles"]


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
    made = command("backup", target)
    assert made.code == 0
    assert "--exclude=authorisation-code" in made.err  # the hint copies the configuration, not its secret
    assert command("restore", target).code == 2
    office.data.rename(office.data.with_name("old"))
    assert "演练" in command("restore", target, "--dry-run").out
    assert not (office.data / "mailintake.db").exists()
    assert command("restore", target).code == 0
    assert command("verify").code == 0
    assert "贺知秋" in command("case", "list").out


def test_verify_names_what_is_broken(command: Command, office: Office) -> None:
    original = next(p for p in (office.data / "originals").rglob("*") if p.is_file())
    original.chmod(0o600)
    original.write_bytes(b"changed")
    ran = command("verify")
    assert ran.code == 1
    assert original.name in ran.out
    assert "mailintake restore" in ran.err


def test_verify_holds_the_log_against_what_a_digest_wrote_down(command: Command, office: Office) -> None:
    with closing(store_of(office)) as store:
        mark = store.log_mark()
    assert command("verify", "--mark", mark).code == 0
    for other in (mark[:-1] + ("0" if mark[-1] != "0" else "1"), "9999:ab", "nothing"):
        ran = command("verify", "--mark", other)
        assert ran.code == 1
        assert "可能被重写过" in ran.out


def test_the_digest_is_queued_for_staff_only_when_asked(command: Command, office: Office) -> None:
    text = (office.config / "mailintake.yaml").read_text("utf-8")
    (office.config / "mailintake.yaml").write_text(text + "digest: {recipients: [staff@office.example]}\n", "utf-8")
    assert command("digest", "--send", "--dry-run").code == 0
    assert states(command) == ["waiting"]
    assert "下一轮发出" in command("digest", "--send").err
    assert states(command) == ["waiting", "ready"]


def test_an_erasure_is_rehearsed_proposed_and_done_by_two_and_the_restored_backup_is_erased_again(
    command: Command, office: Office, tmp_path: Path
) -> None:
    for name, at in (("赵敏", "zhao"), ("钱峰", "qian")):
        command("staff", "add", name, "--role", "clerk", "--mail", f"{at}@office.example")
    (number, *_) = [row["number"] for row in command("case", "list", "--json").rows[0]]
    for letter in command("letter", "list", "--json").rows[0]:
        command("letter", "reject", str(letter["id"]), "--by", "赵敏", "--reason", "已电话说明")
    assert command("backup", str(tmp_path / "made" / "older")).code == 0
    command("case", "close", number, "--by", "赵敏")
    said = ("case", "erase", number, "request", number)
    (rehearsed,) = command(*said, "--by", "赵敏", "--dry-run", "--json").rows
    assert rehearsed["done"], rehearsed["refused"]
    assert (rehearsed["dry_run"], rehearsed["erases"]["cases"]) == (True, [number])
    assert command(*said, "--by", "赵敏").code == 0
    (refused,) = command(*said, "--by", "赵敏", "--json").rows
    assert refused["code"] == "erase.second_person"
    (done,) = command(*said, "--by", "钱峰", "--json").rows
    assert done["done"]
    assert "undo" not in done
    (shown,) = command("case", "show", number, "--json").rows
    assert (shown["case"]["state"], "applicants" in shown["case"]) == ("erased", False)
    assert command("verify").code == 0
    for sha256 in done["erases"]["files"]:
        assert not (office.data / "originals" / sha256[:2] / sha256[2:4] / sha256).exists()
    listed = office.data / "erased.json"
    listed.rename(tmp_path / "made" / "erased.json")
    shutil.rmtree(office.data)
    assert command("restore", str(tmp_path / "made" / "older")).code == 0
    (again,) = command("case", "show", number, "--json").rows
    assert again["case"]["state"] == "erased"
    assert command("verify").code == 0
