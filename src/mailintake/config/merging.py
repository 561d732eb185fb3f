"""One layer laid over another: per key of a mapping, per entry of a list whose entries have names.

What an operator's file says wins; what it does not say stays as it is below. In it,
  KEY: null                          takes a key away, so that its default holds again;
  KEY: {remove: true}                takes a record of documents.yaml or fees.yaml away;
  - {id: NAME, remove: true}         takes an entry of a list away;
  LIST: {add: [...], remove: [...]}  changes a list of words; a plain list replaces it;
  LIST: {replace: [...]}             replaces a list of entries as a whole.
"""

from collections.abc import Mapping
from typing import Any, get_origin

from mailintake.config.files import Holiday
from mailintake.config.problems import Problems, fault, nearest
from mailintake.config.settings import MailboxSettings
from mailintake.config.shape import bare, inner
from mailintake.config.tree import Loc, Tree, dotted
from mailintake.model.procedure import CheckSpec, Condition, DocumentKind, Prohibition, Requirement, Variant
from mailintake.model.rules import CityOffice, Fee, Rule

ADD, REMOVE, REPLACE = "add", "remove", "replace"
_DIRECTIVES = frozenset({ADD, REMOVE, REPLACE})
_NAMED_BY: Mapping[type, tuple[str, ...]] = {  # the first of these keys that an entry has is its name
    Rule: ("id",),
    Prohibition: ("id",),
    Variant: ("id",),
    Requirement: ("kind",),
    CheckSpec: ("id", "use"),
    Condition: ("id", "use"),
    CityOffice: ("city",),
    MailboxSettings: ("name",),
}
_RECORDS = (DocumentKind, Fee)  # removed by name


def name_of(hint: Any, entry: Tree) -> str | None:
    """By what name an entry of a list of that type is known; None: it has none, and its list is replaced whole."""
    cls = bare(hint)
    if not isinstance(entry.value, dict):
        return None
    if cls is Holiday:
        name, first = entry.value.get("name"), entry.value.get("first")
        return f"{name.value} {str(first.value)[:4]}" if name and first else None
    for key in _NAMED_BY.get(cls, ()) if isinstance(cls, type) else ():
        if key in entry.value:
            return str(entry.value[key].value)
    return None


