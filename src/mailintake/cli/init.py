"""mailintake init: a configuration folder of one's own, with comments."""

import sys
from dataclasses import dataclass
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from mailintake.cli.common import AsJson, DryRun, hint, print_json, print_lines
from mailintake.cli.init_questions import Questions, chosen_again, chosen_quietly
from mailintake.cli.words import say
from mailintake.config.addresses import is_address
from mailintake.errors import UsageError

if TYPE_CHECKING:
    from mailintake.app.initial import Answers

Folder = Annotated[Path, Parameter(help=say("init.folder.help"))]
Defaults = Annotated[bool, Parameter(name="--defaults", help=say("init.defaults.help"))]


@Parameter(name="*")
@dataclass(frozen=True)
class Given:
    """What is said on the command line instead of typed, and what is not asked."""

    address: Annotated[str, Parameter(name="--address", help=say("init.address.help"))] = ""
    provider: Annotated[str, Parameter(name="--provider", help=say("init.provider.help"))] = ""
    service: Annotated[bool, Parameter(name="--service", help=say("init.service.help"))] = False
    offline: Annotated[bool, Parameter(name="--offline", help=say("init.offline.help"))] = False


_NOTHING = Given()


def init(
    folder: Folder = Path("config-local"),
    *,
    defaults: Defaults = False,
    given: Given = _NOTHING,
    dry_run: DryRun = False,
    json: AsJson = False,
) -> int:
    """Ask, try what was answered, write `folder/mailintake.yaml`, say what comes next. What exists is never touched."""
    from mailintake.app.initial import CODE_FILE, initial_files, write_code, write_files

    target = folder / "mailintake.yaml"
    if target.exists():
        raise UsageError(say("init.exists", path=target), fix=f"mailintake check --config {folder}")
    if not defaults and not sys.stdin.isatty():
        raise UsageError(say("init.no_terminal"), fix=f"mailintake init {folder} --defaults")
    _check(given.address, given.provider, folder)
    if defaults:
        answers, code = chosen_quietly(given.address, given.provider, service=given.service), ""
    else:
        answers, code = _asked(
            Questions(given.address, given.provider), service=given.service, offline=given.offline or dry_run
        )
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
    if defaults:
        hint(say("init.code.netease"))
    hint(say("init.next", folder=folder))
    return 0


def _check(address: str, provider: str, folder: Path) -> None:
    """What was given on the command line is as good as what is typed."""
    from mailintake.app.providers import providers

    keys = [one.key for one in providers()]
    if address and not is_address(address):
        raise UsageError(say("usage.value", name="--address", got=address), fix=f"mailintake init {folder}")
    if provider and provider not in keys:
        raise UsageError(say("init.provider.unknown", got=provider, known=say("list.comma").join(keys)), fix="")


def _asked(questions: Questions, *, service: bool, offline: bool) -> "tuple[Answers, str]":
    """The answers and the authorisation code, tried against the servers until that works or is to be left."""
    hint(say("init.asks"))
    answers = questions.answers(service=service)
    hint(say(f"init.code.{questions.provider.code}"))
    while True:
        code = getpass(say("init.ask_code"), stream=sys.stderr).strip()
        if not code or offline:
            return answers, code
        answers, good = _tried(answers, code)
        if good or not chosen_again():
            return answers, code


def _tried(answers: "Answers", code: str) -> "tuple[Answers, bool]":
    """Login with ID, SELECT, folders, way out: as `doctor` asks them. The spam folder that is found is watched."""
    from mailintake.app.initial_trial import trial, with_found_folders
    from mailintake.cli.doctor import print_told

    hint(say("init.trying"))
    bad = 0
    for told in trial(answers, code, say):
        print_told(told)
        bad += told.is_bad
    return (with_found_folders(answers, code), True) if not bad else (answers, False)
