"""Right and wrong answers to unit ``recurrent``, written from the public contract alone.

A wrong answer that differs from a right one in a line or two holds these lines alone.
"""

from __future__ import annotations

from functools import partial

from .entry import Entry, Policy, noted, right, wrong

__all__ = ["NOTED_RECURRENT", "RIGHT_RECURRENT", "WRONG_RECURRENT"]

_right, _noted, _wrong = (partial(make, "recurrent") for make in (right, noted, wrong))


def _slip(base: Entry, name: str, style: str, why: str, *lines: str, policy: Policy = "") -> Entry:
    """A right entry with a slip in it: ``lines`` are pairs of a piece of its source, which is there once, and what stands for it.

    Of one that changes an argument the values are right: it passes with a note.
    """
    source = base.source
    for old, new in zip(lines[::2], lines[1::2], strict=True):
        assert source.count(old) == 1, (name, style, old, source.count(old))
        source = source.replace(old, new)
    return Entry(f"recurrent.{name}", style, source, wrong=policy != "mutation", why=why, policy=policy)


# ------------------------------------------------------------------------------------------------------ the plain recurrence
_RNN = _right(
    "rnn_step_forward rnn_step_backward rnn_forward rnn_backward",
    "a loop over time that calls the steps",
    """
        def rnn_step_forward(x, prev_h, Wx, Wh, b):
            a = x.dot(Wx) + prev_h.dot(Wh) + b
            next_h = np.tanh(a)
            cache = (x, prev_h, Wx, Wh, next_h)
            return next_h, cache


        def rnn_step_backward(dnext_h, cache):
            x, prev_h, Wx, Wh, next_h = cache
            da = dnext_h * (1 - next_h**2)
            dx = da.dot(Wx.T)
            dprev_h = da.dot(Wh.T)
            dWx = x.T.dot(da)
            dWh = prev_h.T.dot(da)
            db = da.sum(axis=0)
            return dx, dprev_h, dWx, dWh, db


        def rnn_forward(x, h0, Wx, Wh, b):
            N, T, D = x.shape
            H = h0.shape[1]
            h = np.zeros((N, T, H))
            prev = h0
            for t in range(T):
                prev, _ = rnn_step_forward(x[:, t, :], prev, Wx, Wh, b)
                h[:, t, :] = prev
            cache = (x, h0, Wx, Wh, h)
            return h, cache


        def rnn_backward(dh, cache):
            x, h0, Wx, Wh, h = cache
            N, T, D = x.shape
            dx = np.zeros_like(x)
            dWx, dWh, db = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(Wh.shape[1])
            carried = np.zeros_like(h0)
            for t in reversed(range(T)):
                before = h[:, t - 1] if t > 0 else h0
                step = (x[:, t], before, Wx, Wh, h[:, t])
                dx[:, t], carried, dWx_t, dWh_t, db_t = rnn_step_backward(dh[:, t] + carried, step)
                dWx += dWx_t
                dWh += dWh_t
                db += db_t
            return dx, carried, dWx, dWh, db
    """,
)

_THROUGH_TIME = _right(
    "rnn_forward rnn_backward",
    "no steps: the inputs' products at once, the rest in the loop",
    """
        def rnn_forward(x, h0, Wx, Wh, b):
            h = x @ Wx + b
            state = h0
            for t in range(x.shape[1]):
                h[:, t] += state @ Wh
                np.tanh(h[:, t], out=h[:, t])
                state = h[:, t]
            return h, (x, h0, Wx, Wh, h)


        def rnn_backward(dh, cache):
            x, h0, Wx, Wh, h = cache
            T = x.shape[1]
            dx = np.empty(x.shape)
            dWx = np.zeros(Wx.shape)
            dWh = np.zeros(Wh.shape)
            db = np.zeros(Wh.shape[0])
            carried = 0
            for t in range(T - 1, -1, -1):
                before = h0 if t == 0 else h[:, t - 1]
                total = dh[:, t] + carried
                da = total * (1 - h[:, t] ** 2)
                dx[:, t] = da @ Wx.T
                dWx += x[:, t].T @ da
                dWh += before.T @ da
                db += da.sum(axis=0)
                carried = da @ Wh.T
            dh0 = carried
            return dx, dh0, dWx, dWh, db
    """,
)

_EINSUM = _right(
    "rnn_step_forward rnn_step_backward rnn_forward rnn_backward",
    "einsum; all slopes gathered first, the weights' gradients in one sum over n and t",
    """
        def rnn_step_forward(x, prev_h, Wx, Wh, b):
            next_h = np.tanh(b + np.einsum("nd,dh->nh", x, Wx) + np.einsum("nk,kh->nh", prev_h, Wh))
            return next_h, (x, prev_h, Wx, Wh, next_h)


        def rnn_step_backward(dnext_h, cache):
            x, prev_h, Wx, Wh, next_h = cache
            da = np.einsum("nh,nh->nh", dnext_h, (1 + next_h) * (1 - next_h))
            return (
                np.einsum("nh,dh->nd", da, Wx),
                np.einsum("nh,kh->nk", da, Wh),
                np.einsum("nd,nh->dh", x, da),
                np.einsum("nk,nh->kh", prev_h, da),
                np.einsum("nh->h", da),
            )


        def rnn_forward(x, h0, Wx, Wh, b):
            states = [h0]
            for t in range(x.shape[1]):
                states.append(np.tanh(np.einsum("nd,dh->nh", x[:, t], Wx) + np.einsum("nk,kh->nh", states[-1], Wh) + b))
            h = np.stack(states[1:], axis=1)
            return h, (x, h0, Wx, Wh, h)


        def rnn_backward(dh, cache):
            x, h0, Wx, Wh, h = cache
            slope = (1 + h) * (1 - h)
            da = np.zeros_like(h)
            down = np.zeros_like(h0)
            for t in range(h.shape[1])[::-1]:
                da[:, t] = slope[:, t] * (dh[:, t] + down)
                down = np.einsum("nh,kh->nk", da[:, t], Wh)
            before = np.concatenate((h0[:, None], h[:, :-1]), axis=1)
            return (
                np.einsum("nth,dh->ntd", da, Wx),
                down,
                np.einsum("ntd,nth->dh", x, da),
                np.einsum("ntk,nth->kh", before, da),
                np.einsum("nth->h", da),
            )
    """,
)

_OWN_CACHE = _right(
    "rnn_step_forward rnn_step_backward rnn_forward rnn_backward",
    "other caches: a dictionary a step, a list of them for the sequence",
    """
        def rnn_step_forward(x, prev_h, Wx, Wh, b):
            next_h = np.tanh(x @ Wx + prev_h @ Wh + b)
            return next_h, {"x": x, "prev": prev_h, "Wx": Wx, "Wh": Wh, "slope": 1 - next_h * next_h}


        def rnn_step_backward(dnext_h, cache):
            da = dnext_h * cache["slope"]
            return da @ cache["Wx"].T, da @ cache["Wh"].T, cache["x"].T @ da, cache["prev"].T @ da, np.sum(da, 0)


        def rnn_forward(x, h0, Wx, Wh, b):
            outputs, caches, state = [], [], h0
            for xt in np.moveaxis(x, 1, 0):
                state, cache = rnn_step_forward(xt, state, Wx, Wh, b)
                outputs.append(state)
                caches.append(cache)
            return np.moveaxis(np.array(outputs), 0, 1), caches


        def rnn_backward(dh, cache):
            dxs, carried, weights = [], 0.0, None
            for t in range(len(cache) - 1, -1, -1):
                dx, carried, *parts = rnn_step_backward(dh[:, t] + carried, cache[t])
                dxs.insert(0, dx)
                weights = parts if weights is None else [a + p for a, p in zip(weights, parts)]
            return (np.stack(dxs, axis=1), carried, *weights)
    """,
)

_LOOPS = _right(
    "rnn_step_forward rnn_step_backward rnn_forward rnn_backward",
    "loops over every index, with the math module",
    """
        import math


        def rnn_step_forward(x, prev_h, Wx, Wh, b):
            N, D = x.shape
            H = len(b)
            next_h = np.zeros((N, H))
            for n in range(N):
                for j in range(H):
                    total = b[j]
                    for d in range(D):
                        total += x[n, d] * Wx[d, j]
                    for k in range(H):
                        total += prev_h[n, k] * Wh[k, j]
                    next_h[n, j] = math.tanh(total)
            cache = (x, prev_h, Wx, Wh, next_h)
            return next_h, cache


        def rnn_step_backward(dnext_h, cache):
            x, prev_h, Wx, Wh, next_h = cache
            N, D = x.shape
            H = Wh.shape[0]
            dx, dprev_h = np.zeros((N, D)), np.zeros((N, H))
            dWx, dWh, db = np.zeros((D, H)), np.zeros((H, H)), np.zeros(H)
            for n in range(N):
                for j in range(H):
                    da = float(dnext_h[n, j]) * (1.0 - float(next_h[n, j]) ** 2)
                    db[j] += da
                    for d in range(D):
                        dWx[d, j] += x[n, d] * da
                        dx[n, d] += Wx[d, j] * da
                    for k in range(H):
                        dWh[k, j] += prev_h[n, k] * da
                        dprev_h[n, k] += Wh[k, j] * da
            return dx, dprev_h, dWx, dWh, db


        def rnn_forward(x, h0, Wx, Wh, b):
            N, T, _ = x.shape
            h = np.zeros((N, T, len(b)))
            for n in range(N):
                last = h0[n : n + 1]
                for t in range(T):
                    last = rnn_step_forward(x[n : n + 1, t], last, Wx, Wh, b)[0]
                    h[n, t] = last[0]
            cache = (x, h0, Wx, Wh, h)
            return h, cache


        def rnn_backward(dh, cache):
            x, h0, Wx, Wh, h = cache
            N, T, D = x.shape
            dx, dh0 = np.zeros_like(x), np.zeros_like(h0)
            sums = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(len(Wh))]
            for n in range(N):
                carried = np.zeros(len(Wh))
                for t in range(T - 1, -1, -1):
                    prev = (h[n, t - 1] if t else h0[n])[None]
                    got = rnn_step_backward((dh[n, t] + carried)[None], (x[n, t][None], prev, Wx, Wh, h[n, t][None]))
                    dx[n, t] = got[0][0]
                    carried = got[1][0]
                    for total, part in zip(sums, got[2:]):
                        total += part
                dh0[n] = carried
            return dx, dh0, *sums
    """,
)

_STACKED = _right(
    "rnn_step_forward rnn_step_backward rnn_forward rnn_backward",
    "one weight matrix: [x, h, 1] times Wx over Wh over b",
    """
        def _inputs(x, h):
            return np.hstack([x, h, np.ones((x.shape[0], 1))])


        def rnn_step_forward(x, prev_h, Wx, Wh, b):
            W = np.vstack([Wx, Wh, b])
            next_h = np.tanh(_inputs(x, prev_h) @ W)
            return next_h, (x, prev_h, Wx, Wh, next_h)


        def rnn_step_backward(dnext_h, cache):
            x, prev_h, Wx, Wh, next_h = cache
            D, H = Wx.shape
            da = (1 - np.square(next_h)) * dnext_h
            dW = _inputs(x, prev_h).T @ da
            below = da @ np.vstack([Wx, Wh]).T
            return below[:, :D], below[:, D:], dW[:D], dW[D : D + H], dW[D + H]


        def rnn_forward(x, h0, Wx, Wh, b):
            h = [h0]
            for t in range(x.shape[1]):
                h += [rnn_step_forward(x[:, t], h[t], Wx, Wh, b)[0]]
            h = np.array(h[1:]).transpose(1, 0, 2)
            return h, (x, h0, Wx, Wh, h)


        def rnn_backward(dh, cache):
            x, h0, Wx, Wh, h = cache
            D, H = Wx.shape
            dh = dh.copy()
            dx, dW = np.zeros_like(x), np.zeros((D + H + 1, H))
            before = np.concatenate([h0[:, None], h], axis=1)
            for t in range(x.shape[1] - 1, -1, -1):
                da = dh[:, t] * (1 - h[:, t] ** 2)
                dW += _inputs(x[:, t], before[:, t]).T @ da
                dx[:, t] = da @ Wx.T
                if t:
                    dh[:, t - 1] += da @ Wh.T
            return dx, da @ Wh.T, dW[:D], dW[D:-1], dW[-1]
    """,
)

# ---------------------------------------------------------------------------------------------------------------------- LSTM
_LSTM = _right(
    "lstm_step_forward lstm_step_backward lstm_forward lstm_backward",
    "a loop over time that calls the steps, sigmoid split by sign",
    """
        def sigmoid(x):
            pos_mask = x >= 0
            z = np.zeros_like(x)
            z[pos_mask] = np.exp(-x[pos_mask])
            z[~pos_mask] = np.exp(x[~pos_mask])
            top = np.ones_like(x)
            top[~pos_mask] = z[~pos_mask]
            return top / (1 + z)


        def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
            H = prev_h.shape[1]
            a = x.dot(Wx) + prev_h.dot(Wh) + b
            i = sigmoid(a[:, :H])
            f = sigmoid(a[:, H : 2 * H])
            o = sigmoid(a[:, 2 * H : 3 * H])
            g = np.tanh(a[:, 3 * H :])
            next_c = f * prev_c + i * g
            next_h = o * np.tanh(next_c)
            cache = (x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c)
            return next_h, next_c, cache


        def lstm_step_backward(dnext_h, dnext_c, cache):
            x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c = cache
            tanh_c = np.tanh(next_c)
            do = dnext_h * tanh_c
            dc = dnext_c + dnext_h * o * (1 - tanh_c**2)
            df = dc * prev_c
            di = dc * g
            dg = dc * i
            dprev_c = dc * f
            dai = di * i * (1 - i)
            daf = df * f * (1 - f)
            dao = do * o * (1 - o)
            dag = dg * (1 - g**2)
            da = np.hstack((dai, daf, dao, dag))
            dx = da.dot(Wx.T)
            dprev_h = da.dot(Wh.T)
            dWx = x.T.dot(da)
            dWh = prev_h.T.dot(da)
            db = da.sum(axis=0)
            return dx, dprev_h, dprev_c, dWx, dWh, db


        def lstm_forward(x, h0, Wx, Wh, b):
            N, T, D = x.shape
            H = h0.shape[1]
            h = np.zeros((N, T, H))
            c = np.zeros((N, T, H))
            gates = np.zeros((N, T, 4 * H))
            prev_h = h0
            prev_c = np.zeros((N, H))
            for t in range(T):
                prev_h, prev_c, step = lstm_step_forward(x[:, t], prev_h, prev_c, Wx, Wh, b)
                h[:, t] = prev_h
                c[:, t] = prev_c
                gates[:, t] = np.hstack(step[5:9])
            cache = (x, h0, Wx, Wh, gates, c, h)
            return h, cache


        def lstm_backward(dh, cache):
            x, h0, Wx, Wh, gates, c, h = cache
            N, T, D = x.shape
            H = h0.shape[1]
            dx = np.zeros_like(x)
            dWx, dWh, db = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(4 * H)
            back_h, back_c = np.zeros((N, H)), np.zeros((N, H))
            for t in reversed(range(T)):
                before_h = h[:, t - 1] if t > 0 else h0
                before_c = c[:, t - 1] if t > 0 else np.zeros((N, H))
                i, f, o, g = np.split(gates[:, t], 4, axis=1)
                step = (x[:, t], before_h, before_c, Wx, Wh, i, f, o, g, c[:, t])
                dx[:, t], back_h, back_c, dWx_t, dWh_t, db_t = lstm_step_backward(dh[:, t] + back_h, back_c, step)
                dWx += dWx_t
                dWh += dWh_t
                db += db_t
            dh0 = back_h
            return dx, dh0, dWx, dWh, db
    """,
)

_LSTM_FLAT = _right(
    "lstm_forward lstm_backward",
    "no steps: sigmoid by tanh, slopes in an array over time, weights at the end",
    """
        def lstm_forward(x, h0, Wx, Wh, b):
            N, T, _ = x.shape
            H = Wh.shape[0]
            gates = np.empty((N, T, 4 * H))
            c = np.empty((N, T, H))
            h = np.empty((N, T, H))
            xs = x @ Wx + b
            hp, cp = h0, np.zeros(h0.shape)
            for t in range(T):
                a = xs[:, t] + hp @ Wh
                a[:, : 3 * H] = 0.5 * (1 + np.tanh(0.5 * a[:, : 3 * H]))
                a[:, 3 * H :] = np.tanh(a[:, 3 * H :])
                gates[:, t] = a
                i, f, o, g = (a[:, k * H : (k + 1) * H] for k in range(4))
                c[:, t] = cp = f * cp + i * g
                h[:, t] = hp = o * np.tanh(cp)
            return h, (x, h0, Wx, Wh, gates, c, h)


        def lstm_backward(dh, cache):
            x, h0, Wx, Wh, gates, c, h = cache
            N, T, H = c.shape
            i, f, o, g = np.split(gates, 4, axis=2)
            s = np.tanh(c)
            before_c = np.concatenate([np.zeros((N, 1, H)), c[:, :-1]], axis=1)
            before_h = np.concatenate([h0[:, None], h[:, :-1]], axis=1)
            da = np.zeros((N, T, 4 * H))
            dhn, dcn = np.zeros((N, H)), np.zeros((N, H))
            for t in range(T - 1, -1, -1):
                dht = dh[:, t] + dhn
                dct = dcn + dht * o[:, t] * (1 - s[:, t] ** 2)
                da[:, t, :H] = dct * g[:, t] * i[:, t] * (1 - i[:, t])
                da[:, t, H : 2 * H] = dct * before_c[:, t] * f[:, t] * (1 - f[:, t])
                da[:, t, 2 * H : 3 * H] = dht * s[:, t] * o[:, t] * (1 - o[:, t])
                da[:, t, 3 * H :] = dct * i[:, t] * (1 - g[:, t] ** 2)
                dhn = da[:, t] @ Wh.T
                dcn = dct * f[:, t]
            dWx = np.tensordot(x, da, axes=((0, 1), (0, 1)))
            dWh = np.tensordot(before_h, da, axes=((0, 1), (0, 1)))
            return da @ Wx.T, dhn, dWx, dWh, da.sum(axis=(0, 1))
    """,
)

