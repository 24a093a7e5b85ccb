"""The checker stays what a stranger reads at once, and shares nothing with the solver. S5."""

import ast
import io
import sys
import tokenize

from tests.architecture.sources import Module, imported, modules

SPACE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}
DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef


def test_the_checker_imports_the_standard_library_alone() -> None:
    checker = modules("govagents/solver/check")
    names = {name for each in checker for name in imported(each.tree)}

    ours = {name for name in names if name.startswith("govagents.solver.check.")}

    assert len(checker) == 5
    assert {name.split(".")[0] for name in names - ours} <= sys.stdlib_module_names


def test_the_judgement_is_about_a_hundred_lines_of_code() -> None:
    [judgement] = [m for m in modules("govagents/solver/check") if m.path.name == "judgement.py"]

    assert 60 < _code_lines(judgement) <= 120


def test_code_is_counted_without_words_about_it() -> None:
    head = '"""Doc\nof two lines."""\n# why\n\n'
    text = head + 'def f(\n    a: int,\n) -> int:\n    """Doc."""\n    return a\n'

    assert _code_lines(Module(modules("tools")[0].path, text, ast.parse(text))) == 4


def _code_lines(module: Module) -> int:
    """Lines that hold code: neither blank nor comment nor docstring."""
    written = tokenize.generate_tokens(io.StringIO(module.text).readline)
    lines = {
        line
        for token in written
        if token.type not in SPACE
        for line in range(token.start[0], token.end[0] + 1)
    }
    for node in ast.walk(module.tree):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node):
            words = node.body[0]
            lines -= {*range(words.lineno, (words.end_lineno or words.lineno) + 1)}
    return len(lines)
