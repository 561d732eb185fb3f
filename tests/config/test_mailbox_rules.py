"""A mailbox may have rules of its own: its files before the office's, the office's before the shipped ones."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mailintake.config import check, load
from mailintake.errors import ConfigError

Put = Callable[[str, str], Path]

SETTINGS = """
mailboxes:
  - {name: main, host: imap.example.com, user: intake@example.com}
  - {name: branch, host: imap.example.com, user: branch@example.com, rules: branch}
"""


def test_a_file_of_the_mailbox_comes_before_the_offices_and_that_before_the_shipped(put: Put, folder: Path) -> None:
    put("mailintake.yaml", SETTINGS)
    put("policy.yaml", "min_score: 4.5\n")
    office = (folder / "office.yaml").read_text("utf-8")
    put("branch/office.yaml", "".join(f"{line}\n" for line in office.splitlines()).replace("name:", "name: 分处", 1))
    configuration = load(folder, {})
    general, branch = configuration.rules_of("main"), configuration.rules_of("branch")
    assert general is configuration.rules
    assert branch.office.name.startswith("分处")
    assert not general.office.name.startswith("分处")
    assert branch.policy.min_score == general.policy.min_score == 4.5
    assert branch.version != general.version


def test_a_mistake_in_such_a_file_is_told_at_start_with_its_place(put: Put, folder: Path) -> None:
    put("mailintake.yaml", SETTINGS)
    path = put("branch/policy.yaml", "min_scor: 4.5\n")
    (line,) = [str(problem) for problem in check(folder, {}) if "branch" in problem.file]
    assert f"{path.resolve()}:1:1" in line
    assert "min_scor" in line
    with pytest.raises(ConfigError):
        load(folder, {})


@pytest.mark.parametrize("name", ["polcy.yaml", "mailintake.yaml"])
def test_a_file_that_nothing_reads_there_is_an_error(put: Put, folder: Path, name: str) -> None:
    put("mailintake.yaml", SETTINGS)
    put(f"branch/{name}", "min_score: 4.5\n")
    (problem,) = check(folder, {})
    assert problem.file.endswith(f"branch/{name}")


def test_a_folder_that_is_not_there_is_an_error(put: Put, folder: Path) -> None:
    put("mailintake.yaml", SETTINGS)
    (problem,) = check(folder, {})
    assert problem.file.endswith("branch")
