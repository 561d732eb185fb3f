"""Folder names as they are on the wire and as people read them; special folders by flag, else by name (RFC 6154)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Words = Mapping[str, Sequence[str]]
FLAGS = ("Sent", "Drafts", "Junk", "Trash", "Archive")


@dataclass(frozen=True, slots=True)
class Folder:
    """One line of LIST. `wire` is the name as the server wrote it, `flags` are in lower case."""

    wire: str
    name: str
    flags: frozenset[str]

    @property
    def selectable(self) -> bool:
        """Can it be opened?"""
        return not self.flags & {"\\noselect", "\\nonexistent"}


def special_names(lists: Words) -> Words:
    """The `special_folders` of a mailbox from the word lists folder_sent, folder_drafts … of the configuration."""
    return {flag: lists.get(f"folder_{flag.lower()}", ()) for flag in FLAGS}


def wire_name(name: str) -> str:
    """Modified UTF-7 (RFC 3501 5.1.3)."""
    from imapclient import imap_utf7

    return str(imap_utf7.encode(name), "ascii")


def decoded(wire: bytes) -> str:
    """The readable name; names that are not modified UTF-7 are shown as they are."""
    from imapclient import imap_utf7

    try:
        return str(imap_utf7.decode(wire))
    except UnicodeDecodeError:
        return wire.decode("utf-8", "replace")


def read_folders(rows: Iterable[tuple[Sequence[bytes], object, bytes | str]]) -> tuple[Folder, ...]:
    """imapclient's answer to LIST, with folder_encode off."""
    found = []
    for flags, _, raw in rows:
        wire = raw if isinstance(raw, bytes) else str(raw).encode()
        lowered = frozenset(flag.decode("ascii", "replace").lower() for flag in flags)
        found.append(Folder(wire.decode("utf-8", "surrogateescape"), decoded(wire), lowered))
    return tuple(found)


def named(folders: Iterable[Folder], name: str) -> Folder | None:
    """The folder that people read as `name`."""
    return next((folder for folder in folders if folder.selectable and folder.name == name), None)


def special(folders: Iterable[Folder], flag: str, words: Words) -> Folder | None:
    """The folder with that special use, else one of the names in `words[flag]`, else one named like the flag itself."""
    usable = tuple(folder for folder in folders if folder.selectable)
    wanted = f"\\{flag.lower()}"
    flagged = next((folder for folder in usable if wanted in folder.flags), None)
    if flagged:
        return flagged
    names = (*words.get(flag, ()), flag)
    by_name = {folder.name.casefold(): folder for folder in reversed(usable)}
    return next((by_name[name.casefold()] for name in names if name.casefold() in by_name), None)
