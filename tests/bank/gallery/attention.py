"""Right and wrong answers to unit ``attention``, written from the public contract alone.

An answer that differs from a right one in some functions holds these alone.
"""

from __future__ import annotations

from functools import partial

from .entry import changed, noted, right, wrong

__all__ = ["RIGHT_ATTENTION", "WRONG_ATTENTION"]

_changed, _noted, _right, _wrong = (partial(make, "attention") for make in (changed, noted, right, wrong))

_PAIR = _right(
    "attention_forward attention_backward",
    "matmul, minus infinity, the largest score subtracted, rows without a key guarded",
    """
        def attention_forward(Q, K, V, mask=None):
            S = Q @ K.transpose(0, 2, 1) / np.sqrt(Q.shape[-1])
            if mask is not None:
                S = np.where(mask, S, -np.inf)
            m = S.max(axis=-1, keepdims=True)
            e = np.exp(S - np.where(np.isfinite(m), m, 0.0))
            z = e.sum(axis=-1, keepdims=True)
            A = e / np.where(z == 0, 1.0, z)
            out = A @ V
            cache = (Q, K, V, A)
            return out, cache


        def attention_backward(dout, cache):
            Q, K, V, A = cache
            scale = 1 / np.sqrt(Q.shape[-1])
            dV = A.transpose(0, 2, 1) @ dout
            dA = dout @ V.transpose(0, 2, 1)
            dS = A * (dA - (dA * A).sum(axis=-1, keepdims=True)) * scale
            dQ = dS @ K
            dK = dS.transpose(0, 2, 1) @ Q
            return dQ, dK, dV
    """,
)

_BLOCK = _right(
    "split_heads merge_heads multi_head_forward multi_head_backward rms_norm_forward rms_norm_backward"
    " transformer_block_forward transformer_block_backward",
    "small functions that call one another",
    """
        def _weights(S, mask=None):
            if mask is not None:
                S = np.where(mask, S, -np.inf)
            m = S.max(axis=-1, keepdims=True)
            e = np.exp(S - np.where(np.isfinite(m), m, 0.0))
            z = e.sum(axis=-1, keepdims=True)
            return e / np.where(z == 0, 1.0, z)


        def split_heads(x, heads):
            N, T, D = x.shape
            return x.reshape(N, T, heads, D // heads).transpose(0, 2, 1, 3)


        def merge_heads(x):
            N, H, T, d = x.shape
            return x.transpose(0, 2, 1, 3).reshape(N, T, H * d)


        def multi_head_forward(x, Wq, Wk, Wv, Wo, heads, mask=None):
            Q, K, V = (split_heads(x @ W, heads) for W in (Wq, Wk, Wv))
            S = Q @ K.swapaxes(-1, -2) / np.sqrt(Q.shape[-1])
            A = _weights(S, None if mask is None else mask[:, None])
            out = merge_heads(A @ V) @ Wo
            cache = (x, Wq, Wk, Wv, Wo, Q, K, V, A)
            return out, cache


        def multi_head_backward(dout, cache):
            x, Wq, Wk, Wv, Wo, Q, K, V, A = cache
            heads = Q.shape[1]
            joined = merge_heads(A @ V)
            dWo = np.einsum("ntf,ntd->fd", joined, dout)
            do = split_heads(dout @ Wo.T, heads)
            dV = A.swapaxes(-1, -2) @ do
            dA = do @ V.swapaxes(-1, -2)
            dS = A * (dA - (dA * A).sum(-1, keepdims=True)) / np.sqrt(Q.shape[-1])
            dq, dk, dv = merge_heads(dS @ K), merge_heads(dS.swapaxes(-1, -2) @ Q), merge_heads(dV)
            dWq, dWk, dWv = (np.einsum("ntd,ntf->df", x, g) for g in (dq, dk, dv))
            dx = dq @ Wq.T + dk @ Wk.T + dv @ Wv.T
            return dx, dWq, dWk, dWv, dWo


        def rms_norm_forward(x):
            r = np.sqrt((x**2).mean(axis=-1, keepdims=True) + 1e-5)
            out = x / r
            cache = (out, r)
            return out, cache


        def rms_norm_backward(dout, cache):
            out, r = cache
            return (dout - out * (dout * out).mean(axis=-1, keepdims=True)) / r


        def transformer_block_forward(x, Wq, Wk, Wv, Wo, W1, W2, heads):
            N, T, _ = x.shape
            causal = np.broadcast_to(np.tril(np.ones((T, T), dtype=bool)), (N, T, T))
            y, norm_x = rms_norm_forward(x)
            z, attention = multi_head_forward(y, Wq, Wk, Wv, Wo, heads, causal)
            h = x + z
            b, norm_h = rms_norm_forward(h)
            a = np.maximum(b @ W1, 0)
            out = h + a @ W2
            cache = (norm_x, attention, norm_h, b, a, W1, W2)
            return out, cache


        def transformer_block_backward(dout, cache):
            norm_x, attention, norm_h, b, a, W1, W2 = cache
            dW2 = np.einsum("ntf,ntd->fd", a, dout)
            da = (dout @ W2.T) * (a > 0)
            dW1 = np.einsum("ntd,ntf->df", b, da)
            dh = dout + rms_norm_backward(da @ W1.T, norm_h)
            dy, dWq, dWk, dWv, dWo = multi_head_backward(dh, attention)
            dx = dh + rms_norm_backward(dy, norm_x)
            return dx, dWq, dWk, dWv, dWo, dW1, dW2
    """,
)

