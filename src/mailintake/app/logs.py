"""Logging as configured: one JSON object a line, no names, numbers or texts of applicants."""

import logging
import sys

from mailintake.config.settings import LogSettings

_CONTROL = {
    code: f"\\x{code:02x}" for code in (*range(32), 0x7F, *range(0x80, 0xA0), *range(0x202A, 0x202F), 0x200E, 0x200F)
}


class OneLine(logging.Filter):
    """A record is one line whatever a stranger put into it (CWE-117)."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Escape control and bidi characters of the finished message."""
        record.msg, record.args = record.getMessage().translate(_CONTROL), ()
        return True


def start_logging(settings: LogSettings) -> None:
    """Install the one handler."""
    handler: logging.Handler = (
        logging.FileHandler(settings.file) if settings.file else logging.StreamHandler(sys.stderr)
    )
    handler.addFilter(OneLine())
    if settings.json:
        from pythonjsonlogger.json import JsonFormatter

        handler.setFormatter(JsonFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=settings.level.value.upper(), handlers=[handler], force=True)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
