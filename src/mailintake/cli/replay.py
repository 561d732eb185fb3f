"""mailintake replay: .eml files through the whole pipeline, nothing sent, one JSON object a mail."""

import tempfile
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from mailintake.cli.common import AsJson, ConfigFolder, hint, print_json
from mailintake.cli.table import aligned
from mailintake.cli.words import say
from mailintake.errors import UsageError
from mailintake.model.zone import SHANGHAI

_KEPT = "mailintake-letters-"  # the rows name files: these stay until somebody removes them
Paths = Annotated[Path, Parameter(help=say("replay.paths.help"))]
Now = Annotated[str | None, Parameter(name="--now", help=say("replay.now.help"))]
State = Annotated[Path | None, Parameter(name="--state", help=say("replay.state.help"))]


def replay(
    *paths: Paths, json: AsJson = False, config: ConfigFolder = None, now: Now = None, state: State = None
) -> int:
    """`--now` is ISO 8601 (Asia/Shanghai without an offset); `--state` keeps the store between calls."""
    from mailintake.app.replay import mail_files
    from mailintake.app.replay import replay as replay_files
    from mailintake.config import load, resource_folders
    from mailintake.letters.render import Renderer

    at = _moment(now)
    files = mail_files(paths)
    if not files:
        raise UsageError(say("replay.no_files"), fix="mailintake replay FOLDER --json")
    if state is not None:
        state.mkdir(parents=True, exist_ok=True)
    configuration = load(config)
    words = Renderer(*resource_folders("templates", config)).digest_words
    fates: Counter[str] = Counter()
    letters = 0
    kept = Path(tempfile.mkdtemp(prefix=_KEPT)) if json and state is None else None
    for file, _done, row in replay_files(configuration, files, now=at, state=state, letters=kept):
        fates[row["disposition"] or "retry"] += 1
        letters += len(row["letters"])
        if json:
            print_json(**row)
        else:
            print(*aligned([(file.name, *_cells(row, words))]), flush=True)
    if kept is not None and letters:
        hint(say("replay.kept", path=kept))
    elif kept is not None:
        kept.rmdir()
    listed = say("list.comma").join(f"{say(f'disposition.{fate}')} {n}" for fate, n in sorted(fates.items()))
    hint(say("replay.summary", mails=len(files), fates=listed, letters=letters))
    return 0


def _cells(row: dict[str, Any], words: Any) -> tuple[str, ...]:
    """Class, procedure, what became of it, which letters: in staff's words."""
    letters = say("list.comma").join(words.letters.get(letter["letter"], "") for letter in row["letters"])
    return (
        words.classes.get(row["message_class"], row["message_class"]),
        say("list.comma").join(words.procedures.get(p, p) for p in row["procedures"]) or "-",
        say(f"disposition.{row['disposition'] or 'retry'}"),
        letters or row["failure"] or "-",
    )


def _moment(now: str | None) -> datetime | None:
    try:
        at = datetime.fromisoformat(now) if now else None
    except ValueError:
        fix = "mailintake replay FILES --now 2026-11-23T09:00:00+08:00"
        raise UsageError(say("usage.value", name="--now", got=now), fix=fix) from None
    return at.replace(tzinfo=SHANGHAI) if at is not None and at.tzinfo is None else at
