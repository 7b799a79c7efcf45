"""Mail that no person wrote: automatic replies, reports on delivery, and our own mail that has come back."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from wellfounded.people.consultation.receiving.types import Kind, Mailbox

OURS = ("X-Wellfounded", "X-Loop")  # headers of our own mail; the second with one of our addresses
_MOST_HOPS = 50  # more servers than this have handed it on: it goes in circles
# Only at the start, and only whole: "Out of office space in Chester" is a response.
_AWAY = re.compile(
    r"(?:\[[^\]]*\]\s*)?(?:(?:automatic|auto|automated|automatig)[- ]?(?:reply|response|acknowledge?ment"
    r"|generated reply|ateb)"
    r"|ateb awtomatig|autoreply|autoresponse|ymateb awtomatig"
    r"|out[- ]of[- ](?:the[- ])?office(?: (?:auto-?reply|reply|message|notice))?"
    r"|allan o'?r swyddfa|i am (?:away|out of (?:the )?office)|abwesenheitsnotiz|automatische antwort"
    r"|réponse automatique"
    r"|vacation reply)\s*(?:[:\-–—(].*)?",
    re.IGNORECASE | re.DOTALL,
)
_FAILED = re.compile(
    r"(?:undeliver(?:able|ed)|delivery (?:status notification|has failed|failure|report|delayed|incomplete)"
    r"|mail delivery (?:failed|failure|system|subsystem)"
    r"|returned mail|failure notice|message (?:not delivered|could not be delivered|delivery)|non[- ]?delivery"
    r"|warning: (?:message|could not send))",
    re.IGNORECASE,
)
_READ = re.compile(r"(?:read|not read|read receipt|darllenwyd)\s*:", re.IGNORECASE)
_POSTMASTER = re.compile(r"(?:mailer-daemon|postmaster|mail-daemon|mailerdaemon|mdaemon|bounces?)(?:[+@=-]|$)")


def kind_of(
    header: Callable[[str], str], *, content_type: str, report: str, hops: int, sender: Mailbox, subject: str,
    own: Collection[str],
) -> tuple[Kind, str]:  # fmt: skip
    """Who or what wrote a message, and why that is thought. `own` are the addresses that we write from and read at."""
    auto = header("Auto-Submitted").split(";")[0].strip().lower()
    automatic = auto not in ("", "no")
    loop = header(OURS[1]).lower()
    if header(OURS[0]) or any(address and address in loop for address in own):
        return Kind.LOOP, f"it carries a header of our own mail ({OURS[0] if header(OURS[0]) else OURS[1]})"
    if sender.address in own and automatic:
        return Kind.LOOP, "it comes from our own address and says that a machine sent it"
    if hops > _MOST_HOPS:
        return Kind.LOOP, f"{hops} servers have handed it on: it goes in circles"
    if content_type == "multipart/report" and report in ("delivery-status", ""):
        return Kind.BOUNCE, "it is a report on the delivery of a message"
    if content_type == "multipart/report":
        return Kind.AUTOMATIC, f"it is a machine's report ({report[:60]})"
    nobody = header("Return-Path").strip() == "<>"
    postmaster = bool(_POSTMASTER.match(sender.address))
    if header("X-Failed-Recipients"):
        return Kind.BOUNCE, "it names recipients that could not be reached"
    if _FAILED.match(subject) and (postmaster or nobody):
        return Kind.BOUNCE, "a mail server reports that something could not be delivered"
    if automatic:
        return Kind.AUTOMATIC, f"its sender's system says so (Auto-Submitted: {auto[:40]})"
    for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply", "X-Vacation"):
        if header(name) and header(name).strip().lower() not in ("no", "false", "0"):
            return Kind.AUTOMATIC, f"its sender's system says so ({name})"
    if re.fullmatch(r"auto[-_]?reply", header("Precedence").strip(), re.IGNORECASE):
        return Kind.AUTOMATIC, "its sender's system says so (Precedence)"
    if _AWAY.fullmatch(subject.strip()):
        return Kind.AUTOMATIC, "its subject is that of an automatic reply"
    if _READ.match(subject) and (nobody or content_type == "message/disposition-notification"):
        return Kind.AUTOMATIC, "it only says that a message was read"
    if postmaster:
        return Kind.BOUNCE, "it comes from a mail server's own address"
    return Kind.PERSON, ""