_LSTM_CLOSURES = _right(
    "lstm_step_forward lstm_step_backward lstm_forward lstm_backward",
    "the cache is a closure that goes back",
    """
        def _sig(a):
            return np.exp(-np.logaddexp(0, -a))


        def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
            ai, af, ao, ag = np.split(x @ Wx + prev_h @ Wh + b, 4, axis=-1)
            i, f, o, g = _sig(ai), _sig(af), _sig(ao), np.tanh(ag)
            next_c = prev_c * f + g * i
            s = np.tanh(next_c)

            def back(dnext_h, dnext_c):
                dc = dnext_c + dnext_h * o * (1 - s * s)
                da = np.concatenate(
                    [dc * g * (i - i * i), dc * prev_c * (f - f * f), dnext_h * s * (o - o * o), dc * i * (1 - g * g)], axis=1
                )
                return da @ Wx.T, da @ Wh.T, dc * f, x.T @ da, prev_h.T @ da, np.ones(len(x)) @ da

            return o * s, next_c, back


        def lstm_step_backward(dnext_h, dnext_c, cache):
            return cache(dnext_h, dnext_c)


        def lstm_forward(x, h0, Wx, Wh, b):
            h, c, hs, backs = h0, np.zeros_like(h0), [], []
            for t in range(x.shape[1]):
                h, c, back = lstm_step_forward(x[:, t], h, c, Wx, Wh, b)
                hs.append(h)
                backs.append(back)
            return np.stack(hs, 1), tuple(backs)


        def lstm_backward(dh, cache):
            dhn = dcn = np.zeros_like(dh[:, 0])
            dx, sums = [], [0, 0, 0]
            for t in range(len(cache))[::-1]:
                dxt, dhn, dcn, *three = cache[t](dh[:, t] + dhn, dcn)
                dx.append(dxt)
                sums = [s + part for s, part in zip(sums, three)]
            return np.stack(dx[::-1], 1), dhn, *sums
    """,
)

_LSTM_LOOPS = _right(
    "lstm_step_forward lstm_step_backward",
    "loops over examples and units, scalars by the math module",
    """
        import math


        def _logistic(v):
            if v >= 0:
                return 1 / (1 + math.exp(-v))
            return math.exp(v) / (1 + math.exp(v))


        def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
            N, H = prev_h.shape
            i, f, o, g, next_c, next_h = (np.zeros((N, H)) for _ in range(6))
            for n in range(N):
                a = [sum(x[n] * Wx[:, k]) + sum(prev_h[n] * Wh[:, k]) + b[k] for k in range(4 * H)]
                for j in range(H):
                    i[n, j] = _logistic(a[j])
                    f[n, j] = _logistic(a[H + j])
                    o[n, j] = _logistic(a[2 * H + j])
                    g[n, j] = math.tanh(a[3 * H + j])
                    next_c[n, j] = f[n, j] * prev_c[n, j] + i[n, j] * g[n, j]
                    next_h[n, j] = o[n, j] * math.tanh(next_c[n, j])
            return next_h, next_c, (x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c)


        def lstm_step_backward(dnext_h, dnext_c, cache):
            x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c = cache
            N, H = prev_h.shape
            da = np.zeros((N, 4 * H))
            dprev_c = np.zeros((N, H))
            for n in range(N):
                for j in range(H):
                    s = math.tanh(next_c[n, j])
                    dc = dnext_c[n, j] + dnext_h[n, j] * o[n, j] * (1 - s**2)
                    dprev_c[n, j] = dc * f[n, j]
                    da[n, j] = dc * g[n, j] * i[n, j] * (1 - i[n, j])
                    da[n, H + j] = dc * prev_c[n, j] * f[n, j] * (1 - f[n, j])
                    da[n, 2 * H + j] = dnext_h[n, j] * s * o[n, j] * (1 - o[n, j])
                    da[n, 3 * H + j] = dc * i[n, j] * (1 - g[n, j] ** 2)
            dWx = sum(np.outer(x[n], da[n]) for n in range(N))
            dWh = sum(np.outer(prev_h[n], da[n]) for n in range(N))
            return da @ Wx.T, da @ Wh.T, dprev_c, dWx, dWh, sum(da)
    """,
)

_LSTM_BLOCKS = _right(
    "lstm_step_forward lstm_step_backward",
    "weights as (D, 4, H), gates as one array of four, the plain 1 / (1 + e^-z)",
    """
        def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
            N, H = prev_h.shape
            D = x.shape[1]
            a = np.einsum("nd,dkh->knh", x, Wx.reshape(D, 4, H)) + np.einsum("nj,jkh->knh", prev_h, Wh.reshape(H, 4, H))
            a += b.reshape(4, 1, H)
            with np.errstate(over="ignore"):
                i, f, o = 1 / (1 + np.exp(-a[:3]))
            g = np.tanh(a[3])
            next_c = f * prev_c + i * g
            return o * np.tanh(next_c), next_c, (x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c)


        def lstm_step_backward(dnext_h, dnext_c, cache):
            x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c = cache
            N, H = prev_h.shape
            s = np.tanh(next_c)
            dc = dnext_c + dnext_h * o / np.cosh(np.clip(next_c, -300, 300)) ** 2
            da = np.stack([dc * g, dc * prev_c, dnext_h * s, dc * i], axis=1)
            da *= np.stack([i * (1 - i), f * (1 - f), o * (1 - o), (1 - g) * (1 + g)], axis=1)
            flat = da.reshape(N, 4 * H)
            return flat @ Wx.T, flat @ Wh.T, f * dc, x.T @ flat, prev_h.T @ flat, flat.sum(0)
    """,
)

# ----------------------------------------------------------------------------------------------------------------- peepholes
_PEEPHOLE = _right(
    "peephole_step_forward peephole_step_backward peephole_forward peephole_backward",
    "a loop over time that calls the steps",
    """
        def sigmoid(a):
            return np.where(a >= 0, 1.0, np.exp(-np.abs(a))) / (1 + np.exp(-np.abs(a)))


        def peephole_step_forward(x, prev_h, prev_c, Wx, Wh, p, b):
            H = prev_h.shape[1]
            a = x @ Wx + prev_h @ Wh + b
            i = sigmoid(a[:, :H] + p[0] * prev_c)
            f = sigmoid(a[:, H : 2 * H] + p[1] * prev_c)
            o = sigmoid(a[:, 2 * H : 3 * H] + p[2] * prev_c)
            g = np.tanh(a[:, 3 * H :])
            next_c = f * prev_c + i * g
            next_h = o * np.tanh(next_c)
            cache = (x, prev_h, prev_c, Wx, Wh, p, i, f, o, g, next_c)
            return next_h, next_c, cache


        def peephole_step_backward(dnext_h, dnext_c, cache):
            x, prev_h, prev_c, Wx, Wh, p, i, f, o, g, next_c = cache
            t = np.tanh(next_c)
            dc = dnext_c + dnext_h * o * (1 - t**2)
            dai = dc * g * i * (1 - i)
            daf = dc * prev_c * f * (1 - f)
            dao = dnext_h * t * o * (1 - o)
            dag = dc * i * (1 - g**2)
            dprev_c = dc * f + dai * p[0] + daf * p[1] + dao * p[2]
            da = np.hstack([dai, daf, dao, dag])
            dp = np.array([(dai * prev_c).sum(axis=0), (daf * prev_c).sum(axis=0), (dao * prev_c).sum(axis=0)])
            return da @ Wx.T, da @ Wh.T, dprev_c, x.T @ da, prev_h.T @ da, dp, da.sum(axis=0)


        def peephole_forward(x, h0, Wx, Wh, p, b):
            N, T, D = x.shape
            H = h0.shape[1]
            h, c, gates = np.zeros((N, T, H)), np.zeros((N, T, H)), np.zeros((N, T, 4 * H))
            last_h, last_c = h0, np.zeros_like(h0)
            for t in range(T):
                last_h, last_c, step = peephole_step_forward(x[:, t], last_h, last_c, Wx, Wh, p, b)
                h[:, t], c[:, t], gates[:, t] = last_h, last_c, np.hstack(step[6:10])
            cache = (x, h0, Wx, Wh, p, gates, c, h)
            return h, cache


        def peephole_backward(dh, cache):
            x, h0, Wx, Wh, p, gates, c, h = cache
            N, T, H = h.shape
            dx = np.zeros_like(x)
            dWx, dWh, dp, db = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(p), np.zeros(4 * H)
            back_h, back_c = np.zeros((N, H)), np.zeros((N, H))
            for t in reversed(range(T)):
                before_h = h[:, t - 1] if t else h0
                before_c = c[:, t - 1] if t else np.zeros((N, H))
                step = (x[:, t], before_h, before_c, Wx, Wh, p, *np.split(gates[:, t], 4, axis=1), c[:, t])
                got = peephole_step_backward(dh[:, t] + back_h, back_c, step)
                dx[:, t], back_h, back_c = got[:3]
                dWx += got[3]
                dWh += got[4]
                dp += got[5]
                db += got[6]
            return dx, back_h, dWx, dWh, dp, db
    """,
)

_PEEPHOLE_BLOCKS = _right(
    "peephole_step_forward peephole_step_backward peephole_forward peephole_backward",
    "the three gates as one array with an axis of its own, einsum, slopes over all times",
    """
        def _gates(a, prev_c, p):
            N, H = prev_c.shape
            a = a.reshape(N, 4, H)
            three = (1 + np.tanh((a[:, :3] + p * prev_c[:, None, :]) / 2)) / 2
            return three, np.tanh(a[:, 3])


        def peephole_step_forward(x, prev_h, prev_c, Wx, Wh, p, b):
            three, g = _gates(x @ Wx + prev_h @ Wh + b, prev_c, p)
            i, f, o = np.moveaxis(three, 1, 0)
            next_c = i * g + f * prev_c
            return np.tanh(next_c) * o, next_c, (x, prev_h, prev_c, Wx, Wh, p, i, f, o, g, next_c)


        def _slopes(dh, dc, i, f, o, g, before, after, p):
            s = np.tanh(after)
            dc = dc + dh * o * (1 - s**2)
            da = np.stack([dc * g * i * (1 - i), dc * before * f * (1 - f), dh * s * o * (1 - o), dc * i * (1 - g**2)], axis=1)
            return da, f * dc + np.einsum("nkh,kh->nh", da[:, :3], p)


        def peephole_step_backward(dnext_h, dnext_c, cache):
            x, prev_h, prev_c, Wx, Wh, p, i, f, o, g, next_c = cache
            da, dprev_c = _slopes(dnext_h, dnext_c, i, f, o, g, prev_c, next_c, p)
            dp = np.einsum("nkh,nh->kh", da[:, :3], prev_c)
            da = da.reshape(len(da), -1)
            return da @ Wx.T, da @ Wh.T, dprev_c, x.T @ da, prev_h.T @ da, dp, da.sum(0)


        def peephole_forward(x, h0, Wx, Wh, p, b):
            hs, cs, gates = [h0], [0 * h0], []
            for t in range(x.shape[1]):
                h, c, cache = peephole_step_forward(x[:, t], hs[-1], cs[-1], Wx, Wh, p, b)
                hs.append(h)
                cs.append(c)
                gates.append(np.concatenate(cache[6:10], axis=1))
            h = np.stack(hs[1:], axis=1)
            return h, (x, h0, Wx, Wh, p, np.stack(gates, axis=1), np.stack(cs[1:], axis=1), h)


        def peephole_backward(dh, cache):
            x, h0, Wx, Wh, p, gates, c, h = cache
            N, T, H = c.shape
            hs = np.concatenate([h0[:, None], h], axis=1)
            cs = np.concatenate([0 * h0[:, None], c], axis=1)
            das = [None] * T
            dhn = dcn = np.zeros_like(h0)
            for t in reversed(range(T)):
                i, f, o, g = (gates[:, t, k * H : (k + 1) * H] for k in range(4))
                das[t], dcn = _slopes(dh[:, t] + dhn, dcn, i, f, o, g, cs[:, t], cs[:, t + 1], p)
                dhn = das[t].reshape(N, -1) @ Wh.T
            da = np.stack(das, axis=1)
            dp = np.einsum("ntkh,nth->kh", da[:, :, :3], cs[:, :-1])
            da = da.reshape(N, T, 4 * H)
            return (
                da @ Wx.T,
                dhn,
                np.einsum("ntd,nta->da", x, da),
                np.einsum("nth,nta->ha", hs[:, :-1], da),
                dp,
                da.sum(axis=(0, 1)),
            )
    """,
)

_PEEPHOLE_OWN = _right(
    "peephole_step_forward peephole_step_backward peephole_forward peephole_backward",
    "other caches: each step keeps the slopes it needs, the sequence a list of steps",
    """
        def _s(z):
            e = np.exp(-abs(z))
            return np.where(z < 0, e / (1 + e), 1 / (1 + e))


        def peephole_step_forward(x, prev_h, prev_c, Wx, Wh, p, b):
            a = np.hsplit(x @ Wx + prev_h @ Wh + b, 4)
            i, f, o = [_s(a[k] + p[k] * prev_c) for k in range(3)]
            g = np.tanh(a[3])
            c = f * prev_c + i * g
            s = np.tanh(c)
            kept = dict(
                low=(x, prev_h, prev_c, Wx, Wh, p),
                h_to_c=o * (1 - s * s),
                h_to_o=s * o * (1 - o),
                c_to=(g * i * (1 - i), prev_c * f * (1 - f), i * (1 - g * g)),
                f=f,
            )
            return o * s, c, kept


        def peephole_step_backward(dnext_h, dnext_c, cache):
            x, prev_h, prev_c, Wx, Wh, p = cache["low"]
            dc = dnext_c + dnext_h * cache["h_to_c"]
            to_i, to_f, to_g = cache["c_to"]
            parts = [dc * to_i, dc * to_f, dnext_h * cache["h_to_o"], dc * to_g]
            dprev_c = dc * cache["f"]
            dp = np.zeros(p.shape)
            for k in range(3):
                dprev_c = dprev_c + p[k] * parts[k]
                dp[k] = np.einsum("nh,nh->h", parts[k], prev_c)
            da = np.concatenate(parts, 1)
            return da.dot(Wx.T), da.dot(Wh.T), dprev_c, x.T.dot(da), prev_h.T.dot(da), dp, da.sum(0)


        def peephole_forward(x, h0, Wx, Wh, p, b):
            h, c, out, steps = h0, np.zeros(h0.shape), np.zeros((*x.shape[:2], h0.shape[1])), []
            for t in range(x.shape[1]):
                h, c, kept = peephole_step_forward(x[:, t], h, c, Wx, Wh, p, b)
                out[:, t] = h
                steps.append(kept)
            return out, steps


        def peephole_backward(dh, cache):
            up_h, up_c, dx, sums = 0, 0, np.zeros((*dh.shape[:2], cache[0]["low"][3].shape[0])), None
            for t in range(dh.shape[1] - 1, -1, -1):
                dx[:, t], up_h, up_c, *rest = peephole_step_backward(dh[:, t] + up_h, up_c, cache[t])
                sums = rest if sums is None else [a + c for a, c in zip(sums, rest)]
            return dx, up_h, *sums
    """,
)

# ----------------------------------------------------------------------------------------------------------------------- GRU
_GRU = _right(
    "gru_step_forward gru_step_backward",
    "the columns by slices",
    """
        def sigmoid(a):
            return 0.5 * (np.tanh(0.5 * a) + 1.0)


        def gru_step_forward(x, prev_h, Wx, Wh, b):
            H = prev_h.shape[1]
            ax = x @ Wx + b
            ah = prev_h @ Wh[:, : 2 * H]
            r = sigmoid(ax[:, :H] + ah[:, :H])
            z = sigmoid(ax[:, H : 2 * H] + ah[:, H:])
            g = np.tanh(ax[:, 2 * H :] + (r * prev_h) @ Wh[:, 2 * H :])
            next_h = z * prev_h + (1 - z) * g
            cache = (x, prev_h, Wx, Wh, r, z, g)
            return next_h, cache


        def gru_step_backward(dnext_h, cache):
            x, prev_h, Wx, Wh, r, z, g = cache
            H = prev_h.shape[1]
            Wh_r, Wh_z, Wh_g = Wh[:, :H], Wh[:, H : 2 * H], Wh[:, 2 * H :]
            dag = dnext_h * (1 - z) * (1 - g**2)
            dz = dnext_h * (prev_h - g)
            daz = dz * z * (1 - z)
            drh = dag @ Wh_g.T
            dar = drh * prev_h * r * (1 - r)
            dprev_h = dnext_h * z
            dprev_h = dprev_h + drh * r
            dprev_h = dprev_h + daz @ Wh_z.T
            dprev_h = dprev_h + dar @ Wh_r.T
            dax = np.hstack([dar, daz, dag])
            dWh = np.hstack([prev_h.T @ dar, prev_h.T @ daz, (r * prev_h).T @ dag])
            return dax @ Wx.T, dprev_h, x.T @ dax, dWh, dax.sum(axis=0)
    """,
)

