"""`wellfounded strings`: the fixed words of documents, ready to be given in another language."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from wellfounded.cli.main import main


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main(["strings", *arguments])
    assert not ended.value.code
    return capsys.readouterr().out


def test_what_it_prints_is_a_file_of_strings_that_the_base_reads(
    small_base: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = printed(capsys, str(small_base))
    assert "Contents" in tomllib.loads(out)
    later = {"What changed since edition {n}", "This edition corrects edition {n}. {notice}", "March", "Does not hold"}
    later |= {"A value that is missing has a shorthand in brackets, which the notes explain."}
    assert later <= set(tomllib.loads(out)), "what an edition to come will say"
    (small_base / "strings.toml").write_text(out.replace('"Glossary" = ""', '"Glossary" = "Geirfa"'), encoding="utf-8")
    again = tomllib.loads(printed(capsys, str(small_base)))
    assert again["Glossary"] == "Geirfa"
    assert "Glossary" not in tomllib.loads(printed(capsys, str(small_base), "--missing"))


def test_words_that_no_document_says_are_told(small_base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (small_base / "strings.toml").write_text('"Glosary" = "Geirfa"\n', encoding="utf-8")
    out = printed(capsys, str(small_base))
    assert '# Not said in any document of this base:\n"Glosary"' in out
