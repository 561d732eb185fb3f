"""The sentences of the terminal in the language of this process, from templates/messages/cli.txt and cli.en.txt."""

from mailintake.config import catalogue as catalogues
from mailintake.config.catalogue import Language, spoken
from mailintake.config.resource import resource

_MEANINGS = {Language.ZH: "templates/messages/mailbox.yaml", Language.EN: "templates/messages/mailbox.en.yaml"}


def catalogue() -> dict[str, str]:
    """Key → sentence."""
    return catalogues.catalogue("cli", spoken())


def say(key: str, **values: object) -> str:
    """The sentence of that key, filled in. KeyError for an unknown key: a fault of ours."""
    return catalogue()[key].format(**values)


def meaning_of(error: str) -> str:
    """What an error of the mailbox or the mail server means for an operator; empty for those that say it themselves."""
    from ruamel.yaml import YAML

    meanings = YAML(typ="safe", pure=True).load(resource(_MEANINGS[spoken()]))
    return str(meanings.get(error, ""))
