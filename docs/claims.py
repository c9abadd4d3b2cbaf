"""Writes the list of claims in docs/reference/mistakes/README.md: ``python docs/claims.py``. The grader words them itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from grader.diagnosis import placed, sentences, steps
from grader.judging import Recognised

PAGE = Path(__file__).parent / "reference" / "mistakes" / "README.md"
BEGIN, END = "<!-- claims: derived by docs/claims.py -->\n", "<!-- end of claims -->\n"


class Blank(str):
    """A value that is to be filled in: it is shown by its name, whatever the format."""

    def __format__(self, spec: str) -> str:
        return str(self)


class Claim(NamedTuple):
    """A code and the sentence that is told with it, whose values are words."""

    code: str
    sentence: str


NAME = "*out*"
"""The output that a sentence is about."""
VALUES = {
    key: Blank(f"*{key}*")
    for key in (
        "other",
        "got",
        "right",
        "count",
        "constant",
        "digits",
        "input",
        "fixed",
        "bound",
        "from",
        "to",
        "number",
        "end",
        "step",
        "key",
        "keys",
        "guard",
        "size",
        "axis",
        "axes",
        "order",
        "blocks",
        "stands",
        "what",
        "of",
        "word",
    )
}
RELATION = {"text": "*the relation, and that the answer does not satisfy it.*", "kept": ("*another relation*",)}
SETTINGS = ("doubled", "halved", "squared", "root", "one_minus")
"""What is said of a setting in a config as well as of an input."""
PARTS = {
    "Shapes, places and ranges": "form",
    "Factors": "factor",
    "Factors, entry by entry": "term",
    "One slip in the right formula": "mutant",
    "Right for other inputs": "inputs",
    "Right, and changed afterwards": "answer",
    "Wrong in one place": "place",
    "Wrong along an axis that has a name": "along",
    "Right numbers in other places along such axes": "moved",
    "Relations that every right answer satisfies": "invariant",
    "Wrong for some inputs": "where",
    "What it depends on": "dependence",
    "The state of a rule that is taken step by step": "state",
}

TABLES: Mapping[str, Mapping[str, str]] = {
    "mutant": sentences.SLIPS,
    "dependence": sentences.DEPENDENCE,
    "state": steps.STATE,
    "along": placed.ALONG,
    "moved": placed.MOVED,
}
"""Families whose codes are the keys of one table."""


def said(code: str, family: Any, **values: Any) -> Claim:
    """Have the grader word a claim."""
    return Claim(code, sentences.sentence(Recognised(code, family, values={**VALUES, **values}), NAME))


def of_family(family: str) -> Iterator[Claim]:
    """Yield the claims of a family, by the tables from which the grader words them."""
    s = sentences
    match family:
        case "form":
            yield from (said(code, "form", over="examples") for code in s.SENTENCES if code != "constant_factor")
            yield Claim(
                "keeps_state",
                "the same arguments give another answer later: something is kept between calls, or drawn at random",
            )
        case "factor":
            yield from (said(code, family, of="the first input") for code in (*s.FACTORS, "constant_factor"))
        case "term":
            yield said("missing_upstream", family, how="missing", factor="dout")
            yield said("missing_factor_x", family, how="missing", factor="x")
            for key in ("dout", "x", "sign_x", "step_x"):
                yield said(f"extra_factor_{key}", family, how="extra", factor=key)
        case "inputs":
            whole = [code for code in s.INPUTS if code.startswith(("input", "setting", "param"))]
            yield from (said(code, family) for code in whole)
            yield from (said(f"input_{code}", family) for code in s.INPUTS if code not in whole)
            yield from (said(f"setting_{code}", family) for code in SETTINGS)
            yield from (said(f"param_{code}", family) for code in ("doubled", "halved", "one_minus"))
        case "answer":
            yield from (said(f"answer_{code}", family) for code in s.ANSWERS)
            yield from (said(code, family) for code in s.DONE)
        case "place":
            yield from (said(f"only_{code}_wrong", family) for code in s.PLACES)
        case "where":
            yield from (said(f"entries_{code}", family) for code in s.ENTRIES)
            for code in s.CONDITIONS:
                yield said(f"where_{code}", family, effect="wrong", hidden=False)
            for code in s.MEASURES:
                yield from (said(f"where_{code}_{end}", family, effect="wrong") for end in ("from", "to"))
        case "invariant":
            yield Claim("breaks_x", sentences.sentence(Recognised("", "invariant", values=RELATION), NAME))
        case _:
            yield from (said(code, family) for code in TABLES[family])


def claims() -> Mapping[str, list[Claim]]:
    """Return all claims by the heading under which they stand."""
    return {heading: list(of_family(family)) for heading, family in PARTS.items()}


def listed() -> str:
    """Return the list as Markdown."""
    parts = []
    for heading, found in claims().items():
        rows = "".join(f'| <a id="{c.code}"></a>`{c.code}` | {c.sentence} |\n' for c in found)
        parts.append(f"### {heading}\n\n| code | told |\n|---|---|\n{rows}")
    return "\n".join(parts)


def with_claims(text: str) -> str:
    """Return the text of the page with the list as it is now."""
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n{listed()}\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(with_claims(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
