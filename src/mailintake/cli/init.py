"""mailintake init: a configuration folder of one's own, with comments."""

import sys
from pathlib import Path

from mailintake.cli.common import hint
from mailintake.cli.words import say

_DEFAULTS = {"address": "lnwfapec@163.com", "imap": "imap.163.com", "smtp": "smtp.163.com"}


def init(folder: Path = Path("config-local"), *, defaults: bool = False, dry_run: bool = False) -> int:
    """Ask, write `folder/mailintake.yaml`, say what comes next. Never overwrites."""
    from mailintake.app.initial import initial_settings

    target = folder / "mailintake.yaml"
    if target.exists():
        hint(say("init.exists", path=target))
        return 0
    asked = dict(_DEFAULTS, staff="")
    if not defaults and sys.stdin.isatty():
        hint(say("init.asks"))
        for key, preset in asked.items():
            hint(say(f"init.{key}", default=preset))
            asked[key] = input().strip() or preset
    text = initial_settings(folder, **asked)
    if dry_run:
        print(text)
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    print(say("init.written", path=target))
    print(say("init.code", path=folder / "authorisation-code"))
    print(say("init.next", folder=folder))
    return 0
