"""Every public thing says what it is, and every test says what it proves."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]

Described = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
Function = ast.FunctionDef | ast.AsyncFunctionDef


def _public(body: list[ast.stmt]) -> Iterator[ast.ClassDef | Function]:
    """List the public classes, functions and methods of a body, in a branch of it or not."""
    for node in body:
        if isinstance(node, ast.ClassDef | Function):
            if not node.name.startswith("_") and not _repeated(node):
                yield node
                if isinstance(node, ast.ClassDef):
                    yield from _public(node.body)
        elif isinstance(node, ast.If | ast.Try):
            yield from _public([inner for inner in ast.iter_child_nodes(node) if isinstance(inner, ast.stmt)])


def _repeated(node: ast.ClassDef | Function) -> bool:
    """Say whether another definition of the same name carries the docstring: an overload's, a setter's getter."""
    decorators = [ast.unparse(decorator) for decorator in node.decorator_list]
    return any(name.split(".")[-1] == "overload" or name == f"{node.name}.setter" for name in decorators)


def _silent(file: Path, tree: ast.Module, described: Iterator[Described]) -> list[str]:
    """Name those of a file that say nothing, by their line."""
    silent = [node for node in (tree, *described) if not (ast.get_docstring(node) or "").strip()]
    return [f"{file.relative_to(ROOT)}:{getattr(node, 'lineno', 1)} {getattr(node, 'name', '')}" for node in silent]


def _parsed(folder: str) -> Iterator[tuple[Path, ast.Module]]:
    for file in sorted((ROOT / folder).rglob("*.py")):
        yield file, ast.parse(file.read_text(encoding="utf-8"), str(file))


def test_every_public_thing_has_a_docstring() -> None:
    """Each module, public class, function and method of the package is described."""
    files = list(_parsed("tmdb_auth_async"))
    assert len(files) > 1
    assert not [silent for file, tree in files for silent in _silent(file, tree, _public(tree.body))]


def test_every_test_has_a_docstring() -> None:
    """Each test module and each test function says its sentence."""
    files = list(_parsed("tests"))
    assert files
    assert not [
        silent
        for file, tree in files
        for silent in _silent(file, tree, (node for node in _public(tree.body) if node.name.startswith("test_")))
    ]


def test_what_is_silent_is_found() -> None:
    """A silent module, class, method and function are found; private ones, overloads and setters may be silent."""
    source = """
import typing
class Loud:
    '''Is described.'''
    async def silent(self): ...
    def _private(self): ...
    @property
    def half(self):
        '''Give half.'''
    @half.setter
    def half(self, value): ...
class Silent: ...
class _Private:
    def method(self): ...
@typing.overload
def read(text: str): ...
def read(text):
    '''Read.'''
if typing.TYPE_CHECKING:
    def branch(): ...
"""
    tree = ast.parse(source)
    found = _silent(ROOT / "x.py", tree, _public(tree.body))
    assert found == ["x.py:1 ", "x.py:5 silent", "x.py:12 Silent", "x.py:20 branch"]
