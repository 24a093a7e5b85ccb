"""The transparency log: a Merkle tree, its signed checkpoints, and the check of both."""
