"""mailintake verify: every mail has its fate, every file its hash, the log is unbroken."""

from mailintake.cli.common import AsJson, ConfigFolder, opened, print_json, print_lines
from mailintake.cli.words import say


def verify(*, config: ConfigFolder = None, json: AsJson = False) -> int:
    """Exit code 1 when anything is broken; each fault is one line."""
    with opened(config) as (_, shells):
        problems = shells.store.verify()
        figures = {
            "messages": len(shells.store.messages(limit=10**6)),
            "files": sum(1 for _ in shells.store.files.hashes()),
            "events": len(shells.store.events(limit=10**6)),
        }
    if json:
        print_json({"schema": 1, "problems": list(problems), **figures})
    else:
        print_lines(problems)
        print(say("verify.bad", count=len(problems)) if problems else say("verify.ok", **figures))
    return 1 if problems else 0
