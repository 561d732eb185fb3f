"""A picture that came as two people's is in order for neither until a person has looked."""

from dataclasses import replace

from tests.support.judgement import RULES
from tests.support.letters import TODAY, case, document

from mailintake.model.document import Outcome
from mailintake.model.facts import FileFacts, ImageFacts
from mailintake.stages.assess.assess import assess

IMAGE = ImageFacts(600, 800, "jpeg", "RGB", colourfulness=30.0, sharpness=90.0, background_lightness=250.0)


def outcomes(*digests: str) -> list[Outcome]:
    """Of the photos of two people with these contents."""
    photos = tuple(
        replace(
            document("photo", f"{key}.jpg", key),
            sha256=digest * 64,
            facts=FileFacts(digest * 64, 9, "jpeg", image=IMAGE),
        )
        for key, digest in zip(("a1", "a2"), digests, strict=True)
    )
    made = assess(case(documents=photos, flags=()), RULES, TODAY)
    return [checked.outcome for checked in made.documents]


def test_one_photo_of_two_people_is_ticked_for_neither() -> None:
    assert Outcome.OK not in outcomes("1", "1")


def test_two_photos_of_two_people_are_in_order() -> None:
    assert outcomes("1", "2") == [Outcome.OK, Outcome.OK]
