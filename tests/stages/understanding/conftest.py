"""The shipped rules: what these tests judge is the wording of config as much as the code."""

import pytest

from mailintake.config import load
from mailintake.model.rules import RuleSet


@pytest.fixture(scope="session")
def rules() -> RuleSet:
    """The rules as delivered."""
    return load(None, {}).rules
