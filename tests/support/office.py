"""An office for tests of the command line: a configuration with a folder as its mailbox, and invented mails in it."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.scenarios import expanded

from mailintake.app.demo.mails import build_mail, parse_script
from mailintake.config import load

_MAILS = {
    "mails": [
        {
            "id": "application",
            "subject": "新办APEC商务旅行卡申请-贺知秋",
            "text": "您好：附件是贺知秋新办APEC商务旅行卡的材料，请查收。",
            "set": "new",
            "without": ["signature a"],
        },
        {"id": "thanks", "at": "2026-11-02 11:00", "subject": "谢谢", "text": "谢谢老师，辛苦了。"},
    ]
}
_SETTINGS = """mailboxes:
  - {{name: main, kind: folder, path: ../mails, folders: [INBOX]}}
poll: {{first_start: all}}
letters: {{default_mode: {mode}, quiet_seconds: 0}}
start_mode: auto
data_folder: ../data
ocr: false
"""


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[Any]:
        """stdout as JSON lines: objects, or, from a list, one array."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True)
class Office:
    """Folders of one installation."""

    config: Path
    mails: Path
    data: Path

    def run(self, *arguments: object, **environment: str) -> Ran:
        """A command as a process of its own, with --config where it is not said otherwise."""
        return run(*arguments, MAILINTAKE_CONFIG=str(self.config), **environment)


def run(*arguments: object, **environment: str) -> Ran:
    """mailintake as an operator types it; none of our own variables leaks in."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("MAILINTAKE_")}
    command = [sys.executable, "-m", "mailintake", *map(str, arguments)]
    done = subprocess.run(
        command, env=env | {"PYTHONUTF8": "1"} | environment, capture_output=True, stdin=subprocess.DEVNULL, check=False
    )
    return Ran(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))


def make_office(folder: Path, *, mode: str = "approve") -> Office:
    """An installation with two mails in its mailbox, an application without signature and a word of thanks."""
    office = Office(folder / "config", folder / "mails", folder / "data")
    office.config.mkdir(parents=True)
    office.mails.mkdir()
    settings = _SETTINGS.format(mode=mode)
    (office.config / "mailintake.yaml").write_text(settings, "utf-8")
    script, rules = parse_script(expanded(_MAILS)), load(office.config, {}).rules
    for spec in script.mails:
        (office.mails / f"{spec['id']}.eml").write_bytes(build_mail(spec, script, rules, None))
    return office
