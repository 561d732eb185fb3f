"""The unit is tight, hands over the password under the name the program looks for, and starts what exists."""

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from tests.support.debian import program

from mailintake.app import metrics
from mailintake.app.initial import CODE_FILE, SERVICE_DATA, Answers, initial_files
from mailintake.app.providers import Server
from mailintake.cli import main
from mailintake.config import load, password_of

ROOT = Path(__file__).resolve().parents[2]
UNIT = ROOT / "deploy" / "mailintake.service"


def setting(name: str) -> str:
    found = re.findall(rf"^{name}=(.*)$", UNIT.read_text("utf-8"), re.MULTILINE)
    assert found, name
    return str(found[0])


def test_the_unit_scores_as_safe() -> None:
    analyze = program("systemd-analyze", "systemd")
    command = [analyze, "security", "--offline=yes", "--threshold=20", "--no-pager", str(UNIT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-300:] + done.stderr


def test_a_reload_asks_the_service_to_look_for_new_rules() -> None:
    assert setting("ExecReload") == "/bin/kill -HUP $MAINPID"


def test_the_credential_is_the_one_that_is_looked_for(tmp_path: Path) -> None:
    name, _, path = setting("LoadCredential").partition(":")
    assert path == f"/etc/mailintake/{CODE_FILE}"
    answers = Answers("office@163.com", Server("imap.163.com", 993), Server("smtp.163.com", 465), service=True)
    for file, text in initial_files(answers).items():
        (tmp_path / file).write_text(text, "utf-8")
    settings = load(tmp_path, {}).settings
    (tmp_path / name).write_text("code\n")
    handed = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    assert password_of(settings.mailboxes[0], tmp_path, handed) == "code"
    assert password_of(settings.smtp, tmp_path, handed) == "code"


def test_the_data_lie_where_the_unit_may_write() -> None:
    assert f"/var/lib/{setting('StateDirectory')}" == SERVICE_DATA == setting("WorkingDirectory")


def test_a_wrong_configuration_is_not_started_again_and_again() -> None:
    assert setting("RestartPreventExitStatus").split() == ["2", "3", "6"]


def test_readers_may_set_their_own_limits_under_the_filter() -> None:
    """`@resources` holds setrlimit(2), by which the reader process limits itself."""
    assert "@resources" not in UNIT.read_text("utf-8").replace("~@privileged", "")


def test_the_container_starts_the_same_command() -> None:
    container = (ROOT / "deploy" / "Containerfile").read_text("utf-8")
    assert "mailintake" in container
    assert shlex.split(setting("ExecStart"))[1:] == ["run", "--config", "/etc/mailintake"]
    for copied in re.findall(r"^COPY (\S+) ", container, re.MULTILINE):
        assert os.path.exists(ROOT / copied), copied


def test_every_service_reports_its_failure_to_a_unit_that_is_there() -> None:
    for unit in (ROOT / "deploy").glob("mailintake*.service"):
        told = re.findall(r"^OnFailure=(.*)$", unit.read_text("utf-8"), re.MULTILINE)
        if unit.name.startswith(("mailintake.", "mailintake-desk.", "mailintake-drill.")):
            assert told == ["mailintake-failure@%n.service"], unit.name
    assert (ROOT / "deploy" / "mailintake-failure@.service").is_file()


def test_the_commands_of_the_units_are_commands_that_exist(capsys: pytest.CaptureFixture[str]) -> None:
    for unit in (ROOT / "deploy").glob("mailintake*.service"):
        for line in re.findall(r"^ExecStart=/opt/mailintake/.venv/bin/mailintake (.*)$", unit.read_text("utf-8"), re.M):
            words = [word for word in shlex.split(line) if word.startswith("--")]
            with pytest.raises(SystemExit) as ended:
                main([shlex.split(line)[0], "--help"])
            shown = capsys.readouterr().out
            assert ended.value.code == 0, line
            assert all(word in shown for word in words), line


def test_make_service_puts_every_unit_and_the_command_in_place(tmp_path: Path) -> None:
    command = ["make", "-s", "-o", ".venv/.installed", "service", f"DESTDIR={tmp_path}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    put = {path.name for path in (tmp_path / "etc" / "systemd" / "system").iterdir()}
    assert put == {path.name for path in (ROOT / "deploy").glob("mailintake*.*")}
    unit = (tmp_path / "etc" / "systemd" / "system" / "mailintake.service").read_text("utf-8")
    assert f"ExecStart={ROOT}/.venv/bin/mailintake run" in unit
    assert (tmp_path / "usr" / "local" / "bin" / "mailintake").is_symlink()


def test_the_image_is_made_of_what_is_not_ignored_and_says_whether_it_is_healthy() -> None:
    kept = [line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")]
    container = (ROOT / "deploy" / "Containerfile").read_text("utf-8")
    copied = [word for line in re.findall(r"^COPY (.*) \./?\S*$", container, re.MULTILINE) for word in line.split()]
    assert sorted(copied) == sorted(kept)
    assert '"status", "--exit-code", "--config", "/etc/mailintake"]' in container


def test_every_alert_asks_for_something_that_is_measured() -> None:
    rules = YAML(typ="safe").load(ROOT / "deploy" / "prometheus-alerts.yaml")["groups"][0]["rules"]
    asked = {name for rule in rules for name in re.findall(r"mailintake_(\w+)", rule["expr"])}
    assert asked <= set(metrics._HELP)
    assert len(rules) >= 8
    assert all(rule["annotations"]["summary"] and rule["annotations"]["fix"] for rule in rules)
