"""The terminal in English or Chinese, as a whole; completion for shells."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import Command
from tests.support.office import Office, run

from mailintake import __version__
from mailintake.__main__ import _chosen
from mailintake.config.catalogue import Language, speak

HAN = re.compile(r"[\u3400-\u9fff]")


def test_the_language_is_taken_from_anywhere_on_the_command_line() -> None:
    assert _chosen(["case", "--lang", "en", "list"]) == (Language.EN, ["case", "list"])
    assert _chosen(["--lang=zh", "status"]) == (Language.ZH, ["status"])
    assert _chosen(["check", "--lang", "fr"]) == (None, ["check", "--lang", "fr"])
    assert _chosen(["status", "--lang"]) == (None, ["status", "--lang"])


def test_help_errors_and_answers_are_english_when_that_is_asked_for(office: Office) -> None:
    helped = run("--lang", "en", "case", "--help")
    assert (helped.code, HAN.search(helped.out)) == (0, None)
    assert "Sets the right procedure" in helped.out
    wrong = run("case", "lst", MAILINTAKE_LANG="en")
    assert (wrong.code, HAN.search(wrong.err)) == (2, None)
    told = office.run("--lang", "en", "doctor", "--offline")
    assert not HAN.search(told.out + told.err)


@pytest.fixture
def english() -> object:
    """This process speaks English for a while."""
    speak(Language.EN)
    yield
    speak(Language.ZH)


@pytest.mark.usefixtures("english")
def test_looking_around_in_english_shows_no_chinese_but_the_offices_own_words(command: Command) -> None:
    """Names of papers, procedures and letters are the guide's; sentences of the program are not Chinese."""
    for words in (
        ("status",),
        ("verify",),
        ("rules", "status"),
        ("trace", "zzz"),
        ("letter", "approve", "99"),
        ("init",),
    ):
        ran = command(*words)
        assert not HAN.search(ran.out + ran.err), (words, ran.out + ran.err)


def test_a_language_that_is_not_there_is_an_error_of_the_environment() -> None:
    ran = run("check", MAILINTAKE_LANG="fr")
    assert ran.code == 3
    assert "MAILINTAKE_LANG" in ran.out


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_shells_are_told_every_command(shell: str, command: Command, tmp_path: Path) -> None:
    ran = command("completion", shell)
    assert ran.code == 0
    for name in ("status", "trace", "preview", "--verify-only"):
        assert name in ran.out
    program = shutil.which(shell)
    if program is not None:
        (tmp_path / "script").write_text(ran.out, "utf-8")
        assert subprocess.run([program, "-n", tmp_path / "script"], check=False).returncode == 0


def test_the_module_is_the_command() -> None:
    done = subprocess.run([sys.executable, "-m", "mailintake", "--version"], capture_output=True, check=False)
    assert (done.returncode, done.stdout.decode().strip()) == (0, __version__)
