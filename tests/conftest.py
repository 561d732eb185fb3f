"""What holds for every suite."""

import os

import pytest
from hypothesis import settings

# Random cases are the same ones in every run of the suite: what they find is found before a change is taken in, not by
# whoever comes next. `HYPOTHESIS_PROFILE=random pytest tests/letters` looks for new ones.
settings.register_profile("random", derandomize=False)
settings.register_profile("seeded", derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "seeded"))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With NOTHING_SKIPPED set (continuous integration), a test that was skipped fails the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("NOTHING_SKIPPED") and reporter is not None and reporter.stats.get("skipped"):
        reporter.write_line("a test was skipped: in continuous integration everything must run", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
