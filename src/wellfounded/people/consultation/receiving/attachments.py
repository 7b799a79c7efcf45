"""Files that come with responses: what they are by their content, and which are not taken, and why.

Nothing here trusts a file's name or the type that was claimed, and nothing runs, unpacks or shows a file.
"""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import zipfile

from wellfounded.people.consultation.receiving.charsets import decode
from wellfounded.people.consultation.receiving.types import File

LARGEST = 20_000_000  # bytes of one file
_MOST_INSIDE = 5_000  # members of an office file
_LARGEST_INSIDE = 300_000_000  # bytes that an office file may unpack to
_LONGEST_NAME = 120
ENDINGS = {
    "pdf": (".pdf",), "docx": (".docx",), "xlsx": (".xlsx",), "csv": (".csv", ".tsv"), "ods": (".ods",),
    "png": (".png",), "jpeg": (".jpg", ".jpeg"), "gif": (".gif",), "webp": (".webp",), "txt": (".txt", ".md"),
}  # fmt: skip
TAKEN = "PDF, DOCX, XLSX, CSV, ODS, text and images (PNG, JPEG, GIF, WebP)"
_WINDOWS = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_PROGRAMS = (
    (b"MZ", "a Windows program"), (b"\x7fELF", "a program"), (b"\xca\xfe\xba\xbe", "a program"),
    (b"\xfe\xed\xfa", "a program"), (b"\xcf\xfa\xed\xfe", "a program"), (b"#!", "a script"), (b"dex\n", "a program"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "a Windows shortcut"),
)  # fmt: skip
_OFFICE_97 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MACROS = re.compile(r"(?:^|/)(?:vbaProject\.bin|vbaData\.xml|Basic/|Scripts/|macrosheets/)", re.IGNORECASE)
_OBJECTS = re.compile(r"(?:^|/)(?:activeX/|embeddings/[^/]+\.bin$|ObjectReplacements/..*)", re.IGNORECASE)
_ACTIVE_PDF = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia)\b")
_MARKUP = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype|html|svg|script|body|head|\?php|iframe)\b", re.IGNORECASE)
_SCRIPT_ENDINGS = (
    ".bat", ".cmd", ".com", ".hta", ".htm", ".html", ".js", ".jse", ".lnk", ".php", ".ps1", ".py", ".reg", ".scr",
    ".sh",
    ".svg", ".url", ".vbe", ".vbs", ".wsf",
)  # fmt: skip


def look(name: str, claimed: str, content: bytes, *, inline: bool = False, largest: int = LARGEST) -> File:
    """The file as we keep it: its kind by its content, and the reason where it is not taken."""
    kind, refused = _kind(name, claimed.lower(), content, largest)
    cleaned = clean_name(name)
    if kind and not cleaned.lower().endswith(ENDINGS[kind]):
        cleaned = clean_name(f"{cleaned[: _LONGEST_NAME - 5]}{ENDINGS[kind][0]}")
    return File(
        name=cleaned, kind=kind, hash=hashlib.sha256(content).hexdigest(), size=len(content), content=content,
        refused=refused, inline=inline,
    )  # fmt: skip


