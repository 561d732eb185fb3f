"""What goes wrong is one line, what mends it another, and a number says of which kind it was."""

import re
from pathlib import Path

import pytest
from tests.cli.conftest import Command
from tests.support.office import Office

from mailintake.store.lock import instance_lock

BROKEN = [
    ("rnu",),
    ("--versoin",),
    ("run", "--oncee"),
    ("run", "--since", "yesterday", "--dry-run"),
    ("run", "--since", "2026-11-02"),
    ("run", "extra"),
    ("case", "lits"),
    ("case", "show"),
    ("case", "show", "LN-2026-999999-9"),
    ("case", "step", "LN-2026-000001-7", "at_the_moon", "--by", "赵"),
    ("case", "accept", "LN-2026-000001-7"),
    ("letter", "approve"),
    ("letter", "show", "77"),
    ("mail", "show", "77"),
    ("document", "list", "LN-2026-999999-9"),
    ("staff", "add", "赵", "--role", "king", "--mail", "a@b.example"),
    ("staff", "add", "赵", "--role", "clerk", "--mail", "nowhere"),
    ("undo", "soon"),
    ("digest", "--date", "2020-01-01"),
    ("quarantine", "show", "1"),
    ("quarantine", "release"),
    ("quarantine", "release", "nothing"),
    ("quarantine", "import", "absent.eml"),
    ("explain",),
    ("explain", "no such thing"),
    ("replay",),
    ("replay", "absent.eml"),
    ("replay", ".", "--now", "soon"),
    ("status", "--json", "--json"),
    ("status", "--exit-code=perhaps"),
    ("config", "schema", "nonsense.yaml"),
    ("restore", "absent"),
    ("backup",),
    ("init",),
    ("demo", ".."),
]


@pytest.mark.parametrize("words", BROKEN, ids=" ".join)
def test_a_wrong_command_line_ends_with_2_and_the_next_command(words: tuple[str, ...], command: Command) -> None:
    ran = command(*words)
    assert ran.code == 2
    assert not ran.out
    lines = ran.err.splitlines()
    assert lines[0].startswith("错误：")
    assert "mailintake " in lines[-1]
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("words", "near"), [(("rnu",), "run"), (("run", "--oncee"), "--once"), (("letter", "aprove"), "approve")]
)
def test_a_slip_of_the_finger_is_recognised(words: tuple[str, ...], near: str, command: Command) -> None:
    assert f"是否想写 {near}？" in command(*words).err


def test_all_faults_of_a_configuration_are_told_with_their_lines(command: Command, office: Office) -> None:
    settings = office.config / "mailintake.yaml"
    settings.write_text("pol: {}\ndata_folder: [1]\nstart_mode: nonsense\n", "utf-8")
    ran = command("check")
    assert ran.code == 3
    assert all(f"{settings}:{line}:" in ran.out for line in (1, 2, 3))
    assert "  1 | pol: {}\n    | ^" in ran.out
    assert "是否想写 poll" in ran.out
    refused = command("status")
    assert refused.code == 3
    assert f"{settings}:1:1" in refused.err
    assert "mailintake check" in refused.err
    assert "mailintake check" in command("doctor").out


def test_a_broken_template_is_found_by_check(command: Command, office: Office) -> None:
    folder = office.config / "templates" / "letters" / "received"
    folder.mkdir(parents=True)
    (folder / "subject.txt").write_text("{{ letter.nothing }}", "utf-8")
    ran = command("check")
    assert ran.code == 3
    assert "letters/received/subject.txt:1" in ran.out


def test_a_mailbox_that_is_not_there_ends_with_4(office: Office) -> None:
    office.mails.rename(office.mails.with_name("gone"))
    ran = office.run("run", "--once")
    assert ran.code == 4
    assert "没有成功" in ran.err


def test_a_database_that_is_none_ends_with_5(command: Command, office: Office) -> None:
    for path in office.data.glob("mailintake.db*"):
        path.unlink()
    (office.data / "mailintake.db").write_bytes(b"this is no database" * 100)
    ran = command("case", "list")
    assert ran.code == 5
    assert "mailintake doctor" in ran.err
    assert "数据库" in command("doctor", "--offline").out


def test_a_disk_that_refuses_ends_with_5_and_no_stack_trace(command: Command, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ran = command("digest", "--output", tmp_path / "file" / "below")
    assert ran.code == 5
    assert "Traceback" not in ran.err


def test_a_second_instance_ends_with_6(command: Command, office: Office) -> None:
    with instance_lock(f"sqlite:///{office.data / 'mailintake.db'}"):
        ran = command("run", "--once")
    assert ran.code == 6
    assert "mailintake status" in ran.err


def test_an_empty_place_is_not_taken_for_an_office_without_cases(command: Command, tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    (folder / "mailintake.yaml").write_text("data_folder: var\n", "utf-8")
    ran = command("case", "list", "--config", folder)
    assert ran.code == 2
    assert "还没有数据" in ran.err
    assert not (folder / "var").exists()


def test_every_documented_exit_code_has_its_next_step() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "operations.md").read_text("utf-8")
    assert set(re.findall(r"^\| (\d+) \|", page, re.MULTILINE)) == {"0", "1", "2", "3", "4", "5", "6", "7", "130"}
