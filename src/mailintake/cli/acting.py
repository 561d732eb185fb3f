"""Acts on the command line: one command for each act of model/act.py, made from the fields of its value.

With --json one object says what was done and how to take it back, or why it was not (docs/act.schema.json). Exit code
0: done; 1: not done, and nothing was changed.
"""

import dataclasses
import inspect
from collections.abc import Callable, Iterable, Iterator
from operator import getitem
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, get_type_hints

from cyclopts import App, Parameter

from mailintake.cli.common import AsJson, ConfigFolder, DryRun, hint, opened, print_done, print_json
from mailintake.cli.words import say
from mailintake.model.act import ACTS, Act, Done, Refused, Signed, Target
from mailintake.model.codec import encode
from mailintake.model.erasure import Erasable

if TYPE_CHECKING:
    from mailintake.model.letter import OutboxEntry
    from mailintake.worker.shells import Shells

_KEYWORD, _PLAIN = inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD


class _Common(NamedTuple):
    name: str
    annotation: Any
    default: Any


_COMMON: tuple[_Common, ...] = (
    _Common("by", Annotated[str, Parameter(name="--by", help=say("act.by.help"))], inspect.Parameter.empty),
    _Common("reason", Annotated[str, Parameter(name="--reason", help=say("act.reason.help"))], ""),
    _Common("revision", Annotated[int | None, Parameter(name="--revision", help=say("act.revision.help"))], None),
    _Common("dry_run", DryRun, False),
    _Common("config", ConfigFolder, None),
    _Common("json", AsJson, False),
)


def add_acts(app: App, target: Target) -> None:
    """Every act on that kind of target, as commands of the app."""
    for name, kind in ACTS[target].items():
        app.command(command_for(kind), name=name, help=say(f"act.{name}.help"))


def command_for(kind: type[Act]) -> Callable[..., int]:
    """A command with the target, the act's own fields, and what every act needs."""
    hints = get_type_hints(kind)
    own = [field.name for field in dataclasses.fields(kind)]
    about = Annotated[str, Parameter(help=say(f"act.target.{kind.target.value}.help"))]
    parameters = [inspect.Parameter("target", _PLAIN, annotation=about)]
    for field in sorted(dataclasses.fields(kind), key=lambda field: field.default is not dataclasses.MISSING):
        default = inspect.Parameter.empty if field.default is dataclasses.MISSING else field.default
        shown = getitem(Annotated, (hints[field.name], Parameter(help=say(f"act.field.{field.name}.help"))))
        parameters.append(inspect.Parameter(field.name, _PLAIN, annotation=shown, default=default))
    parameters += [inspect.Parameter(c.name, _KEYWORD, annotation=c.annotation, default=c.default) for c in _COMMON]
    signature = inspect.Signature(parameters, return_annotation=int)

    def command(*given: Any, **named: Any) -> int:
        bound = signature.bind(*given, **named)
        bound.apply_defaults()
        values = bound.arguments
        act = kind(**{name: values[name] for name in own})
        wanted = _Wanted(values["by"], values["reason"], values["revision"], dry_run=values["dry_run"])
        return _act(act, values["target"], wanted, values["config"], json=values["json"])

    vars(command)["__signature__"] = signature  # what cyclopts reads
    command.__name__, command.__doc__ = kind.name, kind.__doc__
    return command


@dataclasses.dataclass(frozen=True)
class _Wanted:
    """Who does it, why, what they had seen, and whether it is only rehearsed."""

    by: str
    reason: str
    revision: int | None
    dry_run: bool


def _act(act: Act, target: str, wanted: _Wanted, config: Path | None, *, json: bool) -> int:
    from mailintake.worker.acts import perform
    from mailintake.worker.erasing import finish_erasing

    with opened(config) as (_, shells):
        signed = Signed(act, target, wanted.by, shells.clock(), wanted.reason, wanted.revision)
        made = perform(shells, signed, dry_run=wanted.dry_run)
        if isinstance(made, Done) and made.erases and not made.waits_for and not wanted.dry_run:
            finish_erasing(shells)
        return told(shells, act.name, target, made, dry_run=wanted.dry_run, json=json)


def told(shells: "Shells", act: str, target: str, made: Done | Refused, *, dry_run: bool, json: bool) -> int:
    """Print what became of an act; gives the exit code."""
    from mailintake.app.act_words import act_sentences, act_title, refusal, to_correct

    if isinstance(made, Refused):
        why, number = refusal(made, shells.renderer), to_correct(made)
        if json:
            offered = {"instead": f"mailintake letter write {number}"} if number else {}
            print_json(act=act, target=target, done=False, refused=why, code=made.code, **offered)
        else:
            hint(act_sentences()["refused.line"].format(why=why))
            if number:
                hint(act_sentences()["refused.correcting"].format(number=number))
        return 1
    letters = tuple(e for number in made.letters if (e := shells.store.outbox_entry(number)) is not None)
    if json:
        print_json(**_done(made, letters), **({"dry_run": True} if dry_run else {}))
        return 0
    sentences = act_sentences()
    said = sentences["done.line"].format(act=act_title(act), target=made.target, by=made.by)
    print_done(said, dry_run=dry_run)
    if made.waits_for:
        hint(sentences["done.waits"])
    if letters:
        hint(sentences["done.letters"].format(letters=_shown(shells, letters)))
    for line in _erased(made):
        hint(line)
    if not dry_run and _can_be_undone(made):
        hint(sentences["done.undo"].format(event=made.event))
    return 0


def _can_be_undone(made: Done) -> bool:
    return made.erases is None or bool(made.waits_for)


def _erased(made: Done) -> Iterator[str]:
    from mailintake.app.act_words import act_sentences

    sentences, gone = act_sentences(), made.erases
    if gone is not None:
        yield sentences["done.erases"].format(**_counted(gone))
        if gone.shared:
            yield sentences["done.shared"].format(count=len(gone.shared))
        yield sentences["done.erased"]


def _counted(gone: Erasable) -> dict[str, object]:
    """What goes, in numbers and the numbers of the cases."""
    return {
        "cases": say("list.comma").join(gone.cases),
        "mails": len(gone.mails),
        "letters": len(gone.letters),
        "files": len(gone.files),
        "people": gone.people,
    }


def _done(made: Done, letters: "Iterable[OutboxEntry]") -> dict[str, object]:
    row: dict[str, object] = {"act": made.act, "target": made.target, "by": made.by, "done": True}
    row |= {"revision": made.revision, "event": made.event}
    row |= {"undo": f"mailintake undo {made.event}"} if _can_be_undone(made) else {}
    row |= {"cases": list(made.cases), "letters": [letter_row(entry) for entry in letters]}
    row |= {"erases": encode(made.erases)} if made.erases is not None else {}
    return row | ({"waits_for": made.waits_for} if made.waits_for else {})


def letter_row(entry: "OutboxEntry") -> dict[str, object]:
    """A letter in JSON."""
    return {
        "id": entry.id,
        "letter": entry.letter.value,
        "state": entry.state.value,
        "to": list(entry.to),
        "subject": entry.subject,
        "case": entry.case or None,
        "sha256": entry.sha256,
    }


def _shown(shells: "Shells", letters: "Iterable[OutboxEntry]") -> str:
    from mailintake.app.act_words import letter_state

    titles = shells.renderer.digest_words.letters
    parts = (f"{e.id} {titles.get(e.letter.value, e.letter.value)} {letter_state(e.state)}" for e in letters)
    return say("list.comma").join(parts)
