"""MAILINTAKE_* variables: few, all known; a misspelt one is an error, because it would be ignored in silence."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from mailintake.config.catalogue import LANGUAGE, PREFIX, Language
from mailintake.config.problems import Problems, fault, nearest, nowhere
from mailintake.config.settings import LogLevel, Settings

CONFIG = "MAILINTAKE_CONFIG"  # read by the command line: the configuration folder
DATA = "MAILINTAKE_DATA"
DATABASE = "MAILINTAKE_DATABASE"
LOG_LEVEL = "MAILINTAKE_LOG_LEVEL"
SMTP_PASSWORD = "MAILINTAKE_SMTP_PASSWORD"

VARIABLES = {
    LANGUAGE: "language of the terminal: zh or en (before any other file is read)",
    CONFIG: "the operator's folder",
    DATA: "`data_folder`",
    DATABASE: "`database`",
    LOG_LEVEL: "`log.level`",
    SMTP_PASSWORD: "password of `smtp`",
    "MAILINTAKE_<MAILBOX>_PASSWORD": "password of the mailbox of that name, for example `MAILINTAKE_MAIN_PASSWORD`",
}


def password_variable(mailbox: str) -> str:
    """`MAILINTAKE_MAIN_PASSWORD` for the mailbox `main`."""
    return f"{PREFIX}{mailbox.upper().replace('-', '_')}_PASSWORD"


def known_variables(settings: Settings) -> tuple[str, ...]:
    """Every variable that means something for these settings."""
    return (
        CONFIG,
        DATA,
        DATABASE,
        LANGUAGE,
        LOG_LEVEL,
        SMTP_PASSWORD,
        *(password_variable(m.name) for m in settings.mailboxes),
    )


def apply_environment(settings: Settings, environ: Mapping[str, str], problems: Problems) -> Settings:
    """The settings with DATA, DATABASE and LOG_LEVEL taken from the environment; unknown variables are reported."""
    known = known_variables(settings)
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in known:
            problems.add(nowhere(name), "", fault("unknown-variable", name=name, near=nearest(name, known)))
    if environ.get(DATA):
        settings = replace(settings, data_folder=Path(environ[DATA]).absolute())
    if environ.get(DATABASE):
        settings = replace(settings, database=environ[DATABASE])
    if environ.get(LANGUAGE, "zh") not in set(Language):
        problems.add(nowhere(LANGUAGE), "", fault("variable-value", name=LANGUAGE, got=environ[LANGUAGE]))
    level = environ.get(LOG_LEVEL, "")
    if level and level not in list(LogLevel):
        problems.add(nowhere(LOG_LEVEL), "", fault("variable-value", name=LOG_LEVEL, got=level))
    elif level:
        settings = replace(settings, log=replace(settings.log, level=LogLevel(level)))
    return settings
