"""mailintake verify: every mail has its fate, every file its hash, the log is unbroken."""

from typing import Annotated

from cyclopts import Parameter

from mailintake.cli.common import AsJson, ConfigFolder, hint, opened, print_json, print_lines
from mailintake.cli.words import say

Mark = Annotated[str, Parameter(name="--mark", help=say("verify.mark.help"))]


def verify(*, mark: Mark = "", config: ConfigFolder = None, json: AsJson = False) -> int:
    """Exit code 1 when anything is broken; each fault is one line. `mark`: what a digest wrote down of the log."""
    with opened(config) as (_, shells):
        line = mark.partition(":")[0]
        fits = not mark or (line.isdecimal() and shells.store.log_mark(int(line)) == mark.strip())
        problems = (*shells.store.verify(), *(() if fits else (say("verify.mark", mark=mark),)))
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
