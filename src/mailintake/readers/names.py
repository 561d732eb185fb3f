"""Names that strangers gave to files: cleaned, flattened, made safe to show and to store (CWE-22, CWE-451)."""

import unicodedata

UNNAMED = "unnamed"
_MAX = 120
_RESERVED = frozenset(["CON", "PRN", "AUX", "NUL", "COM1", "COM2", "COM3", "COM4", "LPT1", "LPT2", "LPT3"])
_FORBIDDEN = frozenset('<>:"|?*')


def clean_name(name: str) -> str:
    """One path component: no control, bidi or forbidden characters, no reserved device names, at most 120 long."""
    kept = "".join(
        " " if c in "\r\n\t" else c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs") or c in "\r\n\t"
    )
    kept = "".join("_" if c in _FORBIDDEN else c for c in kept).strip(" .")
    stem, dot, suffix = kept.rpartition(".")
    if (stem or suffix).upper() in _RESERVED:
        kept = "_" + kept
    if len(kept) > _MAX:
        kept = stem[: _MAX - len(suffix) - 1] + dot + suffix if len(suffix) < 10 else kept[:_MAX]
    return kept or UNNAMED


def _invisible(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs")


def in_their_charset(raw: bytes) -> str:
    """A name in bytes that do not say in what: strict UTF-8 first, for GB18030 decodes that to wrong Chinese without a
    word, then GB18030."""
    for charset in ("utf-8", "gb18030"):
        try:
            return raw.decode(charset)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")


def flat_path(name: str) -> str:
    """A member path of an archive as hints only: folders kept, traversal and drive letters dropped."""
    parts = [p for p in name.replace("\\", "/").split("/") if p not in ("", ".", "..")]
    if parts and parts[0].endswith(":"):
        parts = parts[1:]
    return "/".join(clean_name(p) for p in parts) or UNNAMED
