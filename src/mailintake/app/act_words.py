"""What is said about acts, the same through every door: templates/messages/acts.txt."""

from collections.abc import Mapping

from mailintake.config.catalogue import catalogue, spoken
from mailintake.letters.render import Renderer
from mailintake.model.act import Refused
from mailintake.model.letter import OutboxState
from mailintake.stages.acts.undo import CORRECTABLE

_OF_LETTERS = ("letter.", "undo.")


def act_sentences() -> Mapping[str, str]:
    """Key → sentence, in the language of this process."""
    return catalogue("acts", spoken())


def act_title(name: str) -> str:
    """An act in words; its name where there are none (an event of another kind)."""
    return act_sentences().get(f"act.{name}", name)


def letter_state(state: OutboxState) -> str:
    """What the state of a letter is called."""
    return act_sentences()[f"letter.{state.value}"]


def refusal(refused: Refused, renderer: Renderer) -> str:
    """Why an act was not done, in words."""
    of_letter = refused.code.startswith(_OF_LETTERS)
    said = {key: in_words(key, text, renderer, of_letter=of_letter) for key, text in refused.values}
    return act_sentences()[f"refused.{refused.code}"].format_map(said)


def to_correct(refused: Refused) -> str:
    """The case about which a correcting letter is offered, because an act cannot be taken back any more; else empty."""
    return dict(refused.values).get("number", "") if refused.code in CORRECTABLE else ""


def in_words(key: str, text: str, renderer: Renderer, *, of_letter: bool) -> str:
    """A value that an act or a line of the log names, as staff call it; itself where it has no other name. `of_letter`:
    a state is one of a letter's."""
    words = renderer.digest_words
    match key:
        case "state" | "after" if of_letter:
            return act_sentences().get(f"letter.{text}", text)
        case "state" | "after":
            return str(words.states.get(text, text))
        case "act":
            return act_title(text)
        case "role":
            return act_sentences().get(f"role.{text}", text)
        case "changed":
            lines = (line.rpartition(" ") for line in text.split("; "))
            return act_sentences()["list.semicolon"].join(f"{head} {act_title(what)}" for head, _, what in lines)
        case "kind":
            return str(words.dues.get(text, text))
        case _:
            return text
