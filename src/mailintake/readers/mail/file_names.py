"""The name of a leaf: what its headers call it, best spelling first, or a stable generated one."""

from mailintake.readers.mail.encoded_words import HeaderText
from mailintake.readers.mail.mime import Budget, Part
from mailintake.readers.names import clean_name

_SUFFIXES = {
    "image/jpeg": "jpg", "image/jpg": "jpg", "image/pjpeg": "jpg", "image/png": "png", "image/gif": "gif",
    "image/bmp": "bmp", "image/tiff": "tif", "image/webp": "webp", "image/heic": "heic", "image/heif": "heic",
    "application/pdf": "pdf", "application/zip": "zip", "application/x-zip-compressed": "zip",
    "application/x-rar-compressed": "rar", "application/vnd.rar": "rar", "application/x-7z-compressed": "7z",
    "application/msword": "doc", "application/vnd.ms-excel": "xls", "application/ms-tnef": "dat",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "text/plain": "txt", "text/html": "html", "text/calendar": "ics", "text/csv": "csv", "text/vcard": "vcf",
    "message/rfc822": "eml", "message/delivery-status": "txt", "message/disposition-notification": "txt",
    "text/rfc822-headers": "txt", "application/pgp-signature": "asc", "application/pkcs7-signature": "p7s",
    "application/pkcs7-mime": "p7m",
}  # fmt: skip
_MAGIC = (
    (b"\xff\xd8\xff", "jpg"), (b"\x89PNG", "png"), (b"GIF8", "gif"), (b"%PDF", "pdf"), (b"PK\x03\x04", "zip"),
    (b"Rar!", "rar"), (b"7z\xbc\xaf", "7z"), (b"\xd0\xcf\x11\xe0", "doc"), (b"BM", "bmp"),
)  # fmt: skip


def declared_name(part: Part, budget: Budget) -> str:
    """The file name from Content-Disposition, else Content-Type, cleaned; empty when neither says one.

    A spelling that was damaged on its way (U+FFFD, question marks for characters) yields to a sound one.
    """
    found: list[HeaderText] = [
        *part.disposition.texts("filename"), *part.disposition.texts("name"),
        *part.type.texts("name"), *part.type.texts("filename"),
    ]  # fmt: skip
    named = [text for text in found if text.text.strip()]
    if not named:
        return ""
    best = next((text for text in named if not _is_damaged(text.text)), named[0])
    for note in best.notes:
        budget.note(note)
    return component(best.text)


def generated_name(part: Part, head: bytes) -> str:
    """part-2.1.jpg: the same at every reading of the same mail."""
    suffix = _SUFFIXES.get(part.type.token) or next((s for magic, s in _MAGIC if head.startswith(magic)), "bin")
    return f"part-{part.number}.{suffix}"


def _is_damaged(name: str) -> bool:
    return "\ufffd" in name or "??" in name


def component(name: str) -> str:
    """One path component: a local path of the sender's machine loses its folders, other separators become _."""
    slashed = name.replace("\\", "/")
    if slashed[1:3] == ":/" or slashed.startswith("/") or ".." in slashed.split("/"):
        slashed = slashed.rpartition("/")[2]
    return clean_name(slashed.replace("/", "_"))
