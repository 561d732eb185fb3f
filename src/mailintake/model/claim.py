"""What the program holds to be so, what that rests on, and whether it is enough.

To open a case, to ask, to bill, to tick as received: each rests on claims. A strong source proves a claim; a weak one
confirms or contradicts and proves nothing by itself. A file's name is the one thing between: it proves what another
source says as well.
"""

from enum import StrEnum
from typing import assert_never

from mailintake.model.value import value


class Held(StrEnum):
    """What is claimed."""

    APPLIES = "applies"  # this person applies
    NUMBER = "number"  # this number is theirs
    KIND = "kind"  # this file is that paper
    PAYS_FOR = "pays_for"  # this slip pays for so many people


class Source(StrEnum):
    """Where a claim comes from."""

    FORM = "form"  # a field of the form
    MRZ = "mrz"  # the machine-readable zone, every check digit right
    LETTER = "letter"  # an official letter's own words
    ROW = "row"  # a row of a table, in the mail or in a file
    LABEL = "label"  # a line that says what it holds: "applicant: …"
    REQUEST = "request"  # a sentence that asks for something for a named person
    NUMBER = "number"  # a passport or card number that stands beside the name
    DATABASE = "database"
    SPOKEN = "spoken"  # a sentence about the person
    FOLDER = "folder"
    FILE_NAME = "file_name"
    SUBJECT = "subject"  # a name by itself in the subject
    NAMED = "named"  # a name that occurs, and nothing is said of it
    LATIN = "latin"  # Latin words of a sentence that can be a name
    OCR = "ocr"
    SIGNATURE = "signature"


class Strength(StrEnum):
    """What a source can do."""

    STRONG = "strong"  # proves
    NAMING = "naming"  # proves what another source says, too
    WEAK = "weak"  # confirms or contradicts


@value
class Ground:
    """One thing that a claim rests on: the source, and the words or values that spoke."""

    source: Source
    text: str = ""


@value
class Claim:
    """One thing held to be so. `about` is a person's name or a file's path, `said` the number, kind or count."""

    held: Held
    about: str
    said: str = ""
    grounds: tuple[Ground, ...] = ()

    @property
    def proved(self) -> bool:
        """Is it enough to ask, bill, tick or tell?"""
        strengths = {ground.source: strength(ground.source) for ground in self.grounds}
        if Strength.STRONG in strengths.values():
            return True
        return Strength.NAMING in strengths.values() and len(strengths) > 1


def strength(source: Source) -> Strength:
    """What that source can do."""
    match source:
        case (
            Source.FORM
            | Source.MRZ
            | Source.LETTER
            | Source.ROW
            | Source.LABEL
            | Source.REQUEST
            | Source.NUMBER
            | Source.DATABASE
            | Source.SPOKEN
        ):
            return Strength.STRONG
        case Source.FOLDER | Source.FILE_NAME:
            return Strength.NAMING
        case Source.SUBJECT | Source.NAMED | Source.LATIN | Source.OCR | Source.SIGNATURE:
            return Strength.WEAK
        case _:
            assert_never(source)