_GRU_LOOPS = _right(
    "gru_step_forward gru_step_backward",
    "one example after the other, on vectors, with outer products",
    """
        def _sig(v):
            v = np.clip(v, -700, 700)
            return 1 / (1 + np.exp(-v))


        def gru_step_forward(x, prev_h, Wx, Wh, b):
            H = prev_h.shape[1]
            Wxr, Wxz, Wxg = np.split(Wx, 3, axis=1)
            Whr, Whz, Whg = np.split(Wh, 3, axis=1)
            br, bz, bg = np.split(b, 3)
            rows = []
            for v, h in zip(x, prev_h):
                r = _sig(v @ Wxr + h @ Whr + br)
                z = _sig(v @ Wxz + h @ Whz + bz)
                g = np.tanh(v @ Wxg + (r * h) @ Whg + bg)
                rows.append((g + z * (h - g), r, z, g))
            next_h, r, z, g = (np.array(column) for column in zip(*rows))
            return next_h, (x, prev_h, Wx, Wh, r, z, g)


        def gru_step_backward(dnext_h, cache):
            x, prev_h, Wx, Wh, r, z, g = cache
            N, H = prev_h.shape
            dx, dprev, dWx, dWh, db = np.zeros_like(x), np.zeros_like(prev_h), np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(3 * H)
            for n in range(N):
                d, h = dnext_h[n], prev_h[n]
                da_g = d * (1 - z[n]) * (1 - g[n] * g[n])
                d_rh = Wh[:, 2 * H :] @ da_g
                da_r = d_rh * h * r[n] * (1 - r[n])
                da_z = d * (h - g[n]) * z[n] * (1 - z[n])
                da = np.concatenate([da_r, da_z, da_g])
                dx[n] = Wx @ da
                dprev[n] = d * z[n] + r[n] * d_rh + Wh[:, : 2 * H] @ da[: 2 * H]
                dWx += np.outer(x[n], da)
                dWh[:, : 2 * H] += np.outer(h, da[: 2 * H])
                dWh[:, 2 * H :] += np.outer(r[n] * h, da_g)
                db += da
            return dx, dprev, dWx, dWh, db
    """,
)

_GRU_OWN = _right(
    "gru_step_forward gru_step_backward",
    "another cache, einsum, weights as (D, 3, H)",
    """
        def gru_step_forward(x, prev_h, Wx, Wh, b):
            N, H = prev_h.shape
            U, V = Wx.reshape(-1, 3, H), Wh.reshape(H, 3, H)
            ax = np.einsum("nd,dkh->knh", x, U) + b.reshape(3, 1, H)
            r, z = np.exp(-np.logaddexp(0.0, -(ax[:2] + np.einsum("nj,jkh->knh", prev_h, V[:, :2]))))
            rh = r * prev_h
            g = np.tanh(ax[2] + rh @ V[:, 2])
            return prev_h * z + g - g * z, (x, prev_h, rh, U, V, r, z, g)


        def gru_step_backward(dnext_h, cache):
            x, prev_h, rh, U, V, r, z, g = cache
            N, H = prev_h.shape
            ag = dnext_h * (1 - z) * (1 - g) * (1 + g)
            back = np.einsum("nh,jh->nj", ag, V[:, 2])
            ar = back * prev_h * r * (1 - r)
            az = dnext_h * (prev_h - g) * z * (1 - z)
            a = np.stack([ar, az, ag], axis=1)
            below = np.stack([prev_h, prev_h, rh], axis=1)
            dprev = dnext_h * z + back * r + np.einsum("nkh,jkh->nj", a[:, :2], V[:, :2])
            dU = np.einsum("nd,nkh->dkh", x, a).reshape(-1, 3 * H)
            dV = np.einsum("nkj,nkh->jkh", below, a).reshape(H, 3 * H)
            return np.einsum("nkh,dkh->nd", a, U), dprev, dU, dV, a.sum(0).reshape(-1)
    """,
)

# ------------------------------------------------------------------------------------------------- loss, clipping, decoding
_LOSS = _right(
    "temporal_softmax_loss",
    "flattened over examples and steps, one softmax",
    """
        def temporal_softmax_loss(x, y, mask):
            N, T, V = x.shape
            flat = x.reshape(N * T, V)
            labels = y.reshape(N * T)
            counts = mask.reshape(N * T)
            shifted = flat - np.max(flat, axis=1, keepdims=True)
            sums = np.exp(shifted).sum(axis=1, keepdims=True)
            log_probs = shifted - np.log(sums)
            loss = -np.sum(counts * log_probs[np.arange(N * T), labels]) / N
            dx = np.exp(log_probs)
            dx[np.arange(N * T), labels] -= 1
            dx /= N
            dx *= counts[:, None]
            return loss, dx.reshape(N, T, V)
    """,
)

_LOSS_LOOPS = _right(
    "temporal_softmax_loss",
    "loops, steps that do not count are skipped",
    """
        from math import exp, log


        def temporal_softmax_loss(x, y, mask):
            N, T, V = x.shape
            dx = np.zeros((N, T, V))
            loss = 0.0
            for n in range(N):
                for t in range(T):
                    if not mask[n, t]:
                        continue
                    scores = [float(s) for s in x[n, t]]
                    top = max(scores)
                    e = [exp(s - top) for s in scores]
                    loss += top + log(sum(e)) - scores[int(y[n, t])]
                    for v in range(V):
                        dx[n, t, v] = (e[v] / sum(e) - (v == y[n, t])) / N
            return loss / N, dx
    """,
)

_CLIP = _right(
    "clip_by_norm",
    "the sum of all squares, then one factor",
    """
        def clip_by_norm(gradients, max_norm):
            total = 0.0
            for g in gradients:
                total += np.sum(g**2)
            norm = np.sqrt(total)
            if norm > max_norm:
                return [g * (max_norm / norm) for g in gradients]
            return [g.copy() for g in gradients]
    """,
)

_DECODE = _right(
    "greedy_decode",
    "all sequences at once, with a mask of those that have ended",
    """
        def greedy_decode(h0, E, Wx, Wh, b, Wy, by, start, end, length):
            N = h0.shape[0]
            tokens = np.zeros((N, length), dtype=np.int64)
            token = np.full(N, start)
            done = np.zeros(N, dtype=bool)
            h = h0
            for t in range(length):
                h = np.tanh(E[token] @ Wx + h @ Wh + b)
                scores = h @ Wy + by
                token = np.argmax(scores, axis=1)
                token[done] = end
                tokens[:, t] = token
                done |= token == end
            return tokens
    """,
)

# ------------------------------------------------------------------------------------------------------------------ training
_LEARN = _right(
    "learn_text",
    "Adam on the whole text, 64 units, until the loss is small",
    """
        def _loss_and_grads(params, tokens, size):
            Wx, Wh, b, Wy, by = params
            inputs, targets = tokens[:-1], tokens[1:]
            L = len(inputs)
            hs = np.zeros((L + 1, len(b)))
            for t in range(L):
                hs[t] = np.tanh(Wx[inputs[t]] + hs[t - 1] @ Wh + b)
            scores = hs[:L] @ Wy + by
            scores -= scores.max(axis=1, keepdims=True)
            p = np.exp(scores)
            p /= p.sum(axis=1, keepdims=True)
            loss = -np.log(p[np.arange(L), targets]).mean()
            p[np.arange(L), targets] -= 1
            p /= L
            dh = p @ Wy.T
            dWx, dWh, db = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)
            carried = np.zeros_like(b)
            for t in reversed(range(L)):
                da = (dh[t] + carried) * (1 - hs[t] ** 2)
                dWx[inputs[t]] += da
                dWh += np.outer(hs[t - 1], da)
                db += da
                carried = da @ Wh.T
            return loss, [dWx, dWh, db, hs[:L].T @ p, p.sum(axis=0)]


        def learn_text(tokens, size, seed):
            rng = np.random.default_rng(seed)
            H = 64
            params = [
                rng.normal(0, 0.3, (size, H)),
                rng.normal(0, 1 / np.sqrt(H), (H, H)),
                np.zeros(H),
                rng.normal(0, 1 / np.sqrt(H), (H, size)),
                np.zeros(size),
            ]
            m = [np.zeros_like(w) for w in params]
            v = [np.zeros_like(w) for w in params]
            for step in range(1, 1001):
                loss, grads = _loss_and_grads(params, tokens, size)
                if loss < 0.02:
                    break
                norm = np.sqrt(sum((g**2).sum() for g in grads))
                for k, g in enumerate(grads):
                    g = g * min(1.0, 1.0 / (norm + 1e-12))
                    m[k] = 0.9 * m[k] + 0.1 * g
                    v[k] = 0.999 * v[k] + 0.001 * g**2
                    params[k] = params[k] - 0.01 * (m[k] / (1 - 0.9**step)) / (np.sqrt(v[k] / (1 - 0.999**step)) + 1e-8)
            return tuple(params)
    """,
)

_RESERVOIR = _right(
    "learn_text",
    "the recurrent part stays as it is drawn, the scores alone are fitted",
    """
        def learn_text(tokens, size, seed):
            rng = np.random.default_rng(seed)
            H = 100
            Wx = rng.standard_normal((size, H))
            Wh = np.linalg.qr(rng.standard_normal((H, H)))[0] * 0.95
            b = 0.1 * rng.standard_normal(H)
            h, states = np.zeros(H), []
            for token in tokens[:-1]:
                h = np.tanh(Wx[token] + h @ Wh + b)
                states.append(h)
            states = np.array(states)
            target = np.eye(size)[tokens[1:]]
            # scores of 10 for the right letter and 0 for the others, by least squares
            with_one = np.hstack([states, np.ones((len(states), 1))])
            W = np.linalg.lstsq(with_one, 10 * target, rcond=None)[0]
            return Wx, Wh, b, W[:-1], W[-1]
    """,
)

# ------------------------------------------------------------------------------------------------ truncation, norms, a fault
_TRUNCATED = _right(
    "truncated_gradients",
    "one loop back, the carried gradient set to 0 at the border",
    """
        def truncated_gradients(x, h0, Wx, Wh, b, dh, k):
            N, T, D = x.shape
            states = [h0]
            for t in range(T):
                states.append(np.tanh(x[:, t] @ Wx + states[-1] @ Wh + b))
            dx = np.zeros_like(x)
            dWx, dWh, db = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)
            carried = np.zeros_like(h0)
            for t in range(T - 1, -1, -1):
                da = (dh[:, t] + carried) * (1 - states[t + 1] ** 2)
                dx[:, t] = da @ Wx.T
                dWx += x[:, t].T @ da
                dWh += states[t].T @ da
                db += da.sum(axis=0)
                carried = da @ Wh.T
                if t % k == 0 and t > 0:
                    carried = np.zeros_like(h0)
            return dx, carried, dWx, dWh, db
    """,
)

_WINDOWS = _right(
    "truncated_gradients",
    "each window a pass of its own",
    """
        def _window(x, h0, Wx, Wh, b, dh):
            T = x.shape[1]
            h = np.zeros_like(dh)
            for t in range(T):
                h[:, t] = np.tanh(x[:, t] @ Wx + (h[:, t - 1] if t else h0) @ Wh + b)
            da = np.zeros_like(dh)
            up = 0
            for t in reversed(range(T)):
                da[:, t] = (dh[:, t] + up) * (1 - h[:, t] ** 2)
                up = da[:, t] @ Wh.T
            before = np.concatenate([h0[:, None], h[:, :-1]], axis=1)
            dWx = np.einsum("ntd,nth->dh", x, da)
            dWh = np.einsum("ntk,nth->kh", before, da)
            return h[:, -1], (da @ Wx.T, up, dWx, dWh, da.sum((0, 1)))


        def truncated_gradients(x, h0, Wx, Wh, b, dh, k):
            state, parts = h0, []
            for first in range(0, x.shape[1], k):
                window = slice(first, first + k)
                state, got = _window(x[:, window], state, Wx, Wh, b, dh[:, window])
                parts.append(got)
            dxs, dh0s, dWxs, dWhs, dbs = zip(*parts)
            return np.concatenate(dxs, axis=1), dh0s[0], sum(dWxs), sum(dWhs), sum(dbs)
    """,
)

_NORMS = _right(
    "rnn_gradient_norms",
    "forward, then the gradient of ones back",
    """
        def rnn_gradient_norms(x, h0, Wx, Wh, b):
            T = x.shape[1]
            hs = []
            h = h0
            for t in range(T):
                h = np.tanh(x[:, t] @ Wx + h @ Wh + b)
                hs.append(h)
            norms = np.zeros(T)
            d = np.ones_like(h)
            for t in range(T - 1, -1, -1):
                norms[t] = np.sqrt(np.sum(d**2))
                d = (d * (1 - hs[t] ** 2)) @ Wh.T
            return norms
    """,
)

_LSTM_NORMS = _right(
    "lstm_gradient_norms",
    "forward with lists, then back with both carried gradients",
    """
        def sigmoid(a):
            return np.exp(-np.logaddexp(0, -a))


        def lstm_gradient_norms(x, h0, Wx, Wh, b):
            T, H = x.shape[1], h0.shape[1]
            h, c = h0, np.zeros_like(h0)
            kept = []
            for t in range(T):
                a = x[:, t] @ Wx + h @ Wh + b
                i, f, o = sigmoid(a[:, :H]), sigmoid(a[:, H : 2 * H]), sigmoid(a[:, 2 * H : 3 * H])
                g = np.tanh(a[:, 3 * H :])
                prev_c = c
                c = f * c + i * g
                h = o * np.tanh(c)
                kept.append((i, f, o, g, prev_c, np.tanh(c)))
            dh, dc = np.ones_like(h), np.zeros_like(c)
            norms = np.zeros(T)
            for t in reversed(range(T)):
                i, f, o, g, prev_c, s = kept[t]
                dc = dc + dh * o * (1 - s**2)
                norms[t] = np.sqrt((dc**2).sum())
                da = np.hstack([dc * g * i * (1 - i), dc * prev_c * f * (1 - f), dh * s * o * (1 - o), dc * i * (1 - g**2)])
                dh = da @ Wh.T
                dc = dc * f
            return norms
    """,
)

_LEAKY = _right(
    "leaky_gradients",
    "the body as it came, with the fault mended",
    """
        def leaky_gradients(x, h0, Wx, Wh, alpha, dh):
            states, squashed = [h0], []
            for t in range(x.shape[1]):
                squashed.append(np.tanh(x[:, t] @ Wx + states[t] @ Wh))
                states.append((1 - alpha) * states[t] + alpha * squashed[t])
            inputs, steps, carried = [], [], np.zeros_like(h0)
            for t in reversed(range(len(squashed))):
                total = dh[:, t] + carried
                da = alpha * total * (1 - squashed[t] ** 2)
                inputs.append(da @ Wx.T)
                steps.append((x[:, t].T @ da, states[t].T @ da))
                carried = (1 - alpha) * total + da @ Wh.T
            dWx, dWh = (sum(parts, np.zeros(())) for parts in zip(*steps, strict=True))
            return np.stack(inputs[::-1], axis=1), carried, dWx, dWh
    """,
)

_TEST = _right(
    "is_recurrent_backward",
    "against a backward pass of one's own, on several sizes",
    """
        def _truth(dh, x, h0, A):
            states = [h0]
            for t in range(x.shape[1]):
                states.append(x[:, t] + states[-1] @ A)
            dx, dA, up = np.zeros_like(x), np.zeros_like(A), np.zeros_like(h0)
            for t in reversed(range(x.shape[1])):
                total = dh[:, t] + up
                dx[:, t] = total
                dA += states[t].T @ total
                up = total @ A.T
            return dx, up, dA


        def is_recurrent_backward(backward):
            rng = np.random.default_rng(7)
            for N, T, H in [(2, 4, 3), (3, 1, 2), (1, 5, 4), (4, 3, 2), (3, 3, 3), (2, 7, 1), (5, 2, 3)]:
                dh, x = rng.standard_normal((N, T, H)), rng.standard_normal((N, T, H))
                h0, A = rng.standard_normal((N, H)), rng.standard_normal((H, H))
                want = _truth(dh, x, h0, A)
                try:
                    got = backward(dh.copy(), x.copy(), h0.copy(), A.copy())
                    if len(got) != 3:
                        return False
                    for g, w in zip(got, want):
                        if np.shape(g) != w.shape or not np.allclose(g, w, rtol=1e-6, atol=1e-6):
                            return False
                except Exception:
                    return False
            return True
    """,
)

