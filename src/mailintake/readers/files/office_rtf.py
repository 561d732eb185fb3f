"""Rich Text Format 1.9 to text: old Word saves .doc files as RTF, and catdoc loses their negative code points."""

import re

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_HIDDEN = frozenset(
    b"fonttbl colortbl stylesheet info pict object themedata datastore xmlnstbl listtable filetbl fldinst".split()
)
_BREAKS = {b"par": "\n", b"line": "\n", b"row": "\n", b"page": "\n", b"sect": "\n", b"tab": "\t", b"cell": "\t"}
_DEEPEST = 200


def rtf_text(data: bytes) -> str:
    """The visible text. Code page bytes are read as GB18030, which is what Chinese producers write."""
    return _Rtf().read(data)


class _Rtf:
    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.bytes = bytearray()  # \'hh runs: a character takes two of them
        self.hidden, self.width, self.to_skip = [False], [1], 0

    def read(self, data: bytes) -> str:
        for token in _TOKEN.finditer(data):
            word, number, hexa, symbol, brace, plain = token.groups()
            if hexa:
                self._byte(bytes([int(hexa, 16)]))
            elif word:
                self._word(word, int(number) if number else None)
            elif symbol:
                self._symbol(symbol)
            elif brace:
                self._brace(brace)
            elif plain:
                self._plain(plain)
        self._flush()
        return "".join(self.pieces)

    def _flush(self) -> None:
        if self.bytes:
            self.pieces.append(self.bytes.decode("gb18030", "replace"))
            self.bytes.clear()

    def _byte(self, byte: bytes) -> None:
        if self.to_skip:
            self.to_skip -= 1
        elif not self.hidden[-1]:
            self.bytes += byte

    def _plain(self, text: bytes) -> None:
        text, self.to_skip = text[self.to_skip :], max(0, self.to_skip - len(text))
        if not self.hidden[-1]:
            self.bytes += text

    def _brace(self, brace: bytes) -> None:
        self._flush()
        if brace == b"{" and len(self.hidden) < _DEEPEST:
            self.hidden.append(self.hidden[-1])
            self.width.append(self.width[-1])
        elif brace == b"}" and len(self.hidden) > 1:
            self.hidden.pop()
            self.width.pop()

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self.hidden[-1] = True
        elif symbol in b"\\{}":
            self._byte(symbol)
        elif symbol == b"~" and not self.hidden[-1]:
            self.bytes += b" "

    def _word(self, word: bytes, number: int | None) -> None:
        self._flush()
        if word in _HIDDEN:
            self.hidden[-1] = True
        elif word == b"uc":
            self.width[-1] = max(0, min(number or 0, 8))
        elif word == b"u" and number is not None:
            self.to_skip = self.width[-1]
            if not self.hidden[-1]:
                self.pieces.append(chr(number & 0xFFFF))
        elif word in _BREAKS and not self.hidden[-1]:
            self.pieces.append(_BREAKS[word])
