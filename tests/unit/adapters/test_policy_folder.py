"""What lies in the operator's folder of policies: read, refused or named."""

from pathlib import Path

import pytest

from govagents.adapters import policy_folder
from govagents.adapters.policy_folder import read_examples, read_policies
from govagents.policy.bounds import FILE_BYTES, FILES, TOTAL_BYTES
from govagents.policy.finding import Severity
from govagents.policy.source import PolicyFile, Unread


def warned(folder: Path) -> list[str]:
    found = [each for each in read_policies(folder) if isinstance(each, Unread)]
    return [each.name for each in found if each.severity is Severity.WARNING]


def refused(folder: Path) -> list[str]:
    found = [each for each in read_policies(folder) if isinstance(each, Unread)]
    return [str(each.finding()) for each in found if each.severity is Severity.ERROR]


def test_policies_are_read_by_name_when_they_are_files_or_links(tmp_path: Path) -> None:
    """A configuration mounted into a container is links into a hidden folder."""
    (tmp_path / "..data").mkdir()
    (tmp_path / "..data" / "b.cedar").write_bytes("b ä\r\n".encode())
    (tmp_path / "b.cedar").symlink_to(Path("..data") / "b.cedar")
    (tmp_path / "a.cedar").write_text("a")

    assert read_policies(tmp_path) == (PolicyFile("a.cedar", "a"), PolicyFile("b.cedar", "b ä\n"))


@pytest.mark.parametrize(
    "name",
    ["a.cedar.bak", "a.cedar~", ".a.cedar.swp", "a.txt", "a.cedr", "b/c.txt", "examples/a.yml"],
)
def test_a_file_is_a_warning_when_it_is_no_policy(name: str, tmp_path: Path) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("")

    assert (warned(tmp_path), refused(tmp_path)) == ([name], [])


@pytest.mark.parametrize(
    "name", ["README.md", "a.cedarschema", ".gitignore", ".git/config.cedar", "examples/a.yaml"]
)
def test_nothing_is_said_of_a_file_when_it_belongs_there(name: str, tmp_path: Path) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("")

    assert read_policies(tmp_path) == ()


def test_nothing_is_read_when_there_is_no_folder(tmp_path: Path) -> None:
    for folder, why in ((None, "no folder is set"), (tmp_path / "none", "is missing")):
        (found,) = read_policies(folder)
        assert isinstance(found, Unread)
        assert why in found.why
    assert read_examples(tmp_path) == ()


def test_a_name_is_shown_when_it_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "\udcff.CEDAR").write_text("")

    assert refused(tmp_path)[0].startswith("\\xff.CEDAR: is not read as a policy")


def test_it_ends_when_folders_are_linked_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "back").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self").symlink_to(tmp_path / "self")

    assert warned(tmp_path) == ["self"]


def test_a_file_is_refused_when_it_is_too_large(tmp_path: Path) -> None:
    (tmp_path / "a.cedar").write_bytes(b" " * (FILE_BYTES + 1))

    assert refused(tmp_path) == [f"a.cedar: has more than {FILE_BYTES} bytes: split it"]


def test_the_folder_is_refused_when_there_is_too_much_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(TOTAL_BYTES // FILE_BYTES + 2):
        (tmp_path / f"{number}.cedar").write_bytes(b" " * FILE_BYTES)
    assert f"more than {TOTAL_BYTES} bytes" in refused(tmp_path)[0]

    monkeypatch.setattr(policy_folder, "_ENTRIES", 5)
    assert "more than 5 files" in refused(tmp_path)[0]


def test_no_file_is_opened_when_there_are_too_many(tmp_path: Path) -> None:
    for number in range(FILES + 1):
        (tmp_path / f"{number}.cedar").touch()

    assert [*read_policies(tmp_path)] == [
        Unread("policies", f"there are more than {FILES} files: put several policies into one")
    ]


def test_an_example_is_named_when_it_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "a.yaml").write_bytes(b"# \xff")

    (found,) = read_examples(tmp_path)

    assert isinstance(found, Unread)
    assert "is not UTF-8: byte 3 is 0xff" in found.why
