"""mailintake undo: take an act back."""

from typing import Annotated

from cyclopts import Parameter

from mailintake.cli.acting import told
from mailintake.cli.common import AsJson, ConfigFolder, DryRun, opened
from mailintake.cli.words import say
from mailintake.model.act import UNDO, TakeBack

Event = Annotated[int, Parameter(help=say("undo.event.help"))]
By = Annotated[str, Parameter(name="--by", help=say("undo.by.help"))]
Reason = Annotated[str, Parameter(name="--reason", help=say("act.reason.help"))]


def undo(
    event: Event,
    *,
    by: By = "",
    reason: Reason = "",
    dry_run: DryRun = False,
    config: ConfigFolder = None,
    json: AsJson = False,
) -> int:
    """What stood before is written once more. Refused, with the reason, once something rests on the act."""
    from mailintake.worker.act_undo import take_back

    with opened(config) as (_, shells):
        wish = TakeBack(event, shells.clock(), by, reason)
        made = take_back(shells, wish, dry_run=dry_run)
        return told(shells, UNDO, str(event), made, dry_run=dry_run, json=json)
