"""Forms: read once, as text, and believed only with the token of the session they were shown in."""

import hmac

from starlette.requests import Request

from mailintake.desk.pages import visitor

FIELDS = 60  # of one form
_KEPT = "form"


async def form_of(request: Request) -> dict[str, str]:
    """The fields of the form; several of one name are joined by line ends, files are left out."""
    if kept := form_read(request):
        return kept
    said: dict[str, str] = {}
    async with request.form(max_files=0, max_fields=FIELDS) as form:
        for name, value in form.multi_items():
            if isinstance(value, str):
                said[name] = f"{said[name]}\n{value}" if name in said else value
    setattr(request.state, _KEPT, said)
    return said


def form_read(request: Request) -> dict[str, str]:
    """The fields as far as they were read in this request."""
    kept = getattr(request.state, _KEPT, None)
    return kept if isinstance(kept, dict) else {}


async def rightful(request: Request) -> bool:
    """Does the form carry the token of the visitor's own session?"""
    said = await form_of(request)
    return hmac.compare_digest(said.get("token", "").encode(), visitor(request).session.token.encode())
