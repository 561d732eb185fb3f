"""Files that stand for no paper: what systems and programs leave beside the real ones, and pieces of an archive."""

import re
from collections.abc import Collection

from mailintake.model.facts import FileFacts

SHORTCUT, OWNER, FORK, VOLUME = "shortcut", "owner_file", "resource_fork", "volume"
# Names without the dot that they begin with: clean_name takes it away.
_SYSTEM = frozenset({"thumbs.db", "ehthumbs.db", "ds_store", "desktop.ini", "__macosx"})
_FORK = "_"
_OWNER_BYTES = 1024  # Word and WPS write the name of whoever has the file open, nothing else
_UNKNOWN = frozenset({"unknown", "text", "empty"})
_VOLUME = re.compile(
    r"\.(?:zip|7z|rar|tar|gz|tgz)\.\d{2,3}$|\.z\d\d$|\.r\d\d$|\.part\d+\.rar$|\.[0-9]{3}$", re.IGNORECASE
)
_FIRST = re.compile(r"\.part0*1\.rar$", re.IGNORECASE)

_RUNS = re.compile(
    r"\.(?:doc|dot|xls|xlt|ppt|pps|pot)m|\.xl(?:am|sb)|\.ppam|\.(?:exe|scr|com|pif|bat|cmd|ps1|vbs|vbe|jse?|wsf|hta)"
    r"|\.(?:msix?|appx|apk|jar|reg|cpl|scf|chm|lnk|url|desktop|iso|img|vhdx?|dmg)",
    re.IGNORECASE,
)  # endings of what runs, mounts or leads elsewhere with a click
_HARMLESS = frozenset({"jpeg", "png", "gif", "bmp", "tiff", "webp", "heic", "pdf", "ofd", "docx", "xlsx"})


def runs_by_name(name: str, facts: FileFacts) -> bool:
    """Is the file called like a program, a macro document, a shortcut or a disk image, and not harmless by its bytes?
    A broken one is no archive that could be sent again."""
    dot, ending = name.rstrip(" .").rpartition(".")[1:]
    return bool(_RUNS.fullmatch(dot + ending)) and facts.format not in _HARMLESS


def is_system_file(name: str) -> bool:
    """Thumbs.db and its like: nobody means to send them."""
    return name.lower().lstrip(".") in _SYSTEM


def as_litter(name: str, facts: FileFacts) -> str:
    """The format of a file that is no paper by its name and its bytes: an owner file (~$公函.docx), a resource fork
    (._公函.docx), one volume of an archive. Empty for every other file, whatever it is called."""
    if name.startswith("~$") and facts.size <= _OWNER_BYTES and facts.format in _UNKNOWN:
        return OWNER
    if facts.format == FORK:
        return FORK
    return VOLUME if _is_volume(name, facts) else ""


def _is_volume(name: str, facts: FileFacts) -> bool:
    """By its name; the first volume of a rar is opened as one, and says itself that the next is not there."""
    if not _VOLUME.search(name) or _FIRST.search(name):
        return False
    return facts.format in ("zip", "7z", "rar", "gzip", "unknown")


def has_partner(name: str, beside: Collection[str]) -> bool:
    """Did the real file come as well? Word leaves out the first two letters of a long name."""
    bare = name.lstrip(".")
    real = bare.removeprefix("~$").removeprefix(_FORK)
    return any(other != name and (other == real or (len(other) > 2 and other[2:] == real)) for other in beside)
