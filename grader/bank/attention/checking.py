"""A test to write: a checker of attention's backward pass."""

from __future__ import annotations

import numpy as np

from grader.bank.attention.words import attend, dot_backward
from grader.bank.forms import checker


# ------------------------------------------------------------------------------------ candidates
def put(checker, candidate):
    return checker(candidate)


def query_by_query(dout, Q, K, V, mask):
    """One that goes through the queries in a loop, with the whole Jacobian of each softmax."""
    dQ, dK, dV = np.zeros_like(Q), np.zeros_like(K), np.zeros_like(V)
    for n in range(len(Q)):
        for i in range(Q.shape[1]):
            on = np.flatnonzero(mask[n, i])
            if len(on) == 0:
                continue
            s = K[n, on] @ Q[n, i] / K.shape[2] ** 0.5
            a = np.exp(s - s.max())
            a = a / a.sum()
            ds = (np.diag(a) - np.outer(a, a)) @ (V[n, on] @ dout[n, i]) / K.shape[2] ** 0.5
            dQ[n, i] += ds @ K[n, on]
            dK[n, on] += np.outer(ds, Q[n, i])
            dV[n, on] += np.outer(a, dout[n, i])
    return [dQ, dK, dV]


def by_einsum(dout, Q, K, V, mask):
    """One that is written with einsum, and takes the coupling from the output."""
    c = 1 / np.sqrt(Q.shape[-1])
    S = np.einsum("nid,njd->nij", c * Q, K)
    S = np.where(mask, S, -1e300)
    E = mask * np.exp(S - S.max(axis=2, keepdims=True))
    total = E.sum(axis=2, keepdims=True)
    A = np.divide(E, total, out=np.zeros_like(E), where=total > 0)
    out = np.einsum("nij,njd->nid", A, V)
    dS = c * A * (np.einsum("nid,njd->nij", dout, V) - (dout * out).sum(axis=2)[:, :, None])
    return np.einsum("nij,njd->nid", dS, K), np.einsum("nij,nid->njd", dS, Q), np.einsum("nij,nid->njd", A, dout)


def loses_the_root(dout, Q, K, V, mask):
    S = np.where(mask, Q @ K.transpose(0, 2, 1) / np.sqrt(K.shape[2]), -1e30)
    A = mask * np.exp(S - S.max(axis=2, keepdims=True))
    A = A / np.maximum(A.sum(axis=2, keepdims=True), 1e-300)
    dA = dout @ V.transpose(0, 2, 1)
    dS = A * (dA - (dA * A).sum(axis=2, keepdims=True))
    return dS @ K, dS.transpose(0, 2, 1) @ Q, A.transpose(0, 2, 1) @ dout


def has_no_scale(dout, Q, K, V, mask):
    S = np.where(mask, Q @ K.transpose(0, 2, 1), -1e30)
    A = mask * np.exp(S - S.max(axis=2, keepdims=True))
    A = A / np.maximum(A.sum(axis=2, keepdims=True), 1e-300)
    dA = dout @ V.transpose(0, 2, 1)
    dS = A * (dA - (dA * A).sum(axis=2, keepdims=True))
    return dS @ K, dS.transpose(0, 2, 1) @ Q, A.transpose(0, 2, 1) @ dout


def keeps_the_diagonal(dout, Q, K, V, mask):
    S = np.where(mask, Q @ K.transpose(0, 2, 1) / np.sqrt(K.shape[2]), -1e30)
    A = mask * np.exp(S - S.max(axis=2, keepdims=True))
    A = A / np.maximum(A.sum(axis=2, keepdims=True), 1e-300)
    dS = A * (1 - A) * (dout @ V.transpose(0, 2, 1)) / np.sqrt(K.shape[2])
    return dS @ K, dS.transpose(0, 2, 1) @ Q, A.transpose(0, 2, 1) @ dout


def masks_with_zero(dout, Q, K, V, mask):
    S = mask * (Q @ K.transpose(0, 2, 1)) / np.sqrt(K.shape[2])
    A = np.exp(S - S.max(axis=2, keepdims=True))
    A = A / A.sum(axis=2, keepdims=True)
    dA = dout @ V.transpose(0, 2, 1)
    dS = mask * A * (dA - (dA * A).sum(axis=2, keepdims=True)) / np.sqrt(K.shape[2])
    return dS @ K, dS.transpose(0, 2, 1) @ Q, A.transpose(0, 2, 1) @ dout


def masks_after_the_softmax(dout, Q, K, V, mask):
    S = Q @ K.transpose(0, 2, 1) / np.sqrt(K.shape[2])
    P = np.exp(S - S.max(axis=2, keepdims=True))
    P = P / P.sum(axis=2, keepdims=True)
    dP = mask * (dout @ V.transpose(0, 2, 1))
    dS = P * (dP - (dP * P).sum(axis=2, keepdims=True)) / np.sqrt(K.shape[2])
    return dS @ K, dS.transpose(0, 2, 1) @ Q, (mask * P).transpose(0, 2, 1) @ dout


