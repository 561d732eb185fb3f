"""mailintake replay: .eml files through the whole pipeline, nothing sent, one JSON object a mail."""

from collections import Counter
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from mailintake.cli.common import AsJson, ConfigFolder, hint, print_json
from mailintake.cli.words import say


def replay(
    *paths: Path, json: AsJson = False, config: ConfigFolder = None, now: str | None = None, state: Path | None = None
) -> int:
    """`--now` is ISO 8601 (Asia/Shanghai without an offset); `--state` keeps the store between calls."""
    from mailintake.app.replay import mail_files
    from mailintake.app.replay import replay as replay_files
    from mailintake.config import load
    from mailintake.errors import UsageError

    try:
        at = datetime.fromisoformat(now) if now else None
    except ValueError:
        raise UsageError(f"--now {now}", fix="2026-11-23T09:00:00+08:00") from None
    if at is not None and at.tzinfo is None:
        at = at.replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    files = mail_files(paths)
    if state is not None:
        state.mkdir(parents=True, exist_ok=True)
    fates: Counter[str] = Counter()
    letters = 0
    for file, _done, row in replay_files(load(config), files, now=at, state=state):
        fates[row["disposition"] or "retry"] += 1
        letters += len(row["letters"])
        if json:
            print_json(row)
        else:
            print(f"{file.name}\t{row['message_class']}\t{row['procedure'] or '-'}\t{row['disposition']}", flush=True)
    listed = ", ".join(f"{fate} {count}" for fate, count in sorted(fates.items()))
    hint(say("replay.summary", mails=len(files), fates=listed, letters=letters))
    return 0
