"""One way to make an app: groups, help and options are worded in templates, errors come to `main`."""

from cyclopts import App, Group, Parameter

from mailintake.cli.words import say

_SILENT = Parameter(negative=(), show_default=False, show_env_var=False)
_COMMANDS = Group(say("help.commands"), sort_key=0)
_OPTIONS = Group(say("help.options"), sort_key=2)
_ARGUMENTS = Group(say("help.arguments"), sort_key=1)
_ALWAYS = Group(say("help.always"), sort_key=3)


def make_app(name: str, *, version: str | None = None) -> App:
    """An app of that name; its help text is `NAME.help` (`app.help` for the program itself)."""
    app = App(
        name=name,
        help=say(f"{'app' if version else name}.help"),
        help_format="plaintext",
        version=version,
        version_flags=["--version"] if version else [],
        default_parameter=_SILENT,
        group_commands=_COMMANDS,
        group_parameters=_OPTIONS,
        group_arguments=_ARGUMENTS,
    )
    app["--help"].help = say("help.help")
    app["--help"].group = _ALWAYS
    if version:
        app["--version"].help = say("help.version")
        app["--version"].group = _ALWAYS
    return app
