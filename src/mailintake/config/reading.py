"""The files of a configuration to values, with every fault told: YAML is parsed and validated here."""

from collections.abc import Mapping

from mailintake.config.addresses import report_servers
from mailintake.config.known_trees import known_trees
from mailintake.config.layers import SETTINGS, Layers
from mailintake.config.problems import Problems, fault, nowhere
from mailintake.config.rules import read_rules
from mailintake.config.settings import Settings
from mailintake.config.settings_rules import report_settings
from mailintake.config.sources import Source, open_source, open_sources
from mailintake.config.validate import build
from mailintake.model.rules import RuleSet


def settings_in(layers: Layers, problems: Problems) -> Settings | None:
    """mailintake.yaml as it stands there: no variables, paths as they are written."""
    if SETTINGS not in layers.parts:
        problems.add(nowhere(f"config/{SETTINGS}"), "", fault("not-readable", detail=SETTINGS))
        return None
    source = open_source(SETTINGS, layers, problems)
    if not source.sound:
        return None
    settings: Settings | None = build(Settings, source.data or {}, source)
    if settings is not None:
        report_settings(settings, source)
        report_servers(settings, source)
    return settings


def rules_in(layers: Layers, problems: Problems) -> RuleSet | None:
    """All other files as one rule set; None where anything is wrong with them."""
    return read_rules(_rule_sources(layers, problems), layers, problems)


def _rule_sources(layers: Layers, problems: Problems) -> Mapping[str, Source]:
    only = Layers(layers.layers, layers.templates)
    only.__dict__["parts"] = {name: parts for name, parts in layers.parts.items() if name != SETTINGS}
    return open_sources(only, problems)


def keep_found(problems: Problems) -> None:
    """Write down what the next look need not do again."""
    problems.proven.keep()
    known_trees().keep()
