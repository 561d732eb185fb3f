"""Commands that look: what a clerk or an operator reads, as text and as JSON."""

import os
import re
import shutil
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import time_machine
from tests.cli.conftest import Command
from tests.support.office import Office

from mailintake.store.lock import instance_lock
from mailintake.store.open import open_store

LOOKING = [
    ("check",),
    ("status",),
    ("letter", "show", "1"),
    ("mail", "show", "1"),
    ("quarantine", "list"),
    ("config", "show"),
    ("verify",),
    ("doctor", "--offline"),
    ("digest", "--dry-run"),
    ("explain", "photo.size"),
    ("explain", "1"),
]


@pytest.mark.parametrize("words", LOOKING, ids=" ".join)
def test_every_result_is_also_there_as_json_with_its_schema(words: tuple[str, ...], command: Command) -> None:
    ran = command(*words, "--json")
    assert ran.code in (0, 1), ran.err
    assert ran.rows
    assert all(row["schema"] == 1 for row in ran.rows)


LISTS = (("case", "list"), ("letter", "list"), ("mail", "list", "--everything"), ("staff", "list"))


@pytest.mark.parametrize("words", LISTS, ids=" ".join)
def test_a_list_in_json_is_an_array_of_rows(words: tuple[str, ...], command: Command) -> None:
    command("staff", "add", "赵", "--role", "clerk", "--mail", "zhao@office.example")
    (rows,) = command(*words, "--json").rows
    assert isinstance(rows, list)
    assert rows
    wanted = {"state", "revision", "procedure", "applicants"} if words[0] in ("case", "letter") else set[str]()
    assert all(wanted <= row.keys() for row in rows)


def number_of(command: Command) -> str:
    (rows,) = command("case", "list", "--json").rows
    return str(rows[0]["number"])


def test_the_list_of_cases_speaks_chinese_and_lines_up(command: Command) -> None:
    ran = command("case", "list")
    assert ran.code == 0
    for words in ("新办APEC商务旅行卡", "沈阳晴川机械有限公司", "贺知秋", "待补正"):
        assert words in ran.out
    assert "awaiting_correction" not in ran.out
    assert "mailintake case show" in ran.err


def test_a_case_is_found_by_a_part_of_the_company_and_nothing_by_another(command: Command) -> None:
    assert "贺知秋" in command("case", "list", "晴川").out
    nothing = command("case", "list", "没有这家公司")
    assert not nothing.out
    assert "没有符合条件的办件" in nothing.err


def test_only_what_is_due_is_listed_when_asked(command: Command) -> None:
    assert not command("case", "list", "--due").out
    with time_machine.travel(datetime.now(UTC) + timedelta(days=20)):
        assert "贺知秋" in command("case", "list", "--due").out


def test_a_case_shows_every_check_with_its_line_and_no_passport_number(command: Command) -> None:
    ran = command("case", "show", number_of(command))
    assert ran.code == 0
    for words in ("像素尺寸", "config/documents.yaml:", "本人汉字签名", "可容缺", "首次告知时限", "立件"):
        assert words in ran.out
    assert "EA1234561" not in ran.out
    assert "EA****561" in ran.out


def test_a_case_shows_what_is_paid_to_whom_by_which_clause(command: Command) -> None:
    shown = command("case", "show", number_of(command)).out
    for words in ("指南 1.1", "外交部代办费", "辽宁省外事服务中心", "指南 1.1(1)⑨"):
        assert words in shown


def test_a_mail_is_explained_with_the_rules_that_fired_and_where_they_stand(command: Command, office: Office) -> None:
    ran = command("explain", office.mails / "application.eml")
    assert ran.code == 0
    for words in ("归类", "config/classification.yaml:", "材料", "检查", "建案", "容缺告知", "（仅说明，未发送）"):
        assert words in ran.out
    assert "没有发信" in ran.err


def test_explaining_a_stored_mail_says_first_what_is_recorded_of_it(command: Command) -> None:
    ran = command("explain", "1")
    assert ran.out.startswith("登记")
    assert "途经" not in ran.out  # the mails of this office came by no server
    assert number_of(command) in ran.out
    assert command("explain", number_of(command)).out.startswith("办件")


def test_a_mail_is_explained_with_the_way_it_came(command: Command, office: Office, tmp_path: Path) -> None:
    hop = b"Received: from mail.qingchuan.example ([1.2.3.4]) by mx7.box.example; Mon, 02 Nov 2026 09:20:07 +0800\r\n"
    (tmp_path / "1.eml").write_bytes(hop + (office.mails / "application.eml").read_bytes())
    shown = command("explain", tmp_path / "1.eml").out
    for words in ("途经", "mx7.box.example", "2026-11-02 09:20", "交信方", "1.2.3.4"):
        assert words in shown


