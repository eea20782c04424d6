"""What is built holds what it should: the sdist all that its tests need, the wheel the package and nothing else."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterable
from email.message import Message
from email.parser import Parser
from pathlib import Path, PurePosixPath

import attrs
import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = "tmdb_auth_async"
FOLDERS = (PACKAGE, "tests", "benchmarks", ".ci")
FILES = ("README.md", "CHANGELOG.md", "LICENSE", "pyproject.toml")
LEFT_BY_TOOLS = re.compile(r"__pycache__|\.pyc$|\.hypothesis|_cache/|\.venv|\.egg-info|\.coverage|(^|/)\.git/")
RELEASE = re.compile(r"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d\d-\d\d$", re.MULTILINE)


@attrs.frozen
class Built:
    """The names in a package, and what it says of itself."""

    names: frozenset[str]
    metadata: Message
    entry_points: str = ""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Built, Built]:
    """Build an sdist of this tree, and a wheel of the sdist."""
    for tool in ("build", "hatchling"):
        pytest.importorskip(tool, reason=f"{tool} is one of the test extra's tools")
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stdout + done.stderr
    (sdist,), (wheel,) = folder.glob("*.tar.gz"), folder.glob("*.whl")
    return _read_sdist(sdist), _read_wheel(wheel)


def _read_sdist(file: Path) -> Built:
    with tarfile.open(file) as archive:
        top = file.name.removesuffix(".tar.gz")
        info = archive.extractfile(f"{top}/PKG-INFO")
        assert info is not None
        files = (PurePosixPath(member.name) for member in archive if member.isfile())
        names = frozenset(str(name.relative_to(top)) for name in files)
        return Built(names, Parser().parsestr(info.read().decode()))


def _read_wheel(file: Path) -> Built:
    with zipfile.ZipFile(file) as archive:
        names = frozenset(archive.namelist())
        (metadata,) = (name for name in names if name.endswith(".dist-info/METADATA"))
        (entry_points,) = (name for name in names if name.endswith(".dist-info/entry_points.txt"))
        read = {name: archive.read(name).decode() for name in (metadata, entry_points)}
        return Built(names, Parser().parsestr(read[metadata]), read[entry_points])


def _in_the_tree(*folders: str) -> set[str]:
    """Name the files of this tree below *folders*, without what tools have left there."""
    found: Iterable[Path] = (file for folder in folders for file in (ROOT / folder).rglob("*") if file.is_file())
    names = {file.relative_to(ROOT).as_posix() for file in found}
    return {name for name in names if not LEFT_BY_TOOLS.search(name)}


def test_the_sdist_is_the_tree(built: tuple[Built, Built]) -> None:
    """Tests, benchmarks and the script of the checks are in it, and nothing that a tool has left."""
    sdist, _ = built
    assert sdist.names - {"PKG-INFO", ".gitignore"} == _in_the_tree(*FOLDERS) | set(FILES)


def test_the_wheel_is_the_package(built: tuple[Built, Built]) -> None:
    """It brings its types, its command and its pytest plugin."""
    _, wheel = built
    installed = {name for name in wheel.names if ".dist-info/" not in name}
    assert installed == _in_the_tree(PACKAGE)
    assert f"{PACKAGE}/py.typed" in installed
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in wheel.names)
    assert "tmdb-auth = tmdb_auth_async.__main__:main" in wheel.entry_points
    assert "[pytest11]\ntmdb_auth_async = tmdb_auth_async.watching.plugin" in wheel.entry_points


def test_both_say_what_the_project_says(built: tuple[Built, Built]) -> None:
    """Version, needs and page are the tree's own, and the changelog knows the version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    releases = RELEASE.findall((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    for one in built:
        assert one.metadata["Version"] == project["version"] == releases[0]
        needed = {need for need in one.metadata.get_all("Requires-Dist", []) if "extra ==" not in need}
        assert needed == set(project["dependencies"])
        assert one.metadata.get_payload() == page
