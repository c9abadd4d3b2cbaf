"""The framing between the grader and the agent in a student's kernel. Used by both sides; imports numpy and nothing of ours.

A frame is ``u32 length | u8 kind | u32 exchange | payload``, little-endian, the length counting the bytes after it. A value is a
tag and its content; only ``None``, bools, ints, floats, strings, arrays of whitelisted dtypes, and tuples, lists and string-keyed
dicts of them exist. Nothing is ever unpickled or evaluated. The decoder trusts no number in a frame: every length is compared with
the bytes that are there before anything is made of it.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["HEADER", "Kind", "WireError", "base_data", "decode", "encode", "frame", "joined", "read_header"]

HEADER = struct.Struct("<IBI")
U32 = struct.Struct("<I")
F64 = struct.Struct("<d")
DTYPES = tuple(
    np.dtype(name)
    for name in ("<f8", "<f4", "<f2", "<i8", "<i4", "<i2", "|i1", "<u8", "<u4", "<u2", "|u1", "|b1", "<c16", "<c8")
)
CODES = {dtype: code for code, dtype in enumerate(DTYPES)}
BOOL = CODES[np.dtype("|b1")]
MOST_DIMENSIONS = 16
ARRAY_HEADS = tuple(struct.Struct(f"<cBB{ndim}I") for ndim in range(MOST_DIMENSIONS + 1))
NONE, TRUE, FALSE, FLOAT, ARRAY, INTEGER, TEXT, TUPLE, LIST, DICT = b"NTFfaistld"
MOST_DEPTH = 12
MOST_ITEMS = 100_000
AROUND = 2
"""How much deeper, and how many times larger, than one value a payload may be that holds several."""
BASES: tuple[tuple[type, Any], ...] = (
    (int, lambda value: int.__add__(value, 0)),
    (float, float.__float__),
    (str, str.__str__),
    (tuple, lambda value: tuple.__getitem__(value, slice(None))),
    (list, list.copy),
    (dict, dict.copy),
)
"""Functions that read the data of a subclass without its own methods, by base class."""
INT_DIGITS = 640
"""Integers cross as decimal digits; Python itself refuses to read more than 640 where it is told to be careful."""


class Kind:
    """Kinds of frames: two requests of the grader (``CHAINS``, ``CONTROL``), and the agent's answers.

    ``RESULT`` holds a tuple of values, one for each of some calls that came one after the other. ``CUT`` answers a call that was
    not made, since an earlier call of its chain did not return the value that it takes.
    """

    CHAINS, RESULT, RAISED, REFUSED, TIMED_OUT, CONTROL, CUT = 1, 2, 3, 4, 5, 6, 7


class WireError(Exception):
    """A value that may not cross, or bytes that are no frame."""


def frame(kind: int, exchange: int, payload: bytes) -> bytes:
    """Return a whole frame."""
    return HEADER.pack(HEADER.size - 4 + len(payload), kind, exchange) + payload


def read_header(head: bytes, cap: int) -> tuple[int, int, int]:
    """Return the kind of a frame, the number of its exchange, and the length in bytes of the payload that follows.

    Raises:
        WireError: the frame is shorter than its header or longer than ``cap`` bytes.

    """
    length, kind, exchange = HEADER.unpack(head)
    length -= HEADER.size - 4
    if not 0 <= length <= cap:
        raise WireError(f"a frame of {length} bytes, at most {cap} are allowed")
    return kind, exchange, length


# ------------------------------------------------------------------------------------------ encoding
def encode(value: Any, cap: int) -> bytes:
    """Return the bytes of a value.

    Raises:
        WireError: the value holds something that may not cross, or takes more than ``cap`` bytes; the message names it.

    """
    parts: list[bytes] = []
    _encode(value, parts, 0, [cap, MOST_ITEMS])
    return b"".join(parts)


def joined(parts: Sequence[bytes]) -> bytes:
    """Return the bytes of a tuple, from the bytes of its values."""
    return b"t" + U32.pack(len(parts)) + b"".join(parts)


def _put(piece: bytes, parts: list[bytes], room: list[int]) -> None:
    room[0] -= len(piece)
    if room[0] < 0:
        raise WireError("a value that is too large")
    parts.append(piece)


def _encode(value: Any, parts: list[bytes], depth: int, room: list[int]) -> None:  # noqa: PLR0912 - one case a type
    room[1] -= 1
    if depth > MOST_DEPTH:
        raise WireError("a value that is nested too deeply")
    if room[1] < 0:
        raise WireError("a value of too many parts")
    kind = type(value)
    if kind is np.ndarray:
        _array(value, parts, room)
    elif kind is str:
        _text(b"s", value.encode("utf-8", "replace"), parts, room)
    elif kind is float:
        _put(b"f" + F64.pack(value), parts, room)
    elif kind is tuple or kind is list:
        _put((b"t" if kind is tuple else b"l") + U32.pack(len(value)), parts, room)
        for item in value:
            _encode(item, parts, depth + 1, room)
    elif value is None:
        _put(b"N", parts, room)
    elif kind is bool:
        _put(b"T" if value else b"F", parts, room)
    elif kind is int:
        _text(b"i", _digits(value), parts, room)
    elif kind is dict:
        _put(b"d" + U32.pack(len(value)), parts, room)
        for key, item in value.items():
            if type(key) is not str:
                raise WireError(f"a dict whose keys are not all strings ({type(key).__name__})")
            _text(b"s", key.encode("utf-8", "replace"), parts, room)
            _encode(item, parts, depth + 1, room)
    else:
        _encode(base_data(value), parts, depth, room)


def base_data(value: Any) -> Any:
    """Return an instance of a subclass as its base class: its data alone, whatever its own methods and its ``__class__`` say.

    Raises:
        WireError: it is of no class that may cross.

    """
    kind = type(value)
    if issubclass(kind, np.ndarray):
        return np.array(value, subok=False, copy=True)
    if issubclass(kind, np.generic):
        return np.array(value)
    for base, data in BASES:
        if issubclass(kind, base):
            return data(value)
    raise WireError(f"a {kind.__name__} object")


def _digits(value: int) -> bytes:
    if value.bit_length() > 3 * INT_DIGITS:  # about 580 digits
        raise WireError("an integer of more than 570 digits")
    return str(value).encode("ascii")


def _text(tag: bytes, data: bytes, parts: list[bytes], room: list[int]) -> None:
    _put(tag + U32.pack(len(data)) + data, parts, room)


def _array(value: np.ndarray[Any, Any], parts: list[bytes], room: list[int]) -> None:
    code = CODES.get(value.dtype)
    if code is None:  # of the other byte order, perhaps
        value = _little(value)
        code = CODES[value.dtype]
    if value.ndim > MOST_DIMENSIONS:
        raise WireError(f"an array of {value.ndim} dimensions")
    if value.nbytes > room[0]:
        raise WireError(f"an array of {value.nbytes} bytes, which is too large")
    _put(ARRAY_HEADS[value.ndim].pack(b"a", code, value.ndim, *value.shape), parts, room)
    _put(value.tobytes(), parts, room)


def _little(value: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    little = value.dtype.newbyteorder("<")
    if little not in CODES:
        raise WireError(f"an array of dtype {value.dtype}")
    return value.astype(little)


# ------------------------------------------------------------------------------------------ decoding
def decode(data: bytes) -> Any:
    """Return the value of a payload; arrays are fresh and writable.

    Raises:
        WireError: the bytes are not exactly one value.

    """
    try:
        value, end = _decode(bytes(data), 0, 0, [AROUND * MOST_ITEMS])
    except (struct.error, IndexError, ValueError, OverflowError, MemoryError) as error:
        raise WireError(f"a malformed value ({error})") from None
    if end != len(data):
        raise WireError("bytes after the end of a value")
    return value


def _length(data: bytes, at: int) -> tuple[int, int]:
    """Read a length, and refuse one that goes beyond the bytes behind it."""
    (n,) = U32.unpack_from(data, at)
    if n > len(data) - at - 4:
        raise WireError("a length beyond the end of the frame")
    return n, at + 4


def _decode(data: bytes, at: int, depth: int, room: list[int]) -> tuple[Any, int]:
    room[0] -= 1
    if depth > MOST_DEPTH + AROUND or room[0] < 0:
        raise WireError("a value that is nested too deeply or has too many parts")
    tag = data[at]
    at += 1
    if tag == ARRAY:
        return _decode_array(data, at)
    if tag == FLOAT:
        return F64.unpack_from(data, at)[0], at + 8
    if tag in (TEXT, INTEGER):
        n, at = _length(data, at)
        if tag == INTEGER and n > INT_DIGITS + 2:
            raise WireError("an integer that is too long")
        text = data[at : at + n].decode("utf-8", "replace")
        return (_integer(text) if tag == INTEGER else text), at + n
    if tag in (TUPLE, LIST):
        n, at = _length(data, at)
        items = []
        for _ in range(n):
            item, at = _decode(data, at, depth + 1, room)
            items.append(item)
        return (tuple(items) if tag == TUPLE else items), at
    if tag == NONE:
        return None, at
    if tag in (TRUE, FALSE):
        return tag == TRUE, at
    if tag == DICT:
        return _decode_dict(data, at, depth, room)
    raise WireError(f"an unknown tag {tag!r}")


def _integer(text: str) -> int:
    if not text.removeprefix("-").isascii() or not text.removeprefix("-").isdigit():
        raise WireError("an integer that is none")
    return int(text)


def _decode_dict(data: bytes, at: int, depth: int, room: list[int]) -> tuple[dict[str, Any], int]:
    n, at = _length(data, at)
    found: dict[str, Any] = {}
    for _ in range(n):
        key, at = _decode(data, at, depth + 1, room)
        if type(key) is not str or key in found:
            raise WireError("a dict whose keys are not different strings")
        found[key], at = _decode(data, at, depth + 1, room)
    return found, at


def _decode_array(data: bytes, at: int) -> tuple[np.ndarray[Any, Any], int]:
    code, ndim = data[at], data[at + 1]
    if code >= len(DTYPES) or ndim > MOST_DIMENSIONS:
        raise WireError("an array of unknown dtype or too many dimensions")
    shape = struct.unpack_from(f"<{ndim}I", data, at + 2)
    at += 2 + 4 * ndim
    size = 1
    for length in shape:
        size *= length
    count = size * DTYPES[code].itemsize
    if count > len(data) - at:
        raise WireError("an array beyond the end of the frame")
    raw = np.frombuffer(data, np.uint8 if code == BOOL else DTYPES[code], size, at)
    # A byte that is neither 0 nor 1 would be no bool: made anew from its truth.
    return (raw != 0 if code == BOOL else raw.copy()).reshape(shape), at + count
