"""The goals of this project with the figures of the last run, and of the longer commands with their day: what is met,
what is not."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.records import Record, kept

Figures = dict[str, float]


@dataclass(frozen=True)
class Goal:
    """`value` of a run's figures; `most` is met by anything up to it. None: measured by the command `told`, whose last
    figure is kept in records.json."""

    number: str
    what: str
    most: float
    value: Callable[[Figures], float] | None = None
    told: str = ""
    least: bool = False  # the other way round: the figure must reach it


def _floors(f: Figures) -> float:
    return sum(cpu for name, cpu in f.items() if name.endswith(" floor"))


def _ratio(step: str) -> Callable[[Figures], float]:
    return lambda f: f[f"{step} ours"] / f[f"{step} floor"]


def _against(peer: str) -> Callable[[Figures], float]:
    return lambda f: f["mailintake cpu"] / f[f"{peer} cpu"]


GOALS = (
    Goal("1", "whole pipeline / sum of the floors, CPU", 3, lambda f: f["mailintake cpu"] / _floors(f)),
    Goal("2", "/ django-mailbox", 1.2, _against("django-mailbox")),
    Goal("3", "/ django-helpdesk", 0.8, _against("django-helpdesk")),
    Goal("3", "/ Roundup", 0.25, _against("Roundup")),
    Goal(
        "4", "mails a second / fastest peer", 2, least=True,
        value=lambda f: min(w for n, w in f.items() if n.endswith(" wall") and "empty" not in n and n[0] != "m")
        / f["mailintake wall"],
    ),
    Goal("5", "fetch / bare socket", 1.5, _ratio("fetch")),
    Goal("6", "parse / native parser", 3, _ratio("parse")),
    Goal("7", "database / raw sqlite3", 2.5, _ratio("database")),
    Goal("8", "memory of one 50 MB mail, MB more", 16, told="`python -m benchmarks.large`"),
    Goal("9", "memory of 100,000 waiting mails against 1,000, MB more", 8, told="`python -m benchmarks.waiting`"),
    Goal("10", "idle poll of 100,000 mails, commands against 1,000", 1, told="`python -m benchmarks.waiting`"),
    Goal("11", "lookups at 100,000 cases / at 1,000", 2, told="`python -m benchmarks.growth`"),
    Goal("12", "digest of the same open cases at 100,000 / at 1,000", 1.2, told="`python -m benchmarks.growth`"),
    Goal("13", "a mail at case 100,000 / at case 1,000, CPU", 1.05, told="`python -m benchmarks.growth`"),
    Goal("14", "first letter on a quiet daemon, ms", 100, told="`python -m benchmarks.first`"),
    Goal("15", "two workers / one, with OCR", 1.7, told="`python -m benchmarks.fellows`", least=True),
    Goal("", "store / write and fsync", 2, _ratio("store")),
    Goal("", "picture / draft decode", 4, _ratio("picture")),
    Goal("", "letter / jinja2's own", 2, _ratio("letter")),
    Goal("16", "`--help` / bare Python", 5, lambda f: f["start --help"] / f["start python"]),
    Goal("16", "`check` of rules that it knows, CPU s", 0.4, lambda f: f["start check"]),
    Goal("16", "`check`, the first of an installation, CPU s", 0.4, lambda f: f["start check, the first"]),
    Goal("16", "`status`, CPU s", 0.4, lambda f: f["start status"]),
    Goal("16", "`case list`, CPU s", 0.4, lambda f: f["start case list"]),
    Goal("17", "empty `run --once`, CPU s", 0.5, lambda f: f["mailintake empty cpu"]),
    Goal("18", "submission / smtplib", 1.3, _ratio("submission")),
)  # fmt: skip


def goals_table(told: dict[str, Any]) -> str:
    """All of them in one table."""
    records = kept()
    lines = ["## Goals\n", "| # | goal | wanted | figure | |", "|---|---|---|---|---|"]
    for goal in GOALS:
        if goal.value is not None:
            lines.append(_line(goal, goal.value(told["figures"])))
        elif record := records.get(goal.number):
            lines.append(_line(goal, record.figure, _when(record)))
        else:
            lines.append(f"| {goal.number} | {goal.what} | {_wanted(goal)} | never measured: {goal.told} | |")
    return "\n".join([*lines, ""])


def _line(goal: Goal, figure: float, when: str = "") -> str:
    met = figure >= goal.most if goal.least else figure <= goal.most
    return f"| {goal.number} | {goal.what} | {_wanted(goal)} | {figure:.2f}{when} | {'met' if met else 'not met'} |"


def _wanted(goal: Goal) -> str:
    return f"{'≥' if goal.least else '≤'} {goal.most:g}"


def _when(record: Record) -> str:
    return f" ({record.by}, {record.at}, load {record.load:g})"
