"""The sentences of the terminal, from templates/messages/cli.txt: plain lines, so that --help loads no YAML."""

from functools import cache

from mailintake.config.resource import resource


@cache
def catalogue() -> dict[str, str]:
    """Key → sentence."""
    lines = resource("templates/messages/cli.txt").read_text("utf-8").splitlines()
    pairs = (line.partition(" = ") for line in lines if line and not line.startswith("#"))
    return {key: text for key, _, text in pairs}


def say(key: str, **values: object) -> str:
    """The sentence of that key, filled in. KeyError for an unknown key: a fault of ours."""
    return catalogue()[key].format(**values)


def term(group: str, key: str) -> str:
    """The word people use for a key of the program; the key itself where there is none."""
    return catalogue().get(f"{group}.{key}", key)
