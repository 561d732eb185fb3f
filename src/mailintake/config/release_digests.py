"""`python -m mailintake.config.release_digests VERSION`: keep what a release ships, as digests, for later upgrades."""

import json
import sys

from mailintake.config.differences import shipped_leaves, shown_path
from mailintake.config.earlier import FOLDER, digest_of
from mailintake.config.layers import layers_of


def shipped_digests() -> dict[str, str]:
    """`file path` → digest of the value that is shipped now."""
    leaves = shipped_leaves(layers_of(None))
    return {f"{file} {shown_path(path)}": digest_of(leaf.plain) for (file, path), leaf in leaves.items()}


def main(version: str) -> None:
    """Write the digests of the present files under that version."""
    text = json.dumps(shipped_digests(), ensure_ascii=False, indent=0, sort_keys=True)
    (FOLDER / f"{version}.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
