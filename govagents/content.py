"""Where prompts/, tools/ and evals/ of this exact release lie, so that code and content never part.

In a wheel they are inside the package. In a checkout they are beside a `pyproject.toml` that names
this project; a folder of the same name anywhere else is somebody else's, and is not looked at.
"""

import tomllib
from pathlib import Path

from govagents.errors import ConfigurationError

_PACKAGE = Path(__file__).resolve().parent
_PROJECT = "govagents"


def content(folder: str) -> Path:
    """The directory `folder` of this release.

    Raises:
        ConfigurationError: this is neither an installed release nor a checkout of the project.
    """
    installed = _PACKAGE / "_content" / folder
    return installed if installed.is_dir() else _checkout(_PACKAGE.parent, folder)


def _checkout(root: Path, folder: str) -> Path:
    # SECURITY: connectors are loaded from here; without this check, any folder would do
    if _project(root) != _PROJECT or not (root / folder).is_dir():
        message = f"`{folder}` of this release was not found: install govagents again"
        raise ConfigurationError(message)
    return root / folder


def _project(root: Path) -> object:
    try:
        found = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return None
    project = found.get("project")
    return project.get("name") if isinstance(project, dict) else None
