"""Rooms one can see across: ceilings for modules, functions, arguments, nesting, public names."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.sources import Module, modules

Function = ast.FunctionDef | ast.AsyncFunctionDef
BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)

# Lists of things of one kind, or one file per thing: they grow by design.
LISTS = {"ports.py", "errors.py", "__init__.py"}
RECEIVERS = {"self", "cls"}
ONE_FILE_PER_THING = {"cli", "connectors", "lookups", "attack", "scorers"}


def test_no_module_passes_400_lines() -> None:
    sizes = [(len(each.text.splitlines()), str(each.path)) for each in _everything()]

    assert sizes
    assert [size for size in sizes if size[0] > 400] == []


def test_no_function_passes_60_lines_without_its_docstring() -> None:
    sizes = [(_lines(function), where) for where, function in _functions(_everything())]

    assert sizes
    assert [size for size in sizes if size[0] > 60] == []


def test_no_function_takes_more_than_five_arguments() -> None:
    # A command line's function takes one argument for each of its options.
    counts = [
        (_arguments(function), where)
        for where, function in _functions(_everything())
        if "/cli" not in where
    ]

    assert [count for count in counts if count[0] > 5] == []


def test_no_function_nests_more_than_three_blocks() -> None:
    depths = [(_depth(function.body), where) for where, function in _functions(_everything())]

    assert [depth for depth in depths if depth[0] > 3] == []


def test_no_module_has_more_than_seven_public_names() -> None:
    counts = [
        (len(set(_public(each.tree))), str(each.path))
        for each in modules("govagents", "tools")
        if not _may_list(each)
    ]

    assert [count for count in counts if count[0] > 7] == []


@pytest.mark.parametrize(
    ("source", "lines", "arguments", "depth"),
    [
        ("def f(self, a, *, b, **c):\n    '''Two\n\n    lines.'''\n    return 1\n", 2, 3, 0),
        ("def f(a):\n    if a:\n        pass\n    elif a:\n        pass\n", 5, 1, 1),
        ("def f(a):\n    for b in a:\n        with b:\n            pass\n", 4, 1, 2),
        ("def f(a):\n    if a:\n        pass\n    else:\n        if a:\n            b\n", 6, 1, 1),
    ],
)
def test_measures_are_right_when_a_function_is_known(
    source: str, lines: int, arguments: int, depth: int
) -> None:
    function = ast.parse(source).body[0]

    assert isinstance(function, ast.FunctionDef)
    assert (_lines(function), _arguments(function), _depth(function.body)) == (
        lines,
        arguments,
        depth,
    )


def _everything() -> tuple[Module, ...]:
    return modules("govagents", "tools", "tests")


def _functions(found: tuple[Module, ...]) -> Iterator[tuple[str, Function]]:
    for module in found:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{module.path}:{node.lineno} {node.name}", node


def _lines(function: Function) -> int:
    own = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is None:
        return own
    return own - ((first.end_lineno or first.lineno) - first.lineno + 1)


def _arguments(function: Function) -> int:
    of = function.args
    names = [argument.arg for argument in (*of.posonlyargs, *of.args, *of.kwonlyargs)]
    return len([name for name in (*names, of.vararg, of.kwarg) if name and name not in RECEIVERS])


def _depth(body: list[ast.stmt]) -> int:
    return max((_depth_of(statement) for statement in body), default=0)


def _depth_of(statement: ast.stmt) -> int:
    if not isinstance(statement, BLOCKS):
        return 0  # a function or class within begins anew
    inner = _depth([each for branch in _branches(statement) for each in branch])
    if isinstance(statement, ast.If) and _is_elif(statement):
        return max(1 + _depth(statement.body), _depth(statement.orelse))
    return 1 + inner


def _is_elif(statement: ast.If) -> bool:
    return len(statement.orelse) == 1 and isinstance(statement.orelse[0], ast.If)


def _branches(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    for field in ("body", "orelse", "finalbody"):
        yield getattr(statement, field, [])
    for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        yield part.body


def _public(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names = [node.name]
            case ast.Assign():
                names = [target.id for target in node.targets if isinstance(target, ast.Name)]
            case ast.AnnAssign(target=ast.Name(id=name)):
                names = [name]
            case _:
                names = []
        yield from (name for name in names if not name.startswith("_"))


def _may_list(module: Module) -> bool:
    path = module.path
    return (
        path.name in LISTS
        or len(path.parts) == len(("govagents", "graph.py"))
        or bool(ONE_FILE_PER_THING.intersection(path.parts))
    )
