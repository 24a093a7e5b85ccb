"""`python3 -I -S` with this folder's path: the checker as a program of its own."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[3]))  # where this copy of the package lies

from govagents.solver.check.folder import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
