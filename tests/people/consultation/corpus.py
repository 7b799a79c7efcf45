"""Awkward messages, and what has to come of each. All people and addresses are invented, at domains for examples."""

from __future__ import annotations

import base64
import io
import zipfile
from dataclasses import dataclass
from email.message import EmailMessage

from wellfounded.people.consultation.receiving.types import Kind

OURS = "consultation@place.example"
SUBJECTS = ("LIS Evidence", "LIS Grand Challenges")
EVIDENCE, CHALLENGES, TRIAGE = *SUBJECTS, ""
DATE = "Tue, 03 Mar 2026 10:00:00 +0000"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
CSV = b"year,jobs\n2024,310\n2025,298\n"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass(frozen=True)
class Case:
    """A message and what has to come of it. `said` is the sender's own words, without blank space around."""

    name: str
    raw: bytes
    said: str
    route: str = EVIDENCE
    kind: Kind = Kind.PERSON
    forwards: tuple[tuple[str, str], ...] = ()  # address and own words of each voice that is passed on
    files: tuple[tuple[str, str], ...] = ()  # name and kind, or "refused"
    troubles: frozenset[str] = frozenset()
    signed: str = ""
    sender: str = "jane@firm.example"


CASES: list[Case] = []


def case(name: str, raw: bytes | str, said: str, *troubles: str, **expected: object) -> None:
    raw = raw.encode() if isinstance(raw, str) else raw
    CASES.append(Case(name, raw, said, troubles=frozenset(troubles), **expected))  # type: ignore[arg-type]


def headers(subject: str = "LIS Evidence", *, sender: str = "Jane Roe <jane@firm.example>", **others: str) -> str:
    """The headers of an ordinary message; an argument `content_type` gives Content-Type, and so on."""
    given = {"From": sender, "To": OURS, "Subject": subject, "Date": DATE, "Message-ID": "<1@firm.example>"}
    given |= {
        {"message_id": "Message-ID"}.get(name, name.replace("_", "-").title()): value for name, value in others.items()
    }
    return "".join(f"{name}: {value}\n" for name, value in given.items() if value)


def plain(body: str, subject: str = "LIS Evidence", charset: str = "utf-8", **others: str) -> bytes:
    head = headers(
        subject,
        mime_version="1.0",
        content_type=f'text/plain; charset="{charset}"',
        content_transfer_encoding="8bit",
        **others,
    )
    return f"{head}\n".encode("utf-8", "surrogateescape") + body.encode(charset)


def html(body: str, subject: str = "LIS Evidence") -> bytes:
    return f"{headers(subject, mime_version='1.0', content_type='text/html; charset=utf-8')}\n{body}".encode()


def parts(
    kind: str, *pieces: str | bytes, subject: str = "LIS Evidence", boundary: str = "=b1", **others: str
) -> bytes:
    """A multipart message: each piece is a part with its own headers."""
    head = headers(subject, mime_version="1.0", content_type=f'multipart/{kind}; boundary="{boundary}"', **others)
    raw = f"{head}\n".encode()
    for piece in pieces:
        raw += f"--{boundary}\n".encode() + (piece.encode() if isinstance(piece, str) else piece) + b"\n"
    return raw + f"--{boundary}--\n".encode()


def text(body: str, kind: str = "plain") -> str:
    return f"Content-Type: text/{kind}; charset=utf-8\n\n{body}"


def file(name: str, content: bytes, kind: str = "application/octet-stream") -> bytes:
    head = f'Content-Type: {kind}\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="{name}"\n\n'
    return head.encode() + base64.encodebytes(content)


