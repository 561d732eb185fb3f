"""Templates as the engine compiled them, so that after a change only the changed ones are compiled."""

import base64
import binascii
from functools import cached_property

from jinja2.bccache import Bucket, BytecodeCache

from mailintake.config.kept import program, recall, remember


class KnownCode(BytecodeCache):
    """The compiled templates of this program, by name and file; the engine itself compares the hash of the source."""

    def __init__(self) -> None:
        """Nothing is looked up before a template is asked for."""
        self._new = False

    @cached_property
    def _key(self) -> str:
        return f"compiled-{program()}"

    @cached_property
    def _kept(self) -> dict[str, str]:
        return recall(self._key) or {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the engine's bucket, where the template is known."""
        known = self._kept.get(bucket.key)
        if known is not None:
            try:
                bucket.bytecode_from_string(base64.b64decode(known, validate=True))
            except (binascii.Error, ValueError, EOFError, TypeError):
                bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """It was compiled now."""
        self._kept[bucket.key] = base64.b64encode(bucket.bytecode_to_string()).decode("ascii")
        self._new = True

    def keep(self) -> None:
        """Write down what is new."""
        if self._new:
            remember(self._key, self._kept)
            self._new = False
