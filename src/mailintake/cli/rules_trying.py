"""mailintake rules test and backtest: rules tried before anybody gets a letter by them."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from mailintake.cli.common import AsJson, ConfigFolder, hint, opened, print_json, print_lines
from mailintake.cli.rules_words import LAST, Last, progress_bar, short
from mailintake.cli.table import aligned
from mailintake.cli.words import say
from mailintake.config.catalogue import words as problem_words
from mailintake.errors import ConfigError

if TYPE_CHECKING:
    from mailintake.app.rules.backtest import Backtest, Difference, Disagreement
    from mailintake.app.rules.trying import Tried
    from mailintake.config import Configuration
    from mailintake.store.port import Store

Name = Annotated[str, Parameter(name="--name", help=say("rules.name.help"))]
Coverage = Annotated[bool, Parameter(name="--coverage", help=say("rules.coverage.help"))]
_LISTED = 20  # differences of one aspect that are listed


def try_rules(*, name: Name = "", coverage: Coverage = False, config: ConfigFolder = None, json: AsJson = False) -> int:
    """The files as they are, against every example; exit code 1 when one fails."""
    from mailintake.app.rules.trying import uncovered
    from mailintake.config import load

    begun = time.monotonic()
    configuration = load(config)
    tried = tried_examples(configuration, name)
    bad = [one for one in tried if not one.good]
    gaps = uncovered(configuration.rules, tried) if coverage else ()
    if json:
        rows = [
            {"name": one.example.name, "source": one.example.source, "good": one.good} | _details(one) for one in tried
        ]
        open_ = [{"variant": g.variant, "kind": g.kind, "source": g.source} for g in gaps]
        print_json(examples=rows, bad=len(bad), uncovered=open_)
        return 1 if bad else 0
    for one in bad:
        print_lines(failed_lines(one))
    print(say("rules.tested", count=len(tried), bad=len(bad), inline=_inline(configuration)))
    if coverage:
        print(say("rules.uncovered", count=len(gaps)))
        print_lines(aligned((f"  {g.variant}", g.kind, g.source) for g in gaps))
    hint(say("rules.took", seconds=f"{time.monotonic() - begun:.1f}"))
    return 1 if bad else 0


def tried_examples(configuration: "Configuration", name: str = "") -> "tuple[Tried, ...]":
    """Every example, the shipped ones and the operator's. ConfigError for files that cannot be read."""
    from mailintake.app.rules.example_files import read_examples
    from mailintake.app.rules.trying import try_examples
    from mailintake.config.layers import shipped_folder
    from mailintake.config.problems import Problems

    problems = Problems()
    folders = {shipped_folder(): "config"}
    if configuration.folder is not None:
        folders[configuration.folder] = str(configuration.folder)
    examples = read_examples(folders, problems)
    if problems:
        lines = tuple(str(problem) for problem in problems.errors())
        raise ConfigError(problem_words("summary", count=len(lines)), lines, fix=problem_words("summary.fix"))
    return tuple(try_examples(configuration, (one for one in examples if name in one.name)))


def _inline(configuration: "Configuration") -> int:
    """Examples that stand in the rules themselves; they were tried when the rules were loaded."""
    rules = (*configuration.rules.screening, *configuration.rules.classification)
    return sum(len(rule.examples.matches) + len(rule.examples.not_matches) for rule in rules)


def _details(one: "Tried") -> dict[str, Any]:
    sides = [{"aspect": s.aspect, "expected": s.expected, "got": s.got, "good": s.good} for s in one.sides]
    misses = [
        {"rule": m.rule, "source": m.source, "score": m.score, "why": m.why, "detail": m.detail} for m in one.misses
    ]
    return {"sides": sides, "near": misses}


def failed_lines(one: "Tried") -> Iterator[str]:
    """Expected and got side by side, and the rules that nearly led there."""
    yield say("rules.failed", name=one.example.name, source=one.example.source)
    heads = ("", say("rules.head.aspect"), say("rules.head.expected"), say("rules.head.got"))
    marks = (
        ("  ✓" if s.good else "  ✗", say(f"rules.aspect.{s.aspect}"), s.expected or "-", s.got or "-")
        for s in one.sides
    )
    yield from aligned([heads, *marks])
    if one.misses:
        yield say("rules.near")
        yield from aligned(
            (f"    {m.rule}", f"{m.score:+.1f}", say(f"rules.miss.{m.why}", detail=short(m.detail)), m.source)
            for m in one.misses
        )


