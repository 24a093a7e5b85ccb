"""Expressions in Cedar's JSON form, walked: what they read, and what they should not use.

Source: Cedar policy JSON format, "JsonExpr objects".
"""

from collections.abc import Iterator, Mapping, Sequence

from govagents.domain.canonical import Plain

_BINARY = ("==", "!=", "<", "<=", ">", ">=", "&&", "||", "contains", "containsAny", "containsAll")
OPERATORS = ", ".join((*_BINARY, "!", "is"))
"""All that conditions are written with, beside literals, sets of them and attributes of facts."""

_SAID: Mapping[str, str] = {
    ".": "reads an attribute of something that is not one of the facts",
    "is": "uses `is … in`",
    "Set": "has a set of something other than literals",
    "Var": "reads something that is not one of the facts",
    "Value": "writes a literal that is neither truth value, number, text nor entity",
}
_FACTS = frozenset({"principal", "resource", "context"})


def variables(expression: Plain) -> frozenset[str]:
    """The variables an expression reads.

    >>> sorted(variables({"==": {"left": {"Var": "resource"}, "right": {"Value": 1}}}))
    ['resource']
    """
    match expression:
        case {"Var": str(name)}:
            return frozenset({name})
        case {"Value": _}:
            return frozenset()
    return frozenset().union(*(variables(part) for part in _parts(expression)))


def entities(expression: Plain, kind: str) -> frozenset[str]:
    """The ids of all entities of one type that are written out in it, scope included."""
    match expression:
        case {"type": str(found), "id": str(name)}:
            return frozenset({name}) if found == kind else frozenset()
    return frozenset().union(*(entities(part, kind) for part in _parts(expression)))


def compared(expression: Plain, variable: str, name: str) -> frozenset[str]:
    """The texts that the set `variable.name` is asked to contain.

    >>> fact = {".": {"left": {"Var": "context"}, "attr": "agreed"}}
    >>> compared({"contains": {"left": fact, "right": {"Value": "2 of a, b"}}}, "context", "agreed")
    frozenset({'2 of a, b'})
    """
    match expression:
        case {"left": {".": {"left": {"Var": of}, "attr": attr}}, "right": right}:
            if (of, attr) == (variable, name):
                return _texts(right)
    return frozenset().union(*(compared(part, variable, name) for part in _parts(expression)))


def _texts(node: Plain) -> frozenset[str]:
    match node:
        case {"Value": str(text)}:
            return frozenset({text})
    return frozenset().union(*(_texts(part) for part in _parts(node)))


def forbidden(expression: Plain) -> Iterator[str]:
    """Each use of something policies are not written with, in words.

    >>> list(forbidden({"has": {"left": {"Var": "principal"}, "attr": "trust"}}))
    ['uses `has`']
    """
    match expression:
        case {"Value": value} if _literal(value):
            return
        case {"Var": str(name)} if name in _FACTS:
            return
        case {".": {"left": {"Var": str(name)}, "attr": str()}} if name in _FACTS:
            return
        case {"Set": list(items)} if all(_literal_node(item) for item in items):
            return
        case {"!": {"arg": inner}}:
            yield from forbidden(inner)
        case {"is": {"left": left, "entity_type": str(), **rest}} if not rest:
            yield from forbidden(left)
        case dict():
            yield from _operation(expression)


def _operation(expression: Mapping[str, Plain]) -> Iterator[str]:
    for operator, operands in expression.items():
        if operator in _BINARY and isinstance(operands, dict):
            for operand in operands.values():
                yield from forbidden(operand)
        else:
            yield _SAID.get(operator, f"uses `{operator}`")


def _literal_node(node: Plain) -> bool:
    match node:
        case {"Value": value}:
            return _literal(value)
    return False


def _literal(value: Plain) -> bool:
    match value:
        case bool() | int() | str():
            return True
        case {"__entity": {"type": str(), "id": str()}}:
            return True
    return False


def _parts(expression: Plain) -> Sequence[Plain]:
    match expression:
        case dict():
            return list(expression.values())
        case list():
            return expression
    return ()
