"""The list of what was erased, beside the data and beside the backups: an older backup still holds it, and whoever puts
that back erases it once more. Numbers and hashes only, nothing about anybody."""

import json
from pathlib import Path

from mailintake.model.value import value

LIST = "erased.json"


@value
class Erased:
    """What is known to be erased."""

    cases: tuple[str, ...] = ()  # numbers
    mails: tuple[str, ...] = ()  # sha256
    files: tuple[str, ...] = ()  # sha256 of originals that were deleted

    def plus(self, other: "Erased") -> "Erased":
        """Both together."""
        return Erased(
            tuple(sorted({*self.cases, *other.cases})),
            tuple(sorted({*self.mails, *other.mails})),
            tuple(sorted({*self.files, *other.files})),
        )


def read_list(folder: Path) -> Erased:
    """What the list in that folder says; nothing where there is none."""
    try:
        said = json.loads((folder / LIST).read_text("ascii"))
    except FileNotFoundError:
        return Erased()
    return Erased(tuple(said["cases"]), tuple(said["mails"]), tuple(said["files"]))


def write_list(folder: Path, known: Erased) -> None:
    """Whole, or not at all."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = (folder / LIST).with_suffix(".part")
    said = {"cases": known.cases, "mails": known.mails, "files": known.files}
    half.write_text(json.dumps(said, indent=1), "ascii")
    half.replace(folder / LIST)