RIGHT_ATTENTION = [
    _PAIR,
    _BLOCK,
    _right(
        "word_embedding_forward word_embedding_backward",
        "fancy index, np.add.at",
        """
            def word_embedding_forward(x, W):
                out = W[x]
                cache = (x, W)
                return out, cache


            def word_embedding_backward(dout, cache):
                x, W = cache
                dW = np.zeros_like(W)
                np.add.at(dW, x, dout)
                return dW
        """,
    ),
    _right(
        "word_embedding_forward word_embedding_backward",
        "loops over sequences and tokens",
        """
            def word_embedding_forward(x, W):
                N, T = x.shape
                out = np.zeros((N, T, W.shape[1]))
                for n in range(N):
                    for t in range(T):
                        out[n, t] = W[x[n, t]]
                return out, (x, W)


            def word_embedding_backward(dout, cache):
                x, W = cache
                dW = np.zeros(W.shape)
                for n in range(x.shape[0]):
                    for t in range(x.shape[1]):
                        dW[x[n, t]] += dout[n, t]
                return dW
        """,
    ),
    _right(
        "word_embedding_forward word_embedding_backward",
        "one-hot matrices and einsum",
        """
            def _one_hot(x, V):
                return (x[..., None] == np.arange(V)).astype(float)


            def word_embedding_forward(x, W):
                return np.einsum("ntv,vd->ntd", _one_hot(x, W.shape[0]), W), (x, W)


            def word_embedding_backward(dout, cache):
                x, W = cache
                return np.einsum("ntv,ntd->vd", _one_hot(x, W.shape[0]), dout)
        """,
    ),
    _right(
        "word_embedding_forward word_embedding_backward",
        "a bincount for each feature",
        """
            def word_embedding_forward(x, W):
                return W[x], (x, W)


            def word_embedding_backward(dout, cache):
                x, W = cache
                V, D = W.shape
                ids = np.asarray(x).astype(np.int64).ravel()
                g = dout.reshape(-1, D)
                return np.stack([np.bincount(ids, weights=g[:, d], minlength=V) for d in range(D)], axis=1)
        """,
    ),
    _right(
        "word_embedding_forward word_embedding_backward",
        "np.take, and runs of equal tokens after a stable sort",
        """
            def word_embedding_forward(x, W):
                return np.take(W, x, axis=0), (x.copy(), W.copy())


            def word_embedding_backward(dout, cache):
                x, W = cache
                flat = x.reshape(-1)
                order = np.argsort(flat, kind="stable")
                words, starts = np.unique(flat[order], return_index=True)
                dW = np.zeros_like(W)
                dW[words] = np.add.reduceat(dout.reshape(flat.size, -1)[order], starts, axis=0)
                return dW
        """,
    ),
    _right(
        "negative_sampling_loss",
        "logaddexp, np.add.at",
        """
            def negative_sampling_loss(v, U, context, negatives):
                pos, neg = U[context] @ v, U[negatives] @ v
                loss = np.logaddexp(0, -pos) + np.logaddexp(0, neg).sum()
                gpos = -np.exp(-np.logaddexp(0, pos))
                gneg = np.exp(-np.logaddexp(0, -neg))
                dv = gpos * U[context] + gneg @ U[negatives]
                dU = np.zeros_like(U)
                dU[context] = gpos * v
                np.add.at(dU, negatives, gneg[:, None] * v)
                return loss, dv, dU
        """,
    ),
    _right(
        "negative_sampling_loss",
        "one word after the other, math module",
        """
            import math


            def _softplus(t):
                return t + math.log1p(math.exp(-t)) if t > 0 else math.log1p(math.exp(t))


            def _sigmoid(t):
                if t >= 0:
                    return 1 / (1 + math.exp(-t))
                return math.exp(t) / (1 + math.exp(t))


            def negative_sampling_loss(v, U, context, negatives):
                loss, dv, dU = 0.0, np.zeros(len(v)), np.zeros(U.shape)
                for word, sign in [(int(context), 1)] + [(int(k), -1) for k in negatives]:
                    s = sign * float(np.dot(U[word], v))
                    loss += _softplus(-s)
                    g = -sign * _sigmoid(-s)
                    dv += g * U[word]
                    dU[word] += g * v
                return loss, dv, dU
        """,
    ),
    _right(
        "negative_sampling_loss",
        "context and negatives in one array with labels, sigmoid from tanh",
        """
            def negative_sampling_loss(v, U, context, negatives):
                rows = np.concatenate([[context], negatives]).astype(int)
                y = np.zeros(rows.size)
                y[0] = 1.0
                u = U[rows] @ v
                loss = np.sum(np.maximum(u, 0) - u * y + np.log1p(np.exp(-np.abs(u))))
                error = 0.5 * (1 + np.tanh(u / 2)) - y
                counts = np.zeros(len(U))
                for row, e in zip(rows, error):
                    counts[row] += e
                return loss, U[rows].T @ error, np.outer(counts, v)
        """,
    ),
    _right(
        "positional_encoding",
        "slices with steps of two",
        """
            def positional_encoding(T, D):
                angle = np.arange(T)[:, None] / 10000 ** (np.arange(0, D, 2) / D)
                P = np.empty((T, D))
                P[:, 0::2] = np.sin(angle)
                P[:, 1::2] = np.cos(angle)
                return P
        """,
    ),
    _right(
        "positional_encoding",
        "loops, math module",
        """
            import math


            def positional_encoding(T, D):
                rows = []
                for t in range(T):
                    row = []
                    for i in range(D // 2):
                        a = t / math.pow(10000, 2 * i / D)
                        row += [math.sin(a), math.cos(a)]
                    rows.append(row)
                return np.array(rows).reshape(T, D)
        """,
    ),
    _right(
        "positional_encoding",
        "exp of minus log 10000, complex exponential",
        """
            def positional_encoding(T, D):
                frequency = np.exp(-np.log(10000.0) * np.arange(D // 2) * 2 / D)
                z = np.exp(1j * np.outer(np.arange(T), frequency))
                return np.stack([z.imag, z.real], axis=-1).reshape(T, D)
        """,
    ),
    _right(
        "attention_mask",
        "tril and broadcasting",
        """
            def attention_mask(tokens, pad):
                T = tokens.shape[1]
                return np.tril(np.ones((T, T), dtype=bool)) & (tokens != pad)[:, None, :]
        """,
    ),
    _right(
        "attention_mask",
        "three loops",
        """
            def attention_mask(tokens, pad):
                N, T = tokens.shape
                mask = np.full((N, T, T), False)
                for n in range(N):
                    for i in range(T):
                        for j in range(i + 1):
                            mask[n, i, j] = tokens[n, j] != pad
                return mask
        """,
    ),
    _right(
        "attention_mask",
        "starts from all True and takes away",
        """
            def attention_mask(tokens, pad):
                N, T = tokens.shape
                mask = np.ones((N, T, T), dtype=bool)
                mask[:, np.triu_indices(T, 1)[0], np.triu_indices(T, 1)[1]] = False
                mask &= ~np.repeat((tokens == pad)[:, np.newaxis, :], T, axis=1)
                return mask
        """,
    ),
    _right(
        "attention_forward attention_backward",
        "one query after the other, over the keys that it sees",
        """
            def attention_forward(Q, K, V, mask=None):
                N, Tq, dk = Q.shape
                Tk, dv = V.shape[1:]
                A, out = np.zeros((N, Tq, Tk)), np.zeros((N, Tq, dv))
                for n in range(N):
                    for i in range(Tq):
                        seen = [j for j in range(Tk) if mask is None or mask[n, i, j]]
                        if not seen:
                            continue
                        s = np.array([Q[n, i] @ K[n, j] for j in seen]) / dk**0.5
                        e = np.exp(s - max(s))
                        for j, w in zip(seen, e / e.sum()):
                            A[n, i, j] = w
                            out[n, i] += w * V[n, j]
                return out, (Q, K, V, A)


            def attention_backward(dout, cache):
                Q, K, V, A = cache
                dQ, dK, dV = np.zeros_like(Q), np.zeros_like(K), np.zeros_like(V)
                root = Q.shape[2] ** 0.5
                for n in range(Q.shape[0]):
                    for i in range(Q.shape[1]):
                        a, g = A[n, i], V[n] @ dout[n, i]
                        ds = (np.diag(a) - np.outer(a, a)) @ g / root
                        dQ[n, i] = ds @ K[n]
                        dK[n] += np.outer(ds, Q[n, i])
                        dV[n] += np.outer(a, dout[n, i])
                return dQ, dK, dV
        """,
    ),
    _right(
        "attention_forward attention_backward",
        "step by step back, the division by the rule of the quotient, unnormalised weights in the cache",
        """
            def attention_forward(Q, K, V, mask=None):
                S = Q @ np.swapaxes(K, 1, 2) / np.sqrt(Q.shape[-1])
                if mask is not None:
                    S = np.where(mask, S, -np.inf)
                top = S.max(axis=-1, keepdims=True)
                top = np.where(np.isfinite(top), top, 0)
                e = np.exp(S - top)
                z = e.sum(axis=-1, keepdims=True)
                z = np.where(z == 0, 1, z)
                return e / z @ V, (Q, K, V, e, z)


            def attention_backward(dout, cache):
                Q, K, V, e, z = cache
                dA = dout @ np.swapaxes(V, 1, 2)
                de = (dA * z - (dA * e).sum(axis=-1, keepdims=True)) / z**2
                dS = de * e
                dP = dS / np.sqrt(Q.shape[-1])
                return dP @ K, np.swapaxes(dP, 1, 2) @ Q, np.swapaxes(e / z, 1, 2) @ dout
        """,
    ),
    _right(
        "attention_forward attention_backward",
        "einsum, weights as exp of the scores less their logsumexp",
        """
            def attention_forward(Q, K, V, mask=None):
                S = np.einsum("nid,njd->nij", Q, K) / np.sqrt(Q.shape[2])
                if mask is None:
                    mask = np.ones(S.shape, dtype=bool)
                S[~mask] = -np.inf
                with np.errstate(invalid="ignore"):
                    lse = np.logaddexp.reduce(S, axis=2)[..., None]
                    A = np.where(mask, np.exp(S - np.where(lse == -np.inf, 0, lse)), 0.0)
                return np.einsum("nij,njv->niv", A, V), (Q, K, V, A)


            def attention_backward(dout, cache):
                Q, K, V, A = cache
                out = np.einsum("nij,njv->niv", A, V)
                delta = np.einsum("niv,niv->ni", dout, out)[..., None]
                dS = A * (np.einsum("niv,njv->nij", dout, V) - delta)
                k = Q.shape[2] ** -0.5
                return (
                    k * np.einsum("nij,njd->nid", dS, K),
                    k * np.einsum("nij,nid->njd", dS, Q),
                    np.einsum("nij,niv->njv", A, dout),
                )
        """,
    ),
    _right(
        "attention_forward",
        "not-a-number of an empty row replaced by 0, warnings off",
        """
            def attention_forward(Q, K, V, mask=None):
                S = np.matmul(Q / np.sqrt(Q.shape[-1]), np.swapaxes(K, 1, 2))
                if mask is not None:
                    S = S + np.where(mask, 0.0, -np.inf)
                with np.errstate(all="ignore"):
                    E = np.exp(S - np.max(S, axis=2, keepdims=True))
                    A = np.nan_to_num(E / np.sum(E, axis=2, keepdims=True), nan=0.0)
                return np.matmul(A, V), (Q, K, V, A)
        """,
    ),
    _right(
        "attention_forward attention_backward",
        "the whole Jacobian of each softmax",
        """
            def attention_forward(Q, K, V, mask=None):
                S = Q @ np.swapaxes(K, 1, 2) / np.sqrt(float(Q.shape[-1]))
                if mask is not None:
                    S = np.where(mask, S, -np.inf)
                top = S.max(axis=-1, keepdims=True)
                A = np.exp(S - np.where(np.isfinite(top), top, 0.0))
                total = A.sum(axis=-1, keepdims=True)
                A = A / np.where(total > 0, total, 1.0)
                return A @ V, (Q, K, V, A)


            def attention_backward(dout, cache):
                Q, K, V, A = cache
                J = A[..., :, None] * (np.eye(A.shape[-1]) - A[..., None, :])
                dA = dout @ np.swapaxes(V, 1, 2)
                dS = (J @ dA[..., None])[..., 0]
                dS /= np.sqrt(float(Q.shape[-1]))
                return dS @ K, np.swapaxes(np.swapaxes(Q, 1, 2) @ dS, 1, 2), np.swapaxes(A, 1, 2) @ dout
        """,
    ),
    _right(
        "attend_with_cache",
        "keys and values joined along a new axis",
        """
            def attend_with_cache(q, k, v, past=None):
                K, V = k[:, None], v[:, None]
                if past is not None:
                    K, V = np.concatenate([past[0], K], axis=1), np.concatenate([past[1], V], axis=1)
                s = np.einsum("nd,ntd->nt", q, K) / np.sqrt(q.shape[1])
                a = np.exp(s - s.max(axis=1, keepdims=True))
                a /= a.sum(axis=1, keepdims=True)
                return np.einsum("nt,ntv->nv", a, V), (K, V)
        """,
    ),
    _right(
        "attend_with_cache",
        "a new dict of lists each time, sums over the steps",
        """
            def attend_with_cache(q, k, v, past=None):
                past = {"k": [], "v": []} if past is None else past
                past = {"k": past["k"] + [k.copy()], "v": past["v"] + [v.copy()]}
                scores = [(q * key).sum(axis=1) / q.shape[1] ** 0.5 for key in past["k"]]
                top = np.max(scores, axis=0)
                weights = [np.exp(s - top) for s in scores]
                total = sum(weights)
                out = sum((w / total)[:, None] * value for w, value in zip(weights, past["v"]))
                return out, past
        """,
    ),
    _right(
        "attend_with_cache",
        "a linked list of pairs, each sequence by itself",
        """
            def attend_with_cache(q, k, v, past=None):
                past = (np.array(k), np.array(v), past)
                out = []
                for n in range(len(q)):
                    node, m, z, o = past, -np.inf, 0.0, 0.0
                    while node is not None:
                        key, value, node = node
                        s = q[n] @ key[n] / np.sqrt(q.shape[-1])
                        top = max(m, s)
                        z = z * np.exp(m - top) + np.exp(s - top)
                        o = o * np.exp(m - top) + np.exp(s - top) * value[n]
                        m = top
                    out.append(o / z)
                return np.array(out), past
        """,
    ),
    _right(
        "online_softmax_update",
        "rescales what was there",
        """
            def online_softmax_update(m, z, o, s, v):
                new = np.maximum(m, s.max(axis=1))
                old = np.exp(m - new)
                p = np.exp(s - new[:, None])
                return new, z * old + p.sum(axis=1), o * old[:, None] + p @ v
        """,
    ),
    _right(
        "online_softmax_update",
        "query by query and key by key",
        """
            def online_softmax_update(m, z, o, s, v):
                m, z, o = m.copy(), z.copy(), o.copy()
                for i in range(len(m)):
                    for j in range(s.shape[1]):
                        if s[i, j] > m[i]:
                            c = np.exp(m[i] - s[i, j])
                            z[i] = z[i] * c + 1
                            o[i] = o[i] * c + v[j]
                            m[i] = s[i, j]
                        else:
                            w = np.exp(s[i, j] - m[i])
                            z[i] += w
                            o[i] += w * v[j]
                return m, z, o
        """,
    ),
    _right(
        "online_softmax_update",
        "the block by itself, then two parts put together",
        """
            def online_softmax_update(m, z, o, s, v):
                mb = np.amax(s, axis=-1)
                pb = np.exp(s - mb.reshape(-1, 1))
                zb, ob = np.sum(pb, axis=-1), np.einsum("tb,bd->td", pb, v)
                top = np.where(m > mb, m, mb)
                ca, cb = np.exp(m - top), np.exp(mb - top)
                return top, ca * z + cb * zb, (ca * o.T + cb * ob.T).T
        """,
    ),
    _right(
        "split_heads merge_heads",
        "np.split and stack, concatenate",
        """
            def split_heads(x, heads):
                return np.stack(np.split(x, heads, axis=-1), axis=1)


            def merge_heads(x):
                return np.concatenate([x[:, h] for h in range(x.shape[1])], axis=-1)
        """,
    ),
    _right(
        "split_heads merge_heads",
        "loops with slices",
        """
            def split_heads(x, heads):
                N, T, D = x.shape
                d = D // heads
                out = np.empty((N, heads, T, d))
                for h in range(heads):
                    out[:, h, :, :] = x[:, :, h * d : (h + 1) * d]
                return out


            def merge_heads(x):
                N, H, T, d = x.shape
                out = np.zeros((N, T, H * d))
                for n in range(N):
                    for t in range(T):
                        out[n, t] = x[n, :, t].ravel()
                return out
        """,
    ),
    _right(
        "multi_head_forward multi_head_backward",
        "one head after the other with blocks of columns",
        """
            def multi_head_forward(x, Wq, Wk, Wv, Wo, heads, mask=None):
                N, T, D = x.shape
                dk, dv = Wq.shape[1] // heads, Wv.shape[1] // heads
                Q, K = np.zeros((N, heads, T, dk)), np.zeros((N, heads, T, dk))
                V, A = np.zeros((N, heads, T, dv)), np.zeros((N, heads, T, T))
                out = np.zeros((N, T, Wo.shape[1]))
                for n in range(N):
                    for h in range(heads):
                        Q[n, h] = x[n] @ Wq[:, h * dk : (h + 1) * dk]
                        K[n, h] = x[n] @ Wk[:, h * dk : (h + 1) * dk]
                        V[n, h] = x[n] @ Wv[:, h * dv : (h + 1) * dv]
                        S = Q[n, h] @ K[n, h].T / np.sqrt(dk)
                        for i in range(T):
                            seen = np.ones(T, dtype=bool) if mask is None else mask[n, i]
                            if seen.any():
                                e = np.exp(S[i, seen] - S[i, seen].max())
                                A[n, h, i, seen] = e / e.sum()
                        out[n] += A[n, h] @ V[n, h] @ Wo[h * dv : (h + 1) * dv]
                return out, (x, Wq, Wk, Wv, Wo, Q, K, V, A)


            def multi_head_backward(dout, cache):
                x, Wq, Wk, Wv, Wo, Q, K, V, A = cache
                N, H, T, dk = Q.shape
                dv = V.shape[3]
                dx, dWq, dWk, dWv, dWo = (np.zeros_like(a) for a in (x, Wq, Wk, Wv, Wo))
                for n in range(N):
                    for h in range(H):
                        c, e = slice(h * dk, (h + 1) * dk), slice(h * dv, (h + 1) * dv)
                        a = A[n, h]
                        dWo[e] += (a @ V[n, h]).T @ dout[n]
                        dO = dout[n] @ Wo[e].T
                        dA = dO @ V[n, h].T
                        dS = a * (dA - np.sum(dA * a, axis=1)[:, None]) / np.sqrt(dk)
                        dq, dkey, dval = dS @ K[n, h], dS.T @ Q[n, h], a.T @ dO
                        dWq[:, c] += x[n].T @ dq
                        dWk[:, c] += x[n].T @ dkey
                        dWv[:, e] += x[n].T @ dval
                        dx[n] += dq @ Wq[:, c].T + dkey @ Wk[:, c].T + dval @ Wv[:, e].T
                return dx, dWq, dWk, dWv, dWo
        """,
    ),
    _right(
        "multi_head_forward multi_head_backward",
        "einsum with the matrices cut into heads",
        """
            def multi_head_forward(x, Wq, Wk, Wv, Wo, heads, mask=None):
                cut = lambda W: W.reshape(W.shape[0], heads, -1)
                Q = np.einsum("ntd,dhk->nhtk", x, cut(Wq))
                K = np.einsum("ntd,dhk->nhtk", x, cut(Wk))
                V = np.einsum("ntd,dhk->nhtk", x, cut(Wv))
                S = np.einsum("nhik,nhjk->nhij", Q, K) * Q.shape[-1] ** -0.5
                see = np.ones(S.shape, bool) if mask is None else np.broadcast_to(mask[:, np.newaxis], S.shape)
                top = np.max(S, axis=3, keepdims=True, where=see, initial=-1e300)
                E = np.where(see, np.exp(np.where(see, S - top, -np.inf)), 0)
                A = np.divide(E, E.sum(3, keepdims=True), out=np.zeros_like(E), where=E.sum(3, keepdims=True) > 0)
                out = np.einsum("nhij,nhjk,hkd->nid", A, V, Wo.reshape(heads, -1, Wo.shape[1]), optimize=True)
                return out, (x, Wq, Wk, Wv, Wo, Q, K, V, A)


            def multi_head_backward(dout, cache):
                x, Wq, Wk, Wv, Wo, Q, K, V, A = cache
                D, H = x.shape[2], Q.shape[1]
                wq, wk, wv = (W.reshape(D, H, -1) for W in (Wq, Wk, Wv))
                wo = Wo.reshape(H, -1, D)
                O = np.einsum("nhij,nhjk->nhik", A, V)
                dWo = np.einsum("nhik,nid->hkd", O, dout).reshape(Wo.shape)
                dO = np.einsum("nid,hkd->nhik", dout, wo)
                dA = np.einsum("nhik,nhjk->nhij", dO, V)
                dS = A * (dA - np.einsum("nhik,nhik->nhi", dO, O)[..., None]) / np.sqrt(Q.shape[3])
                dQ = np.einsum("nhij,nhjk->nhik", dS, K)
                dK = np.einsum("nhij,nhik->nhjk", dS, Q)
                dV = np.einsum("nhij,nhik->nhjk", A, dO)
                parts, dx = [], 0
                for g, w in ((dQ, wq), (dK, wk), (dV, wv)):
                    dx = dx + np.einsum("nhtk,dhk->ntd", g, w)
                    parts.append(np.einsum("ntd,nhtk->dhk", x, g).reshape(D, -1))
                return (dx, *parts, dWo)
        """,
    ),
    _right(
        "rms_norm_forward rms_norm_backward",
        "einsum, and the path through r apart from the direct one",
        """
            def rms_norm_forward(x):
                D = x.shape[-1]
                r = (np.einsum("ntd,ntd->nt", x, x)[..., None] / D + 1e-5) ** 0.5
                return x * (1 / r), (x * (1 / r), r)


            def rms_norm_backward(dout, cache):
                out, r = cache
                x = out * r
                dr = -np.sum(dout * x, axis=2, keepdims=True) / r**2
                dx = dout / r
                dx += dr * x / (x.shape[2] * r)
                return dx
        """,
    ),
    _right(
        "rms_norm_forward rms_norm_backward",
        "token by token, Jacobian as a matrix",
        """
            def rms_norm_forward(x):
                N, T, D = x.shape
                out, r = np.zeros((N, T, D)), np.zeros((N, T, 1))
                for n in range(N):
                    for t in range(T):
                        r[n, t, 0] = np.sqrt(sum(a * a for a in x[n, t]) / D + 1e-5)
                        out[n, t] = x[n, t] / r[n, t, 0]
                return out, (out, r)


            def rms_norm_backward(dout, cache):
                out, r = cache
                N, T, D = out.shape
                dx = np.empty((N, T, D))
                for n in range(N):
                    for t in range(T):
                        y = out[n, t]
                        J = (np.eye(D) - np.outer(y, y) / D) / r[n, t, 0]
                        dx[n, t] = J.T @ dout[n, t]
                return dx
        """,
    ),
    _right(
        "transformer_block_forward transformer_block_backward",
        "written out in one piece, tokens flattened for the weights",
        """
            def transformer_block_forward(x, Wq, Wk, Wv, Wo, W1, W2, heads):
                N, T, D = x.shape

                def norm(u):
                    r = np.sqrt(np.mean(np.square(u), axis=-1, keepdims=True) + 1e-5)
                    return u / r, r

                y, rx = norm(x)
                Q, K, V = ((y @ W).reshape(N, T, heads, -1).swapaxes(1, 2) for W in (Wq, Wk, Wv))
                S = Q @ np.swapaxes(K, 2, 3) / np.sqrt(Q.shape[3])
                later = np.triu(np.ones((T, T)), 1) == 1
                S[..., later] = -np.inf
                S -= S.max(axis=-1, keepdims=True)
                A = np.exp(S)
                A /= A.sum(axis=-1, keepdims=True)
                h = (A @ V).swapaxes(1, 2).reshape(N, T, -1) @ Wo
                h += x
                b, rh = norm(h)
                a = b @ W1
                a[a < 0] = 0
                out = a @ W2
                out += h
                return out, ((y, rx), (y, Wq, Wk, Wv, Wo, Q, K, V, A), (b, rh), b, a, W1, W2)


            def transformer_block_backward(dout, cache):
                (y, rx), (_, Wq, Wk, Wv, Wo, Q, K, V, A), (b, rh), _, a, W1, W2 = cache
                N, T, D = dout.shape
                H = Q.shape[1]
                flat = lambda u: u.reshape(N * T, -1)
                join = lambda u: u.swapaxes(1, 2).reshape(N, T, -1)

                def denorm(g, u, r):
                    return g / r - u * np.sum(g * u, axis=2, keepdims=True) / (D * r)

                g = flat(dout)
                dW2 = flat(a).T @ g
                dz = g @ W2.T
                dz[flat(a) <= 0] = 0
                dW1 = flat(b).T @ dz
                dh = dout + denorm((dz @ W1.T).reshape(N, T, D), b, rh)
                dWo = flat(join(A @ V)).T @ flat(dh)
                dO = (dh @ Wo.T).reshape(N, T, H, -1).swapaxes(1, 2)
                dA = dO @ V.swapaxes(2, 3)
                dS = A * (dA - np.sum(dA * A, axis=3, keepdims=True)) / np.sqrt(Q.shape[3])
                parts = [join(dS @ K), join(dS.swapaxes(2, 3) @ Q), join(A.swapaxes(2, 3) @ dO)]
                dW = [flat(y).T @ flat(p) for p in parts]
                dy = sum(p @ W.T for p, W in zip(parts, (Wq, Wk, Wv)))
                return [dh + denorm(dy, y, rx), *dW, dWo, dW1, dW2]
        """,
    ),
    _right(
        "rotary_embedding",
        "the pairs copied before they are turned",
        """
            def rotary_embedding(x):
                _, T, D = x.shape
                angle = np.arange(T)[:, None] / 10000.0 ** (np.arange(0, D, 2) / D)
                cos, sin = np.cos(angle), np.sin(angle)
                out = x.copy()
                even, odd = x[..., ::2], x[..., 1::2]
                out[..., ::2] = even * cos - odd * sin
                out[..., 1::2] = even * sin + odd * cos
                return out
        """,
    ),
    _right(
        "rotary_embedding",
        "complex numbers",
        """
            def rotary_embedding(x):
                _, T, D = x.shape
                turn = np.exp(1j * np.arange(T)[:, None] / 10000.0 ** (np.arange(0, D, 2) / D))
                z = (x[..., ::2] + 1j * x[..., 1::2]) * turn
                return np.stack([z.real, z.imag], axis=-1).reshape(x.shape)
        """,
    ),
    _right(
        "rotary_embedding",
        "a 2 by 2 matrix for each pair, in loops",
        """
            def rotary_embedding(x):
                N, T, D = x.shape
                out = np.zeros(x.shape)
                for t in range(T):
                    for i in range(D // 2):
                        phi = t * 10000.0 ** (-2 * i / D)
                        R = np.array([[np.cos(phi), -np.sin(phi)], [np.sin(phi), np.cos(phi)]])
                        out[:, t, 2 * i : 2 * i + 2] = x[:, t, 2 * i : 2 * i + 2] @ R.T
                return out
        """,
    ),
    _right(
        "is_attention_backward",
        "compared with the formula, random masks with rows off",
        """
            def _true(dout, Q, K, V, mask):
                S = Q @ K.transpose(0, 2, 1) / np.sqrt(Q.shape[-1])
                S = np.where(mask, S, -np.inf)
                m = S.max(axis=-1, keepdims=True)
                e = np.exp(S - np.where(np.isfinite(m), m, 0.0))
                z = e.sum(axis=-1, keepdims=True)
                A = e / np.where(z == 0, 1.0, z)
                dA = dout @ V.transpose(0, 2, 1)
                dS = A * (dA - (dA * A).sum(axis=-1, keepdims=True)) / np.sqrt(Q.shape[-1])
                return dS @ K, dS.transpose(0, 2, 1) @ Q, A.transpose(0, 2, 1) @ dout


            def is_attention_backward(backward):
                rng = np.random.default_rng(5)
                for N, I, J, dk, dv, scale in [(2, 3, 4, 5, 6, 1), (3, 5, 2, 4, 3, 1), (1, 4, 4, 3, 3, 1), (2, 6, 7, 2, 4, 30)] * 3:
                    Q, K = rng.normal(size=(N, I, dk)) * scale, rng.normal(size=(N, J, dk)) * scale
                    V, dout = rng.normal(size=(N, J, dv)), rng.normal(size=(N, I, dv))
                    kept = rng.random((N, I, J)) < 0.7
                    kept[0, 1] = False
                    for mask in (kept, np.ones((N, I, J), dtype=bool)):
                        args = [dout, Q, K, V, mask]
                        try:
                            got = backward(*[a.copy() for a in args])
                            if len(got) != 3:
                                return False
                            for g, w in zip(got, _true(*args)):
                                if np.shape(g) != w.shape or not np.allclose(g, w, rtol=1e-6, atol=1e-8):
                                    return False
                        except Exception:
                            return False
                return True
        """,
    ),
    _right(
        "is_attention_backward",
        "central differences of its own forward pass in every entry",
        """
            def _forward(Q, K, V, mask):
                out = np.zeros((Q.shape[0], Q.shape[1], V.shape[2]))
                for n in range(Q.shape[0]):
                    for i in range(Q.shape[1]):
                        see = mask[n, i]
                        if see.any():
                            s = K[n, see] @ Q[n, i] / np.sqrt(Q.shape[2])
                            e = np.exp(s - s.max())
                            out[n, i] = e @ V[n, see] / e.sum()
                return out


            def _slopes(dout, Q, K, V, mask, h=1e-5):
                arrays, grads = [Q, K, V], []
                for which in range(3):
                    g = np.zeros_like(arrays[which])
                    for index in np.ndindex(*g.shape):
                        ends = []
                        for step in (h, -h):
                            moved = [a.copy() for a in arrays]
                            moved[which][index] += step
                            ends.append(np.sum(dout * _forward(*moved, mask)))
                        g[index] = (ends[0] - ends[1]) / (2 * h)
                    grads.append(g)
                return grads


            def is_attention_backward(backward):
                rng = np.random.default_rng(0)
                for N, I, J, dk, dv, size in ((2, 3, 4, 3, 2, 1.0), (2, 4, 3, 2, 5, 1.0), (1, 3, 3, 4, 4, 2.0)):
                    Q, K, V = (size * rng.standard_normal(s) for s in ((N, I, dk), (N, J, dk), (N, J, dv)))
                    dout = rng.standard_normal((N, I, dv))
                    some = rng.random((N, I, J)) < 0.6
                    some[-1, 0] = False
                    causal = np.broadcast_to(np.tril(np.ones((I, J))) > 0, (N, I, J)).copy()
                    for mask in (np.full((N, I, J), True), some, causal, np.zeros((N, I, J), dtype=bool)):
                        try:
                            answer = backward(dout.copy(), Q.copy(), K.copy(), V.copy(), mask.copy())
                            answer = [np.asarray(a, dtype=float) for a in answer]
                        except Exception:
                            return False
                        truth = _slopes(dout, Q, K, V, mask)
                        if [a.shape for a in answer] != [g.shape for g in truth]:
                            return False
                        if any(not (np.abs(a - g) <= 1e-6 * (1 + np.abs(g))).all() for a, g in zip(answer, truth)):
                            return False
                Q, K = 300 * rng.standard_normal((1, 3, 2)), 300 * rng.standard_normal((1, 4, 2))
                try:
                    parts = backward(np.ones((1, 3, 2)), Q, K, rng.standard_normal((1, 4, 2)), np.ones((1, 3, 4), dtype=bool))
                    return bool(all(np.isfinite(part).all() for part in parts))
                except Exception:
                    return False
        """,
    ),
    _right(
        "train_previous_token",
        "Adam on all sequences at once, 300 steps",
        """
            def _features(tokens):
                N, T = tokens.shape
                return np.concatenate([np.eye(5)[tokens], np.tile(np.eye(8), (N, 1, 1))], axis=2)


            def _loss_and_gradients(tokens, Wq, Wk):
                X, V = _features(tokens), np.eye(5)[tokens]
                N, T = tokens.shape
                Q, K = X @ Wq, X @ Wk
                S = Q @ K.transpose(0, 2, 1) / np.sqrt(Wq.shape[1])
                S = np.where(np.tril(np.ones((T, T), dtype=bool)), S, -np.inf)
                A = np.exp(S - S.max(axis=2, keepdims=True))
                A /= A.sum(axis=2, keepdims=True)
                target = np.zeros((N, T, 5))
                target[:, 1:] = V[:, :-1]
                out = A @ V
                p = np.maximum((out * target).sum(axis=2), 1e-12)
                dout = -target / p[..., None] / (N * (T - 1))
                dA = dout @ V.transpose(0, 2, 1)
                dS = A * (dA - (dA * A).sum(axis=2, keepdims=True)) / np.sqrt(Wq.shape[1])
                loss = -np.log(p[:, 1:]).mean()
                return loss, [np.einsum("ntf,ntd->fd", X, g) for g in (dS @ K, dS.transpose(0, 2, 1) @ Q)]


            def train_previous_token(tokens, seed):
                rng = np.random.default_rng(seed)
                W = [0.3 * rng.normal(size=(13, 16)) for _ in range(2)]
                m, v = [np.zeros((13, 16))] * 2, [np.zeros((13, 16))] * 2
                for t in range(1, 301):
                    _, grads = _loss_and_gradients(tokens, *W)
                    m = [0.9 * a + 0.1 * g for a, g in zip(m, grads)]
                    v = [0.999 * a + 0.001 * g**2 for a, g in zip(v, grads)]
                    W = [
                        w - 0.1 * (a / (1 - 0.9**t)) / (np.sqrt(b / (1 - 0.999**t)) + 1e-8) for w, a, b in zip(W, m, v)
                    ]
                return W[0], W[1]
        """,
    ),
    _right(
        "train_previous_token",
        "gradient descent with momentum until the loss is small",
        """
            def train_previous_token(tokens, seed):
                rng = np.random.default_rng(seed)
                N, T = tokens.shape
                d = 32
                V = np.zeros((N, T, 5))
                for n in range(N):
                    for t in range(T):
                        V[n, t, tokens[n, t]] = 1
                X = np.concatenate([V, np.repeat(np.eye(8)[None], N, axis=0)], axis=-1)
                Wq, Wk = rng.standard_normal((13, d)) * 0.3, rng.standard_normal((13, d)) * 0.3
                vq, vk = np.zeros((13, d)), np.zeros((13, d))
                hidden = np.triu(np.ones((8, 8), dtype=bool), k=1)
                hit = np.zeros((N, T, T))  # hit[n, t, j]: token j is the one that stood before t
                for t in range(1, T):
                    hit[:, t] = tokens == tokens[:, t - 1 : t]
                for step in range(2000):
                    Q, K = X @ Wq, X @ Wk
                    S = np.einsum("nid,njd->nij", Q, K) / d**0.5
                    S[:, hidden] = -1e30
                    A = np.exp(S - S.max(axis=-1, keepdims=True))
                    A = A / A.sum(axis=-1, keepdims=True)
                    good = np.clip((A * hit).sum(axis=-1), 1e-15, None)
                    if -np.log(good[:, 1:]).mean() < 0.01:
                        break
                    dS = A * (1 - hit / good[..., None])
                    dS[:, 0] = 0
                    dS /= N * (T - 1) * d**0.5
                    vq = 0.9 * vq - 5.0 * np.einsum("ntf,ntd->fd", X, dS @ K)
                    vk = 0.9 * vk - 5.0 * np.einsum("ntf,ntd->fd", X, np.swapaxes(dS, 1, 2) @ Q)
                    Wq, Wk = Wq + vq, Wk + vk
                return Wq, Wk
        """,
    ),
    _noted(
        "attend_with_cache",
        "appends to the past it was given",
        "mutation",
        "past is changed in place",
        """
            def attend_with_cache(q, k, v, past=None):
                if past is None:
                    past = ([], [])
                past[0].append(k)
                past[1].append(v)
                K, V = np.stack(past[0], axis=1), np.stack(past[1], axis=1)
                s = np.einsum("nd,ntd->nt", q, K) / np.sqrt(q.shape[1])
                a = np.exp(s - s.max(axis=1, keepdims=True))
                a /= a.sum(axis=1, keepdims=True)
                return np.einsum("nt,ntv->nv", a, V), past
        """,
    ),
    _noted(
        "online_softmax_update",
        "writes into what it was given",
        "mutation",
        "m, z and o are changed in place",
        """
            def online_softmax_update(m, z, o, s, v):
                old = m.copy()
                np.maximum(m, s.max(axis=1), out=m)
                c, p = np.exp(old - m), np.exp(s - m[:, None])
                z *= c
                z += p.sum(axis=1)
                o *= c[:, None]
                o += p @ v
                return m, z, o
        """,
    ),
    _noted(
        "transformer_block_forward",
        "x grows in place",
        "mutation",
        "x += ... changes the argument; the output is right",
        """
            def _weights(S, mask=None):
                if mask is not None:
                    S = np.where(mask, S, -np.inf)
                m = S.max(axis=-1, keepdims=True)
                e = np.exp(S - np.where(np.isfinite(m), m, 0.0))
                z = e.sum(axis=-1, keepdims=True)
                return e / np.where(z == 0, 1.0, z)


            def split_heads(x, heads):
                N, T, D = x.shape
                return x.reshape(N, T, heads, D // heads).transpose(0, 2, 1, 3)


            def merge_heads(x):
                N, H, T, d = x.shape
                return x.transpose(0, 2, 1, 3).reshape(N, T, H * d)


            def multi_head_forward(x, Wq, Wk, Wv, Wo, heads, mask=None):
                Q, K, V = (split_heads(x @ W, heads) for W in (Wq, Wk, Wv))
                S = Q @ K.swapaxes(-1, -2) / np.sqrt(Q.shape[-1])
                A = _weights(S, None if mask is None else mask[:, None])
                out = merge_heads(A @ V) @ Wo
                cache = (x, Wq, Wk, Wv, Wo, Q, K, V, A)
                return out, cache


            def multi_head_backward(dout, cache):
                x, Wq, Wk, Wv, Wo, Q, K, V, A = cache
                heads = Q.shape[1]
                joined = merge_heads(A @ V)
                dWo = np.einsum("ntf,ntd->fd", joined, dout)
                do = split_heads(dout @ Wo.T, heads)
                dV = A.swapaxes(-1, -2) @ do
                dA = do @ V.swapaxes(-1, -2)
                dS = A * (dA - (dA * A).sum(-1, keepdims=True)) / np.sqrt(Q.shape[-1])
                dq, dk, dv = merge_heads(dS @ K), merge_heads(dS.swapaxes(-1, -2) @ Q), merge_heads(dV)
                dWq, dWk, dWv = (np.einsum("ntd,ntf->df", x, g) for g in (dq, dk, dv))
                dx = dq @ Wq.T + dk @ Wk.T + dv @ Wv.T
                return dx, dWq, dWk, dWv, dWo


            def rms_norm_forward(x):
                r = np.sqrt((x**2).mean(axis=-1, keepdims=True) + 1e-5)
                out = x / r
                cache = (out, r)
                return out, cache


            def rms_norm_backward(dout, cache):
                out, r = cache
                return (dout - out * (dout * out).mean(axis=-1, keepdims=True)) / r


            def transformer_block_forward(x, Wq, Wk, Wv, Wo, W1, W2, heads):
                N, T, _ = x.shape
                causal = np.broadcast_to(np.tril(np.ones((T, T), dtype=bool)), (N, T, T))
                y, norm_x = rms_norm_forward(x)
                z, attention = multi_head_forward(y, Wq, Wk, Wv, Wo, heads, causal)
                x += z
                b, norm_h = rms_norm_forward(x)
                a = np.maximum(b @ W1, 0)
                x += a @ W2
                return x, (norm_x, attention, norm_h, b, a, W1, W2)
        """,
    ),
    _right(
        "question_sampling_slope",
        "with a dot behind the number",
        """
            def question_sampling_slope():
                return "s - 1."
        """,
    ),
    _right(
        "question_sampling_slope",
        "minus of the rest",
        """
            def question_sampling_slope():
                return "-(1 - s)"
        """,
    ),
]

