"""Every method is documented, and every page is of a method that exists."""

import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import wellfounded.analysis

PAGES = Path(__file__).parents[2] / "docs" / "methods"
HEADINGS = ("Formula", "Units", "Missing values", "Assumptions", "When not to use it", "In the code", "References")
SHARED = {"arrays"}  # types, not methods
ELSEWHERE = {"matching", "robustness"}  # methods whose code lies in a higher room


def modules() -> list[ModuleType]:
    names = [found.name for found in pkgutil.iter_modules(wellfounded.analysis.__path__) if found.name not in SHARED]
    return [importlib.import_module(f"wellfounded.analysis.{name}") for name in names]


def public(module: ModuleType) -> dict[str, object]:
    """Functions and errors that a module defines itself."""
    return {
        name: thing
        for name, thing in vars(module).items()
        if not name.startswith("_")
        and getattr(thing, "__module__", "") == module.__name__
        and (inspect.isfunction(thing) or (inspect.isclass(thing) and issubclass(thing, Exception)))
    }


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.__name__.split(".")[-1])
def test_a_module_names_a_page_that_names_all_its_functions_and_errors(module: ModuleType) -> None:
    page = (PAGES / f"{module.METHOD}.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(\w+)`", page))
    assert set(public(module)) - named == set()


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.__name__.split(".")[-1])
def test_every_function_says_what_it_gives_back(module: ModuleType) -> None:
    for name, thing in public(module).items():
        assert inspect.getdoc(thing), name


def test_each_method_is_one_module_and_each_page_one_method() -> None:
    methods = [module.METHOD for module in modules()]
    assert len(methods) == len(set(methods))
    assert set(methods) | ELSEWHERE == {page.stem for page in PAGES.glob("*.md")} - {"README"}


@pytest.mark.parametrize("page", sorted(PAGES.glob("[!R]*.md")), ids=lambda page: page.stem)
def test_a_page_opens_with_what_it_measures_and_has_every_section(page: Path) -> None:
    title, blank, opening, *rest = page.read_text(encoding="utf-8").splitlines()
    assert title.startswith("# ")
    assert blank == ""
    assert opening
    assert opening[0].isalpha()
    found = [line[3:] for line in rest if line.startswith("## ")]
    assert [heading for heading in found if heading in HEADINGS] == list(HEADINGS)


def test_the_index_lists_every_page() -> None:
    listed = re.findall(r"\]\(([\w-]+)\.md\)", (PAGES / "README.md").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(page.stem for page in PAGES.glob("[!R]*.md"))


def test_importing_the_methods_loads_neither_scipy_nor_pandas() -> None:
    names = ", ".join(module.__name__ for module in modules())
    code = f"import sys, {names}; print([n for n in ('scipy', 'pandas', 'ibis', 'django') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