def zipped(**members: bytes | str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return held.getvalue()


def office(main: str, **more: bytes | str) -> bytes:
    types = (
        f'<Types><Override PartName="/x" ContentType="application/vnd.openxmlformats-officedocument.{main}"/></Types>'
    )
    return zipped(**{"[Content_Types].xml": types, "x": "<x/>", **more})


def bomb() -> bytes:
    """An office file whose list of contents says that one of them unpacks to 4 GB."""
    made = bytearray(office("wordprocessingml.document.main+xml", **{"word/big": bytes(1000)}))
    entry = made.rindex(b"PK\x01\x02")
    made[entry + 24 : entry + 28] = (0xF0000000).to_bytes(4, "little")
    return bytes(made)


DOCX = office("wordprocessingml.document.main+xml")
SAID = "The figure for productivity leaves out the self-employed."
THEIRS = "Does the evidence resonate with you?"

# --- how people write -------------------------------------------------------------------------------------------------

case("a plain answer", plain(f"{SAID}\n"), SAID)
case(
    "greeting and signature",
    plain(f"Dear Sir or Madam,\n\n{SAID}\n\nKind regards,\nJane Roe\nDirector\n01244 000000\n"),
    SAID,
)
case(
    "in Welsh",
    plain(
        "Annwyl bawb,\n\nMae'r ffigurau am gynhyrchiant yn anghywir.\n\nCofion gorau,\nSiân\n\nAnfonwyd o fy iPhone\n"
    ),
    "Mae'r ffigurau am gynhyrchiant yn anghywir.",
)
case(
    "Welsh characters in ISO 8859-14, not declared",
    f"{headers()}\n".encode() + "Mae'r dŵr a'r tŷ yn bwysig i'r economi leol.".encode("iso8859_14"),
    "Mae'r dŵr a'r tŷ yn bwysig i'r economi leol.",
    "charset",
)
case(
    "a greeting that goes on is said",
    plain(f"Hi, I think that the skills figure is wrong.\n{SAID}\n"),
    f"Hi, I think that the skills figure is wrong.\n{SAID}",
)
case(
    "thanks at the start hide nothing",
    plain(f"Thanks,\nthe figures on jobs are wrong because they are old\n{SAID}"),
    f"the figures on jobs are wrong because they are old\n{SAID}",
)
case(
    "a postscript after the signature",
    plain(f"{SAID}\n\nBest wishes\nJane\n\nPS: the map is wrong too.\n"),
    f"{SAID}\nPS: the map is wrong too.",
)
case("signature with its delimiter", plain(f"{SAID}\n-- \nJane Roe\nhttps://firm.example\n"), SAID)
case(
    "two dashes as a divider hide nothing",
    plain(f"{SAID}\n--\nand here is what we think the council should do\nmore\n"),
    f"{SAID}\n--\nand here is what we think the council should do\nmore",
)
case("from a telephone", plain(f"{SAID}\n\nSent from my iPhone\n"), SAID)
case("from Outlook on a telephone", plain(f"{SAID}\n\nGet Outlook for Android<https://aka.example>\n"), SAID)
case(
    "a disclaimer",
    plain(
        f"{SAID}\n\nJane\n\nThis e-mail and any attachments are confidential and intended solely for\nthe "
        "addressee. If you are not the intended recipient, delete it.\n"
    ),
    f"{SAID}\n\nJane",
)
case(
    "a disclaimer right below what is said", plain(f"{SAID}\nThis email is confidential and may be privileged.\n"), SAID
)
case(
    "a banner of the receiver's filter",
    plain(f"CAUTION: This email originated from outside of the organisation.\n\n{SAID}\n"),
    SAID,
)
case(
    "an answer that speaks of confidential messages",
    plain(
        "Many firms told us in confidence that they will leave; they are registered in England and have no other site.\n"
    ),
    "Many firms told us in confidence that they will leave; they are registered in England and have no other site.",
)
case(
    "Gmail, on top",
    plain(f"{SAID}\n\nOn Tue, 3 Mar 2026 at 09:00, Consultation <{OURS}> wrote:\n\n> {THEIRS}\n> \n> Thanks\n"),
    SAID,
)
case(
    "Gmail, wrapped",
    plain(f"{SAID}\n\nOn Tue, 3 Mar 2026 at 09:00, The Consultation of the Place <\n{OURS}> wrote:\n\n> {THEIRS}\n"),
    SAID,
)
case(
    "Gmail in Welsh",
    plain(f"{SAID}\n\nAr Maw, 3 Maw 2026 am 09:00, Ymgynghori <{OURS}> ysgrifennodd:\n\n> {THEIRS}\n"),
    SAID,
)
case("Apple Mail", plain(f"{SAID}\n\n> On 3 Mar 2026, at 09:00, Consultation <{OURS}> wrote:\n> \n> {THEIRS}\n"), SAID)
case(
    "Outlook",
    plain(
        f"{SAID}\n\nFrom: Consultation <{OURS}>\nSent: 03 March 2026 09:00\nTo: Jane Roe <jane@firm.example>\n"
        f"Subject: LIS Evidence\n\n{THEIRS}\n",
        "RE: LIS Evidence",
    ),
    SAID,
)
case(
    "Outlook, original message",
    plain(
        f"{SAID}\n\n-----Original Message-----\nFrom: Consultation\nSent: 03 March 2026 09:00\n"
        f"To: Jane\nSubject: LIS Evidence\n\n{THEIRS}\n",
        "RE: LIS Evidence",
    ),
    SAID,
)
case(
    "Outlook in Welsh",
    plain(
        f"{SAID}\n\nOddi wrth: Ymgynghori <{OURS}>\nAnfonwyd: 03 Mawrth 2026 09:00\nAt: Jane\n"
        f"Testun: LIS Evidence\n\n{THEIRS}\n",
        "RE: LIS Evidence",
    ),
    SAID,
)
case(
    "at the bottom",
    plain(f"On 3 March 2026 09:00, Consultation wrote:\n> {THEIRS}\n> More.\n\n{SAID}\n\nJane\n"),
    f"{SAID}\n\nJane",
)
case(
    "between the lines",
    plain(
        f"On 3 March 2026 09:00, Consultation wrote:\n> {THEIRS}\nNo.\n\n> Why?\n{SAID}\n\n> What else?\nSee our survey.\n"
    ),
    f"No.\n{SAID}\nSee our survey.",
)
case(
    "flowed text",
    plain("The figure for productivity \nleaves out the \nself-employed.\n-- \nJane\n").replace(
        b'"utf-8"', b'"utf-8"; format=flowed'
    ),
    SAID,
)
case(
    "emoji and right to left",
    plain("👩🏽‍🔬 We disagree 😡 — مرحبا بالعالم ‏שלום.\n"),
    "👩🏽‍🔬 We disagree 😡 — مرحبا بالعالم ‏שלום.",
)
case("a very long answer", plain("Jobs matter. " * 8000), ("Jobs matter. " * 8000).strip())
case("no text at all", plain(""), "")

# --- subjects -----------------------------------------------------------------------------------------------------------

for number, (subject, route) in enumerate(
    (
        ("RE: FW: lis evidence", EVIDENCE),
        ("Fwd: [EXTERNAL] LSI Evidance", TRIAGE),
        ("AW: LIS Evidnece – our comments", EVIDENCE),
        ("LIS Grand Challenge", CHALLENGES),
        ("Evidence for the LIS consultation", EVIDENCE),
        ("LISEvidence", EVIDENCE),
        ("This evidence is wrong", TRIAGE),
        ("", TRIAGE),
        ("Newsletter March", TRIAGE),
        ("Re: lis grand chalenges AI", CHALLENGES),
    )
):
    case(f"subject {number}: {subject}", plain(SAID, subject), SAID, route=route)
case(
    "a subject in encoded words, split within a character",
    plain(
        SAID,
        "=?utf-8?B?"
        + base64.b64encode(b"LIS Evidence caf" + b"\xc3").decode()
        + "?=\n =?utf-8?B?"
        + base64.b64encode(b"\xa9 owners").decode()
        + "?=",
    ),
    SAID,
)
case("a subject that is cut in its encoding", plain(SAID, "=?utf-8?B?TElTIEV2aWRlbmNl?= =?utf-8?B?4oC"), SAID)
case("a subject in bytes", plain(SAID, "LIS Evidence caf\udcc3\udca9"), SAID)

# --- character sets ------------------------------------------------------------------------------------------------------

POUND = "It costs £5 – “too much”, says the café."
case("UTF-8 declared as ASCII", plain(POUND).replace(b"utf-8", b"us-ascii"), POUND, "charset")
case("Windows-1252 declared as Latin-1", plain(POUND, charset="cp1252").replace(b"cp1252", b"iso-8859-1"), POUND)
case("Windows-1252 declared as UTF-8", plain(POUND, charset="cp1252").replace(b"cp1252", b"utf-8"), POUND, "charset")
case("UTF-8 declared as Windows-1252", plain(POUND).replace(b"utf-8", b"windows-1252"), POUND, "charset")
case("a character set that is none", plain(POUND).replace(b"utf-8", b"x-made-up-9"), POUND, "charset")
case("a codec that is no character set", plain(POUND).replace(b"utf-8", b"zlib_codec"), POUND, "charset")
case(
    "encoded twice",
    plain("It costs Â£5 â€“ says the cafÃ©, donâ€™t."),
    "It costs £5 – says the café, don’t.",
    "charset",
)
case(
    "UTF-16",
    f"{headers(mime_version='1.0', content_type='text/plain; charset=utf-16', content_transfer_encoding='base64')}\n".encode()
    + base64.encodebytes(POUND.encode("utf-16")),
    POUND,
)
case(
    "Cyrillic, not declared",
    f"{headers()}\n".encode() + "Мы не согласны с этими данными о занятости в районе.".encode("cp1251"),
    "Мы не согласны с этими данными о занятости в районе.",
    "charset",
)
case(
    "NUL and control characters",
    plain("The \x00figure\x1b[31m is wrong."),
    "The \ufffdfigure\ufffd[31m is wrong.",
    "control-characters",
)
case(
    "quoted-printable that is broken",
    f"{headers(content_type='text/plain; charset=utf-8', content_transfer_encoding='quoted-printable')}\n"
    "The figure is =ZZ wrong =C2=A35.\n",
    "The figure is =ZZ wrong £5.",
)
case(
    "base64 that is broken",
    f"{headers(content_type='text/plain; charset=utf-8', content_transfer_encoding='base64')}\n"
    "VGhlIGZpZ3VyZSBpcyB3cm9uZy4!!\n",
    "The figure is wrong.",
)

# --- HTML -----------------------------------------------------------------------------------------------------------------

case(
    "HTML alone",
    html(
        f"<html><head><title>x</title><style>p{{}}</style></head><body><p>Dear all,</p><p>{SAID}</p>"
        "<p>Kind regards<br>Jane Roe</p></body></html>"
    ),
    SAID,
)
case(
    "HTML with a quote as Gmail's",
    html(
        f'<div dir="ltr">{SAID}</div><div class="gmail_quote"><div>On Tue, 3 Mar 2026 at 09:00 '
        f'Consultation &lt;{OURS}&gt; wrote:<br></div><blockquote class="gmail_quote">{THEIRS}</blockquote></div>'
    ),
    SAID,
)
case(
    "HTML with a header as Outlook's",
    html(
        f'<p>{SAID}</p><hr><div id="divRplyFwdMsg"><b>From:</b> Consultation &lt;{OURS}&gt;<br>'
        f"<b>Sent:</b> 03 March 2026 09:00<br><b>To:</b> Jane<br><b>Subject:</b> LIS Evidence</div><p>{THEIRS}</p>",
        "Re: LIS Evidence",
    ),
    SAID,
)
case(
    "HTML with what is hidden",
    html(f'<div style="display:none">preview</div><script>alert(1)</script><p>{SAID}</p>'),
    SAID,
)
case(
    "HTML with a table and a list",
    html("<p>We found:</p><ul><li>one</li><li>two</li></ul><table><tr><td>Jobs</td><td>310</td></tr></table>"),
    "We found:\n\n- one\n- two\n\nJobs\t310",
)
case(
    "HTML with a link",
    html('<p>See <a href="https://data.example/jobs">our survey</a>.</p>'),
    "See our survey <https://data.example/jobs>.",
)
case("HTML nested 5,000 deep", html("<div>" * 5000 + SAID + "</div>" * 5000), SAID)
case("both, the same", parts("alternative", text(SAID), text(f"<p>{SAID}</p>", "html")), SAID)
case(
    "both, the plain one is a hint",
    parts("alternative", text("Your e-mail program does not show HTML."), text(f"<p>{SAID}</p>", "html")),
    SAID,
    "alternative",
)
case("both, the plain one is empty", parts("alternative", text(" \n"), text(f"<p>{SAID}</p>", "html")), SAID)

# --- messages passed on ------------------------------------------------------------------------------------------------------

BOB = "Small firms can't find premises in the town."
INLINE = f"From: Bob Poe <bob@shop.example>\nDate: Mon, 2 Mar 2026 at 08:00\nSubject: premises\nTo: Jane Roe <jane@firm.example>\n\n\nHi Jane,\n{BOB}\n\nThanks\nBob\n"
case(
    "passed on in Gmail",
    plain(f"Please see below.\n\n---------- Forwarded message ---------\n{INLINE}", "Fwd: LIS Evidence"),
    "Please see below.",
    forwards=(("bob@shop.example", BOB),),
)
case(
    "passed on in Outlook",
    plain(
        f"FYI\n\n________________________________\n{INLINE.replace('Date: Mon, 2 Mar 2026 at 08:00', 'Sent: 02 March 2026 08:00')}",
        "FW: LIS Evidence",
    ),
    "FYI",
    forwards=(("bob@shop.example", BOB),),
)
case(
    "passed on in Apple Mail",
    plain("Begin forwarded message:\n\n" + "".join(f"> {line}\n" for line in INLINE.split("\n")), "Fwd: LIS Evidence"),
    "",
    forwards=(("bob@shop.example", BOB),),
)
case(
    "two passed on, one after the other",
    plain(
        f"Both:\n\n---------- Forwarded message ---------\n{INLINE}\n---------- Forwarded message ---------\n"
        + INLINE.replace("bob@shop", "ann@mill").replace(BOB, "The college has no engineering."),
        "Fwd: LIS Evidence",
    ),
    "Both:",
    forwards=(("bob@shop.example", BOB), ("ann@mill.example", "The college has no engineering.")),
)
INNER = headers("premises", sender="Bob Poe <bob@shop.example>", message_id="<2@shop.example>")
case(
    "passed on as an attachment",
    parts("mixed", text("See attached."), f"Content-Type: message/rfc822\n\n{INNER}\n{BOB}\n"),
    "See attached.",
    forwards=(("bob@shop.example", BOB),),
)
case(
    "passed on as a file",
    parts("mixed", text("See attached."), file("from bob.eml", f"{INNER}\n{BOB}\n".encode())),
    "See attached.",
    forwards=(("bob@shop.example", BOB),),
)
case(
    "passed on twice over",
    parts(
        "mixed",
        text("See."),
        "Content-Type: message/rfc822\n\n"
        + parts(
            "mixed",
            text("From my member:"),
            f"Content-Type: message/rfc822\n\n{INNER}\n{BOB}\n",
            boundary="=b2",
            message_id="<3@club.example>",
            sender="Chair <chair@club.example>",
        ).decode(),
    ),
    "See.",
    forwards=(("chair@club.example", "From my member:"), ("bob@shop.example", BOB)),
)
case(
    "passed on in base64, which is not allowed",
    parts(
        "mixed",
        text("See attached."),
        "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(f"{INNER}\n{BOB}\n".encode()).decode(),
    ),
    "See attached.",
    forwards=(("bob@shop.example", BOB),),
)
case(
    "a digest of a list",
    parts("digest", f"\n{INNER}\n{BOB}\n", f"\n{INNER.replace('bob@', 'eve@')}\n{SAID}\n"),
    "",
    forwards=(("bob@shop.example", BOB), ("eve@shop.example", SAID)),
)

# --- files -----------------------------------------------------------------------------------------------------------------

case(
    "files of the kinds that are taken",
    parts(
        "mixed",
        text(SAID),
        file("a.pdf", PDF),
        file("b.docx", DOCX),
        file("c.csv", CSV, "text/csv"),
        file("d.png", PNG),
    ),
    SAID,
    files=(("a.pdf", "pdf"), ("b.docx", "docx"), ("c.csv", "csv"), ("d.png", "png")),
)
case(
    "a program that says it is a PDF",
    parts("mixed", text(SAID), file("report.pdf", b"MZ\x90\x00" + bytes(200), "application/pdf")),
    SAID,
    files=(("report.pdf", "refused"),),
)
case(
    "a picture with a program's name",
    parts("mixed", text(SAID), file("run.exe", PNG)),
    SAID,
    files=(("run.exe.png", "png"),),
)
case(
    "a document with macros",
    parts(
        "mixed",
        text(SAID),
        file("a.docx", office("wordprocessingml.document.main+xml", **{"word/vbaProject.bin": b"x"})),
    ),
    SAID,
    files=(("a.docx", "refused"),),
)
case(
    "a zip bomb",
    parts(
        "mixed",
        text(SAID),
        file("a.docx", bomb()),
    ),
    SAID,
    files=(("a.docx", "refused"),),
)
case(
    "an archive",
    parts("mixed", text(SAID), file("all.zip", zipped(**{"a.txt": "a"}))),
    SAID,
    files=(("all.zip", "refused"),),
)
case(
    "a web page as a file",
    parts("mixed", text(SAID), file("a.txt", b"<html><script>alert(1)</script>", "text/plain")),
    SAID,
    files=(("a.txt", "refused"),),
)
case(
    "a name that climbs out of its folder",
    parts("mixed", text(SAID), file("../../etc/cron.d/\u202egnp.csv", CSV, "text/csv")),
    SAID,
    files=(("gnp.csv", "csv"),),
)
case(
    "a file's name in two encodings",
    parts(
        "mixed",
        text(SAID),
        b"Content-Type: text/csv\nContent-Disposition: attachment;\n filename*=utf-8''arolwg%20t%C5%B7.csv\n\n" + CSV,
    ),
    SAID,
    files=(("arolwg tŷ.csv", "csv"),),
)
case(
    "a logo in the text",
    parts(
        "related",
        text(f"<p>{SAID}</p><img src='cid:logo' alt=''>", "html"),
        b"Content-Type: image/png\nContent-Transfer-Encoding: base64\nContent-ID: <logo>\nContent-Disposition: inline\n\n"
        + base64.encodebytes(PNG),
    ),
    SAID,
    files=(("attachment.png", "png"),),
)
case(
    "Outlook's own format",
    parts("mixed", text(SAID), file("winmail.dat", b"\x78\x9f\x3e\x22" + bytes(50), "application/ms-tnef")),
    SAID,
    "winmail",
    files=(("winmail.dat", "refused"),),
)
case("only a file", parts("mixed", file("response.pdf", PDF)), "", files=(("response.pdf", "pdf"),))

# --- signed, encrypted, lists -----------------------------------------------------------------------------------------------------

case(
    "S/MIME beside the text",
    parts(
        'signed; protocol="application/pkcs7-signature"',
        text(SAID),
        file("smime.p7s", b"x", "application/pkcs7-signature"),
    ),
    SAID,
    signed="S/MIME",
)
case(
    "PGP/MIME",
    parts(
        'signed; protocol="application/pgp-signature"',
        text(SAID),
        "Content-Type: application/pgp-signature\n\n-----BEGIN PGP SIGNATURE-----",
    ),
    SAID,
    signed="PGP",
)
case(
    "PGP in the text",
    plain(
        f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{SAID}\n-----BEGIN PGP SIGNATURE-----\n\niQE=\n-----END PGP SIGNATURE-----\n"
    ),
    SAID,
    signed="PGP",
)


def der(tag: int, *contents: bytes) -> bytes:
    content = b"".join(contents)
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x82]) + size.to_bytes(2, "big")
    return bytes([tag]) + length + content


