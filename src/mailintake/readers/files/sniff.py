"""What a file is, by its bytes: names and declared types are only what the sender believes."""

import re
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile

from mailintake.readers.files.archive_tar import looks_like_tar

_HEAD = 4096
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_CMS, _CMS_WITHIN = bytes.fromhex("06092a864886f70d0107"), 24  # ContentInfo (RFC 5652 3); signed, enveloped …
_PDF_WITHIN = 1024  # PDF 32000-1, annex H.3.4.1: the header may start within the first 1024 bytes


class _Signature(NamedTuple):
    at: int  # its place in the file
    mark: bytes
    format: str


_SIGNATURES: tuple[_Signature, ...] = (
    _Signature(0, b"\xff\xd8\xff", "jpeg"),
    _Signature(0, b"\x89PNG\r\n\x1a\n", "png"),
    _Signature(0, b"GIF87a", "gif"),
    _Signature(0, b"GIF89a", "gif"),
    _Signature(0, b"BM", "bmp"),
    _Signature(0, b"II*\x00", "tiff"),
    _Signature(0, b"MM\x00*", "tiff"),
    _Signature(8, b"WEBP", "webp"),
    _Signature(0, b"7z\xbc\xaf\x27\x1c", "7z"),
    _Signature(0, b"Rar!\x1a\x07", "rar"),
    _Signature(0, b"\x78\x9f\x3e\x22", "tnef"),
    _Signature(0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    _Signature(0, b"{\\rtf", "rtf"),
    _Signature(0, b"\x1f\x8b", "gzip"),
    _Signature(0, b"BZh", "bzip2"),
    _Signature(0, b"\xfd7zXZ\x00", "xz"),
    _Signature(0, b"\x28\xb5\x2f\xfd", "zstd"),
    _Signature(0, b"\x4c\x00\x00\x00\x01\x14\x02\x00", "shortcut"),  # [MS-SHLLINK] 2.1
    _Signature(0, b"\x00\x05\x16\x07", "resource_fork"),  # AppleDouble (RFC 1740)
    _Signature(0, b"MZ", "executable"),
    _Signature(0, b"\x7fELF", "executable"),
    _Signature(0, b"#!", "executable"),
    _Signature(0, b"\xca\xfe\xba\xbe", "executable"),
    _Signature(0, b"\xcf\xfa\xed\xfe", "executable"),
    _Signature(0, b"ITSF", "executable"),  # compiled help runs scripts
    _Signature(0, b"book\x00\x00\x00\x00mark", "shortcut"),  # an alias of macOS
    _Signature(0, b"vhdxfile", "disk_image"),
    _Signature(0, b"conectix", "disk_image"),
    _Signature(0, b"KDMV", "disk_image"),
    _Signature(0, b"# Disk DescriptorFile", "disk_image"),
    _Signature(0, b"QFI\xfb", "disk_image"),
)
_VOLUME_AT, _VOLUMES = 32769, (b"CD001", b"BEA01", b"NSR02", b"NSR03")  # ECMA-119 8.1, ECMA-167 2/9.1
_TRAILER, _TRAILERS = 512, (b"conectix", b"koly")  # fixed VHD; Apple's dmg
_BOOT_MARK, _BOOT_STARTS = b"\x55\xaa", (b"\xeb", b"\xe9", b"\x33\xc0", b"\xfa")  # a boot sector of FAT, NTFS or MBR
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif")
_OLE_STREAMS = (
    ("__properties_version1.0", "msg"),  # first: what is attached to a saved mail may be a Word file
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("PowerPoint Document", "ppt"),
)
_OLE_MACROS, _ZIP_MACROS = "_VBA_PROJECT", "/vbaProject.bin"  # MS-OVBA 2.2.1; ECMA-376 names the part freely, Word not
_IWORK = ("Index.zip", "index.apxl", "index.xml")  # Pages, Numbers, Keynote; today's have .iwa members
_ZIP_MEMBERS = (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx"), ("OFD.xml", "ofd"), ("Doc_0/", "ofd"))
_SHORTCUTS = (b"[internetshortcut]", b"[desktop entry]", b"[{000214a0")
_MANIFEST = "META-INF/manifest.xml"
_UU = re.compile(rb"begin [0-7]{3,4} [^\r\n]{1,200}\r?\n[ -`]")
_MAIL_STARTS = (
    b"received:",
    b"return-path:",
    b"from:",
    b"date:",
    b"mime-version:",
    b"message-id:",
    b"delivered-to:",
    b"x-",
)


def sniff(file: Path) -> str:
    """Format name as in FileFacts.format; "unknown" where nothing fits, "empty" for no bytes."""
    with file.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head:
        return "empty"
    found = _by_signature(head)
    if found == "ole":
        return _ole_kind(file)
    if not found and head[:1] == b"0" and _CMS in head[:_CMS_WITHIN]:
        return "cms"
    if found:
        return found
    if head[:4] in _ZIP_STARTS:
        return _zip_kind(file)  # before PDF: a stored member's own header stands near the start of a zip
    if looks_like_tar(head[:512]):
        return "tar"  # the same: its first member may be a PDF
    if b"%PDF-" in head[:_PDF_WITHIN]:
        return "pdf"
    return "disk_image" if _is_disk_image(file, head) else _text_kind(head)


def _by_signature(head: bytes) -> str:
    if head[4:8] == b"ftyp":
        return "heic" if head[8:12] in _HEIF_BRANDS else "video"
    return next((name for at, magic, name in _SIGNATURES if head.startswith(magic, at)), "")


def _is_disk_image(file: Path, head: bytes) -> bool:
    """A volume that Windows and macOS mount with a click: what is in it runs without the mark of a download."""
    if head[510:512] == _BOOT_MARK and head.startswith(_BOOT_STARTS):
        return True
    with file.open("rb") as stream:
        stream.seek(_VOLUME_AT)
        volume = stream.read(5)
        stream.seek(max(0, file.stat().st_size - _TRAILER))
        trailer = stream.read(8)
    return volume in _VOLUMES or trailer.startswith(_TRAILERS)


def _zip_kind(file: Path) -> str:
    try:
        with ZipFile(file) as archive:
            members = archive.namelist()
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        return "zip"
    if any(name.endswith(_ZIP_MACROS) for name in members):
        return "macro"
    names = members[:50]
    if any(name in _IWORK or name.endswith(".iwa") for name in members):
        return "iwork"
    if _MANIFEST in members and "content.xml" in members:
        return "odf"
    return next((kind for prefix, kind in _ZIP_MEMBERS if any(n.startswith(prefix) for n in names)), "zip")


def _ole_kind(file: Path) -> str:
    """Stream names are UTF-16 in the directory; looking for them is enough to tell the Office formats apart."""
    with file.open("rb") as stream:
        data = stream.read(8 * 2**20)
    if _OLE_MACROS.encode("utf-16-le") in data:
        return "macro"
    return next((kind for name, kind in _OLE_STREAMS if name.encode("utf-16-le") in data), "ole")


def _is_web_page(head: bytes) -> bool:
    """A page saved with its pictures (RFC 2557): put together like a mail, and sent to nobody."""
    sent = any(field in head for field in (b"\nto:", b"\nreceived:", b"\nmessage-id:", b"\ndelivered-to:"))
    return b"multipart/related" in head and not sent


def _text_kind(head: bytes) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t")[:200].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "html"
    if start.startswith(_SHORTCUTS):
        return "shortcut"
    if start.startswith(b"<svg") or b"<svg" in start:
        return "svg"
    if _UU.match(head):
        return "uu"
    if start.startswith(_MAIL_STARTS) and _is_web_page(head.lower()):
        return "mhtml"
    first_line = start.split(b"\n", 1)[0]
    if first_line.startswith(_MAIL_STARTS) and b":" in first_line:
        return "eml"
    printable = sum(byte >= 0x20 or byte in (9, 10, 13) for byte in head)
    return "text" if printable > 0.97 * len(head) and b"\x00" not in head else "unknown"
