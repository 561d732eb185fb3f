"""One file to FileFacts: what it is, then the reader for that."""

from pathlib import Path

from mailintake.model.facts import FileFacts
from mailintake.readers.files.sniff import sniff
from mailintake.readers.port import Limits

IMAGES = frozenset({"jpeg", "png", "gif", "bmp", "tiff", "webp", "heic"})
OFFICE = frozenset({"docx", "doc", "xlsx", "xls", "pptx", "ppt", "odf", "ole", "text", "html", "rtf"})
_UNSAFE = frozenset({"executable", "macro", "svg", "shortcut", "disk_image"})
_NOT_UNDERSTOOD = frozenset({"unknown", "video", "resource_fork", "iwork"})


def measure(file: Path, sha256: str, limits: Limits) -> FileFacts:
    """Everything that needs no OCR."""
    size, format_ = file.stat().st_size, sniff(file)
    if format_ == "empty":
        return FileFacts(sha256, 0, format_, "attachment.unreadable", "empty")
    if format_ in _UNSAFE:
        return FileFacts(sha256, size, format_, "attachment.unsafe", format_)
    if size > limits.file_bytes:
        return FileFacts(sha256, size, format_, "attachment.too_large", "bytes")
    if format_ in IMAGES:
        from mailintake.readers.files.image import measure_image

        image, problem, detail = measure_image(file, limits)
        return FileFacts(sha256, size, format_, problem, detail, image=image)
    if format_ == "pdf":
        from mailintake.readers.files.pdf import measure_pdf

        pdf = measure_pdf(file, limits)
        return FileFacts(sha256, size, format_, pdf.problem, pdf.detail, pdf=pdf.pdf, text=pdf.text)
    if format_ == "ofd":
        from mailintake.readers.files.ofd import measure_ofd

        ofd = measure_ofd(file, limits)
        return FileFacts(sha256, size, format_, ofd.problem, ofd.detail, ofd=ofd.ofd, text=ofd.text)
    if format_ in OFFICE:
        from mailintake.readers.files.office import office_text

        office = office_text(file, format_, limits)
        return FileFacts(sha256, size, format_, office.problem, office.detail, text=office.text)
    if format_ in _NOT_UNDERSTOOD:
        return FileFacts(sha256, size, format_, "attachment.unreadable", "format")
    return FileFacts(sha256, size, format_)