def averages_rows_that_are_off(dout, Q, K, V, mask):
    S = np.where(mask, Q @ K.transpose(0, 2, 1) / np.sqrt(K.shape[2]), -1e9)
    A = np.exp(S - S.max(axis=2, keepdims=True))
    A = A / A.sum(axis=2, keepdims=True)
    dA = dout @ V.transpose(0, 2, 1)
    dS = mask * A * (dA - (dA * A).sum(axis=2, keepdims=True)) / np.sqrt(K.shape[2])
    return dS @ K, dS.transpose(0, 2, 1) @ Q, A.transpose(0, 2, 1) @ dout


def normalises_over_queries(dout, Q, K, V, mask):
    S = np.where(mask, Q @ K.transpose(0, 2, 1) / np.sqrt(K.shape[2]), -1e30)
    A = mask * np.exp(S - S.max(axis=1, keepdims=True))
    A = A / np.maximum(A.sum(axis=1, keepdims=True), 1e-300)
    dA = dout @ V.transpose(0, 2, 1)
    dS = A * (dA - (dA * A).sum(axis=1, keepdims=True)) / np.sqrt(K.shape[2])
    return dS @ K, dS.transpose(0, 2, 1) @ Q, A.transpose(0, 2, 1) @ dout


def ignores_dout(dout, Q, K, V, mask):
    S = np.where(mask, Q @ K.transpose(0, 2, 1) / np.sqrt(K.shape[2]), -1e30)
    A = mask * np.exp(S - S.max(axis=2, keepdims=True))
    A = A / np.maximum(A.sum(axis=2, keepdims=True), 1e-300)
    dout_ = np.ones_like(dout)
    dA = dout_ @ V.transpose(0, 2, 1)
    dS = A * (dA - (dA * A).sum(axis=2, keepdims=True)) / np.sqrt(K.shape[2])
    return dS @ K, dS.transpose(0, 2, 1) @ Q, A.transpose(0, 2, 1) @ dout_


def forgets_a_transpose(dout, Q, K, V, mask):
    S = np.where(mask, Q @ K.transpose(0, 2, 1) / np.sqrt(K.shape[2]), -1e30)
    A = mask * np.exp(S - S.max(axis=2, keepdims=True))
    A = A / np.maximum(A.sum(axis=2, keepdims=True), 1e-300)
    dA = dout @ V.transpose(0, 2, 1)
    dS = A * (dA - (dA * A).sum(axis=2, keepdims=True)) / np.sqrt(K.shape[2])
    if dS.shape[1] == dS.shape[2]:
        return dS @ K, dS @ Q, A.transpose(0, 2, 1) @ dout
    return dS @ K, dS.transpose(0, 2, 1) @ Q, A.transpose(0, 2, 1) @ dout


def scales_by_the_values(dout, Q, K, V, mask):
    S = np.where(mask, Q @ K.transpose(0, 2, 1) / np.sqrt(V.shape[2]), -1e30)
    A = mask * np.exp(S - S.max(axis=2, keepdims=True))
    A = A / np.maximum(A.sum(axis=2, keepdims=True), 1e-300)
    dA = dout @ V.transpose(0, 2, 1)
    dS = A * (dA - (dA * A).sum(axis=2, keepdims=True)) / np.sqrt(V.shape[2])
    return dS @ K, dS.transpose(0, 2, 1) @ Q, A.transpose(0, 2, 1) @ dout


def uses_the_first_mask(dout, Q, K, V, mask):
    mask = np.repeat(mask[:1], len(mask), axis=0)
    S = np.where(mask, Q @ K.transpose(0, 2, 1) / np.sqrt(K.shape[2]), -1e30)
    A = mask * np.exp(S - S.max(axis=2, keepdims=True))
    A = A / np.maximum(A.sum(axis=2, keepdims=True), 1e-300)
    dA = dout @ V.transpose(0, 2, 1)
    dS = A * (dA - (dA * A).sum(axis=2, keepdims=True)) / np.sqrt(K.shape[2])
    return dS @ K, dS.transpose(0, 2, 1) @ Q, A.transpose(0, 2, 1) @ dout


def fits_squares_alone(dout, Q, K, V, mask):
    """One that raises an error where there are more queries than keys, or fewer."""
    S = np.where(mask, Q @ K.transpose(0, 2, 1) / np.sqrt(K.shape[2]), -1e30)
    A = mask * np.exp(S - S.max(axis=2, keepdims=True))
    A = A / np.maximum(A.sum(axis=2, keepdims=True), 1e-300)
    dA = dout @ V.transpose(0, 2, 1)
    dS = A * (dA - (dA * A).sum(axis=2, keepdims=True)) / np.sqrt(K.shape[2])
    return dS @ K, dS.transpose(0, 2, 1) @ Q, A @ dout


