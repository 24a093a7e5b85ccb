"""Words and signals become typed facts."""
