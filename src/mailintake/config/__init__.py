"""YAML to frozen values: every error at once, with file, line and column."""

from mailintake.config.loading import Configuration, check, load, load_settings
from mailintake.config.resource import resource, resource_folders
from mailintake.config.schema import json_schema
from mailintake.config.secrets import password_of
from mailintake.config.settings import Settings
from mailintake.config.show import effective

__all__ = [
    "Configuration",
    "Settings",
    "check",
    "effective",
    "json_schema",
    "load",
    "load_settings",
    "password_of",
    "resource",
    "resource_folders",
]
