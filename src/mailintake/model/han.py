"""Traditional characters as simplified ones, by OpenCC's table of characters."""

import re
import unicodedata
from functools import cache
from importlib.resources import files

_DOTS = re.compile(r"(?<=[\u3400-\u9fff])[\u2022\u2027\u2219\u22c5\u30fb](?=[\u3400-\u9fff])")


def simplify(text: str) -> str:
    """NFKC and simplified characters, case and blanks kept: for names that are shown as the sender wrote them."""
    return simplified(unicodedata.normalize("NFKC", text))


def simplified(text: str) -> str:
    """Simplified characters, and one dot for all that stand inside names; everything else as it is."""
    return _DOTS.sub("\u00b7", text.translate(_table()))


@cache
def _table() -> dict[int, str]:
    """Of several simplified forms the first, which is the usual one. Characters only: phrases would make the result
    depend on what stands beside a name."""
    table = files("opencc").joinpath("dictionary", "TSCharacters.txt").read_text("utf-8")
    pairs = (line.split("\t") for line in table.splitlines() if line)
    return {ord(traditional): simple.split(" ")[0] for traditional, simple in pairs}
