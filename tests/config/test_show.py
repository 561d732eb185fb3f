"""`config show`: what is in force and why, without secrets."""

from pathlib import Path

from mailintake.config import effective, load


def shown(folder: Path, env: dict[str, str]) -> dict[str, tuple[str, str]]:
    return {line.path: (line.value, line.origin) for line in effective(load(folder, env), env)}


def test_a_value_from_the_file_names_its_line_and_a_default_says_so(folder: Path) -> None:
    lines = shown(folder, {})
    assert lines["mailboxes[0].host"] == ("imap.example.com", "mailintake.yaml:3")
    assert lines["mailboxes[0].port"] == ("993", "默认值")
    assert lines["digest.time"][0] == "08:30"
    assert lines["ocr"][0] == "true"


def test_a_value_from_the_environment_names_the_variable(folder: Path) -> None:
    lines = shown(folder, {"MAILINTAKE_LOG_LEVEL": "error"})
    assert lines["log.level"][0] == "error"
    assert "MAILINTAKE_LOG_LEVEL" in lines["log.level"][1]


def test_no_password_is_ever_shown(folder: Path) -> None:
    env = {"MAILINTAKE_MAIN_PASSWORD": "geheim1", "MAILINTAKE_DATABASE": "postgresql://me:geheim2@db/x"}
    lines = shown(folder, env)
    assert "geheim" not in str(lines)
    assert lines["database"][0] == "postgresql://me:***@db/x"
    assert lines["mailboxes[0].password"][1] == "MAILINTAKE_MAIN_PASSWORD"
