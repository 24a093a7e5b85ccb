"""The smallest sufficient set of roles, with a proof anybody can check."""