INSIDE = text(SAID).encode()
PKCS7 = der(
    0x30,
    bytes.fromhex("06092a864886f70d010702"),
    der(
        0xA0,
        der(
            0x30,
            b"\x02\x01\x01",
            der(0x31),
            der(
                0x30,
                bytes.fromhex("06092a864886f70d010701"),
                der(0xA0, b"\x24\x80" + der(4, INSIDE[:30]) + der(4, INSIDE[30:]) + b"\0\0"),
            ),
            der(0x31),
        ),
    ),
)
PKCS7_HEAD = headers(
    mime_version="1.0",
    content_type="application/pkcs7-mime; smime-type=signed-data",
    content_transfer_encoding="base64",
)
case("S/MIME round the text", f"{PKCS7_HEAD}\n".encode() + base64.encodebytes(PKCS7), SAID, signed="S/MIME")
case("S/MIME that is cut off", f"{PKCS7_HEAD}\n".encode() + base64.encodebytes(PKCS7[:40]), "", "encrypted")
case(
    "encrypted",
    parts(
        'encrypted; protocol="application/pgp-encrypted"',
        "Content-Type: application/pgp-encrypted\n\nVersion: 1",
        "Content-Type: application/octet-stream\n\n-----BEGIN PGP MESSAGE-----",
    ),
    "",
    "encrypted",
)
case(
    "from a mailing list",
    parts(
        "mixed",
        text(SAID),
        text("_______________________________________________\nForum mailing list\nForum@list.example\n"),
        list_id="Forum <forum.list.example>",
        precedence="list",
    ),
    SAID,
)

