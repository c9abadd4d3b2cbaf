"""The wire: what may cross comes out as it went in; any other bytes are an error and never anything else."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.runtime.inside import wire
from grader.runtime.inside.wire import AROUND, MOST_DEPTH, WireError, decode, encode

CAP = 1 << 20
DTYPES = st.sampled_from([d.str for d in wire.DTYPES])
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.text(st.characters(exclude_categories=["Cs"]))
    | hnp.arrays(DTYPES, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(st.text("abc"), inner, max_size=3)
    ),
    max_leaves=12,
)


def same(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray):
        equal = isinstance(b, np.ndarray) and a.shape == b.shape and a.dtype == b.dtype
        return bool(equal and a.tobytes() == b.tobytes())
    if isinstance(a, float):
        return struct.pack("<d", a) == struct.pack("<d", b)
    if isinstance(a, (tuple, list)):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    return type(a) is type(b) and a == b


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(VALUES)
def test_what_may_cross_comes_out_as_it_went_in(value: Any) -> None:
    assert same(value, decode(encode(value, CAP)))


def may_cross(value: Any) -> bool:
    """True of what the decoder may make: nothing else ever comes out of bytes."""
    if type(value) in (tuple, list):
        return all(map(may_cross, value))
    if type(value) is dict:
        return all(type(key) is str and may_cross(item) for key, item in value.items())
    if type(value) is np.ndarray:
        return value.dtype in wire.DTYPES and value.flags.writeable and value.base is None
    return value is None or type(value) in (bool, int, float, str)


def is_a_value_or_an_error(data: bytes) -> bool:
    try:
        return may_cross(decode(data))
    except WireError:
        return True


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_random_bytes_are_a_value_or_an_error(data: bytes) -> None:
    """No other exception leaves it: a struct.error or an IndexError would end the grader, not the submission."""
    assert is_a_value_or_an_error(data)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(VALUES, st.data())
def test_damaged_bytes_are_a_value_or_an_error(value: Any, data: st.DataObject) -> None:
    """As for random bytes, and deeper: most of a damaged value is still well formed."""
    whole = bytearray(encode(value, CAP))
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    assert is_a_value_or_an_error(bytes(whole))
    assert is_a_value_or_an_error(bytes(whole[:cut]))


def test_a_payload_is_nested_as_deeply_as_is_said_and_no_deeper() -> None:
    level, most = b"l\x01\x00\x00\x00", MOST_DEPTH + AROUND
    assert may_cross(decode(most * level + b"N"))
    assert may_cross(decode(most * level + b"l\x00\x00\x00\x00"))
    with pytest.raises(WireError, match="nested too deeply"):
        decode((most + 1) * level + b"N")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"X",
        b"NN",
        b"s\xff\xff\xff\xff",
        b"l\xff\xff\xff\xff",
        b"l\x02\x00\x00\x00N",
        b"i\x03\x00\x00\x001_0",
        b"i\x01\x00\x00\x00-",
        b"i" + struct.pack("<I", 700) + b"1" * 700,
        b"a\x63\x00",
        b"a\x00\x11" + b"\x01\x00\x00\x00" * 17,
        b"a\x00\x02" + b"\xff\xff\xff\xff" * 2,
        b"a\x00\x01\x02\x00\x00\x00" + b"\x00" * 8,
        b"d\x02\x00\x00\x00s\x01\x00\x00\x00aNs\x01\x00\x00\x00aN",
        b"d\x01\x00\x00\x00NN",
        b"t\x01\x00\x00\x00" * 40 + b"N",
    ],
)
def test_malformed_values_are_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        decode(data)


def test_a_bool_array_holds_only_true_and_false() -> None:
    code = wire.DTYPES.index(np.dtype(bool))
    array = decode(b"a" + bytes([code, 1]) + b"\x02\x00\x00\x00\x07\x00")
    assert array.tolist() == [True, False]
    assert array.view(np.uint8).tolist() == [1, 0]


def test_a_decoded_array_is_fresh_and_writable() -> None:
    data = encode(np.arange(3.0), CAP)
    array = decode(data)
    array[0] = 9
    assert decode(data).tolist() == [0, 1, 2]


def endless() -> list[Any]:
    nested: list[Any] = []
    nested.append(nested)
    return nested


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (object(), "object"),
        (np.array([object()]), "dtype object"),
        (np.array(["a"]), "dtype"),
        ({1: 2}, "keys"),
        (endless(), "deep"),
        (np.zeros(CAP), "too large"),
        ("x" * (CAP + 1), "too large"),
        ([0] * 200_000, "too many|too large"),
        (1 << 5000, "digits"),
        (lambda: 0, "function"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 20 else "",
)
def test_what_may_not_cross_is_named(value: Any, says: str) -> None:
    with pytest.raises(WireError, match=says):
        encode(value, CAP)


class Liar(np.ndarray):  # type: ignore[type-arg]
    def __eq__(self, other: object) -> bool:  # type: ignore[override]
        return True

    def tobytes(self, *_: Any) -> bytes:  # type: ignore[override]
        return b"lies"

    __hash__ = None  # type: ignore[assignment]


class Whole(int):
    def __index__(self) -> int:
        return 7


def test_subclasses_cross_as_their_base_data() -> None:
    array = decode(encode(np.arange(2.0).view(Liar), CAP))
    assert type(array) is np.ndarray
    assert array.tolist() == [0.0, 1.0]
    assert decode(encode(np.ma.masked_array([1.0], [True]), CAP)).tolist() == [1.0]
    assert decode(encode(np.float64(2.5), CAP)).shape == ()
    assert type(decode(encode(Whole(3), CAP))) is int


def test_a_frame_beyond_the_cap_is_refused_by_its_header() -> None:
    with pytest.raises(WireError, match="at most"):
        wire.read_header(struct.pack("<IBI", 1 << 30, 2, 1), CAP)
    with pytest.raises(WireError):
        wire.read_header(struct.pack("<IBI", 1, 2, 1), CAP)


@given(st.lists(st.binary(max_size=9), max_size=5))
def test_values_that_were_put_together_come_apart(values: list[bytes]) -> None:
    assert wire.apart(wire.together(values)) == values


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\x01\x00",
        b"\xff\xff\xff\xff",
        b"\x02\x00\x00\x00" + b"\x01\x00\x00\x00" + b"a",
        b"\x01\x00\x00\x00" + b"\xff\xff\xff\xff" + b"a",
        wire.together([b"ab", b"c"])[:-1],
        wire.together([b"ab", b"c"]) + b"d",
    ],
)
def test_a_payload_whose_lengths_do_not_fit_is_an_error(payload: bytes) -> None:
    """Rejects a reader that believes the count or a length, and takes bytes that are not there."""
    with pytest.raises(WireError, match="values"):
        wire.apart(payload)
