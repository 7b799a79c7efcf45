"""How fast things are, as ratios within one run. `make bench` runs all; `make bench ARGS="check pages"` some."""
