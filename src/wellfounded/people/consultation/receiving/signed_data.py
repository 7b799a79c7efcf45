"""What an S/MIME message holds that carries its text inside the signature (RFC 5652, 5.1 and 5.2)."""

from __future__ import annotations

_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")  # 1.2.840.113549.1.7.2
_DEEPEST = 8
_SEQUENCE, _OCTETS, _OBJECT, _FIRST = 0x30, 0x04, 0x06, 0xA0


class NotSignedData(ValueError):
    """The bytes are not a signed message that can be read."""


def content_of(signed: bytes) -> bytes:
    """The content that is signed; the signature is not verified. Raises NotSignedData."""
    outer = _children(_one(signed, 0, len(signed), _SEQUENCE))
    if len(outer) < 2 or outer[0] != (_OBJECT, _SIGNED_DATA) or outer[1][0] != _FIRST:
        raise NotSignedData("it is not signed data")
    inner = _children(_expect(_children(outer[1][1]), 0, _SEQUENCE))
    held = _children(_expect(inner, 2, _SEQUENCE))
    return _octets(_expect(held, 1, _FIRST), depth=0)


def _expect(values: list[tuple[int, bytes]], index: int, tag: int) -> bytes:
    if len(values) <= index or values[index][0] != tag:
        raise NotSignedData("it is not built as signed data is")
    return values[index][1]


def _octets(content: bytes, *, depth: int) -> bytes:
    """An octet string, which may be in pieces."""
    if depth > _DEEPEST:
        raise NotSignedData("it is nested too deeply")
    pieces = []
    for tag, value in _children(content):
        if tag == _OCTETS:
            pieces.append(value)
        elif tag == _OCTETS | 0x20:
            pieces.append(_octets(value, depth=depth + 1))
        else:
            raise NotSignedData("its content is not in octets")
    return b"".join(pieces)


def _one(data: bytes, start: int, end: int, tag: int) -> bytes:
    found, content, _ = _value(data, start, end, depth=0)
    if found != tag:
        raise NotSignedData("it does not begin as signed data does")
    return content


def _children(content: bytes) -> list[tuple[int, bytes]]:
    found, start = [], 0
    while start < len(content):
        tag, value, start = _value(content, start, len(content), depth=0)
        found.append((tag, value))
    return found


def _value(data: bytes, start: int, end: int, *, depth: int) -> tuple[int, bytes, int]:
    """Tag, content and end of the value at `start`; its length may be left open until two zero bytes."""
    if start + 2 > end or depth > 20:
        raise NotSignedData("it is cut off or nested too deeply")
    tag, length, start = data[start], data[start + 1], start + 2
    if length == 0x80:
        at = start
        while data[at : at + 2] != b"\0\0":
            _, _, at = _value(data, at, end, depth=depth + 1)
        return tag, data[start:at], at + 2
    if length > 0x80:
        count = length - 0x80
        if count > 8 or start + count > end:
            raise NotSignedData("it is cut off")
        length = int.from_bytes(data[start : start + count], "big")
        start += count
    if start + length > end:
        raise NotSignedData("it is cut off")
    return tag, data[start : start + length], start + length
