"""Words on the terminal: results on stdout, progress and hints on stderr, an exit code for each kind of end."""

import sys

from cyclopts import App

from mailintake import __version__
from mailintake.cli.words import say
from mailintake.errors import ConfigError, MailintakeError

app = App(name="mailintake", help=say("app.help"), version=__version__)
for _name in ("init", "demo", "run", "check", "replay", "explain", "digest", "status", "verify"):
    app.command(f"mailintake.cli.{_name}:{_name}", name=_name, help=say(f"{_name}.help"))
for _name in ("cases", "outbox", "quarantine"):
    app.command(f"mailintake.cli.{_name}:app", name=_name, help=say(f"{_name}.help"))


def main() -> None:
    """The entry point: one line for an error, the fix below it, never a stack trace."""
    try:
        app()
    except MailintakeError as fault:
        for problem in fault.problems if isinstance(fault, ConfigError) else ():
            print(problem, file=sys.stderr)
        print(say("error.line", message=fault), file=sys.stderr)
        if fault.fix:
            print(say("error.fix", fix=fault.fix), file=sys.stderr)
        raise SystemExit(fault.exit_code) from None
    except BrokenPipeError:
        raise SystemExit(0) from None
