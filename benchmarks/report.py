"""docs/speed.md and its picture from the figures of a run; what no run measures stands in notes.md."""

import json
from pathlib import Path
from typing import Any

from benchmarks import ours
from benchmarks.corpus import FEW, KEPT
from benchmarks.goals import goals_table
from benchmarks.peers import PEERS
from benchmarks.steps import STEPS

DOCS = Path(__file__).parents[1] / "docs"
NOTES = Path(__file__).with_name("notes.md")
PICTURE = "images/speed.svg"
_WHAT = {
    "fetch": ("bare socket into one buffer", "list the box, fetch in slices as the store takes them"),
    "store": ("sha256, write, fsync, rename", "the store of originals"),
    "parse": (
        "fast-mail-parser {parser}, attachments decoded",
        "whole structure, texts, quotes, files written",
    ),
    "picture": ("draft decode at an eighth", "size, colour, ink, sharpness, faces, hash"),
    "pdf": ("pypdf: open, list the fields", "fields, pages, text with places"),
    "database": ("the same rows with sqlite3, FULL", "one unit: versions, chain of events, words for search"),
    "letter": ("jinja2's own time for the same letters", "view, words, page, contradictions, MIME"),
    "submission": ("smtplib, one connection", "our mailer, one connection"),
}
_HEAD = """# Performance

Made by `make bench`. One run, {rounds} rounds; in each round every rival is started once, in a fresh process on a fresh
installation and mailbox, one after the other. Figures are medians; CPU is user and system time of the whole process
tree, so our readers in their limited processes are in it. What counts are the ratios: the load (one minute) was
{low}–{high} during the run because other work went on, and times by the clock say little.

Run of {at}: {mails} mails, {megabytes:.1f} MB (corpus `{digest}`), {machine}. OCR is off here; its cost is told below.
"""


def write(told: dict[str, Any]) -> None:
    """Write both files."""
    low, high = told["load"]
    head = _HEAD.format(**told, low=low, high=high, megabytes=told["bytes"] / 1e6)
    parts = [head, _whole(told), _steps(told), _starts(told), goals_table(told), NOTES.read_text("utf-8")]
    (DOCS / "speed.md").write_text("\n".join(part.strip() + "\n" for part in parts), "utf-8")
    (DOCS / PICTURE).write_text(picture(told), "utf-8")


def floors(told: dict[str, Any]) -> float:
    """The sum of the floors, CPU seconds for all mails."""
    return float(sum(told["figures"][f"{step} floor"] for step in STEPS))


def _whole(told: dict[str, Any]) -> str:
    figures, mails = told["figures"], told["mails"]
    mine = figures["mailintake cpu"]
    rows = [("mailintake, everything checked and answered", "mailintake")]
    rows += [(f"{peer.name} {told['versions'][peer.name]}", peer.name) for peer in PEERS]
    lines = [
        "## The whole way of a mail\n",
        "| | CPU ms a mail | min–max | without its empty run | CPU: we / this | mails a second | largest process |",
        "|---|---|---|---|---|---|---|",
    ]
    for shown, name in rows:
        cpu, (low, high) = figures[f"{name} cpu"], told["spread"][f"{name} cpu"]
        net = cpu - figures[f"{name} empty cpu"]
        lines.append(
            f"| {shown} | {cpu / mails * 1000:.0f} | {low / mails * 1000:.0f}–{high / mails * 1000:.0f} "
            f"| {net / mails * 1000:.0f} | {mine / cpu:.2f} | {mails / figures[f'{name} wall']:.1f} "
            f"| {figures[f'{name} mb']:.0f} MB |"
        )
    total = floors(told)
    few = figures["mailintake few cpu"] / FEW * 1000
    lines.append(f"| mailintake, a run of {FEW} mails: what a process pays once is spread less | {few:.0f} | | | | | |")
    lines.append(f"| sum of the floors | {total / mails * 1000:.1f} | | | {mine / total:.1f} | | |")
    lines.append(f"\n![CPU of a mail]({PICTURE})\n")
    lines.append(
        "None of the peers opens a picture, reads a form, applies a rule or says what is wrong with a paper; "
        "django-mailbox answers nobody.\n"
    )
    return "\n".join(lines)


def _steps(told: dict[str, Any]) -> str:
    lines = [
        "## Step by step\n",
        "| step | the floor | ours | floor, ms a mail | ours, ms a mail | ratio |",
        "|---|---|---|---|---|---|",
    ]
    for step in STEPS:
        floor, ours = (told["figures"][f"{step} {side}"] / told["mails"] * 1000 for side in ("floor", "ours"))
        words = " | ".join(_WHAT[step]).format(parser=told["versions"]["fast-mail-parser"])
        lines.append(f"| {step} | {words} | {floor:.2f} | {ours:.2f} | {ours / floor:.1f} |")
    lines.append("\nA floor does the bare work: no hostile structure, no limits, no record, no second look.\n")
    return "\n".join(lines)


def _starts(told: dict[str, Any]) -> str:
    figures = told["figures"]
    bare = figures["start python"]
    rows = {
        name: figures[f"start {name}"] for name in ("--help", "--version", *(name for name, _words in ours.COMMANDS))
    }
    rows["empty run --once, the first after all these mails"] = figures["mailintake after cpu"]
    rows["empty run --once"] = figures["mailintake empty cpu"]
    lines = ["## Start\n", "| command | CPU s | / `python -c pass` |", "|---|---|---|", f"| python | {bare:.3f} | 1 |"]
    lines += [f"| {name} | {cpu:.2f} | {cpu / bare:.0f} |" for name, cpu in rows.items()]
    empty = ", ".join(f"{peer.name} {figures[f'{peer.name} empty cpu']:.2f}" for peer in PEERS)
    return "\n".join([*lines, f"\nEmpty runs of the peers, CPU s: {empty}.\n"])


def picture(told: dict[str, Any]) -> str:
    """Bars of CPU a mail: the floors, the peers, us with the share of each step."""
    mails, figures = told["mails"], told["figures"]
    per = {name: figures[f"{name} cpu"] / mails * 1000 for name in ("mailintake", *(p.name for p in PEERS))}
    per["sum of the floors"] = floors(told) / mails * 1000
    scale, top = 560 / max(per.values()), 20
    drawn = []
    for row, (name, ms) in enumerate(sorted(per.items(), key=lambda pair: pair[1])):
        y, colour = top + row * 34, "#b5472f" if name == "mailintake" else "#5b7a99"
        drawn.append(f'<text x="150" y="{y + 16}" text-anchor="end">{name}</text>')
        drawn.append(f'<rect x="160" y="{y}" width="{ms * scale:.1f}" height="22" fill="{colour}"/>')
        drawn.append(f'<text x="{166 + ms * scale:.1f}" y="{y + 16}">{ms:.0f} ms</text>')
    height = top + len(per) * 34 + 10
    style = 'font-family="sans-serif" font-size="13"'
    box = f'width="800" height="{height}" viewBox="0 0 800 {height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box} {style}>\n' + "\n".join(drawn) + "\n</svg>\n"


if __name__ == "__main__":  # the pages anew from the last run
    write(json.loads((KEPT / "result.json").read_text()))
