"""One application in several mails: which part a mail says it is, and which parts of a case have come."""

from dataclasses import replace

from mailintake.model.value import value


@value
class Part:
    """What a mail says about itself: part `number` of `of`; 0: it does not say."""

    number: int = 0
    of: int = 0
    last: bool = False  # it says that nothing more comes


@value
class Series:
    """The parts of one case's application. While it waits nobody is asked for anything: it may be in the next part."""

    of: int = 0  # how many there are; 0: nobody has said
    parts: tuple[int, ...] = ()  # numbers of those that came; one that does not say gets the next free number
    over: bool = False

    def takes(self, part: Part | None) -> bool:
        """Can a mail be a further part? One that says nothing can, one that counts otherwise or came already cannot."""
        if self.over or part is None:
            return not self.over
        return part.number not in self.parts and (not part.of or not self.of or part.of == self.of)


def begun(part: Part) -> Series | None:
    """The series that a mail opens, or None where it is all there is."""
    series = with_part(Series(), part)
    return None if series.over and len(series.parts) == 1 else series


def with_part(series: Series, part: Part | None) -> Series:
    """The series with one more part. It is over when every number came, or, where nobody said how many there are, with
    the one that calls itself the last."""
    told = part or Part()
    free = next(n for n in range(1, len(series.parts) + 2) if n not in series.parts)
    parts = tuple(sorted({*series.parts, told.number or free}))
    of = series.of or told.of or (parts[-1] if told.last else 0)
    return replace(series, of=of, parts=parts, over=bool(of) and len(parts) >= of)
