"""The goals of this project with the figures of the last run: what is met, what is not, what no run measures."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Figures = dict[str, float]


@dataclass(frozen=True)
class Goal:
    """`value` of a run's figures; `most` is met by anything up to it. None: measured elsewhere, `told` says where."""

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
    Goal("8", "memory of one 50 MB mail, MB more", 16, told="`make flood`"),
    Goal("9", "memory of 100,000 waiting mails against 1,000, MB more", 8, told="`make flood` has 1,000"),
    Goal("10", "idle poll of 100,000 mails, commands against 1,000", 1, told="not measured"),
    Goal("11–13", "lookups, digest, a mail at case 100,000 / at 1,000", 2, told="`python -m benchmarks.passes`"),
    Goal("14", "first letter on a quiet daemon, ms", 100, told="no machine was quiet"),
    Goal("15", "two workers / one, with OCR", 1.7, told="`python -m benchmarks.fellows`", least=True),
    Goal("", "store / write and fsync", 2, _ratio("store")),
    Goal("", "picture / draft decode", 4, _ratio("picture")),
    Goal("", "letter / jinja2's own", 2, _ratio("letter")),
    Goal("16", "`--help` / bare Python", 5, lambda f: f["start --help"] / f["start python"]),
    Goal("16", "`check`, CPU s", 0.4, lambda f: f["start check"]),
    Goal("16", "`status`, CPU s", 0.4, lambda f: f["start status"]),
    Goal("16", "`case list`, CPU s", 0.4, lambda f: f["start case list"]),
    Goal("17", "empty `run --once`, CPU s", 0.5, lambda f: f["mailintake empty cpu"]),
    Goal("18", "submission / smtplib", 1.3, _ratio("submission")),
)  # fmt: skip


def goals_table(told: dict[str, Any]) -> str:
    """All of them in one table."""
    lines = ["## Goals\n", "| # | goal | wanted | figure | |", "|---|---|---|---|---|"]
    for goal in GOALS:
        wanted = f"{'≥' if goal.least else '≤'} {goal.most:g}"
        if goal.value is None:
            lines.append(f"| {goal.number} | {goal.what} | {wanted} | {goal.told} | |")
            continue
        figure = goal.value(told["figures"])
        met = figure >= goal.most if goal.least else figure <= goal.most
        lines.append(f"| {goal.number} | {goal.what} | {wanted} | {figure:.2f} | {'met' if met else 'not met'} |")
    return "\n".join([*lines, ""])
