"""What `check` says of a configuration; quick where the same files were found good before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from os import environ as process_environment
from pathlib import Path

from mailintake.config.kept import recall, remember
from mailintake.config.known_good import key_of
from mailintake.config.layers import layers_of
from mailintake.config.problems import Problem


@dataclass(frozen=True, slots=True)
class Verdict:
    """Problems with warnings among them; version and counts where the configuration can be used."""

    problems: tuple[Problem, ...]
    version: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)


def verdict(folder: Path | None = None, environ: Mapping[str, str] | None = None) -> Verdict:
    """Everything that is wrong with a configuration and its templates; without an error it can be used."""
    env = process_environment if environ is None else environ
    key = key_of(layers_of(folder), env) if folder is None or folder.is_dir() else ""
    known = recall(key) if key else None
    if known is not None:
        return Verdict((), str(known["version"]), known["counts"])
    from mailintake.config.loading import examine

    problems, made = examine(folder, environ)
    if made is None or problems:
        return Verdict(problems.listed())
    rules = made.rules
    counts = {"procedures": len(rules.procedures), "kinds": len(rules.kinds), "rules": len(rules.classification)}
    found = Verdict(problems.listed(), rules.version, counts)
    if key and not found.problems and not made.mailbox_rules:
        remember(key, {"version": found.version, "counts": dict(counts)})
    return found