_NUMERIC_TEST = _right(
    "is_recurrent_backward",
    "against central differences of the sum of dh times h",
    """
        def _loss(dh, x, h0, A):
            h, total = h0, 0.0
            for t in range(x.shape[1]):
                h = x[:, t] + h @ A
                total += (dh[:, t] * h).sum()
            return total


        def is_recurrent_backward(backward):
            rng = np.random.default_rng(11)
            for N, T, H in ((1, 1, 2), (2, 3, 3), (3, 4, 2), (2, 5, 2)):
                dh, *args = (rng.normal(size=shape) for shape in ((N, T, H), (N, T, H), (N, H), (H, H)))
                try:
                    answer = tuple(np.array(part, dtype=float) for part in backward(dh.copy(), *(a.copy() for a in args)))
                except Exception:
                    return False
                if [part.shape for part in answer] != [a.shape for a in args]:
                    return False
                for part, a in zip(answer, args):
                    for place in np.ndindex(a.shape):
                        old = a[place]
                        a[place] = old + 1e-5
                        up = _loss(dh, *args)
                        a[place] = old - 1e-5
                        down = _loss(dh, *args)
                        a[place] = old
                        slope = (up - down) / 2e-5
                        if not abs(part[place] - slope) <= 1e-5 * max(1, abs(slope)):
                            return False
            return True
    """,
)

RIGHT_RECURRENT = [
    _RNN,
    _THROUGH_TIME,
    _EINSUM,
    _OWN_CACHE,
    _LOOPS,
    _STACKED,
    _LSTM,
    _LSTM_FLAT,
    _LSTM_CLOSURES,
    _LSTM_LOOPS,
    _LSTM_BLOCKS,
    _PEEPHOLE,
    _PEEPHOLE_BLOCKS,
    _PEEPHOLE_OWN,
    _GRU,
    _GRU_LOOPS,
    _GRU_OWN,
    _LOSS,
    _LOSS_LOOPS,
    _right(
        "temporal_softmax_loss",
        "logaddexp along the last axis, one-hot labels, take_along_axis",
        """
            def temporal_softmax_loss(x, y, mask):
                lse = np.logaddexp.reduce(x, axis=2)
                at = np.take_along_axis(x, y[:, :, None].astype(int), axis=2).squeeze(2)
                loss = np.where(mask, lse - at, 0.0).sum(axis=1).mean()
                onehot = (np.arange(x.shape[2]) == y[..., None]).astype(float)
                dx = np.where(mask[..., None], np.exp(x - lse[..., None]) - onehot, 0) / x.shape[0]
                return float(loss), dx
        """,
    ),
    _right(
        "temporal_softmax_loss",
        "only the steps that count are gathered",
        """
            def temporal_softmax_loss(x, y, mask):
                scores, labels = x[mask], y[mask]
                rows = np.arange(len(labels))
                e = np.exp(scores - scores.max(axis=-1, keepdims=True))
                total = e.sum(axis=-1)
                gap = scores.max(axis=-1) - scores[rows, labels]
                p = e / total[:, np.newaxis]
                p[rows, labels] -= 1.0
                dx = np.zeros(x.shape)
                dx[mask] = p
                return (gap + np.log(total)).sum() / len(x), dx / len(x)
        """,
    ),
    _CLIP,
    _right(
        "clip_by_norm",
        "one long vector, np.linalg.norm, a factor of at most 1",
        """
            def clip_by_norm(gradients, max_norm):
                norm = np.linalg.norm(np.concatenate([g.ravel() for g in gradients]))
                factor = 1.0 if norm <= max_norm else max_norm / norm
                return [factor * g for g in gradients]
        """,
    ),
    _right(
        "clip_by_norm",
        "the norm of the norms; divided by the larger of norm and bound",
        """
            def clip_by_norm(gradients, max_norm):
                norm = np.linalg.norm([np.linalg.norm(g.reshape(-1)) for g in gradients])
                return list(map(lambda g: g * max_norm / max(norm, max_norm), gradients))
        """,
    ),
    _right(
        "clip_by_norm",
        "entry by entry with math.fsum, unclipped gradients as they are",
        """
            import math


            def clip_by_norm(gradients, max_norm):
                norm = math.sqrt(math.fsum(float(v) * float(v) for g in gradients for v in np.nditer(g)))
                if norm <= max_norm:
                    return list(gradients)
                clipped = []
                for g in gradients:
                    scaled = np.array(g)
                    scaled /= norm
                    scaled *= max_norm
                    clipped.append(scaled)
                return clipped
        """,
    ),
    _DECODE,
    _right(
        "greedy_decode",
        "one sequence after the other, lists, a break at the end",
        """
            def greedy_decode(h0, E, Wx, Wh, b, Wy, by, start, end, length):
                rows = []
                for h in h0:
                    said, token = [], start
                    while len(said) < length:
                        h = np.tanh(E[token] @ Wx + h @ Wh + b)
                        token = int(np.argmax(h @ Wy + by))
                        said.append(token)
                        if token == end:
                            break
                    rows.append(said + [end] * (length - len(said)))
                return np.array(rows)
        """,
    ),
    _right(
        "greedy_decode",
        "softmax first, the embedding's products once for all tokens, np.where",
        """
            def greedy_decode(h0, E, Wx, Wh, b, Wy, by, start, end, length):
                table = E @ Wx + b
                state, out = h0.copy(), np.empty((len(h0), length), dtype=int)
                fed, open_ = np.repeat(start, len(h0)), np.ones(len(h0), bool)
                for t in range(length):
                    state = np.tanh(table[fed] + state @ Wh)
                    u = state @ Wy + by
                    p = np.exp(u - u.max(1, keepdims=True))
                    fed = (p / p.sum(1, keepdims=True)).argmax(1)
                    out[:, t] = np.where(open_, fed, end)
                    open_ = open_ & (fed != end)
                return out
        """,
    ),
    _LEARN,
    _RESERVOIR,
    _right(
        "learn_text",
        "RMSProp with clipping, 40 units, a fixed number of steps, the best parameters kept",
        """
            def learn_text(tokens, size, seed):
                rng = np.random.default_rng(seed)
                H, L = 40, len(tokens) - 1
                X, Y = np.eye(size)[tokens[:-1]], np.eye(size)[tokens[1:]]
                Wx, Wh, Wy = rng.normal(size=(size, H)) * 0.5, rng.normal(size=(H, H)) / H**0.5, rng.normal(size=(H, size)) * 0.3
                w = dict(Wx=Wx, Wh=Wh, b=np.zeros(H), Wy=Wy, by=np.zeros(size))
                cache = {k: np.zeros_like(v) for k, v in w.items()}
                best, kept = np.inf, None
                for step in range(1500):
                    pre, h = X @ w["Wx"] + w["b"], np.zeros((L + 1, H))
                    for t in range(L):
                        h[t + 1] = np.tanh(pre[t] + h[t] @ w["Wh"])
                    u = h[1:] @ w["Wy"] + w["by"]
                    lp = u - np.logaddexp.reduce(u, axis=1, keepdims=True)
                    loss = -(Y * lp).sum() / L
                    if loss < best:
                        best, kept = loss, {k: v.copy() for k, v in w.items()}
                    if best < 0.01:
                        break
                    du = (np.exp(lp) - Y) / L
                    dh, da, up = du @ w["Wy"].T, np.zeros((L, H)), 0
                    for t in range(L - 1, -1, -1):
                        da[t] = (dh[t] + up) * (1 - h[t + 1] ** 2)
                        up = w["Wh"] @ da[t]
                    grads = dict(Wx=X.T @ da, Wh=h[:-1].T @ da, b=da.sum(0), Wy=h[1:].T @ du, by=du.sum(0))
                    for k, g in grads.items():
                        g = np.clip(g, -1, 1)
                        cache[k] = 0.95 * cache[k] + 0.05 * g * g
                        w[k] -= 0.005 * g / (np.sqrt(cache[k]) + 1e-6)
                return kept["Wx"], kept["Wh"], kept["b"], kept["Wy"], kept["by"]
        """,
    ),
    _TRUNCATED,
    _WINDOWS,
    _right(
        "truncated_gradients",
        "loss by loss: each step's gradient goes back to the start of its window",
        """
            def truncated_gradients(x, h0, Wx, Wh, b, dh, k):
                T = x.shape[1]
                h = [h0]
                for t in range(T):
                    h.append(np.tanh(x[:, t] @ Wx + h[t] @ Wh + b))
                dx, dh0 = np.zeros(x.shape), np.zeros(h0.shape)
                dWx, dWh, db = np.zeros(Wx.shape), np.zeros(Wh.shape), np.zeros(b.shape)
                for source in range(T):
                    first = source - source % k
                    d = dh[:, source]
                    for t in range(source, first - 1, -1):
                        d = d * (1 - h[t + 1] * h[t + 1])
                        dx[:, t] += d @ Wx.T
                        dWx += x[:, t].T @ d
                        dWh += h[t].T @ d
                        db += d.sum(0)
                        d = d @ Wh.T
                    if first == 0:
                        dh0 += d
                return dx, dh0, dWx, dWh, db
        """,
    ),
    _NORMS,
    _right(
        "rnn_gradient_norms",
        "products of Jacobians, one example after the other",
        """
            def rnn_gradient_norms(x, h0, Wx, Wh, b):
                N, T, _ = x.shape
                squares = [0.0] * T
                for n in range(N):
                    h, jacobians = h0[n], []
                    for t in range(T):
                        h = np.tanh(x[n, t] @ Wx + h @ Wh + b)
                        jacobians.append(np.diag(1 - h**2) @ Wh.T)
                    row = np.ones(len(h))
                    for t in range(T - 1, -1, -1):
                        squares[t] += float(row @ row)
                        row = row @ jacobians[t]
                return np.sqrt(np.array(squares))
        """,
    ),
    _LSTM_NORMS,
    _right(
        "lstm_gradient_norms",
        "one example after the other, on vectors, with the Jacobian of each step",
        """
            def _sigma(v):
                return 0.5 * (1 + np.tanh(0.5 * v))


            def lstm_gradient_norms(x, h0, Wx, Wh, b):
                N, T, _ = x.shape
                H = h0.shape[1]
                squares = np.zeros(T)
                for n in range(N):
                    h, c, steps = h0[n], np.zeros(H), []
                    for t in range(T):
                        i, f, o, g = np.split(x[n, t] @ Wx + h @ Wh + b, 4)
                        i, f, o, g = _sigma(i), _sigma(f), _sigma(o), np.tanh(g)
                        new = f * c + i * g
                        s = np.tanh(new)
                        by_o, by_c = s * o * (1 - o), o * (1 - s * s)
                        # rows: what moves; columns: the four sums before the gates
                        of_c = np.hstack([np.diag(g * i * (1 - i)), np.diag(c * f * (1 - f)), np.zeros((H, H)), np.diag(i * (1 - g * g))])
                        of_h = by_c[:, None] * of_c
                        of_h[:, 2 * H : 3 * H] += np.diag(by_o)
                        steps.append((by_c, of_c @ Wh.T, of_h @ Wh.T, f))
                        h, c = o * s, new
                    dh, dc = np.ones(H), np.zeros(H)
                    # dc is the gradient by c without the path through the h of its own step
                    for t in range(T - 1, -1, -1):
                        by_c, c_to_h, h_to_h, f = steps[t]
                        whole = dc + by_c * dh
                        squares[t] += whole @ whole
                        dh, dc = dh @ h_to_h + dc @ c_to_h, whole * f
                return np.sqrt(squares)
        """,
    ),
    _LEAKY,
    _right(
        "leaky_gradients",
        "written anew: einsum and arrays over time",
        """
            def leaky_gradients(x, h0, Wx, Wh, alpha, dh):
                N, T, D = x.shape
                h = np.zeros((N, T + 1, h0.shape[1]))
                h[:, 0] = h0
                s = np.zeros((N, T, h0.shape[1]))
                for t in range(T):
                    s[:, t] = np.tanh(x[:, t].dot(Wx) + h[:, t].dot(Wh))
                    h[:, t + 1] = h[:, t] + alpha * (s[:, t] - h[:, t])
                da, d = np.zeros_like(s), np.zeros_like(h0)
                for t in range(T)[::-1]:
                    d = d + dh[:, t]
                    da[:, t] = d * alpha * (1 - s[:, t] ** 2)
                    d = d - alpha * d + da[:, t].dot(Wh.T)
                return da.dot(Wx.T), d, np.einsum("ntd,nth->dh", x, da), np.einsum("ntk,nth->kh", h[:, :-1], da)
        """,
    ),
    _TEST,
    _NUMERIC_TEST,
    _right("cell_gradient", "factored", 'def cell_gradient():\n    return "f*(dc + dh*o*(1 - s^2))"\n'),
    _right("cell_gradient", "multiplied out", 'def cell_gradient():\n    return "f*dc + dh*f*o - dh*f*o*s*s"\n'),
]

NOTED_RECURRENT = [
    _noted(
        "rnn_step_forward",
        "written into the state before",
        "mutation",
        "next_h is prev_h, overwritten",
        """
            def rnn_step_forward(x, prev_h, Wx, Wh, b):
                next_h = prev_h
                next_h[:] = np.tanh(x @ Wx + prev_h @ Wh + b)
                cache = (x, prev_h, Wx, Wh, next_h)
                return next_h, cache
        """,
    ),
    _slip(
        _RNN,
        "rnn_step_backward",
        "slope multiplied in place",
        "dnext_h of the caller is changed",
        "da = dnext_h * (1 - next_h**2)",
        "dnext_h *= 1 - next_h**2\n    da = dnext_h",
        policy="mutation",
    ),
    _slip(
        _STACKED,
        "rnn_backward",
        "added into dh",
        "dh of the caller is changed",
        "    dh = dh.copy()\n",
        "",
        policy="mutation",
    ),
    _noted(
        "temporal_softmax_loss",
        "maximum taken off in place",
        "mutation",
        "the caller's scores are changed",
        """
            def temporal_softmax_loss(x, y, mask):
                x -= x.max(axis=2, keepdims=True)
                logp = x - np.log(np.exp(x).sum(axis=2, keepdims=True))
                hot = np.eye(x.shape[2])[y]
                m = mask[:, :, None]
                return -(logp * hot * m).sum() / len(x), (np.exp(logp) - hot) * m / len(x)
        """,
    ),
    _noted(
        "clip_by_norm",
        "scaled in place",
        "mutation",
        "the caller's gradients are changed",
        """
            def clip_by_norm(gradients, max_norm):
                norm = np.sqrt(sum(np.sum(g * g) for g in gradients))
                if norm > max_norm:
                    for g in gradients:
                        g *= max_norm / norm
                return gradients
        """,
    ),
    _noted(
        "lstm_step_forward",
        "cell updated in place",
        "mutation",
        "prev_c of the caller is changed",
        """
            def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
                a = x @ Wx + prev_h @ Wh + b
                H = prev_h.shape[1]
                i, f, o = (0.5 * (1 + np.tanh(a[:, k * H : k * H + H] / 2)) for k in range(3))
                g = np.tanh(a[:, 3 * H :])
                cache_c = prev_c.copy()
                prev_c *= f
                prev_c += i * g
                next_h = o * np.tanh(prev_c)
                return next_h, prev_c, (x, prev_h, cache_c, Wx, Wh, i, f, o, g, prev_c)
        """,
    ),
    _slip(
        _LSTM,
        "lstm_step_backward",
        "dc added in place",
        "dnext_c of the caller is changed",
        "dc = dnext_c + dnext_h * o * (1 - tanh_c**2)",
        "dnext_c += dnext_h * o * (1 - tanh_c**2)\n    dc = dnext_c",
        policy="mutation",
    ),
]
"""Right values, and an argument is changed on the way."""

