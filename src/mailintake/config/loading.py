"""From a configuration folder to a Configuration, or to one ConfigError that lists everything wrong with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from os import environ as process_environment
from pathlib import Path

from mailintake.config.environment import apply_environment
from mailintake.config.files import SETTINGS, label_of, report_unknown_files, settings_path
from mailintake.config.problems import NOWHERE, Problems, words
from mailintake.config.rules import read_rules
from mailintake.config.settings import Settings
from mailintake.config.settings_rules import absolute, capped, report_settings, share_login
from mailintake.config.validate import build
from mailintake.config.yaml_source import Source
from mailintake.errors import ConfigError
from mailintake.model.identity import own_addresses
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

    def rules_of(self, mailbox: str) -> RuleSet:
        """The rules for what comes in by that mailbox."""
        return self.mailbox_rules.get(mailbox, self.rules)


def load(folder: Path | None = None, environ: Mapping[str, str] | None = None) -> Configuration:
    """The configuration of that folder over the shipped one. ConfigError holds every problem found.

    `environ` are the MAILINTAKE_* variables; None: those of the process.
    """
    problems = Problems()
    settings, rules = _read(folder, problems, environ)
    mailbox_rules = {} if settings is None else _mailbox_rules(settings, folder, problems)
    if settings is None or rules is None or problems:
        raise _error(problems)
    logins = _logins(settings, (rules, *mailbox_rules.values()))
    knowing = {name: replace(own, logins=logins) for name, own in mailbox_rules.items()}
    letters = capped(settings.letters, settings.start_mode)
    return Configuration(settings, replace(rules, logins=logins), letters, folder, knowing)


def _logins(settings: Settings, offices: Iterable[RuleSet]) -> frozenset[str]:
    """Every address that this installation reads and sends with, whichever mailbox's rules are in force."""
    smtp = settings.smtp
    accounts = (smtp.user, smtp.from_address, *(box.user for box in settings.mailboxes))
    told = (own_addresses(rules) for rules in offices)
    return frozenset(a.lower() for a in accounts if "@" in a).union(*told)


def load_settings(folder: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Only mailintake.yaml: for commands that touch the store and need no rules."""
    problems = Problems()
    settings = _settings(folder, problems, environ)
    if settings is None or problems:
        raise _error(problems)
    return settings


def check(folder: Path | None = None, environ: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """All problems of a configuration as printable lines; empty: it can be used."""
    problems = Problems()
    settings, _ = _read(folder, problems, environ)
    if settings is not None:
        _mailbox_rules(settings, folder, problems)
    return problems.lines()


def _read(
    folder: Path | None, problems: Problems, environ: Mapping[str, str] | None
) -> tuple[Settings | None, RuleSet | None]:
    if folder is not None and not folder.is_dir():
        problems.add(str(folder), NOWHERE, "", words("not_a_folder", path=folder))
        return None, None
    if folder is not None:
        report_unknown_files(folder, problems)
    return _settings(folder, problems, environ), read_rules(folder, problems)


def _mailbox_rules(settings: Settings, folder: Path | None, problems: Problems) -> dict[str, RuleSet]:
    """The rules of every mailbox with a folder of its own: its files, then the operator's, then the shipped ones."""
    found = {}
    for box in settings.mailboxes:
        if box.rules is None:
            continue
        if not box.rules.is_dir():
            problems.add(str(box.rules), NOWHERE, "", words("not_a_folder", path=box.rules))
            continue
        report_unknown_files(box.rules, problems, only_rules=True)
        rules = read_rules((box.rules,) if folder is None else (box.rules, folder), problems)
        if rules is not None:
            found[box.name] = rules
    return found


def _settings(folder: Path | None, problems: Problems, environ: Mapping[str, str] | None) -> Settings | None:
    path = settings_path(folder)
    if path is None:
        problems.add(f"config/{SETTINGS}", NOWHERE, "", words("not_readable", detail=SETTINGS))
        return None
    source = Source(label_of(SETTINGS, path, folder), path, problems)
    if not source.sound:
        return None
    settings: Settings | None = build(Settings, source.data or {}, source)
    if settings is None:
        return None
    report_settings(settings, source)
    settings = apply_environment(settings, process_environment if environ is None else environ, problems)
    base = path.parent if folder is not None and path.is_relative_to(folder) else Path.cwd()
    return share_login(absolute(settings, base.resolve()))


def _error(problems: Problems) -> ConfigError:
    lines = problems.lines()
    return ConfigError(words("summary", count=len(lines)), lines, fix=words("summary_fix"))
