"""mailintake staff: whom the program knows by name."""

from typing import Annotated

from cyclopts import Parameter

from mailintake.cli.common import (
    AsJson,
    ConfigFolder,
    DryRun,
    hint,
    opened,
    print_done,
    print_json,
    print_lines,
    print_rows,
)
from mailintake.cli.frame import make_app
from mailintake.cli.table import aligned
from mailintake.cli.words import say
from mailintake.errors import UsageError
from mailintake.model.message import wire_form
from mailintake.model.staff import Colleague, Role

app = make_app("staff")

Name = Annotated[str, Parameter(help=say("staff.name.help"))]
As = Annotated[Role, Parameter(name="--role", help=say("staff.role.help"))]
Mail = Annotated[str, Parameter(name="--mail", help=say("staff.mail.help"))]


@app.command(name="add", help=say("staff.add.help"))
def add(
    name: Name, *, role: As, mail: Mail, dry_run: DryRun = False, config: ConfigFolder = None, json: AsJson = False
) -> int:
    """Make somebody known, or change their role or address."""
    from mailintake.worker.shells import log_event

    known = " ".join(name.split())
    if not known or not wire_form(mail):
        raise UsageError(say("staff.unusable", name=name, mail=mail), fix="mailintake staff add --help")
    with opened(config) as (_, shells):
        if not dry_run:
            with shells.store.begin() as unit:
                unit.save_colleague(Colleague(known, role, mail))
                log_event(unit, shells.clock(), "staff.known", actor="operator", name=known, role=role.value)
    if json:
        print_json(name=known, role=role.value, mail=mail, dry_run=dry_run)
    else:
        print_done(say("staff.known", name=known), dry_run=dry_run)
    return 0


@app.command(name="remove", help=say("staff.remove.help"))
def remove(name: Name, *, dry_run: DryRun = False, config: ConfigFolder = None, json: AsJson = False) -> int:
    """Somebody left: logged in nowhere from now on. What they did stays in the log."""
    from mailintake.worker.shells import log_event

    with opened(config) as (_, shells):
        if all(one.name != name for one in shells.store.staff()):
            raise UsageError(say("staff.stranger", name=name), fix="mailintake staff list")
        if not dry_run:
            with shells.store.begin() as unit:
                unit.forget_colleague(name)
                log_event(unit, shells.clock(), "staff.forgotten", actor="operator", name=name)
    if json:
        print_json(name=name, dry_run=dry_run)
    else:
        print_done(say("staff.forgotten", name=name), dry_run=dry_run)
    return 0


@app.command(name="list", help=say("staff.list.help"))
def list_staff(*, config: ConfigFolder = None, json: AsJson = False) -> int:
    """Everybody who is known."""
    from mailintake.app.act_words import act_sentences

    with opened(config) as (_, shells):
        staff = shells.store.staff()
    if json:
        print_rows({"name": one.name, "role": one.role.value, "mail": one.mail} for one in staff)
        return 0
    print_lines(aligned((one.name, act_sentences()[f"role.{one.role.value}"], one.mail) for one in staff))
    if not staff:
        hint(say("staff.none"))
    return 0