class Merger:
    """Lays trees over each other; what cannot be done is reported at the place in the upper one."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems

    def over(self, below: Tree, above: Tree, hint: Any, loc: Loc = ()) -> Tree:
        """`above` over `below`; `hint` is the type that they are to become."""
        if isinstance(below.value, list) and self._lists(above):
            return self._list(below, above, hint, loc)
        if isinstance(below.value, dict) and isinstance(above.value, dict):
            return Tree(self._mapping(below.value, above.value, hint, loc), above.spot, above.key or below.key)
        return self.alone(above, hint, loc)

    def alone(self, above: Tree, hint: Any, loc: Loc = ()) -> Tree:
        """What a layer says where nothing is below: its directives carried out on nothing."""
        if isinstance(above.value, dict):
            if self._is_list(hint) and self._lists(above):
                return self._list(Tree([], above.spot, above.key), above, hint, loc)
            made = self._mapping({}, above.value, hint, loc)
            return Tree(made, above.spot, above.key)
        if isinstance(above.value, list):
            return self._list(Tree([], above.spot, above.key), above, hint, loc)
        return above

    def _mapping(self, below: Mapping[str, Tree], above: Mapping[str, Tree], hint: Any, loc: Loc) -> dict[str, Tree]:
        made = dict(below)
        for key, item in above.items():
            here, kind = (*loc, key), inner(hint, key)
            if _is_removal(item) and bare(kind) in _RECORDS:
                self._gone(key, made, item, here)
            elif item.value is None and key in below:
                del made[key]
            elif key in below:
                made[key] = self.over(below[key], item, kind, here)
            else:
                made[key] = self.alone(item, kind, here)
        return made

    def _gone(self, key: str, made: dict[str, Tree], item: Tree, loc: Loc) -> None:
        if made.pop(key, None) is None:
            near = nearest(key, made)
            self._problems.add(item.key or item.spot, dotted(loc), fault("nothing-to-remove", name=key, near=near))

    def _is_list(self, hint: Any) -> bool:
        return get_origin(bare(hint)) is tuple

    def _lists(self, above: Tree) -> bool:
        """Is it a list, or what is to be done to one?"""
        if isinstance(above.value, dict):
            return bool(above.value) and above.value.keys() <= _DIRECTIVES
        return isinstance(above.value, list)

    def _list(self, below: Tree, above: Tree, hint: Any, loc: Loc) -> Tree:
        item = inner(hint, 0)
        kept = list(below.value) if isinstance(below.value, list) else []
        named = bare(item) in _NAMED_BY or bare(item) is Holiday
        if isinstance(above.value, list):
            made = self._entries(kept, above.value, item, loc) if named else self._fresh(above.value, item, loc)
            return Tree(made, above.spot, above.key)
        orders = above.value if isinstance(above.value, dict) else {}
        if REPLACE in orders:
            kept = self._fresh(self._items(orders[REPLACE], loc), item, loc)
        if REMOVE in orders:
            kept = self._without(kept, self._items(orders[REMOVE], loc), item, loc)
        if ADD in orders:
            added = self._items(orders[ADD], loc)
            kept = self._entries(kept, added, item, loc) if named else self._more(kept, added, item, loc)
        return Tree(kept, above.spot, above.key)

    def _fresh(self, items: list[Tree], hint: Any, loc: Loc) -> list[Tree]:
        return [self.alone(item, hint, (*loc, index)) for index, item in enumerate(items)]

    def _items(self, order: Tree, loc: Loc) -> list[Tree]:
        if isinstance(order.value, list):
            return order.value
        self._problems.add(order.spot, dotted(loc), fault("want-list", got=order.plain))
        return []

    def _more(self, kept: list[Tree], added: list[Tree], hint: Any, loc: Loc) -> list[Tree]:
        known = {str(item.plain) for item in kept}
        new = [item for item in added if str(item.plain) not in known]
        return [*kept, *(self.alone(item, hint, (*loc, len(kept) + index)) for index, item in enumerate(new))]

    def _without(self, kept: list[Tree], gone: list[Tree], hint: Any, loc: Loc) -> list[Tree]:
        wanted = {str(item.plain): item for item in gone}
        names = [name_of(hint, item) or str(item.plain) for item in kept]
        for name, item in wanted.items():
            if name not in names:
                near = nearest(name, names)
                self._problems.add(item.spot, dotted(loc), fault("nothing-to-remove", name=name, near=near))
        return [item for item, name in zip(kept, names, strict=True) if name not in wanted]

    def _entries(self, kept: list[Tree], above: list[Tree], hint: Any, loc: Loc) -> list[Tree]:
        """Each entry over the one of its name; entries of new names follow."""
        made = {name_of(hint, item) or f"\0{index}": item for index, item in enumerate(kept)}
        seen: dict[str, Tree] = {}
        for index, (name, item) in enumerate(zip(self._names(kept, above, hint, loc), above, strict=True)):
            here = (*loc, index)
            if name is None:
                made[f"\1{index}"] = self.alone(item, hint, here)
            elif name in seen:
                first = seen[name].spot.line
                self._problems.add(item.spot, dotted(here), fault("duplicate-entry", name=name, line=first))
            else:
                seen[name] = item
                self._one(name, item, made, hint, here)
        return list(made.values())

    def _one(self, name: str, item: Tree, made: dict[str, Tree], hint: Any, loc: Loc) -> None:
        if _is_removal(item):
            self._gone(name, made, item, loc)
        elif name in made:
            made[name] = self.over(made[name], item, hint, loc)
        else:
            made[name] = self.alone(item, hint, loc)

    def _names(self, kept: list[Tree], above: list[Tree], hint: Any, loc: Loc) -> list[str | None]:
        """The names of the upper entries. Checks without an id of their own take those of the lower ones of the same
        `use` in their order, where both are as many."""
        names = [name_of(hint, item) for item in above]
        if bare(hint) not in (CheckSpec, Condition):
            return names
        for use in dict.fromkeys(_use(item) for item in above if "id" not in _dict(item)):
            below = [name_of(hint, item) for item in kept if _use(item) == use]
            mine = [index for index, item in enumerate(above) if _use(item) == use and "id" not in _dict(item)]
            if len(below) == len(mine):
                for index, name in zip(mine, below, strict=True):
                    names[index] = name
            elif len(below) > 1:
                known = ", ".join(str(name) for name in below)
                told = fault("ambiguous-entry", name=use, known=known)
                self._problems.add(above[mine[0]].spot, dotted((*loc, mine[0])), told)
        return names


def _dict(item: Tree) -> Mapping[str, Tree]:
    return item.value if isinstance(item.value, dict) else {}


def _use(item: Tree) -> str:
    use = _dict(item).get("use")
    return str(use.value) if use else ""


def _is_removal(item: Tree) -> bool:
    """`{remove: true}`, with the name of what goes and nothing else."""
    if not isinstance(item.value, dict) or REMOVE not in item.value:
        return False
    return item.value[REMOVE].value is True and len(item.value) <= 1 + len(_naming(item.value))


def _naming(value: Mapping[str, Tree]) -> list[str]:
    names = {key for keys in _NAMED_BY.values() for key in keys} | {"first"}
    return [key for key in value if key in names]