def test_a_letter_is_shown_whole_with_what_to_type_next(command: Command) -> None:
    ran = command("letter", "show", "1")
    assert "Subject: 【容缺告知】" in ran.out
    assert "贺知秋" in ran.out
    assert "mailintake letter approve 1" in ran.err


def test_the_comparison_with_the_mailbox_is_told_with_its_hour(command: Command) -> None:
    assert re.search(r"对账（.*\d\d:\d\d）", command("status").out)


def test_status_says_what_waits_and_what_to_type(command: Command) -> None:
    ran = command("status")
    assert "差 0" in ran.out
    assert "mailintake letter list" in ran.err


def test_status_says_whether_the_service_runs_and_is_not_content_without_it(command: Command, office: Office) -> None:
    shown = command("status").out
    for words in ("服务没有运行", "最近一封来信：", "没有设置每夜备份", "磁盘剩余"):
        assert words in shown
    assert command("status", "--exit-code").code == 1
    with instance_lock(f"sqlite:///{office.data / 'mailintake.db'}"):
        assert f"服务正在运行（进程 {os.getpid()}）" in command("status").out
        assert command("status", "--exit-code").code == 0


def test_status_sees_a_full_disk_a_restore_and_a_missing_backup(
    command: Command, office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    text = (office.config / "mailintake.yaml").read_text("utf-8")
    (office.config / "mailintake.yaml").write_text(f"{text}backup: {{folder: {tmp_path / 'copies'}}}\n", "utf-8")
    database = f"sqlite:///{office.data / 'mailintake.db'}"
    with closing(open_store(database, office.data / "originals")) as store, store.begin() as unit:
        unit.mark_restored()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10**8))
    with instance_lock(database):
        ran = command("status", "--json").rows[0]
        assert ran["troubles"] == ["no_backup", "disk", "restored"]
        shown = command("status").out
    for words in ("磁盘快满了", "从备份恢复", "两天没有备份"):
        assert words in shown


def test_settings_come_with_their_origin(command: Command, office: Office) -> None:
    shown = command("config", "show", "--changed").out
    assert f"{office.config / 'mailintake.yaml'}:5" in shown
    assert "poll.first_start" in shown
    assert "默认值" not in shown


def test_schemas_can_be_written_for_an_editor(command: Command, office: Office) -> None:
    assert command("config", "schema", "fees.yaml").out.startswith("{")
    ran = command("config", "schema", "--output", office.data / "schemas")
    assert "mailintake.json" in ran.out
    assert (office.data / "schemas" / "procedures.json").is_file()


def test_the_digest_is_written_where_it_is_wanted_and_only_shown_in_a_dry_run(command: Command, office: Office) -> None:
    shown = command("digest", "--dry-run", "--output", office.data / "none")
    assert "待批的信 1 封" in shown.out
    assert not (office.data / "none").exists()
    made = command("digest", "--output", office.data / "pages")
    assert re.search(r"日报第 \d 期", made.out)  # the first pass made one already, when it ran after 08:30
    assert sorted(p.suffix for p in (office.data / "pages").iterdir()) == [".csv", ".html", ".html", ".xlsx"]


def test_doctor_gives_one_line_a_check_and_what_mends_it(command: Command) -> None:
    ran = command("doctor")
    lines = ran.out.splitlines()
    assert all(line[0] in "✓!✗ " for line in lines)
    assert any("邮箱 main" in line for line in lines)
    for at, line in enumerate(lines):
        if line[0] in "!✗":
            assert "办法：" in lines[at + 1]


def test_doctor_without_network_asks_no_mailbox(command: Command, office: Office) -> None:
    office.mails.rename(office.mails.with_name("gone"))
    assert "邮箱 main" not in command("doctor", "--offline").out
    refused = command("doctor", "--json").rows[0]["checks"]
    assert [row["mark"] for row in refused if row["name"] == "邮箱 main"] == ["bad"]


def test_replay_prints_what_the_schema_promises(command: Command, office: Office) -> None:
    mails = sorted(office.mails.glob("*.eml"))
    rows = command("replay", *mails, "--json").rows
    assert [row["disposition"] for row in rows] == ["case_opened", "parked"]
    ran = command("replay", *mails)
    assert "建案" in ran.out
    assert "2 封" in ran.err


def test_what_is_held_about_a_person_comes_whole_as_json_and_without_numbers_as_text(command: Command) -> None:
    number = number_of(command)
    (shown,) = command("case", "show", number, "--json").rows
    (applicant, *_) = shown["case"]["applicants"]
    (held,) = command("case", "person", applicant["name"], "--json").rows
    assert number in [case["number"] for case in held["cases"]]
    assert held["mails"]
    assert applicant["passport_no"] in [one["passport_no"] for case in held["cases"] for one in case["people"]]
    told = command("case", "person", applicant["name"])
    assert number in told.out
    assert applicant["passport_no"] not in told.out
    assert command("case", "person", " ").code == 2