def clean_name(name: str) -> str:
    """A file's name without folders, control characters and what turns the reading direction round."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1][:1000])
    name = "".join(" " if character.isspace() else character for character in name)
    name = "".join(character for character in name if unicodedata.category(character)[0] != "C")
    name = re.sub(r"[<>:\"|?*;]", "_", name)
    name = re.sub(r" +", " ", name).strip(" .")
    name = f"_{name}" if _WINDOWS.fullmatch(name) else name
    if len(name) > _LONGEST_NAME:
        stem, dot, ending = name.rpartition(".")
        name = (
            f"{stem[: _LONGEST_NAME - len(ending) - 1]}.{ending}" if dot and len(ending) <= 8 else name[:_LONGEST_NAME]
        )
    return name or "attachment"


def _kind(name: str, claimed: str, content: bytes, largest: int) -> tuple[str, str]:
    """The kind by content, empty where it isn't taken, and why it isn't."""
    if not content:
        return "", "it is empty"
    if len(content) > largest:
        return "", f"it has {len(content) / 1e6:.0f} MB, and files may have {largest / 1e6:.0f} MB"
    for start, what in _PROGRAMS:
        if content.startswith(start):
            return "", f"it is {what}"
    if content.startswith(_OFFICE_97):
        return "", ("it is a file of an old Office program, or has a password; ask for DOCX, XLSX or PDF without one")
    if b"%PDF-" in content[:1024]:
        active = _ACTIVE_PDF.search(content)
        return ("", f"it is a PDF that carries what can run or open ({active[0].decode()})") if active else ("pdf", "")
    for start, kind in (
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\xff\xd8\xff", "jpeg"),
        (b"GIF87a", "gif"),
        (b"GIF89a", "gif"),
    ):
        if content.startswith(start):
            return kind, ""
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "webp", ""
    if content.startswith(b"PK"):
        return _in_zip(content)
    return _as_text(name.lower(), claimed, content)


def _as_text(name: str, claimed: str, content: bytes) -> tuple[str, str]:
    table = name.endswith(ENDINGS["csv"]) or claimed in ("text/csv", "text/tab-separated-values", "application/csv")
    words = name.endswith(ENDINGS["txt"]) or claimed == "text/plain"
    if _MARKUP.match(content[:2000]) or name.endswith(_SCRIPT_ENDINGS):
        return "", f"it is a web page, a picture or a script that can run; files may be {TAKEN}"
    if (table or words) and "\ufffd" not in decode(content[:100_000])[0][:-4]:
        return "csv" if table else "txt", ""
    return "", f"it is {_called(content)}; files may be {TAKEN}"


def _called(content: bytes) -> str:
    """What the content is known as."""
    import puremagic

    try:
        found = puremagic.magic_string(content[:100_000])
    except (puremagic.PureError, ValueError, IndexError):
        return "of a kind that is not known"
    best = next((match.name for match in found if match.name), "")
    return f"by its content: {best[:80]}" if best else "of a kind that is not known"


def _in_zip(content: bytes) -> tuple[str, str]:
    """Which office file a zip archive is, from its list of contents and the member that says what it is."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > _MOST_INSIDE:
                return "", f"it is an archive of {len(members):,} files"
            if sum(member.file_size for member in members) > _LARGEST_INSIDE:
                return "", f"it would unpack to more than {_LARGEST_INSIDE / 1e6:.0f} MB"
            names = [member.filename for member in members]
            types = _member(archive, "[Content_Types].xml") if "[Content_Types].xml" in names else ""
            mimetype = _member(archive, "mimetype") if "mimetype" in names else ""
            template = next((name for name in names if name.lower() == "word/_rels/settings.xml.rels"), "")
            remote = 'TargetMode="External"' in _member(archive, template) if template else False
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError):
        return "", "it is a damaged archive, or one with a password"
    except Exception as error:  # what zlib and the like raise on hostile input
        return "", f"it is an archive that can't be read ({type(error).__name__})"
    if "macroEnabled" in types or any(_MACROS.search(name) for name in names):
        return "", "it can carry macros; ask for it without them"
    if any(_OBJECTS.search(name) for name in names):
        return "", "it carries an embedded object that can run; ask for it without that"
    if remote:
        return "", "it loads a template from elsewhere when it is opened"
    if "wordprocessingml.document.main+xml" in types:
        return "docx", ""
    if "spreadsheetml.sheet.main+xml" in types:
        return "xlsx", ""
    if mimetype.strip() == "application/vnd.oasis.opendocument.spreadsheet":
        return "ods", ""
    return "", f"it is an archive, or an office file of another kind; files may be {TAKEN}"


def _member(archive: zipfile.ZipFile, name: str) -> str:
    """The first million bytes of a member."""
    with archive.open(name) as file:
        return file.read(1_000_000).decode("utf-8", "replace")
