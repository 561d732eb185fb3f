"""mailintake check: the configuration and every template, all faults at once."""

from mailintake.cli.common import AsJson, ConfigFolder, print_json, print_lines
from mailintake.cli.words import say


def check(*, config: ConfigFolder = None, json: AsJson = False) -> int:
    """Exit code 0 when everything is in order, 3 otherwise."""
    from mailintake.config import check as check_folder
    from mailintake.config import load, resource_folders
    from mailintake.letters.render import Renderer

    problems = check_folder(config)
    if not problems:
        problems = Renderer(*resource_folders("templates", config)).check()
    if json:
        print_json({"schema": 1, "problems": list(problems)})
    elif problems:
        print_lines((*problems, say("check.bad", count=len(problems))))
    else:
        rules = load(config).rules
        counts = {"procedures": len(rules.procedures), "kinds": len(rules.kinds), "rules": len(rules.classification)}
        print(say("check.ok", version=rules.version, **counts))
    return 3 if problems else 0