# --- no person -----------------------------------------------------------------------------------------------------------------

AWAY = "I am on leave until Monday."
case(
    "out of office",
    plain(AWAY, "Automatic reply: LIS Evidence", auto_submitted="auto-replied"),
    AWAY,
    kind=Kind.AUTOMATIC,
    route=EVIDENCE,
)
case("out of office by its subject alone", plain(AWAY, "Out of Office: LIS Evidence"), AWAY, kind=Kind.AUTOMATIC)
case("out of office in Welsh", plain(AWAY, "Ateb awtomatig: LIS Evidence"), AWAY, kind=Kind.AUTOMATIC)
case("a response on office space", plain(SAID, "Out of office space in Chester: LIS Evidence"), SAID)
case("not an automatic reply, it says", plain(SAID, auto_submitted="no"), SAID)
case("suppresses replies as every mail of Exchange", plain(SAID, x_auto_response_suppress="All"), SAID)
case(
    "a report on delivery",
    parts(
        "report; report-type=delivery-status",
        text("It could not be delivered."),
        "Content-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; x@firm.example\nAction: failed\n",
        f"Content-Type: message/rfc822\n\n{INNER}\n{BOB}",
        subject="Undeliverable: your receipt",
        sender="postmaster@firm.example",
        return_path="<>",
    ),
    "It could not be delivered.",
    kind=Kind.BOUNCE,
    route=TRIAGE,
    sender="postmaster@firm.example",
)
case(
    "a report on delivery of an old server",
    plain("552 full", "Mail delivery failed: returning message", sender="MAILER-DAEMON@mx.example"),
    "552 full",
    kind=Kind.BOUNCE,
    route=TRIAGE,
    sender="mailer-daemon@mx.example",
)
case(
    "our own receipt come back",
    plain("We have received your response.", x_loop=OURS, sender=OURS),
    "We have received your response.",
    kind=Kind.LOOP,
    sender=OURS,
)
case(
    "our own receipt, sent on by a machine",
    plain("Receipt", x_wellfounded="1", auto_submitted="auto-generated", sender="Place <hello@place.example>"),
    "Receipt",
    kind=Kind.LOOP,
    sender="hello@place.example",
)
case(
    "our own mail, sent by a machine",
    plain("Receipt", auto_submitted="auto-generated", sender=OURS),
    "Receipt",
    kind=Kind.LOOP,
    sender=OURS,
)
case("somebody who writes as us", plain(SAID, sender=OURS), SAID, "own-address", sender=OURS)
case("a message that goes in circles", ("Received: from a by b\n" * 60).encode() + plain(SAID), SAID, kind=Kind.LOOP)

