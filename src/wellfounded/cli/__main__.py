"""`python -m wellfounded.cli`: the command, where its script is not on the path."""

from __future__ import annotations

from wellfounded.cli.main import main

if __name__ == "__main__":
    main(prog_name="wellfounded")
