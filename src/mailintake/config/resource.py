"""Where shipped files are: the operator's folder first, then the installed package, then the checkout."""

from pathlib import Path
from typing import TypeAlias

from mailintake.errors import ConfigError

Folder: TypeAlias = Path | tuple[Path, ...] | None  # the operator's folder, or several, the best first
PACKAGE = Path(__file__).resolve().parent.parent
CHECKOUT = PACKAGE.parent.parent
_IN_PACKAGE = {"config": "config_default", "templates": "templates"}  # as pyproject.toml force-includes them


def folders_of(folder: Folder) -> tuple[Path, ...]:
    """The operator's folders one by one."""
    return (folder,) if isinstance(folder, Path) else folder or ()


def candidates(relative: str, folder: Folder = None) -> tuple[Path, ...]:
    """Every place where `config/…` or `templates/…` may lie, best first; existing or not.

    In an operator's folder the files of `config/` lie at the top and templates in `templates/`.
    """
    top, _, rest = relative.partition("/")
    own = (place / rest if top == "config" else place / relative for place in folders_of(folder))
    return (*own, PACKAGE / _IN_PACKAGE.get(top, top) / rest, CHECKOUT / relative)


def resource(relative: str, folder: Folder = None) -> Path:
    """The file or folder of that name, for example `config/fees.yaml` or `templates`. ConfigError when nowhere."""
    for place in candidates(relative, folder):
        if place.exists():
            return place
    raise ConfigError(f"{relative} is not installed", fix="reinstall mailintake")


def resource_folders(relative: str, folder: Folder = None) -> tuple[Path, ...]:
    """Every existing folder of that name, best first: a template loader searches them in this order."""
    return tuple(place for place in candidates(relative, folder) if place.is_dir())
