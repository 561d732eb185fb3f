"""From a configuration folder to a Configuration, or to one ConfigError that lists everything wrong with it.

Files that were found good before are not read again (`remembered`): what parses and validates them (`reading`) is
imported only where it must be.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from os import environ as process_environment
from pathlib import Path

from mailintake.config.catalogue import words
from mailintake.config.environment import apply_environment
from mailintake.config.layers import (
    CALENDAR,
    SETTINGS,
    TEMPLATES,
    Layer,
    Layers,
    layers_of,
    report_unknown_files,
    report_unknown_templates,
    shipped_folder,
)
from mailintake.config.problems import Problem, Problems, fault, nowhere
from mailintake.config.proven import Proven
from mailintake.config.remembered import remembered
from mailintake.config.resource import resource_folders
from mailintake.config.sets import MAILBOXES
from mailintake.config.settings import Settings
from mailintake.config.settings_rules import absolute, capped, share_login
from mailintake.errors import ConfigError
from mailintake.model.letter import LetterPolicy
from mailintake.model.rules import RuleSet


@dataclass(frozen=True, slots=True)
class Configuration:
    """Everything an installation runs with."""

    settings: Settings
    rules: RuleSet
    letters: LetterPolicy  # as written in the settings, held back by `start_mode`
    folder: Path | None  # the operator's; None: shipped files only
    mailbox_rules: Mapping[str, RuleSet] = field(default_factory=dict)  # of mailboxes that have rules of their own
    kept: Path | None = None  # where the operator's files of the set in force lie; None: the folder itself is in force

    @property
    def rules_folder(self) -> Path | None:
        """Where the operator's rules and templates are read from."""
        return self.kept or self.folder

    @property
    def version(self) -> str:
        """Of everything that decides and is said: rules, templates, office, fees, calendar, of every mailbox."""
        return combined(self.rules.version, {name: rules.version for name, rules in self.mailbox_rules.items()})

    def rules_of(self, mailbox: str) -> RuleSet:
        """The rules for what comes in by that mailbox."""
        return self.mailbox_rules.get(mailbox, self.rules)


def load(folder: Path | None = None, environ: Mapping[str, str] | None = None) -> Configuration:
    """The configuration of that folder over the shipped one. ConfigError holds every problem found.

    `environ` are the MAILINTAKE_* variables; None: those of the process.
    """
    problems = Problems()
    made = _read(folder, problems, environ, _Known(problems))
    if made is None or problems:
        raise _error(problems)
    return made


def combined(version: str, mailboxes: Mapping[str, str]) -> str:
    """One version for the general rules and those of mailboxes; the general one where there are no others."""
    if not mailboxes:
        return version
    told = "\n".join((version, *(f"{name} {mailboxes[name]}" for name in sorted(mailboxes))))
    return hashlib.sha256(told.encode()).hexdigest()[: len(version)]


def load_set(kept: Path, settings: Settings, folder: Path | None = None) -> Configuration:
    """The configuration with the rules of a kept set and these settings. Messages name the files of `folder`, from
    which the set was made. ConfigError where this program cannot use the set any more."""
    problems = Problems()
    known = _Known(problems)
    shown = str(folder) if folder is not None else str(kept)
    shipped, own = Layer(shipped_folder(), "config", own=False), Layer(kept, shown, own=True)
    layers = Layers((shipped, own), resource_folders(TEMPLATES, kept))
    rules = known.rules(layers)
    mailbox_rules: dict[str, RuleSet] = {}
    for box in settings.mailboxes:
        place = kept / MAILBOXES / box.name
        if box.rules is not None and place.is_dir():
            above = Layers((shipped, own, Layer(place, str(box.rules), own=True)), resource_folders(TEMPLATES, kept))
            made = known.rules(above)
            mailbox_rules |= {} if made is None else {box.name: made}
    if rules is None or problems:
        raise _error(problems)
    letters = capped(settings.letters, settings.start_mode)
    return Configuration(settings, rules, letters, folder, mailbox_rules, kept)


def disk_version(folder: Path | None, settings: Settings) -> str:
    """The version of the files as they lie on the disk, right or wrong; nothing is parsed."""
    boxes = {box.name: box.rules for box in settings.mailboxes if box.rules is not None and box.rules.is_dir()}
    over = {name: layers_of((place,) if folder is None else (place, folder)) for name, place in boxes.items()}
    return combined(layers_of(folder).version(), {name: layers.version() for name, layers in over.items()})


def load_settings(
    folder: Path | None = None, environ: Mapping[str, str] | None = None, *, base: Path | None = None
) -> Settings:
    """Only mailintake.yaml: for commands that touch the store and need no rules. `base`: the folder from which its
    relative paths are taken, where the file itself is a copy."""
    problems = Problems()
    layers = layers_of(folder)
    settings = _settings(_Known(problems).settings(layers), layers, folder, problems, environ, base)
    if settings is None or problems:
        raise _error(problems)
    return settings


