"""The production worker end to end: `mailintake run --once` on a fresh installation against the ground's servers."""

import json
import sys
from pathlib import Path

from benchmarks.ground import Ground

_SETTINGS = """mailboxes:
  - {{name: main, kind: imap, host: {host}, port: {port}, tls: none, user: {user},
     password_file: password, folders: [INBOX]}}
poll: {{first_start: all, interval_seconds: {every}}}
smtp: {{host: 127.0.0.1, port: {smtp_port}, tls: none, from_address: lnwfapec@163.com}}
sent_copy: never
sending: {{per_hour: 100000, gap_seconds: 0, per_day: 100000}}
start_mode: auto
letters: {{default_mode: auto, quiet_seconds: 0, per_address_per_day: 1000, global_per_day: 100000}}
data_folder: ../data
ocr: {ocr}
log: {{level: warning}}
"""


def installation(
    folder: Path, ground: Ground, user: str, *, ocr: bool = False, every: int = 60, more: str = ""
) -> Path:
    """A configuration folder; its data lie beside it."""
    config = folder / "config"
    config.mkdir(parents=True)
    told = {**ground.target, "user": user, "ocr": str(ocr).lower(), "every": every}
    (config / "mailintake.yaml").write_text(_SETTINGS.format(**told) + more, "utf-8")
    password = config / "password"
    password.write_text(str(ground.target["password"]))
    password.chmod(0o600)
    return config


COMMANDS = (
    ("check, the first", ("check",)),
    ("check", ("check",)),
    ("status", ("status",)),
    ("case list", ("case", "list")),
)
"""What an operator types besides, in this order: the first check of an installation reads all rules, the next one knows
them."""


def command(config: Path) -> list[str]:
    """What an operator types."""
    return [sys.executable, "-m", "mailintake", "run", "--once", "--json", "--config", str(config)]


def checked(out: str, mails: int) -> dict[str, int]:
    """The row that the run printed; a run that left a mail or a letter measured something else."""
    row = json.loads(next(line for line in reversed(out.splitlines()) if line.startswith("{")))
    assert row["fetched"] == row["processed"] == mails, row
    return {key: value for key, value in row.items() if isinstance(value, int)}
