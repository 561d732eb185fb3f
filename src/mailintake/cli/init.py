"""mailintake init: a configuration folder of one's own, with comments."""

import sys
from dataclasses import replace
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from mailintake.cli.common import AsJson, DryRun, hint, print_json, print_lines
from mailintake.cli.words import say
from mailintake.errors import UsageError

if TYPE_CHECKING:
    from mailintake.app.initial import Answers

Folder = Annotated[Path, Parameter(help=say("init.folder.help"))]
Defaults = Annotated[bool, Parameter(name="--defaults", help=say("init.defaults.help"))]
Service = Annotated[bool, Parameter(name="--service", help=say("init.service.help"))]


def init(
    folder: Folder = Path("config-local"),
    *,
    defaults: Defaults = False,
    service: Service = False,
    dry_run: DryRun = False,
    json: AsJson = False,
) -> int:
    """Ask, write `folder/mailintake.yaml`, say what comes next. What exists is never touched."""
    from mailintake.app.initial import CODE_FILE, initial_files, write_code, write_files

    target = folder / "mailintake.yaml"
    if target.exists():
        raise UsageError(say("init.exists", path=target), fix=f"mailintake check --config {folder}")
    if not defaults and not sys.stdin.isatty():
        raise UsageError(say("init.no_terminal"), fix=f"mailintake init {folder} --defaults")
    answers, code = _asked(service=service, ask=not defaults)
    files = initial_files(answers)
    if dry_run:
        print_lines(line for name, text in files.items() for line in (f"# {folder / name}", text))
        return 0
    written = [str(path) for path in write_files(folder, files)]
    if code:
        written.append(str(write_code(folder, code)))
    if json:
        print_json(written=written)
        return 0
    print_lines(say("init.written", path=path) for path in written)
    if not code:
        hint(say("init.code", path=folder / CODE_FILE))
        hint(say("init.code_how"))
    hint(say("init.next", folder=folder))
    return 0


def _asked(*, service: bool, ask: bool) -> "tuple[Answers, str]":
    """The answers, each with its preset, and the authorisation code if one was typed."""
    from mailintake.app.initial import Answers, servers_of, shipped_address

    if ask:
        hint(say("init.asks"))
    address = _answer("init.address", shipped_address(), ask=ask)
    imap, smtp = servers_of(address)
    answers = Answers(
        address, _answer("init.imap", imap, ask=ask), _answer("init.smtp", smtp, ask=ask), service=service
    )
    answers = replace(answers, staff=_answer("init.staff", "", ask=ask))
    if not ask:
        return answers, ""
    hint(say("init.code_how"))
    return answers, getpass(say("init.ask_code"), stream=sys.stderr).strip()


def _answer(key: str, preset: str, *, ask: bool) -> str:
    """What is typed, or the preset."""
    if not ask:
        return preset
    print(say(key, default=preset), end="", file=sys.stderr, flush=True)
    return input().strip() or preset
