"""Where the sentence that holds a place of a folded text begins and ends."""

STOPS = "\n\u3002;!?"


def begin_of(text: str, at: int) -> int:
    """Behind the last stop before the place."""
    return max(text.rfind(stop, 0, at) for stop in STOPS) + 1


def end_of(text: str, at: int) -> int:
    """At the first stop from the place on, or where the text ends."""
    return min((found for stop in STOPS if (found := text.find(stop, at)) >= 0), default=len(text))
