"""A folder of files becomes one frozen configuration."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from mailintake.config import check, load, load_settings, patterns, resource, resource_folders
from mailintake.config.layers import FOLDERS, OPTIONAL, REQUIRED, SETTINGS
from mailintake.config.resource import CHECKOUT
from mailintake.errors import ConfigError
from mailintake.model.letter import LetterKind, Mode
from mailintake.model.procedure import ProcedureKey

Put = Callable[[str, str], Path]


def test_the_shipped_configuration_loads_without_an_operators_folder() -> None:
    configuration = load(None, {})
    assert configuration.folder is None
    assert [p.key for p in configuration.rules.procedures] == list(ProcedureKey)


def test_an_operators_folder_needs_only_the_files_that_differ(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text("min_score: 4.5\n")
    rules = load(tmp_path, {}).rules
    assert rules.policy.min_score == 4.5
    assert rules.kinds["photo"].title == "电子照片"


def test_one_procedure_file_replaces_the_shipped_one_of_that_name(tmp_path: Path) -> None:
    (tmp_path / "procedures").mkdir()
    shipped = (CHECKOUT / "config" / "procedures" / "cancel.yaml").read_text("utf-8")
    (tmp_path / "procedures" / "cancel.yaml").write_text(shipped.replace("time_limit_days: 3 ", "time_limit_days: 5 "))
    rules = load(tmp_path, {}).rules
    assert rules.procedure(ProcedureKey.CANCEL).time_limit_days == 5
    assert rules.procedure(ProcedureKey.REPLACE).time_limit_days == 3


def test_every_rule_file_changes_the_version_and_the_settings_do_not(folder: Path) -> None:
    seen = {load(folder, {}).rules.version}
    for name in (*REQUIRED, *OPTIONAL, "procedures/new.yaml"):
        with (folder / name).open("a") as file:
            file.write("\n# changed\n")
        seen.add(load(folder, {}).rules.version)
    assert len(seen) == 1 + len(REQUIRED) + len(OPTIONAL) + 1
    before = load(folder, {}).rules.version
    (folder / SETTINGS).write_text((folder / SETTINGS).read_text("utf-8") + "ocr: false\n", "utf-8")
    assert load(folder, {}).rules.version == before


def test_line_ends_of_a_windows_editor_change_neither_version_nor_meaning(folder: Path) -> None:
    before = load(folder, {}).rules
    path = folder / "documents.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    after = load(folder, {}).rules
    assert after.kinds == before.kinds


def test_records_remember_file_and_line(folder: Path) -> None:
    rules = load(folder, {}).rules
    assert rules.kinds["letter"].source == "documents.yaml:11"
    assert rules.kinds["photo"].checks[0].source == "documents.yaml:9"
    assert rules.procedures[0].variants[0].email[1].source == "procedures/new.yaml:10"
    assert rules.classification[0].source == "classification.yaml:1"


def test_like_takes_over_the_lists_of_another_variant(put: Put, folder: Path) -> None:
    put(
        "procedures/renew.yaml",
        "key: renew\ntitle: 续\ntime_limit_days: 3\nvariants:\n"
        "  - {id: same, title: 甲, email: [{kind: slip}]}\n  - {id: moved, title: 乙, like: new.only}\n",
    )
    moved = load(folder, {}).rules.procedure(ProcedureKey.RENEW).variant("moved")
    assert [r.kind for r in moved.email] == ["photo", "letter"]


def test_word_lists_of_several_files_become_one_vocabulary(put: Put, folder: Path) -> None:
    put("words/zz-one.yaml", "甲表: [一, 二]\n")
    put("words/zz-two.yaml", "乙表: [三]\n")
    vocabulary = load(folder, {}).rules.vocabulary
    assert vocabulary.words("甲表") == ("一", "二")
    assert vocabulary.words("乙表") == ("三",)


def test_the_start_mode_holds_every_letter_back(put: Put, folder: Path) -> None:
    put(SETTINGS, "start_mode: approve\nletters: {default_mode: auto, modes: {correction: auto, received: off}}\n")
    letters = load(folder, {}).letters
    assert letters.mode(LetterKind.CORRECTION) is Mode.APPROVE
    assert letters.mode(LetterKind.RESULT) is Mode.APPROVE
    assert letters.mode(LetterKind.RECEIVED) is Mode.OFF
    put(SETTINGS, "start_mode: auto\nletters: {default_mode: auto}\n")
    assert load(folder, {}).letters.mode(LetterKind.CORRECTION) is Mode.AUTO
    put(SETTINGS, "start_mode: shadow\nletters: {default_mode: approve}\n")
    assert load(folder, {}).letters.mode(LetterKind.CORRECTION) is Mode.SHADOW


def test_relative_paths_are_taken_from_the_operators_folder(tmp_path: Path) -> None:
    (tmp_path / SETTINGS).write_text(
        "mailboxes: [{host: h, user: u, password_file: code}]\ndata_folder: data\nlog: {file: /var/log/m.log}\n"
    )
    settings = load_settings(tmp_path, {})
    assert settings.data_folder == tmp_path / "data"
    assert settings.mailboxes[0].password_file == tmp_path / "code"
    assert settings.log.file == Path("/var/log/m.log")
    assert settings.database_url == f"sqlite:///{tmp_path}/data/mailintake.db"


def test_settings_load_although_the_rules_are_broken(folder: Path, put: Put) -> None:
    put("documents.yaml", "- nonsense\n")
    assert load_settings(folder, {}).mailboxes[0].host == "imap.example.com"
    with pytest.raises(ConfigError):
        load(folder, {})


def test_the_error_carries_every_problem_and_what_to_do(folder: Path, put: Put) -> None:
    put("policy.yaml", "min_skore: 3\nmin_margin: x\n")
    with pytest.raises(ConfigError) as raised:
        load(folder, {})
    assert len(raised.value.problems) == 2
    assert "mailintake check" in raised.value.fix
    assert raised.value.exit_code == 3


def test_a_folder_that_does_not_exist_is_one_clear_problem(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        load(tmp_path / "nowhere", {})
    assert len(raised.value.problems) == 1


def test_an_operators_template_comes_before_the_shipped_one(tmp_path: Path) -> None:
    mine = tmp_path / "templates" / "messages"
    mine.mkdir(parents=True)
    shutil.copy(resource("templates/messages/config.txt"), mine / "config.txt")
    assert resource("templates/messages/config.txt", tmp_path) == mine / "config.txt"
    assert resource_folders("templates", tmp_path)[0] == tmp_path / "templates"
    assert len(resource_folders("templates", tmp_path)) > 1


def test_something_that_was_never_shipped_is_an_error() -> None:
    with pytest.raises(ConfigError):
        resource("templates/no/such/thing.txt")


def test_the_wheel_puts_files_where_resource_looks() -> None:
    build = (CHECKOUT / "pyproject.toml").read_text("utf-8")
    assert '"config" = "mailintake/config_default"' in build
    assert '"templates" = "mailintake/templates"' in build
    assert all((CHECKOUT / "config" / folder).is_dir() for folder in FOLDERS)


def test_a_slow_machine_refuses_no_pattern_that_another_one_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is a time; a container on a busy host would refuse shipped rules by it."""
    seconds = patterns._seconds
    monkeypatch.setattr(patterns, "_seconds", lambda *asked: 50 * seconds(*asked))
    assert patterns.fault_of("(?:共计?|合计)[^,]{0,40}(?:多|余)?人") == ("", "")
    assert patterns.fault_of("a*a*b") == ("slow-pattern", "")


def test_the_shipped_patterns_are_far_from_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "_LONGEST_SECONDS", patterns._LONGEST_SECONDS / 4)
    assert [problem for problem in check(None, {}) if problem.code == "slow-pattern"] == []