def examine(folder: Path | None, environ: Mapping[str, str] | None) -> tuple[Problems, Configuration | None]:
    """Everything that is wrong with a configuration and its templates, and what it makes."""
    from mailintake.config.notices import report_against_notices
    from mailintake.config.reading import keep_found
    from mailintake.config.sources import open_source
    from mailintake.config.templates import report_templates

    problems = Problems(Proven.recalled())
    made = _read(folder, problems, environ, _Anew(problems))
    if folder is None or folder.is_dir():
        layers = layers_of(folder)
        report_templates(layers, problems)
        if made is not None:
            report_against_notices(made.rules.calendar, open_source(CALENDAR, layers, problems))
    keep_found(problems)
    return problems, made


def check(folder: Path | None = None, environ: Mapping[str, str] | None = None) -> tuple[Problem, ...]:
    """All problems of a configuration without its templates, warnings among them."""
    problems = Problems()
    _read(folder, problems, environ, _Anew(problems))
    return problems.listed()


class _Anew:
    """Settings and rules as the files say, with everything that is to be told of them."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems

    def settings(self, layers: Layers) -> Settings | None:
        """mailintake.yaml alone."""
        from mailintake.config.reading import settings_in

        return settings_in(layers, self.problems)

    def rules(self, layers: Layers) -> RuleSet | None:
        """All other files."""
        from mailintake.config.reading import rules_in

        return rules_in(layers, self.problems)


class _Known(_Anew):
    """The same, from what was kept where the same files were good before."""

    def settings(self, layers: Layers) -> Settings | None:
        """mailintake.yaml alone."""
        return remembered(Settings, layers, lambda: super(_Known, self).settings(layers), self._is_sound)

    def rules(self, layers: Layers) -> RuleSet | None:
        """All other files; what is proven of them is kept, too."""

        def made() -> RuleSet | None:
            from mailintake.config.reading import keep_found

            self.problems.proven = Proven.recalled()
            found = super(_Known, self).rules(layers)
            if self._is_sound():
                keep_found(self.problems)
            return found

        return remembered(RuleSet, layers, made, self._is_sound)

    def _is_sound(self) -> bool:
        return not self.problems


def _read(
    folder: Path | None, problems: Problems, environ: Mapping[str, str] | None, reader: _Anew
) -> Configuration | None:
    if folder is not None and not folder.is_dir():
        problems.add(nowhere(str(folder)), "", fault("not-a-folder", path=folder))
        return None
    layers = layers_of(folder)
    for layer in layers.layers:
        if layer.own:
            report_unknown_files(layer, problems)
            report_unknown_templates(layer, layers_of(None).template_files, problems)
    settings = _settings(reader.settings(layers), layers, folder, problems, environ)
    rules = reader.rules(layers)
    mailbox_rules = {} if settings is None else _mailbox_rules(settings, folder, problems, reader)
    if settings is None or rules is None:
        return None
    return Configuration(settings, rules, capped(settings.letters, settings.start_mode), folder, mailbox_rules)


def _mailbox_rules(settings: Settings, folder: Path | None, problems: Problems, reader: _Anew) -> dict[str, RuleSet]:
    """The rules of every mailbox with a folder of its own: its files over the operator's over the shipped ones."""
    found = {}
    for box in settings.mailboxes:
        if box.rules is None:
            continue
        if not box.rules.is_dir():
            problems.add(nowhere(str(box.rules)), "", fault("not-a-folder", path=box.rules))
            continue
        report_unknown_files(Layer(box.rules, str(box.rules), own=True), problems, only_rules=True)
        layers = layers_of((box.rules,) if folder is None else (box.rules, folder))
        rules = reader.rules(layers)
        if rules is not None:
            found[box.name] = rules
    return found


def _settings(
    settings: Settings | None,
    layers: Layers,
    folder: Path | None,
    problems: Problems,
    environ: Mapping[str, str] | None,
    base: Path | None = None,
) -> Settings | None:
    """As the file has them, then the variables, then absolute paths."""
    if settings is None:
        return None
    settings = apply_environment(settings, process_environment if environ is None else environ, problems)
    own = folder is not None and any(part.file.own for part in layers.parts.get(SETTINGS, ()))
    if base is None:
        base = folder if own and folder is not None else Path.cwd()
    return share_login(absolute(settings, base.resolve()))


def _error(problems: Problems) -> ConfigError:
    lines = tuple(str(problem) for problem in problems.errors())
    return ConfigError(words("summary", count=len(lines)), lines, fix=words("summary.fix"))
