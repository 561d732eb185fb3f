"""What is in force: every setting with its value and where it comes from, passwords and passwords in URLs masked."""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import time
from enum import Enum
from os import environ as process_environment
from typing import Any, NamedTuple

from mailintake.config.catalogue import words
from mailintake.config.environment import DATA, DATABASE, LOG_LEVEL
from mailintake.config.layers import SETTINGS, layers_of
from mailintake.config.loading import Configuration
from mailintake.config.problems import Problems
from mailintake.config.secrets import find_secret
from mailintake.config.settings import MailboxSettings, SmtpSettings
from mailintake.config.sources import Source, open_sources
from mailintake.config.tree import Loc, dotted
from mailintake.errors import ConfigError

_PASSWORD_IN_URL = re.compile(r"(://[^:/@]*:)[^@]*@")
_FROM_ENVIRONMENT: dict[Loc, str] = {("data_folder",): DATA, ("database",): DATABASE, ("log", "level"): LOG_LEVEL}


class Setting(NamedTuple):
    """One line of `config show`."""

    path: str
    value: str
    origin: str  # file:line, an environment variable, or the word for "shipped" or "default"


def effective(configuration: Configuration, environ: Mapping[str, str] | None = None) -> list[Setting]:
    """All settings in the order of their declaration."""
    env = process_environment if environ is None else environ
    source = open_sources(layers_of(configuration.folder), Problems()).get(SETTINGS)
    return list(_lines(configuration.settings, (), source, env))


def _lines(value: Any, loc: Loc, source: Source | None, env: Mapping[str, str]) -> list[Setting]:
    if is_dataclass(value):
        lines = [line for f in fields(value) for line in _lines(getattr(value, f.name), (*loc, f.name), source, env)]
        return lines + _password(value, loc, env)
    if isinstance(value, tuple) and any(is_dataclass(item) for item in value):
        return [line for index, item in enumerate(value) for line in _lines(item, (*loc, index), source, env)]
    return [Setting(dotted(loc), _shown(value), _origin(loc, source, env))]


def _origin(loc: Loc, source: Source | None, env: Mapping[str, str]) -> str:
    variable = _FROM_ENVIRONMENT.get(loc)
    if variable and env.get(variable):
        return words("from_environment", name=variable)
    if source is None or not source.has(loc):
        return words("from_default")
    spot = source.spot(loc, key=True)
    return str(spot) if spot.file.own or not spot.file.editable else words("from_shipped")


def _password(value: Any, loc: Loc, env: Mapping[str, str]) -> list[Setting]:
    if not isinstance(value, MailboxSettings | SmtpSettings) or not value.user:
        return []
    try:
        secret = find_secret(value, environ=env)
    except ConfigError as bad:
        return [Setting(dotted((*loc, "password")), "", str(bad))]
    return [Setting(dotted((*loc, "password")), words("masked"), secret.origin)] if secret else []


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_shown(item)}" for key, item in value.items())
    if isinstance(value, tuple):
        return ", ".join(_shown(item) for item in value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return "" if value is None else _PASSWORD_IN_URL.sub(r"\1***@", str(value))