def backtest(*, last: Last = LAST, config: ConfigFolder = None, json: AsJson = False) -> int:
    """The files against the rules in force over stored mail; exit code 1 when staff would agree less often."""
    from mailintake.config import load

    candidate = load(config)
    with opened(config) as (configuration, shells):
        made, seconds = tested(shells.store, configuration, candidate, last, quiet=json)
    if json:
        print_json(**backtest_row(made), seconds=round(seconds, 2))
    else:
        print_lines(backtest_lines(made))
        hint(say("rules.took", seconds=f"{seconds:.1f}"))
    return 1 if made.worse else 0


def tested(
    store: "Store", active: "Configuration", candidate: "Configuration", last: int, *, quiet: bool
) -> "tuple[Backtest, float]":
    """The backtest with a bar, and how long it took."""
    from mailintake.app.rules.backtest import backtest as run
    from mailintake.app.rules.sharing import another_store

    begun = time.monotonic()
    with progress_bar(say("rules.backtesting"), quiet=quiet) as progress:
        made = run(store, active, candidate, last, progress, another_store(active))
    return made, time.monotonic() - begun


def backtest_row(made: "Backtest") -> dict[str, Any]:
    """As JSON."""
    return {
        "mails": made.mails,
        "skipped": made.skipped,
        "changed": made.changed,
        "by_aspect": dict(made.by_aspect()),
        "differences": [
            {"mail": d.mail, "aspect": d.aspect, "before": d.before, "after": d.after} for d in made.differences
        ],
        "staff": {"asked": made.asked, "agreed_before": made.agreed_before, "agreed_after": made.agreed_after},
        "better": [_opinion(d) for d in made.better],
        "worse": [_opinion(d) for d in made.worse],
    }


def _opinion(one: "Disagreement") -> dict[str, str]:
    return {"mail": one.mail, "about": one.opinion.about.value, "staff": one.opinion.wanted, "by": one.opinion.by}


def backtest_lines(made: "Backtest") -> Iterator[str]:
    """The table of what changes, then whether staff would agree, each worse one named."""
    from mailintake.app.rules.backtest import ASPECTS

    yield say("rules.backtested", mails=made.mails, changed=made.changed, skipped=made.skipped)
    counts = made.by_aspect()
    for aspect in ASPECTS:
        if counts[aspect]:
            yield say("rules.aspect_count", aspect=say(f"rules.aspect.{aspect}"), count=counts[aspect])
            rows = [d for d in made.differences if d.aspect == aspect]
            yield from aligned((f"    #{d.mail}", short(d.subject), *_sides(d)) for d in rows[:_LISTED])
            if len(rows) > _LISTED:
                yield say("rules.and_more", count=len(rows) - _LISTED)
    if not made.asked:
        yield say("rules.nothing_said")
        return
    yield say("rules.agreement", asked=made.asked, before=made.agreed_before, after=made.agreed_after)
    for title, rows_ in (("rules.better", made.better), ("rules.worse", made.worse)):
        yield say(title, count=len(rows_))
        yield from aligned(
            (
                f"    #{d.mail}",
                short(d.subject),
                d.opinion.by,
                say(f"rules.said.{d.opinion.about.value}", wanted=d.opinion.wanted),
            )
            for d in rows_
        )


def _sides(one: "Difference") -> tuple[str, ...]:
    """Before and after; of a list of codes only what went and what came."""
    if one.aspect != "lacking":
        return short(one.before or "-"), "→", short(one.after or "-")
    before, after = one.before.split(), one.after.split()
    gone, came = [c for c in before if c not in after], [c for c in after if c not in before]
    return " ".join((*(f"-{code}" for code in gone), *(f"+{code}" for code in came))), "", ""


def example_folder(config: Path) -> Path:
    """Where examples of one's own lie."""
    return config / "tests"