WRONG_RECURRENT = [
    # -------------------------------------------------------------------------------------------------- rnn_step_forward
    _slip(
        _RNN,
        "rnn_step_forward",
        "sigmoid for tanh",
        "the logistic function where the tanh was asked",
        "next_h = np.tanh(a)",
        "next_h = 1 / (1 + np.exp(-a))",
    ),
    _slip(_RNN, "rnn_step_forward", "no bias", "b is never added", "prev_h.dot(Wh) + b", "prev_h.dot(Wh)"),
    _wrong(
        "rnn_step_forward",
        "the tanh by exponentials",
        "inf / inf = nan for large sums",
        """
            def rnn_step_forward(x, prev_h, Wx, Wh, b):
                z = np.dot(x, Wx) + np.dot(prev_h, Wh) + b
                next_h = (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))
                cache = (x, prev_h, Wx, Wh, next_h)
                return next_h, cache
        """,
    ),
    _wrong(
        "rnn_step_forward",
        "Wh transposed",
        "prev_h times the transpose of Wh",
        """
            def rnn_step_forward(x, prev_h, Wx, Wh, b):
                next_h = np.tanh((Wx.T @ x.T + Wh @ prev_h.T).T + b)
                cache = (x, prev_h, Wx, Wh, next_h)
                return next_h, cache
        """,
    ),
    _wrong(
        "rnn_step_forward",
        "bias behind the tanh",
        "b is added after the squashing, not before",
        """
            def rnn_step_forward(x, prev_h, Wx, Wh, b):
                next_h = np.tanh(x @ Wx + prev_h @ Wh) + b
                return next_h, (x, prev_h, Wx, Wh, next_h)
        """,
    ),
    _wrong(
        "rnn_step_forward",
        "no tanh",
        "the linear sum is returned",
        """
            def rnn_step_forward(x, prev_h, Wx, Wh, b):
                next_h = x @ Wx + prev_h @ Wh + b
                cache = (x, prev_h, Wx, Wh, next_h)
                return next_h, cache
        """,
    ),
    # ------------------------------------------------------------------------------------------------- rnn_step_backward
    _slip(
        _RNN, "rnn_step_backward", "1 - h", "the slope of tanh without its square", "(1 - next_h**2)", "(1 - next_h)"
    ),
    _slip(
        _RNN,
        "rnn_step_backward",
        "tanh of the tanh",
        "the slope taken at next_h for the sum before the tanh",
        "(1 - next_h**2)",
        "(1 - np.tanh(next_h)**2)",
    ),
    _slip(
        _RNN,
        "rnn_step_backward",
        "the sigmoid's slope",
        "h (1 - h) is the slope of the logistic function",
        "(1 - next_h**2)",
        "next_h * (1 - next_h)",
    ),
    _slip(
        _RNN,
        "rnn_step_backward",
        "no slope",
        "goes back as if there were no tanh",
        "da = dnext_h * (1 - next_h**2)",
        "da = dnext_h",
    ),
    _slip(
        _RNN, "rnn_step_backward", "Wh not transposed", "dprev_h by Wh for its transpose", "da.dot(Wh.T)", "da.dot(Wh)"
    ),
    _slip(
        _RNN,
        "rnn_step_backward",
        "dWh from the state after",
        "next_h for prev_h in dWh",
        "prev_h.T.dot(da)",
        "next_h.T.dot(da)",
    ),
    _slip(
        _RNN,
        "rnn_step_backward",
        "db averaged",
        "the mean over the batch for the sum",
        "da.sum(axis=0)",
        "da.mean(axis=0)",
    ),
    _slip(_RNN, "rnn_step_backward", "db summed to a number", "all axes are summed", "da.sum(axis=0)", "da.sum()"),
    _slip(
        _RNN,
        "rnn_step_backward",
        "weights swapped on return",
        "dWh stands where dWx belongs",
        "return dx, dprev_h, dWx, dWh, db",
        "return dx, dprev_h, dWh, dWx, db",
    ),
    _slip(
        _RNN,
        "rnn_step_backward",
        "dWx from what comes from above",
        "dWx lacks the tanh's slope",
        "dWx = x.T.dot(da)",
        "dWx = x.T.dot(dnext_h)",
    ),
    _slip(
        _RNN,
        "rnn_step_backward",
        "upstream ignored",
        "the gradient of the sum of next_h",
        "da = dnext_h * (1 - next_h**2)",
        "da = 1 - next_h**2",
    ),
    _wrong(
        "rnn_step_backward",
        "single precision within",
        "seven digits are left of sixteen",
        """
            def rnn_step_backward(dnext_h, cache):
                x, prev_h, Wx, Wh, next_h = (np.float32(v) for v in cache)
                da = np.float32(dnext_h) * (1 - next_h**2)
                grads = da @ Wx.T, da @ Wh.T, x.T @ da, prev_h.T @ da, da.sum(axis=0)
                return tuple(g.astype(np.float64) for g in grads)
        """,
        policy="precision",
    ),
    # ------------------------------------------------------------------------------------------------------- rnn_forward
    _slip(
        _RNN,
        "rnn_forward",
        "h0 at every step",
        "the state is not carried on",
        "rnn_step_forward(x[:, t, :], prev, Wx, Wh, b)",
        "rnn_step_forward(x[:, t, :], h0, Wx, Wh, b)",
    ),
    _slip(_RNN, "rnn_forward", "starts from zeros", "h0 is not used", "prev = h0", "prev = np.zeros((N, H))"),
    _wrong(
        "rnn_forward",
        "h[:, t - 1] at t = 0",
        "index -1 is the last, still empty, state: h0 is not used",
        """
            def rnn_forward(x, h0, Wx, Wh, b):
                N, T, D = x.shape
                h = np.zeros((N, T, Wh.shape[0]))
                for t in range(T):
                    h[:, t] = np.tanh(x[:, t] @ Wx + h[:, t - 1] @ Wh + b)
                return h, (x, h0, Wx, Wh, h)
        """,
    ),
    _wrong(
        "rnn_forward",
        "loop over the wrong axis",
        "runs over the examples as if they were steps",
        """
            def rnn_forward(x, h0, Wx, Wh, b):
                T, N, D = x.shape
                h = np.zeros((T, N, h0.shape[1]))
                state = np.zeros((N, h0.shape[1]))
                for t in range(T):
                    state = np.tanh(x[t] @ Wx + state @ Wh + b)
                    h[t] = state
                return h, (x, h0, Wx, Wh, h)
        """,
    ),
    _wrong(
        "rnn_forward",
        "the last state only",
        "returns (N, H) for (N, T, H)",
        """
            def rnn_forward(x, h0, Wx, Wh, b):
                h = h0
                for t in range(x.shape[1]):
                    h = np.tanh(x[:, t] @ Wx + h @ Wh + b)
                cache = (x, h0, Wx, Wh, h)
                return h, cache
        """,
    ),
    _wrong(
        "rnn_forward",
        "h made like x",
        "works only where D = H",
        """
            def rnn_forward(x, h0, Wx, Wh, b):
                h = np.zeros_like(x)
                prev = h0
                for t in range(x.shape[1]):
                    prev = np.tanh(x[:, t] @ Wx + prev @ Wh + b)
                    h[:, t] = prev
                return h, (x, h0, Wx, Wh, h)
        """,
    ),
    _wrong(
        "rnn_forward",
        "the state of the last call",
        "a later call starts where an earlier one ended",
        """
            _state = {}


            def rnn_forward(x, h0, Wx, Wh, b):
                N, T, _ = x.shape
                prev = _state.get(h0.shape, h0)
                h = np.zeros((N, T, h0.shape[1]))
                for t in range(T):
                    prev = np.tanh(x[:, t] @ Wx + prev @ Wh + b)
                    h[:, t] = prev
                _state[h0.shape] = prev
                return h, (x, h0, Wx, Wh, h)
        """,
        policy="state",
    ),
    _wrong(
        "rnn_forward",
        "bias at the first step only",
        "b is counted as a part of h0's share",
        """
            def rnn_forward(x, h0, Wx, Wh, b):
                states = [np.tanh(x[:, 0] @ Wx + h0 @ Wh + b)]
                for t in range(1, x.shape[1]):
                    states.append(np.tanh(x[:, t] @ Wx + states[-1] @ Wh))
                h = np.stack(states, axis=1)
                return h, (x, h0, Wx, Wh, h)
        """,
    ),
    # ------------------------------------------------------------------------------------------------------ rnn_backward
    _slip(
        _THROUGH_TIME,
        "rnn_backward",
        "carried gradient dropped",
        "what comes back from later steps is not added",
        "total = dh[:, t] + carried",
        "total = dh[:, t]",
    ),
    _slip(
        _THROUGH_TIME,
        "rnn_backward",
        "= for +=",
        "dWx and dWh are those of the first step",
        "dWx +=",
        "dWx =",
        "dWh +=",
        "dWh =",
    ),
    _slip(
        _THROUGH_TIME,
        "rnn_backward",
        "db overwritten",
        "db is that of the first step",
        "db += da.sum(axis=0)",
        "db = da.sum(axis=0)",
    ),
    _slip(
        _THROUGH_TIME,
        "rnn_backward",
        "dWh from the state after",
        "h_t for the state before it",
        "before.T @ da",
        "h[:, t].T @ da",
    ),
    _slip(
        _THROUGH_TIME,
        "rnn_backward",
        "averaged over time",
        "the weights' gradients are divided by T",
        "return dx, dh0, dWx, dWh, db",
        "return dx, dh0, dWx / T, dWh / T, db / T",
    ),
    _slip(
        _THROUGH_TIME,
        "rnn_backward",
        "h[:, t - 1] at t = 0",
        "index -1 is the last state, where h0 belongs",
        "before = h0 if t == 0 else h[:, t - 1]",
        "before = h[:, t - 1]",
    ),
    _slip(
        _THROUGH_TIME,
        "rnn_backward",
        "dh0 of zeros",
        "what reaches h0 is not returned",
        "dh0 = carried",
        "dh0 = np.zeros_like(h0)",
    ),
    _slip(
        _THROUGH_TIME,
        "rnn_backward",
        "dh0 is dh[:, 0]",
        "the gradient at the first state, not before it",
        "dh0 = carried",
        "dh0 = dh[:, 0]",
    ),
    _slip(
        _THROUGH_TIME,
        "rnn_backward",
        "dh0 of the first total",
        "the gradient at h[:, 0], not through its step",
        "dh0 = carried",
        "dh0 = total",
    ),
    _slip(
        _THROUGH_TIME,
        "rnn_backward",
        "carried past the slope",
        "what comes back is added behind the tanh's slope",
        "total = dh[:, t] + carried",
        "total = dh[:, t]",
        "da = total * (1 - h[:, t] ** 2)",
        "da = total * (1 - h[:, t] ** 2) + carried",
    ),
    _slip(
        _THROUGH_TIME,
        "rnn_backward",
        "carried gradients pile up",
        "what came back to later steps is added again",
        "carried = da @ Wh.T",
        "carried = carried + da @ Wh.T",
    ),
    _slip(
        _THROUGH_TIME,
        "rnn_backward",
        "Wh not transposed",
        "carries by Wh for its transpose",
        "carried = da @ Wh.T",
        "carried = da @ Wh",
    ),
    _slip(
        _THROUGH_TIME,
        "rnn_backward",
        "forwards in time",
        "the loop runs from the first step to the last",
        "range(T - 1, -1, -1)",
        "range(T)",
    ),
    _slip(
        _THROUGH_TIME,
        "rnn_backward",
        "the first step left out",
        "the loop ends before t = 0",
        "range(T - 1, -1, -1)",
        "range(T - 1, 0, -1)",
        "dx = np.empty(x.shape)",
        "dx = np.zeros(x.shape)",
    ),
    _slip(
        _THROUGH_TIME,
        "rnn_backward",
        "loss at the last step only",
        "dh is read at the last step alone",
        "total = dh[:, t] + carried",
        "total = dh[:, t] if t == T - 1 else carried",
    ),
    _slip(
        _THROUGH_TIME,
        "rnn_backward",
        "entries clipped to 5",
        "the gradients are clipped, which was not asked",
        "return dx, dh0, dWx, dWh, db",
        "return dx, dh0, *[np.clip(g, -5, 5) for g in (dWx, dWh, db)]",
    ),
    _wrong(
        "rnn_backward",
        "slopes by one-sided differences",
        "a difference quotient with 1e-4 has four digits",
        """
            def _run(x, h0, Wx, Wh, b):
                h, state = [], h0
                for t in range(x.shape[1]):
                    state = np.tanh(x[:, t] @ Wx + state @ Wh + b)
                    h.append(state)
                return np.stack(h, axis=1)


            def rnn_forward(x, h0, Wx, Wh, b):
                h = _run(x, h0, Wx, Wh, b)
                return h, (x, h0, Wx, Wh, b)


            def rnn_backward(dh, cache):
                args = [a.copy() for a in cache]
                base = (_run(*args) * dh).sum()
                grads = []
                for a in args:
                    g = np.zeros_like(a)
                    for k in np.ndindex(a.shape):
                        a[k] += 1e-4
                        g[k] = ((_run(*args) * dh).sum() - base) / 1e-4
                        a[k] -= 1e-4
                    grads.append(g)
                return tuple(grads)
        """,
        policy="numeric",
    ),
    # --------------------------------------------------------------------------------------------- temporal_softmax_loss
    _slip(
        _LOSS,
        "temporal_softmax_loss",
        "averaged over N times T",
        "divides by all steps",
        "labels]) / N",
        "labels]) / (N * T)",
        "dx /= N",
        "dx /= N * T",
    ),
    _slip(
        _LOSS,
        "temporal_softmax_loss",
        "averaged over the steps that count",
        "divides by the mask's sum",
        "labels]) / N",
        "labels]) / np.sum(mask)",
        "dx /= N",
        "dx /= np.sum(mask)",
    ),
    _slip(
        _LOSS,
        "temporal_softmax_loss",
        "dx not masked",
        "steps that do not count have gradients",
        "    dx *= counts[:, None]\n",
        "",
    ),
    _slip(
        _LOSS,
        "temporal_softmax_loss",
        "loss not masked",
        "steps that do not count are in the sum",
        "np.sum(counts * log_probs",
        "np.sum(log_probs",
    ),
    _slip(_LOSS, "temporal_softmax_loss", "dx of the sum", "dx is not divided by N", "    dx /= N\n", ""),
    _slip(
        _LOSS,
        "temporal_softmax_loss",
        "dx without the label",
        "the softmax alone, 1 is not taken off",
        "    dx[np.arange(N * T), labels] -= 1\n",
        "",
    ),
    _slip(
        _LOSS,
        "temporal_softmax_loss",
        "one maximum for all scores",
        "scores far below the largest of another step underflow: log 0",
        "np.max(flat, axis=1, keepdims=True)",
        "np.max(flat)",
    ),
    _wrong(
        "temporal_softmax_loss",
        "no maximum taken off",
        "exp overflows",
        """
            def temporal_softmax_loss(x, y, mask):
                N, T, V = x.shape
                p = np.exp(x) / np.exp(x).sum(axis=2, keepdims=True)
                n, t = np.meshgrid(np.arange(N), np.arange(T), indexing="ij")
                loss = -(np.log(p[n, t, y]) * mask).sum() / N
                dx = p.copy()
                dx[n, t, y] -= 1
                return loss, dx * mask[:, :, None] / N
        """,
    ),
    _wrong(
        "temporal_softmax_loss",
        "1e-8 within the logarithm",
        "the loss of an unlikely label ends at 18",
        """
            def temporal_softmax_loss(x, y, mask):
                N, T, V = x.shape
                e = np.exp(x - x.max(axis=2, keepdims=True))
                p = e / e.sum(axis=2, keepdims=True)
                n, t = np.indices((N, T))
                loss = -np.sum(mask * np.log(p[n, t, y] + 1e-8)) / N
                p[n, t, y] -= 1
                return loss, p * mask[..., None] / N
        """,
    ),
    _wrong(
        "temporal_softmax_loss",
        "all labels of the batch at every step",
        "dx[:, :, y] picks each label for each step",
        """
            def temporal_softmax_loss(x, y, mask):
                N, T, V = x.shape
                s = x - x.max(axis=-1, keepdims=True)
                logp = s - np.log(np.exp(s).sum(axis=-1, keepdims=True))
                loss = 0
                for n in range(N):
                    for t in range(T):
                        loss -= mask[n, t] * logp[n, t, y[n, t]] / N
                dx = np.exp(logp)
                dx[:, :, y] -= 1
                return loss, dx * mask[:, :, None] / N
        """,
    ),
    _wrong(
        "temporal_softmax_loss",
        "softmax over time",
        "the maximum and the sum run over axis 1",
        """
            def temporal_softmax_loss(x, y, mask):
                N, T, V = x.shape
                s = x - x.max(axis=1, keepdims=True)
                logp = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
                hot = np.eye(V)[y]
                m = mask[:, :, None]
                return -(logp * hot * m).sum() / N, (np.exp(logp) - hot) * m / N
        """,
    ),
    _wrong(
        "temporal_softmax_loss",
        "mask on the scores",
        "a masked step has scores of 0 and costs log V",
        """
            def temporal_softmax_loss(x, y, mask):
                m = mask[:, :, None]
                u = x * m
                logp = u - np.logaddexp.reduce(u, axis=2, keepdims=True)
                hot = np.eye(x.shape[2])[y]
                return -(logp * hot).sum() / len(x), (np.exp(logp) - hot) * m / len(x)
        """,
    ),
    _wrong(
        "temporal_softmax_loss",
        "each sequence averaged over its own steps",
        "sequences are divided by their lengths",
        """
            def temporal_softmax_loss(x, y, mask):
                logp = x - np.logaddexp.reduce(x, axis=2, keepdims=True)
                hot = np.eye(x.shape[2])[y]
                share = mask / np.maximum(mask.sum(axis=1, keepdims=True), 1) / len(x)
                return -(logp * hot * share[..., None]).sum(), (np.exp(logp) - hot) * share[..., None]
        """,
    ),
    # ------------------------------------------------------------------------------------------------------ clip_by_norm
    _wrong(
        "clip_by_norm",
        "each array by its own norm",
        "the direction of all together is not kept",
        """
            def clip_by_norm(gradients, max_norm):
                out = []
                for g in gradients:
                    norm = np.sqrt((g**2).sum())
                    out.append(g * max_norm / norm if norm > max_norm else g)
                return out
        """,
    ),
    _wrong(
        "clip_by_norm",
        "entries clipped",
        "np.clip on every entry",
        """
            def clip_by_norm(gradients, max_norm):
                return [np.clip(g, -max_norm, max_norm) for g in gradients]
        """,
    ),
    _slip(
        _CLIP, "clip_by_norm", "always scaled", "small gradients are scaled up", "if norm > max_norm:", "if norm > 0:"
    ),
    _slip(
        _CLIP,
        "clip_by_norm",
        "factor upside down",
        "norm / max_norm makes them larger",
        "(max_norm / norm)",
        "(norm / max_norm)",
    ),
    _slip(
        _CLIP,
        "clip_by_norm",
        "the root forgotten",
        "the square of the norm is compared and divided by",
        "norm = np.sqrt(total)",
        "norm = total",
    ),
    _slip(
        _CLIP,
        "clip_by_norm",
        "root of the mean square",
        "divides by the number of entries",
        "np.sum(g**2)",
        "np.mean(g**2)",
    ),
    _slip(
        _CLIP,
        "clip_by_norm",
        "sum of the norms",
        "adds up the norms of the arrays",
        "np.sum(g**2)",
        "np.sqrt(np.sum(g**2))",
        "np.sqrt(total)",
        "total",
    ),
    _slip(
        _CLIP,
        "clip_by_norm",
        "not scaled to the bound",
        "divides by the norm: the result has norm 1",
        "(max_norm / norm)",
        "(1 / norm)",
    ),
    _slip(
        _CLIP,
        "clip_by_norm",
        "sum of magnitudes",
        "the 1-norm",
        "np.sum(g**2)",
        "np.sum(np.abs(g))",
        "np.sqrt(total)",
        "total",
    ),
    _wrong(
        "clip_by_norm",
        "divided by a norm of 0",
        "gradients of zeros raise an error",
        """
            def clip_by_norm(gradients, max_norm):
                norm = float(np.sqrt(sum(np.sum(g**2) for g in gradients)))
                scale = min(1.0, max_norm / norm)
                return [g * scale for g in gradients]
        """,
    ),
    _wrong(
        "clip_by_norm",
        "the largest norm",
        "the largest of the arrays' norms for that of all",
        """
            def clip_by_norm(gradients, max_norm):
                norm = max(np.linalg.norm(g) for g in gradients)
                scale = max_norm / norm if norm > max_norm else 1
                return [g * scale for g in gradients]
        """,
    ),
    # ----------------------------------------------------------------------------------------------------- greedy_decode
    _slip(
        _DECODE,
        "greedy_decode",
        "goes on after the end",
        "further tokens of an ended sequence are decoded",
        "        token[done] = end\n",
        "",
    ),
    _slip(
        _DECODE,
        "greedy_decode",
        "always fed the start",
        "the decoded token is not fed back",
        "E[token]",
        "E[np.full(N, start)]",
    ),
    _slip(_DECODE, "greedy_decode", "state not kept", "every step starts from h0", "+ h @ Wh", "+ h0 @ Wh"),
    _slip(_DECODE, "greedy_decode", "argmin", "the smallest score", "np.argmax", "np.argmin"),
    _slip(_DECODE, "greedy_decode", "no bias of the scores", "by is forgotten", "h @ Wy + by", "h @ Wy"),
    _slip(
        _DECODE,
        "greedy_decode",
        "start is never said",
        "start's score is set to minus infinity, but it may come again",
        "scores = h @ Wy + by",
        "scores = h @ Wy + by\n        scores[:, start] = -np.inf",
    ),
    _slip(
        _DECODE,
        "greedy_decode",
        "scores of the state before",
        "the scores are taken before the step",
        "        h = np.tanh(E[token] @ Wx + h @ Wh + b)\n        scores = h @ Wy + by",
        "        scores = h @ Wy + by\n        h = np.tanh(E[token] @ Wx + h @ Wh + b)",
    ),
    _slip(
        _DECODE,
        "greedy_decode",
        "filled with start behind the end",
        "the padding is the wrong token",
        "token[done] = end",
        "token[done] = start",
    ),
    _slip(
        _DECODE,
        "greedy_decode",
        "end left out",
        "an ended sequence has 0 behind, and no end",
        "token == end",
        "token == end\n        tokens[done, t] = 0",
    ),
    _wrong(
        "greedy_decode",
        "start returned first",
        "the result begins with start and lacks the last token",
        """
            def greedy_decode(h0, E, Wx, Wh, b, Wy, by, start, end, length):
                rows = []
                for h in h0:
                    said = [start]
                    for _ in range(length - 1):
                        h = np.tanh(E[said[-1]] @ Wx + h @ Wh + b)
                        nxt = int((h @ Wy + by).argmax())
                        said.append(end if said[-1] == end and len(said) > 1 else nxt)
                    rows.append(said)
                return np.array(rows)
        """,
    ),
    _wrong(
        "greedy_decode",
        "stops when the first has ended",
        "the first end ends all sequences",
        """
            def greedy_decode(h0, E, Wx, Wh, b, Wy, by, start, end, length):
                tokens = np.full((len(h0), length), end)
                token, h = np.full(len(h0), start), h0
                for t in range(length):
                    h = np.tanh(E[token] @ Wx + h @ Wh + b)
                    token = (h @ Wy + by).argmax(axis=1)
                    tokens[:, t] = token
                    if (token == end).any():
                        break
                return tokens
        """,
    ),
    _wrong(
        "greedy_decode",
        "drawn from the softmax",
        "samples where the largest was asked",
        """
            def greedy_decode(h0, E, Wx, Wh, b, Wy, by, start, end, length):
                rng = np.random.default_rng(0)
                out = np.full((len(h0), length), end)
                for n, h in enumerate(h0):
                    token = start
                    for t in range(length):
                        h = np.tanh(E[token] @ Wx + h @ Wh + b)
                        u = h @ Wy + by
                        p = np.exp(u - u.max())
                        token = rng.choice(len(p), p=p / p.sum())
                        out[n, t] = token
                        if token == end:
                            break
                return out
        """,
    ),
    # -------------------------------------------------------------------------------------------------------- learn_text
    _slip(_LEARN, "learn_text", "ten steps", "the loss is far above 0.05", "range(1, 1001)", "range(1, 11)"),
    _slip(_LEARN, "learn_text", "stops at 0.5", "the loss is above 0.05", "if loss < 0.02", "if loss < 0.5"),
    _slip(
        _LEARN,
        "learn_text",
        "uphill",
        "the gradient is added",
        "params[k] = params[k] - 0.01",
        "params[k] = params[k] + 0.01",
    ),
    _slip(
        _LEARN,
        "learn_text",
        "parameters in another order",
        "Wy stands before b",
        "return tuple(params)",
        "Wx, Wh, b, Wy, by = params\n    return Wx, Wh, Wy, b, by",
    ),
    _slip(
        _LEARN,
        "learn_text",
        "two hundred units",
        "H is more than 100",
        "H = 64",
        "H = 200",
        "range(1, 1001)",
        "range(1, 151)",
    ),
    _wrong(
        "learn_text",
        "drawn, not trained",
        "the parameters are as they were drawn",
        """
            def learn_text(tokens, size, seed):
                rng = np.random.default_rng(seed)
                H = 50
                Wx, Wh = rng.normal(size=(size, H)) * 0.01, rng.normal(size=(H, H)) * 0.01
                Wy = rng.normal(size=(H, size)) * 0.01
                return Wx, Wh, np.zeros(H), Wy, np.zeros(size)
        """,
    ),
    _wrong(
        "learn_text",
        "pairs of letters only",
        "Wh is 0: the letter before cannot tell the next",
        """
            def learn_text(tokens, size, seed):
                counts = np.full((size, size), 1e-6)
                for a, b in zip(tokens[:-1], tokens[1:]):
                    counts[a, b] += 1
                Wx = 20 * np.eye(size)
                Wy = np.log(counts / counts.sum(axis=1, keepdims=True))
                return Wx, np.zeros((size, size)), np.zeros(size), Wy, np.zeros(size)
        """,
    ),
    _wrong(
        "learn_text",
        "no gradient through time, plain descent",
        "a step of 0.01 for 300 steps does not get there",
        """
            def learn_text(tokens, size, seed):
                rng = np.random.default_rng(seed)
                H, L = 50, len(tokens) - 1
                Wx, Wh = rng.normal(0, 0.1, (size, H)), rng.normal(0, 0.1, (H, H))
                Wy, b, by = rng.normal(0, 0.1, (H, size)), np.zeros(H), np.zeros(size)
                for _ in range(300):
                    h = np.zeros((L + 1, H))
                    for t in range(L):
                        h[t + 1] = np.tanh(Wx[tokens[t]] + h[t] @ Wh + b)
                    u = h[1:] @ Wy + by
                    p = np.exp(u - u.max(1, keepdims=True))
                    p /= p.sum(1, keepdims=True)
                    p[np.arange(L), tokens[1:]] -= 1
                    p /= L
                    da = (p @ Wy.T) * (1 - h[1:] ** 2)
                    Wy -= 0.01 * h[1:].T @ p
                    by -= 0.01 * p.sum(0)
                    Wh -= 0.01 * h[:-1].T @ da
                    b -= 0.01 * da.sum(0)
                    np.add.at(Wx, tokens[:-1], -0.01 * da)
                return Wx, Wh, b, Wy, by
        """,
    ),
    # ------------------------------------------------------------------------------------------------- lstm_step_forward
    _slip(
        _LSTM,
        "lstm_step_forward",
        "gates in the order i, f, g, o",
        "output gate and candidate swapped",
        "o = sigmoid(a[:, 2 * H : 3 * H])",
        "o = sigmoid(a[:, 3 * H :])",
        "g = np.tanh(a[:, 3 * H :])",
        "g = np.tanh(a[:, 2 * H : 3 * H])",
    ),
    _slip(
        _LSTM,
        "lstm_step_forward",
        "sigmoid on the candidate",
        "g has no sign",
        "g = np.tanh(a[:, 3 * H :])",
        "g = sigmoid(a[:, 3 * H :])",
    ),
    _slip(
        _LSTM,
        "lstm_step_forward",
        "no tanh on the cell",
        "next_h is o times the cell itself",
        "o * np.tanh(next_c)",
        "o * next_c",
    ),
    _slip(
        _LSTM,
        "lstm_step_forward",
        "input and forget gate swapped",
        "i keeps and f writes",
        "f * prev_c + i * g",
        "i * prev_c + f * g",
    ),
    _slip(_LSTM, "lstm_step_forward", "coupled gates", "1 - f for i", "f * prev_c + i * g", "f * prev_c + (1 - f) * g"),
    _slip(
        _LSTM,
        "lstm_step_forward",
        "forget bias of 1",
        "1 is added to the forget gate's sum",
        "sigmoid(a[:, H : 2 * H])",
        "sigmoid(a[:, H : 2 * H] + 1)",
    ),
    _slip(
        _LSTM,
        "lstm_step_forward",
        "output by the old cell",
        "next_h shows prev_c",
        "o * np.tanh(next_c)",
        "o * np.tanh(prev_c)",
    ),
    _slip(
        _LSTM,
        "lstm_step_forward",
        "state and cell swapped on return",
        "next_c first",
        "return next_h, next_c, cache",
        "return next_c, next_h, cache",
    ),
    _wrong(
        "lstm_step_forward",
        "sigmoid by e^z / (1 + e^z)",
        "inf / inf = nan for large sums",
        """
            def sigmoid(z):
                return np.exp(z) / (1 + np.exp(z))


            def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
                ai, af, ao, ag = np.split(x @ Wx + prev_h @ Wh + b, 4, axis=1)
                i, f, o, g = sigmoid(ai), sigmoid(af), sigmoid(ao), np.tanh(ag)
                next_c = f * prev_c + i * g
                next_h = o * np.tanh(next_c)
                return next_h, next_c, (x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c)
        """,
    ),
    _wrong(
        "lstm_step_forward",
        "gates interleaved",
        "every fourth column, not blocks of H",
        """
            def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
                a = x @ Wx + prev_h @ Wh + b
                s = 0.5 * (1 + np.tanh(a / 2))
                i, f, o, g = s[:, 0::4], s[:, 1::4], s[:, 2::4], np.tanh(a[:, 3::4])
                next_c = f * prev_c + i * g
                next_h = o * np.tanh(next_c)
                return next_h, next_c, (x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c)
        """,
    ),
    # ------------------------------------------------------------------------------------------------ lstm_step_backward
    _slip(
        _LSTM,
        "lstm_step_backward",
        "cell without what comes through h",
        "dc is dnext_c alone",
        "dc = dnext_c + dnext_h * o * (1 - tanh_c**2)",
        "dc = dnext_c",
    ),
    _slip(
        _LSTM,
        "lstm_step_backward",
        "cell without dnext_c",
        "dc is what comes through h alone",
        "dc = dnext_c + dnext_h * o * (1 - tanh_c**2)",
        "dc = dnext_h * o * (1 - tanh_c**2)",
    ),
    _slip(
        _LSTM,
        "lstm_step_backward",
        "no slope of the cell's tanh",
        "dnext_h passes to the cell by o alone",
        "dnext_h * o * (1 - tanh_c**2)",
        "dnext_h * o",
    ),
    _slip(
        _LSTM,
        "lstm_step_backward",
        "the output gate forgotten",
        "dnext_h passes to the cell without o",
        "dnext_h * o * (1 - tanh_c**2)",
        "dnext_h * (1 - tanh_c**2)",
    ),
    _slip(
        _LSTM,
        "lstm_step_backward",
        "slope at the cell",
        "1 - c^2 for 1 - tanh(c)^2",
        "(1 - tanh_c**2)",
        "(1 - next_c**2)",
    ),
    _slip(
        _LSTM,
        "lstm_step_backward",
        "dprev_c from dnext_c alone",
        "what comes through h is missing in dprev_c",
        "dprev_c = dc * f",
        "dprev_c = dnext_c * f",
    ),
    _slip(
        _LSTM,
        "lstm_step_backward",
        "dprev_c without the forget gate",
        "the cell's gradient passes whole",
        "dprev_c = dc * f",
        "dprev_c = dc",
    ),
    _slip(
        _LSTM,
        "lstm_step_backward",
        "the output gate's slope forgotten",
        "do is not led through the sigmoid",
        "dao = do * o * (1 - o)",
        "dao = do",
    ),
    _slip(
        _LSTM,
        "lstm_step_backward",
        "the forget gate's slope forgotten",
        "df is not led through the sigmoid",
        "daf = df * f * (1 - f)",
        "daf = df",
    ),
    _slip(
        _LSTM,
        "lstm_step_backward",
        "sigmoid's slope on the candidate",
        "g (1 - g) for 1 - g^2",
        "(1 - g**2)",
        "g * (1 - g)",
    ),
    _slip(
        _LSTM,
        "lstm_step_backward",
        "do by the cell",
        "next_c for tanh(next_c)",
        "do = dnext_h * tanh_c",
        "do = dnext_h * next_c",
    ),
    _slip(
        _LSTM, "lstm_step_backward", "df by the new cell", "next_c for prev_c", "df = dc * prev_c", "df = dc * next_c"
    ),
    _slip(
        _LSTM,
        "lstm_step_backward",
        "blocks in another order",
        "i, f, g, o",
        "np.hstack((dai, daf, dao, dag))",
        "np.hstack((dai, daf, dag, dao))",
    ),
    _slip(
        _LSTM,
        "lstm_step_backward",
        "di and dg swapped",
        "the one's factor for the other's",
        "di = dc * g",
        "di = dc * i",
        "dg = dc * i",
        "dg = dc * g",
    ),
    # ------------------------------------------------------------------------------------------------------ lstm_forward
    _slip(
        _LSTM,
        "lstm_forward",
        "cell not carried",
        "every step starts from a cell of zeros",
        "lstm_step_forward(x[:, t], prev_h, prev_c, Wx, Wh, b)",
        "lstm_step_forward(x[:, t], prev_h, np.zeros((N, H)), Wx, Wh, b)",
    ),
    _slip(
        _LSTM,
        "lstm_forward",
        "cell starts from h0",
        "the first cell is h0, not 0",
        "prev_c = np.zeros((N, H))",
        "prev_c = h0",
    ),
    _slip(
        _LSTM, "lstm_forward", "state starts from zeros", "h0 is not used", "prev_h = h0", "prev_h = np.zeros((N, H))"
    ),
    _slip(
        _LSTM,
        "lstm_forward",
        "cells returned",
        "c for h",
        "cache = (x, h0, Wx, Wh, gates, c, h)\n    return h, cache",
        "cache = (x, h0, Wx, Wh, gates, c, h)\n    return c, cache",
    ),
    _slip(
        _LSTM,
        "lstm_forward",
        "state and cell crossed",
        "the next step gets the cell for the state and the state for the cell",
        "prev_h, prev_c, step = lstm_step_forward",
        "prev_c, prev_h, step = lstm_step_forward",
        "h[:, t] = prev_h\n        c[:, t] = prev_c",
        "h[:, t] = prev_c\n        c[:, t] = prev_h",
    ),
    _wrong(
        "lstm_forward",
        "cell kept between calls",
        "a later call starts from the cell of an earlier one",
        """
            _cells = []


            def lstm_forward(x, h0, Wx, Wh, b):
                N, T, _ = x.shape
                H = h0.shape[1]
                if not _cells or _cells[-1].shape != h0.shape:
                    _cells.append(np.zeros_like(h0))
                h, c, gates = np.zeros((N, T, H)), np.zeros((N, T, H)), np.zeros((N, T, 4 * H))
                last = h0
                for t in range(T):
                    a = x[:, t] @ Wx + last @ Wh + b
                    i, f, o = (0.5 * (1 + np.tanh(a[:, k * H : k * H + H] / 2)) for k in range(3))
                    g = np.tanh(a[:, 3 * H :])
                    _cells[-1] = f * _cells[-1] + i * g
                    last = o * np.tanh(_cells[-1])
                    h[:, t], c[:, t], gates[:, t] = last, _cells[-1], np.hstack([i, f, o, g])
                return h, (x, h0, Wx, Wh, gates, c, h)
        """,
        policy="state",
    ),
    _wrong(
        "lstm_forward",
        "inputs of the first step at every step",
        "x[:, 0] for x[:, t]",
        """
            def lstm_forward(x, h0, Wx, Wh, b):
                H = h0.shape[1]
                xw = x[:, 0] @ Wx + b
                h, c, hs, cs, gs = h0, np.zeros_like(h0), [], [], []
                for _ in range(x.shape[1]):
                    a = xw + h @ Wh
                    s = 0.5 * (1 + np.tanh(a / 2))
                    i, f, o, g = s[:, :H], s[:, H : 2 * H], s[:, 2 * H : 3 * H], np.tanh(a[:, 3 * H :])
                    c = f * c + i * g
                    h = o * np.tanh(c)
                    hs.append(h)
                    cs.append(c)
                    gs.append(np.hstack([i, f, o, g]))
                hs, cs, gs = (np.stack(v, axis=1) for v in (hs, cs, gs))
                return hs, (x, h0, Wx, Wh, gs, cs, hs)
        """,
    ),
    # ----------------------------------------------------------------------------------------------------- lstm_backward
    _slip(
        _LSTM_FLAT,
        "lstm_backward",
        "cell's carried gradient dropped",
        "nothing comes back along the cell",
        "dct = dcn + dht * o[:, t]",
        "dct = dht * o[:, t]",
    ),
    _slip(
        _LSTM_FLAT,
        "lstm_backward",
        "state's carried gradient dropped",
        "nothing comes back along h",
        "dht = dh[:, t] + dhn",
        "dht = dh[:, t]",
    ),
    _slip(
        _LSTM_FLAT,
        "lstm_backward",
        "dWh from the states after",
        "h_t for the state before it",
        "np.tensordot(before_h, da",
        "np.tensordot(h, da",
    ),
    _slip(
        _LSTM_FLAT,
        "lstm_backward",
        "forget gate's gradient by the cell after",
        "c_t for c_{t-1}",
        "dct * before_c[:, t] * f[:, t]",
        "dct * c[:, t] * f[:, t]",
    ),
    _slip(
        _LSTM_FLAT,
        "lstm_backward",
        "no forget gate on the way back",
        "the cell's gradient passes whole",
        "dcn = dct * f[:, t]",
        "dcn = dct",
    ),
    _slip(
        _LSTM_FLAT,
        "lstm_backward",
        "the forget gate of the step before",
        "f of t - 1 for that of t",
        "dcn = dct * f[:, t]",
        "dcn = dct * f[:, t - 1]",
    ),
    _slip(
        _LSTM_FLAT,
        "lstm_backward",
        "averaged over time",
        "the weights' gradients are divided by T",
        "return da @ Wx.T, dhn, dWx, dWh, da.sum(axis=(0, 1))",
        "return da @ Wx.T, dhn, dWx / T, dWh / T, da.mean(axis=1).sum(axis=0)",
    ),
    _slip(
        _LSTM_FLAT,
        "lstm_backward",
        "first cell is h0",
        "the cell before the first step is 0",
        "np.concatenate([np.zeros((N, 1, H)), c[:, :-1]], axis=1)",
        "np.concatenate([h0[:, None], c[:, :-1]], axis=1)",
    ),
    _slip(
        _LSTM_FLAT,
        "lstm_backward",
        "cells rolled around",
        "np.roll puts the last cell and state before the first step",
        "np.concatenate([np.zeros((N, 1, H)), c[:, :-1]], axis=1)",
        "np.roll(c, 1, axis=1)",
        "np.concatenate([h0[:, None], h[:, :-1]], axis=1)",
        "np.roll(h, 1, axis=1)",
    ),
    _slip(
        _LSTM_FLAT,
        "lstm_backward",
        "the input gate's slope forgotten",
        "only the columns of i are wrong",
        "dct * g[:, t] * i[:, t] * (1 - i[:, t])",
        "dct * g[:, t]",
    ),
    _slip(
        _LSTM,
        "lstm_backward",
        "= for +=",
        "the weights' gradients are those of the first step",
        "dWx += dWx_t",
        "dWx = dWx_t",
        "dWh += dWh_t",
        "dWh = dWh_t",
        "db += db_t",
        "db = db_t",
    ),
    _slip(
        _LSTM,
        "lstm_backward",
        "dh0 of zeros",
        "what reaches h0 is not returned",
        "dh0 = back_h",
        "dh0 = np.zeros_like(h0)",
    ),
    _slip(
        _LSTM,
        "lstm_backward",
        "dh for the cell too",
        "the gradient from outside is added to the cell's as well",
        "lstm_step_backward(dh[:, t] + back_h, back_c, step)",
        "lstm_step_backward(dh[:, t] + back_h, dh[:, t] + back_c, step)",
    ),
    _slip(
        _LSTM,
        "lstm_backward",
        "loss at the last step only",
        "dh is read at the last step alone",
        "lstm_step_backward(dh[:, t] + back_h, back_c, step)",
        "lstm_step_backward(back_h + (t == T - 1) * dh[:, t], back_c, step)",
    ),
    # --------------------------------------------------------------------------------------------- peephole_step_forward
    _wrong(
        "peephole_step_forward",
        "output gate sees the new cell",
        "the original's convention: next_c for prev_c in o",
        """
            def sigmoid(z):
                return 0.5 * (1 + np.tanh(z / 2))


            def peephole_step_forward(x, prev_h, prev_c, Wx, Wh, p, b):
                ai, af, ao, ag = np.split(x @ Wx + prev_h @ Wh + b, 4, axis=1)
                i, f, g = sigmoid(ai + p[0] * prev_c), sigmoid(af + p[1] * prev_c), np.tanh(ag)
                next_c = f * prev_c + i * g
                o = sigmoid(ao + p[2] * next_c)
                next_h = o * np.tanh(next_c)
                return next_h, next_c, (x, prev_h, prev_c, Wx, Wh, p, i, f, o, g, next_c)
        """,
    ),
    _slip(
        _PEEPHOLE,
        "peephole_step_forward",
        "no peepholes",
        "p is not used",
        " + p[0] * prev_c)",
        ")",
        " + p[1] * prev_c)",
        ")",
        " + p[2] * prev_c)",
        ")",
    ),
    _slip(
        _PEEPHOLE,
        "peephole_step_forward",
        "output gate without its peephole",
        "p[2] is not used",
        " + p[2] * prev_c)",
        ")",
    ),
    _slip(
        _PEEPHOLE,
        "peephole_step_forward",
        "peepholes of i and f swapped",
        "p[1] in i and p[0] in f",
        "p[0] * prev_c)",
        "p[1] * prev_c )",
        "p[1] * prev_c)",
        "p[0] * prev_c)",
    ),
    _slip(
        _PEEPHOLE,
        "peephole_step_forward",
        "candidate sees the cell too",
        "p[2] * prev_c is in g's sum as well",
        "g = np.tanh(a[:, 3 * H :])",
        "g = np.tanh(a[:, 3 * H :] + p[2] * prev_c)",
    ),
    _slip(
        _PEEPHOLE,
        "peephole_step_forward",
        "peepholes onto the state",
        "prev_h for prev_c",
        "p[0] * prev_c)",
        "p[0] * prev_h)",
        "p[1] * prev_c)",
        "p[1] * prev_h)",
        "p[2] * prev_c)",
        "p[2] * prev_h)",
    ),
    _wrong(
        "peephole_step_forward",
        "every cell seen by every gate",
        "the peepholes of a gate are summed over the units",
        """
            def peephole_step_forward(x, prev_h, prev_c, Wx, Wh, p, b):
                H = prev_c.shape[1]
                seen = prev_c @ p.T
                a = x @ Wx + prev_h @ Wh + b
                i, f, o = (0.5 * (1 + np.tanh((a[:, k * H : (k + 1) * H] + seen[:, k : k + 1]) / 2)) for k in range(3))
                g = np.tanh(a[:, 3 * H :])
                next_c = f * prev_c + i * g
                return o * np.tanh(next_c), next_c, (x, prev_h, prev_c, Wx, Wh, p, i, f, o, g, next_c)
        """,
    ),
    # -------------------------------------------------------------------------------------------- peephole_step_backward
    _slip(
        _PEEPHOLE,
        "peephole_step_backward",
        "cell's gradient without the gates",
        "dprev_c lacks the paths through the peepholes",
        "dprev_c = dc * f + dai * p[0] + daf * p[1] + dao * p[2]",
        "dprev_c = dc * f",
    ),
    _slip(
        _PEEPHOLE,
        "peephole_step_backward",
        "the path through o forgotten",
        "dprev_c lacks what passes through the output gate",
        " + dao * p[2]",
        "",
    ),
    _slip(
        _PEEPHOLE,
        "peephole_step_backward",
        "dp by the new cell",
        "next_c for prev_c in dp",
        "(dai * prev_c).sum(axis=0), (daf * prev_c).sum(axis=0), (dao * prev_c).sum(axis=0)",
        "(dai * next_c).sum(axis=0), (daf * next_c).sum(axis=0), (dao * next_c).sum(axis=0)",
    ),
    _slip(
        _PEEPHOLE,
        "peephole_step_backward",
        "dp[2] by the new cell",
        "the output gate's peephole as the original has it",
        "(dao * prev_c).sum(axis=0)",
        "(dao * next_c).sum(axis=0)",
    ),
    _slip(
        _PEEPHOLE,
        "peephole_step_backward",
        "dp averaged",
        "the mean over the batch for the sum",
        "return da @ Wx.T, da @ Wh.T, dprev_c, x.T @ da, prev_h.T @ da, dp, da.sum(axis=0)",
        "return da @ Wx.T, da @ Wh.T, dprev_c, x.T @ da, prev_h.T @ da, dp / len(x), da.sum(axis=0)",
    ),
    _slip(
        _PEEPHOLE,
        "peephole_step_backward",
        "dp without the slopes",
        "what reaches the gates, not the sums before them",
        "(dai * prev_c).sum(axis=0), (daf * prev_c).sum(axis=0), (dao * prev_c).sum(axis=0)",
        "(dc * g * prev_c).sum(axis=0), (dc * prev_c**2).sum(axis=0), (dnext_h * t * prev_c).sum(axis=0)",
    ),
    _slip(
        _PEEPHOLE,
        "peephole_step_backward",
        "dp and db swapped on return",
        "db stands where dp belongs",
        "dp, da.sum(axis=0)\n",
        "da.sum(axis=0), dp\n",
    ),
    # -------------------------------------------------------------------------------------------------- peephole_forward
    _slip(
        _PEEPHOLE,
        "peephole_forward",
        "cell not carried",
        "every step starts from a cell of zeros",
        "peephole_step_forward(x[:, t], last_h, last_c, Wx, Wh, p, b)",
        "peephole_step_forward(x[:, t], last_h, 0 * last_c, Wx, Wh, p, b)",
    ),
    _slip(
        _PEEPHOLE,
        "peephole_forward",
        "cell starts from h0",
        "the first cell is h0, not 0",
        "last_h, last_c = h0, np.zeros_like(h0)",
        "last_h, last_c = h0, h0",
    ),
    _wrong(
        "peephole_forward",
        "output gate sees the new cell",
        "the original's convention",
        """
            def peephole_forward(x, h0, Wx, Wh, p, b):
                N, T, _ = x.shape
                H = h0.shape[1]
                sig = lambda z: 0.5 * (1 + np.tanh(z / 2))
                h, c, gates = np.zeros((N, T, H)), np.zeros((N, T, H)), np.zeros((N, T, 4 * H))
                hp, cp = h0, np.zeros((N, H))
                for t in range(T):
                    ai, af, ao, ag = np.split(x[:, t] @ Wx + hp @ Wh + b, 4, axis=1)
                    i, f, g = sig(ai + p[0] * cp), sig(af + p[1] * cp), np.tanh(ag)
                    cp = f * cp + i * g
                    o = sig(ao + p[2] * cp)
                    hp = o * np.tanh(cp)
                    h[:, t], c[:, t], gates[:, t] = hp, cp, np.hstack((i, f, o, g))
                return h, (x, h0, Wx, Wh, p, gates, c, h)
        """,
    ),
    _wrong(
        "peephole_forward",
        "gates see the state",
        "p times h where the cell belongs",
        """
            def peephole_forward(x, h0, Wx, Wh, p, b):
                N, T, _ = x.shape
                H = h0.shape[1]
                sig = lambda z: 0.5 * (1 + np.tanh(z / 2))
                h, c, gates = np.zeros((N, T, H)), np.zeros((N, T, H)), np.zeros((N, T, 4 * H))
                hp, cp = h0, np.zeros((N, H))
                for t in range(T):
                    ai, af, ao, ag = np.split(x[:, t] @ Wx + hp @ Wh + b, 4, axis=1)
                    i, f, o, g = sig(ai + p[0] * hp), sig(af + p[1] * hp), sig(ao + p[2] * hp), np.tanh(ag)
                    cp = f * cp + i * g
                    hp = o * np.tanh(cp)
                    h[:, t], c[:, t], gates[:, t] = hp, cp, np.hstack((i, f, o, g))
                return h, (x, h0, Wx, Wh, p, gates, c, h)
        """,
    ),
    # ------------------------------------------------------------------------------------------------- peephole_backward
    _slip(
        _PEEPHOLE, "peephole_backward", "dp overwritten", "dp is that of the first step", "dp += got[5]", "dp = got[5]"
    ),
    _slip(
        _PEEPHOLE,
        "peephole_backward",
        "cell's carried gradient dropped",
        "nothing comes back along the cell",
        "peephole_step_backward(dh[:, t] + back_h, back_c, step)",
        "peephole_step_backward(dh[:, t] + back_h, 0 * back_c, step)",
    ),
    _slip(
        _PEEPHOLE,
        "peephole_backward",
        "state's carried gradient dropped",
        "nothing comes back along h",
        "peephole_step_backward(dh[:, t] + back_h, back_c, step)",
        "peephole_step_backward(dh[:, t], back_c, step)",
    ),
    _slip(
        _PEEPHOLE,
        "peephole_backward",
        "c[:, t - 1] at t = 0",
        "index -1 is the last cell, where 0 belongs",
        "before_c = c[:, t - 1] if t else np.zeros((N, H))",
        "before_c = c[:, t - 1]",
    ),
    _slip(
        _PEEPHOLE_BLOCKS,
        "peephole_backward",
        "carried without the peepholes",
        "what comes back along the cell lacks the gates' paths",
        'da, f * dc + np.einsum("nkh,kh->nh", da[:, :3], p)',
        "da, f * dc",
    ),
    _slip(
        _PEEPHOLE_BLOCKS,
        "peephole_backward",
        "dp by the cells after",
        "c_t for c_{t-1} in dp",
        "da[:, :, :3], cs[:, :-1])",
        "da[:, :, :3], cs[:, 1:])",
    ),
    # -------------------------------------------------------------------------------------------------- gru_step_forward
    _slip(
        _GRU,
        "gru_step_forward",
        "reset after the product",
        "r times (prev_h Wh_g), as other libraries have it",
        "(r * prev_h) @ Wh[:, 2 * H :])",
        "r * (prev_h @ Wh[:, 2 * H :]))",
    ),
    _slip(
        _GRU,
        "gru_step_forward",
        "z the other way about",
        "z is the share of the new state",
        "z * prev_h + (1 - z) * g",
        "(1 - z) * prev_h + z * g",
    ),
    _slip(
        _GRU,
        "gru_step_forward",
        "update gate first",
        "blocks z, r, g",
        "r = sigmoid(ax[:, :H] + ah[:, :H])",
        "z = sigmoid(ax[:, :H] + ah[:, :H])",
        "z = sigmoid(ax[:, H : 2 * H] + ah[:, H:])",
        "r = sigmoid(ax[:, H : 2 * H] + ah[:, H:])",
    ),
    _slip(_GRU, "gru_step_forward", "no reset", "the candidate sees all of prev_h", "(r * prev_h) @ Wh", "prev_h @ Wh"),
    _slip(
        _GRU,
        "gru_step_forward",
        "reset state kept",
        "next_h keeps z of r prev_h",
        "next_h = z * prev_h",
        "next_h = z * r * prev_h",
    ),
    _slip(
        _GRU,
        "gru_step_forward",
        "candidate without its input's bias",
        "b_g is forgotten",
        "np.tanh(ax[:, 2 * H :] +",
        "np.tanh(x @ Wx[:, 2 * H :] +",
    ),
    _wrong(
        "gru_step_forward",
        "sigmoid by e^z / (1 + e^z)",
        "inf / inf = nan for large sums",
        """
            def gru_step_forward(x, prev_h, Wx, Wh, b):
                sigmoid = lambda v: np.exp(v) / (np.exp(v) + 1)
                Wxr, Wxz, Wxg = np.split(Wx, 3, axis=1)
                Whr, Whz, Whg = np.split(Wh, 3, axis=1)
                br, bz, bg = np.split(b, 3)
                r = sigmoid(x @ Wxr + prev_h @ Whr + br)
                z = sigmoid(x @ Wxz + prev_h @ Whz + bz)
                g = np.tanh(x @ Wxg + (r * prev_h) @ Whg + bg)
                return z * prev_h + (1 - z) * g, (x, prev_h, Wx, Wh, r, z, g)
        """,
    ),
    # ------------------------------------------------------------------------------------------------- gru_step_backward
    _slip(
        _GRU,
        "gru_step_backward",
        "the direct path forgotten",
        "dprev_h lacks z dnext_h",
        "dprev_h = dnext_h * z\n",
        "dprev_h = np.zeros_like(prev_h)\n",
    ),
    _slip(
        _GRU,
        "gru_step_backward",
        "the path through the reset gate forgotten",
        "dprev_h lacks what passes through r",
        "    dprev_h = dprev_h + dar @ Wh_r.T\n",
        "",
    ),
    _slip(
        _GRU,
        "gru_step_backward",
        "the candidate's path not reset",
        "dprev_h has it without the factor r",
        "dprev_h + drh * r\n",
        "dprev_h + drh\n",
    ),
    _slip(
        _GRU,
        "gru_step_backward",
        "sign of the update gate",
        "g - prev_h for prev_h - g",
        "(prev_h - g)",
        "(g - prev_h)",
    ),
    _slip(
        _GRU,
        "gru_step_backward",
        "dz without the candidate",
        "dz is dnext_h prev_h alone",
        "dnext_h * (prev_h - g)",
        "dnext_h * prev_h",
    ),
    _slip(
        _GRU,
        "gru_step_backward",
        "dWh_g from the whole state",
        "prev_h for r prev_h",
        "(r * prev_h).T @ dag",
        "prev_h.T @ dag",
    ),
    _slip(
        _GRU,
        "gru_step_backward",
        "the update gate's slope forgotten",
        "dz is not led through the sigmoid",
        "daz = dz * z * (1 - z)",
        "daz = dz",
    ),
    _slip(
        _GRU,
        "gru_step_backward",
        "candidate by z",
        "z for 1 - z before the candidate",
        "dnext_h * (1 - z) * (1 - g**2)",
        "dnext_h * z * (1 - g**2)",
    ),
    _slip(
        _GRU,
        "gru_step_backward",
        "reset after the product",
        "goes back through r times (prev_h Wh_g)",
        "drh = dag @ Wh_g.T",
        "drh = (dag * r) @ Wh_g.T",
        "dar = drh * prev_h * r * (1 - r)",
        "dar = dag * (prev_h @ Wh_g) * r * (1 - r)",
        "dprev_h + drh * r\n",
        "dprev_h + drh\n",
        "(r * prev_h).T @ dag",
        "prev_h.T @ (dag * r)",
    ),
    # ----------------------------------------------------------------------------------------------- truncated_gradients
    _slip(
        _TRUNCATED,
        "truncated_gradients",
        "never cut",
        "the whole gradient through time",
        "        if t % k == 0 and t > 0:\n            carried = np.zeros_like(h0)\n",
        "",
    ),
    _slip(
        _TRUNCATED,
        "truncated_gradients",
        "cut one step late",
        "the cut lies behind the first step of a window",
        "if t % k == 0 and t > 0",
        "if (t - 1) % k == 0 and t > 1",
    ),
    _slip(
        _TRUNCATED,
        "truncated_gradients",
        "windows from the end",
        "the shorter window is the first",
        "if t % k == 0",
        "if (T - t) % k == 0",
    ),
    _slip(
        _TRUNCATED, "truncated_gradients", "dh0 cut too", "dh0 is always 0", "if t % k == 0 and t > 0", "if t % k == 0"
    ),
    _slip(
        _TRUNCATED,
        "truncated_gradients",
        "only the states between the windows cut, not the steps",
        "the whole gradient of a window's first step is dropped",
        "da = (dh[:, t] + carried)",
        "da = (dh[:, t] * (t % k > 0) + carried)",
    ),
    _slip(
        _WINDOWS,
        "truncated_gradients",
        "every window starts from h0",
        "the state is not carried on between the windows",
        "state, got = _window(x[:, window], state, ",
        "state, got = _window(x[:, window], h0, ",
    ),
    _slip(
        _WINDOWS,
        "truncated_gradients",
        "dh0 of the last window",
        "what the last window sends back",
        "dh0s[0]",
        "dh0s[-1]",
    ),
    _slip(
        _WINDOWS,
        "truncated_gradients",
        "dh0 summed",
        "the windows' gradients by their first states are added up",
        "dh0s[0]",
        "sum(dh0s)",
    ),
    _slip(
        _WINDOWS,
        "truncated_gradients",
        "weights of the last window",
        "the windows are not added up",
        "sum(dWxs), sum(dWhs), sum(dbs)",
        "dWxs[-1], dWhs[-1], dbs[-1]",
    ),
    _wrong(
        "truncated_gradients",
        "whole windows only",
        "the steps behind the last whole window are left out",
        """
            def truncated_gradients(x, h0, Wx, Wh, b, dh, k):
                T = x.shape[1]
                k = min(k, T)
                dx = np.zeros_like(x)
                dh0, dWx, dWh, db = (np.zeros_like(a) for a in (h0, Wx, Wh, b))
                start = h0
                for w in range(T // k):
                    h = [start]
                    for t in range(w * k, w * k + k):
                        h.append(np.tanh(x[:, t] @ Wx + h[-1] @ Wh + b))
                    up = 0
                    for j in range(k - 1, -1, -1):
                        t = w * k + j
                        da = (dh[:, t] + up) * (1 - h[j + 1] ** 2)
                        dx[:, t] = da @ Wx.T
                        dWx += x[:, t].T @ da
                        dWh += h[j].T @ da
                        db += da.sum(0)
                        up = da @ Wh.T
                    if w == 0:
                        dh0 = up
                    start = h[-1]
                return dx, dh0, dWx, dWh, db
        """,
    ),
    _wrong(
        "truncated_gradients",
        "each loss k steps back",
        "a window that slides along, not blocks of k",
        """
            def truncated_gradients(x, h0, Wx, Wh, b, dh, k):
                T = x.shape[1]
                h = [h0]
                for t in range(T):
                    h.append(np.tanh(x[:, t] @ Wx + h[t] @ Wh + b))
                dx, dh0, dWx, dWh, db = (np.zeros_like(a) for a in (x, h0, Wx, Wh, b))
                for source in range(T):
                    d = dh[:, source]
                    for t in range(source, max(source - k, -1), -1):
                        d = d * (1 - h[t + 1] ** 2)
                        dx[:, t] += d @ Wx.T
                        dWx += x[:, t].T @ d
                        dWh += h[t].T @ d
                        db += d.sum(0)
                        d = d @ Wh.T
                        if t == 0:
                            dh0 += d
                return dx, dh0, dWx, dWh, db
        """,
    ),
    # ------------------------------------------------------------------------------------------------ rnn_gradient_norms
    _slip(
        _NORMS,
        "rnn_gradient_norms",
        "last step first",
        "the norms are in the order of the way back",
        "return norms",
        "return norms[::-1]",
    ),
    _slip(_NORMS, "rnn_gradient_norms", "Wh not transposed", "goes back by Wh", ") @ Wh.T", ") @ Wh"),
    _slip(
        _NORMS,
        "rnn_gradient_norms",
        "no slope",
        "goes back as if there were no tanh",
        "(d * (1 - hs[t] ** 2)) @ Wh.T",
        "d @ Wh.T",
    ),
    _slip(
        _NORMS,
        "rnn_gradient_norms",
        "slope of the step before",
        "the tanh of t - 1 for that of t",
        "(1 - hs[t] ** 2)",
        "(1 - hs[t - 1] ** 2)",
    ),
    _slip(
        _NORMS,
        "rnn_gradient_norms",
        "norm after the step",
        "norms[t] is that of the state before t",
        "        norms[t] = np.sqrt(np.sum(d**2))\n        d = (d * (1 - hs[t] ** 2)) @ Wh.T\n",
        "        d = (d * (1 - hs[t] ** 2)) @ Wh.T\n        norms[t] = np.sqrt(np.sum(d**2))\n",
    ),
    _slip(
        _NORMS,
        "rnn_gradient_norms",
        "mean over the examples",
        "the mean of the examples' norms",
        "np.sqrt(np.sum(d**2))",
        "np.sqrt(np.sum(d**2, axis=1)).mean()",
    ),
    _slip(
        _NORMS,
        "rnn_gradient_norms",
        "largest singular value",
        "the spectral norm of the matrix",
        "np.sqrt(np.sum(d**2))",
        "np.linalg.norm(d, 2)",
    ),
    _slip(_NORMS, "rnn_gradient_norms", "squares", "the root is forgotten", "np.sqrt(np.sum(d**2))", "np.sum(d**2)"),
    _slip(
        _NORMS,
        "rnn_gradient_norms",
        "every state in the loss",
        "L is the sum of all states, not of the last",
        ") @ Wh.T",
        ") @ Wh.T + 1",
    ),
    # ----------------------------------------------------------------------------------------------- lstm_gradient_norms
    _slip(
        _LSTM_NORMS,
        "lstm_gradient_norms",
        "along the cell alone",
        "the paths through h and the gates are left out",
        "dh = da @ Wh.T",
        "dh = np.zeros_like(dh)",
    ),
    _slip(
        _LSTM_NORMS,
        "lstm_gradient_norms",
        "last step first",
        "the norms are in the order of the way back",
        "return norms",
        "return norms[::-1]",
    ),
    _slip(
        _LSTM_NORMS,
        "lstm_gradient_norms",
        "norms of the state's gradient",
        "dh for dc",
        "np.sqrt((dc**2).sum())",
        "np.sqrt((dh**2).sum())",
    ),
    _slip(
        _LSTM_NORMS,
        "lstm_gradient_norms",
        "without the path through its own h",
        "the norm is taken before what comes through h is added",
        "        dc = dc + dh * o * (1 - s**2)\n        norms[t] = np.sqrt((dc**2).sum())\n",
        "        norms[t] = np.sqrt((dc**2).sum())\n        dc = dc + dh * o * (1 - s**2)\n",
    ),
    _slip(
        _LSTM_NORMS,
        "lstm_gradient_norms",
        "loss on the last cell",
        "L is the sum of c",
        "dh, dc = np.ones_like(h), np.zeros_like(c)",
        "dh, dc = np.zeros_like(h), np.ones_like(c)",
    ),
    _slip(
        _LSTM_NORMS,
        "lstm_gradient_norms",
        "no slope of the cell's tanh",
        "h passes to c by o alone",
        "dh * o * (1 - s**2)",
        "dh * o",
    ),
    _slip(
        _LSTM_NORMS,
        "lstm_gradient_norms",
        "cell starts from h0",
        "the first cell is h0, not 0",
        "h, c = h0, np.zeros_like(h0)",
        "h, c = h0, h0",
    ),
    _slip(
        _LSTM_NORMS,
        "lstm_gradient_norms",
        "root of the mean square",
        "divides by the number of entries",
        "np.sqrt((dc**2).sum())",
        "np.sqrt((dc**2).mean())",
    ),
    # --------------------------------------------------------------------------------------------------- leaky_gradients
    _slip(
        _LEAKY,
        "leaky_gradients",
        "handed in as it came",
        "the fault is still there",
        "(1 - alpha) * total",
        "(1 - alpha) * dh[:, t]",
    ),
    _slip(
        _LEAKY,
        "leaky_gradients",
        "the carried part alone",
        "what comes from outside does not leak back",
        "(1 - alpha) * total",
        "(1 - alpha) * carried",
    ),
    _slip(
        _LEAKY,
        "leaky_gradients",
        "no factor on the kept share",
        "the whole gradient is passed on",
        "(1 - alpha) * total",
        "total",
    ),
    _slip(
        _LEAKY,
        "leaky_gradients",
        "alpha twice",
        "the recurrent path has alpha squared",
        "+ da @ Wh.T",
        "+ alpha * da @ Wh.T",
    ),
    _slip(
        _LEAKY,
        "leaky_gradients",
        "the leaky path removed",
        "nothing passes along the kept state",
        "(1 - alpha) * total + da @ Wh.T",
        "da @ Wh.T",
    ),
    _slip(
        _LEAKY,
        "leaky_gradients",
        "another line mended",
        "the slope is taken at the state, and the fault is still there",
        "(1 - squashed[t] ** 2)",
        "(1 - states[t + 1] ** 2)",
        "(1 - alpha) * total",
        "(1 - alpha) * dh[:, t]",
    ),
    # ---------------------------------------------------------------------------------------------- is_recurrent_backward
    _wrong(
        "is_recurrent_backward",
        "always right",
        "accepts every candidate",
        """
            def is_recurrent_backward(backward):
                return True
        """,
    ),
    _wrong(
        "is_recurrent_backward",
        "shapes alone",
        "no value is compared",
        """
            def is_recurrent_backward(backward):
                rng = np.random.default_rng(0)
                dh, x, h0, A = (rng.normal(size=s) for s in ((2, 4, 3), (2, 4, 3), (2, 3), (3, 3)))
                try:
                    dx, dh0, dA = backward(dh, x, h0, A)
                except Exception:
                    return False
                return dx.shape == x.shape and dh0.shape == h0.shape and dA.shape == A.shape
        """,
    ),
    _slip(
        _TEST,
        "is_recurrent_backward",
        "one step only",
        "with T = 1 nothing comes back",
        "[(2, 4, 3), (3, 1, 2), (1, 5, 4), (4, 3, 2), (3, 3, 3), (2, 7, 1), (5, 2, 3)]",
        "[(3, 1, 2), (4, 1, 3)]",
    ),
    _slip(
        _TEST,
        "is_recurrent_backward",
        "one example only",
        "with N = 1 a mean over the batch is its sum",
        "[(2, 4, 3), (3, 1, 2), (1, 5, 4), (4, 3, 2), (3, 3, 3), (2, 7, 1), (5, 2, 3)]",
        "[(1, 4, 3), (1, 5, 2)]",
    ),
    _slip(
        _TEST,
        "is_recurrent_backward",
        "one unit only",
        "with H = 1 a transpose cannot be seen",
        "[(2, 4, 3), (3, 1, 2), (1, 5, 4), (4, 3, 2), (3, 3, 3), (2, 7, 1), (5, 2, 3)]",
        "[(2, 4, 1), (3, 5, 1)]",
    ),
    _slip(
        _TEST,
        "is_recurrent_backward",
        "a gradient of ones",
        "dh is 1 everywhere: a candidate that ignores it passes",
        "dh, x = rng.standard_normal((N, T, H)), rng.standard_normal((N, T, H))",
        "dh, x = np.ones((N, T, H)), rng.standard_normal((N, T, H))",
    ),
    _slip(
        _TEST,
        "is_recurrent_backward",
        "a gradient at the last step alone",
        "dh is 0 elsewhere: a candidate that reads only the last passes",
        "h0, A = rng.standard_normal((N, H)), rng.standard_normal((H, H))",
        "h0, A = rng.standard_normal((N, H)), rng.standard_normal((H, H))\n        dh[:, :-1] = 0",
    ),
    _slip(
        _TEST,
        "is_recurrent_backward",
        "a start of zeros",
        "h0 = 0 has no share in dA",
        "h0, A = rng.standard_normal((N, H)), ",
        "h0, A = np.zeros((N, H)), ",
    ),
    _slip(
        _TEST,
        "is_recurrent_backward",
        "the identity for A",
        "A equals its transpose",
        "h0, A = rng.standard_normal((N, H)), rng.standard_normal((H, H))",
        "h0, A = rng.standard_normal((N, H)), np.eye(H)",
    ),
    _slip(
        _TEST,
        "is_recurrent_backward",
        "dx alone compared",
        "dh0 and dA are not looked at",
        "zip(got, want)",
        "list(zip(got, want))[:1]",
    ),
    _slip(
        _TEST,
        "is_recurrent_backward",
        "dA not compared",
        "only dx and dh0 are",
        "zip(got, want)",
        "list(zip(got, want))[:2]",
    ),
    _slip(
        _TEST,
        "is_recurrent_backward",
        "bit for bit",
        "right candidates differ by rounding",
        "np.allclose(g, w, rtol=1e-6, atol=1e-6)",
        "np.array_equal(g, w)",
    ),
    _slip(
        _TEST,
        "is_recurrent_backward",
        "loose",
        "errors below a half pass",
        "rtol=1e-6, atol=1e-6",
        "rtol=0.5, atol=0.5",
    ),
    _slip(
        _TEST,
        "is_recurrent_backward",
        "errors passed over",
        "a candidate that raises an error is let through",
        "except Exception:\n            return False",
        "except Exception:\n            continue",
    ),
    _slip(
        _TEST,
        "is_recurrent_backward",
        "values without shapes",
        "allclose broadcasts: an array with an axis more passes",
        "np.shape(g) != w.shape or not np.allclose",
        "not np.allclose",
    ),
    _wrong(
        "is_recurrent_backward",
        "a reference that drops what comes back",
        "the test's own backward pass is wrong",
        """
            def is_recurrent_backward(backward):
                rng = np.random.default_rng(3)
                N, T, H = 2, 4, 3
                dh, x, h0, A = (rng.normal(size=s) for s in ((N, T, H), (N, T, H), (N, H), (H, H)))
                h = [h0]
                for t in range(T):
                    h.append(x[:, t] + h[-1] @ A)
                want_dA = sum(h[t].T @ dh[:, t] for t in range(T))
                try:
                    dx, dh0, dA = backward(dh, x, h0, A)
                    return bool(np.allclose(dx, dh) and np.allclose(dh0, dh[:, 0] @ A.T) and np.allclose(dA, want_dA))
                except Exception:
                    return False
        """,
    ),
    # ----------------------------------------------------------------------------------------------------- cell_gradient
    _wrong(
        "cell_gradient", "dc alone", "what comes through next_h is missing", 'def cell_gradient():\n    return "f*dc"\n'
    ),
    _wrong(
        "cell_gradient",
        "no slope",
        "the cell's tanh has no slope",
        'def cell_gradient():\n    return "f*(dc + dh*o)"\n',
    ),
    _wrong(
        "cell_gradient",
        "slope without its square",
        "1 - s for 1 - s^2",
        'def cell_gradient():\n    return "f*(dc + dh*o*(1 - s))"\n',
    ),
]
