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


def meaning_of(error: str) -> str:
    """What an error of the mailbox or the mail server means for an operator; empty for those that say it themselves."""
    from ruamel.yaml import YAML

    meanings = YAML(typ="safe", pure=True).load(resource("templates/messages/mailbox.yaml"))
    return str(meanings.get(error, ""))
