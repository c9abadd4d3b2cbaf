"""What a student's own checks tell of wrong answers: with a few worked examples alone, nothing that is not true."""

from __future__ import annotations

import warnings

from answers import model_answers
from gallery import FRESH, WRONG, Entry

from grader.diagnosis import explain
from grader.judging import Judge
from grader.student import LocalAnswers, public_unit

SEEN = ("entries_", "not_finite_for_large", "first_step", "later_steps")
"""What is said of the examples that were tried, and true of them: where more is known something better is told."""
ALSO_TRUE = {
    "layers.tanh_forward: 2 sigmoid(x) - 1": "halves_the_input",
    "layers.tanh_forward: sigmoid rescaled (fresh)": "halves_the_input",
    "layers.tanh_forward: sign lost (fresh)": "extra_factor_sign_x",
    "layers.softplus_forward: log1p(exp(x))": "softplus_overflows",
    "layers.softplus_forward: log1p of exp (fresh)": "softplus_overflows",
    "layers.relu_backward: output over input": "undefined_at_ties",
    "layers.logsumexp_backward: only the largest (fresh)": "routes_to_the_maximum",
    "layers.bce_with_logits_loss: through the probability (fresh)": "takes_logarithms_of_probabilities",
    # It is rounded to the nearest period, half of which is early; at the worked examples it falls as the declared mistake does.
    "optimizers.step_decay: rounded": "falls_early",
}
"""Further codes, each read beside its entry: with all cases another fact is told first."""


def told(entry: Entry) -> tuple[bool, set[str]]:
    """Whether a public check rejects an answer, and the codes of what is told of it."""
    (name,) = entry.exercises
    given = public_unit(name.partition(".")[0])
    exercise = given.exercises[name].exercise
    answers = LocalAnswers(entry.namespace(), source=entry.source)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        verdicts = Judge(answers, given.bench).verdicts(exercise)
        said = explain(exercise, verdicts, answers, given.bench)
    return any(v.status != "passed" for v in verdicts), {e.diagnosis.mistake for e in said if e.diagnosis is not None}


def test_nothing_is_told_that_is_not_true_and_most_wrong_answers_are_rejected_and_explained() -> None:
    entries, rejected = [*WRONG, *FRESH], []
    for entry in entries:
        is_rejected, codes = told(entry)
        others = {code for code in codes - entry.true if not code.startswith(SEEN)}
        assert others <= {ALSO_TRUE.get(entry.ident, "")}, f"{entry.ident}: {entry.why}"
        rejected += [codes] * is_rejected
    assert len(rejected) >= 0.9 * len(entries)
    assert sum(map(bool, rejected)) >= 0.65 * len(rejected)


def test_a_fault_in_one_gate_is_told_by_its_place_where_the_first_output_shows_none() -> None:
    """Rejects "dx is wrong where x lies between −22 and 20": beyond, gates are saturated, and each entry of a case is right.

    Of dx, which is wrong throughout, nothing else can be said; dWx is wrong in the columns of one gate alone.
    """
    text = model_answers("recurrent").replace(
        "_before_gates(dc * g, dc * prev_c,", "_before_gates(dc * g, 2 * dc * prev_c,", 1
    )
    namespace: dict[str, object] = {}
    exec(compile(text, "recurrent", "exec"), namespace)
    given = public_unit("recurrent")
    exercise = given.exercises["recurrent.lstm_step_backward"].exercise
    answers = LocalAnswers(namespace, source=text)
    words = explain(exercise, Judge(answers, given.bench).verdicts(exercise), answers, given.bench)
    assert {w.diagnosis.text for w in words if w.diagnosis is not None} == {
        "every wrong entry of dWx lies in the forget gate: every other gate of it is right"
    }
    assert any(w.message.startswith("dWx[") and "dprev_c is right" in w.message for w in words)
