"""Frozen values, closed sets and the table of states. Imports nothing but `errors`."""
