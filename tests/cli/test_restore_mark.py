"""After pg_restore: one command says that letters may have gone out since."""

from tests.cli.conftest import Command


def test_what_may_have_gone_out_is_marked(command: Command) -> None:
    (waiting,) = command("letter", "list", "--json").rows
    count = len(waiting)
    assert count
    (told,) = command("restore", "--mark-only", "--json").rows
    assert told["marked"] == count
    (marked,) = command("letter", "list", "--json").rows
    assert {letter["state"] for letter in marked} == {"in_doubt"}


def test_a_backup_or_the_mark_must_be_named_and_not_both(command: Command) -> None:
    assert command("restore").code == 2
    assert command("restore", "somewhere", "--mark-only").code == 2
