"""The docs and the product say the same: every command, option, setting, method and expectation is documented."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
GUIDE = DOCS / "writing-conclusions.md"
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def markdown_files() -> list[Path]:
    return [*sorted(DOCS.rglob("*.md")), *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md"))]


def headings(text: str) -> set[str]:
    """The anchors of a Markdown file's headings."""
    found = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


def section(text: str, name: str) -> str:
    """The part of the guide whose heading lists the expectation `name`."""
    for heading, body in re.findall(r"^### (.+?)\n(.*?)(?=^##)", text, re.M | re.S):
        if name in heading.split(", "):
            return body
    pytest.fail(f"{GUIDE.name} has no section for the expectation {name!r}")


def commands(group: click.Group, prefix: str = "") -> dict[str, click.Command]:
    """Every command by what is typed after `wellfounded`."""
    found = {}
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found |= commands(command, f"{prefix}{name} ")
        else:
            found[f"{prefix}{name}"] = command
    return found


def every_command() -> dict[str, click.Command]:
    from wellfounded.cli.main import main

    return commands(main)


@pytest.mark.parametrize("path", markdown_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_to_a_file_of_the_repository_leads_somewhere(path):
    text = path.read_text("utf-8")
    for target in _LINK.findall(text):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        assert there.exists(), f"{path.name} links to {target}, which is not there"
        if anchor and there.suffix == ".md":
            assert anchor in headings(there.read_text("utf-8")), f"{path.name} links to {target}: no such heading"


@pytest.mark.parametrize("name", every_command())
def test_every_command_and_option_is_documented(name):
    text = (DOCS / "commands.md").read_text("utf-8")
    parts = re.split(r"^## ", text, flags=re.M)
    body = next((part for part in parts if part.startswith(f"`wellfounded {name}`")), None)
    assert body is not None, f"docs/commands.md has no heading for `wellfounded {name}`"
    for parameter in every_command()[name].params:
        for option in [*parameter.opts, *parameter.secondary_opts]:
            if option.startswith("--"):
                assert f"`{option}" in body, f"docs/commands.md does not say what {option} of {name} does"


def test_no_command_is_documented_that_is_not_there():
    documented = re.findall(r"^## `wellfounded (.+?)`", (DOCS / "commands.md").read_text("utf-8"), re.M)
    assert set(documented) == set(every_command())


def test_every_target_of_the_makefile_is_documented():
    targets = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.M)
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert [target for target in targets if f"`make {target}`" not in text and target != "help"] == []


def test_every_setting_from_the_environment_is_documented():
    used = set()
    for path in (ROOT / "src").rglob("*.py"):
        used |= set(re.findall(r"[\"'](WELLFOUNDED_[A-Z_]+)[\"']", path.read_text("utf-8")))
    text = (DOCS / "settings.md").read_text("utf-8")
    assert sorted(name for name in used if f"`{name}`" not in text) == []
    assert sorted(name for name in re.findall(r"`(WELLFOUNDED_[A-Z_]+)`", text) if name not in used) == []


def test_every_expectation_is_documented_with_its_options_and_an_example():
    from wellfounded.conclusions.expectations import EXPECTATIONS

    text = GUIDE.read_text("utf-8") + "\n## end\n"
    for name, expectation in EXPECTATIONS.items():
        body = section(text, name)
        assert f'expect = "{name}"' in text, f"no example of {name!r}"
        missing = [option for option in expectation.options if f"`{option}" not in body]
        assert missing == [], f"the section on {name!r} does not say what {missing} do"
        assert f"methods/{expectation.method}.md" in body, f"the section on {name!r} does not lead to its method"


def test_every_slot_is_documented_and_none_that_is_not_there():
    from wellfounded.conclusions.expectations import EXPECTATIONS

    text = GUIDE.read_text("utf-8")
    slots = {slot for expectation in EXPECTATIONS.values() for slot in expectation.slots}
    table = text.split("## Slots")[1].split("\n## ")[0]
    assert set(re.findall(r"`\{(\w+)\}`", table)) == slots


def test_every_key_of_a_conclusion_is_documented():
    from wellfounded.conclusions import read

    text = GUIDE.read_text("utf-8")
    keys = (read._KEYS | read._TEST_KEYS) - {"test", "any", "all"}
    assert sorted(key for key in keys if f"`{key}" not in text) == []


def test_every_example_of_the_guide_can_be_read_and_tested(small_base):
    from wellfounded.conclusions.evaluate import evaluate
    from wellfounded.conclusions.read import read_all

    blocks = re.findall(r"^```toml\n(.*?)^```", GUIDE.read_text("utf-8"), re.M | re.S)
    for path in (small_base / "conclusions").iterdir():
        path.unlink()
    (small_base / "conclusions" / "guide.toml").write_text(
        "\n".join(blocks).replace('id = "districts-differ"', 'id = "d"')
    )
    base, conclusions = read_all(small_base)
    assert len(conclusions) == sum(block.count("[[conclusion]]") for block in blocks)
    untestable = {
        test.test.indicator: test.outcome.reason
        for result in evaluate(base, conclusions=conclusions, robustness=False).results
        for test in result.tests
        if test.outcome.verdict == "cannot test"
    }
    assert untestable == {}


def test_the_first_conclusion_of_the_readme_says_what_the_readme_prints(small_base):
    from wellfounded.conclusions.evaluate import evaluate
    from wellfounded.evidence.base import load_base

    text = (ROOT / "README.md").read_text("utf-8")
    (block,) = re.findall(r"^```toml\n(.*?)^```", text, re.M | re.S)
    (small_base / "conclusions" / "mine.toml").write_text(block)

    assert evaluate(load_base(small_base), robustness=False).result("my-first").sentence in text


def test_every_method_that_a_verdict_names_has_a_page():
    from wellfounded.conclusions.expectations import EXPECTATIONS

    methods = {expectation.method for expectation in EXPECTATIONS.values()}
    assert sorted(name for name in methods if not (DOCS / "methods" / f"{name}.md").exists()) == []


def test_the_data_dictionary_is_that_of_the_catalogue():
    from wellfounded.cli.dictionary import data_dictionary
    from wellfounded.evidence.catalogue import load

    assert (DOCS / "data-dictionary.md").read_text("utf-8") == data_dictionary(load()), (
        "run `wellfounded catalogue dictionary --to docs/data-dictionary.md`"
    )


def test_every_decision_is_listed():
    listed = (DOCS / "decisions" / "README.md").read_text("utf-8")
    numbered = sorted((DOCS / "decisions").glob("0*.md"))
    assert [path.name for path in numbered if path.name not in listed] == []
    assert [int(path.name[:4]) for path in numbered] == list(range(1, len(numbered) + 1))


def test_every_room_is_in_the_architecture():
    text = (DOCS / "architecture.md").read_text("utf-8")
    rooms = [path.name for path in (ROOT / "src" / "wellfounded").iterdir() if (path / "__init__.py").exists()]
    assert [room for room in rooms if f"`{room}`" not in text] == []


def test_no_file_names_a_path_of_one_machine_or_a_registrys_host():
    forbidden = re.compile("/" + "work/|/root" + "/|pypi" + r"\.org|registry\.npm" + "js|deb\\.debian" + r"\.org")
    paths = [*markdown_files(), *(ROOT / "src").rglob("*.py"), *(ROOT / "tests").rglob("*.py"), ROOT / "Makefile"]
    assert [str(path.relative_to(ROOT)) for path in paths if forbidden.search(path.read_text("utf-8"))] == []
