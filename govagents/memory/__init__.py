"""Memory advises: similar closed cases order questions and call for a person, nothing more."""

from govagents.memory.recall import Recall
from govagents.memory.remember import Remember

__all__ = ["Recall", "Remember"]
