"""Passwords: from a file that only we can read, from systemd's credentials or from the environment; never from YAML"""

from collections.abc import Mapping
from os import environ as process_environment
from pathlib import Path
from typing import NamedTuple

from mailintake.config.catalogue import words
from mailintake.config.environment import SMTP_PASSWORD, password_variable
from mailintake.config.settings import MailboxSettings, SmtpSettings
from mailintake.errors import ConfigError

CREDENTIALS_DIRECTORY = "CREDENTIALS_DIRECTORY"  # set by systemd's LoadCredential
_OTHERS = 0o077


class Secret(NamedTuple):
    """A password and where it came from."""

    text: str
    origin: str


def password_of(
    login: MailboxSettings | SmtpSettings, folder: Path | None = None, environ: Mapping[str, str] | None = None
) -> str:
    """The password of a login. ConfigError when there is none, or others may read its file."""
    found = find_secret(login, folder, environ)
    if found is None:
        name, variable = _names(login)[0]
        fix = words("secret_missing.fix", credential=f"{name}.password", variable=variable)
        raise ConfigError(words("secret_missing", name=name), fix=fix)
    return found.text


def find_secret(
    login: MailboxSettings | SmtpSettings, folder: Path | None = None, environ: Mapping[str, str] | None = None
) -> Secret | None:
    """The first place that holds it: password_file, then the credentials directory, then the environment."""
    env = process_environment if environ is None else environ
    if login.password_file is not None:
        path = (folder or Path.cwd()) / login.password_file
        return Secret(_read(path, private=True), str(path))
    for name, variable in _names(login):
        credential = Path(env.get(CREDENTIALS_DIRECTORY, "")) / f"{name}.password"
        if env.get(CREDENTIALS_DIRECTORY) and credential.is_file():
            return Secret(_read(credential, private=False), str(credential))
        if env.get(variable):
            return Secret(env[variable], variable)
    return None


def _names(login: MailboxSettings | SmtpSettings) -> list[tuple[str, str]]:
    """Credential name and variable of the login itself, then those of the mailbox it shares its account with."""
    if isinstance(login, MailboxSettings):
        return [(login.name, password_variable(login.name))]
    shared = [(login.same_login_as, password_variable(login.same_login_as))] if login.same_login_as else []
    return [("smtp", SMTP_PASSWORD), *shared]


def _read(path: Path, *, private: bool) -> str:
    try:
        if private and path.stat().st_mode & _OTHERS:
            raise ConfigError(words("secret_mode", path=path), fix=words("secret_mode.fix", path=path))
        text = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as bad:
        raise ConfigError(words("secret_unreadable", path=path, detail=getattr(bad, "strerror", bad))) from None
    if not text:
        raise ConfigError(words("secret_empty", path=path))
    return text
