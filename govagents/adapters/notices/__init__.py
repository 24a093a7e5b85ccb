"""Ways to tell a person something outside of the store: a command of the operator's, or mail.

A notice holds names and words of others. Here they are on one line, with control characters made
visible, before they go anywhere.
"""

from pathlib import Path

from govagents.adapters.notices.command import Command
from govagents.adapters.notices.mail import Mail
from govagents.ports import Courier
from govagents.settings import NoticeSettings


def courier_of(settings: NoticeSettings, home: Path) -> Courier | None:
    """What the settings name, the command first; None = people look into their inbox."""
    if settings.command:
        return Command(settings, home)
    return Mail(settings) if settings.smtp else None
