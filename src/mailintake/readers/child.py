"""The reader process: one JSON request a line on stdin, one JSON answer a line on stdout.

It is started with limits on memory, file size and open files, without a network where the kernel allows that, and is
killed by its parent when an answer takes too long. It holds no secret and writes only into the folder it is given.
"""

import ctypes
import json
import os
import resource
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from mailintake.model.codec import decode, encode
from mailintake.model.rules import Vocabulary
from mailintake.readers.port import Limits

_NEW_USER, _NEW_NET = 0x10000000, 0x40000000


def main() -> None:
    """Serve requests until stdin closes. The first line holds the limits and the words."""
    requests, answers = sys.stdin, os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # a library that prints must not speak into the protocol
    start = json.loads(requests.readline())
    limits, words = decode(Limits, start["limits"]), decode(Vocabulary, start["words"])
    _confine(limits)
    server = _Server(words, limits, ocr=bool(start["ocr"]))
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


def _confine(limits: Limits) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.archive_bytes, limits.archive_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NET)


class _Server:
    def __init__(self, words: Vocabulary, limits: Limits, *, ocr: bool) -> None:
        self.words, self.limits, self.ocr = words, limits, ocr

    def serve(self, request: dict[str, Any]) -> Any:
        if request["op"] == "message":
            from mailintake.readers.expand import open_message

            return encode(open_message(Path(request["raw"]), Path(request["out"]), self.words, self.limits))
        from mailintake.readers.text import read_text

        text = read_text(Path(request["file"]), request["format"], self.limits, ocr=self.ocr)
        return None if text is None else encode(text)


if __name__ == "__main__":
    main()
