"""What the company profile must speak of."""

from mailintake.checks.frame import check
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model.assessment import NotChecked
from mailintake.model.value import config_value

FACTS = ("topics",)


@config_value
class Params:
    """Keys of the topics, as the readings name them."""

    topics: tuple[str, ...] = ()


@check
def topics_mentioned(subject: Subject, params: Params) -> Result:
    """The profile speaks of every topic the guide lists (1.1(1)④); which words count as a topic is configured."""
    if subject.facts is None or subject.facts.text is None or not subject.facts.text.lines:
        return NotChecked("no_text")
    found = {topic for text in subject.reading.all("topics") for topic in text.split()}
    absent = [topic for topic in params.topics if topic not in found]
    return subject.found("incomplete", {"topics": absent}, {"topics": list(params.topics)}) if absent else OK