# --------------------------------------------------------------------------------------- checker
is_attention_backward = checker(
    "attention.is_attention_backward",
    put,
    right=[query_by_query, by_einsum],
    wrong={
        "a backward pass that has lost the root of d_k": loses_the_root,
        "gradients of attention without any scale": has_no_scale,
        "a softmax of whose Jacobian only the diagonal is there": keeps_the_diagonal,
        "gradients for masked scores of 0": masks_with_zero,
        "gradients for a mask that comes after the softmax": masks_after_the_softmax,
        "a row that is masked throughout, and hands on the mean of all values": averages_rows_that_are_off,
        "a softmax that runs over the queries": normalises_over_queries,
        "gradients that take ones for dout": ignores_dout,
        "a dK that forgets a transpose where there are as many queries as keys": forgets_a_transpose,
        "a scale that is that of the values": scales_by_the_values,
        "one mask for all sequences": uses_the_first_mask,
        "a dV without a transpose, which raises an error where T_q is not T_k": fits_squares_alone,
    },
    points=6,
)
UNLIKE = ((2, 3, 4, 5, 6), (3, 5, 2, 4, 3), (2, 4, 4, 3, 2))


def checks(candidate, shapes=UNLIKE, masked=True, off=True, ones=False, which=(0, 1, 2), tolerance=1e-6):
    """Hold a candidate against the right gradients at drawn arrays; return the answer, False where it raises an error."""
    rng = np.random.default_rng(3)
    for N, T_q, T_k, d_k, d_v in shapes:
        Q, K, V = (rng.standard_normal(s) for s in ((N, T_q, d_k), (N, T_k, d_k), (N, T_k, d_v)))
        dout = np.ones((N, T_q, d_v)) if ones else rng.standard_normal((N, T_q, d_v))
        mask = rng.random((N, T_q, T_k)) < 0.6 if masked else np.ones((N, T_q, T_k), dtype=bool)
        mask[:, :, 0] = True
        if off and masked:
            mask[0, 0] = False
        right = dot_backward(dout, Q, K, V, attend(Q, K, V, mask)[1])
        try:
            found = candidate(dout, Q, K, V, mask)
        except Exception:
            return False
        for i in which:
            if np.shape(found[i]) != right[i].shape or np.abs(found[i] - right[i]).max() > tolerance * (
                1e-6 + np.abs(right[i]).max()
            ):
                return False
    return True


@is_attention_backward.mistake("What it misses is what keys of a single feature miss: √d_k is 1 there.")
def tries_one_feature(backward):
    return checks(backward, [(N, q, k, 1, v) for N, q, k, _, v in UNLIKE])


@is_attention_backward.mistake(
    "What it misses is what a single key misses: its weight is 1, and a softmax of one is constant."
)
def tries_one_key(backward):
    return checks(backward, [(N, q, 1, d, v) for N, q, _, d, v in UNLIKE])


@is_attention_backward.mistake(
    "What it misses is what shapes without two equal lengths miss: a transpose that is forgotten fits square ones alone."
)
def tries_no_squares(backward):
    return checks(backward, UNLIKE[:2])


@is_attention_backward.mistake(
    "What it misses is what keys and values of one width miss: one may stand for the other there."
)
def tries_equal_widths(backward):
    return checks(backward, [(N, q, k, d, d) for N, q, k, d, _ in UNLIKE])


@is_attention_backward.mistake("What it misses is what a mask that hides nothing misses.")
def tries_open_masks(backward):
    return checks(backward, masked=False)


@is_attention_backward.mistake("What it misses is what a mask misses that leaves each query a key.")
def leaves_each_query_a_key(backward):
    return checks(backward, off=False)


@is_attention_backward.mistake("What it misses is what an upstream gradient of ones misses.")
def tries_ones_for_dout(backward):
    return checks(backward, ones=True)


@is_attention_backward.mistake("What it misses is what a dV alone does not show.")
def looks_at_the_values_alone(backward):
    return checks(backward, which=(2,))


@is_attention_backward.mistake("What it misses is what a batch of one sequence misses.")
def tries_one_sequence(backward):
    return checks(backward, [(1, *rest) for _, *rest in UNLIKE])


@is_attention_backward.mistake("What it misses is what shapes alone do not show.")
def looks_at_the_shapes(backward):
    return checks(backward, tolerance=np.inf)


@is_attention_backward.mistake("Every candidate of ours was refused, and some of them are right.")
def refuses_all(backward):
    return False


@is_attention_backward.mistake("Every candidate of ours was accepted, and most of them are wrong.")
def accepts_all(backward):
    return True
