"""Kinds of mail as people write them, and what the program takes them for."""
