"""Values: frozen, compared by their fields, and made as the library would make them, though only the first time."""

import pickle
from collections.abc import Iterator
from copy import copy, deepcopy
from dataclasses import MISSING, FrozenInstanceError, field, fields, is_dataclass, replace
from importlib import import_module
from pkgutil import walk_packages

import pytest

import mailintake.model
from mailintake.model.value import value


@value
class Pair:
    """Two of something."""

    left: int
    right: tuple[str, ...] = ()
    seen: list[int] = field(default_factory=list, compare=False, repr=False)


@value
class Triple(Pair):
    """One more."""

    third: str = "c"


def every_value() -> Iterator[type]:
    for module in walk_packages(mailintake.model.__path__, "mailintake.model."):
        for thing in vars(import_module(module.name)).values():
            if isinstance(thing, type) and is_dataclass(thing) and thing.__module__ == module.name:
                yield thing


def test_a_value_is_made_as_its_fields_say() -> None:
    made = Pair(1, seen=[3])
    assert (made.left, made.right, made.seen) == (1, (), [3])
    assert Pair(2).seen is not Pair(2).seen
    assert Triple(1, third="d") == Triple(1, (), third="d")
    assert replace(made, left=2) == Pair(2)


def test_a_wrong_call_is_told_by_its_name() -> None:
    with pytest.raises(TypeError, match=r"Triple\.__init__\(\) missing 1 required positional argument: 'left'"):
        Triple()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unexpected keyword argument 'middle'"):
        Pair(1, middle=2)  # type: ignore[call-arg]


def test_a_value_says_what_it_holds() -> None:
    assert repr(Pair(1, ("a",), [3])) == "Pair(left=1, right=('a',))"
    assert repr(Triple(1)) == "Triple(left=1, right=(), third='c')"


def test_a_value_never_changes() -> None:
    made = Pair(1)
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'left'"):
        made.left = 2  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'left'"):
        del made.left
    with pytest.raises(FrozenInstanceError):
        made.other = 2  # type: ignore[attr-defined]
    assert not hasattr(made, "__dict__")


def test_values_are_equal_by_class_and_fields() -> None:
    assert Pair(1, seen=[1]) == Pair(1)
    assert hash(Pair(1, seen=[1])) == hash(Pair(1))
    assert Pair(1) != Triple(1)


def test_copies_are_equal() -> None:
    made = Triple(1, ("a",), [3])
    for other in (copy(made), deepcopy(made), pickle.loads(pickle.dumps(made))):  # noqa: S301 - our own
        assert other == made
        assert other.seen == [3]


def test_every_value_of_the_model_can_be_made() -> None:
    classes = list(every_value())
    assert len(classes) > 100
    for cls in classes:
        lacking = [one for one in fields(cls) if one.default is MISSING and one.default_factory is MISSING]
        if lacking:
            with pytest.raises(TypeError, match=f"required positional argument.*{lacking[0].name}"):
                cls()
        else:
            assert cls() == cls()
