"""The one picture without a name of its own that the mail's words say what it is: "the photo is as the phone took it".

Only what the words say to be here counts: a photo that is still to be taken is no file. A kind that another file is
already is nobody's, and so is a picture whose shape speaks against it.
"""

from collections.abc import Sequence
from dataclasses import replace

from mailintake.model.document import Evidence
from mailintake.model.situation import ReadMail
from mailintake.stages.assign.kinds import FileKind
from mailintake.stages.assign.shapes import may_be
from mailintake.stages.words.kinds_here import kinds_here


def with_spoken_of(files: Sequence[FileKind], said: str, mail: ReadMail) -> tuple[FileKind, ...]:
    """The files, the one nameless picture as what the mail's words say of it."""
    nameless = [file for file in files if file.kind is None and _is_picture(file, mail)]
    if len(nameless) != 1:
        return tuple(files)
    (picture,) = nameless
    taken = {mail.rules.kinds[file.kind].subject for file in files if file.kind is not None}
    kinds = mail.rules.kinds
    own = (kind for kind in kinds_here(said, mail.rules) if kinds[kind].own_picture)
    wanted = [kind for kind in own if kinds[kind].subject not in taken]
    if len(wanted) != 1 or not may_be(mail.measured(picture.attachment), kinds[wanted[0]]):
        return tuple(files)
    why = Evidence("kind.mail_text", text=wanted[0], score=1.5)
    told = replace(picture, kind=wanted[0], options=(), reasons=(*picture.reasons, why))
    return tuple(told if file is picture else file for file in files)


def _is_picture(file: FileKind, mail: ReadMail) -> bool:
    if file.attachment.problem:
        return False
    facts = mail.measured(file.attachment)
    opened = facts is not None and facts.image is not None
    return opened or file.attachment.name.lower().endswith((".heic", ".heif"))
