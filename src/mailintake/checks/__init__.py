"""Checks: facts and parameters in, findings out. One check a file; the folder is the registry."""

from mailintake.checks.frame import Check, check, parameters, registry

__all__ = ["Check", "check", "parameters", "registry"]
