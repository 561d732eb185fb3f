"""Which rules are in force: those of the set that was applied last, whatever lies in the operator's folder by now.

Before a set was ever applied the folder itself is in force. A broken mailintake.yaml is replaced by its last good copy,
so that clerks go on working while an operator mends it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from os import environ as process_environment
from pathlib import Path

from mailintake.config import Configuration, Settings, load, load_settings
from mailintake.config.environment import DATA
from mailintake.config.layers import SETTINGS
from mailintake.config.loading import disk_version, load_set
from mailintake.config.sets import Applied, Sets, Turn, rule_files
from mailintake.errors import ConfigError
from mailintake.model.zone import SHANGHAI

_DATA_LINE = re.compile(r"^data_folder:[ \t]*[\"']?([^\"'#\n]+)", re.MULTILINE)
_SECONDS = 5  # between two looks at the files, for pages that ask each time


@dataclass(frozen=True)
class Standing:
    """Rules in force and rules on the disk."""

    active: str  # version in force
    on_disk: str  # version of the files
    applied: bool  # False: no set was ever applied, the files themselves are in force
    since: datetime | None = None  # when the active one came into force
    edited: datetime | None = None  # when the files began to differ
    settings_broken: bool = False  # mailintake.yaml cannot be read; its last good copy is used
    proposed_by: str = ""  # who wants the files on disk in force and waits for a second person

    @property
    def differs(self) -> bool:
        """Is something on the disk that is not in force?"""
        return self.active != self.on_disk


def active_configuration(folder: Path | None = None, environ: Mapping[str, str] | None = None) -> Configuration:
    """What an installation runs with. ConfigError where nothing was ever applied and the files are wrong."""
    settings, _ = active_settings(folder, environ)
    sets = Sets(settings.data_folder)
    version = sets.active()
    if not sets.known(version):
        return load(folder, environ)
    return load_set(sets.folder(version), settings, folder)


def active_settings(
    folder: Path | None = None, environ: Mapping[str, str] | None = None
) -> tuple[Settings, ConfigError | None]:
    """The settings on the disk, or their last good copy with what is wrong with the file."""
    try:
        return load_settings(folder, environ), None
    except ConfigError as broken:
        kept = Sets(_data_folder(folder, process_environment if environ is None else environ)).settings
        if folder is None or not kept.is_dir():
            raise
        return load_settings(kept, environ, base=folder), broken


def _data_folder(folder: Path | None, environ: Mapping[str, str]) -> Path:
    """Where the data of an installation lie whose mailintake.yaml nobody can parse."""
    base = folder or Path.cwd()
    told = environ.get(DATA)
    if told:
        return Path(told).absolute()
    try:
        found = _DATA_LINE.search((base / SETTINGS).read_text("utf-8", "replace"))
    except OSError:
        found = None
    return base / (found.group(1).strip() if found else Settings().data_folder)


def first_set(configuration: Configuration, now: datetime) -> Configuration:
    """Called when the service starts: keep what it starts with, so that later edits are candidates."""
    sets = Sets(configuration.settings.data_folder)
    if not _settings_broken(configuration.folder):
        sets.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        sets.keep_settings(configuration.folder)
    if configuration.kept is not None:
        return configuration
    version = configuration.version
    keep(sets, configuration)
    sets.activate(Applied(version, now, "service", Turn.FIRST))
    return active_configuration(configuration.folder)


def keep(sets: Sets, configuration: Configuration) -> None:
    """Keep the files from which that configuration was made."""
    boxes = {box.name: box.rules for box in configuration.settings.mailboxes if box.rules is not None}
    sets.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    sets.keep(configuration.version, configuration.folder, boxes)


def standing(configuration: Configuration) -> Standing:
    """How the rules in force stand to the files."""
    sets = Sets(configuration.settings.data_folder)
    folder = configuration.folder
    on_disk = disk_version(folder, configuration.settings)
    last = next(iter(reversed(sets.history())), None)
    edited = None if on_disk == configuration.version else _edited(configuration)
    proposal = sets.proposal()
    waits = proposal.by if proposal is not None and proposal.version == on_disk != configuration.version else ""
    return Standing(
        active=configuration.version,
        on_disk=on_disk,
        applied=configuration.kept is not None,
        since=last.at if last else None,
        edited=edited,
        settings_broken=_settings_broken(folder),
        proposed_by=waits,
    )


def _settings_broken(folder: Path | None) -> bool:
    try:
        load_settings(folder)
    except ConfigError:
        return True
    return False


def _edited(configuration: Configuration) -> datetime | None:
    """When the first file was written that is not as the set in force has it; of one that is gone, when it went."""
    if configuration.folder is None or configuration.kept is None:
        return None
    folder, kept = configuration.folder, configuration.kept
    now = {path.relative_to(folder): path for path in rule_files(folder)}
    then = {path.relative_to(kept): path for path in rule_files(kept)}
    times = [path.stat().st_mtime for name, path in now.items() if not _same(path, then.get(name))]
    gone = [(folder / name).parent for name in then if name not in now]
    times += [place.stat().st_mtime for place in gone if place.is_dir()]
    return datetime.fromtimestamp(min(times), UTC) if times else None


def _same(path: Path, other: Path | None) -> bool:
    return other is not None and path.read_bytes() == other.read_bytes()


def said_of(found: Standing, say: Callable[..., str]) -> str:
    """In one sentence what lies on the disk and is not in force; empty where nothing does."""
    said = []
    if found.differs:
        since = say("rules.since", at=f"{found.edited.astimezone(SHANGHAI):%m-%d %H:%M}") if found.edited else ""
        said.append(say("rules.not_active", version=found.on_disk, since=since))
    if found.settings_broken:
        said.append(say("rules.settings_unused"))
    return say("list.semicolon").join(said)


@dataclass
class ActiveRules:
    """What a process asks that runs for long: is another set in force by now? Costs one look at the disk."""

    configuration: Configuration

    def __post_init__(self) -> None:
        self._sets = Sets(self.configuration.settings.data_folder)
        self._stamp = self._sets.stamp()

    def renewed(self) -> Configuration | None:
        """The configuration with the set that was put in force since the last call; None: still the same one.

        ConfigError where that set cannot be used: the caller goes on with what it has, and is not told again.
        """
        stamp = self._sets.stamp()
        if stamp == self._stamp:
            return None
        self._stamp = stamp
        kept = self._sets.folder(self._sets.active())
        if kept == self.configuration.kept:
            return None
        made = load_set(kept, self.configuration.settings, self.configuration.folder)
        self.configuration = made
        return made


class RulesWatch:
    """How the rules stand, for pages that ask at every request: looked up anew every few seconds."""

    def __init__(self, configuration: Callable[[], Configuration], clock: Callable[[], datetime]) -> None:
        self._configuration, self._clock = configuration, clock
        self._found: Standing | None = None
        self._at: datetime | None = None

    def __call__(self) -> Standing:
        """How they stand."""
        now = self._clock()
        fresh = self._at is not None and timedelta(0) <= now - self._at < timedelta(seconds=_SECONDS)
        if self._found is None or not fresh:
            self._found, self._at = standing(self._configuration()), now
        return self._found
