"""The framing between the grader and the agent in a student's kernel. Used by both sides; imports numpy and nothing of ours.

A frame is ``u32 length | u8 kind | u32 exchange | payload``, little-endian, the length counting the bytes after it. A value is a
tag and its content; only ``None``, bools, ints, floats, strings, arrays of whitelisted dtypes, and tuples, lists and string-keyed
dicts of them exist. Nothing is ever unpickled or evaluated. The decoder trusts no number in a frame: every length is compared with
the bytes that are there before anything is made of it.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from itertools import accumulate, pairwise
from math import prod
from typing import Any

import numpy as np

__all__ = [
    "HEADER",
    "Kind",
    "WireError",
    "apart",
    "base_data",
    "decode",
    "encode",
    "frame",
    "joined",
    "read_header",
    "together",
]

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
SHAPES = tuple(struct.Struct(f"<{ndim}I") for ndim in range(MOST_DIMENSIONS + 1))
ARRAY_HEADS = tuple(struct.Struct(f"<cBB{ndim}I") for ndim in range(MOST_DIMENSIONS + 1))
NONE, TRUE, FALSE, FLOAT, ARRAY, INTEGER, TEXT, TUPLE, LIST, DICT = b"NTFfaistld"
CONTAINERS = (TUPLE, LIST, DICT)
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

    ``RESULT`` holds values put ``together``, one for each of some calls that came one after the other. ``CUT`` answers a call that
    was not made, since an earlier call of its chain did not return the value that it takes.
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


def together(values: Sequence[bytes]) -> bytes:
    """Return one payload of the bytes of several values, which can be taken ``apart`` without being read."""
    return struct.pack(f"<{1 + len(values)}I", len(values), *map(len, values)) + b"".join(values)


def apart(payload: bytes) -> list[bytes]:
    """Return the bytes of each of the values that were put ``together``.

    Raises:
        WireError: the payload is not that.

    """
    count = U32.unpack_from(payload)[0] if len(payload) >= U32.size else -1
    at = U32.size * (1 + count)
    if not 0 < at <= len(payload):
        raise WireError("values without their lengths")
    lengths = struct.unpack_from(f"<{count}I", payload, U32.size)
    if at + sum(lengths) != len(payload):
        raise WireError("values that are not as long as they say")
    ends = accumulate(lengths, initial=at)
    return [payload[start:end] for start, end in pairwise(ends)]


# ------------------------------------------------------------------------------------------ encoding
def encode(value: Any, cap: int) -> bytes:
    """Return the bytes of a value.

    Raises:
        WireError: the value holds something that may not cross, or takes more than ``cap`` bytes; the message names it.

    """
    parts: list[bytes] = []
    _encode(value, parts, 0, [cap, MOST_ITEMS])
    data = b"".join(parts)
    if len(data) > cap:
        raise WireError("a value that is too large")
    return data


def joined(parts: Sequence[bytes]) -> bytes:
    """Return the bytes of a tuple, from the bytes of its values."""
    return b"t" + U32.pack(len(parts)) + b"".join(parts)


def _encode(value: Any, parts: list[bytes], depth: int, room: list[int]) -> None:  # noqa: PLR0912 - one case a type
    room[1] -= 1
    if depth > MOST_DEPTH:
        raise WireError("a value that is nested too deeply")
    if room[1] < 0:
        raise WireError("a value of too many parts")
    kind = type(value)
    if kind is np.ndarray:
        _array(value, parts, room)
    elif kind is float:
        parts.append(b"f" + F64.pack(value))
    elif kind is tuple or kind is list:
        parts.append((b"t" if kind is tuple else b"l") + U32.pack(len(value)))
        for item in value:
            _encode(item, parts, depth + 1, room)
    elif value is None:
        parts.append(b"N")
    elif kind is bool:
        parts.append(b"T" if value else b"F")
    elif kind is int:
        _text(b"i", _digits(value), parts, room)
    elif kind is str:
        _text(b"s", value.encode("utf-8", "replace"), parts, room)
    elif kind is dict:
        parts.append(b"d" + U32.pack(len(value)))
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
    _take(len(data), "a text", room)
    parts.append(tag + U32.pack(len(data)) + data)


def _array(value: np.ndarray[Any, Any], parts: list[bytes], room: list[int]) -> None:
    code = CODES.get(value.dtype)
    if code is None:  # of the other byte order, perhaps
        value = _little(value)
        code = CODES[value.dtype]
    if value.ndim > MOST_DIMENSIONS:
        raise WireError(f"an array of {value.ndim} dimensions")
    _take(value.nbytes, f"an array of {value.nbytes} bytes", room)
    parts.append(ARRAY_HEADS[value.ndim].pack(b"a", code, value.ndim, *value.shape))
    parts.append(value.tobytes())


def _take(size: int, what: str, room: list[int]) -> None:
    """Refuse what does not fit before its bytes are copied; small things are counted by their number."""
    room[0] -= size
    if room[0] < 0:
        raise WireError(f"{what}, which is too large")


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
    data = bytes(data)
    try:
        value, end = _decode(data)
    except (struct.error, IndexError, ValueError, OverflowError, MemoryError) as error:
        raise WireError(f"a malformed value ({error})") from None
    if end != len(data):
        raise WireError("bytes after the end of a value")
    return value


def _decode(data: bytes) -> tuple[Any, int]:
    """Read the value at the beginning; return it, and where it ends."""
    items: list[Any] = []  # of the innermost container that is not yet whole
    tag_of_items, most = LIST, 1
    around: list[tuple[int, int, list[Any]]] = []  # the containers around it: tag, number of items, items
    at, room = 0, AROUND * MOST_ITEMS
    while True:
        room -= 1
        if room < 0:
            raise WireError("a value that has too many parts")
        tag = data[at]
        at += 1
        if tag == FLOAT:
            items.append(F64.unpack_from(data, at)[0])
            at += 8
        elif tag == ARRAY:
            array, at = _decode_array(data, at)
            items.append(array)
        elif tag == NONE:
            items.append(None)
        elif tag in CONTAINERS:
            length, at = _length(data, at)
            around.append((tag_of_items, most, items))
            tag_of_items, most, items = tag, 2 * length if tag == DICT else length, []
            if most and len(around) > MOST_DEPTH + AROUND:
                raise WireError("a value that is nested too deeply")
        else:
            scalar, at = _decode_scalar(tag, data, at)
            items.append(scalar)
        while len(items) == most:
            if not around:
                return items[0], at
            whole = _container(tag_of_items, items)
            tag_of_items, most, items = around.pop()
            items.append(whole)


def _length(data: bytes, at: int) -> tuple[int, int]:
    """Read a length, and refuse one that goes beyond the bytes behind it."""
    (n,) = U32.unpack_from(data, at)
    if n > len(data) - at - 4:
        raise WireError("a length beyond the end of the frame")
    return n, at + 4


def _container(tag: int, items: list[Any]) -> Any:
    """Return a tuple, a list, or a dict of these items, a dict's being its keys and values in turn."""
    if tag == TUPLE:
        return tuple(items)
    if tag == LIST:
        return items
    keys = items[::2]
    if not all(type(key) is str for key in keys) or len(set(keys)) < len(keys):
        raise WireError("a dict whose keys are not different strings")
    return dict(zip(keys, items[1::2], strict=True))


