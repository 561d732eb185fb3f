"""The morning as one self-contained HTML file for the office's own network."""

from mailintake.letters.render import Renderer
from mailintake.model.digest import Digest


def digest_page(digest: Digest, renderer: Renderer) -> str:
    """The page of one morning: no script, no request to anywhere, names masked. TemplateBroken as the renderer says."""
    return renderer.page(digest)
