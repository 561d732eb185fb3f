"""mailintake demo: an invented day on this machine, with the production code."""

import shutil
from pathlib import Path

from mailintake.cli.common import AsJson, ConfigFolder, hint, print_json, print_lines
from mailintake.cli.words import say


def demo(folder: Path = Path("demo-output"), *, config: ConfigFolder = None, json: AsJson = False) -> int:
    """Everything is written below `folder`, which is emptied first if an earlier demo made it."""
    from rich.progress import Progress

    from mailintake.app.demo.run import Stage, run_demo
    from mailintake.config import load
    from mailintake.errors import UsageError

    mark = folder / ".mailintake-demo"
    if folder.exists() and any(folder.iterdir()):
        if not mark.exists():
            raise UsageError(f"{folder}", fix="mailintake demo NEW-FOLDER")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    mark.touch()
    with Progress(transient=True) as bar:
        task = bar.add_task(say("demo.progress"), total=None)
        stage = Stage(
            folder.resolve(),
            lambda done, total: bar.update(task, completed=done, total=total),
            lambda key, **values: hint(say(key, **values)),
        )
        told = run_demo(load(config), stage)
    figures = {"mails": told.mails, "cases": told.cases, "letters": told.letters, "seconds": round(told.seconds)}
    command = f"mailintake explain {next(iter(sorted(told.drop.glob('*.eml'))), folder)}"
    if json:
        print_json({"schema": 1, **figures, "page": str(told.page), "drop": str(told.drop)})
        return 0
    print_lines((say("demo.end", **figures), say("demo.page", path=told.page), say("demo.letters", path=told.drop)))
    print(say("demo.next", command=command))
    return 0