def _decode_scalar(tag: int, data: bytes, at: int) -> tuple[Any, int]:
    if tag in (TRUE, FALSE):
        return tag == TRUE, at
    if tag not in (TEXT, INTEGER):
        raise WireError(f"an unknown tag {tag!r}")
    length, at = _length(data, at)
    if tag == INTEGER and length > INT_DIGITS + 2:
        raise WireError("an integer that is too long")
    text = data[at : at + length].decode("utf-8", "replace")
    return (_integer(text) if tag == INTEGER else text), at + length


def _integer(text: str) -> int:
    if not text.removeprefix("-").isascii() or not text.removeprefix("-").isdigit():
        raise WireError("an integer that is none")
    return int(text)


def _decode_array(data: bytes, at: int) -> tuple[np.ndarray[Any, Any], int]:
    code, ndim = data[at], data[at + 1]
    if code >= len(DTYPES) or ndim > MOST_DIMENSIONS:
        raise WireError("an array of unknown dtype or too many dimensions")
    shape = SHAPES[ndim].unpack_from(data, at + 2)
    at += 2 + 4 * ndim
    dtype = DTYPES[code]
    count = prod(shape) * dtype.itemsize
    if count > len(data) - at:
        raise WireError("an array beyond the end of the frame")
    if code == BOOL:  # a byte that is neither 0 nor 1 would be no bool: made anew from its truth
        return np.ndarray(shape, np.uint8, data, at).astype(np.bool_), at + count
    return np.ndarray(shape, dtype, data, at).copy(), at + count
