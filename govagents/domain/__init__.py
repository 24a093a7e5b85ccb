"""The nouns. Frozen, pure, and importing nothing of ours but each other and `errors`."""
