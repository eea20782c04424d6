"""Who imports whom, read from the source without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import attrs

PACKAGE = "tmdb_auth_async"
FACE = "__init__"


@attrs.frozen
class Import:
    """One import statement's target, as one module of the package names it.

    `inside` is the module of the package that is meant, relative to the package ("stores.memory",
    "__init__" for the package itself), or `None` for an outside library's, whose full name is `name`.
    """

    importer: str
    line: int
    name: str
    relative: bool
    inside: str | None

    def __str__(self) -> str:
        return f"{self.importer}, line {self.line}: {self.name}"


def modules(package: Path) -> dict[str, Path]:
    """Map each module of *package* to its file; a package inside it has its own dotted name."""
    found: dict[str, Path] = {}
    for file in sorted(package.rglob("*.py")):
        parts = file.relative_to(package).with_suffix("").parts
        found[".".join(parts[:-1] if len(parts) > 1 and parts[-1] == FACE else parts)] = file
    return found


def imports(files: Mapping[str, Path]) -> list[Import]:
    """List every import of every module, wherever in the file it stands, TYPE_CHECKING or not."""
    return [found for module in files for found in _of_module(module, files)]


def _of_module(module: str, files: Mapping[str, Path]) -> Iterator[Import]:
    file = files[module]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"), str(file))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield _absolute(module, node.lineno, alias.name, files)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for alias in node.names:
                yield _absolute(module, node.lineno, f"{node.module}.{alias.name}", files)
        elif isinstance(node, ast.ImportFrom):
            base = _folder(module, file, node.level) + (node.module.split(".") if node.module else [])
            for alias in node.names:
                path = [*base, alias.name]
                name = ".".join([PACKAGE, *path])
                yield Import(module, node.lineno, name, relative=True, inside=_nearest(path, files))


def _absolute(module: str, line: int, name: str, files: Mapping[str, Path]) -> Import:
    first, *rest = name.split(".")
    inside = _nearest(rest, files) if first == PACKAGE else None
    return Import(module, line, name, relative=False, inside=inside)


def _folder(module: str, file: Path, level: int) -> list[str]:
    """Give the package that *level* dots mean in *module*."""
    parts = [] if module == FACE else module.split(".")
    if file.stem != FACE:
        parts = parts[:-1]
    return parts[: len(parts) - (level - 1)]


def _nearest(parts: list[str], files: Mapping[str, Path]) -> str:
    """Give the module that a dotted path means: itself, or the one that a name is taken from."""
    for end in range(len(parts), 0, -1):
        if (name := ".".join(parts[:end])) in files:
            return name
    return parts[0] if len(parts) > 1 else FACE


def circle(edges: Mapping[str, set[str]]) -> list[str]:
    """Find one circle of imports, as the modules along it; empty if there is none."""
    done: set[str] = set()

    def walk(module: str, path: list[str]) -> list[str]:
        if module in path:
            return [*path[path.index(module) :], module]
        if module in done:
            return []
        for target in sorted(edges.get(module, ())):
            if found := walk(target, [*path, module]):
                return found
        done.add(module)
        return []

    return next((found for module in sorted(edges) if (found := walk(module, []))), [])