(_TRAIN,) = (entry for entry in RIGHT_ATTENTION if entry.style == "Adam on all sequences at once, 300 steps")
_TRUTH = (
    _PAIR.source
    + """

def _true(dout, Q, K, V, mask):
    return attention_backward(dout, attention_forward(Q, K, V, mask)[1])


def _inputs(rng, N, I, J, dk, dv):
    return rng.normal(size=(N, I, dv)), rng.normal(size=(N, I, dk)), rng.normal(size=(N, J, dk)), rng.normal(size=(N, J, dv))


def _same(got, want):
    return all(np.shape(g) == w.shape and np.allclose(g, w) for g, w in zip(got, want))
"""
)

WRONG_ATTENTION = [
    # ---- embedding
    _wrong(
        "word_embedding_forward",
        "tokens counted from 1",
        "row x − 1 of W is taken, so that token 0 gets the last row",
        """
            def word_embedding_forward(x, W):
                out = W[x - 1]
                return out, (x, W)
        """,
    ),
    _wrong(
        "word_embedding_forward",
        "times the root of D",
        "the rows are multiplied by √D, as the Transformer does",
        """
            def word_embedding_forward(x, W):
                out = W[x] * np.sqrt(W.shape[1])
                return out, (x, W)
        """,
    ),
    _wrong(
        "word_embedding_forward",
        "tokens in one long row",
        "the sequences are joined: out has the shape (N·T, D)",
        """
            def word_embedding_forward(x, W):
                out = W[x.ravel()]
                return out, (x, W)
        """,
    ),
    _wrong(
        "word_embedding_backward",
        "assigned by index",
        "of a token that comes twice only the last gradient is left",
        """
            def word_embedding_backward(dout, cache):
                x, W = cache
                dW = np.zeros_like(W)
                dW[x] = dout
                return dW
        """,
    ),
    _wrong(
        "word_embedding_backward",
        "plus-equals with a fancy index",
        "numpy buffers dW[x] += dout: of a token that comes twice one gradient is kept",
        """
            def word_embedding_backward(dout, cache):
                x, W = cache
                dW = np.zeros(W.shape)
                dW[x] += dout
                return dW
        """,
    ),
    _wrong(
        "word_embedding_backward",
        "plus-equals, one sequence after the other",
        "a token that comes twice in one sequence keeps one of its gradients; repeated across sequences it is right",
        """
            def word_embedding_backward(dout, cache):
                x, W = cache
                dW = np.zeros_like(W)
                for n in range(x.shape[0]):
                    dW[x[n]] += dout[n]
                return dW
        """,
    ),
    _wrong(
        "word_embedding_backward",
        "plus-equals, one time step after the other",
        "a token that two sequences have at the same step keeps one of its gradients",
        """
            def word_embedding_backward(dout, cache):
                x, W = cache
                dW = np.zeros_like(W)
                for t in range(x.shape[1]):
                    dW[x[:, t]] += dout[:, t]
                return dW
        """,
    ),
    _wrong(
        "word_embedding_backward",
        "mean for each word",
        "the gradients of a token are averaged over its occurrences",
        """
            def word_embedding_backward(dout, cache):
                x, W = cache
                dW, count = np.zeros_like(W), np.zeros((len(W), 1))
                np.add.at(dW, x, dout)
                np.add.at(count, x, 1)
                return dW / np.maximum(count, 1)
        """,
    ),
    _wrong(
        "word_embedding_backward",
        "divided by N",
        "the gradient is averaged over the sequences once more",
        """
            def word_embedding_backward(dout, cache):
                x, W = cache
                dW = np.zeros_like(W)
                np.add.at(dW, x, dout)
                return dW / x.shape[0]
        """,
    ),
    _wrong(
        "word_embedding_backward",
        "starts from W",
        "dW is added to a copy of W instead of zeros",
        """
            def word_embedding_backward(dout, cache):
                x, W = cache
                dW = W.copy()
                np.add.at(dW, x, dout)
                return dW
        """,
    ),
    _wrong(
        "word_embedding_backward",
        "rows up to the largest token",
        "dW has as many rows as the largest token needs, fewer than W where the last words do not come",
        """
            def word_embedding_backward(dout, cache):
                x, W = cache
                dW = np.zeros((int(x.max()) + 1, W.shape[1]))
                np.add.at(dW, x, dout)
                return dW
        """,
    ),
    _wrong(
        "word_embedding_backward",
        "accumulates in a global",
        "the sum is kept between calls: the second call holds the first gradient too",
        """
            _sums = {}


            def word_embedding_backward(dout, cache):
                x, W = cache
                dW = _sums.setdefault(W.shape, np.zeros(W.shape))
                np.add.at(dW, x, dout)
                return dW.copy()
        """,
        policy="state",
    ),
    # ---- negative sampling
    _wrong(
        "negative_sampling_loss",
        "sign of the negatives forgotten",
        "negatives are treated like the context: σ(u · v) where σ(−u · v) is asked",
        """
            def negative_sampling_loss(v, U, context, negatives):
                rows = np.concatenate([[context], negatives])
                u = U[rows] @ v
                loss = np.logaddexp(0, -u).sum()
                g = -np.exp(-np.logaddexp(0, u))
                dU = np.zeros_like(U)
                np.add.at(dU, rows, np.outer(g, v))
                return loss, g @ U[rows], dU
        """,
    ),
    _wrong(
        "negative_sampling_loss",
        "plus-equals for the negatives",
        "a negative that is drawn twice hands on one gradient",
        """
            def negative_sampling_loss(v, U, context, negatives):
                pos, neg = U[context] @ v, U[negatives] @ v
                loss = np.logaddexp(0, -pos) + np.logaddexp(0, neg).sum()
                gp, gn = -np.exp(-np.logaddexp(0, pos)), np.exp(-np.logaddexp(0, -neg))
                dU = np.zeros_like(U)
                dU[context] += gp * v
                dU[negatives] += np.outer(gn, v)
                return loss, gp * U[context] + gn @ U[negatives], dU
        """,
    ),
    _wrong(
        "negative_sampling_loss",
        "negatives as a set",
        "a negative that is drawn twice counts once, in the loss and in both gradients",
        """
            def negative_sampling_loss(v, U, context, negatives):
                loss, dv, dU = 0.0, np.zeros_like(v), np.zeros_like(U)
                for k, sign in [(context, 1.0)] + [(k, -1.0) for k in sorted(set(negatives.tolist()))]:
                    t = sign * (U[k] @ v)
                    loss += np.logaddexp(0, -t)
                    g = -sign * np.exp(-np.logaddexp(0, t))
                    dv += g * U[k]
                    dU[k] += g * v
                return loss, dv, dU
        """,
    ),
    _wrong(
        "negative_sampling_loss",
        "mean over the negatives",
        "the sum over the negatives is divided by K",
        """
            def negative_sampling_loss(v, U, context, negatives):
                K = len(negatives)
                pos, neg = U[context] @ v, U[negatives] @ v
                loss = np.logaddexp(0, -pos) + np.logaddexp(0, neg).mean()
                gp, gn = -np.exp(-np.logaddexp(0, pos)), np.exp(-np.logaddexp(0, -neg)) / K
                dU = np.zeros_like(U)
                dU[context] = gp * v
                np.add.at(dU, negatives, np.outer(gn, v))
                return loss, gp * U[context] + gn @ U[negatives], dU
        """,
    ),
    _wrong(
        "negative_sampling_loss",
        "dv of the context alone",
        "the negatives' part of dv is forgotten",
        """
            def negative_sampling_loss(v, U, context, negatives):
                pos, neg = U[context] @ v, U[negatives] @ v
                loss = np.logaddexp(0, -pos) + np.logaddexp(0, neg).sum()
                gp, gn = -np.exp(-np.logaddexp(0, pos)), np.exp(-np.logaddexp(0, -neg))
                dU = np.zeros_like(U)
                dU[context] = gp * v
                np.add.at(dU, negatives, np.outer(gn, v))
                return loss, gp * U[context], dU
        """,
    ),
    _wrong(
        "negative_sampling_loss",
        "log of a plain sigmoid",
        "σ underflows to 0 for products of −1500: the loss is infinite",
        """
            def negative_sampling_loss(v, U, context, negatives):
                s = lambda t: 1 / (1 + np.exp(-t))
                pos, neg = s(U[context] @ v), s(-U[negatives] @ v)
                loss = -np.log(pos) - np.log(neg).sum()
                dU = np.zeros_like(U)
                dU[context] = (pos - 1) * v
                np.add.at(dU, negatives, np.outer(1 - neg, v))
                return loss, (pos - 1) * U[context] + (1 - neg) @ U[negatives], dU
        """,
    ),
    _wrong(
        "negative_sampling_loss",
        "a small number inside the logarithm",
        "log(σ + 1e-10) never exceeds 23, and is wrong for products of −1500",
        """
            def negative_sampling_loss(v, U, context, negatives):
                s = lambda t: 0.5 * (1 + np.tanh(t / 2))
                pos, neg = s(U[context] @ v), s(-U[negatives] @ v)
                loss = -np.log(pos + 1e-10) - np.log(neg + 1e-10).sum()
                dU = np.zeros_like(U)
                dU[context] = (pos - 1) * v
                np.add.at(dU, negatives, np.outer(1 - neg, v))
                return loss, (pos - 1) * U[context] + (1 - neg) @ U[negatives], dU
        """,
    ),
    _wrong(
        "negative_sampling_loss",
        "products clipped",
        "products beyond ±30 are cut off, so that the loss is at most 30 a word",
        """
            def negative_sampling_loss(v, U, context, negatives):
                s = lambda t: 1 / (1 + np.exp(-np.clip(t, -30, 30)))
                pos, neg = s(U[context] @ v), s(-U[negatives] @ v)
                loss = -np.log(pos) - np.log(neg).sum()
                dU = np.zeros_like(U)
                dU[context] = (pos - 1) * v
                np.add.at(dU, negatives, np.outer(1 - neg, v))
                return loss, (pos - 1) * U[context] + (1 - neg) @ U[negatives], dU
        """,
    ),
    _wrong(
        "negative_sampling_loss",
        "the context's error is sigma",
        "the gradient of −log σ(u) is taken as σ(u), not σ(u) − 1",
        """
            def negative_sampling_loss(v, U, context, negatives):
                pos, neg = U[context] @ v, U[negatives] @ v
                loss = np.logaddexp(0, -pos) + np.logaddexp(0, neg).sum()
                gp, gn = np.exp(-np.logaddexp(0, -pos)), np.exp(-np.logaddexp(0, -neg))
                dU = np.zeros_like(U)
                dU[context] = gp * v
                np.add.at(dU, negatives, np.outer(gn, v))
                return loss, gp * U[context] + gn @ U[negatives], dU
        """,
    ),
    _wrong(
        "negative_sampling_loss",
        "dU of the rows that took part",
        "dU has the K + 1 rows that took part, in their order, instead of the shape of U",
        """
            def negative_sampling_loss(v, U, context, negatives):
                rows = np.concatenate([[context], negatives])
                y = (np.arange(rows.size) == 0).astype(float)
                u = U[rows] @ v
                loss = (np.logaddexp(0, u) - y * u).sum()
                g = np.exp(-np.logaddexp(0, -u)) - y
                return loss, g @ U[rows], np.outer(g, v)
        """,
    ),
    _wrong(
        "negative_sampling_loss",
        "gradients by one-sided differences",
        "the gradients are quotients of differences with h = 1e-6",
        """
            def _loss(v, U, context, negatives):
                return np.logaddexp(0, -(U[context] @ v)) + np.logaddexp(0, U[negatives] @ v).sum()


            def negative_sampling_loss(v, U, context, negatives):
                h, loss = 1e-6, _loss(v, U, context, negatives)
                dv, dU = np.zeros_like(v), np.zeros_like(U)
                for i in range(v.size):
                    w = v.copy()
                    w[i] += h
                    dv[i] = (_loss(w, U, context, negatives) - loss) / h
                for i in np.ndindex(*U.shape):
                    R = U.copy()
                    R[i] += h
                    dU[i] = (_loss(v, R, context, negatives) - loss) / h
                return loss, dv, dU
        """,
        policy="numeric",
    ),
    # ---- positions and masks
    _wrong(
        "positional_encoding",
        "sines in the first half",
        "sines stand in the first half of the columns and cosines in the second, not by turns",
        """
            def positional_encoding(T, D):
                angle = np.arange(T)[:, None] / 10000 ** (np.arange(0, D, 2) / D)
                return np.concatenate([np.sin(angle), np.cos(angle)], axis=1)
        """,
    ),
    _wrong(
        "positional_encoding",
        "each column its own frequency",
        "the cosine of a pair takes the exponent (2i + 1)/D instead of 2i/D",
        """
            def positional_encoding(T, D):
                P = np.zeros((T, D))
                for t in range(T):
                    for j in range(D):
                        a = t / 10000 ** (j / D)
                        P[t, j] = np.sin(a) if j % 2 == 0 else np.cos(a)
                return P
        """,
    ),
    _wrong(
        "positional_encoding",
        "column number doubled",
        "the exponent is 2j/D for column j, instead of for pair i",
        """
            def positional_encoding(T, D):
                P = np.zeros((T, D))
                for t in range(T):
                    for i in range(0, D, 2):
                        P[t, i] = np.sin(t / (10000 ** (2 * i / D)))
                        P[t, i + 1] = np.cos(t / (10000 ** (2 * i / D)))
                return P
        """,
    ),
    _wrong(
        "positional_encoding",
        "positions from 1",
        "the first position is counted as 1",
        """
            def positional_encoding(T, D):
                angle = np.arange(1, T + 1)[:, None] / 10000 ** (np.arange(0, D, 2) / D)
                P = np.empty((T, D))
                P[:, 0::2], P[:, 1::2] = np.sin(angle), np.cos(angle)
                return P
        """,
    ),
    _wrong(
        "positional_encoding",
        "half of the exponent",
        "the exponent is i/D instead of 2i/D",
        """
            def positional_encoding(T, D):
                angle = np.arange(T)[:, None] / 10000 ** (np.arange(D // 2) / D)
                P = np.empty((T, D))
                P[:, 0::2], P[:, 1::2] = np.sin(angle), np.cos(angle)
                return P
        """,
    ),
    _wrong(
        "positional_encoding",
        "integer division in the exponent",
        "2i // D is 0 for every pair: all turn at the same speed",
        """
            def positional_encoding(T, D):
                P = np.zeros((T, D))
                for i in range(D // 2):
                    P[:, 2 * i] = np.sin(np.arange(T) / 10000 ** (2 * i // D))
                    P[:, 2 * i + 1] = np.cos(np.arange(T) / 10000 ** (2 * i // D))
                return P
        """,
    ),
    _wrong(
        "positional_encoding",
        "last frequency at 10000",
        "divides by D/2 − 1 as tensor2tensor does, so that the last pair has the wave length 10000",
        """
            def positional_encoding(T, D):
                half = D // 2
                angle = np.arange(T)[:, None] / 10000 ** (np.arange(half) / max(half - 1, 1))
                P = np.empty((T, D))
                P[:, 0::2], P[:, 1::2] = np.sin(angle), np.cos(angle)
                return P
        """,
    ),
    _wrong(
        "positional_encoding",
        "sine and cosine swapped",
        "even columns hold cosines and odd ones sines",
        """
            def positional_encoding(T, D):
                angle = np.arange(T)[:, None] / 10000 ** (np.arange(0, D, 2) / D)
                P = np.empty((T, D))
                P[:, 0::2], P[:, 1::2] = np.cos(angle), np.sin(angle)
                return P
        """,
    ),
    _wrong(
        "attention_mask",
        "strictly before",
        "a token may not see itself",
        """
            def attention_mask(tokens, pad):
                T = tokens.shape[1]
                return np.tril(np.ones((T, T), dtype=bool), -1)[None] & (tokens != pad)[:, None, :]
        """,
    ),
    _wrong(
        "attention_mask",
        "upper triangle",
        "tokens see what comes after them, not what was before",
        """
            def attention_mask(tokens, pad):
                T = tokens.shape[1]
                return np.triu(np.ones((T, T), dtype=bool))[None] & (tokens != pad)[:, None, :]
        """,
    ),
    _wrong(
        "attention_mask",
        "padding of the query",
        "padding hides rows, those of the queries, instead of columns",
        """
            def attention_mask(tokens, pad):
                T = tokens.shape[1]
                return np.tril(np.ones((T, T), dtype=bool))[None] & (tokens != pad)[:, :, None]
        """,
    ),
    _wrong(
        "attention_mask",
        "padding of query and key",
        "a query that is padding sees nothing, though nothing is asked of token i",
        """
            def attention_mask(tokens, pad):
                T = tokens.shape[1]
                real = tokens != pad
                return np.tril(np.ones((T, T), dtype=bool)) & real[:, None, :] & real[:, :, None]
        """,
    ),
    _wrong(
        "attention_mask",
        "or for and",
        "one of the two conditions is enough",
        """
            def attention_mask(tokens, pad):
                T = tokens.shape[1]
                return np.tril(np.ones((T, T), dtype=bool))[None] | (tokens != pad)[:, None, :]
        """,
    ),
    _wrong(
        "attention_mask",
        "lengths of the sequences",
        "counts the tokens that are no padding and takes the first so many: wrong where padding is not at the end",
        """
            def attention_mask(tokens, pad):
                N, T = tokens.shape
                lengths = (tokens != pad).sum(axis=1)
                j = np.arange(T)
                return (j[None, None, :] <= j[None, :, None]) & (j < lengths[:, None])[:, None, :]
        """,
    ),
    _wrong(
        "attention_mask",
        "True where hidden",
        "the mask is the other way round, as PyTorch's key_padding_mask is",
        """
            def attention_mask(tokens, pad):
                T = tokens.shape[1]
                return np.triu(np.ones((T, T), dtype=bool), 1)[None] | (tokens == pad)[:, None, :]
        """,
    ),
    _wrong(
        "attention_mask",
        "padding is 0",
        "0 is taken for padding, whatever pad is",
        """
            def attention_mask(tokens, pad):
                N, T = tokens.shape
                return np.tril(np.ones((N, T, T), dtype=bool)) & (tokens[:, None, :] != 0)
        """,
    ),
    _wrong(
        "attention_mask",
        "a token always sees itself",
        "the diagonal is set to True, so that no row is empty",
        """
            def attention_mask(tokens, pad):
                T = tokens.shape[1]
                mask = np.tril(np.ones((T, T), dtype=bool)) & (tokens != pad)[:, None, :]
                mask[:, np.arange(T), np.arange(T)] = True
                return mask
        """,
    ),
    _wrong(
        "attention_mask",
        "zeros and minus infinity",
        "returns numbers that are to be added to the scores, not truth values",
        """
            def attention_mask(tokens, pad):
                T = tokens.shape[1]
                see = np.tril(np.ones((T, T), dtype=bool)) & (tokens != pad)[:, None, :]
                return np.where(see, 0.0, -np.inf)
        """,
    ),
    _wrong(
        "attention_mask",
        "causal alone",
        "padding is forgotten",
        """
            def attention_mask(tokens, pad):
                N, T = tokens.shape
                return np.repeat(np.tril(np.ones((1, T, T), dtype=bool)), N, axis=0)
        """,
    ),
    # ---- attention, forward
    _changed(
        "attention_forward",
        "no scale",
        "the scores are not divided by √d_k",
        _PAIR,
        """
            def attention_forward(Q, K, V, mask=None):
                S = Q @ K.transpose(0, 2, 1)
                if mask is not None:
                    S = np.where(mask, S, -np.inf)
                m = S.max(axis=-1, keepdims=True)
                e = np.exp(S - np.where(np.isfinite(m), m, 0.0))
                z = e.sum(axis=-1, keepdims=True)
                A = e / np.where(z == 0, 1.0, z)
                return A @ V, (Q, K, V, A)
        """,
    ),
    _changed(
        "attention_forward",
        "scale of the values",
        "the root is taken of d_v, the size of the values",
        _PAIR,
        """
            def attention_forward(Q, K, V, mask=None):
                S = Q @ K.transpose(0, 2, 1) / np.sqrt(V.shape[-1])
                if mask is not None:
                    S = np.where(mask, S, -np.inf)
                m = S.max(axis=-1, keepdims=True)
                e = np.exp(S - np.where(np.isfinite(m), m, 0.0))
                z = e.sum(axis=-1, keepdims=True)
                A = e / np.where(z == 0, 1.0, z)
                return A @ V, (Q, K, V, A)
        """,
    ),
    _changed(
        "attention_forward",
        "divided by d_k itself",
        "the root is forgotten",
        _PAIR,
        """
            def attention_forward(Q, K, V, mask=None):
                S = Q @ K.transpose(0, 2, 1) / Q.shape[-1]
                if mask is not None:
                    S = np.where(mask, S, -np.inf)
                m = S.max(axis=-1, keepdims=True)
                e = np.exp(S - np.where(np.isfinite(m), m, 0.0))
                z = e.sum(axis=-1, keepdims=True)
                A = e / np.where(z == 0, 1.0, z)
                return A @ V, (Q, K, V, A)
        """,
    ),
    _wrong(
        "attention_forward",
        "softmax over the queries",
        "the weights of each key add up to 1 over the queries",
        """
            def attention_forward(Q, K, V, mask=None):
                S = Q @ K.transpose(0, 2, 1) / np.sqrt(Q.shape[-1])
                if mask is not None:
                    S = np.where(mask, S, -np.inf)
                m = S.max(axis=1, keepdims=True)
                e = np.exp(S - np.where(np.isfinite(m), m, 0.0))
                z = e.sum(axis=1, keepdims=True)
                A = e / np.where(z == 0, 1.0, z)
                return A @ V, (Q, K, V, A)
        """,
    ),
    _wrong(
        "attention_forward",
        "mask after the softmax",
        "weights are set to 0 after the softmax, and the rest adds up to less than 1",
        """
            def attention_forward(Q, K, V, mask=None):
                S = np.einsum("nid,njd->nij", Q, K) / np.sqrt(Q.shape[-1])
                A = np.exp(S - S.max(axis=-1, keepdims=True))
                A /= A.sum(axis=-1, keepdims=True)
                if mask is not None:
                    A = A * mask
                return A @ V, (Q, K, V, A)
        """,
    ),
    _wrong(
        "attention_forward",
        "scores times the mask",
        "hidden scores become 0, which is a weight like others",
        """
            def attention_forward(Q, K, V, mask=None):
                S = Q @ K.transpose(0, 2, 1) / np.sqrt(Q.shape[-1])
                if mask is not None:
                    S = S * mask
                A = np.exp(S - S.max(axis=-1, keepdims=True))
                A /= A.sum(axis=-1, keepdims=True)
                return A @ V, (Q, K, V, A)
        """,
    ),
    _changed(
        "attention_forward",
        "True hides",
        "the mask is read the other way round",
        _PAIR,
        """
            def attention_forward(Q, K, V, mask=None):
                S = Q @ K.transpose(0, 2, 1) / np.sqrt(Q.shape[-1])
                if mask is not None:
                    S = np.where(mask, -np.inf, S)
                m = S.max(axis=-1, keepdims=True)
                e = np.exp(S - np.where(np.isfinite(m), m, 0.0))
                z = e.sum(axis=-1, keepdims=True)
                A = e / np.where(z == 0, 1.0, z)
                return A @ V, (Q, K, V, A)
        """,
    ),
    _wrong(
        "attention_forward",
        "minus 1e9, rows without a key not looked at",
        "a row of the mask that is all False gets equal weights",
        """
            def attention_forward(Q, K, V, mask=None):
                S = Q @ K.transpose(0, 2, 1) / np.sqrt(Q.shape[-1])
                if mask is not None:
                    S = np.where(mask, S, -1e9)
                A = np.exp(S - S.max(axis=-1, keepdims=True))
                A /= A.sum(axis=-1, keepdims=True)
                return A @ V, (Q, K, V, A)
        """,
    ),
    _wrong(
        "attention_forward",
        "minus infinity, rows without a key not looked at",
        "a row of the mask that is all False gives not-a-number",
        """
            def attention_forward(Q, K, V, mask=None):
                S = Q @ K.transpose(0, 2, 1) / np.sqrt(Q.shape[-1])
                if mask is not None:
                    S[~mask] = -np.inf
                S -= S.max(axis=-1, keepdims=True)
                A = np.exp(S) / np.exp(S).sum(axis=-1, keepdims=True)
                return A @ V, (Q, K, V, A)
        """,
    ),
    _wrong(
        "attention_forward",
        "plain exponentials",
        "overflows for large scores",
        """
            def attention_forward(Q, K, V, mask=None):
                e = np.exp(Q @ K.transpose(0, 2, 1) / np.sqrt(Q.shape[-1]))
                if mask is not None:
                    e = e * mask
                z = e.sum(axis=-1, keepdims=True)
                A = e / np.where(z == 0, 1.0, z)
                return A @ V, (Q, K, V, A)
        """,
    ),
    _wrong(
        "attention_forward",
        "the largest score of the whole batch",
        "one maximum is subtracted from all rows: rows with small scores underflow to 0",
        """
            def attention_forward(Q, K, V, mask=None):
                S = Q @ K.transpose(0, 2, 1) / np.sqrt(Q.shape[-1])
                e = np.exp(S - S.max())
                if mask is not None:
                    e = np.where(mask, e, 0.0)
                z = e.sum(axis=-1, keepdims=True)
                A = e / np.where(z == 0, 1.0, z)
                return A @ V, (Q, K, V, A)
        """,
    ),
    _wrong(
        "attention_forward",
        "the largest score, hidden ones too",
        "the maximum is that of all keys; if a hidden key has a much larger score, those that are seen underflow",
        """
            def attention_forward(Q, K, V, mask=None):
                S = Q @ K.transpose(0, 2, 1) / np.sqrt(Q.shape[-1])
                e = np.exp(S - S.max(axis=-1, keepdims=True))
                if mask is not None:
                    e = e * mask
                z = e.sum(axis=-1, keepdims=True)
                A = np.divide(e, z, out=np.zeros_like(e), where=z > 0)
                return A @ V, (Q, K, V, A)
        """,
    ),
    _wrong(
        "attention_forward",
        "hidden scores at minus 100",
        "hidden keys keep a weight where the scores that are seen are far below 0",
        """
            def attention_forward(Q, K, V, mask=None):
                S = Q @ K.transpose(0, 2, 1) / np.sqrt(Q.shape[-1])
                if mask is not None:
                    S = np.where(mask, S, -100.0)
                e = np.exp(S - S.max(axis=-1, keepdims=True))
                A = e / e.sum(axis=-1, keepdims=True)
                if mask is not None:
                    A = A * mask.any(axis=-1, keepdims=True)
                return A @ V, (Q, K, V, A)
        """,
    ),
    _wrong(
        "attention_forward",
        "scores clipped to ±50",
        "large scores are cut off before the softmax",
        """
            def attention_forward(Q, K, V, mask=None):
                S = np.clip(Q @ K.transpose(0, 2, 1) / np.sqrt(Q.shape[-1]), -50, 50)
                e = np.exp(S)
                if mask is not None:
                    e = e * mask
                z = e.sum(axis=-1, keepdims=True)
                A = e / np.where(z == 0, 1.0, z)
                return A @ V, (Q, K, V, A)
        """,
    ),
    _wrong(
        "attention_forward",
        "a small number in the sum of weights",
        "1e-6 in the denominator: the weights of a row add up to less than 1",
        """
            def attention_forward(Q, K, V, mask=None):
                S = Q @ K.transpose(0, 2, 1) / np.sqrt(Q.shape[-1])
                if mask is not None:
                    S = np.where(mask, S, -np.inf)
                m = S.max(axis=-1, keepdims=True)
                e = np.exp(S - np.where(np.isfinite(m), m, 0.0))
                A = e / (e.sum(axis=-1, keepdims=True) + 1e-6)
                return A @ V, (Q, K, V, A)
        """,
    ),
    _wrong(
        "attention_forward",
        "the first sequence's mask for all",
        "mask[0] hides keys in every sequence",
        """
            def attention_forward(Q, K, V, mask=None):
                S = Q @ K.transpose(0, 2, 1) / np.sqrt(Q.shape[-1])
                if mask is not None:
                    S = np.where(mask[0], S, -np.inf)
                m = S.max(axis=-1, keepdims=True)
                e = np.exp(S - np.where(np.isfinite(m), m, 0.0))
                z = e.sum(axis=-1, keepdims=True)
                A = e / np.where(z == 0, 1.0, z)
                return A @ V, (Q, K, V, A)
        """,
    ),
    _wrong(
        "attention_forward",
        "always causal",
        "without a mask a causal one is used",
        """
            def attention_forward(Q, K, V, mask=None):
                S = Q @ K.transpose(0, 2, 1) / np.sqrt(Q.shape[-1])
                if mask is None:
                    mask = np.tril(np.ones(S.shape, dtype=bool))
                S = np.where(mask, S, -np.inf)
                m = S.max(axis=-1, keepdims=True)
                e = np.exp(S - np.where(np.isfinite(m), m, 0.0))
                z = e.sum(axis=-1, keepdims=True)
                A = e / np.where(z == 0, 1.0, z)
                return A @ V, (Q, K, V, A)
        """,
    ),
    _wrong(
        "attention_forward",
        "single precision",
        "the weights are computed in float32",
        """
            def attention_forward(Q, K, V, mask=None):
                S = (Q @ K.transpose(0, 2, 1) / np.sqrt(Q.shape[-1])).astype(np.float32)
                if mask is not None:
                    S = np.where(mask, S, np.float32(-np.inf))
                m = S.max(axis=-1, keepdims=True)
                e = np.exp(S - np.where(np.isfinite(m), m, np.float32(0)))
                z = e.sum(axis=-1, keepdims=True)
                A = (e / np.where(z == 0, np.float32(1), z)).astype(float)
                return A @ V, (Q, K, V, A)
        """,
        policy="dtype",
    ),
    _wrong(
        "attention_forward",
        "key by query",
        "the scores are K Qᵀ: rows belong to keys, which shows where there are as many keys as queries",
        """
            def attention_forward(Q, K, V, mask=None):
                S = K @ Q.transpose(0, 2, 1) / np.sqrt(Q.shape[-1])
                if mask is not None:
                    S = np.where(mask, S, -np.inf)
                m = S.max(axis=-1, keepdims=True)
                e = np.exp(S - np.where(np.isfinite(m), m, 0.0))
                z = e.sum(axis=-1, keepdims=True)
                A = e / np.where(z == 0, 1.0, z)
                return A @ V, (Q, K, V, A)
        """,
    ),
    # ---- attention, backward
    _changed(
        "attention_backward",
        "scale forgotten",
        "dQ and dK lack the factor 1/√d_k",
        _PAIR,
        """
            def attention_backward(dout, cache):
                Q, K, V, A = cache
                dA = dout @ V.transpose(0, 2, 1)
                dS = A * (dA - (dA * A).sum(axis=-1, keepdims=True))
                return dS @ K, dS.transpose(0, 2, 1) @ Q, A.transpose(0, 2, 1) @ dout
        """,
    ),
    _changed(
        "attention_backward",
        "scale twice",
        "divided by √d_k for the scores and again for the result",
        _PAIR,
        """
            def attention_backward(dout, cache):
                Q, K, V, A = cache
                root = np.sqrt(Q.shape[-1])
                dA = dout @ V.transpose(0, 2, 1)
                dS = A * (dA - (dA * A).sum(axis=-1, keepdims=True)) / root
                return dS @ K / root, dS.transpose(0, 2, 1) @ Q / root, A.transpose(0, 2, 1) @ dout
        """,
    ),
    _changed(
        "attention_backward",
        "scale for dQ alone",
        "dK lacks the factor 1/√d_k",
        _PAIR,
        """
            def attention_backward(dout, cache):
                Q, K, V, A = cache
                dA = dout @ V.transpose(0, 2, 1)
                dS = A * (dA - (dA * A).sum(axis=-1, keepdims=True))
                dQ = dS @ K / np.sqrt(Q.shape[-1])
                dK = dS.transpose(0, 2, 1) @ Q
                return dQ, dK, A.transpose(0, 2, 1) @ dout
        """,
    ),
    _changed(
        "attention_backward",
        "scale of the values",
        "the root is taken of d_v",
        _PAIR,
        """
            def attention_backward(dout, cache):
                Q, K, V, A = cache
                dA = dout @ V.transpose(0, 2, 1)
                dS = A * (dA - (dA * A).sum(axis=-1, keepdims=True)) / np.sqrt(V.shape[-1])
                return dS @ K, dS.transpose(0, 2, 1) @ Q, A.transpose(0, 2, 1) @ dout
        """,
    ),
    _wrong(
        "attention_backward",
        "diagonal of the softmax alone",
        "A(1 − A) as for a sigmoid; the entries off the diagonal of the Jacobian are forgotten",
        """
            def attention_backward(dout, cache):
                Q, K, V, A = cache
                dA = dout @ V.transpose(0, 2, 1)
                dS = dA * A * (1 - A) / np.sqrt(Q.shape[-1])
                return dS @ K, dS.transpose(0, 2, 1) @ Q, A.transpose(0, 2, 1) @ dout
        """,
    ),
    _wrong(
        "attention_backward",
        "no softmax on the way back",
        "dA is taken for dS",
        """
            def attention_backward(dout, cache):
                Q, K, V, A = cache
                dV = np.einsum("nij,niv->njv", A, dout)
                dS = np.einsum("niv,njv->nij", dout, V) / np.sqrt(Q.shape[-1])
                return dS @ K, dS.transpose(0, 2, 1) @ Q, dV
        """,
    ),
    _wrong(
        "attention_backward",
        "inner products over the queries",
        "the sum of the softmax's gradient runs over the queries of a key",
        """
            def attention_backward(dout, cache):
                Q, K, V, A = cache
                dA = dout @ V.transpose(0, 2, 1)
                dS = A * (dA - (dA * A).sum(axis=1, keepdims=True)) / np.sqrt(Q.shape[-1])
                return dS @ K, dS.transpose(0, 2, 1) @ Q, A.transpose(0, 2, 1) @ dout
        """,
    ),
    _wrong(
        "attention_backward",
        "mean in the place of the sum",
        "the mean of dA · A is subtracted",
        """
            def attention_backward(dout, cache):
                Q, K, V, A = cache
                dA = dout @ V.transpose(0, 2, 1)
                dS = A * (dA - (dA * A).mean(axis=-1, keepdims=True)) / np.sqrt(Q.shape[-1])
                return dS @ K, dS.transpose(0, 2, 1) @ Q, A.transpose(0, 2, 1) @ dout
        """,
    ),
    _wrong(
        "attention_backward",
        "the subtracted sum is not weighted",
        "Σ dA is subtracted, where Σ dA · A belongs",
        """
            def attention_backward(dout, cache):
                Q, K, V, A = cache
                dA = dout @ V.transpose(0, 2, 1)
                dS = A * (dA - dA.sum(axis=-1, keepdims=True)) / np.sqrt(Q.shape[-1])
                return dS @ K, dS.transpose(0, 2, 1) @ Q, A.transpose(0, 2, 1) @ dout
        """,
    ),
    _wrong(
        "attention_backward",
        "softmax's sign",
        "the difference is taken the other way round",
        """
            def attention_backward(dout, cache):
                Q, K, V, A = cache
                dA = dout @ V.transpose(0, 2, 1)
                dS = A * ((dA * A).sum(axis=-1, keepdims=True) - dA) / np.sqrt(Q.shape[-1])
                return dS @ K, dS.transpose(0, 2, 1) @ Q, A.transpose(0, 2, 1) @ dout
        """,
    ),
    _wrong(
        "attention_backward",
        "weights not transposed for dV",
        "A dout in the place of Aᵀ dout: right shapes only where T_q = T_k",
        """
            def attention_backward(dout, cache):
                Q, K, V, A = cache
                dV = A @ dout
                dA = dout @ V.transpose(0, 2, 1)
                dS = A * (dA - (dA * A).sum(axis=-1, keepdims=True)) / np.sqrt(Q.shape[-1])
                return dS @ K, dS.transpose(0, 2, 1) @ Q, dV
        """,
    ),
    _wrong(
        "attention_backward",
        "dK before dQ",
        "the gradients are returned in another order",
        """
            def attention_backward(dout, cache):
                Q, K, V, A = cache
                dA = dout @ V.transpose(0, 2, 1)
                dS = A * (dA - (dA * A).sum(axis=-1, keepdims=True)) / np.sqrt(Q.shape[-1])
                return dS.transpose(0, 2, 1) @ Q, dS @ K, A.transpose(0, 2, 1) @ dout
        """,
    ),
    _wrong(
        "attention_backward",
        "weights computed anew without the mask",
        "the softmax is taken again over all keys, so that hidden ones get a gradient",
        """
            def attention_backward(dout, cache):
                Q, K, V, _ = cache
                S = Q @ K.transpose(0, 2, 1) / np.sqrt(Q.shape[-1])
                A = np.exp(S - S.max(axis=-1, keepdims=True))
                A /= A.sum(axis=-1, keepdims=True)
                dA = dout @ V.transpose(0, 2, 1)
                dS = A * (dA - (dA * A).sum(axis=-1, keepdims=True)) / np.sqrt(Q.shape[-1])
                return dS @ K, dS.transpose(0, 2, 1) @ Q, A.transpose(0, 2, 1) @ dout
        """,
    ),
    _wrong(
        "attention_backward",
        "weights computed anew, those of 0 hidden",
        "the mask is read from the weights: a key whose weight underflowed counts as hidden, and a row without a key gives nan",
        """
            def attention_backward(dout, cache):
                Q, K, V, A = cache
                S = np.where(A > 0, Q @ K.transpose(0, 2, 1) / np.sqrt(Q.shape[-1]), -np.inf)
                P = np.exp(S - S.max(axis=-1, keepdims=True))
                P /= P.sum(axis=-1, keepdims=True)
                dA = dout @ V.transpose(0, 2, 1)
                dS = P * (dA - (dA * P).sum(axis=-1, keepdims=True)) / np.sqrt(Q.shape[-1])
                return dS @ K, dS.transpose(0, 2, 1) @ Q, P.transpose(0, 2, 1) @ dout
        """,
    ),
    _wrong(
        "attention_backward",
        "one Jacobian for a batch",
        "the inner products are summed over all keys and queries of a sequence",
        """
            def attention_backward(dout, cache):
                Q, K, V, A = cache
                dA = dout @ V.transpose(0, 2, 1)
                dS = A * (dA - (dA * A).sum(axis=(1, 2), keepdims=True)) / np.sqrt(Q.shape[-1])
                return dS @ K, dS.transpose(0, 2, 1) @ Q, A.transpose(0, 2, 1) @ dout
        """,
    ),
    _wrong(
        "attention_backward",
        "averaged over the queries",
        "dV is divided by the number of queries",
        """
            def attention_backward(dout, cache):
                Q, K, V, A = cache
                dA = dout @ V.transpose(0, 2, 1)
                dS = A * (dA - (dA * A).sum(axis=-1, keepdims=True)) / np.sqrt(Q.shape[-1])
                return dS @ K, dS.transpose(0, 2, 1) @ Q, A.transpose(0, 2, 1) @ dout / Q.shape[1]
        """,
    ),
    _wrong(
        "attention_backward",
        "upstream gradient taken as ones",
        "dout is not used: the gradient of the sum of out",
        """
            def attention_backward(dout, cache):
                Q, K, V, A = cache
                dout = np.ones_like(dout)
                dA = dout @ V.transpose(0, 2, 1)
                dS = A * (dA - (dA * A).sum(axis=-1, keepdims=True)) / np.sqrt(Q.shape[-1])
                return dS @ K, dS.transpose(0, 2, 1) @ Q, A.transpose(0, 2, 1) @ dout
        """,
    ),
    # ---- key-value cache
    _wrong(
        "attend_with_cache",
        "the newest token left out",
        "the token attends to those before it and not to itself; the first gets its own value",
        """
            def attend_with_cache(q, k, v, past=None):
                if past is None:
                    return v.copy(), (k[:, None], v[:, None])
                K, V = past
                s = np.einsum("nd,ntd->nt", q, K) / np.sqrt(q.shape[1])
                a = np.exp(s - s.max(axis=1, keepdims=True))
                a /= a.sum(axis=1, keepdims=True)
                out = np.einsum("nt,ntv->nv", a, V)
                return out, (np.concatenate([K, k[:, None]], 1), np.concatenate([V, v[:, None]], 1))
        """,
    ),
    _wrong(
        "attend_with_cache",
        "remembers the last token alone",
        "the new past holds the newest key and value, not all",
        """
            def attend_with_cache(q, k, v, past=None):
                K, V = k[:, None], v[:, None]
                if past is not None:
                    K, V = np.concatenate([past[0], K], 1), np.concatenate([past[1], V], 1)
                s = np.einsum("nd,ntd->nt", q, K) / np.sqrt(q.shape[1])
                a = np.exp(s - s.max(axis=1, keepdims=True))
                a /= a.sum(axis=1, keepdims=True)
                return np.einsum("nt,ntv->nv", a, V), (k[:, None], v[:, None])
        """,
    ),
    _wrong(
        "attend_with_cache",
        "past in a global",
        "keys and values are kept in a global, so that two runs at the same time mix",
        """
            _past = {}


            def attend_with_cache(q, k, v, past=None):
                if past is None:
                    _past["k"], _past["v"] = [], []
                _past["k"].append(k)
                _past["v"].append(v)
                K, V = np.stack(_past["k"], axis=1), np.stack(_past["v"], axis=1)
                s = (q[:, None] * K).sum(-1) / np.sqrt(q.shape[1])
                a = np.exp(s - s.max(axis=1, keepdims=True))
                a /= a.sum(axis=1, keepdims=True)
                return (a[..., None] * V).sum(axis=1), True
        """,
        policy="state",
    ),
    _wrong(
        "attend_with_cache",
        "sequences mixed",
        "keys of all sequences stand in one table, and each query attends to all of them",
        """
            def attend_with_cache(q, k, v, past=None):
                K, V = (k, v) if past is None else (np.vstack([past[0], k]), np.vstack([past[1], v]))
                s = q @ K.T / np.sqrt(q.shape[1])
                a = np.exp(s - s.max(axis=1, keepdims=True))
                a /= a.sum(axis=1, keepdims=True)
                return a @ V, (K, V)
        """,
    ),
    _wrong(
        "attend_with_cache",
        "no scale",
        "the scores are not divided by √d_k",
        """
            def attend_with_cache(q, k, v, past=None):
                K, V = k[:, None], v[:, None]
                if past is not None:
                    K, V = np.concatenate([past[0], K], 1), np.concatenate([past[1], V], 1)
                s = np.einsum("nd,ntd->nt", q, K)
                a = np.exp(s - s.max(axis=1, keepdims=True))
                a /= a.sum(axis=1, keepdims=True)
                return np.einsum("nt,ntv->nv", a, V), (K, V)
        """,
    ),
    _wrong(
        "attend_with_cache",
        "a window of three",
        "only the last three tokens are kept",
        """
            def attend_with_cache(q, k, v, past=None):
                past = [*(past or []), (k, v)][-3:]
                K, V = (np.stack(part, axis=1) for part in zip(*past))
                s = np.einsum("nd,ntd->nt", q, K) / np.sqrt(q.shape[1])
                a = np.exp(s - s.max(axis=1, keepdims=True))
                a /= a.sum(axis=1, keepdims=True)
                return np.einsum("nt,ntv->nv", a, V), past
        """,
    ),
    _wrong(
        "attend_with_cache",
        "sums kept of earlier queries",
        "keeps the running sums of the weights, which belong to the earlier queries and not to this one",
        """
            def attend_with_cache(q, k, v, past=None):
                w = np.exp((q * k).sum(axis=1, keepdims=True) / np.sqrt(q.shape[1]))
                z, o = (0.0, 0.0) if past is None else past
                z, o = z + w, o + w * v
                return o / z, (z, o)
        """,
    ),
    _wrong(
        "attend_with_cache",
        "softmax over the batch",
        "the weights add up to 1 over the sequences, not over the tokens",
        """
            def attend_with_cache(q, k, v, past=None):
                K, V = k[:, None], v[:, None]
                if past is not None:
                    K, V = np.concatenate([past[0], K], 1), np.concatenate([past[1], V], 1)
                s = np.einsum("nd,ntd->nt", q, K) / np.sqrt(q.shape[1])
                a = np.exp(s - s.max(axis=0))
                a /= a.sum(axis=0)
                return np.einsum("nt,ntv->nv", a, V), (K, V)
        """,
    ),
    # ---- online softmax
    _wrong(
        "online_softmax_update",
        "nothing rescaled",
        "z and o still hold exponentials relative to the old maximum",
        """
            def online_softmax_update(m, z, o, s, v):
                new = np.maximum(m, s.max(axis=1))
                p = np.exp(s - new[:, None])
                return new, z + p.sum(axis=1), o + p @ v
        """,
    ),
    _wrong(
        "online_softmax_update",
        "only z rescaled",
        "o still holds exponentials relative to the old maximum",
        """
            def online_softmax_update(m, z, o, s, v):
                new = np.maximum(m, s.max(axis=1))
                p = np.exp(s - new[:, None])
                return new, z * np.exp(m - new) + p.sum(axis=1), o + p @ v
        """,
    ),
    _wrong(
        "online_softmax_update",
        "the block's maximum",
        "the new m is the largest score of this block, though an earlier one may be larger",
        """
            def online_softmax_update(m, z, o, s, v):
                new = s.max(axis=1)
                c = np.exp(m - new)
                p = np.exp(s - new[:, None])
                return new, z * c + p.sum(axis=1), o * c[:, None] + p @ v
        """,
    ),
    _wrong(
        "online_softmax_update",
        "o divided by z",
        "returns the output of attention in the place of the sum that is not divided",
        """
            def online_softmax_update(m, z, o, s, v):
                new = np.maximum(m, s.max(axis=1))
                c, p = np.exp(m - new), np.exp(s - new[:, None])
                z = z * c + p.sum(axis=1)
                return new, z, (o * c[:, None] + p @ v) / z[:, None]
        """,
    ),
    _wrong(
        "online_softmax_update",
        "factor upside down",
        "multiplies by e^(new − old) instead of e^(old − new)",
        """
            def online_softmax_update(m, z, o, s, v):
                new = np.maximum(m, s.max(axis=1))
                with np.errstate(all="ignore"):
                    c = np.where(np.isfinite(m), np.exp(new - m), 0.0)
                p = np.exp(s - new[:, None])
                return new, z * c + p.sum(axis=1), o * c[:, None] + p @ v
        """,
    ),
    _wrong(
        "online_softmax_update",
        "a quotient of exponentials",
        "e^m / e^new overflows for large scores",
        """
            def online_softmax_update(m, z, o, s, v):
                new = np.maximum(m, s.max(axis=1))
                c = np.exp(m) / np.exp(new)
                p = np.exp(s) / np.exp(new)[:, None]
                return new, z * c + p.sum(axis=1), o * c[:, None] + p @ v
        """,
    ),
    _wrong(
        "online_softmax_update",
        "minus infinity replaced by 0",
        "a query that has seen nothing starts with m = 0, which stays the maximum if all scores are below 0",
        """
            def online_softmax_update(m, z, o, s, v):
                m = np.where(np.isinf(m), 0.0, m)
                new = np.maximum(m, s.max(axis=1))
                c, p = np.exp(m - new), np.exp(s - new[:, None])
                return new, z * c + p.sum(axis=1), o * c[:, None] + p @ v
        """,
    ),
    _wrong(
        "online_softmax_update",
        "new only if the first query is",
        "looks at m[0] to see whether anything was seen, and drops what the other queries have",
        """
            def online_softmax_update(m, z, o, s, v):
                if m[0] == -np.inf:
                    new = s.max(axis=1)
                    p = np.exp(s - new[:, None])
                    return new, p.sum(axis=1), p @ v
                new = np.maximum(m, s.max(axis=1))
                c, p = np.exp(m - new), np.exp(s - new[:, None])
                return new, z * c + p.sum(axis=1), o * c[:, None] + p @ v
        """,
    ),
    _wrong(
        "online_softmax_update",
        "difference of two infinities",
        "takes m − m of a query that has seen nothing: not-a-number",
        """
            def online_softmax_update(m, z, o, s, v):
                p = np.exp(s - s.max(axis=1, keepdims=True))
                step = s.max(axis=1) - m
                new = m + np.maximum(step, 0)
                c = np.exp(m - new)
                b = np.exp(s.max(axis=1) - new)
                return new, z * c + b * p.sum(axis=1), o * c[:, None] + b[:, None] * (p @ v)
        """,
    ),
    # ---- heads
    _wrong(
        "split_heads",
        "a reshape alone",
        "(N, T, H·d) is read as (N, H, T, d): the first head gets the first tokens",
        """
            def split_heads(x, heads):
                N, T, D = x.shape
                return x.reshape(N, heads, T, D // heads)
        """,
    ),
    _wrong(
        "split_heads",
        "every H-th feature",
        "head h gets the features h, h + H, ... instead of a block",
        """
            def split_heads(x, heads):
                N, T, D = x.shape
                return x.reshape(N, T, D // heads, heads).transpose(0, 3, 1, 2)
        """,
    ),
    _wrong(
        "split_heads",
        "heads behind the tokens",
        "the axes are (N, T, H, d): the transpose is forgotten",
        """
            def split_heads(x, heads):
                N, T, D = x.shape
                return x.reshape(N, T, heads, D // heads)
        """,
    ),
    _wrong(
        "split_heads",
        "heads taken for their size",
        "``heads`` is read as d",
        """
            def split_heads(x, heads):
                return np.stack([x[..., i : i + heads] for i in range(0, x.shape[-1], heads)], axis=1)
        """,
    ),
    _wrong(
        "split_heads",
        "tokens last",
        "each head is transposed: (N, H, d, T)",
        """
            def split_heads(x, heads):
                N, T, D = x.shape
                return x.reshape(N, T, heads, D // heads).transpose(0, 2, 3, 1)
        """,
    ),
    _wrong(
        "merge_heads",
        "a reshape alone",
        "(N, H, T, d) is read as (N, T, H·d): a token's features come from several tokens",
        """
            def merge_heads(x):
                N, H, T, d = x.shape
                return x.reshape(N, T, H * d)
        """,
    ),
    _wrong(
        "merge_heads",
        "features of the heads by turns",
        "the first features of all heads come first, then the second ones",
        """
            def merge_heads(x):
                N, H, T, d = x.shape
                return x.transpose(0, 2, 3, 1).reshape(N, T, d * H)
        """,
    ),
    _wrong(
        "merge_heads",
        "mean of the heads",
        "the heads are averaged, not put side by side",
        """
            def merge_heads(x):
                return np.tile(x.mean(axis=1), (1, 1, x.shape[1]))
        """,
    ),
    _wrong(
        "merge_heads",
        "heads in reverse",
        "the last head comes first",
        """
            def merge_heads(x):
                return np.concatenate(list(x.transpose(1, 0, 2, 3))[::-1], axis=-1)
        """,
    ),
    _wrong(
        "merge_heads",
        "column-major reshape",
        "order F counts the heads faster than their features: these stand by turns",
        """
            def merge_heads(x):
                N, H, T, d = x.shape
                return x.transpose(0, 2, 1, 3).reshape((N, T, H * d), order="F")
        """,
    ),
    # ---- multi-head, forward
    *(
        _changed("multi_head_forward", style, why, _BLOCK, source)
        for style, why, source in (
            (
                "scale of all features",
                "the root is taken of D, not of the size of a head",
                """
                    def multi_head_forward(x, Wq, Wk, Wv, Wo, heads, mask=None):
                        Q, K, V = (split_heads(x @ W, heads) for W in (Wq, Wk, Wv))
                        S = Q @ K.swapaxes(-1, -2) / np.sqrt(x.shape[-1])
                        A = _weights(S, None if mask is None else mask[:, None])
                        return merge_heads(A @ V) @ Wo, (x, Wq, Wk, Wv, Wo, Q, K, V, A)
                """,
            ),
            (
                "scale of all heads together",
                "the root is taken of H·d_k",
                """
                    def multi_head_forward(x, Wq, Wk, Wv, Wo, heads, mask=None):
                        Q, K, V = (split_heads(x @ W, heads) for W in (Wq, Wk, Wv))
                        S = Q @ K.swapaxes(-1, -2) / np.sqrt(Wq.shape[1])
                        A = _weights(S, None if mask is None else mask[:, None])
                        return merge_heads(A @ V) @ Wo, (x, Wq, Wk, Wv, Wo, Q, K, V, A)
                """,
            ),
            (
                "heads by a reshape alone",
                "the first head works with the first tokens",
                """
                    def split_heads(x, heads):
                        N, T, D = x.shape
                        return x.reshape(N, heads, T, D // heads)
                """,
            ),
            (
                "heads put together by a reshape alone",
                "the heads' outputs are not transposed before they are joined",
                """
                    def multi_head_forward(x, Wq, Wk, Wv, Wo, heads, mask=None):
                        Q, K, V = (split_heads(x @ W, heads) for W in (Wq, Wk, Wv))
                        A = _weights(Q @ K.swapaxes(-1, -2) / np.sqrt(Q.shape[-1]), None if mask is None else mask[:, None])
                        O = A @ V
                        return O.reshape(x.shape[0], x.shape[1], -1) @ Wo, (x, Wq, Wk, Wv, Wo, Q, K, V, A)
                """,
            ),
            (
                "mask not used",
                "every query sees every key",
                """
                    def multi_head_forward(x, Wq, Wk, Wv, Wo, heads, mask=None):
                        Q, K, V = (split_heads(x @ W, heads) for W in (Wq, Wk, Wv))
                        A = _weights(Q @ K.swapaxes(-1, -2) / np.sqrt(Q.shape[-1]))
                        return merge_heads(A @ V) @ Wo, (x, Wq, Wk, Wv, Wo, Q, K, V, A)
                """,
            ),
            (
                "mask for the first head alone",
                "the other heads see everything",
                """
                    def multi_head_forward(x, Wq, Wk, Wv, Wo, heads, mask=None):
                        Q, K, V = (split_heads(x @ W, heads) for W in (Wq, Wk, Wv))
                        S = Q @ K.swapaxes(-1, -2) / np.sqrt(Q.shape[-1])
                        if mask is not None:
                            S[:, 0][~mask] = -np.inf
                        A = _weights(S)
                        return merge_heads(A @ V) @ Wo, (x, Wq, Wk, Wv, Wo, Q, K, V, A)
                """,
            ),
            (
                "softmax over the heads",
                "the weights of a query and a key add up to 1 over the heads",
                """
                    def multi_head_forward(x, Wq, Wk, Wv, Wo, heads, mask=None):
                        Q, K, V = (split_heads(x @ W, heads) for W in (Wq, Wk, Wv))
                        S = Q @ K.swapaxes(-1, -2) / np.sqrt(Q.shape[-1])
                        A = np.exp(S - S.max(axis=1, keepdims=True))
                        A /= A.sum(axis=1, keepdims=True)
                        if mask is not None:
                            A = A * mask[:, None]
                        return merge_heads(A @ V) @ Wo, (x, Wq, Wk, Wv, Wo, Q, K, V, A)
                """,
            ),
            (
                "mask added as minus 1e9",
                "a row of the mask that is all False gets equal weights",
                """
                    def multi_head_forward(x, Wq, Wk, Wv, Wo, heads, mask=None):
                        Q, K, V = (split_heads(x @ W, heads) for W in (Wq, Wk, Wv))
                        S = Q @ K.swapaxes(-1, -2) / np.sqrt(Q.shape[-1])
                        if mask is not None:
                            S = np.where(mask[:, None], S, -1e9)
                        A = _weights(S)
                        return merge_heads(A @ V) @ Wo, (x, Wq, Wk, Wv, Wo, Q, K, V, A)
                """,
            ),
            (
                "mask after the softmax",
                "the weights that are left add up to less than 1",
                """
                    def multi_head_forward(x, Wq, Wk, Wv, Wo, heads, mask=None):
                        Q, K, V = (split_heads(x @ W, heads) for W in (Wq, Wk, Wv))
                        A = _weights(Q @ K.swapaxes(-1, -2) / np.sqrt(Q.shape[-1]))
                        if mask is not None:
                            A = A * mask[:, None]
                        return merge_heads(A @ V) @ Wo, (x, Wq, Wk, Wv, Wo, Q, K, V, A)
                """,
            ),
            (
                "x added",
                "a residual connection is added to the output",
                """
                    def multi_head_forward(x, Wq, Wk, Wv, Wo, heads, mask=None):
                        Q, K, V = (split_heads(x @ W, heads) for W in (Wq, Wk, Wv))
                        A = _weights(Q @ K.swapaxes(-1, -2) / np.sqrt(Q.shape[-1]), None if mask is None else mask[:, None])
                        return x + merge_heads(A @ V) @ Wo, (x, Wq, Wk, Wv, Wo, Q, K, V, A)
                """,
            ),
            (
                "every head with the weights of the first",
                "the weights of head 0 are used by all heads",
                """
                    def multi_head_forward(x, Wq, Wk, Wv, Wo, heads, mask=None):
                        Q, K, V = (split_heads(x @ W, heads) for W in (Wq, Wk, Wv))
                        S = Q @ K.swapaxes(-1, -2) / np.sqrt(Q.shape[-1])
                        A = _weights(S, None if mask is None else mask[:, None])
                        A = np.repeat(A[:, :1], heads, axis=1)
                        return merge_heads(A @ V) @ Wo, (x, Wq, Wk, Wv, Wo, Q, K, V, A)
                """,
            ),
            (
                "one size for all heads",
                "d_v is taken to be d_k: an error where it is not",
                """
                    def multi_head_forward(x, Wq, Wk, Wv, Wo, heads, mask=None):
                        N, T, D = x.shape
                        d = Wq.shape[1] // heads
                        Q, K, V = ((x @ W).reshape(N, T, heads, d).transpose(0, 2, 1, 3) for W in (Wq, Wk, Wv))
                        A = _weights(Q @ K.swapaxes(-1, -2) / np.sqrt(d), None if mask is None else mask[:, None])
                        return merge_heads(A @ V) @ Wo, (x, Wq, Wk, Wv, Wo, Q, K, V, A)
                """,
            ),
            (
                "without Wo",
                "the heads are summed instead of multiplied by Wo",
                """
                    def multi_head_forward(x, Wq, Wk, Wv, Wo, heads, mask=None):
                        Q, K, V = (split_heads(x @ W, heads) for W in (Wq, Wk, Wv))
                        A = _weights(Q @ K.swapaxes(-1, -2) / np.sqrt(Q.shape[-1]), None if mask is None else mask[:, None])
                        return merge_heads(A @ V), (x, Wq, Wk, Wv, Wo, Q, K, V, A)
                """,
            ),
        )
    ),
    # ---- multi-head, backward
    *(
        _changed("multi_head_backward", style, why, _BLOCK, source)
        for style, why, source in (
            (
                "dx through the values alone",
                "the paths through queries and keys are forgotten in dx",
                """
                    def multi_head_backward(dout, cache):
                        x, Wq, Wk, Wv, Wo, Q, K, V, A = cache
                        dWo = np.einsum("ntf,ntd->fd", merge_heads(A @ V), dout)
                        do = split_heads(dout @ Wo.T, Q.shape[1])
                        dA = do @ V.swapaxes(-1, -2)
                        dS = A * (dA - (dA * A).sum(-1, keepdims=True)) / np.sqrt(Q.shape[-1])
                        parts = [merge_heads(g) for g in (dS @ K, dS.swapaxes(-1, -2) @ Q, A.swapaxes(-1, -2) @ do)]
                        dWq, dWk, dWv = (np.einsum("ntd,ntf->df", x, g) for g in parts)
                        return parts[2] @ Wv.T, dWq, dWk, dWv, dWo
                """,
            ),
            (
                "dx assigned three times",
                "each path overwrites the one before: what is left comes through the values of the loop's last turn",
                """
                    def multi_head_backward(dout, cache):
                        x, Wq, Wk, Wv, Wo, Q, K, V, A = cache
                        dWo = np.einsum("ntf,ntd->fd", merge_heads(A @ V), dout)
                        do = split_heads(dout @ Wo.T, Q.shape[1])
                        dA = do @ V.swapaxes(-1, -2)
                        dS = A * (dA - (dA * A).sum(-1, keepdims=True)) / np.sqrt(Q.shape[-1])
                        grads = []
                        for g, W in ((A.swapaxes(-1, -2) @ do, Wv), (dS.swapaxes(-1, -2) @ Q, Wk), (dS @ K, Wq)):
                            g = merge_heads(g)
                            dx = g @ W.T
                            grads.append(np.einsum("ntd,ntf->df", x, g))
                        return dx, grads[2], grads[1], grads[0], dWo
                """,
            ),
            (
                "scale forgotten",
                "dQ and dK lack the factor 1/√d_k",
                """
                    def multi_head_backward(dout, cache):
                        x, Wq, Wk, Wv, Wo, Q, K, V, A = cache
                        dWo = np.einsum("ntf,ntd->fd", merge_heads(A @ V), dout)
                        do = split_heads(dout @ Wo.T, Q.shape[1])
                        dA = do @ V.swapaxes(-1, -2)
                        dS = A * (dA - (dA * A).sum(-1, keepdims=True))
                        dq, dk, dv = (merge_heads(g) for g in (dS @ K, dS.swapaxes(-1, -2) @ Q, A.swapaxes(-1, -2) @ do))
                        dWq, dWk, dWv = (np.einsum("ntd,ntf->df", x, g) for g in (dq, dk, dv))
                        return dq @ Wq.T + dk @ Wk.T + dv @ Wv.T, dWq, dWk, dWv, dWo
                """,
            ),
            (
                "scale of all features",
                "the root is taken of D",
                """
                    def multi_head_backward(dout, cache):
                        x, Wq, Wk, Wv, Wo, Q, K, V, A = cache
                        dWo = np.einsum("ntf,ntd->fd", merge_heads(A @ V), dout)
                        do = split_heads(dout @ Wo.T, Q.shape[1])
                        dA = do @ V.swapaxes(-1, -2)
                        dS = A * (dA - (dA * A).sum(-1, keepdims=True)) / np.sqrt(x.shape[-1])
                        dq, dk, dv = (merge_heads(g) for g in (dS @ K, dS.swapaxes(-1, -2) @ Q, A.swapaxes(-1, -2) @ do))
                        dWq, dWk, dWv = (np.einsum("ntd,ntf->df", x, g) for g in (dq, dk, dv))
                        return dq @ Wq.T + dk @ Wk.T + dv @ Wv.T, dWq, dWk, dWv, dWo
                """,
            ),
            (
                "diagonal of the softmax alone",
                "A(1 − A) in the place of the softmax's Jacobian",
                """
                    def multi_head_backward(dout, cache):
                        x, Wq, Wk, Wv, Wo, Q, K, V, A = cache
                        dWo = np.einsum("ntf,ntd->fd", merge_heads(A @ V), dout)
                        do = split_heads(dout @ Wo.T, Q.shape[1])
                        dS = A * (1 - A) * (do @ V.swapaxes(-1, -2)) / np.sqrt(Q.shape[-1])
                        dq, dk, dv = (merge_heads(g) for g in (dS @ K, dS.swapaxes(-1, -2) @ Q, A.swapaxes(-1, -2) @ do))
                        dWq, dWk, dWv = (np.einsum("ntd,ntf->df", x, g) for g in (dq, dk, dv))
                        return dq @ Wq.T + dk @ Wk.T + dv @ Wv.T, dWq, dWk, dWv, dWo
                """,
            ),
            (
                "upstream gradient cut into heads by a reshape",
                "the heads of dout Woᵀ are made without a transpose",
                """
                    def multi_head_backward(dout, cache):
                        x, Wq, Wk, Wv, Wo, Q, K, V, A = cache
                        dWo = np.einsum("ntf,ntd->fd", merge_heads(A @ V), dout)
                        do = (dout @ Wo.T).reshape(V.shape)
                        dA = do @ V.swapaxes(-1, -2)
                        dS = A * (dA - (dA * A).sum(-1, keepdims=True)) / np.sqrt(Q.shape[-1])
                        dq, dk, dv = (merge_heads(g) for g in (dS @ K, dS.swapaxes(-1, -2) @ Q, A.swapaxes(-1, -2) @ do))
                        dWq, dWk, dWv = (np.einsum("ntd,ntf->df", x, g) for g in (dq, dk, dv))
                        return dq @ Wq.T + dk @ Wk.T + dv @ Wv.T, dWq, dWk, dWv, dWo
                """,
            ),
            (
                "gradients of the heads joined by a reshape",
                "dQ, dK and dV of the heads are put together without a transpose",
                """
                    def multi_head_backward(dout, cache):
                        x, Wq, Wk, Wv, Wo, Q, K, V, A = cache
                        N, T, D = x.shape
                        dWo = np.einsum("ntf,ntd->fd", merge_heads(A @ V), dout)
                        do = split_heads(dout @ Wo.T, Q.shape[1])
                        dA = do @ V.swapaxes(-1, -2)
                        dS = A * (dA - (dA * A).sum(-1, keepdims=True)) / np.sqrt(Q.shape[-1])
                        parts = (dS @ K, dS.swapaxes(-1, -2) @ Q, A.swapaxes(-1, -2) @ do)
                        dq, dk, dv = (g.reshape(N, T, -1) for g in parts)
                        dWq, dWk, dWv = (np.einsum("ntd,ntf->df", x, g) for g in (dq, dk, dv))
                        return dq @ Wq.T + dk @ Wk.T + dv @ Wv.T, dWq, dWk, dWv, dWo
                """,
            ),
            (
                "dWo of the heads joined by a reshape",
                "for dWo the heads' outputs are put together without a transpose",
                """
                    def multi_head_backward(dout, cache):
                        x, Wq, Wk, Wv, Wo, Q, K, V, A = cache
                        N, T, D = x.shape
                        dWo = np.einsum("ntf,ntd->fd", (A @ V).reshape(N, T, -1), dout)
                        do = split_heads(dout @ Wo.T, Q.shape[1])
                        dA = do @ V.swapaxes(-1, -2)
                        dS = A * (dA - (dA * A).sum(-1, keepdims=True)) / np.sqrt(Q.shape[-1])
                        dq, dk, dv = (merge_heads(g) for g in (dS @ K, dS.swapaxes(-1, -2) @ Q, A.swapaxes(-1, -2) @ do))
                        dWq, dWk, dWv = (np.einsum("ntd,ntf->df", x, g) for g in (dq, dk, dv))
                        return dq @ Wq.T + dk @ Wk.T + dv @ Wv.T, dWq, dWk, dWv, dWo
                """,
            ),
            (
                "weights' gradients of the first sequence",
                "dWq, dWk, dWv and dWo hold the first sequence's part, not the sum over all",
                """
                    def multi_head_backward(dout, cache):
                        x, Wq, Wk, Wv, Wo, Q, K, V, A = cache
                        dWo = merge_heads(A @ V)[0].T @ dout[0]
                        do = split_heads(dout @ Wo.T, Q.shape[1])
                        dA = do @ V.swapaxes(-1, -2)
                        dS = A * (dA - (dA * A).sum(-1, keepdims=True)) / np.sqrt(Q.shape[-1])
                        dq, dk, dv = (merge_heads(g) for g in (dS @ K, dS.swapaxes(-1, -2) @ Q, A.swapaxes(-1, -2) @ do))
                        dWq, dWk, dWv = (x[0].T @ g[0] for g in (dq, dk, dv))
                        return dq @ Wq.T + dk @ Wk.T + dv @ Wv.T, dWq, dWk, dWv, dWo
                """,
            ),
            (
                "weights' gradients averaged",
                "dWq, dWk, dWv and dWo are divided by N",
                """
                    def multi_head_backward(dout, cache):
                        x, Wq, Wk, Wv, Wo, Q, K, V, A = cache
                        N = len(x)
                        dWo = np.einsum("ntf,ntd->fd", merge_heads(A @ V), dout) / N
                        do = split_heads(dout @ Wo.T, Q.shape[1])
                        dA = do @ V.swapaxes(-1, -2)
                        dS = A * (dA - (dA * A).sum(-1, keepdims=True)) / np.sqrt(Q.shape[-1])
                        dq, dk, dv = (merge_heads(g) for g in (dS @ K, dS.swapaxes(-1, -2) @ Q, A.swapaxes(-1, -2) @ do))
                        dWq, dWk, dWv = (np.einsum("ntd,ntf->df", x, g) / N for g in (dq, dk, dv))
                        return dq @ Wq.T + dk @ Wk.T + dv @ Wv.T, dWq, dWk, dWv, dWo
                """,
            ),
            (
                "dWq and dWk swapped",
                "returned as dx, dWk, dWq, dWv, dWo: the shapes are the same",
                """
                    def multi_head_backward(dout, cache):
                        x, Wq, Wk, Wv, Wo, Q, K, V, A = cache
                        dWo = np.einsum("ntf,ntd->fd", merge_heads(A @ V), dout)
                        do = split_heads(dout @ Wo.T, Q.shape[1])
                        dA = do @ V.swapaxes(-1, -2)
                        dS = A * (dA - (dA * A).sum(-1, keepdims=True)) / np.sqrt(Q.shape[-1])
                        dq, dk, dv = (merge_heads(g) for g in (dS @ K, dS.swapaxes(-1, -2) @ Q, A.swapaxes(-1, -2) @ do))
                        dWq, dWk, dWv = (np.einsum("ntd,ntf->df", x, g) for g in (dq, dk, dv))
                        return dq @ Wq.T + dk @ Wk.T + dv @ Wv.T, dWk, dWq, dWv, dWo
                """,
            ),
            (
                "dK of the upstream scores not transposed",
                "dS Q in the place of dSᵀ Q: queries and keys are as many, so nothing complains",
                """
                    def multi_head_backward(dout, cache):
                        x, Wq, Wk, Wv, Wo, Q, K, V, A = cache
                        dWo = np.einsum("ntf,ntd->fd", merge_heads(A @ V), dout)
                        do = split_heads(dout @ Wo.T, Q.shape[1])
                        dA = do @ V.swapaxes(-1, -2)
                        dS = A * (dA - (dA * A).sum(-1, keepdims=True)) / np.sqrt(Q.shape[-1])
                        dq, dk, dv = (merge_heads(g) for g in (dS @ K, dS @ Q, A.swapaxes(-1, -2) @ do))
                        dWq, dWk, dWv = (np.einsum("ntd,ntf->df", x, g) for g in (dq, dk, dv))
                        return dq @ Wq.T + dk @ Wk.T + dv @ Wv.T, dWq, dWk, dWv, dWo
                """,
            ),
            (
                "dV with weights not transposed",
                "A do in the place of Aᵀ do",
                """
                    def multi_head_backward(dout, cache):
                        x, Wq, Wk, Wv, Wo, Q, K, V, A = cache
                        dWo = np.einsum("ntf,ntd->fd", merge_heads(A @ V), dout)
                        do = split_heads(dout @ Wo.T, Q.shape[1])
                        dA = do @ V.swapaxes(-1, -2)
                        dS = A * (dA - (dA * A).sum(-1, keepdims=True)) / np.sqrt(Q.shape[-1])
                        dq, dk, dv = (merge_heads(g) for g in (dS @ K, dS.swapaxes(-1, -2) @ Q, A @ do))
                        dWq, dWk, dWv = (np.einsum("ntd,ntf->df", x, g) for g in (dq, dk, dv))
                        return dq @ Wq.T + dk @ Wk.T + dv @ Wv.T, dWq, dWk, dWv, dWo
                """,
            ),
        )
    ),
    # ---- norm
    *(
        _wrong("rms_norm_forward", style, why, source)
        for style, why, source in (
            (
                "mean subtracted",
                "the mean is subtracted first, as layer norm does",
                """
                    def rms_norm_forward(x):
                        x = x - x.mean(axis=-1, keepdims=True)
                        r = np.sqrt((x**2).mean(axis=-1, keepdims=True) + 1e-5)
                        return x / r, (x / r, r)
                """,
            ),
            (
                "sum in the place of the mean",
                "divides by the length of the vector, not by its root mean square",
                """
                    def rms_norm_forward(x):
                        r = np.sqrt((x**2).sum(axis=-1, keepdims=True) + 1e-5)
                        return x / r, (x / r, r)
                """,
            ),
            (
                "small number outside the root",
                "1e-5 is added after the root",
                """
                    def rms_norm_forward(x):
                        r = np.sqrt((x**2).mean(axis=-1, keepdims=True)) + 1e-5
                        return x / r, (x / r, r)
                """,
            ),
            (
                "over the tokens",
                "the mean runs over the tokens of a sequence",
                """
                    def rms_norm_forward(x):
                        r = np.sqrt((x**2).mean(axis=1, keepdims=True) + 1e-5)
                        return x / r, (x / r, r)
                """,
            ),
            (
                "one r for a sequence",
                "the mean runs over tokens and features",
                """
                    def rms_norm_forward(x):
                        r = np.sqrt((x**2).mean(axis=(1, 2), keepdims=True) + 1e-5)
                        r = np.repeat(r, x.shape[1], axis=1)
                        return x / r, (x / r, r)
                """,
            ),
            (
                "another small number",
                "1e-8 is added in the place of 1e-5",
                """
                    def rms_norm_forward(x):
                        r = np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + 1e-8)
                        return x / r, (x / r, r)
                """,
            ),
            (
                "root forgotten",
                "divides by the mean square",
                """
                    def rms_norm_forward(x):
                        r = (x**2).mean(axis=-1, keepdims=True) + 1e-5
                        return x / r, (x / r, r)
                """,
            ),
        )
    ),
    *(
        _wrong("rms_norm_backward", style, why, source)
        for style, why, source in (
            (
                "r held constant",
                "the path through r is forgotten",
                """
                    def rms_norm_backward(dout, cache):
                        out, r = cache
                        return dout / r
                """,
            ),
            (
                "sum in the place of the mean",
                "1/D is forgotten in the path through r",
                """
                    def rms_norm_backward(dout, cache):
                        out, r = cache
                        return (dout - out * (dout * out).sum(axis=-1, keepdims=True)) / r
                """,
            ),
            (
                "sign of the path through r",
                "the path through r is added, not subtracted",
                """
                    def rms_norm_backward(dout, cache):
                        out, r = cache
                        return (dout + out * (dout * out).mean(axis=-1, keepdims=True)) / r
                """,
            ),
            (
                "mean over the tokens",
                "dout · out is averaged over the tokens",
                """
                    def rms_norm_backward(dout, cache):
                        out, r = cache
                        return (dout - out * (dout * out).mean(axis=1, keepdims=True)) / r
                """,
            ),
            (
                "out taken for x",
                "the cached output is read as x and divided by r again",
                """
                    def rms_norm_backward(dout, cache):
                        x, r = cache
                        D = x.shape[-1]
                        return dout / r - x * (dout * x).sum(axis=-1, keepdims=True) / (D * r**3)
                """,
            ),
            (
                "each feature by itself",
                "the sum over the features is forgotten: only the diagonal of the Jacobian",
                """
                    def rms_norm_backward(dout, cache):
                        out, r = cache
                        return dout * (1 - out**2 / out.shape[-1]) / r
                """,
            ),
            (
                "as layer norm",
                "the mean of dout is subtracted too",
                """
                    def rms_norm_backward(dout, cache):
                        out, r = cache
                        g = dout - dout.mean(axis=-1, keepdims=True)
                        return (g - out * (dout * out).mean(axis=-1, keepdims=True)) / r
                """,
            ),
            (
                "r not divided by at the end",
                "1/r is applied to the direct path alone",
                """
                    def rms_norm_backward(dout, cache):
                        out, r = cache
                        return dout / r - out * (dout * out).mean(axis=-1, keepdims=True)
                """,
            ),
            (
                "central differences",
                "the gradient is a quotient of differences of its own forward pass",
                """
                    def rms_norm_backward(dout, cache):
                        out, r = cache
                        x, h = out * r, 1e-5
                        dx = np.zeros_like(x)
                        loss = lambda u: (dout * u / np.sqrt((u**2).mean(axis=-1, keepdims=True) + 1e-5)).sum(axis=-1)
                        for d in range(x.shape[-1]):
                            step = h * (np.arange(x.shape[-1]) == d)
                            dx[..., d] = (loss(x + step) - loss(x - step)) / (2 * h)
                        return dx
                """,
            ),
        )
    ),
    # ---- block, forward
    *(
        _changed("transformer_block_forward", style, why, _BLOCK, source)
        for style, why, source in (
            (
                "norm behind",
                "post-norm: the norms stand after the sums",
                """
                    def transformer_block_forward(x, Wq, Wk, Wv, Wo, W1, W2, heads):
                        N, T, _ = x.shape
                        causal = np.broadcast_to(np.tril(np.ones((T, T), dtype=bool)), (N, T, T))
                        z, attention = multi_head_forward(x, Wq, Wk, Wv, Wo, heads, causal)
                        b, norm_x = rms_norm_forward(x + z)
                        a = np.maximum(b @ W1, 0)
                        out, norm_h = rms_norm_forward(b + a @ W2)
                        return out, (norm_x, attention, norm_h, b, a, W1, W2)
                """,
            ),
            (
                "first residual forgotten",
                "h is the output of the heads, without x",
                """
                    def transformer_block_forward(x, Wq, Wk, Wv, Wo, W1, W2, heads):
                        N, T, _ = x.shape
                        causal = np.broadcast_to(np.tril(np.ones((T, T), dtype=bool)), (N, T, T))
                        y, norm_x = rms_norm_forward(x)
                        h, attention = multi_head_forward(y, Wq, Wk, Wv, Wo, heads, causal)
                        b, norm_h = rms_norm_forward(h)
                        a = np.maximum(b @ W1, 0)
                        return h + a @ W2, (norm_x, attention, norm_h, b, a, W1, W2)
                """,
            ),
            (
                "second residual forgotten",
                "out is the output of the two layers, without h",
                """
                    def transformer_block_forward(x, Wq, Wk, Wv, Wo, W1, W2, heads):
                        N, T, _ = x.shape
                        causal = np.broadcast_to(np.tril(np.ones((T, T), dtype=bool)), (N, T, T))
                        y, norm_x = rms_norm_forward(x)
                        z, attention = multi_head_forward(y, Wq, Wk, Wv, Wo, heads, causal)
                        b, norm_h = rms_norm_forward(x + z)
                        a = np.maximum(b @ W1, 0)
                        return a @ W2, (norm_x, attention, norm_h, b, a, W1, W2)
                """,
            ),
            (
                "residual of the normed input",
                "h = rms_norm(x) + MultiHead(rms_norm(x)): x was overwritten by its norm",
                """
                    def transformer_block_forward(x, Wq, Wk, Wv, Wo, W1, W2, heads):
                        N, T, _ = x.shape
                        causal = np.broadcast_to(np.tril(np.ones((T, T), dtype=bool)), (N, T, T))
                        x, norm_x = rms_norm_forward(x)
                        z, attention = multi_head_forward(x, Wq, Wk, Wv, Wo, heads, causal)
                        h = x + z
                        b, norm_h = rms_norm_forward(h)
                        a = np.maximum(b @ W1, 0)
                        return h + a @ W2, (norm_x, attention, norm_h, b, a, W1, W2)
                """,
            ),
            (
                "second residual of the normed h",
                "out = rms_norm(h) + ...",
                """
                    def transformer_block_forward(x, Wq, Wk, Wv, Wo, W1, W2, heads):
                        N, T, _ = x.shape
                        causal = np.broadcast_to(np.tril(np.ones((T, T), dtype=bool)), (N, T, T))
                        y, norm_x = rms_norm_forward(x)
                        z, attention = multi_head_forward(y, Wq, Wk, Wv, Wo, heads, causal)
                        b, norm_h = rms_norm_forward(x + z)
                        a = np.maximum(b @ W1, 0)
                        return b + a @ W2, (norm_x, attention, norm_h, b, a, W1, W2)
                """,
            ),
            (
                "second residual of x",
                "out = x + ..., so that the heads' output is lost on the direct path",
                """
                    def transformer_block_forward(x, Wq, Wk, Wv, Wo, W1, W2, heads):
                        N, T, _ = x.shape
                        causal = np.broadcast_to(np.tril(np.ones((T, T), dtype=bool)), (N, T, T))
                        y, norm_x = rms_norm_forward(x)
                        z, attention = multi_head_forward(y, Wq, Wk, Wv, Wo, heads, causal)
                        b, norm_h = rms_norm_forward(x + z)
                        a = np.maximum(b @ W1, 0)
                        return x + a @ W2, (norm_x, attention, norm_h, b, a, W1, W2)
                """,
            ),
            (
                "no causal mask",
                "every token sees all tokens",
                """
                    def transformer_block_forward(x, Wq, Wk, Wv, Wo, W1, W2, heads):
                        y, norm_x = rms_norm_forward(x)
                        z, attention = multi_head_forward(y, Wq, Wk, Wv, Wo, heads)
                        h = x + z
                        b, norm_h = rms_norm_forward(h)
                        a = np.maximum(b @ W1, 0)
                        return h + a @ W2, (norm_x, attention, norm_h, b, a, W1, W2)
                """,
            ),
            (
                "causal mask of the future",
                "the upper triangle is let through",
                """
                    def transformer_block_forward(x, Wq, Wk, Wv, Wo, W1, W2, heads):
                        N, T, _ = x.shape
                        causal = np.broadcast_to(np.triu(np.ones((T, T), dtype=bool)), (N, T, T))
                        y, norm_x = rms_norm_forward(x)
                        z, attention = multi_head_forward(y, Wq, Wk, Wv, Wo, heads, causal)
                        h = x + z
                        b, norm_h = rms_norm_forward(h)
                        a = np.maximum(b @ W1, 0)
                        return h + a @ W2, (norm_x, attention, norm_h, b, a, W1, W2)
                """,
            ),
            (
                "no ReLU",
                "the two layers are one linear map",
                """
                    def transformer_block_forward(x, Wq, Wk, Wv, Wo, W1, W2, heads):
                        N, T, _ = x.shape
                        causal = np.broadcast_to(np.tril(np.ones((T, T), dtype=bool)), (N, T, T))
                        y, norm_x = rms_norm_forward(x)
                        z, attention = multi_head_forward(y, Wq, Wk, Wv, Wo, heads, causal)
                        h = x + z
                        b, norm_h = rms_norm_forward(h)
                        a = b @ W1
                        return h + a @ W2, (norm_x, attention, norm_h, b, a, W1, W2)
                """,
            ),
            (
                "no second norm",
                "h goes into the two layers without its norm",
                """
                    def transformer_block_forward(x, Wq, Wk, Wv, Wo, W1, W2, heads):
                        N, T, _ = x.shape
                        causal = np.broadcast_to(np.tril(np.ones((T, T), dtype=bool)), (N, T, T))
                        y, norm_x = rms_norm_forward(x)
                        z, attention = multi_head_forward(y, Wq, Wk, Wv, Wo, heads, causal)
                        h = x + z
                        b, norm_h = rms_norm_forward(h)
                        a = np.maximum(h @ W1, 0)
                        return h + a @ W2, (norm_x, attention, norm_h, b, a, W1, W2)
                """,
            ),
            (
                "ReLU once more at the end",
                "relu(relu(b W1) W2)",
                """
                    def transformer_block_forward(x, Wq, Wk, Wv, Wo, W1, W2, heads):
                        N, T, _ = x.shape
                        causal = np.broadcast_to(np.tril(np.ones((T, T), dtype=bool)), (N, T, T))
                        y, norm_x = rms_norm_forward(x)
                        z, attention = multi_head_forward(y, Wq, Wk, Wv, Wo, heads, causal)
                        h = x + z
                        b, norm_h = rms_norm_forward(h)
                        a = np.maximum(b @ W1, 0)
                        return h + np.maximum(a @ W2, 0), (norm_x, attention, norm_h, b, a, W1, W2)
                """,
            ),
            (
                "heads see x without its norm",
                "the first norm is computed for the cache and not used",
                """
                    def transformer_block_forward(x, Wq, Wk, Wv, Wo, W1, W2, heads):
                        N, T, _ = x.shape
                        causal = np.broadcast_to(np.tril(np.ones((T, T), dtype=bool)), (N, T, T))
                        _, norm_x = rms_norm_forward(x)
                        z, attention = multi_head_forward(x, Wq, Wk, Wv, Wo, heads, causal)
                        h = x + z
                        b, norm_h = rms_norm_forward(h)
                        a = np.maximum(b @ W1, 0)
                        return h + a @ W2, (norm_x, attention, norm_h, b, a, W1, W2)
                """,
            ),
        )
    ),
    # ---- block, backward
    *(
        _changed("transformer_block_backward", style, why, _BLOCK, source)
        for style, why, source in (
            (
                "first residual forgotten",
                "dx lacks the direct path around the heads",
                """
                    def transformer_block_backward(dout, cache):
                        norm_x, attention, norm_h, b, a, W1, W2 = cache
                        dW2 = np.einsum("ntf,ntd->fd", a, dout)
                        da = (dout @ W2.T) * (a > 0)
                        dW1 = np.einsum("ntd,ntf->df", b, da)
                        dh = dout + rms_norm_backward(da @ W1.T, norm_h)
                        dy, dWq, dWk, dWv, dWo = multi_head_backward(dh, attention)
                        return rms_norm_backward(dy, norm_x), dWq, dWk, dWv, dWo, dW1, dW2
                """,
            ),
            (
                "second residual forgotten",
                "dh lacks the direct path around the two layers",
                """
                    def transformer_block_backward(dout, cache):
                        norm_x, attention, norm_h, b, a, W1, W2 = cache
                        dW2 = np.einsum("ntf,ntd->fd", a, dout)
                        da = (dout @ W2.T) * (a > 0)
                        dW1 = np.einsum("ntd,ntf->df", b, da)
                        dh = rms_norm_backward(da @ W1.T, norm_h)
                        dy, dWq, dWk, dWv, dWo = multi_head_backward(dh, attention)
                        return dh + rms_norm_backward(dy, norm_x), dWq, dWk, dWv, dWo, dW1, dW2
                """,
            ),
            (
                "first residual takes dout",
                "dx = dout + ... : the direct path misses what comes back through the two layers",
                """
                    def transformer_block_backward(dout, cache):
                        norm_x, attention, norm_h, b, a, W1, W2 = cache
                        dW2 = np.einsum("ntf,ntd->fd", a, dout)
                        da = (dout @ W2.T) * (a > 0)
                        dW1 = np.einsum("ntd,ntf->df", b, da)
                        dh = dout + rms_norm_backward(da @ W1.T, norm_h)
                        dy, dWq, dWk, dWv, dWo = multi_head_backward(dh, attention)
                        return dout + rms_norm_backward(dy, norm_x), dWq, dWk, dWv, dWo, dW1, dW2
                """,
            ),
            (
                "heads get dout",
                "dout, not dh, goes back into the heads",
                """
                    def transformer_block_backward(dout, cache):
                        norm_x, attention, norm_h, b, a, W1, W2 = cache
                        dW2 = np.einsum("ntf,ntd->fd", a, dout)
                        da = (dout @ W2.T) * (a > 0)
                        dW1 = np.einsum("ntd,ntf->df", b, da)
                        dh = dout + rms_norm_backward(da @ W1.T, norm_h)
                        dy, dWq, dWk, dWv, dWo = multi_head_backward(dout, attention)
                        return dh + rms_norm_backward(dy, norm_x), dWq, dWk, dWv, dWo, dW1, dW2
                """,
            ),
            (
                "ReLU's slope forgotten",
                "gradients pass where a is 0",
                """
                    def transformer_block_backward(dout, cache):
                        norm_x, attention, norm_h, b, a, W1, W2 = cache
                        dW2 = np.einsum("ntf,ntd->fd", a, dout)
                        da = dout @ W2.T
                        dW1 = np.einsum("ntd,ntf->df", b, da)
                        dh = dout + rms_norm_backward(da @ W1.T, norm_h)
                        dy, dWq, dWk, dWv, dWo = multi_head_backward(dh, attention)
                        return dh + rms_norm_backward(dy, norm_x), dWq, dWk, dWv, dWo, dW1, dW2
                """,
            ),
            (
                "ReLU's mask from the gradient",
                "gradients pass where they are positive",
                """
                    def transformer_block_backward(dout, cache):
                        norm_x, attention, norm_h, b, a, W1, W2 = cache
                        dW2 = np.einsum("ntf,ntd->fd", a, dout)
                        da = np.maximum(dout @ W2.T, 0)
                        dW1 = np.einsum("ntd,ntf->df", b, da)
                        dh = dout + rms_norm_backward(da @ W1.T, norm_h)
                        dy, dWq, dWk, dWv, dWo = multi_head_backward(dh, attention)
                        return dh + rms_norm_backward(dy, norm_x), dWq, dWk, dWv, dWo, dW1, dW2
                """,
            ),
            (
                "second norm left out on the way back",
                "the gradient of b is added to dh as it is",
                """
                    def transformer_block_backward(dout, cache):
                        norm_x, attention, norm_h, b, a, W1, W2 = cache
                        dW2 = np.einsum("ntf,ntd->fd", a, dout)
                        da = (dout @ W2.T) * (a > 0)
                        dW1 = np.einsum("ntd,ntf->df", b, da)
                        dh = dout + da @ W1.T
                        dy, dWq, dWk, dWv, dWo = multi_head_backward(dh, attention)
                        return dh + rms_norm_backward(dy, norm_x), dWq, dWk, dWv, dWo, dW1, dW2
                """,
            ),
            (
                "first norm left out on the way back",
                "the gradient of the heads' input is added to dx as it is",
                """
                    def transformer_block_backward(dout, cache):
                        norm_x, attention, norm_h, b, a, W1, W2 = cache
                        dW2 = np.einsum("ntf,ntd->fd", a, dout)
                        da = (dout @ W2.T) * (a > 0)
                        dW1 = np.einsum("ntd,ntf->df", b, da)
                        dh = dout + rms_norm_backward(da @ W1.T, norm_h)
                        dy, dWq, dWk, dWv, dWo = multi_head_backward(dh, attention)
                        return dh + dy, dWq, dWk, dWv, dWo, dW1, dW2
                """,
            ),
            (
                "the norms' caches swapped",
                "the norm of x is taken back with the cache of h's, and the other way round",
                """
                    def transformer_block_backward(dout, cache):
                        norm_h, attention, norm_x, b, a, W1, W2 = cache
                        dW2 = np.einsum("ntf,ntd->fd", a, dout)
                        da = (dout @ W2.T) * (a > 0)
                        dW1 = np.einsum("ntd,ntf->df", b, da)
                        dh = dout + rms_norm_backward(da @ W1.T, norm_h)
                        dy, dWq, dWk, dWv, dWo = multi_head_backward(dh, attention)
                        return dh + rms_norm_backward(dy, norm_x), dWq, dWk, dWv, dWo, dW1, dW2
                """,
            ),
            (
                "dW1 from h",
                "the input of W1 is taken to be h (out of the norm's cache), not its norm",
                """
                    def transformer_block_backward(dout, cache):
                        norm_x, attention, norm_h, b, a, W1, W2 = cache
                        dW2 = np.einsum("ntf,ntd->fd", a, dout)
                        da = (dout @ W2.T) * (a > 0)
                        h = norm_h[0] * norm_h[1]
                        dW1 = np.einsum("ntd,ntf->df", h, da)
                        dh = dout + rms_norm_backward(da @ W1.T, norm_h)
                        dy, dWq, dWk, dWv, dWo = multi_head_backward(dh, attention)
                        return dh + rms_norm_backward(dy, norm_x), dWq, dWk, dWv, dWo, dW1, dW2
                """,
            ),
            (
                "dout doubled in place",
                "dout += ... on the argument itself, after which dW2 is taken from what it has become",
                """
                    def transformer_block_backward(dout, cache):
                        norm_x, attention, norm_h, b, a, W1, W2 = cache
                        da = (dout @ W2.T) * (a > 0)
                        dW1 = np.einsum("ntd,ntf->df", b, da)
                        dout += rms_norm_backward(da @ W1.T, norm_h)
                        dW2 = np.einsum("ntf,ntd->fd", a, dout)
                        dy, dWq, dWk, dWv, dWo = multi_head_backward(dout, attention)
                        return dout + rms_norm_backward(dy, norm_x), dWq, dWk, dWv, dWo, dW1, dW2
                """,
            ),
            (
                "weights of the layers averaged over tokens",
                "dW1 and dW2 are divided by the number of tokens",
                """
                    def transformer_block_backward(dout, cache):
                        norm_x, attention, norm_h, b, a, W1, W2 = cache
                        count = dout.shape[0] * dout.shape[1]
                        dW2 = np.einsum("ntf,ntd->fd", a, dout) / count
                        da = (dout @ W2.T) * (a > 0)
                        dW1 = np.einsum("ntd,ntf->df", b, da) / count
                        dh = dout + rms_norm_backward(da @ W1.T, norm_h)
                        dy, dWq, dWk, dWv, dWo = multi_head_backward(dh, attention)
                        return dh + rms_norm_backward(dy, norm_x), dWq, dWk, dWv, dWo, dW1, dW2
                """,
            ),
        )
    ),
    # ---- rotary embedding
    *(
        _wrong("rotary_embedding", style, why, source)
        for style, why, source in (
            (
                "as it was",
                "the fault is still there: even is a view of out and has changed when odd is computed",
                """
                    def rotary_embedding(x):
                        _, T, D = x.shape
                        angle = np.arange(T)[:, None] / 10000.0 ** (np.arange(0, D, 2) / D)
                        cos, sin = np.cos(angle), np.sin(angle)
                        out = x.copy()
                        even, odd = out[..., ::2], out[..., 1::2]
                        out[..., ::2] = even * cos - odd * sin
                        out[..., 1::2] = even * sin + odd * cos
                        return out
                """,
            ),
            (
                "the other half copied",
                "odd is copied, but it is even that changes",
                """
                    def rotary_embedding(x):
                        _, T, D = x.shape
                        angle = np.arange(T)[:, None] / 10000.0 ** (np.arange(0, D, 2) / D)
                        cos, sin = np.cos(angle), np.sin(angle)
                        out = x.copy()
                        even, odd = out[..., ::2], out[..., 1::2].copy()
                        out[..., ::2] = even * cos - odd * sin
                        out[..., 1::2] = even * sin + odd * cos
                        return out
                """,
            ),
            (
                "turned clockwise",
                "the copy is right, but the signs of the sines were swapped",
                """
                    def rotary_embedding(x):
                        _, T, D = x.shape
                        angle = np.arange(T)[:, None] / 10000.0 ** (np.arange(0, D, 2) / D)
                        cos, sin = np.cos(angle), np.sin(angle)
                        out = x.copy()
                        even, odd = x[..., ::2], x[..., 1::2]
                        out[..., ::2] = even * cos + odd * sin
                        out[..., 1::2] = odd * cos - even * sin
                        return out
                """,
            ),
            (
                "pairs of halves",
                "feature i is paired with feature i + D/2, as in GPT-NeoX",
                """
                    def rotary_embedding(x):
                        _, T, D = x.shape
                        angle = np.arange(T)[:, None] / 10000.0 ** (np.arange(0, D, 2) / D)
                        cos, sin = np.cos(angle), np.sin(angle)
                        a, b = x[..., : D // 2], x[..., D // 2 :]
                        return np.concatenate([a * cos - b * sin, a * sin + b * cos], axis=-1)
                """,
            ),
            (
                "positions from 1",
                "the first token is turned already",
                """
                    def rotary_embedding(x):
                        _, T, D = x.shape
                        angle = np.arange(1, T + 1)[:, None] / 10000.0 ** (np.arange(0, D, 2) / D)
                        cos, sin = np.cos(angle), np.sin(angle)
                        even, odd = x[..., ::2], x[..., 1::2]
                        return np.stack([even * cos - odd * sin, even * sin + odd * cos], axis=-1).reshape(x.shape)
                """,
            ),
            (
                "halves side by side",
                "the turned even features come first, then the odd ones",
                """
                    def rotary_embedding(x):
                        _, T, D = x.shape
                        angle = np.arange(T)[:, None] / 10000.0 ** (np.arange(0, D, 2) / D)
                        cos, sin = np.cos(angle), np.sin(angle)
                        even, odd = x[..., ::2], x[..., 1::2]
                        return np.concatenate([even * cos - odd * sin, even * sin + odd * cos], axis=-1)
                """,
            ),
            (
                "only the first feature of a pair",
                "the second is left as it was",
                """
                    def rotary_embedding(x):
                        _, T, D = x.shape
                        angle = np.arange(T)[:, None] / 10000.0 ** (np.arange(0, D, 2) / D)
                        out = x.copy()
                        out[..., ::2] = x[..., ::2] * np.cos(angle) - x[..., 1::2] * np.sin(angle)
                        return out
                """,
            ),
        )
    ),
    # ---- a test
    *(
        _wrong("is_attention_backward", style, why, source, partner=_TRUTH)
        for style, why, source in (
            ("always content", "no candidate is called", "def is_attention_backward(backward):\n    return True"),
            (
                "never content",
                "right candidates are turned down too",
                "def is_attention_backward(backward):\n    return False",
            ),
            (
                "shapes alone",
                "the numbers are not looked at",
                """
                    def is_attention_backward(backward):
                        args = _inputs(np.random.default_rng(0), 2, 3, 4, 5, 6)
                        mask = np.random.default_rng(1).random((2, 3, 4)) < 0.7
                        try:
                            got = backward(*args, mask)
                        except Exception:
                            return False
                        return [g.shape for g in got] == [a.shape for a in args[1:]]
                """,
            ),
            (
                "dV alone",
                "dQ and dK are not looked at",
                """
                    def is_attention_backward(backward):
                        rng = np.random.default_rng(0)
                        args = (*_inputs(rng, 2, 3, 4, 5, 6), rng.random((2, 3, 4)) < 0.7)
                        try:
                            got = backward(*args)
                        except Exception:
                            return False
                        return _same(got[2:], _true(*args)[2:])
                """,
            ),
            (
                "nothing hidden",
                "the mask is True throughout: candidates that are wrong about masks pass",
                """
                    def is_attention_backward(backward):
                        rng = np.random.default_rng(0)
                        args = (*_inputs(rng, 2, 3, 4, 5, 6), np.ones((2, 3, 4), dtype=bool))
                        try:
                            return _same(backward(*args), _true(*args))
                        except Exception:
                            return False
                """,
            ),
            (
                "every query sees something",
                "no row of the mask is False throughout",
                """
                    def is_attention_backward(backward):
                        rng = np.random.default_rng(0)
                        mask = rng.random((2, 3, 4)) < 0.7
                        mask[..., 0] = True
                        args = (*_inputs(rng, 2, 3, 4, 5, 6), mask)
                        try:
                            return _same(backward(*args), _true(*args))
                        except Exception:
                            return False
                """,
            ),
            (
                "all sizes equal",
                "T_q = T_k = d_k = d_v: transposed products and the root of the wrong size pass",
                """
                    def is_attention_backward(backward):
                        rng = np.random.default_rng(0)
                        args = (*_inputs(rng, 3, 3, 3, 3, 3), np.broadcast_to(np.tril(np.ones((3, 3), dtype=bool)), (3, 3, 3)))
                        try:
                            return _same(backward(*args), _true(*args))
                        except Exception:
                            return False
                """,
            ),
            (
                "d_k is 1",
                "with one feature the scale is 1, and whoever forgets it passes",
                """
                    def is_attention_backward(backward):
                        rng = np.random.default_rng(0)
                        mask = rng.random((2, 3, 4)) < 0.7
                        mask[0, 0] = False
                        args = (*_inputs(rng, 2, 3, 4, 1, 6), mask)
                        try:
                            return _same(backward(*args), _true(*args))
                        except Exception:
                            return False
                """,
            ),
            (
                "upstream gradient of ones",
                "with dout = 1 whoever ignores dout passes",
                """
                    def is_attention_backward(backward):
                        rng = np.random.default_rng(0)
                        _, Q, K, V = _inputs(rng, 2, 3, 4, 5, 6)
                        mask = rng.random((2, 3, 4)) < 0.7
                        mask[0, 0] = False
                        args = (np.ones((2, 3, 6)), Q, K, V, mask)
                        try:
                            return _same(backward(*args), _true(*args))
                        except Exception:
                            return False
                """,
            ),
            (
                "one key",
                "with one key the weight is 1 and dQ and dK are 0, whatever the softmax's Jacobian is",
                """
                    def is_attention_backward(backward):
                        rng = np.random.default_rng(0)
                        args = (*_inputs(rng, 2, 3, 1, 5, 6), np.array([[[True]], [[False]]]).repeat(3, axis=1))
                        try:
                            return _same(backward(*args), _true(*args))
                        except Exception:
                            return False
                """,
            ),
            (
                "exactly equal",
                "right candidates that sum in another order differ in the last digit and are turned down",
                """
                    def is_attention_backward(backward):
                        rng = np.random.default_rng(0)
                        mask = rng.random((2, 3, 4)) < 0.7
                        mask[0, 0] = False
                        args = (*_inputs(rng, 2, 3, 4, 5, 6), mask)
                        try:
                            return all(np.array_equal(g, w) for g, w in zip(backward(*args), _true(*args)))
                        except Exception:
                            return False
                """,
            ),
            (
                "sums of the gradients",
                "only the sum of each gradient is compared: for dK that of the rows of dS, which is 0 for every right shift",
                """
                    def is_attention_backward(backward):
                        rng = np.random.default_rng(0)
                        args = (*_inputs(rng, 2, 3, 4, 5, 6), np.ones((2, 3, 4), dtype=bool))
                        try:
                            return all(np.isclose(g.sum(), w.sum()) for g, w in zip(backward(*args), _true(*args)))
                        except Exception:
                            return False
                """,
            ),
        )
    ),
    # ---- training
    *(
        _changed("train_previous_token", style, why, _TRAIN, source)
        for style, why, source in (
            (
                "starts at zero",
                "with Wq = Wk = 0 both gradients are 0: nothing is ever learned",
                """
                    def train_previous_token(tokens, seed):
                        Wq, Wk = np.zeros((13, 16)), np.zeros((13, 16))
                        for _ in range(300):
                            _, (dq, dk) = _loss_and_gradients(tokens, Wq, Wk)
                            Wq, Wk = Wq - 1.0 * dq, Wk - 1.0 * dk
                        return Wq, Wk
                """,
            ),
            (
                "a small learning rate",
                "gradient descent with 1e-3 and 200 steps does not come near the asked loss",
                """
                    def train_previous_token(tokens, seed):
                        rng = np.random.default_rng(seed)
                        Wq, Wk = rng.normal(size=(13, 16)), rng.normal(size=(13, 16))
                        for _ in range(200):
                            _, (dq, dk) = _loss_and_gradients(tokens, Wq, Wk)
                            Wq, Wk = Wq - 1e-3 * dq, Wk - 1e-3 * dk
                        return Wq, Wk
                """,
            ),
            (
                "uphill",
                "the gradient is added",
                """
                    def train_previous_token(tokens, seed):
                        rng = np.random.default_rng(seed)
                        Wq, Wk = 0.3 * rng.normal(size=(13, 16)), 0.3 * rng.normal(size=(13, 16))
                        for _ in range(200):
                            _, (dq, dk) = _loss_and_gradients(tokens, Wq, Wk)
                            Wq, Wk = Wq + 1.0 * dq, Wk + 1.0 * dk
                        return Wq, Wk
                """,
            ),
            (
                "keys before queries",
                "returns (Wk, Wq): the scores are transposed",
                """
                    def train_previous_token(tokens, seed):
                        rng = np.random.default_rng(seed)
                        W = [0.3 * rng.normal(size=(13, 32)) for _ in range(2)]
                        v = [np.zeros((13, 32))] * 2
                        for _ in range(400):
                            _, grads = _loss_and_gradients(tokens, *W)
                            v = [0.9 * a - 5.0 * g for a, g in zip(v, grads)]
                            W = [w + a for w, a in zip(W, v)]
                        return W[1], W[0]
                """,
            ),
            (
                "64 features",
                "d is 64, more than the 32 that are allowed",
                """
                    def train_previous_token(tokens, seed):
                        rng = np.random.default_rng(seed)
                        W = [0.3 * rng.normal(size=(13, 64)) for _ in range(2)]
                        v = [np.zeros((13, 64))] * 2
                        for _ in range(400):
                            _, grads = _loss_and_gradients(tokens, *W)
                            v = [0.9 * a - 5.0 * g for a, g in zip(v, grads)]
                            W = [w + a for w, a in zip(W, v)]
                        return W[0], W[1]
                """,
            ),
            (
                "looks up the token itself",
                "trained with the token at t as target, not that at t − 1",
                """
                    def train_previous_token(tokens, seed):
                        rng = np.random.default_rng(seed)
                        X, V = _features(tokens), np.eye(5)[tokens]
                        N, T = tokens.shape
                        Wq, Wk = 0.3 * rng.normal(size=(13, 16)), 0.3 * rng.normal(size=(13, 16))
                        later = np.triu(np.ones((T, T), dtype=bool), 1)
                        for _ in range(300):
                            Q, K = X @ Wq, X @ Wk
                            S = Q @ K.transpose(0, 2, 1) / 4.0
                            S[:, later] = -np.inf
                            A = np.exp(S - S.max(axis=2, keepdims=True))
                            A /= A.sum(axis=2, keepdims=True)
                            p = np.maximum((A @ V * V).sum(axis=2), 1e-12)
                            dA = (-V / p[..., None]) @ V.transpose(0, 2, 1) / (N * T)
                            dS = A * (dA - (dA * A).sum(axis=2, keepdims=True)) / 4.0
                            Wq = Wq - 2.0 * np.einsum("ntf,ntd->fd", X, dS @ K)
                            Wk = Wk - 2.0 * np.einsum("ntf,ntd->fd", X, dS.transpose(0, 2, 1) @ Q)
                        return Wq, Wk
                """,
            ),
            (
                "stuck with Wk",
                "only Wq is trained, from a start so small that its gradient is next to nothing",
                """
                    def train_previous_token(tokens, seed):
                        rng = np.random.default_rng(seed)
                        Wq, Wk = 1e-3 * rng.normal(size=(13, 16)), 1e-3 * rng.normal(size=(13, 16))
                        for _ in range(300):
                            _, (dq, _) = _loss_and_gradients(tokens, Wq, Wk)
                            Wq = Wq - 1.0 * dq
                        return Wq, Wk
                """,
            ),
        )
    ),
    # ---- formula
    _wrong(
        "question_sampling_slope",
        "the slope of the sigmoid",
        "s (1 − s) is the derivative of σ itself",
        """
            def question_sampling_slope():
                return "s*(1 - s)"
        """,
    ),
    _wrong(
        "question_sampling_slope",
        "sign",
        "1 − s is the derivative of log σ, without the minus",
        """
            def question_sampling_slope():
                return "1 - s"
        """,
    ),
    _wrong(
        "question_sampling_slope",
        "one over s",
        "the derivative of −log alone, without the inner one",
        """
            def question_sampling_slope():
                return "-1/s"
        """,
    ),
]
