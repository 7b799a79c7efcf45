"""The build: whole or not at all, once, and the same bytes from the same input."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from wellfounded.evidence.located import BaseErrors
from wellfounded.publishing.build import build
from wellfounded.publishing.model import Publication, ShownArea, ShownIndicator

WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def read(folder: Path) -> Publication:
    return msgspec.json.decode((folder / "publication.json").read_bytes(), type=Publication)


def hashes(folder: Path) -> dict[str, str]:
    """The hash of every file of a folder by its path in it."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the small base for the whole module, built where its drawings can be found again."""
    import shutil

    folder = tmp_path_factory.mktemp("bases") / "small"
    shutil.copytree(Path(__file__).parents[1] / "bases" / "small", folder)
    build(folder, to=folder / "build" / "publication", built_at=WHEN, documents=False)
    return folder


def test_a_base_is_built_into_a_folder_that_reads_back(small: Path) -> None:
    folder = (small / "build" / "publication").resolve()
    publication = read(folder)
    assert publication.built_at == "2026-01-02T03:04:05+00:00"
    assert {conclusion.id for conclusion in publication.conclusions} == {
        "output-per-hour",
        "districts-differ",
        "an-idea",
    }
    for ref in publication.indicators:
        msgspec.json.decode((folder / "indicators" / f"{ref.id}.json").read_bytes(), type=ShownIndicator)
    for area in publication.areas[:50]:
        path = folder / "areas" / f"{area.code.replace(':', '-')}.json"
        assert msgspec.json.decode(path.read_bytes(), type=ShownArea).code == area.code
    for identifier in publication.charts:
        assert (folder / "charts" / f"{identifier}.svg").is_file()
        assert (folder / "charts" / f"{identifier}.json").is_file()


def test_the_same_input_gives_the_same_bytes(small: Path) -> None:
    first = hashes((small / "build" / "publication").resolve())
    second = build(small, to=small / "build" / "again", built_at=WHEN, documents=False)
    assert hashes(second) == first


def test_the_digest_does_not_change_with_the_hour(small: Path) -> None:
    later = build(small, to=small / "build" / "later", built_at=WHEN.replace(hour=20), documents=False)
    one, other = read((small / "build" / "publication").resolve()), read(later)
    assert one.built_at != other.built_at
    assert one.digest == other.digest
    assert len(one.digest) == 64


def test_nothing_is_built_again_that_is_up_to_date(small: Path) -> None:
    said: list[str] = []
    folder = build(small, to=small / "build" / "publication", progress=said.append, documents=False)
    assert said == ["nothing has changed since the last build"]
    assert read(folder).built_at == "2026-01-02T03:04:05+00:00"


def test_every_problem_is_told_in_one_run_and_the_previous_build_stays(small: Path, tmp_path: Path) -> None:
    import shutil

    folder = shutil.copytree(small, tmp_path / "small", symlinks=True)
    to = folder / "build" / "publication"
    before = to.resolve()
    (folder / "chapters" / "people.md").write_text(
        "Here {{figure employment-rat}} and {{figure employment-rate period=1066}}.\n\n{{conclusion none}}\n"
    )
    with pytest.raises(BaseErrors) as error:
        build(folder, to=to, documents=False)
    said = [str(problem) for problem in error.value.problems]
    assert any(line.startswith("chapters/people.md:1: there is no indicator 'employment-rat'") for line in said)
    assert any(line.startswith("chapters/people.md:3: there is no conclusion 'none'") for line in said)
    assert to.resolve() == before
    assert read(to).digest
    assert not list((folder / "build").glob(".*"))

    (folder / "chapters" / "people.md").write_text("In {{figure employment-rate area=E06000007 period=1066}}.\n")
    with pytest.raises(BaseErrors, match=r"people\.md:1: employment-rate has no figure for 1066"):
        build(folder, to=to, documents=False)
    assert to.resolve() == before


def test_an_unreadable_conclusion_and_chapter_are_told_together(small: Path, tmp_path: Path) -> None:
    import shutil

    folder = shutil.copytree(small, tmp_path / "small", symlinks=True)
    path = folder / "conclusions" / "economy.toml"
    path.write_text(path.read_text().replace('expect = "higher"', 'expect = "hihger"', 1))
    (folder / "chapters" / "people.md").write_text("Open {{figure.\n")
    with pytest.raises(BaseErrors) as error:
        build(folder, to=folder / "build" / "publication", documents=False)
    files = {problem.file for problem in error.value.problems}
    assert files == {"conclusions/economy.toml", "chapters/people.md"}


def test_a_figure_in_a_chapter_leads_to_its_indicator(small: Path, tmp_path: Path) -> None:
    import shutil

    folder = shutil.copytree(small, tmp_path / "small", symlinks=True)
    (folder / "chapters" / "people.md").write_text(
        "Of adults, {{figure employment-rate area=united-kingdom period=2023}} work; "
        "here {{figure employment-rate period=2023}}.\n"
    )
    publication = read(build(folder, to=folder / "build" / "publication", built_at=WHEN, documents=False))
    html = publication.chapter_pages["people"].blocks[0].html
    assert html.count('<a class="wf-figure" href="/indicators/employment-rate"') == 2
    assert "{{" not in html
