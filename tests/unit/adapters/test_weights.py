"""The operator's price list (S15: versioned by its digest)."""

from pathlib import Path

import pytest

from govagents.adapters.weights import read_weights
from govagents.errors import ConfigurationError
from govagents.solver.weights import Weights


def written(folder: Path, text: str) -> Path:
    path = folder / "weights.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_a_file_leaves_out_keeps_the_default(tmp_path: Path) -> None:
    found = read_weights(written(tmp_path, "[access_level]\nwrite = 7\n"))

    assert found.of("write", "internal") == 7
    assert found.of("read", "restricted") == Weights.default().of("read", "restricted")
    assert found.digest != Weights.default().digest


def test_no_file_is_the_default() -> None:
    assert read_weights(None).digest == Weights.default().digest


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[access_level]\nwrite = -1\n", "write"),
        ("[access_level]\nwrite = 1.5\n", "1.5"),
        ("[access_level]\nwirte = 1\n", "wirte"),
        ("[sensitivity]\nsecret = 1\n", "secret"),
        ("[levels]\nwrite = 1\n", "levels"),
        ("access_level = 3\n", "access_level"),
        ("nonsense", "not TOML"),
    ],
)
def test_a_bad_file_is_told_by_name(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigurationError, match=r"weights\.toml") as caught:
        read_weights(written(tmp_path, text))

    assert told in str(caught.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="is missing"):
        read_weights(tmp_path / "weights.toml")
