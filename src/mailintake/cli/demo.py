"""mailintake demo: an invented day on this machine, with the production code."""

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from mailintake.cli.common import AsJson, ConfigFolder, hint, print_json, print_lines
from mailintake.cli.words import say
from mailintake.errors import UsageError

if TYPE_CHECKING:
    from mailintake.app.demo.run import Told

_SETTINGS = "data_folder: data\nmailboxes: []\n"  # so that every other command can look at what was played

Folder = Annotated[Path, Parameter(help=say("demo.folder.help"))]


def demo(folder: Folder = Path("demo-output"), *, config: ConfigFolder = None, json: AsJson = False) -> int:
    """Everything is written below `folder`, which is emptied first if an earlier demo made it."""
    mark = folder / ".mailintake-demo"
    if folder.exists() and any(folder.iterdir()):
        if not mark.exists():
            raise UsageError(say("demo.foreign", path=folder), fix="mailintake demo demo-output-2")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    mark.touch()
    told = _played(folder, config)
    (folder / "mailintake.yaml").write_text(_SETTINGS, encoding="utf-8")
    figures = {"mails": told.mails, "cases": told.cases, "letters": told.letters, "seconds": round(told.seconds)}
    if json:
        print_json(**figures, page=str(told.page), drop=str(told.drop))
        return 0
    print_lines((say("demo.end", **figures), say("demo.page", path=told.page), say("demo.letters", path=told.drop)))
    print(say("demo.next", command=f"{_program()} case list --everything --config {folder}"))
    if sys.stdin.isatty():
        _desk(folder.resolve(), config, told)
    return 0


def _desk(folder: Path, config: Path | None, told: "Told") -> None:
    """The desk over what was played, for its clerk, until Ctrl+C."""
    from mailintake.app.demo.afterwards import open_office
    from mailintake.app.demo.staff import staff
    from mailintake.config import load
    from mailintake.desk.serve import desk_over, listening, serve

    configuration, clerk = load(config), staff()[0].name
    with listening("127.0.0.1", 0) as sock, open_office(configuration, folder, told.now) as shells:
        made, port = desk_over(shells), sock.getsockname()[1]
        print(say("demo.desk", name=clerk, link=f"http://127.0.0.1:{port}/login/{made.sessions.link_for(clerk)}"))
        serve(made, configuration, sock)


def _program() -> str:
    """How one starts us from here: `make demo` does not put us on the path."""
    return "mailintake" if shutil.which("mailintake") else sys.argv[0]


def _played(folder: Path, config: Path | None) -> "Told":
    from rich.console import Console
    from rich.progress import Progress

    from mailintake.app.demo.run import Stage, run_demo
    from mailintake.config import load

    with Progress(transient=True, console=Console(stderr=True)) as bar:
        task = bar.add_task(say("demo.progress"), total=None)
        stage = Stage(
            folder.resolve(),
            lambda done, total: bar.update(task, completed=done, total=total),
            lambda key, **values: hint(say(key, **values)),
        )
        return run_demo(load(config), stage)
