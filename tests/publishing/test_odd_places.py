"""Places unlike the shipped one: every document of each is built, is whole, and passes the validator."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pdfua import validate
from pptx import Presentation

from tests.conftest import ROOT
from tests.publishing.reading_back import Page
from wellfounded.evidence.base import load_base
from wellfounded.evidence.located import BaseErrors
from wellfounded.publishing import build, documents, slides

pytestmark = [pytest.mark.slow]
LONG = " ".join(["The evidence base of a place whose name goes on"] * 5)[:200]
WELSH = {
    "Contents": "Cynnwys",
    "Welcome": "Croeso",
    "Glossary": "Geirfa",
    "Working version of {date}": "Fersiwn waith {date}",
    "Holds": "Yn dal",
    "What we conclude": "Ein casgliadau",
    "How to respond": "Sut i ymateb",
    "To discuss: {text}": "I’w drafod: {text}",
    "Sources": "Ffynonellau",
}


def small(to: Path, change: Callable[[str], str]) -> Path:
    """The small base in `to` with its base.toml changed."""
    base = shutil.copytree(ROOT / "tests" / "bases" / "small", to)
    path = base / "base.toml"
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    return base


def built_of(base: Path, drawings: Path) -> Path:
    (base / "build").mkdir()
    (base / "build" / build.CACHE).symlink_to(drawings)
    return build.build(base, to=base / "build" / "publication", built_at=datetime(2026, 11, 2, 9, tzinfo=UTC))


def whole(folder: Path) -> None:
    """Nothing is left out and nothing is broken."""
    for name in ("summary", "pack"):
        assert not validate(str(folder / f"{name}.pdf")).findings, name
        page = Page((folder / f"{name}.html").read_text(encoding="utf-8"))
        assert len(page.h1) == 1
        assert "None" not in page.words.split()
    titles = [slide.shapes.title.text_frame.text for slide in Presentation(str(folder / "presentation.pptx")).slides]
    assert len(set(titles)) == len(titles)
    for name in ("summary.docx", "data/evidence.xlsx", "data/evidence.ods", "data/CITATION.cff"):
        assert (folder / name).stat().st_size > 100


def test_a_place_of_one_member_with_a_very_long_title(tmp_path: Path, drawings: Path) -> None:
    def change(text: str) -> str:
        text = text.replace('title = "A small evidence base"', f'title = "{LONG}"')
        text = text.replace('members = ["E06000049", "E06000050", "E06000007"]', 'members = ["E06000007"]')
        return text.replace('same_as = ["TLD6"]\n', "")

    base = small(tmp_path / "one", change)
    conclusions = base / "conclusions" / "economy.toml"
    text = conclusions.read_text(encoding="utf-8")
    conclusions.write_text(text.replace('status = "published"', 'status = "draft"'), encoding="utf-8")
    (base / "chapters" / "economy.md").write_text("An hour of work.\n", encoding="utf-8")
    folder = built_of(base, drawings)
    whole(folder)
    words = (folder / "summary.html").read_text(encoding="utf-8")
    assert LONG in words
    assert "No conclusion is published yet." in words


def test_a_place_of_forty_members_without_a_logo_or_colours(built: Path, tmp_path: Path, drawings: Path) -> None:
    known = [area.code for area in documents.read(built)[0].areas if area.code.startswith("E07")]
    members = sorted(known)[:40]

    def change(text: str) -> str:
        text = text.replace('["E06000049", "E06000050", "E06000007"]', str(members).replace("'", '"'))
        text = text.replace('same_as = ["TLD6"]\n', "").replace('name = "Cheshire and Warrington"', 'name = "Forty"')
        return text[: text.index("[brand]")]

    base = small(tmp_path / "forty", change)
    chapter = base / "chapters" / "economy.md"
    lines = chapter.read_text(encoding="utf-8").splitlines(keepends=True)
    chapter.write_text("".join(line for line in lines if "{{figure" not in line), encoding="utf-8")
    assert len(load_base(base).members) == 40
    whole(built_of(base, drawings))


def test_a_base_in_welsh_says_its_fixed_words_in_welsh(tmp_path: Path, drawings: Path) -> None:
    base = small(tmp_path / "cymraeg", lambda text: 'lang = "cy"\n' + text)
    (base / "strings.toml").write_text(
        "".join(f'"{english}" = "{welsh}"\n' for english, welsh in WELSH.items()), encoding="utf-8"
    )
    folder = built_of(base, drawings)
    whole(folder)
    page = (folder / "summary.html").read_text(encoding="utf-8")
    assert '<html lang="cy"' in page
    for welsh in ("Cynnwys", "Fersiwn waith 2 November 2026", "Ein casgliadau", "Sut i ymateb"):
        assert welsh in page
    assert "What we conclude" not in page
    slides = Presentation(str(folder / "presentation.pptx")).slides
    assert all("I’w drafod:" in slide.notes_slide.notes_text_frame.text for slide in slides)


def test_no_words_of_documents_stand_where_a_base_could_not_give_its_own() -> None:
    """Every literal that is printed goes through `say`: titles, cells, paragraphs, with or without figures in them."""
    printed = {"runs", "Run", "Heading", "Column", "Fact", "Cell", "line"}
    folders = [Path(package.__file__ or "").parent for package in (documents, slides)]
    found = []
    for path in [path for folder in folders for path in folder.rglob("*.py")]:
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in printed:
                given = [
                    *call.args[:1],
                    *(key.value for key in call.keywords if key.arg in ("none", "under", "strong")),
                ]
                parts = [part for one in given for part in (one.values if isinstance(one, ast.JoinedStr) else [one])]
                texts = [
                    str(part.value) for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)
                ]
                found += [f"{path.name}:{call.lineno}: {text}" for text in texts if re.search("[a-z]{3}", text)]
    assert not found


def test_words_with_other_slots_are_refused_with_their_line(small_base: Path) -> None:
    (small_base / "strings.toml").write_text('"Contents" = "Cynnwys"\n"Figure {n}" = "Ffigur"\n', encoding="utf-8")
    with pytest.raises(BaseErrors, match=r"strings\.toml:2: .*slots"):
        load_base(small_base)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<svg onload='x()'></svg>", "contains 'onload="),
        (b"<svg><script>x()</script></svg>", "contains '<script"),
        (b"<svg><image href='http://example.org/a.png'/></svg>", "contains"),
        (b"<html></html>", "is no SVG"),
        (b"<svg>" + b" " * 600_000 + b"</svg>", "KB, more than"),
    ],
)
def test_a_logo_that_could_do_harm_is_refused(small_base: Path, content: bytes, why: str) -> None:
    (small_base / "logo.svg").write_bytes(content)
    path = small_base / "base.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("[brand]\n", '[brand]\nlogo = "logo.svg"\n'), "utf-8")
    with pytest.raises(BaseErrors, match=r"base\.toml:\d+: `logo` is 'logo\.svg'") as told:
        load_base(small_base)
    assert why in str(told.value)


def test_a_logo_outside_of_the_base_or_that_is_not_there_is_refused(small_base: Path) -> None:
    (small_base.parent / "out.svg").write_text("<svg></svg>", encoding="utf-8")
    path = small_base / "base.toml"
    text = path.read_text(encoding="utf-8")
    for name in ("../out.svg", "nowhere.svg"):
        path.write_text(text.replace("[brand]\n", f'[brand]\nlogo = "{name}"\n'), encoding="utf-8")
        with pytest.raises(BaseErrors, match="there is no such file in the base's folder"):
            load_base(small_base)
