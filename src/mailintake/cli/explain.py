"""mailintake explain: one mail (a file, or a stored one) or one case."""

from pathlib import Path

from mailintake.cli.common import AsJson, ConfigFolder, opened, print_json, print_lines
from mailintake.cli.words import say


def explain(what: str, *, config: ConfigFolder = None, json: AsJson = False) -> int:
    """`what`: a path of an .eml file, a case number, or id, sha256 or Message-ID of a stored mail."""
    from mailintake.app.explain import explain_case
    from mailintake.errors import UsageError

    path = Path(what)
    if path.is_file():
        return _file(path, config, json)
    with opened(config) as (configuration, shells):
        case = shells.store.case(what)
        row = None if case else shells.store.message(what)
        if case is not None:
            print_lines(explain_case(case, configuration.rules, say))
            return 0
        if row is None:
            raise UsageError(say("explain.none", what=what), fix="mailintake cases list")
        return _file(shells.store.files.path(row.sha256), config, json)


def _file(path: Path, config: Path | None, json: bool) -> int:
    from mailintake.app.explain import explain_mail
    from mailintake.app.replay import replay
    from mailintake.config import load

    configuration = load(config)
    for _, done, row in replay(configuration, (path,)):
        if json:
            print_json(row)
        else:
            cases = done.decision.cases if done.decision else ()
            print_lines(explain_mail(done, cases, configuration.rules, say))
    return 0
