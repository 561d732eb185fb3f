"""Words on the terminal: results on stdout, progress and hints on stderr, an exit code for each kind of end.

0 done · 1 the answer is "no" · 2 command line · 3 configuration or template · 4 mailbox or mail server ·
5 database or disk · 6 another instance runs · 130 interrupted.
"""

import os
import sys
from collections.abc import Sequence

from cyclopts import CycloptsError

from mailintake import __version__
from mailintake.cli.frame import make_app
from mailintake.cli.usage import usage_error
from mailintake.cli.words import meaning_of, say
from mailintake.errors import ConfigError, MailintakeError, StoreUnusable

_ACTS = ("init", "demo", "run", "check", "doctor", "status", "digest", "replay", "explain", "trace", "verify")
_THINGS = ("case", "letter", "document", "mail", "staff", "desk", "quarantine", "config", "rules")
INTERRUPTED = 130

app = make_app("mailintake", version=__version__)
for _name in (*_ACTS, "undo", "backup", "restore", "metrics", "completion"):
    app.command(f"mailintake.cli.{_name}:{_name}", name=_name, help=say(f"{_name}.help"))
for _name in _THINGS:
    app.command(f"mailintake.cli.{_name}:app", name=_name, help=say(f"{_name}.help"))


def main(arguments: Sequence[str] | None = None) -> None:
    """The entry point: one line for an error, the fix below it, never a stack trace for what an operator can mend."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:  # `mailintake case list | head`: the reader has what it wanted
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    raise SystemExit(code)


def _run(arguments: Sequence[str] | None) -> int:
    try:
        code = app(arguments, print_error=False, exit_on_error=False, result_action="return_value")
        return code if isinstance(code, int) else 0
    except CycloptsError as fault:
        return _told(usage_error(fault, app))
    except MailintakeError as fault:
        return _told(fault)
    except BrokenPipeError:
        raise
    except OSError as fault:
        where = f"{fault.filename}: " if fault.filename else ""
        return _told(StoreUnusable(f"{where}{fault.strerror or fault}"))
    except KeyboardInterrupt:
        print(say("error.interrupted"), file=sys.stderr)
        return INTERRUPTED


def _told(fault: MailintakeError) -> int:
    """Print the fault, what mends it, and the next command to type."""
    for problem in fault.problems if isinstance(fault, ConfigError) else ():
        print(problem, file=sys.stderr)
    print(say("error.line", message=fault), file=sys.stderr)
    if meaning := meaning_of(type(fault).__name__):
        print(say("error.meaning", meaning=meaning), file=sys.stderr)
    if fault.fix:
        print(say("error.fix", fix=fault.fix), file=sys.stderr)
    if "mailintake " not in fault.fix:
        print(say(f"error.next.{fault.exit_code}"), file=sys.stderr)
    return fault.exit_code
