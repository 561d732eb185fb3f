"""What the documents tell an operator to type exists: commands, options and make targets."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cyclopts import App

from mailintake.cli import app

ROOT = Path(__file__).resolve().parents[2]
PAGES = ["README.md", "README.zh-CN.md", "docs/operations.md", "docs/failures.md", "templates/messages/cli.txt"]
_INLINE = re.compile(r"`([^`\n]+)`")
_SAID = re.compile(r"mailintake (?:[a-z-]+)(?: [A-Za-z0-9_./-]+)*")
_OTHERS = ("make", "git", "systemctl", "adduser", "chown", "podman", "ln")  # they name us, and are not us
_OPTION = re.compile(r"--[a-z-]+")


def blocks(text: str) -> Iterator[str]:
    """Lines of fenced blocks, comments cut off."""
    for block in re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            yield line.partition(" #")[0].strip()


def commands(page: str) -> Iterator[str]:
    text = (ROOT / page).read_text("utf-8")
    if page.endswith(".txt"):
        yield from (found.group() for found in _SAID.finditer(text))
        return
    inline = _INLINE.findall(re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
    for line in (told.removeprefix("sudo -u mailintake ") for told in (*blocks(text), *inline)):
        found = re.search(r"(?:^|/|\s)mailintake ((?:[a-z-]|--).*)$", line)
        if found and line.split()[0] not in _OTHERS:
            yield f"mailintake {found[1]}"


def resolved(words: list[str]) -> tuple[App, list[str]]:
    """The command that those words name, and what is left of them."""
    found = app
    rest = list(words)
    while rest and rest[0] in found and not rest[0].startswith("-"):
        found = found[rest.pop(0)]
    return found, rest


@pytest.mark.parametrize("page", PAGES)
def test_every_command_and_option_in_the_documents_exists(page: str) -> None:
    told = list(commands(page))
    assert told, page
    for command in told:
        words = command.split()[1:]
        found, rest = resolved(words)
        assert found is not app or rest in (["--help"], ["--version"]), command
        known = {"--help"}
        if found.default_command is None:
            assert not rest or rest[0].startswith("-"), command
        else:
            known |= {name for argument in found.assemble_argument_collection() for name in argument.names}
        unknown = set(_OPTION.findall(" ".join(rest))) - known
        assert found is app or not unknown, f"{command}: {unknown}"


def test_the_handbook_names_every_command() -> None:
    text = (ROOT / "docs" / "operations.md").read_text("utf-8")
    things = [name for name in app if not name.startswith("-")]
    missing = [name for name in things if name != "demo" and f"mailintake {name}" not in text]
    assert not missing
    for thing in ("case", "letter", "quarantine", "config"):
        assert not [n for n in app[thing] if not n.startswith("-") and f"{thing} {n}" not in text and n not in text]


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md", "docs/operations.md", "CONTRIBUTING.md"])
def test_every_make_target_in_the_documents_exists(page: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    told = set(re.findall(r"(?:`|^)make (?:-C \S+ )?([a-z-]+)", (ROOT / page).read_text("utf-8"), re.MULTILINE))
    assert told <= targets


def test_make_help_lists_every_target() -> None:
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    for target in ("install", "demo", "test", "fix"):
        assert re.search(rf"^{target}\s", done.stdout, re.MULTILINE), target
