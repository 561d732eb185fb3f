"""mailintake rules apply, rollback and learn-case: what changes what is in force."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from mailintake.app.rules.letters import Letters
from mailintake.cli.check import shown_problems
from mailintake.cli.common import AsJson, ConfigFolder, DryRun, asked, hint, opened, print_done, print_json, print_lines
from mailintake.cli.rules_trying import (
    backtest_lines,
    backtest_row,
    example_folder,
    failed_lines,
    tested,
    tried_examples,
)
from mailintake.cli.rules_words import LAST, Last, difference_line
from mailintake.cli.table import aligned
from mailintake.cli.words import say
from mailintake.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from mailintake.app.rules.applying import Outcome
    from mailintake.config import Configuration
    from mailintake.model.letter import OutboxEntry
    from mailintake.worker.shells import Shells

Who = Annotated[str, Parameter(name="--by", help=say("act.by.help"))]
Why = Annotated[str, Parameter(name="--reason", help=say("act.reason.help"))]
Waiting = Annotated[Letters, Parameter(name="--letters", help=say("rules.letters.help"))]
Yes = Annotated[bool, Parameter(name="--yes", help=say("rules.yes.help"))]
Version = Annotated[str, Parameter(help=say("rules.version.help"))]
Mail = Annotated[str, Parameter(help=say("rules.mail.help"))]


def apply(  # noqa: PLR0913 -- the options of one command
    *,
    by: Who,
    reason: Why = "",
    letters: Waiting = Letters.LEAVE,
    last: Last = LAST,
    yes: Yes = False,
    dry_run: DryRun = False,
    config: ConfigFolder = None,
    json: AsJson = False,
) -> int:
    """Check, examples, backtest, differences, waiting letters; then, when it is agreed to, in force."""
    from mailintake.app.rules.applying import Wish, known_person, waiting_letters
    from mailintake.app.rules.applying import apply as put_in_force
    from mailintake.app.rules.changes import differences

    candidate = _checked(config)
    _examples(candidate)
    with opened(config) as (active, shells):
        known_person(shells, by)
        if candidate.version == active.version:
            print(say("rules.nothing_to_apply", version=active.version))
            return 0
        made, seconds = tested(shells.store, active, candidate, last, quiet=json)
        changed = differences(active.kept, candidate.folder, candidate.settings.mailboxes)
        second, waiting = any(one.second for one in changed), waiting_letters(shells)
        if not json:
            print_lines((*map(difference_line, changed), "", *backtest_lines(made), *_letters(shells, waiting)))
            hint(say("rules.took", seconds=f"{seconds:.1f}"))
        if dry_run:
            print_done(say("rules.would_apply", version=candidate.version), dry_run=True)
            return 0
        if not yes and not asked(say("rules.ask", version=candidate.version)):
            raise UsageError(say("rules.not_applied"), fix="mailintake rules apply --by NAME --yes")
        outcome = put_in_force(shells, candidate, Wish(by, reason, letters), second=second)
    if json:
        print_json(version=outcome.version, before=outcome.before, waits=outcome.waits, backtest=backtest_row(made))
    else:
        _told(outcome)
    return 0


def _checked(config: Path | None) -> "Configuration":
    """The files, when nothing is wrong with them; else everything that is, as `check` shows it."""
    from mailintake.config import load, verdict

    found = verdict(config)
    errors = [problem for problem in found.problems if problem.severity == "error"]
    if errors:
        print_lines(shown_problems(errors))
        raise ConfigError(say("rules.broken", count=len(errors)), fix="mailintake check")
    return load(config)


def _examples(candidate: "Configuration") -> None:
    tried = tried_examples(candidate)
    bad = [one for one in tried if not one.good]
    for one in bad:
        print_lines(failed_lines(one))
    if bad:
        raise ConfigError(say("rules.examples_fail", count=len(bad)), fix="mailintake rules test")
    hint(say("rules.examples_good", count=len(tried)))


def _letters(shells: "Shells", waiting: "Iterable[OutboxEntry]") -> list[str]:
    from mailintake.app.act_words import letter_state

    titles = shells.renderer.digest_words.letters
    rows = [
        (f"    {e.id}", titles.get(e.letter.value, e.letter.value), letter_state(e.state), e.case, e.to[0])
        for e in waiting
    ]
    return [say("rules.letters_wait", count=len(rows)), *aligned(rows)] if rows else []


def _told(outcome: "Outcome") -> None:
    if outcome.waits:
        print(say("rules.proposed", version=outcome.version))
        return
    print(say("rules.applied", version=outcome.version, before=outcome.before))
    if outcome.letters:
        print(say("rules.letters_changed", letters=say("list.comma").join(map(str, outcome.letters))))
    hint(say("rules.next.rollback"))


def rollback(
    version: Version = "",
    *,
    by: Who,
    reason: Why = "",
    letters: Waiting = Letters.LEAVE,
    config: ConfigFolder = None,
    json: AsJson = False,
) -> int:
    """An earlier set in force again, and which letters went out meanwhile."""
    from mailintake.app.active import active_configuration
    from mailintake.app.build import with_rules
    from mailintake.app.rules.applying import Wish, roll_back, treat_letters, waiting_letters

    with opened(config) as (_, shells):
        wish = Wish(by, reason, letters)
        made = roll_back(shells, wish, version)
        changed = treat_letters(with_rules(shells, active_configuration(config)), wish)
        lines, waiting = _letters(shells, made.gone), _letters(shells, waiting_letters(shells))
    if json:
        gone = [{"id": e.id, "letter": e.letter.value, "case": e.case, "to": list(e.to)} for e in made.gone]
        print_json(version=made.version, before=made.before, gone=gone, letters=list(changed))
        return 0
    print(say("rules.rolled_back", version=made.version, before=made.before))
    print_lines([say("rules.gone", count=len(made.gone)), *lines[1:], *waiting])
    if changed:
        print(say("rules.letters_changed", letters=say("list.comma").join(map(str, changed))))
    hint(say("rules.files_stay"))
    return 0


def learn_case(mail: Mail, *, dry_run: DryRun = False, config: ConfigFolder = None, json: AsJson = False) -> int:
    """A stored mail, or the last one of a case, as an example without anybody's data."""
    from mailintake.app.rules.judging import Judge
    from mailintake.app.rules.learning import learn
    from mailintake.app.rules.staff import opinions
    from mailintake.app.rules.stored import StoredMails

    with opened(config) as (configuration, shells):
        case = shells.store.case(mail)
        row = shells.store.message(case.messages[0] if case is not None else mail)
        stored = StoredMails(shells.store).mail(row) if row is not None else None
        if row is None or stored is None or configuration.folder is None:
            raise UsageError(say("rules.no_mail", mail=mail), fix="mailintake mail list --everything")
        found = tuple(c for number in row.cases if (c := shells.store.case(number)) is not None)
        said = opinions(shells.store).get(row.sha256, ())
        learned = learn(stored, found, said, Judge(configuration, letters=False))
    if learned.left:
        raise UsageError(say("rules.not_anonymous", count=len(learned.left)), fix="mailintake mail show --help")
    target = example_folder(configuration.folder) / f"{learned.name}.test.yaml"
    if not dry_run:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(learned.text, "utf-8")
    if json:
        print_json(path=str(target), judged_alike=learned.judged_alike, dry_run=dry_run)
        return 0
    print_done(say("rules.learned", path=target), dry_run=dry_run)
    if not learned.judged_alike:
        hint(say("rules.judged_otherwise"))
    if not said:
        hint(say("rules.nothing_expected"))
    return 0
