"""mailintake explain: one mail (a file, or a stored one), one case, or one finding code."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from mailintake.cli.common import AsJson, ConfigFolder, Lang, hint, in_force, opened, print_json, print_lines
from mailintake.cli.table import blocks
from mailintake.cli.words import say
from mailintake.config.catalogue import known_words, speak
from mailintake.errors import UsageError
from mailintake.model.understanding import Disposition

if TYPE_CHECKING:
    from mailintake.app.explain import Explainer
    from mailintake.config import Configuration
    from mailintake.model.case import Case
    from mailintake.model.decided import Decided
    from mailintake.model.rules import RuleSet
    from mailintake.store.port import MessageRow, Store
    from mailintake.worker.intake.process import Processed

_PLACE = re.compile(r"(?<!\{)\{\w+\}(?!\})")
Target = Annotated[str, Parameter(help=say("explain.what.help"))]
Candidate = Annotated[bool, Parameter(name="--candidate", help=say("explain.candidate.help"))]


def explain(
    what: Target,
    *,
    candidate: Candidate = False,
    lang: Lang = None,
    config: ConfigFolder = None,
    json: AsJson = False,
) -> int:
    """A path of an .eml file; a case number; id, sha256 or Message-ID of a stored mail; a code of a finding or of
    `check`.

    A stored mail is explained as it was decided when it came. A file is judged by the rules in force, or, with
    --candidate, by the files as they are now, in an empty database: nothing is stored and nothing is sent.
    """
    if lang is not None:
        speak(lang)
    if known_words(f"{what}.why"):  # needs no configuration: it explains why there is none
        return _problem(what, json)
    if Path(what).is_file():
        return _mail(Path(what), _rules(config, candidate=candidate), json)
    if (configuration := _rules(config, candidate=candidate)) and _is_code(what, configuration.rules):
        return _code(what, configuration.rules, json)
    with opened(config) as (configuration, shells):
        if (case := shells.store.case(what)) is not None:
            from mailintake.model.codec import encode

            if json:
                print_json(case=encode(case))
            else:
                print_lines(blocks(_explainer(configuration).cases.rows(case)))
            return 0
        row = shells.store.message(what)
        if row is None or row.disposition is Disposition.ERASED:
            raise UsageError(say("explain.none", what=what), fix="mailintake case list --everything")
        explainer = _explainer(configuration)
        decided = shells.store.decision(row.sha256)
        if decided is not None:
            return _then(shells.store, row, decided, explainer, json=json)
        if not json:
            print_lines(blocks(explainer.stored(row)))
            hint(say("explain.anew"))
        return _mail(shells.store.files.path(row.sha256), configuration, json)


def _rules(config: Path | None, *, candidate: bool) -> "Configuration":
    from mailintake.config import load

    return load(config) if candidate else in_force(config)


def _problem(code: str, json: bool) -> int:
    """What a code of `check` means, and how to mend it."""
    said, why, fix = (_PLACE.sub("…", known_words(key)) for key in (code, f"{code}.why", f"{code}.fix"))
    if json:
        print_json(code=code, message=said, why=why, suggestion=fix)
        return 0
    rows = ((say("label.fault"), said), (say("label.meaning"), why), (say("label.fix"), fix))
    print_lines(blocks((code, *row) if not i else ("", *row) for i, row in enumerate(rows) if row[1]))
    return 0


def _then(store: "Store", row: "MessageRow", decided: "Decided", explainer: "Explainer", *, json: bool) -> int:
    """What was decided when it came, on the database of then."""
    found = (store.version(case.number, case.revision) for case in decided.cases)
    cases = tuple(case for case in found if case is not None)
    if json:
        from mailintake.model.codec import encode

        told = {"id": row.id, "sha256": row.sha256, "disposition": row.disposition, "cases": list(row.cases)}
        print_json(mail=told, decided=encode(decided), cases=encode(cases))
        return 0
    print_lines(blocks(explainer.stored(row)))
    if (message := store.reading(row.sha256)) is not None:
        print_lines(blocks(explainer.route(message.route)))
    print_lines(blocks(explainer.decided(decided, cases)))
    return 0


def _mail(path: Path, configuration: "Configuration", json: bool) -> int:
    from mailintake.app.replay import replay

    for _, done, row in replay(configuration, (path,)):
        if json:
            print_json(**row)
        else:
            print_lines(blocks(_explainer(configuration).mail(done, _cases(done))))
            hint(say("explain.scratch"))
    return 0


def _cases(done: "Processed") -> "tuple[Case, ...]":
    return done.decision.cases if done.decision else ()


def _explainer(configuration: "Configuration") -> "Explainer":
    from mailintake.app.explain import Explainer
    from mailintake.config import resource_folders
    from mailintake.letters.render import Renderer

    renderer = Renderer(*resource_folders("templates", configuration.rules_folder))
    return Explainer(configuration.rules, renderer, say)


def _is_code(what: str, rules: "RuleSet") -> bool:
    subject, dot, _ = what.partition(".")
    return bool(dot) and any(kind.subject == subject for kind in rules.kinds.values())


def _code(code: str, rules: "RuleSet", json: bool) -> int:
    """Which kinds of document can have that fault, and the checks of these with file and line."""
    from mailintake.app.terms import check_name

    subject = code.partition(".")[0]
    kinds = [kind for kind in rules.kinds.values() if kind.subject == subject]
    rows = [(kind.title, check_name(check.use), check.clause, check.source) for kind in kinds for check in kind.checks]
    if json:
        keys = ("kind", "check", "clause", "source")
        print_json(code=code, checks=[dict(zip(keys, row, strict=True)) for row in rows])
    else:
        print_lines(blocks(((say("label.checks") if not i else "", *row) for i, row in enumerate(rows))))
        hint(say("explain.code", code=code))
    return 0
