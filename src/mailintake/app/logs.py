"""Logging as configured: one JSON object a line, no names, numbers or texts of applicants."""

import logging
import os
import sys
from datetime import datetime
from io import TextIOWrapper
from logging.handlers import WatchedFileHandler
from pathlib import Path
from traceback import extract_tb

from mailintake.config.settings import LogSettings
from mailintake.errors import MailintakeError
from mailintake.model.zone import SHANGHAI

_CONTROL = {
    code: f"\\u{code:04x}" if code > 0xFF else f"\\x{code:02x}"
    for code in (
        *range(0x20),
        *range(0x7F, 0xA0),
        0x061C,
        *range(0x200B, 0x2010),
        *range(0x2028, 0x202F),
        *range(0x2060, 0x2070),
        0xFEFF,
    )
}
_FRAMES = 6
_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


class OneLine(logging.Filter):
    """A record is one line whatever a stranger put into it (CWE-117), and an exception tells where, not what: what a
    library says of it may be a stranger's words (CWE-532)."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Escape control and bidi characters of the finished message; exceptions become places in our code."""
        told = record.getMessage()
        if record.exc_info and record.exc_info[1] is not None:
            told = f"{told}: {_where(record.exc_info[1])}"
        record.exc_info = record.exc_text = record.stack_info = None
        record.msg, record.args = told.translate(_CONTROL), ()
        return True


def _where(fault: BaseException) -> str:
    frames = [f"{Path(f.filename).name}:{f.lineno}" for f in extract_tb(fault.__traceback__)[-_FRAMES:]]
    said = f" {fault}" if isinstance(fault, MailintakeError) else ""
    return f"{type(fault).__name__}{said} at {' > '.join(frames)}"


def start_logging(settings: LogSettings) -> None:
    """Install the one handler. Its file is made with its folder, and is read by its owner only."""
    if settings.file:
        settings.file.parent.mkdir(parents=True, exist_ok=True)
    handler: logging.Handler = _File(settings.file) if settings.file else logging.StreamHandler(sys.stderr)
    handler.addFilter(OneLine())
    handler.setFormatter(_json_formatter() if settings.json else _Plain(_FORMAT))
    logging.basicConfig(level=settings.level.value.upper(), handlers=[handler], force=True)
    for library in ("apscheduler", "alembic", "imapclient"):  # each tells of every step
        logging.getLogger(library).setLevel(logging.WARNING)


class _File(WatchedFileHandler):
    """Read by its owner only, and opened anew when somebody has moved it away (logrotate, without a signal)."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, encoding="utf-8")

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return TextIOWrapper(
            os.fdopen(descriptor, "ab"), encoding=self.encoding, errors="backslashreplace", write_through=True
        )


class _Plain(logging.Formatter):
    """The office's time with its offset, wherever the server stands."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 -- logging's name
        return datetime.fromtimestamp(record.created, SHANGHAI).isoformat(timespec="milliseconds")


def _json_formatter() -> logging.Formatter:
    from pythonjsonlogger.json import JsonFormatter

    class Json(_Plain, JsonFormatter):
        """One object a line."""

    return Json(_FORMAT, json_ensure_ascii=False)
