"""Characters from bytes, where the declared character set may be missing, wrong or invented."""

from __future__ import annotations

import codecs
import contextlib
import re

from charset_normalizer import from_bytes

from wellfounded.people.consultation.receiving.types import Trouble

_LOOKED_AT = 100_000  # bytes from which a character set is guessed
# Text codecs of Python that are no character set of mail.
_NO_CHARSETS = frozenset({"unicode_escape", "raw_unicode_escape", "punycode", "idna", "undefined", "mbcs", "oem"})
# What mail programs call them and Python doesn't. Mail that says Latin-1 means Windows' superset of it.
_ALIASES = {
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252",
    "ascii": "cp1252", "ansi": "cp1252", "x-ansi": "cp1252", "windows-1252": "cp1252", "cp-1252": "cp1252",
    "utf8mb4": "utf-8", "unicode-1-1-utf-7": "utf-7", "iso-8859-8-i": "iso-8859-8", "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman", "ks_c_5601-1987": "cp949", "x-sjis": "cp932",
}  # fmt: skip
# Where what Windows-1252 gives is not what English and Welsh are written with, the guess is among these.
_LIKELY = ["cp1252", "iso8859_15", "mac_roman", "cp850", "cp1250", "cp1251", "cp1253", "utf_16_le", "utf_16_be"]
_COMMON = frozenset(
    "\xa0£€¢©®™°·•–—‘’‚“”„†…§±×÷½¼¾¹²³ªºáàâäãåéèêëíìîïóòôöõúùûüýÿçñœæßøÁÀÂÄÃÅÉÈÊËÍÌÎÏÓÒÔÖÕÚÙÛÜÇÑŒÆØ´«»¿¡¬¦"
)
_WELSH = frozenset("ŵŷŴŶ")  # ISO 8859-14, where Windows-1252 has ð, þ, Ð and Þ
_UNKNOWN = frozenset({"", "unknown", "unknown-8bit", "x-unknown", "x-user-defined", "default", "binary"})
# UTF-8 that was read as Windows-1252 and written as UTF-8 once more.
_TWICE = re.compile(r"[\u00c2\u00c3][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    r"\u2013\u2014"
                    r"\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]|\u00e2\u20ac")  # fmt: skip
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LINE_ENDS = re.compile("\r\n?|\u2028|\u2029|\x85")


def decode(content: bytes, declared: str = "") -> tuple[str, Trouble | None]:
    """The text of `content`, with "\\n" at line ends, and what was wrong with the declared character set, if it was."""
    text, trouble = _decoded(content, declared.strip().strip("\"'").lower())
    text = _LINE_ENDS.sub("\n", text)
    if _TWICE.search(text):
        once = _once(text)
        if once != text:
            text, trouble = once, Trouble("charset", "characters that had been encoded twice were put right")
    cleaned = plain(text)
    if cleaned != text and trouble is None:
        trouble = Trouble("control-characters", "characters that are no text were replaced by \ufffd")
    return cleaned, trouble


def plain(text: str) -> str:
    """The text with what is no text (NUL, control characters, lone surrogates) replaced, character for character."""
    return _NOT_TEXT.sub("\ufffd", text)


def _decoded(content: bytes, declared: str) -> tuple[str, Trouble | None]:
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return content.decode(name, "replace"), None
    if content.isascii() and not declared.startswith(("utf-7", "utf-16", "utf-32", "iso-2022", "hz")):
        return content.decode("ascii"), None
    name = _codec(declared)
    try:
        as_utf8: str | None = content.decode("utf-8")
    except UnicodeDecodeError:
        as_utf8 = None
    if (
        as_utf8 is not None
        and (name in ("utf-8", "cp1252", "") or name.startswith("iso8859"))
        and "\x00" not in as_utf8
    ):
        # Text in a one-byte character set is hardly ever valid UTF-8 by chance.
        wrong = name != "utf-8" and declared not in _UNKNOWN
        return as_utf8, _wrong(declared, "utf-8") if wrong else None
    if name and name != "utf-8":
        try:
            return content.decode(name), None
        except UnicodeError:
            if name == "cp1252":  # five bytes are not given in it
                return content.decode("cp1252", "replace"), _wrong(declared, "cp1252")
    guessed = _guessed(content[:_LOOKED_AT])
    return content.decode(guessed, "replace"), _wrong(declared, guessed)


def _guessed(content: bytes) -> str:
    """The character set that `content` is most likely in. Mail here is in English or Welsh far more often than not."""
    if {character for character in content.decode("cp1252", "replace") if not character.isascii()} <= _COMMON:
        return "cp1252"
    letters = [character for character in content.decode("iso8859_14") if not character.isspace()]
    welsh = [character for character in letters if not character.isascii()]
    if _WELSH & set(welsh) and set(welsh) <= _WELSH | _COMMON and len(welsh) < len(letters) / 5:
        return "iso8859_14"
    best = from_bytes(content, cp_isolation=_LIKELY).best()
    return best.encoding if best is not None else "cp1252"


def _codec(declared: str) -> str:
    """Python's name of a declared character set; empty where it is none."""
    if declared in _UNKNOWN:
        return ""
    declared = _ALIASES.get(declared, declared)
    try:
        name = codecs.lookup(declared).name
        b"aaaa".decode(name)  # refuses codecs that are not for text; four bytes are one character of UTF-32
    except (LookupError, ValueError):  # ValueError: a NUL in the name, or four bytes that are nothing in it
        return ""
    name = "cp1252" if name in ("iso8859-1", "ascii") else name
    return "" if name.replace("-", "_") in _NO_CHARSETS else name


def _wrong(declared: str, read_as: str) -> Trouble:
    said = f"the character set {declared[:40]!r} was declared" if declared else "no character set was declared"
    return Trouble("charset", f"{said}; the text was read as {read_as}")


def _once(text: str) -> str:
    """The text with runs that were encoded twice decoded once; others stay."""
    fixed = []
    for word in re.split(r"(\s+)", text):
        if _TWICE.search(word):
            with contextlib.suppress(UnicodeError):
                word = b"".join(_byte(character) for character in word).decode("utf-8")
        fixed.append(word)
    return "".join(fixed)


def _byte(character: str) -> bytes:
    """The byte that Windows-1252 reads as `character`; the five that it leaves out stand for themselves."""
    try:
        return character.encode("cp1252")
    except UnicodeEncodeError:
        return character.encode("latin-1")
