"""Identity governance: ask in plain language, get the smallest sufficient access, proved."""
