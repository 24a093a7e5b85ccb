"""A checkout works anywhere: no file names a package registry or a path of one machine.

The forbidden words are put together here, so that this file does not contain them itself.
"""

import re
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, tracked

HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("proxy", "golang", "org"),
        ("sum", "golang", "org"),
        ("deb", "debian", "org"),
        ("crates", "io"),
        ("conda", "anaconda", "org"),
    )
)
INDEX = re.compile(
    "|".join(
        (
            "--(?:extra-)?index" + "-url",
            "https?:" + "//[^\\s\"']+/simple(?:[/\"'\\s]|$)",
            "https?:" + "//[^\\s\"']+/packages/[0-9a-f]{2}/",
            *(rf"(?<![\w-]){re.escape(host)}(?![\w-])" for host in HOSTS),
        )
    )
)
HOMES = ("/" + "root/", "/" + "home/", "/" + "Users/", "/" + "work/")


def test_no_file_names_a_package_registry() -> None:
    found = [line for path in tracked() for line in _lines(path, INDEX)]

    assert tracked()
    assert found == []


def test_no_file_names_a_folder_of_this_machine() -> None:
    found = [line for path in tracked() for line in _lines(path, _machine(ROOT))]

    assert found == []


@pytest.mark.parametrize("host", HOSTS)
def test_a_registry_is_found_when_its_host_stands_in_an_address(host: str) -> None:
    assert INDEX.search(f"see https://files.{host}/x")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("--index" + "-url", True),
        ("from https:" + "//mirror.example/simple/ it came", True),
        ("https:" + "//mirror.example/packages/0a/1b/x.whl", True),
        ("https://docs.example/simple-things", False),
        ("the --index of a proof", False),
    ],
)
def test_an_index_is_found_by_its_shape(text: str, found: bool) -> None:
    assert bool(INDEX.search(text)) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("open('/srv/ab/checkout/x')", True),
        ("/" + "home/ana/x", True),
        ("python /srv/ab/checkout", True),
        ("/srv/ab/checkouts", False),
        ("https://example.org/" + "home/", False),
        ("frame" + "work/x", False),
    ],
)
def test_a_path_is_found_when_it_is_absolute(text: str, found: bool) -> None:
    assert bool(_machine(Path("/srv/ab/checkout")).search(text)) is found


def _lines(path: Path, pattern: re.Pattern[str]) -> list[str]:
    text = path.read_text(encoding="utf-8", errors="replace").splitlines()
    where = path.relative_to(ROOT)
    return [f"{where}:{n}: {line}" for n, line in enumerate(text, 1) if pattern.search(line)]


def _machine(checkout: Path) -> re.Pattern[str]:
    # A checkout right below the root has a path too common to look for.
    own = [re.escape(str(checkout)) + r"(?![\w-])"] if len(checkout.parts) > 2 else []
    return re.compile("|".join(rf"(?<![\w.~-]){path}" for path in (*HOMES, *own)))
