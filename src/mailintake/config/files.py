"""Which file of a configuration becomes which type."""

from datetime import date
from typing import Any

from mailintake.config.settings import Settings
from mailintake.model.procedure import DocumentKind, Procedure, Prohibition
from mailintake.model.rules import ClassificationPolicy, Fee, Office, Rule
from mailintake.model.value import config_value


@config_value
class Holiday:
    """One line of a notice: first and last day off, and the weekend days that are worked for it."""

    name: str  # name of the holiday
    first: date  # first day off
    last: date  # last day off
    make_up: tuple[date, ...] = ()  # Saturdays and Sundays that are working days


@config_value
class CalendarFile:
    """The State Council's notices (放假, 调休上班) as they are printed."""

    known_until: date  # last day of the last year whose notice is entered; later deadlines are provisional
    holidays: tuple[Holiday, ...] = ()  # the lines of the notices
    fixed: tuple[str, ...] = ()  # month-day, days off by law in every year, also in one whose notice is not entered


FILES: dict[str, Any] = {
    "mailintake.yaml": Settings,
    "office.yaml": Office,
    "documents.yaml": dict[str, DocumentKind],
    "fees.yaml": dict[str, Fee],
    "procedures/*.yaml": Procedure,
    "prohibitions.yaml": tuple[Prohibition, ...],
    "screening.yaml": tuple[Rule, ...],
    "classification.yaml": tuple[Rule, ...],
    "policy.yaml": ClassificationPolicy,
    "calendar.yaml": CalendarFile,
    "words/*.yaml": dict[str, tuple[str, ...]],
}
KEYED = ("DocumentKind", "Fee")  # their `key` is the key in the file
BY_LOADER = "source"


def shape_of(name: str) -> Any:
    """The type of a logical file: documents.yaml, procedures/new.yaml, words."""
    folder, slash, _ = name.partition("/")
    return FILES[f"{folder}/*.yaml" if slash or name == "words" else name]
