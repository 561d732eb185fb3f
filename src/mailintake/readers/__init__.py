"""Hostile bytes to facts: the only code that opens what a stranger sent, run in a limited child process."""
