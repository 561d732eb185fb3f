"""What a service loads once, loaded before its first mail and not with it: libraries, the dictionary of names,
patterns, examples of questions and statements, templates; in the reader process what opens a mail."""

import tempfile
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from mailintake.app.replay import Clock, deliver, replay_shells
from mailintake.config import Configuration
from mailintake.readers.port import Readers
from mailintake.stages.assess.likely import load_examples
from mailintake.stages.classify.alike import EXAMPLES
from mailintake.stages.screen.adverts import load_adverts


def warm_up(configuration: Configuration, readers: Readers, now: datetime) -> None:
    """An example of a question goes all the way to its letter, in a scratch store; nothing of it stays."""
    asked = next(iter(configuration.rules.vocabulary.lists.get(EXAMPLES, ())), "").partition(": ")[2]
    load_examples(configuration.rules.vocabulary)
    load_adverts(configuration.rules.vocabulary)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@warm.example", configuration.rules.office.intake_address, asked
    mail.set_content(asked, charset="utf-8", cte="base64")
    with tempfile.TemporaryDirectory() as folder, replay_shells(configuration, Path(folder), Clock(now)) as scratch:
        file = Path(folder, "question")
        file.write_bytes(mail.as_bytes())
        deliver(replace(scratch, readers=readers), file)
