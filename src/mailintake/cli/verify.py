"""mailintake verify: every mail has its fate, every file its hash, the log is unbroken."""

from mailintake.cli.common import AsJson, ConfigFolder, hint, opened, print_json, print_lines
from mailintake.cli.words import say


def verify(*, config: ConfigFolder = None, json: AsJson = False) -> int:
    """Exit code 1 when anything is broken; each fault is one line."""
    with opened(config) as (_, shells):
        problems = shells.store.verify()
        figures = {
            "messages": shells.store.count_messages(),
            "files": sum(1 for _ in shells.store.files.hashes()),
            "events": shells.store.count_events(),
        }
    if json:
        print_json(problems=list(problems), **figures)
    elif problems:
        print_lines((*problems, say("verify.bad", count=len(problems))))
        hint(say("verify.next"))
    else:
        print(say("verify.ok", **figures))
    return 1 if problems else 0
