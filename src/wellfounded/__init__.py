"""The evidence base of a place, in a notebook: `open` gives a base, its figures and its conclusions.

import wellfounded as wf

base = wf.open("bases/cheshire-warrington")
base.figures("gva-per-hour")                 # a data frame
base.conclusion("output-per-hour").verdict   # and .sentence, .working, .robustness
"""

from wellfounded.notebook import OpenBase, open

__version__ = "0.1.0"

__all__ = ["OpenBase", "__version__", "open"]