# --- hostile or broken --------------------------------------------------------------------------------------------------------------

case("no Message-ID", plain(SAID, message_id=""), SAID, "no-message-id")
case("no date", plain(SAID, date="yesterday-ish"), SAID, "no-date")
case("no sender", plain(SAID, sender="undisclosed"), SAID, "no-sender", sender="")
case("a sender that breaks address parsers", plain(SAID, sender='"Jane, (The) Roe;" <Jane@Firm.example>,'), SAID)
case("a Message-ID as Exchange makes it", plain(SAID, message_id="<[b378dfc5@firm.example]>"), SAID)
case(
    "header injection in the subject",
    plain(SAID, "=?utf-8?Q?LIS_Evidence=0D=0ABcc:_all@firm.example?="),
    SAID,
    "header-injection",
)
case("two subjects", plain(SAID).replace(b"Date:", b"Subject: Newsletter\nDate:"), SAID, "many-subjects")
case("headers without a body", headers().encode(), "")
case("no headers", SAID, SAID, "no-message-id", "no-date", "no-sender", route=TRIAGE, sender="")
case("nothing", b"", "", "no-message-id", "no-date", "no-sender", route=TRIAGE, sender="")
case("parts without a boundary", f"{headers(content_type='multipart/mixed')}\n{SAID}\n", SAID, "mime")
case("parts that never end", f"{headers(content_type='multipart/mixed; boundary=x')}\n--x\n{text(SAID)}", SAID)
case(
    "a boundary within its own parts",
    parts("mixed", 'Content-Type: multipart/mixed; boundary="=b1"\n\n--=b1\n' + text(SAID)),
    SAID,
    "mime",
)
NEST = SAID
DEEP = (
    f"{headers(content_type='multipart/mixed; boundary=n0')}\n"
    + "".join(f"--n{depth}\nContent-Type: multipart/mixed; boundary=n{depth + 1}\n\n" for depth in range(400))
    + f"--n400\n{text(NEST)}\n"
)
case("parts 400 deep", DEEP, "", "bounded")
case(
    "parts 10,000",
    f"{headers(content_type='multipart/mixed; boundary=x')}\n--x\n{text(SAID)}\n" + "--x\n\n\n" * 10_000 + "--x--\n",
    SAID,
    "bounded",
)
case("a type that is none", plain(SAID).replace(b"text/plain", b'text/plain/x; =; ;;"name*'), SAID)
case("a parameter that breaks Python's reader", f"{headers(content_type='text/plain; name*0*')}\n{SAID}", SAID)
case(
    "bytes of no meaning",
    bytes(range(256)) * 40,
    "",
    "charset",
    "no-message-id",
    "no-date",
    "no-sender",
    route=TRIAGE,
    sender="",
)
case(
    "content that is elsewhere",
    parts("mixed", text(SAID), 'Content-Type: message/external-body; access-type=URL; URL="https://x.example"\n\n'),
    SAID,
    "part",
)


def ordinary(number: int, said: str, *, subject: str = "LIS Evidence") -> bytes:
    """One of many ordinary messages, each with its own sender, Message-ID and text."""
    message = EmailMessage()
    message["From"] = f"Respondent {number} <r{number}@people.example>"
    message["To"], message["Subject"], message["Date"], message["Message-ID"] = (
        OURS,
        subject,
        DATE,
        f"<m{number}@people.example>",
    )
    message.set_content(said)
    return message.as_bytes()
