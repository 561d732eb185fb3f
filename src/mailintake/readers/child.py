"""The reader process: one JSON request a line on stdin, one JSON answer a line on stdout.

It is started with limits on memory, file size and open files, and on CPU time for each request, without a network
where the kernel allows that, and is killed by its parent when an answer takes too long. It holds no secret and writes
only into the folder it is given.
"""

import base64
import ctypes
import json
import math
import os
import resource
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from mailintake.model.codec import decode, encode
from mailintake.model.rules import Vocabulary
from mailintake.readers.heap import give_back
from mailintake.readers.port import Limits

_NEW_USER, _NEW_NET = 0x10000000, 0x40000000
_OPEN_FILES = 256


def main() -> None:
    """Serve requests until stdin closes. The first line holds the limits and the words."""
    requests, answers = sys.stdin, os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # a library that prints must not speak into the protocol
    start = json.loads(requests.readline())
    limits, words = decode(Limits, start["limits"]), decode(Vocabulary, start["words"])
    server = _Server(words, limits, ocr=bool(start["ocr"]), offline=confine(limits))
    for line in requests:
        _answer(answers, server, line)


def _answer(answers: TextIO, server: "_Server", line: str) -> None:
    try:
        result: dict[str, Any] = {"ok": server.serve(json.loads(line))}
    except MemoryError:
        result = {"error": "MemoryError"}
    except Exception as fault:
        result = {"error": f"{type(fault).__name__}: {fault}"[:500]}
    answers.write(json.dumps(result, ensure_ascii=True) + "\n")
    answers.flush()
    give_back()


def confine(limits: Limits) -> bool:
    """Limit this process for good; True when it has no network any more (some kernels forbid taking it away)."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.archive_bytes, limits.archive_bytes))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError, AttributeError):
        unshare = ctypes.CDLL(None).unshare
        return any(unshare(spaces) == 0 for spaces in (_NEW_USER | _NEW_NET, _NEW_NET))
    return False


def allow_cpu(limits: Limits) -> None:
    """CPU time for one request: as much as its time by the wall. Beyond it the kernel ends this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = math.ceil(used.ru_utime + used.ru_stime + limits.seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.getrlimit(resource.RLIMIT_CPU)[1]))


class _Server:
    def __init__(self, words: Vocabulary, limits: Limits, *, ocr: bool, offline: bool) -> None:
        self.words, self.limits, self.ocr, self.offline = words, limits, ocr, offline

    def serve(self, request: dict[str, Any]) -> Any:
        allow_cpu(self.limits)
        if request["op"] == "warm_up":
            return {"ocr": self._warm_up(), "offline": self.offline}
        if request["op"] == "picture":
            return self._picture(request)
        if request["op"] == "message":
            from mailintake.readers.expand import open_message

            return encode(open_message(Path(request["raw"]), Path(request["out"]), self.words, self.limits))
        from mailintake.readers.files.text import read_text

        text = read_text(Path(request["file"]), request["format"], self.limits, ocr=self.ocr)
        return None if text is None else encode(text)

    def _picture(self, request: dict[str, Any]) -> str | None:
        from mailintake.readers.files.page_picture import page_picture

        file, page, width = Path(request["file"]), int(request["page"]), int(request["width"])
        png = page_picture(file, request["format"], page, width, self.limits)
        return None if png is None else base64.b64encode(png).decode("ascii")

    def _warm_up(self) -> bool:
        from mailintake.readers.files import ocr

        wanted = self.ocr and ocr.available()
        if wanted:
            ocr.warm_up()
        return wanted


if __name__ == "__main__":
    main()
