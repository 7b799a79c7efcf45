"""Number formats with which PowerPoint writes a value as the publication does, and printed numbers read back."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

MINUS = "−"
_NUMBER = re.compile(
    r"^(?P<before>[^\d+−-]*)(?P<sign>[+−-]?)(?P<prefix>[^\d]*)(?P<number>\d[\d,]*(?:\.\d+)?)(?P<after>.*)$"
)


def number_format(value: float, text: str) -> str:
    """The format in which `value` reads as `text` ("£"#,##0.00 for £44.68); "" where no format does it."""
    found = _NUMBER.match(text)
    if found is None or found["before"].strip():
        return ""
    number, sign = found["number"], found["sign"]
    decimals = len(number.partition(".")[2])
    digits = "#,##0" if "," in number or abs(value) < 1000 else "0"
    body = digits + ("." + "0" * decimals if decimals else "")
    prefix, suffix = _literal(found["prefix"]), _literal(found["after"])
    plain = f"{prefix}{body}{suffix}"
    if sign == "+" or (sign and not found["prefix"] and value < 0 and text.startswith(sign)):
        below = f'"{MINUS if sign == "+" else sign}"{plain}'
        made = f'"+"{plain};{below}' if sign == "+" else f"{plain};{below}"
    elif sign:
        made = f'{plain};"{sign}"{plain}'
    else:
        made = plain
    return made if _written(value, decimals) == number.replace(",", "") and _signs_agree(value, sign) else ""


def read(text: str) -> float | None:
    """The number that a text such as £17,921 million or −12.3% prints; None where it is none."""
    found = _NUMBER.match(text)
    if found is None or found["before"].strip() or re.search(r"\d", found["after"]):
        return None
    size = float(found["number"].replace(",", ""))
    return -size if found["sign"] in (MINUS, "-") else size


def _written(value: float, decimals: int) -> str:
    """The digits of `value` as spreadsheets round them: half away from zero, from 15 significant digits."""
    exact = Decimal(f"{abs(value):.15g}")
    return f"{exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):f}"


def _signs_agree(value: float, sign: str) -> bool:
    return value < 0 if sign in (MINUS, "-") else value >= 0


def _literal(text: str) -> str:
    return '"' + text.replace('"', "”") + '"' if text else ""


__all__ = ["MINUS", "number_format", "read"]
