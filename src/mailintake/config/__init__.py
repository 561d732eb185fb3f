"""YAML to frozen values: every error at once, with file, line and column.

Names load when first used: the command line asks only for `resource` and must not pay for YAML and validation.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from mailintake.config.resource import resource, resource_folders

if TYPE_CHECKING:
    from mailintake.config.loading import Configuration, check, load, load_settings
    from mailintake.config.schema import json_schema
    from mailintake.config.secrets import password_of
    from mailintake.config.settings import Settings
    from mailintake.config.show import effective
    from mailintake.config.verdicts import Verdict, verdict

__all__ = [
    "Configuration",
    "Settings",
    "Verdict",
    "check",
    "effective",
    "json_schema",
    "load",
    "load_settings",
    "password_of",
    "resource",
    "resource_folders",
    "verdict",
]

_HOMES = {
    "Configuration": "loading",
    "Settings": "settings",
    "check": "loading",
    "effective": "show",
    "json_schema": "schema",
    "load": "loading",
    "load_settings": "loading",
    "password_of": "secrets",
    "verdict": "verdicts",
    "Verdict": "verdicts",
}


def __getattr__(name: str) -> Any:
    """PEP 562: import the home of a name at its first use."""
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"mailintake.config.{_HOMES[name]}"), name)
