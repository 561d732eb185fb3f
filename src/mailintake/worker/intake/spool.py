"""What a killed program left half-written in the spool. Nothing there is worth keeping: originals are stored first."""

import shutil
from pathlib import Path


def clear_spool(folder: Path) -> None:
    """Remove everything; called once, when the one worker whose folder it is starts."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
