"""Right and wrong answers to unit ``convolution``, written from the public contract alone."""

from __future__ import annotations

from functools import partial

from .entry import Entry, Policy, right, wrong

__all__ = ["RIGHT_CONVOLUTION", "WRONG_CONVOLUTION"]

_right, _wrong = (partial(make, "convolution") for make in (right, wrong))

RIGHT_CONVOLUTION = [
    _right(
        "conv_forward_naive conv_backward_naive",
        "four loops, a window at a time",
        """
            def conv_forward_naive(x, w, b, conv_param):
                N, C, H, W = x.shape
                F, _, HH, WW = w.shape
                stride, pad = conv_param["stride"], conv_param["pad"]
                xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
                OH = 1 + (H + 2 * pad - HH) // stride
                OW = 1 + (W + 2 * pad - WW) // stride
                out = np.zeros((N, F, OH, OW))
                for n in range(N):
                    for f in range(F):
                        for i in range(OH):
                            for j in range(OW):
                                window = xp[n, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
                                out[n, f, i, j] = np.sum(window * w[f]) + b[f]
                cache = (x, w, b, conv_param)
                return out, cache


            def conv_backward_naive(dout, cache):
                x, w, b, conv_param = cache
                N, C, H, W = x.shape
                F, _, HH, WW = w.shape
                stride, pad = conv_param["stride"], conv_param["pad"]
                xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
                dxp = np.zeros_like(xp)
                dw = np.zeros_like(w)
                db = np.zeros_like(b)
                for n in range(N):
                    for f in range(F):
                        db[f] += dout[n, f].sum()
                        for i in range(dout.shape[2]):
                            for j in range(dout.shape[3]):
                                rows = slice(i * stride, i * stride + HH)
                                columns = slice(j * stride, j * stride + WW)
                                dw[f] += xp[n, :, rows, columns] * dout[n, f, i, j]
                                dxp[n, :, rows, columns] += w[f] * dout[n, f, i, j]
                dx = dxp[:, :, pad : pad + H, pad : pad + W]
                return dx, dw, db
        """,
    ),
    _right(
        "conv_forward_naive conv_backward_naive",
        "loops over the filter's positions, einsum of strided slices",
        """
            def _slices(p, q, OH, OW, S):
                return slice(p, p + S * (OH - 1) + 1, S), slice(q, q + S * (OW - 1) + 1, S)


            def conv_forward_naive(x, w, b, conv_param):
                S, P = conv_param["stride"], conv_param["pad"]
                (N, C, H, W), (F, _, HH, WW) = x.shape, w.shape
                xp = np.zeros((N, C, H + 2 * P, W + 2 * P))
                xp[:, :, P : P + H, P : P + W] = x
                OH, OW = 1 + (H + 2 * P - HH) // S, 1 + (W + 2 * P - WW) // S
                out = np.zeros((N, F, OH, OW)) + b[:, None, None]
                for p in range(HH):
                    for q in range(WW):
                        rows, columns = _slices(p, q, OH, OW, S)
                        out += np.einsum("nchw,fc->nfhw", xp[:, :, rows, columns], w[:, :, p, q])
                return out, (x, w, b, conv_param)


            def conv_backward_naive(dout, cache):
                x, w, _, conv_param = cache
                S, P = conv_param["stride"], conv_param["pad"]
                (N, C, H, W), (F, _, HH, WW) = x.shape, w.shape
                OH, OW = dout.shape[2:]
                xp = np.pad(x, [(0, 0), (0, 0), (P, P), (P, P)])
                dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
                for p in range(HH):
                    for q in range(WW):
                        rows, columns = _slices(p, q, OH, OW, S)
                        dw[:, :, p, q] = np.einsum("nfhw,nchw->fc", dout, xp[:, :, rows, columns])
                        dxp[:, :, rows, columns] += np.einsum("nfhw,fc->nchw", dout, w[:, :, p, q])
                return dxp[:, :, P : P + H, P : P + W].copy(), dw, np.einsum("nfhw->f", dout)
        """,
    ),
    _right(
        "conv_forward_naive conv_backward_naive",
        "a cache of its own: a dict with the columns, products of matrices, np.add.at",
        """
            def conv_forward_naive(x, w, b, conv_param):
                S, P = conv_param["stride"], conv_param["pad"]
                N, C, H, W = x.shape
                F, _, HH, WW = w.shape
                OH, OW = (H + 2 * P - HH) // S + 1, (W + 2 * P - WW) // S + 1
                rows = S * np.arange(OH)[:, None, None, None] + np.arange(HH)[None, None, :, None]
                cols = S * np.arange(OW)[None, :, None, None] + np.arange(WW)[None, None, None, :]
                xp = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
                seen = xp[:, :, rows, cols].transpose(0, 2, 3, 1, 4, 5).reshape(N * OH * OW, C * HH * WW)
                out = (seen @ w.reshape(F, -1).T + b).reshape(N, OH, OW, F).transpose(0, 3, 1, 2)
                return out, {"seen": seen, "w": w.copy(), "rows": rows, "cols": cols, "shape": x.shape, "P": P}


            def conv_backward_naive(dout, cache):
                w, P = cache["w"], cache["P"]
                N, C, H, W = cache["shape"]
                F, _, HH, WW = w.shape
                up = dout.transpose(0, 2, 3, 1).reshape(-1, F)
                dw = (up.T @ cache["seen"]).reshape(w.shape)
                dseen = (up @ w.reshape(F, -1)).reshape(N, dout.shape[2], dout.shape[3], C, HH, WW).transpose(0, 3, 1, 2, 4, 5)
                dxp = np.zeros((N, C, H + 2 * P, W + 2 * P))
                np.add.at(dxp, (slice(None), slice(None), cache["rows"], cache["cols"]), dseen)
                return dxp[:, :, P : P + H, P : P + W], dw, up.sum(axis=0)
        """,
    ),
    _right(
        "conv_forward_naive conv_backward_naive",
        "seven loops over floats, no padded copy: a test whether the pixel is inside",
        """
            def _each(x_shape, w_shape, conv_param):
                N, C, H, W = x_shape
                F, _, HH, WW = w_shape
                s, pad = conv_param["stride"], conv_param["pad"]
                for n in range(N):
                    for f in range(F):
                        for i in range(1 + (H + 2 * pad - HH) // s):
                            for j in range(1 + (W + 2 * pad - WW) // s):
                                for p in range(HH):
                                    row = i * s + p - pad
                                    if not 0 <= row < H:
                                        continue
                                    for q in range(WW):
                                        col = j * s + q - pad
                                        if 0 <= col < W:
                                            for c in range(C):
                                                yield n, f, i, j, p, q, c, row, col


            def conv_forward_naive(x, w, b, conv_param):
                N, _, H, W = x.shape
                F, _, HH, WW = w.shape
                s, pad = conv_param["stride"], conv_param["pad"]
                out = np.empty((N, F, 1 + (H + 2 * pad - HH) // s, 1 + (W + 2 * pad - WW) // s))
                for f in range(F):
                    out[:, f] = b[f]
                for n, f, i, j, p, q, c, row, col in _each(x.shape, w.shape, conv_param):
                    out[n, f, i, j] += float(x[n, c, row, col]) * float(w[f, c, p, q])
                return out, (x, w, b, conv_param)


            def conv_backward_naive(dout, cache):
                x, w, b, conv_param = cache
                dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(len(b))
                for n, f, i, j, p, q, c, row, col in _each(x.shape, w.shape, conv_param):
                    g = float(dout[n, f, i, j])
                    dx[n, c, row, col] += g * w[f, c, p, q]
                    dw[f, c, p, q] += g * x[n, c, row, col]
                for (n, f, i, j), g in np.ndenumerate(dout):
                    db[f] += g
                return dx, dw, db
        """,
    ),
    _right(
        "conv_forward_naive conv_backward_naive",
        "dx as a full correlation of the upstream gradient, spread out by the stride, with turned filters",
        """
            view = np.lib.stride_tricks.sliding_window_view


            def conv_forward_naive(x, w, b, conv_param):
                S, P = conv_param["stride"], conv_param["pad"]
                xp = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
                seen = view(xp, w.shape[2:], axis=(2, 3))[:, :, ::S, ::S]
                out = np.moveaxis(np.tensordot(seen, w, axes=([1, 4, 5], [1, 2, 3])), 3, 1)
                return out + b.reshape(1, -1, 1, 1), (x, w, b, conv_param)


            def conv_backward_naive(dout, cache):
                x, w, b, conv_param = cache
                S, P = conv_param["stride"], conv_param["pad"]
                H, W = x.shape[2:]
                HH, WW = w.shape[2:]
                spread = np.zeros((*dout.shape[:2], H + 2 * P - HH + 1, W + 2 * P - WW + 1))
                spread[:, :, ::S, ::S] = dout
                xp = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
                dw = np.einsum("ncpqhw,nfhw->fcpq", view(xp, spread.shape[2:], axis=(2, 3)), spread)
                full = np.pad(spread, ((0, 0), (0, 0), (HH - 1, HH - 1), (WW - 1, WW - 1)))
                turned = w[:, :, ::-1, ::-1]
                dxp = np.einsum("nfhwpq,fcpq->nchw", view(full, (HH, WW), axis=(2, 3)), turned)
                return dxp[:, :, P : P + H, P : P + W], dw, dout.sum((0, 2, 3))
        """,
    ),
    _right(
        "conv_forward_naive conv_backward_naive",
        "nested closures, examples one by one in reversed order, a class for the geometry",
        """
            class Geometry:
                def __init__(self, x, w, conv_param):
                    self.S, self.P = int(conv_param["stride"]), int(conv_param["pad"])
                    self.H, self.W = x.shape[2], x.shape[3]
                    self.HH, self.WW = w.shape[2], w.shape[3]
                    self.OH = (self.H + 2 * self.P - self.HH + self.S) // self.S
                    self.OW = (self.W + 2 * self.P - self.WW + self.S) // self.S

                def pad(self, image):
                    big = np.zeros((image.shape[0], self.H + 2 * self.P, self.W + 2 * self.P))
                    big[:, self.P : self.P + self.H, self.P : self.P + self.W] += image
                    return big

                def crop(self, big):
                    return big[:, self.P : big.shape[1] - self.P, self.P : big.shape[2] - self.P]

                def windows(self):
                    for i in range(self.OH):
                        for j in range(self.OW):
                            top, left = i * self.S, j * self.S
                            yield i, j, (slice(None), slice(top, top + self.HH), slice(left, left + self.WW))


            def conv_forward_naive(x, w, b, conv_param):
                g = Geometry(x, w, conv_param)

                def one(image):
                    big = g.pad(image)
                    result = np.zeros((len(w), g.OH, g.OW))
                    for i, j, where in g.windows():
                        result[:, i, j] = [float((big[where] * f).sum()) + float(c) for f, c in zip(w, b)]
                    return result

                return np.stack([one(image) for image in x]), (x, w, b, conv_param)


            def conv_backward_naive(dout, cache):
                x, w, b, conv_param = cache
                g = Geometry(x, w, conv_param)
                dx, dw = np.empty(x.shape), np.zeros(w.shape)

                def one(n):
                    big, dbig = g.pad(x[n]), g.pad(0 * x[n])
                    for i, j, where in g.windows():
                        up = dout[n, :, i, j]
                        dbig[where] += np.tensordot(up, w, 1)
                        dw[...] += np.multiply.outer(up, big[where])
                    dx[n] = g.crop(dbig)

                for n in reversed(range(len(x))):
                    one(n)
                return dx, dw, np.array([dout[:, f].sum() for f in range(len(b))])
        """,
    ),
    _right(
        "conv_forward_naive conv_im2col conv_transpose",
        "Fourier transforms of the padded images",
        """
            def _correlated(xp, w):
                size = xp.shape[2:]
                spectrum = np.einsum("nchw,fchw->nfhw", np.fft.rfft2(xp), np.fft.rfft2(w, s=size).conj())
                return np.fft.irfft2(spectrum, s=size)


            def conv_im2col(x, w, b, conv_param):
                S, P = conv_param["stride"], conv_param["pad"]
                xp = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
                valid = _correlated(xp, w)[:, :, : xp.shape[2] - w.shape[2] + 1, : xp.shape[3] - w.shape[3] + 1]
                return valid[:, :, ::S, ::S] + b[:, None, None]


            def conv_forward_naive(x, w, b, conv_param):
                return conv_im2col(x, w, b, conv_param), (x, w, b, conv_param)


            def conv_transpose(x, w, conv_param):
                S, P = conv_param["stride"], conv_param["pad"]
                N, F, H, W = x.shape
                size = (S * (H - 1) + w.shape[2], S * (W - 1) + w.shape[3])
                wide = np.zeros((N, F, *size))
                wide[:, :, : S * (H - 1) + 1 : S, : S * (W - 1) + 1 : S] = x
                spectrum = np.einsum("nfhw,fchw->nchw", np.fft.rfft2(wide), np.fft.rfft2(w, s=size))
                return np.fft.irfft2(spectrum, s=size)[:, :, P : size[0] - P, P : size[1] - P]
        """,
    ),
    _right(
        "conv_dilated_forward conv_dilated_backward",
        "strided slices for each position of the filter",
        """
            def conv_dilated_forward(x, w, b, conv_param):
                S, P, D = conv_param["stride"], conv_param["pad"], conv_param["dilation"]
                N, C, H, W = x.shape
                F, _, HH, WW = w.shape
                OH = 1 + (H + 2 * P - D * (HH - 1) - 1) // S
                OW = 1 + (W + 2 * P - D * (WW - 1) - 1) // S
                xp = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
                out = np.zeros((N, F, OH, OW))
                for p in range(HH):
                    for q in range(WW):
                        part = xp[:, :, p * D : p * D + OH * S : S, q * D : q * D + OW * S : S][:, :, :OH, :OW]
                        out += np.einsum("ncij,fc->nfij", part, w[:, :, p, q])
                out += b[None, :, None, None]
                return out, (x, w, b, conv_param)


            def conv_dilated_backward(dout, cache):
                x, w, b, conv_param = cache
                S, P, D = conv_param["stride"], conv_param["pad"], conv_param["dilation"]
                N, C, H, W = x.shape
                F, _, HH, WW = w.shape
                OH, OW = dout.shape[2:]
                xp = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
                dxp, dw = np.zeros_like(xp), np.zeros_like(w)
                for p in range(HH):
                    for q in range(WW):
                        where = np.s_[:, :, p * D : p * D + (OH - 1) * S + 1 : S, q * D : q * D + (OW - 1) * S + 1 : S]
                        dw[:, :, p, q] = np.tensordot(dout, xp[where], axes=([0, 2, 3], [0, 2, 3]))
                        dxp[where] += np.tensordot(dout, w[:, :, p, q], axes=(1, 0)).transpose(0, 3, 1, 2)
                return dxp[:, :, P : P + H, P : P + W], dw, dout.sum(axis=(0, 2, 3))
        """,
    ),
    _right(
        "conv_dilated_forward conv_dilated_backward",
        "the filter is blown up with zeros, then an ordinary convolution",
        """
            def _blown(w, D):
                F, C, HH, WW = w.shape
                big = np.zeros((F, C, D * (HH - 1) + 1, D * (WW - 1) + 1))
                big[:, :, ::D, ::D] = w
                return big


            def conv_dilated_forward(x, w, b, conv_param):
                S, P, D = (conv_param[key] for key in ("stride", "pad", "dilation"))
                big = _blown(w, D)
                HH, WW = big.shape[2:]
                xp = np.pad(x, ((0,), (0,), (P,), (P,)))
                OH, OW = (xp.shape[2] - HH) // S + 1, (xp.shape[3] - WW) // S + 1
                out = np.zeros((len(x), len(w), OH, OW))
                for i in range(OH):
                    for j in range(OW):
                        window = xp[:, None, :, i * S : i * S + HH, j * S : j * S + WW]
                        out[:, :, i, j] = (window * big).sum(axis=(2, 3, 4)) + b
                return out, (x, w, b, conv_param)


            def conv_dilated_backward(dout, cache):
                x, w, b, conv_param = cache
                S, P, D = (conv_param[key] for key in ("stride", "pad", "dilation"))
                big = _blown(w, D)
                HH, WW = big.shape[2:]
                xp = np.pad(x, ((0,), (0,), (P,), (P,)))
                dxp, dbig = np.zeros_like(xp), np.zeros_like(big)
                for i in range(dout.shape[2]):
                    for j in range(dout.shape[3]):
                        up = dout[:, :, i, j]
                        where = np.s_[:, :, i * S : i * S + HH, j * S : j * S + WW]
                        dxp[where] += np.einsum("nf,fcpq->ncpq", up, big)
                        dbig += np.einsum("nf,ncpq->fcpq", up, xp[where])
                rows, columns = dxp.shape[2:]
                return dxp[:, :, P : rows - P, P : columns - P], dbig[:, :, ::D, ::D], dout.sum(axis=3).sum(axis=2).sum(axis=0)
        """,
    ),
    _right(
        "conv_dilated_forward conv_dilated_backward",
        "numbers of pixels in a flat list, bincount, another cache",
        """
            def _pixels(shape, kernel, S, P, D):
                H, W = shape[2] + 2 * P, shape[3] + 2 * P
                OH, OW = 1 + (H - D * (kernel[0] - 1) - 1) // S, 1 + (W - D * (kernel[1] - 1) - 1) // S
                i, j, p, q = np.ogrid[:OH, :OW, : kernel[0], : kernel[1]]
                return (i * S + p * D) * W + (j * S + q * D)


            def conv_dilated_forward(x, w, b, conv_param):
                S, P, D = conv_param["stride"], conv_param["pad"], conv_param["dilation"]
                at = _pixels(x.shape, w.shape[2:], S, P, D)
                flat = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P))).reshape(*x.shape[:2], -1)
                seen = flat[:, :, at]
                out = np.einsum("ncijpq,fcpq->nfij", seen, w) + b[:, None, None]
                return out, (seen, at, w, x.shape, P)


            def conv_dilated_backward(dout, cache):
                seen, at, w, shape, P = cache
                N, C, H, W = shape
                size = (H + 2 * P) * (W + 2 * P)
                back = np.einsum("nfij,fcpq->ncijpq", dout, w)
                dx = [[np.bincount(at.ravel(), back[n, c].ravel(), minlength=size) for c in range(C)] for n in range(N)]
                dx = np.array(dx).reshape(N, C, H + 2 * P, W + 2 * P)[:, :, P : P + H, P : P + W]
                return dx, np.einsum("nfij,ncijpq->fcpq", dout, seen), np.einsum("nfij->f", dout)
        """,
    ),
    _right(
        "receptive_field conv_output_size conv1d_matrix",
        "closed forms, plain Python",
        """
            def receptive_field(kernels, strides):
                field, jump = 1, 1
                for k, s in zip(kernels, strides):
                    field += (k - 1) * jump
                    jump *= s
                return field


            def conv_output_size(size, kernel, stride=1, pad=0, dilation=1):
                return (size + 2 * pad - dilation * (kernel - 1) - 1) // stride + 1


            def conv1d_matrix(w, size, stride=1):
                K = len(w)
                OL = 1 + (size - K) // stride
                T = np.zeros((OL, size))
                for i in range(OL):
                    T[i, i * stride : i * stride + K] = w
                return T
        """,
    ),
    _right(
        "receptive_field conv_output_size conv1d_matrix",
        "from the last layer back, counting windows, convolving unit vectors",
        """
            def receptive_field(kernels, strides):
                seen = 1
                for k, s in reversed(list(zip(kernels, strides))):
                    seen = s * (seen - 1) + k
                return seen


            def conv_output_size(size, kernel, stride=1, pad=0, dilation=1):
                count, start, end = 0, -pad, size + pad - 1
                while start + dilation * (kernel - 1) <= end:
                    count += 1
                    start += stride
                return count


            def conv1d_matrix(w, size, stride=1):
                columns = []
                for unit in np.eye(size):
                    columns.append(np.correlate(unit, w, mode="valid")[::stride])
                return np.column_stack(columns)
        """,
    ),
    _right(
        "receptive_field conv_output_size conv1d_matrix",
        "sets of pixels, the length of a range, an index rule",
        """
            def receptive_field(kernels, strides):
                needed = {0}
                for k, s in list(zip(kernels, strides))[::-1]:
                    needed = {s * at + p for at in needed for p in range(k)}
                return len(needed)


            def conv_output_size(size, kernel, stride=1, pad=0, dilation=1):
                reach = dilation * (kernel - 1) + 1
                return len(range(0, size + 2 * pad - reach + 1, stride))


            def conv1d_matrix(w, size, stride=1):
                OL = 1 + (size - w.shape[0]) // stride
                k = np.arange(size) - stride * np.arange(OL)[:, None]
                inside = (k >= 0) & (k < w.shape[0])
                return np.where(inside, w[np.clip(k, 0, w.shape[0] - 1)], 0.0)
        """,
    ),
    _right(
        "receptive_field conv_output_size conv1d_matrix",
        "numpy's products and integers, floor of a quotient, fancy assignment",
        """
            from math import floor


            def receptive_field(kernels, strides):
                jumps = np.concatenate([[1], np.cumprod(strides)[:-1]])
                return int(1 + ((np.asarray(kernels) - 1) * jumps).sum())


            def conv_output_size(size, kernel, stride=1, pad=0, dilation=1):
                return int(np.int64(floor((size + 2 * pad - dilation * (kernel - 1) - 1) / stride + 1)))


            def conv1d_matrix(w, size, stride=1):
                OL = conv_output_size(size, w.size, stride)
                T = np.zeros((OL, size))
                at = np.arange(OL)[:, None]
                T[at, at * stride + np.arange(w.size)] = w
                return T
        """,
    ),
    _right(
        "learn_filter",
        "gradient descent with the step of the largest eigenvalue, windows as rows",
        """
            def learn_filter(x, y, seed):
                rng = np.random.default_rng(seed)
                w = rng.normal(size=9)
                xp = np.pad(x[:, 0], ((0, 0), (1, 1), (1, 1)))
                A = np.lib.stride_tricks.sliding_window_view(xp, (3, 3), axis=(1, 2)).reshape(-1, 9)
                t = y.reshape(-1)
                step = len(t) / (2 * np.linalg.eigvalsh(A.T @ A)[-1])
                for _ in range(2000):
                    w = w - step * 2 / len(t) * (A.T @ (A @ w - t))
                return w.reshape(1, 1, 3, 3)
        """,
    ),
    _right(
        "conv_forward_naive conv_backward_naive learn_filter",
        "Adam on the layer's own gradient, old random generator",
        """
            def _patches(x, w, conv_param):
                S, P = conv_param["stride"], conv_param["pad"]
                xp = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
                return np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], axis=(2, 3))[:, :, ::S, ::S]


            def conv_forward_naive(x, w, b, conv_param):
                out = np.einsum("ncijpq,fcpq->nfij", _patches(x, w, conv_param), w) + b[:, None, None]
                return out, (x, w, b, conv_param)


            def conv_backward_naive(dout, cache):
                x, w, b, conv_param = cache
                S, P = conv_param["stride"], conv_param["pad"]
                N, C, H, W = x.shape
                dxp = np.zeros((N, C, H + 2 * P, W + 2 * P))
                for (p, q) in np.ndindex(*w.shape[2:]):
                    for (i, j) in np.ndindex(*dout.shape[2:]):
                        dxp[:, :, i * S + p, j * S + q] += dout[:, :, i, j] @ w[:, :, p, q]
                dw = np.einsum("ncijpq,nfij->fcpq", _patches(x, w, conv_param), dout)
                return dxp[:, :, P : P + H, P : P + W], dw, dout.sum(axis=(0, 2, 3))


            def learn_filter(x, y, seed):
                w = np.random.RandomState(seed).randn(1, 1, 3, 3)
                m, v = np.zeros_like(w), np.zeros_like(w)
                for t in range(1, 1501):
                    out, cache = conv_forward_naive(x, w, np.zeros(1), {"stride": 1, "pad": 1})
                    _, dw, _ = conv_backward_naive(2 * (out - y) / y.size, cache)
                    m = 0.9 * m + 0.1 * dw
                    v = 0.999 * v + 0.001 * dw**2
                    w = w - 0.05 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
                return w
        """,
    ),
    _right(
        "learn_filter",
        "steepest descent with an exact line search, shifted images, stops when the loss is small",
        """
            def learn_filter(x, y, seed):
                N, _, H, W = x.shape
                xp = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
                shifted = [[xp[:, :, p : p + H, q : q + W] for q in range(3)] for p in range(3)]

                def conv(w):
                    return sum(w[0, 0, p, q] * shifted[p][q] for p in range(3) for q in range(3))

                w = np.random.default_rng(seed).standard_normal((1, 1, 3, 3)) * 0.1
                for _ in range(5000):
                    error = conv(w) - y
                    if np.mean(error**2) < 1e-9:
                        break
                    g = np.array([[(error * shifted[p][q]).mean() for q in range(3)] for p in range(3)])[None, None]
                    along = conv(g)
                    w = w - (error * along).sum() / (along * along).sum() * g
                return w
        """,
    ),
    _right(
        "depthwise_backward",
        "mended with the smallest change",
        """
            def depthwise_backward(dout, x, w, stride):
                dx, dw = np.zeros_like(x), np.zeros_like(w)
                end = stride * dout.shape[2]
                for k in range(w.shape[1]):
                    dx[:, :, k : k + end : stride] += dout * w[:, k, None]
                    dw[:, k] += (dout * x[:, :, k : k + end : stride]).sum(axis=(0, 2))
                return dx, dw
        """,
    ),
    _right(
        "depthwise_backward",
        "written anew with windows and np.add.at",
        """
            def depthwise_backward(dout, x, w, stride):
                at = stride * np.arange(dout.shape[2])[:, None] + np.arange(w.shape[1])
                dx = np.zeros(x.shape)
                np.add.at(dx, (slice(None), slice(None), at), dout[..., None] * w[:, None, :])
                return dx, np.einsum("nci,ncik->ck", dout, x[:, :, at])
        """,
    ),
    _right(
        "is_conv_backward",
        "compares with a backward pass of its own over many shapes, strides and pads",
        """
            def _true(dout, x, w, stride, pad):
                H, W = x.shape[2:]
                HH, WW = w.shape[2:]
                xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
                dxp, dw = np.zeros_like(xp), np.zeros_like(w)
                for i in range(dout.shape[2]):
                    for j in range(dout.shape[3]):
                        where = np.s_[:, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
                        dxp[where] += np.einsum("nf,fcpq->ncpq", dout[:, :, i, j], w)
                        dw += np.einsum("nf,ncpq->fcpq", dout[:, :, i, j], xp[where])
                return dxp[:, :, pad : pad + H, pad : pad + W], dw, dout.sum(axis=(0, 2, 3))


            def is_conv_backward(backward):
                rng = np.random.default_rng(1)
                for stride in (1, 2, 3):
                    for pad in (0, 1, 2):
                        for N, C, F, H, W, HH, WW in [(2, 3, 4, 6, 7, 3, 2), (3, 2, 1, 7, 5, 2, 4)]:
                            x, w = rng.normal(size=(N, C, H, W)), rng.normal(size=(F, C, HH, WW))
                            OH, OW = 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride
                            dout = rng.normal(size=(N, F, OH, OW))
                            want = _true(dout, x, w, stride, pad)
                            try:
                                got = backward(dout.copy(), x.copy(), w.copy(), stride, pad)
                                if len(got) != 3:
                                    return False
                                for g, t in zip(got, want):
                                    if np.shape(g) != t.shape or not np.allclose(g, t, rtol=1e-8, atol=1e-8):
                                        return False
                            except Exception:
                                return False
                return True
        """,
    ),
    _right(
        "is_conv_backward",
        "directional differences of a linear function: no backward pass of its own",
        """
            def _forward(x, w, stride, pad):
                xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
                windows = np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
                return np.einsum("ncijpq,fcpq->nfij", windows, w)


            def _fits(backward, rng, stride, pad, shape, kernel):
                x = rng.uniform(-1, 1, shape)
                w = rng.uniform(-1, 1, (kernel[0], shape[1], *kernel[1:]))
                dout = rng.uniform(-1, 1, _forward(x, w, stride, pad).shape)
                dx, dw, db = backward(dout, x, w, stride, pad)
                if dx.shape != x.shape or dw.shape != w.shape or db.shape != (len(w),):
                    return False
                for _ in range(3):
                    u, v, c = rng.normal(size=x.shape), rng.normal(size=w.shape), rng.normal(size=len(w))
                    # the layer is linear in x, in w and in b: no step has to be small
                    pairs = [
                        ((dx * u).sum(), (dout * _forward(u, w, stride, pad)).sum()),
                        ((dw * v).sum(), (dout * _forward(x, v, stride, pad)).sum()),
                        ((db * c).sum(), (dout * c[:, None, None]).sum()),
                    ]
                    if any(abs(a - b) > 1e-7 * (1 + abs(b)) for a, b in pairs):
                        return False
                return True


            def is_conv_backward(backward):
                rng = np.random.default_rng(0)
                shapes = [((2, 3, 8, 7), (4, 3, 2)), ((3, 1, 5, 9), (2, 2, 5)), ((1, 2, 6, 4), (3, 1, 3))]
                try:
                    return all(
                        _fits(backward, rng, stride, pad, shape, kernel)
                        for stride in (1, 2, 3)
                        for pad in (0, 1, 2)
                        for shape, kernel in shapes
                    )
                except Exception:
                    return False
        """,
    ),
    _right(
        "im2col col2im conv_im2col",
        "loops for the columns; the layer from sliding windows",
        """
            def im2col(x, height, width, stride, pad):
                N, C, H, W = x.shape
                xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
                rows = []
                for n in range(N):
                    for i in range(1 + (H + 2 * pad - height) // stride):
                        for j in range(1 + (W + 2 * pad - width) // stride):
                            top, left = i * stride, j * stride
                            rows.append(xp[n, :, top : top + height, left : left + width].reshape(-1))
                return np.array(rows)


            def col2im(cols, x_shape, height, width, stride, pad):
                N, C, H, W = x_shape
                xp = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
                row = 0
                for n in range(N):
                    for i in range(1 + (H + 2 * pad - height) // stride):
                        for j in range(1 + (W + 2 * pad - width) // stride):
                            top, left = i * stride, j * stride
                            xp[n, :, top : top + height, left : left + width] += cols[row].reshape(C, height, width)
                            row += 1
                return xp[:, :, pad : pad + H, pad : pad + W]


            def conv_im2col(x, w, b, conv_param):
                S, P = conv_param["stride"], conv_param["pad"]
                F, C, HH, WW = w.shape
                xp = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
                windows = np.lib.stride_tricks.sliding_window_view(xp, (HH, WW), axis=(2, 3))[:, :, ::S, ::S]
                N, _, OH, OW = windows.shape[:4]
                cols = windows.transpose(0, 2, 3, 1, 4, 5).reshape(-1, C * HH * WW)
                return (cols @ w.reshape(F, -1).T + b).reshape(N, OH, OW, F).transpose(0, 3, 1, 2)
        """,
    ),
    _right(
        "im2col col2im conv_im2col",
        "index arrays as in the course's fast layers",
        """
            def _indices(x_shape, height, width, stride, pad):
                N, C, H, W = x_shape
                OH, OW = 1 + (H + 2 * pad - height) // stride, 1 + (W + 2 * pad - width) // stride
                p = np.tile(np.repeat(np.arange(height), width), C)
                q = np.tile(np.arange(width), height * C)
                c = np.repeat(np.arange(C), height * width)
                i = stride * np.repeat(np.arange(OH), OW)
                j = stride * np.tile(np.arange(OW), OH)
                return c[None, :], i[:, None] + p[None, :], j[:, None] + q[None, :]


            def im2col(x, height, width, stride, pad):
                c, i, j = _indices(x.shape, height, width, stride, pad)
                xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
                return xp[:, c, i, j].reshape(-1, x.shape[1] * height * width)


            def col2im(cols, x_shape, height, width, stride, pad):
                N, C, H, W = x_shape
                c, i, j = _indices(x_shape, height, width, stride, pad)
                xp = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
                np.add.at(xp, (slice(None), c, i, j), cols.reshape(N, *i.shape))
                if pad == 0:
                    return xp
                return xp[:, :, pad:-pad, pad:-pad]


            def conv_im2col(x, w, b, conv_param):
                S, P = conv_param["stride"], conv_param["pad"]
                N, C, H, W = x.shape
                F, _, HH, WW = w.shape
                out = w.reshape(F, -1) @ im2col(x, HH, WW, S, P).T + b.reshape(-1, 1)
                return out.reshape(F, N, 1 + (H + 2 * P - HH) // S, 1 + (W + 2 * P - WW) // S).swapaxes(0, 1)
        """,
    ),
    _right(
        "im2col col2im conv_im2col",
        "the matrix of the linear map, its transpose, and einsum over the windows",
        """
            def _numbers(shape, height, width, stride, pad):
                N, C, H, W = shape
                n = np.arange(1, N * C * H * W + 1).reshape(shape)
                n = np.pad(n, ((0, 0), (0, 0), (pad, pad), (pad, pad)))  # 0 stands for the padding
                v = np.lib.stride_tricks.sliding_window_view(n, (C, height, width), axis=(1, 2, 3))
                return v[:, 0, ::stride, ::stride].reshape(-1, C * height * width)


            def im2col(x, height, width, stride, pad):
                return np.append(0.0, x)[_numbers(x.shape, height, width, stride, pad)]


            def col2im(cols, x_shape, height, width, stride, pad):
                at = _numbers(x_shape, height, width, stride, pad)
                size = 1 + int(np.prod(x_shape))
                return np.bincount(at.ravel(), weights=np.ravel(cols), minlength=size)[1:].reshape(x_shape)


            def conv_im2col(x, w, b, conv_param):
                S, P = conv_param["stride"], conv_param["pad"]
                xp = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
                OH, OW = (xp.shape[2] - w.shape[2]) // S + 1, (xp.shape[3] - w.shape[3]) // S + 1
                a, bb, c, d = xp.strides
                shape = (*xp.shape[:2], OH, OW, *w.shape[2:])
                windows = np.lib.stride_tricks.as_strided(xp, shape, (a, bb, c * S, d * S, c, d))
                return np.einsum("ncijpq,fcpq->nfij", windows, w, optimize=True) + b[None, :, None, None]
        """,
    ),
    _right(
        "conv_transpose",
        "stamps the filters, a loop a pixel",
        """
            def conv_transpose(x, w, conv_param):
                S, P = conv_param["stride"], conv_param["pad"]
                N, F, H, W = x.shape
                _, C, HH, WW = w.shape
                full = np.zeros((N, C, S * (H - 1) + HH, S * (W - 1) + WW))
                for n in range(N):
                    for f in range(F):
                        for i in range(H):
                            for j in range(W):
                                full[n, :, i * S : i * S + HH, j * S : j * S + WW] += x[n, f, i, j] * w[f]
                return full[:, :, P : full.shape[2] - P, P : full.shape[3] - P]
        """,
    ),
    _right(
        "conv_transpose",
        "zeros between the pixels, full correlation with turned filters",
        """
            def conv_transpose(x, w, conv_param):
                S, P = conv_param["stride"], conv_param["pad"]
                N, F, H, W = x.shape
                _, C, HH, WW = w.shape
                wide = np.zeros((N, F, S * (H - 1) + 1, S * (W - 1) + 1))
                wide[:, :, ::S, ::S] = x
                wide = np.pad(wide, ((0, 0), (0, 0), (HH - 1, HH - 1), (WW - 1, WW - 1)))
                windows = np.lib.stride_tricks.sliding_window_view(wide, (HH, WW), axis=(2, 3))
                full = np.tensordot(windows, np.flip(w, (2, 3)), axes=([1, 4, 5], [0, 2, 3])).transpose(0, 3, 1, 2)
                return full[..., P : S * (H - 1) + HH - P, P : S * (W - 1) + WW - P]
        """,
    ),
    _right(
        "conv_transpose",
        "a loop over the filter's positions, rows outside left out instead of cut off",
        """
            def conv_transpose(x, w, conv_param):
                S, P = conv_param["stride"], conv_param["pad"]
                N, F, H, W = x.shape
                _, C, HH, WW = w.shape
                OH, OW = S * (H - 1) + HH - 2 * P, S * (W - 1) + WW - 2 * P
                out = np.zeros((N, C, OH, OW))
                for p in range(HH):
                    rows = S * np.arange(H) + p - P
                    r = (rows >= 0) & (rows < OH)
                    for q in range(WW):
                        cols = S * np.arange(W) + q - P
                        c = (cols >= 0) & (cols < OW)
                        part = np.einsum("nfij,fc->ncij", x[:, :, r][..., c], w[:, :, p, q])
                        out[:, :, rows[r][:, None], cols[c]] += part
                return out
        """,
    ),
    _right(
        "max_pool_forward_naive max_pool_backward_naive",
        "four loops, argmax: the first of equals",
        """
            def max_pool_forward_naive(x, pool_param):
                PH, PW, S = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
                N, C, H, W = x.shape
                OH, OW = 1 + (H - PH) // S, 1 + (W - PW) // S
                out = np.zeros((N, C, OH, OW))
                for n in range(N):
                    for c in range(C):
                        for i in range(OH):
                            for j in range(OW):
                                out[n, c, i, j] = x[n, c, i * S : i * S + PH, j * S : j * S + PW].max()
                return out, (x, pool_param)


            def max_pool_backward_naive(dout, cache):
                x, pool_param = cache
                PH, PW, S = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
                dx = np.zeros_like(x)
                for (n, c, i, j), up in np.ndenumerate(dout):
                    window = x[n, c, i * S : i * S + PH, j * S : j * S + PW]
                    p, q = np.unravel_index(np.argmax(window), window.shape)
                    dx[n, c, i * S + p, j * S + q] += up
                return dx
        """,
    ),
    _right(
        "max_pool_forward_naive max_pool_backward_naive",
        "a window at a time for all images, equals share the gradient",
        """
            def max_pool_forward_naive(x, pool_param):
                PH, PW, S = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
                OH, OW = (x.shape[2] - PH) // S + 1, (x.shape[3] - PW) // S + 1
                rows = [np.stack([x[..., i * S : i * S + PH, j * S : j * S + PW].max((2, 3)) for j in range(OW)], -1) for i in range(OH)]
                return np.stack(rows, axis=2), (x, pool_param)


            def max_pool_backward_naive(dout, cache):
                x, pool_param = cache
                PH, PW, S = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
                dx = np.zeros(x.shape)
                for i in range(dout.shape[2]):
                    for j in range(dout.shape[3]):
                        where = np.s_[:, :, i * S : i * S + PH, j * S : j * S + PW]
                        hit = x[where] == x[where].max(axis=(2, 3), keepdims=True)
                        dx[where] += hit / hit.sum(axis=(2, 3), keepdims=True) * dout[:, :, i, j, None, None]
                return dx
        """,
    ),
    _right(
        "max_pool_forward_naive max_pool_backward_naive",
        "sliding windows, the place of the maximum in the cache, the last of equals",
        """
            def max_pool_forward_naive(x, pool_param):
                PH, PW, S = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
                windows = np.lib.stride_tricks.sliding_window_view(x, (PH, PW), axis=(2, 3))[:, :, ::S, ::S]
                flat = windows.reshape(*windows.shape[:4], PH * PW)
                last = PH * PW - 1 - flat[..., ::-1].argmax(axis=-1)
                out = np.take_along_axis(flat, last[..., None], axis=-1)[..., 0]
                return out, (x.shape, last, pool_param)


            def max_pool_backward_naive(dout, cache):
                shape, last, pool_param = cache
                PW, S = pool_param["pool_width"], pool_param["stride"]
                n, c, i, j = np.indices(dout.shape)
                dx = np.zeros(shape)
                np.add.at(dx, (n, c, i * S + last // PW, j * S + last % PW), dout)
                return dx
        """,
    ),
    _right(
        "avg_pool_forward_naive avg_pool_backward_naive",
        "loops with the mean of a padded window",
        """
            def avg_pool_forward_naive(x, pool_param):
                PH, PW, S, P = (pool_param[k] for k in ("pool_height", "pool_width", "stride", "pad"))
                N, C, H, W = x.shape
                xp = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
                OH, OW = 1 + (H + 2 * P - PH) // S, 1 + (W + 2 * P - PW) // S
                out = np.zeros((N, C, OH, OW))
                for i in range(OH):
                    for j in range(OW):
                        out[:, :, i, j] = xp[:, :, i * S : i * S + PH, j * S : j * S + PW].mean(axis=(2, 3))
                return out, (x, pool_param)


            def avg_pool_backward_naive(dout, cache):
                x, pool_param = cache
                PH, PW, S, P = (pool_param[k] for k in ("pool_height", "pool_width", "stride", "pad"))
                N, C, H, W = x.shape
                dxp = np.zeros((N, C, H + 2 * P, W + 2 * P))
                for n in range(N):
                    for c in range(C):
                        for i in range(dout.shape[2]):
                            for j in range(dout.shape[3]):
                                dxp[n, c, i * S : i * S + PH, j * S : j * S + PW] += dout[n, c, i, j] / (PH * PW)
                return dxp[:, :, P : P + H, P : P + W]
        """,
    ),
    _right(
        "avg_pool_forward_naive avg_pool_backward_naive",
        "two matrices, one for the rows and one for the columns",
        """
            def _matrix(size, window, stride, pad):
                count = 1 + (size + 2 * pad - window) // stride
                start = stride * np.arange(count)[:, None] - pad
                at = np.arange(size)
                return ((at >= start) & (at < start + window)) / window


            def _both(shape, pool_param):
                S, P = pool_param["stride"], pool_param["pad"]
                return _matrix(shape[2], pool_param["pool_height"], S, P), _matrix(shape[3], pool_param["pool_width"], S, P)


            def avg_pool_forward_naive(x, pool_param):
                A, B = _both(x.shape, pool_param)
                return A @ x @ B.T, (x, pool_param)


            def avg_pool_backward_naive(dout, cache):
                x, pool_param = cache
                A, B = _both(x.shape, pool_param)
                return A.T @ dout @ B
        """,
    ),
    _right(
        "avg_pool_forward_naive avg_pool_backward_naive",
        "summed area table, a gradient by scattered corners and cumulative sums",
        """
            def avg_pool_forward_naive(x, pool_param):
                PH, PW = pool_param["pool_height"], pool_param["pool_width"]
                S, P = pool_param["stride"], pool_param["pad"]
                t = np.pad(x, ((0, 0), (0, 0), (P + 1, P), (P + 1, P))).cumsum(2).cumsum(3)
                area = t[:, :, PH:, PW:] - t[:, :, :-PH, PW:] - t[:, :, PH:, :-PW] + t[:, :, :-PH, :-PW]
                return area[:, :, ::S, ::S] / (PH * PW), (x.shape, pool_param)


            def avg_pool_backward_naive(dout, cache):
                (N, C, H, W), pool_param = cache
                PH, PW = pool_param["pool_height"], pool_param["pool_width"]
                S, P = pool_param["stride"], pool_param["pad"]
                OH, OW = dout.shape[2:]
                t = np.zeros((N, C, H + 2 * P + 1, W + 2 * P + 1))
                share = dout / PH / PW
                rows, cols = S * np.arange(OH)[:, None], S * np.arange(OW)
                np.add.at(t, np.s_[:, :, rows, cols], share)
                np.add.at(t, np.s_[:, :, rows + PH, cols], -share)
                np.add.at(t, np.s_[:, :, rows, cols + PW], -share)
                np.add.at(t, np.s_[:, :, rows + PH, cols + PW], share)
                return t.cumsum(2).cumsum(3)[:, :, P : P + H, P : P + W]
        """,
    ),
    _right(
        "global_avg_pool_forward global_avg_pool_backward",
        "mean and broadcast",
        """
            def global_avg_pool_forward(x):
                return x.mean(axis=(2, 3)), x


            def global_avg_pool_backward(dout, cache):
                x = cache
                return np.broadcast_to(dout[:, :, None, None] / (x.shape[2] * x.shape[3]), x.shape).copy()
        """,
    ),
    _right(
        "global_avg_pool_forward global_avg_pool_backward",
        "loops, math.fsum, only the shape in the cache",
        """
            import math


            def global_avg_pool_forward(x):
                N, C, H, W = x.shape
                out = np.array([[math.fsum(x[n, c].ravel()) / (H * W) for c in range(C)] for n in range(N)])
                return out, x.shape


            def global_avg_pool_backward(dout, cache):
                N, C, H, W = cache
                dx = np.empty(cache)
                for n in range(N):
                    for c in range(C):
                        dx[n, c, :, :] = dout[n, c] / H / W
                return dx
        """,
    ),
    _right(
        "question_same_padding",
        "half of what the filter reaches beyond its centre",
        """
            def question_same_padding():
                return "D * (K - 1) / 2"
        """,
    ),
    _right(
        "question_same_padding",
        "multiplied out",
        """
            def question_same_padding():
                return "0.5*D*K - 0.5*D"
        """,
    ),
    _right(
        "global_avg_pool_forward global_avg_pool_backward",
        "einsum, outer product with ones, a read-only broadcast",
        """
            def global_avg_pool_forward(x):
                return np.einsum("nchw->nc", x) * (1.0 / x[0, 0].size), x


            def global_avg_pool_backward(dout, cache):
                H, W = cache.shape[-2:]
                return np.einsum("nc,hw->nchw", dout, np.full((H, W), 1.0 / (H * W)))
        """,
    ),
]

_CONV = """
    def conv_forward_naive(x, w, b, conv_param):
        S, P = conv_param["stride"], conv_param["pad"]
        xp = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
        HH, WW = w.shape[2:]
        OH, OW = 1 + (xp.shape[2] - HH) // S, 1 + (xp.shape[3] - WW) // S
        out = np.zeros((len(x), len(w), OH, OW))
        for i in range(OH):
            for j in range(OW):
                window = xp[:, :, i * S : i * S + HH, j * S : j * S + WW]
                out[:, :, i, j] = np.einsum("ncpq,fcpq->nf", window, w) + b
        return out, (x, w, b, conv_param)
"""
_DILATED = """
    def conv_dilated_forward(x, w, b, conv_param):
        S, P, D = conv_param["stride"], conv_param["pad"], conv_param["dilation"]
        xp = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
        RH, RW = D * (w.shape[2] - 1) + 1, D * (w.shape[3] - 1) + 1
        OH, OW = 1 + (xp.shape[2] - RH) // S, 1 + (xp.shape[3] - RW) // S
        out = np.zeros((len(x), len(w), OH, OW))
        for i in range(OH):
            for j in range(OW):
                window = xp[:, :, i * S : i * S + RH : D, j * S : j * S + RW : D]
                out[:, :, i, j] = np.einsum("ncpq,fcpq->nf", window, w) + b
        return out, (x, w, b, conv_param)
"""
_MAX = """
    def max_pool_forward_naive(x, pool_param):
        PH, PW, S = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
        OH, OW = 1 + (x.shape[2] - PH) // S, 1 + (x.shape[3] - PW) // S
        out = np.zeros((x.shape[0], x.shape[1], OH, OW))
        for i in range(OH):
            for j in range(OW):
                out[:, :, i, j] = x[:, :, i * S : i * S + PH, j * S : j * S + PW].max(axis=(2, 3))
        return out, (x, pool_param)
"""
_AVG = """
    def avg_pool_forward_naive(x, pool_param):
        PH, PW = pool_param["pool_height"], pool_param["pool_width"]
        S, P = pool_param["stride"], pool_param["pad"]
        xp = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
        OH, OW = 1 + (xp.shape[2] - PH) // S, 1 + (xp.shape[3] - PW) // S
        out = np.zeros((x.shape[0], x.shape[1], OH, OW))
        for i in range(OH):
            for j in range(OW):
                out[:, :, i, j] = xp[:, :, i * S : i * S + PH, j * S : j * S + PW].mean(axis=(2, 3))
        return out, (x, pool_param)
"""
_GLOBAL = """
    def global_avg_pool_forward(x):
        return x.mean(axis=(2, 3)), x
"""
_TRUE = """
    def _true(dout, x, w, stride, pad):
        H, W = x.shape[2:]
        HH, WW = w.shape[2:]
        xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
        dxp, dw = np.zeros_like(xp), np.zeros_like(w)
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                where = np.s_[:, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
                dxp[where] += np.einsum("nf,fcpq->ncpq", dout[:, :, i, j], w)
                dw += np.einsum("nf,ncpq->fcpq", dout[:, :, i, j], xp[where])
        return dxp[:, :, pad : pad + H, pad : pad + W], dw, dout.sum(axis=(0, 2, 3))


    def _case(shape, kernel, stride, pad, seed=0):
        rng = np.random.default_rng(seed)
        x, w = rng.normal(size=shape), rng.normal(size=(kernel[0], shape[1], *kernel[1:]))
        OH = 1 + (shape[2] + 2 * pad - kernel[1]) // stride
        OW = 1 + (shape[3] + 2 * pad - kernel[2]) // stride
        return rng.normal(size=(shape[0], kernel[0], OH, OW)), x, w, stride, pad


    def _same(backward, case, atol=1e-8):
        try:
            got = backward(*(a.copy() if isinstance(a, np.ndarray) else a for a in case))
            want = _true(*case)
            return len(got) == 3 and all(np.shape(g) == t.shape and np.allclose(g, t, atol=atol) for g, t in zip(got, want))
        except Exception:
            return False
"""
_CONV_BACK = """
    def conv_backward_naive(dout, cache):
        x, w, b, conv_param = cache
        S, P = conv_param["stride"], conv_param["pad"]
        N, C, H, W = x.shape
        F, _, HH, WW = w.shape
        _, _, OH, OW = dout.shape
        xp = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
        dxp = np.zeros_like(xp)
        dw = np.zeros_like(w)
        db = dout.sum(axis=(0, 2, 3))
        for n in range(N):
            for f in range(F):
                for i in range(OH):
                    for j in range(OW):
                        top, left = i * S, j * S
                        dw[f] += dout[n, f, i, j] * xp[n, :, top : top + HH, left : left + WW]
                        dxp[n, :, top : top + HH, left : left + WW] += dout[n, f, i, j] * w[f]
        dx = dxp[:, :, P : P + H, P : P + W]
        return dx, dw, db
"""
_DILATED_BACK = """
    def conv_dilated_backward(dout, cache):
        x, w, b, conv_param = cache
        S, P, D = conv_param["stride"], conv_param["pad"], conv_param["dilation"]
        N, C, H, W = x.shape
        F, _, HH, WW = w.shape
        _, _, OH, OW = dout.shape
        xp = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
        dxp = np.zeros_like(xp)
        dw = np.zeros_like(w)
        for n in range(N):
            for f in range(F):
                for i in range(OH):
                    for j in range(OW):
                        for p in range(HH):
                            for q in range(WW):
                                dw[f, :, p, q] += dout[n, f, i, j] * xp[n, :, i * S + p * D, j * S + q * D]
                                dxp[n, :, i * S + p * D, j * S + q * D] += dout[n, f, i, j] * w[f, :, p, q]
        db = dout.sum(axis=(0, 2, 3))
        return dxp[:, :, P : P + H, P : P + W], dw, db
"""
_MAX_BACK = """
    def max_pool_backward_naive(dout, cache):
        x, pool_param = cache
        PH, PW, S = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
        N, C, OH, OW = dout.shape
        dx = np.zeros_like(x)
        for n in range(N):
            for c in range(C):
                for i in range(OH):
                    for j in range(OW):
                        window = x[n, c, i * S : i * S + PH, j * S : j * S + PW]
                        p, q = np.unravel_index(window.argmax(), window.shape)
                        dx[n, c, i * S + p, j * S + q] += dout[n, c, i, j]
        return dx
"""
_AVG_BACK = """
    def avg_pool_backward_naive(dout, cache):
        x, pool_param = cache
        PH, PW = pool_param["pool_height"], pool_param["pool_width"]
        S, P = pool_param["stride"], pool_param["pad"]
        N, C, H, W = x.shape
        dxp = np.zeros((N, C, H + 2 * P, W + 2 * P))
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                share = dout[:, :, i, j][:, :, None, None] / (PH * PW)
                dxp[:, :, i * S : i * S + PH, j * S : j * S + PW] += share
        return dxp[:, :, P : P + H, P : P + W]
"""
_IM2COL = """
    def im2col(x, height, width, stride, pad):
        N, C, H, W = x.shape
        xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
        OH, OW = 1 + (H + 2 * pad - height) // stride, 1 + (W + 2 * pad - width) // stride
        cols = np.zeros((N, OH, OW, C, height, width))
        for i in range(OH):
            for j in range(OW):
                cols[:, i, j] = xp[:, :, i * stride : i * stride + height, j * stride : j * stride + width]
        return cols.reshape(N * OH * OW, C * height * width)
"""
_COL2IM = """
    def col2im(cols, x_shape, height, width, stride, pad):
        N, C, H, W = x_shape
        OH, OW = 1 + (H + 2 * pad - height) // stride, 1 + (W + 2 * pad - width) // stride
        cols = cols.reshape(N, OH, OW, C, height, width)
        xp = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
        for i in range(OH):
            for j in range(OW):
                xp[:, :, i * stride : i * stride + height, j * stride : j * stride + width] += cols[:, i, j]
        return xp[:, :, pad : pad + H, pad : pad + W]
"""
_CONV_IM2COL = """
    def conv_im2col(x, w, b, conv_param):
        S, P = conv_param["stride"], conv_param["pad"]
        F, C, HH, WW = w.shape
        xp = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
        windows = np.lib.stride_tricks.sliding_window_view(xp, (HH, WW), axis=(2, 3))[:, :, ::S, ::S]
        N, _, OH, OW = windows.shape[:4]
        cols = windows.transpose(0, 2, 3, 1, 4, 5).reshape(N * OH * OW, C * HH * WW)
        out = cols @ w.reshape(F, -1).T + b
        return out.reshape(N, OH, OW, F).transpose(0, 3, 1, 2)
"""
_TRANSPOSE = """
    def conv_transpose(x, w, conv_param):
        S, P = conv_param["stride"], conv_param["pad"]
        N, F, H, W = x.shape
        _, C, HH, WW = w.shape
        OH, OW = S * (H - 1) + HH - 2 * P, S * (W - 1) + WW - 2 * P
        full = np.zeros((N, C, OH + 2 * P, OW + 2 * P))
        for i in range(H):
            for j in range(W):
                stamp = np.einsum("nf,fcpq->ncpq", x[:, :, i, j], w)
                full[:, :, i * S : i * S + HH, j * S : j * S + WW] += stamp
        return full[:, :, P : P + OH, P : P + OW]
"""
_DEPTHWISE = """
    def depthwise_backward(dout, x, w, stride):
        dx, dw = np.zeros_like(x), np.zeros_like(w)
        end = stride * dout.shape[2]
        for k in range(w.shape[1]):
            dx[:, :, k : k + end : stride] += dout * w[:, k, None]
            dw[:, k] += (dout * x[:, :, k : k + end : stride]).sum(axis=(0, 2))
        return dx, dw
"""
_LEARN = """
    def learn_filter(x, y, seed):
        rng = np.random.default_rng(seed)
        w = rng.normal(size=(1, 1, 3, 3))
        N, _, H, W = x.shape
        xp = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
        rate = 0.5 / max(1e-9, 9 * np.mean(x**2))
        for step in range(4000):
            out = sum(w[0, 0, p, q] * xp[:, :, p : p + H, q : q + W] for p in range(3) for q in range(3))
            dout = 2 * (out - y) / y.size
            dw = np.zeros_like(w)
            for p in range(3):
                for q in range(3):
                    dw[0, 0, p, q] = (dout * xp[:, :, p : p + H, q : q + W]).sum()
            w -= rate * dw
        return w
"""
_CHECK = """
    def is_conv_backward(backward):
        cases = []
        for stride in (1, 2, 3):
            for pad in (0, 1, 2):
                cases.append(_case((2, 3, 7, 6), (4, 3, 2), stride, pad))
                cases.append(_case((3, 2, 6, 9), (2, 2, 4), stride, pad, seed=1))
        return all(_same(backward, case) for case in cases)
"""


def _slip(
    name: str, style: str, why: str, base: str, *changes: tuple[str, str], partner: str = "", policy: Policy = ""
) -> Entry:
    """A wrong entry that is a right text with some pieces exchanged, each of which must be there."""
    for old, new in changes:
        assert old in base, (style, old)
        base = base.replace(old, new)
    return _wrong(name, style, why, base, partner=partner, policy=policy)


WRONG_CONVOLUTION = [
    # conv_forward_naive
    _slip(
        "conv_forward_naive",
        "filters flipped: the mathematicians' convolution",
        "w is turned by 180°",
        _CONV,
        ("window, w)", "window, w[:, :, ::-1, ::-1])"),
    ),
    _slip("conv_forward_naive", "bias forgotten", "b is not added", _CONV, (", w) + b", ", w)")),
    _slip(
        "conv_forward_naive",
        "bias once for each channel",
        "C·b[f] is added",
        _CONV,
        (", w) + b", ", w) + x.shape[1] * b"),
    ),
    _slip(
        "conv_forward_naive",
        "windows one pixel apart",
        "the output has the right size, but the windows do not move by the stride",
        _CONV,
        ("i * S : i * S + HH, j * S : j * S + WW", "i : i + HH, j : j + WW"),
    ),
    _slip(
        "conv_forward_naive",
        "stride for rows only",
        "columns move by one",
        _CONV,
        ("j * S : j * S + WW", "j : j + WW"),
    ),
    _slip(
        "conv_forward_naive",
        "output size without the padding",
        "OH and OW leave 2P out, so the last windows are missing",
        _CONV,
        ("1 + (xp.shape[2] - HH)", "1 + (x.shape[2] - HH)"),
        ("1 + (xp.shape[3] - WW)", "1 + (x.shape[3] - WW)"),
    ),
    _slip(
        "conv_forward_naive",
        "padding counted once",
        "P rows are added at the top and none at the bottom",
        _CONV,
        ("(P, P), (P, P)", "(P, 0), (P, 0)"),
    ),
    _slip(
        "conv_forward_naive",
        "padding repeats the edge",
        "the border is continued by its pixels and not by zeros",
        _CONV,
        ("(P, P), (P, P)))", '(P, P), (P, P)), mode="edge")'),
    ),
    _slip(
        "conv_forward_naive",
        "mirrored padding",
        "np.pad reflects the image",
        _CONV,
        ("(P, P), (P, P)))", '(P, P), (P, P)), mode="reflect")'),
    ),
    _wrong(
        "conv_forward_naive",
        "padding on every axis",
        "np.pad(x, P) also pads examples and channels",
        """
            def conv_forward_naive(x, w, b, conv_param):
                S, P = conv_param["stride"], conv_param["pad"]
                N, C, H, W = x.shape
                F, _, HH, WW = w.shape
                xp = np.pad(x, P)
                OH, OW = 1 + (H + 2 * P - HH) // S, 1 + (W + 2 * P - WW) // S
                out = np.zeros((N, F, OH, OW))
                for n in range(N):
                    for f in range(F):
                        for i in range(OH):
                            for j in range(OW):
                                window = xp[n, :C, i * S : i * S + HH, j * S : j * S + WW]
                                out[n, f, i, j] = (window * w[f]).sum() + b[f]
                return out, (x, w, b, conv_param)
        """,
    ),
    _wrong(
        "conv_forward_naive",
        "the last channel only",
        "= where the channels are to be summed",
        """
            def conv_forward_naive(x, w, b, conv_param):
                S, P = conv_param["stride"], conv_param["pad"]
                N, C, H, W = x.shape
                F, _, HH, WW = w.shape
                xp = np.pad(x, ((0,), (0,), (P,), (P,)), "constant")
                OH, OW = 1 + (H + 2 * P - HH) // S, 1 + (W + 2 * P - WW) // S
                out = np.zeros((N, F, OH, OW))
                for n in range(N):
                    for f in range(F):
                        for i in range(OH):
                            for j in range(OW):
                                for c in range(C):
                                    patch = xp[n, c, i * S : i * S + HH, j * S : j * S + WW]
                                    out[n, f, i, j] = np.sum(patch * w[f, c]) + b[f]
                return out, (x, w, b, conv_param)
        """,
    ),
    _wrong(
        "conv_forward_naive",
        "partial windows at the border",
        "the size is rounded up, and windows that hang over see what is there",
        """
            def conv_forward_naive(x, w, b, conv_param):
                S, P = conv_param["stride"], conv_param["pad"]
                N, C, H, W = x.shape
                F, _, HH, WW = w.shape
                xp = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
                OH = 1 + int(np.ceil((H + 2 * P - HH) / S))
                OW = 1 + int(np.ceil((W + 2 * P - WW) / S))
                out = np.zeros((N, F, OH, OW))
                for i in range(OH):
                    for j in range(OW):
                        window = xp[:, :, i * S : i * S + HH, j * S : j * S + WW]
                        part = w[:, :, : window.shape[2], : window.shape[3]]
                        out[:, :, i, j] = np.einsum("ncpq,fcpq->nf", window, part) + b
                return out, (x, w, b, conv_param)
        """,
    ),
    _slip(
        "conv_forward_naive",
        "the stride inside the window",
        "the pixels of a window are S apart and the windows one: a dilation",
        _CONV,
        ("i * S : i * S + HH, j * S : j * S + WW", "i : i + HH * S : S, j : j + WW * S : S"),
        ("1 + (xp.shape[2] - HH) // S", "xp.shape[2] - S * (HH - 1)"),
        ("1 + (xp.shape[3] - WW) // S", "xp.shape[3] - S * (WW - 1)"),
    ),
    _slip(
        "conv_forward_naive",
        "output in single precision",
        "out is float32",
        _CONV,
        ("len(w), OH, OW))", "len(w), OH, OW), dtype=np.float32)"),
        policy="precision",
    ),
    _slip(
        "conv_forward_naive",
        "filters normalised by their area",
        "the mean of the products is taken for their sum",
        _CONV,
        (", w) + b", ", w) / (HH * WW) + b"),
    ),
    _slip(
        "conv_forward_naive",
        "ReLU included",
        "negative outputs are set to zero",
        _CONV,
        ("return out, (x", "return np.maximum(out, 0), (x"),
    ),
    _wrong(
        "conv_forward_naive",
        "padding from an earlier call",
        "the padded image is kept between calls of the same shape",
        """
            _padded = {}


            def conv_forward_naive(x, w, b, conv_param):
                S, P = conv_param["stride"], conv_param["pad"]
                HH, WW = w.shape[2:]
                key = (x.shape, P)
                if key not in _padded:
                    _padded[key] = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
                xp = _padded[key]
                OH, OW = 1 + (xp.shape[2] - HH) // S, 1 + (xp.shape[3] - WW) // S
                out = np.zeros((len(x), len(w), OH, OW))
                for i in range(OH):
                    for j in range(OW):
                        window = xp[:, :, i * S : i * S + HH, j * S : j * S + WW]
                        out[:, :, i, j] = np.einsum("ncpq,fcpq->nf", window, w) + b
                return out, (x, w, b, conv_param)
        """,
        policy="state",
    ),
    # conv_backward_naive
    _slip(
        "conv_backward_naive",
        "windows overwrite each other",
        "= for += in dx",
        _CONV_BACK,
        ("left : left + WW] += dout", "left : left + WW] = dout"),
        partner=_CONV,
    ),
    _slip(
        "conv_backward_naive",
        "filters flipped on the way back",
        "dx is made with w turned by 180°; dw is right",
        _CONV_BACK,
        ("* w[f]", "* w[f, :, ::-1, ::-1]"),
        partner=_CONV,
    ),
    _slip(
        "conv_backward_naive",
        "cropped at the corner",
        "the padding is cut off at the bottom and at the right only",
        _CONV_BACK,
        ("P : P + H, P : P + W", ":H, :W"),
        partner=_CONV,
    ),
    _slip(
        "conv_backward_naive",
        "cropped at the end",
        "twice the padding is cut off at the top and left",
        _CONV_BACK,
        ("P : P + H, P : P + W", "2 * P :, 2 * P :"),
        partner=_CONV,
    ),
    _slip(
        "conv_backward_naive",
        "padding not cut off",
        "dx has the shape of the padded image",
        _CONV_BACK,
        ("dx = dxp[:, :, P : P + H, P : P + W]", "dx = dxp"),
        partner=_CONV,
    ),
    _slip(
        "conv_backward_naive",
        "from P to minus P",
        "without padding the slice 0:-0 is empty",
        _CONV_BACK,
        ("P : P + H, P : P + W", "P:-P, P:-P"),
        partner=_CONV,
    ),
    _slip(
        "conv_backward_naive",
        "no stride in dw",
        "dw is taken from windows one pixel apart",
        _CONV_BACK,
        ("xp[n, :, top : top + HH, left : left + WW]", "xp[n, :, i : i + HH, j : j + WW]"),
        ("dxp[n, :, i : i + HH, j : j + WW]", "dxp[n, :, top : top + HH, left : left + WW]"),
        partner=_CONV,
    ),
    _slip(
        "conv_backward_naive",
        "no stride at all",
        "windows are taken one pixel apart",
        _CONV_BACK,
        ("top, left = i * S, j * S", "top, left = i, j"),
        partner=_CONV,
    ),
    _slip(
        "conv_backward_naive",
        "bias gradient averaged",
        "db is the mean over examples and positions",
        _CONV_BACK,
        ("db = dout.sum(", "db = dout.mean("),
        partner=_CONV,
    ),
    _slip(
        "conv_backward_naive",
        "bias gradient averaged over the batch",
        "db is divided by N",
        _CONV_BACK,
        ("axis=(0, 2, 3))", "axis=(0, 2, 3)) / N"),
        partner=_CONV,
    ),
    _slip(
        "conv_backward_naive",
        "bias gradient not summed over positions",
        "db is the sum over the batch at the first position only",
        _CONV_BACK,
        ("dout.sum(axis=(0, 2, 3))", "dout.sum(axis=0)[:, 0, 0]"),
        partner=_CONV,
    ),
    _slip(
        "conv_backward_naive",
        "bias gradient for each example",
        "db has the shape (N, F)",
        _CONV_BACK,
        ("axis=(0, 2, 3))", "axis=(2, 3))"),
        partner=_CONV,
    ),
    _slip(
        "conv_backward_naive",
        "averaged over the batch",
        "dw and db are divided by N",
        _CONV_BACK,
        ("return dx, dw, db", "return dx, dw / N, db / N"),
        partner=_CONV,
    ),
    _slip(
        "conv_backward_naive",
        "the last example's filters",
        "dw starts anew with each example",
        _CONV_BACK,
        (
            "        for n in range(N):\n            for f",
            "        for n in range(N):\n            dw[...] = 0\n            for f",
        ),
        partner=_CONV,
    ),
    _slip(
        "conv_backward_naive",
        "dw keeps the last window",
        "= for += in dw",
        _CONV_BACK,
        ("dw[f] += ", "dw[f] = "),
        partner=_CONV,
    ),
    _slip(
        "conv_backward_naive",
        "dw from an image padded at one side",
        "the windows of dw are shifted by the padding",
        _CONV_BACK,
        (
            "xp = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))",
            "xp = np.pad(x, ((0, 0), (0, 0), (0, 2 * P), (0, 2 * P)))",
        ),
        partner=_CONV,
    ),
    _slip(
        "conv_backward_naive",
        "the upstream gradient ignored for x",
        "dx takes ones for dout",
        _CONV_BACK,
        ("dout[n, f, i, j] * w[f]", "w[f]"),
        partner=_CONV,
    ),
    _slip(
        "conv_backward_naive",
        "order of w, x, b",
        "dw is returned first",
        _CONV_BACK,
        ("return dx, dw, db", "return dw, dx, db"),
        partner=_CONV,
    ),
    _slip(
        "conv_backward_naive",
        "the last filter's share of dx",
        "dx of the other filters is thrown away",
        _CONV_BACK,
        ("            for f in range(F):\n", "            for f in range(F):\n                dxp[n] = 0\n"),
        partner=_CONV,
    ),
    _slip(
        "conv_backward_naive",
        "height and width of the filter swapped",
        "windows of WW rows and HH columns: right for square filters",
        _CONV_BACK,
        ("F, _, HH, WW = w.shape", "F, _, WW, HH = w.shape"),
        partner=_CONV,
    ),
    _slip(
        "conv_backward_naive",
        "rows and columns of the output swapped",
        "the loops run over OW rows and OH columns",
        _CONV_BACK,
        ("_, _, OH, OW = dout.shape", "_, _, OW, OH = dout.shape"),
        partner=_CONV,
    ),
    _slip(
        "conv_backward_naive",
        "a bias gradient as a column",
        "db has the shape (F, 1)",
        _CONV_BACK,
        ("axis=(0, 2, 3))", "axis=(0, 2, 3)).reshape(-1, 1)"),
        partner=_CONV,
        policy="shape",
    ),
    _wrong(
        "conv_backward_naive",
        "full correlation without the stride",
        "dx is a correlation of dout with turned filters, dout not spread out: right at stride 1",
        """
            def conv_backward_naive(dout, cache):
                x, w, b, conv_param = cache
                S, P = conv_param["stride"], conv_param["pad"]
                N, C, H, W = x.shape
                F, _, HH, WW = w.shape
                xp = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
                dw = np.zeros_like(w)
                for i in range(dout.shape[2]):
                    for j in range(dout.shape[3]):
                        window = xp[:, :, i * S : i * S + HH, j * S : j * S + WW]
                        dw += np.einsum("nf,ncpq->fcpq", dout[:, :, i, j], window)
                full = np.pad(dout, ((0, 0), (0, 0), (HH - 1, H + 2 * P), (WW - 1, W + 2 * P)))
                dxp = np.zeros((N, C, H + 2 * P, W + 2 * P))
                for i in range(H + 2 * P):
                    for j in range(W + 2 * P):
                        dxp[:, :, i, j] = np.einsum("nfpq,fcpq->nc", full[:, :, i : i + HH, j : j + WW], w[:, :, ::-1, ::-1])
                return dxp[:, :, P : P + H, P : P + W], dw, dout.sum(axis=(0, 2, 3))
        """,
        partner=_CONV,
    ),
    _wrong(
        "conv_backward_naive",
        "pixels that no window reached are missing",
        "dx is only as large as the windows reach where the stride does not divide",
        """
            def conv_backward_naive(dout, cache):
                x, w, b, conv_param = cache
                S, P = conv_param["stride"], conv_param["pad"]
                HH, WW = w.shape[2:]
                OH, OW = dout.shape[2:]
                xp = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
                dxp = np.zeros((*x.shape[:2], (OH - 1) * S + HH, (OW - 1) * S + WW))
                dw = np.zeros_like(w)
                for i in range(OH):
                    for j in range(OW):
                        where = np.s_[:, :, i * S : i * S + HH, j * S : j * S + WW]
                        dw += np.einsum("nf,ncpq->fcpq", dout[:, :, i, j], xp[where])
                        dxp[where] += np.einsum("nf,fcpq->ncpq", dout[:, :, i, j], w)
                dx = dxp[:, :, P : dxp.shape[2] - P, P : dxp.shape[3] - P]
                return dx, dw, dout.sum(axis=(0, 2, 3))
        """,
        partner=_CONV,
    ),
    _wrong(
        "conv_backward_naive",
        "one-sided differences",
        "derivatives by differences with a step of 1e-5: they have half of the digits",
        """
            def conv_backward_naive(dout, cache):
                x, w, b, conv_param = cache
                h = 1e-5

                def loss(x, w, b):
                    return float((conv_forward_naive(x, w, b, conv_param)[0] * dout).sum())

                grads = []
                arrays = [x.copy(), w.copy(), b.copy()]
                base = loss(*arrays)
                for a in arrays:
                    g = np.zeros_like(a)
                    for k in np.ndindex(*a.shape):
                        old = a[k]
                        a[k] = old + h
                        g[k] = (loss(*arrays) - base) / h
                        a[k] = old
                    grads.append(g)
                return tuple(grads)
        """,
        partner=_CONV,
        policy="numeric",
    ),
    _wrong(
        "conv_backward_naive",
        "gradients gathered over calls",
        "dw lives outside the function and is never cleared",
        """
            _store = {}


            def conv_backward_naive(dout, cache):
                x, w, b, conv_param = cache
                S, P = conv_param["stride"], conv_param["pad"]
                H, W = x.shape[2:]
                HH, WW = w.shape[2:]
                xp = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
                dxp = np.zeros_like(xp)
                dw = _store.setdefault(w.shape, np.zeros_like(w))
                for i in range(dout.shape[2]):
                    for j in range(dout.shape[3]):
                        where = np.s_[:, :, i * S : i * S + HH, j * S : j * S + WW]
                        dw += np.einsum("nf,ncpq->fcpq", dout[:, :, i, j], xp[where])
                        dxp[where] += np.einsum("nf,fcpq->ncpq", dout[:, :, i, j], w)
                return dxp[:, :, P : P + H, P : P + W], dw.copy(), dout.sum(axis=(0, 2, 3))
        """,
        partner=_CONV,
        policy="state",
    ),
    # conv_dilated_forward
    _slip(
        "conv_dilated_forward",
        "dilation ignored",
        "the filter looks at neighbouring pixels",
        _DILATED,
        ('conv_param["pad"], conv_param["dilation"]', 'conv_param["pad"], 1'),
    ),
    _slip(
        "conv_dilated_forward",
        "reach of D times HH",
        "the reach is D·HH, so the last windows are missing",
        _DILATED,
        ("1 + (xp.shape[2] - RH)", "1 + (xp.shape[2] - D * w.shape[2])"),
        ("1 + (xp.shape[3] - RW)", "1 + (xp.shape[3] - D * w.shape[3])"),
    ),
    _slip(
        "conv_dilated_forward",
        "size of an ordinary convolution",
        "the output size forgets the dilation; windows beyond the image cannot be read",
        _DILATED,
        ("1 + (xp.shape[2] - RH)", "1 + (xp.shape[2] - w.shape[2])"),
        ("1 + (xp.shape[3] - RW)", "1 + (xp.shape[3] - w.shape[3])"),
    ),
    _slip(
        "conv_dilated_forward",
        "stride and dilation change places",
        "windows are D apart and the pixels of a window S",
        _DILATED,
        (
            'S, P, D = conv_param["stride"], conv_param["pad"], conv_param["dilation"]',
            'D, P, S = conv_param["stride"], conv_param["pad"], conv_param["dilation"]',
        ),
    ),
    _slip(
        "conv_dilated_forward",
        "D minus one zeros taken for D",
        "pixels are D + 1 apart, as if D counted the pixels in between",
        _DILATED,
        ('conv_param["pad"], conv_param["dilation"]', 'conv_param["pad"], conv_param["dilation"] + 1'),
    ),
    _slip(
        "conv_dilated_forward",
        "padding grows with the dilation",
        "P·D zeros are added",
        _DILATED,
        ("        xp = np.pad", "        P = P * D\n        xp = np.pad"),
    ),
    _slip(
        "conv_dilated_forward",
        "dilated along the rows only",
        "columns of the window are neighbours",
        _DILATED,
        ("j * S : j * S + RW : D", "j * S : j * S + w.shape[3]"),
    ),
    # conv_dilated_backward
    _slip(
        "conv_dilated_backward",
        "dw without the dilation",
        "dw sees neighbouring pixels; dx is right",
        _DILATED_BACK,
        (
            "dout[n, f, i, j] * xp[n, :, i * S + p * D, j * S + q * D]",
            "dout[n, f, i, j] * xp[n, :, i * S + p, j * S + q]",
        ),
        partner=_DILATED,
    ),
    _slip(
        "conv_dilated_backward",
        "dx without the dilation",
        "dx goes to neighbouring pixels; dw is right",
        _DILATED_BACK,
        ("dxp[n, :, i * S + p * D, j * S + q * D] +=", "dxp[n, :, i * S + p, j * S + q] +="),
        partner=_DILATED,
    ),
    _slip(
        "conv_dilated_backward",
        "the last gradient that comes to a pixel",
        "= for += in dx",
        _DILATED_BACK,
        ("j * S + q * D] += dout", "j * S + q * D] = dout"),
        partner=_DILATED,
    ),
    _slip(
        "conv_dilated_backward",
        "cropped by P times D",
        "the padding is taken to be P·D wide",
        _DILATED_BACK,
        ("dxp = np.zeros_like(xp)", "dxp = np.zeros((N, C, H + 2 * P * D, W + 2 * P * D))"),
        ("P : P + H, P : P + W", "P * D : P * D + H, P * D : P * D + W"),
        partner=_DILATED,
    ),
    _slip(
        "conv_dilated_backward",
        "turned filter",
        "dx uses the filter's positions backwards",
        _DILATED_BACK,
        ("* w[f, :, p, q]", "* w[f, :, HH - 1 - p, WW - 1 - q]"),
        partner=_DILATED,
    ),
    _slip(
        "conv_dilated_backward",
        "the stride forgotten",
        "windows are taken one pixel apart",
        _DILATED_BACK,
        ("i * S", "i"),
        ("j * S", "j"),
        partner=_DILATED,
    ),
    _slip(
        "conv_dilated_backward",
        "a bias gradient that misses the batch",
        "db holds the first example's sum",
        _DILATED_BACK,
        ("dout.sum(axis=(0, 2, 3))", "dout[0].sum(axis=(1, 2))"),
        partner=_DILATED,
    ),
    # receptive_field
    _wrong(
        "receptive_field",
        "strides forgotten",
        "1 + Σ (k − 1)",
        """
            def receptive_field(kernels, strides):
                return 1 + sum(k - 1 for k in kernels)
        """,
    ),
    _wrong(
        "receptive_field",
        "a layer's own stride counts already",
        "the jump is multiplied before it is used",
        """
            def receptive_field(kernels, strides):
                r, jump = 1, 1
                for k, s in zip(kernels, strides):
                    jump *= s
                    r += (k - 1) * jump
                return r
        """,
    ),
    _wrong(
        "receptive_field",
        "the recurrence from the wrong end",
        "r = s·(r − 1) + k is run from the image",
        """
            def receptive_field(kernels, strides):
                r = 1
                for k, s in zip(kernels, strides):
                    r = s * (r - 1) + k
                return r
        """,
    ),
    _wrong(
        "receptive_field",
        "product of the windows",
        "as if no windows overlapped",
        """
            def receptive_field(kernels, strides):
                r = 1
                for k in kernels:
                    r *= k
                return r
        """,
    ),
    _wrong(
        "receptive_field",
        "one too few",
        "counting starts at 0",
        """
            def receptive_field(kernels, strides):
                r, jump = 0, 1
                for k, s in zip(kernels, strides):
                    r += (k - 1) * jump
                    jump *= s
                return r
        """,
    ),
    _wrong(
        "receptive_field",
        "k instead of k minus one",
        "neighbouring windows are taken to share nothing",
        """
            def receptive_field(kernels, strides):
                r, jump = 0, 1
                for k, s in zip(kernels, strides):
                    r += k * jump
                    jump *= s
                return r
        """,
    ),
    _wrong(
        "receptive_field",
        "the stride of the layer before only",
        "strides are not multiplied up",
        """
            def receptive_field(kernels, strides):
                r, before = 1, 1
                for k, s in zip(kernels, strides):
                    r += (k - 1) * before
                    before = s
                return r
        """,
    ),
    # learn_filter
    _slip("learn_filter", "one step", "the loop ends after its first step", _LEARN, ("range(4000)", "range(1)")),
    _slip("learn_filter", "uphill", "the gradient is added", _LEARN, ("w -= rate * dw", "w += 0.001 * rate * dw")),
    _slip(
        "learn_filter",
        "returned flipped",
        "the filter is turned by 180° at the end",
        _LEARN,
        ("return w", "return w[:, :, ::-1, ::-1]"),
    ),
    _slip(
        "learn_filter",
        "a step far too large",
        "the weights grow without bound",
        _LEARN,
        ("w -= rate * dw", "w -= 20 * rate * dw"),
        ("range(4000)", "range(60)"),
    ),
    _slip(
        "learn_filter",
        "stops too early",
        "the loop ends at a loss of 0.05",
        _LEARN,
        (
            "            dout = 2",
            "            if np.mean((out - y) ** 2) < 0.05:\n                break\n            dout = 2",
        ),
    ),
    _slip("learn_filter", "a plain matrix", "the filter has the shape (3, 3)", _LEARN, ("return w", "return w[0, 0]")),
    _slip(
        "learn_filter",
        "the start is returned",
        "the updated weights are another array than the one returned",
        _LEARN,
        ("for step in", "v = w.copy()\n        for step in"),
        ("w -= rate * dw", "v -= rate * dw"),
    ),
    _slip(
        "learn_filter",
        "rows and columns of the gradient swapped",
        "dw is transposed",
        _LEARN,
        ("dw[0, 0, p, q] =", "dw[0, 0, q, p] ="),
    ),
    # depthwise_backward
    _slip(
        "depthwise_backward",
        "the fault left in",
        "dw takes neighbouring entries, whatever the stride",
        _DEPTHWISE,
        ("dout * x[:, :, k : k + end : stride]", "dout * x[:, :, k : k + dout.shape[2]]"),
    ),
    _slip(
        "depthwise_backward",
        "both made alike the wrong way",
        "the stride is taken out of dx too",
        _DEPTHWISE,
        ("dx[:, :, k : k + end : stride]", "dx[:, :, k : k + dout.shape[2]]"),
        ("dout * x[:, :, k : k + end : stride]", "dout * x[:, :, k : k + dout.shape[2]]"),
    ),
    _slip(
        "depthwise_backward",
        "start moved by the stride",
        "dw begins at k·stride",
        _DEPTHWISE,
        ("x[:, :, k : k + end : stride]).sum", "x[:, :, k * stride : k * stride + dout.shape[2]]).sum"),
    ),
    _slip(
        "depthwise_backward",
        "strided without an end",
        "the slice has more entries than dout where the stride does not divide",
        _DEPTHWISE,
        ("dw[:, k] += (dout * x[:, :, k : k + end : stride])", "dw[:, k] += (dout * x[:, :, k::stride])"),
    ),
    _slip(
        "depthwise_backward",
        "mended, but averaged",
        "dw is the mean over the batch",
        _DEPTHWISE,
        ("axis=(0, 2))", "axis=(0, 2)) / len(x)"),
    ),
    _slip(
        "depthwise_backward",
        "mended, but dx overwritten",
        "= for += in dx",
        _DEPTHWISE,
        ("stride] += dout", "stride] = dout"),
    ),
    # is_conv_backward
    _slip(
        "is_conv_backward",
        "always true",
        "nothing is tried",
        _CHECK,
        ("return all(", "return True or all("),
        partner=_TRUE,
    ),
    _slip(
        "is_conv_backward",
        "stride one only",
        "no other stride is tried",
        _CHECK,
        ("for stride in (1, 2, 3)", "for stride in (1,)"),
        partner=_TRUE,
    ),
    _slip(
        "is_conv_backward",
        "no padding",
        "pad is 0 in all cases",
        _CHECK,
        ("for pad in (0, 1, 2)", "for pad in (0,)"),
        partner=_TRUE,
    ),
    _slip(
        "is_conv_backward",
        "padding always",
        "pad 0, at which an empty slice shows, is not tried",
        _CHECK,
        ("for pad in (0, 1, 2)", "for pad in (1, 2)"),
        partner=_TRUE,
    ),
    _slip(
        "is_conv_backward",
        "square images and filters",
        "swapped heights and widths are not seen",
        _CHECK,
        ("(2, 3, 7, 6), (4, 3, 2)", "(2, 3, 7, 7), (4, 3, 3)"),
        ("(3, 2, 6, 9), (2, 2, 4)", "(3, 2, 6, 6), (2, 2, 2)"),
        partner=_TRUE,
    ),
    _slip(
        "is_conv_backward",
        "windows that do not overlap",
        "strides as large as the windows hide = for +=",
        _CHECK,
        ("for stride in (1, 2, 3)", "for stride in (3,)"),
        ("(4, 3, 2)", "(4, 3, 2)"),
        ("(2, 2, 4)", "(2, 2, 3)"),
        partner=_TRUE,
    ),
    _slip(
        "is_conv_backward",
        "one example",
        "N is 1 in all cases",
        _CHECK,
        ("(2, 3, 7, 6)", "(1, 3, 7, 6)"),
        ("(3, 2, 6, 9)", "(1, 2, 6, 9)"),
        partner=_TRUE,
    ),
    _wrong(
        "is_conv_backward",
        "an upstream gradient of ones",
        "what ignores dout is not seen",
        """
            def is_conv_backward(backward):
                for stride in (1, 2, 3):
                    for pad in (0, 1, 2):
                        dout, x, w, _, _ = _case((2, 3, 7, 6), (4, 3, 2), stride, pad)
                        if not _same(backward, (np.ones_like(dout), x, w, stride, pad)):
                            return False
                return True
        """,
        partner=_TRUE,
    ),
    _wrong(
        "is_conv_backward",
        "dx only",
        "dw and db are not compared",
        """
            def is_conv_backward(backward):
                for stride in (1, 2, 3):
                    for pad in (0, 1, 2):
                        case = _case((2, 3, 7, 6), (4, 3, 2), stride, pad)
                        try:
                            if not np.allclose(backward(*case)[0], _true(*case)[0]):
                                return False
                        except Exception:
                            return False
                return True
        """,
        partner=_TRUE,
    ),
    _wrong(
        "is_conv_backward",
        "the bias is not looked at",
        "a candidate with a wrong db is accepted",
        """
            def is_conv_backward(backward):
                for stride in (1, 2, 3):
                    for pad in (0, 1, 2):
                        case = _case((2, 3, 7, 6), (4, 3, 2), stride, pad)
                        try:
                            dx, dw, _ = backward(*case)
                            tx, tw, _ = _true(*case)
                            if dx.shape != tx.shape or dw.shape != tw.shape:
                                return False
                            if abs(dx - tx).max() > 1e-8 or abs(dw - tw).max() > 1e-8:
                                return False
                        except Exception:
                            return False
                return True
        """,
        partner=_TRUE,
    ),
    _wrong(
        "is_conv_backward",
        "errors are passed over",
        "a case at which the candidate raises is left out",
        """
            def is_conv_backward(backward):
                for stride in (1, 2, 3):
                    for pad in (0, 1, 2):
                        for shape, kernel in [((2, 3, 7, 6), (4, 3, 2)), ((3, 2, 6, 9), (2, 2, 4))]:
                            case = _case(shape, kernel, stride, pad)
                            try:
                                pairs = list(zip(backward(*case), _true(*case)))
                            except Exception:
                                continue
                            for got, want in pairs:
                                if got.shape != want.shape or not np.allclose(got, want):
                                    return False
                return True
        """,
        partner=_TRUE,
    ),
    _wrong(
        "is_conv_backward",
        "equal to the last bit",
        "right candidates that sum in another order are refused",
        """
            def is_conv_backward(backward):
                for stride in (1, 2, 3):
                    for pad in (0, 1, 2):
                        case = _case((2, 3, 7, 6), (4, 3, 2), stride, pad)
                        try:
                            if not all(np.array_equal(g, t) for g, t in zip(backward(*case), _true(*case))):
                                return False
                        except Exception:
                            return False
                return True
        """,
        partner=_TRUE,
    ),
    _wrong(
        "is_conv_backward",
        "true and false exchanged",
        "the result is negated",
        """
            def is_conv_backward(backward):
                cases = [_case((2, 3, 7, 6), (4, 3, 2), stride, pad) for stride in (1, 2, 3) for pad in (0, 1, 2)]
                wrong = [case for case in cases if not _same(backward, case)]
                return bool(wrong)
        """,
        partner=_TRUE,
    ),
    _wrong(
        "is_conv_backward",
        "any case is enough",
        "one case that is right makes the candidate right",
        """
            def is_conv_backward(backward):
                cases = [_case((2, 3, 7, 6), (4, 3, 2), stride, pad) for stride in (1, 2, 3) for pad in (0, 1, 2)]
                return any(_same(backward, case) for case in cases)
        """,
        partner=_TRUE,
    ),
    # conv_output_size
    _wrong(
        "conv_output_size",
        "rounded up",
        "the last, partial window counts",
        """
            def conv_output_size(size, kernel, stride=1, pad=0, dilation=1):
                reach = dilation * (kernel - 1) + 1
                return -(-(size + 2 * pad - reach) // stride) + 1
        """,
    ),
    _wrong(
        "conv_output_size",
        "padding at one end",
        "pad is added once",
        """
            def conv_output_size(size, kernel, stride=1, pad=0, dilation=1):
                return (size + pad - dilation * (kernel - 1) - 1) // stride + 1
        """,
    ),
    _wrong(
        "conv_output_size",
        "one too few",
        "the first window is not counted",
        """
            def conv_output_size(size, kernel, stride=1, pad=0, dilation=1):
                return (size + 2 * pad - dilation * (kernel - 1) - 1) // stride
        """,
    ),
    _wrong(
        "conv_output_size",
        "dilation times the kernel",
        "the reach is taken as dilation·kernel",
        """
            def conv_output_size(size, kernel, stride=1, pad=0, dilation=1):
                return (size + 2 * pad - dilation * kernel) // stride + 1
        """,
    ),
    _wrong(
        "conv_output_size",
        "true division",
        "a fraction comes out where the stride does not divide",
        """
            def conv_output_size(size, kernel, stride=1, pad=0, dilation=1):
                return (size + 2 * pad - dilation * (kernel - 1) - 1) / stride + 1
        """,
    ),
    _wrong(
        "conv_output_size",
        "the one inside the quotient",
        "1 is added before the division",
        """
            def conv_output_size(size, kernel, stride=1, pad=0, dilation=1):
                return (size + 2 * pad - dilation * (kernel - 1) - 1 + 1) // stride
        """,
    ),
    _wrong(
        "conv_output_size",
        "rounded to the nearest",
        "round for floor",
        """
            def conv_output_size(size, kernel, stride=1, pad=0, dilation=1):
                return round((size + 2 * pad - dilation * (kernel - 1) - 1) / stride) + 1
        """,
    ),
    _wrong(
        "conv_output_size",
        "no dilation",
        "the dilation is not used",
        """
            def conv_output_size(size, kernel, stride=1, pad=0, dilation=1):
                return (size + 2 * pad - kernel) // stride + 1
        """,
    ),
    _wrong(
        "conv_output_size",
        "padding by default",
        "the default of pad keeps the size instead of being 0",
        """
            def conv_output_size(size, kernel, stride=1, pad=None, dilation=1):
                if pad is None:
                    pad = dilation * (kernel - 1) // 2
                return (size + 2 * pad - dilation * (kernel - 1) - 1) // stride + 1
        """,
    ),
    # conv1d_matrix
    _wrong(
        "conv1d_matrix",
        "transposed",
        "T has a column for each window",
        """
            def conv1d_matrix(w, size, stride=1):
                OL = 1 + (size - len(w)) // stride
                T = np.zeros((size, OL))
                for i in range(OL):
                    T[i * stride : i * stride + len(w), i] = w
                return T
        """,
    ),
    _wrong(
        "conv1d_matrix",
        "filter flipped",
        "np.convolve turns w around",
        """
            def conv1d_matrix(w, size, stride=1):
                return np.stack([np.convolve(e, w, mode="valid")[::stride] for e in np.eye(size)], axis=1)
        """,
    ),
    _wrong(
        "conv1d_matrix",
        "stride forgotten",
        "rows are moved on by one",
        """
            def conv1d_matrix(w, size, stride=1):
                OL = 1 + (size - len(w)) // stride
                T = np.zeros((OL, size))
                for i in range(OL):
                    T[i, i : i + len(w)] = w
                return T
        """,
    ),
    _wrong(
        "conv1d_matrix",
        "circulant",
        "windows go round the end and there is a row for each entry",
        """
            def conv1d_matrix(w, size, stride=1):
                first = np.zeros(size)
                first[: len(w)] = w
                return np.array([np.roll(first, i) for i in range(0, size, stride)])
        """,
    ),
    _wrong(
        "conv1d_matrix",
        "matrix of integers",
        "the weights are cut to integers",
        """
            def conv1d_matrix(w, size, stride=1):
                OL = 1 + (size - len(w)) // stride
                T = np.zeros((OL, size), dtype=int)
                for i in range(OL):
                    T[i, i * stride : i * stride + len(w)] = w
                return T
        """,
    ),
    _wrong(
        "conv1d_matrix",
        "partial windows at the end",
        "rows that hang over the end are kept",
        """
            def conv1d_matrix(w, size, stride=1):
                rows = []
                for start in range(0, size, stride):
                    row = np.zeros(size)
                    n = min(len(w), size - start)
                    row[start : start + n] = w[:n]
                    rows.append(row)
                return np.array(rows)
        """,
    ),
    _wrong(
        "conv1d_matrix",
        "all windows, at any stride",
        "the stride is ignored: a row for each start",
        """
            def conv1d_matrix(w, size, stride=1):
                K = w.shape[0]
                T = np.zeros((size - K + 1, size))
                for i in range(size - K + 1):
                    T[i, i : i + K] = w
                return T
        """,
    ),
    # im2col
    _slip(
        "im2col",
        "channels last in a row",
        "columns are in the order p, q, c",
        _IM2COL,
        ("cols.reshape", "cols.transpose(0, 1, 2, 4, 5, 3).reshape"),
    ),
    _slip(
        "im2col",
        "examples fastest",
        "rows are in the order i, j, n, as in the course's fast layers",
        _IM2COL,
        ("cols.reshape", "cols.transpose(1, 2, 0, 3, 4, 5).reshape"),
    ),
    _slip(
        "im2col",
        "a window a column",
        "the matrix is transposed",
        _IM2COL,
        ("C * height * width)", "C * height * width).T"),
    ),
    _slip(
        "im2col",
        "columns first over the image",
        "rows are in the order n, j, i",
        _IM2COL,
        ("cols.reshape", "cols.transpose(0, 2, 1, 3, 4, 5).reshape"),
    ),
    _slip(
        "im2col",
        "windows read down their columns",
        "columns are in the order c, q, p",
        _IM2COL,
        ("cols.reshape", "cols.transpose(0, 1, 2, 3, 5, 4).reshape"),
    ),
    _slip(
        "im2col",
        "padding ignored",
        "pad is not used",
        _IM2COL,
        ("        xp = ", "        pad = 0\n        xp = "),
    ),
    _slip(
        "im2col",
        "stride ignored",
        "windows are one pixel apart",
        _IM2COL,
        ("i * stride : i * stride", "i : i"),
        ("j * stride : j * stride", "j : j"),
    ),
    _slip(
        "im2col",
        "height and width exchanged",
        "windows have width rows and height columns",
        _IM2COL,
        ("def im2col(x, height, width,", "def im2col(x, width, height,"),
    ),
    _slip(
        "im2col",
        "reshaped from another order of axes",
        "windows are gathered as (OH, OW, ...) behind the channels and only reshaped",
        _IM2COL,
        ("(N, OH, OW, C, height, width))", "(N, C, height, width, OH, OW))"),
        ("cols[:, i, j] =", "cols[..., i, j] ="),
    ),
    # col2im
    _slip(
        "col2im",
        "windows overwrite each other",
        "= for +=",
        _COL2IM,
        ("width] += cols", "width] = cols"),
    ),
    _slip(
        "col2im",
        "cropped at the corner",
        "the padding is cut off at the bottom and the right only",
        _COL2IM,
        ("pad : pad + H, pad : pad + W", ":H, :W"),
    ),
    _slip(
        "col2im",
        "from pad to minus pad",
        "without padding the slice is empty",
        _COL2IM,
        ("pad : pad + H, pad : pad + W", "pad:-pad, pad:-pad"),
    ),
    _slip(
        "col2im",
        "averaged where windows overlap",
        "the inverse of im2col and not its adjoint: sums are divided by the number of windows",
        _COL2IM,
        ("        for i in", "        count = np.zeros_like(xp)\n        for i in"),
        (
            "+= cols[:, i, j]",
            "+= cols[:, i, j]\n                count[:, :, i * stride : i * stride + height, j * stride : j * stride + width] += 1",
        ),
        ("        return xp[", "        return (xp / np.maximum(count, 1))["),
    ),
    _slip(
        "col2im",
        "rows taken examples fastest",
        "rows are read in the order i, j, n",
        _COL2IM,
        (
            "cols.reshape(N, OH, OW, C, height, width)",
            "cols.reshape(OH, OW, N, C, height, width).transpose(2, 0, 1, 3, 4, 5)",
        ),
    ),
    _slip(
        "col2im",
        "columns taken channels last",
        "columns are read in the order p, q, c",
        _COL2IM,
        (
            "cols.reshape(N, OH, OW, C, height, width)",
            "cols.reshape(N, OH, OW, height, width, C).transpose(0, 1, 2, 5, 3, 4)",
        ),
    ),
    _wrong(
        "col2im",
        "plus-equals with index arrays",
        "x[index] += y adds once where an index repeats",
        """
            def col2im(cols, x_shape, height, width, stride, pad):
                N, C, H, W = x_shape
                OH, OW = 1 + (H + 2 * pad - height) // stride, 1 + (W + 2 * pad - width) // stride
                rows = stride * np.arange(OH)[:, None, None, None] + np.arange(height)[:, None]
                columns = stride * np.arange(OW)[:, None, None] + np.arange(width)
                dx = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
                dx[:, :, rows, columns] += cols.reshape(N, OH, OW, C, height, width).transpose(0, 3, 1, 2, 4, 5)
                return dx[:, :, pad : pad + H, pad : pad + W]
        """,
    ),
    _slip(
        "col2im",
        "the padding is kept",
        "the image is not cropped",
        _COL2IM,
        ("xp[:, :, pad : pad + H, pad : pad + W]", "xp"),
    ),
    # conv_im2col
    _wrong(
        "conv_im2col",
        "loops over the windows",
        "the columns are made with two loops",
        """
            def conv_im2col(x, w, b, conv_param):
                S, P = conv_param["stride"], conv_param["pad"]
                N, C, H, W = x.shape
                F, _, HH, WW = w.shape
                xp = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
                OH, OW = 1 + (H + 2 * P - HH) // S, 1 + (W + 2 * P - WW) // S
                cols = np.zeros((N, OH, OW, C * HH * WW))
                for i in range(OH):
                    for j in range(OW):
                        cols[:, i, j] = xp[:, :, i * S : i * S + HH, j * S : j * S + WW].reshape(N, -1)
                return np.moveaxis(cols @ w.reshape(F, -1).T + b, 3, 1)
        """,
    ),
    _wrong(
        "conv_im2col",
        "a loop in the helper",
        "the helper im2col has a comprehension over the windows",
        """
            def im2col(x, height, width, stride, pad):
                N, C, H, W = x.shape
                xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
                OH, OW = 1 + (H + 2 * pad - height) // stride, 1 + (W + 2 * pad - width) // stride
                return np.array(
                    [
                        xp[n, :, i * stride : i * stride + height, j * stride : j * stride + width].ravel()
                        for n in range(N)
                        for i in range(OH)
                        for j in range(OW)
                    ]
                )


            def conv_im2col(x, w, b, conv_param):
                S, P = conv_param["stride"], conv_param["pad"]
                F, C, HH, WW = w.shape
                OH, OW = 1 + (x.shape[2] + 2 * P - HH) // S, 1 + (x.shape[3] + 2 * P - WW) // S
                out = im2col(x, HH, WW, S, P) @ w.reshape(F, -1).T + b
                return out.reshape(len(x), OH, OW, F).transpose(0, 3, 1, 2)
        """,
    ),
    _slip(
        "conv_im2col",
        "reshaped where axes must move",
        "the product is reshaped to (N, F, OH, OW) as it lies",
        _CONV_IM2COL,
        ("out.reshape(N, OH, OW, F).transpose(0, 3, 1, 2)", "out.reshape(N, F, OH, OW)"),
    ),
    _slip(
        "conv_im2col",
        "batch and filters mixed by a reshape",
        "the transposed product is reshaped to (N, F, OH, OW)",
        _CONV_IM2COL,
        ("out.reshape(N, OH, OW, F).transpose(0, 3, 1, 2)", "out.T.reshape(N, F, OH, OW)"),
    ),
    _slip("conv_im2col", "bias forgotten", "b is not added", _CONV_IM2COL, (".T + b", ".T")),
    _slip(
        "conv_im2col",
        "columns and weights in different orders",
        "the windows lie as p, q, c and the weights as c, p, q",
        _CONV_IM2COL,
        ("transpose(0, 2, 3, 1, 4, 5)", "transpose(0, 2, 3, 4, 5, 1)"),
    ),
    _slip(
        "conv_im2col",
        "rows and columns of the output exchanged",
        "out is (N, F, OW, OH)",
        _CONV_IM2COL,
        ("transpose(0, 3, 1, 2)", "transpose(0, 3, 2, 1)"),
    ),
    _slip("conv_im2col", "stride forgotten", "all windows are kept", _CONV_IM2COL, ("[:, :, ::S, ::S]", "")),
    # conv_transpose
    _slip(
        "conv_transpose",
        "the padding is not cut off",
        "the full array is returned",
        _TRANSPOSE,
        ("full[:, :, P : P + OH, P : P + OW]", "full"),
    ),
    _slip(
        "conv_transpose",
        "cut off at the end only",
        "2P rows and columns are taken from the bottom and the right",
        _TRANSPOSE,
        ("P : P + OH, P : P + OW", ":OH, :OW"),
    ),
    _slip("conv_transpose", "stamps overwrite", "= for +=", _TRANSPOSE, ("WW] += stamp", "WW] = stamp")),
    _slip(
        "conv_transpose",
        "filters turned",
        "w is turned by 180°",
        _TRANSPOSE,
        ("x[:, :, i, j], w)", "x[:, :, i, j], w[:, :, ::-1, ::-1])"),
    ),
    _slip(
        "conv_transpose",
        "stamps one pixel apart",
        "the stride is in the size only",
        _TRANSPOSE,
        ("i * S : i * S + HH, j * S : j * S + WW", "i : i + HH, j : j + WW"),
    ),
    _slip(
        "conv_transpose",
        "size of S times H",
        "the output has S·H + HH − S rows, and S more at the end",
        _TRANSPOSE,
        ("S * (H - 1) + HH", "S * H + HH"),
        ("S * (W - 1) + WW", "S * W + WW"),
    ),
    _wrong(
        "conv_transpose",
        "from pad to minus pad",
        "without padding the slice is empty",
        """
            def conv_transpose(x, w, conv_param):
                S, P = conv_param["stride"], conv_param["pad"]
                H, W = x.shape[2:]
                C, HH, WW = w.shape[1:]
                full = np.zeros((len(x), C, S * (H - 1) + HH, S * (W - 1) + WW))
                for p in range(HH):
                    for q in range(WW):
                        part = np.einsum("nfij,fc->ncij", x, w[:, :, p, q])
                        full[:, :, p : p + S * (H - 1) + 1 : S, q : q + S * (W - 1) + 1 : S] += part
                return full[:, :, P:-P, P:-P]
        """,
    ),
    _wrong(
        "conv_transpose",
        "the inverse is tried",
        "divides each pixel by the number of stamps on it",
        """
            def conv_transpose(x, w, conv_param):
                S, P = conv_param["stride"], conv_param["pad"]
                N, F, H, W = x.shape
                C, HH, WW = w.shape[1:]
                full = np.zeros((N, C, S * (H - 1) + HH, S * (W - 1) + WW))
                count = np.zeros(full.shape[2:])
                for i in range(H):
                    for j in range(W):
                        full[:, :, i * S : i * S + HH, j * S : j * S + WW] += np.einsum("nf,fcpq->ncpq", x[:, :, i, j], w)
                        count[i * S : i * S + HH, j * S : j * S + WW] += 1
                full = full / np.maximum(count, 1)
                return full[:, :, P : full.shape[2] - P, P : full.shape[3] - P]
        """,
    ),
    # max_pool_forward_naive
    _wrong(
        "max_pool_forward_naive",
        "the search starts at zero",
        "windows of negative entries give 0",
        """
            def max_pool_forward_naive(x, pool_param):
                PH, PW, S = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
                OH, OW = 1 + (x.shape[2] - PH) // S, 1 + (x.shape[3] - PW) // S
                out = np.zeros((*x.shape[:2], OH, OW))
                for i in range(OH):
                    for j in range(OW):
                        for p in range(PH):
                            for q in range(PW):
                                out[:, :, i, j] = np.maximum(out[:, :, i, j], x[:, :, i * S + p, j * S + q])
                return out, (x, pool_param)
        """,
    ),
    _slip(
        "max_pool_forward_naive",
        "windows side by side",
        "the windows move by their own size instead of by the stride",
        _MAX,
        ("1 + (x.shape[2] - PH) // S, 1 + (x.shape[3] - PW) // S", "x.shape[2] // PH, x.shape[3] // PW"),
        ("i * S : i * S + PH, j * S : j * S + PW", "i * PH : (i + 1) * PH, j * PW : (j + 1) * PW"),
    ),
    _slip(
        "max_pool_forward_naive",
        "height and width of the window exchanged",
        "right for square windows",
        _MAX,
        ('pool_param["pool_height"], pool_param["pool_width"]', 'pool_param["pool_width"], pool_param["pool_height"]'),
    ),
    _slip(
        "max_pool_forward_naive",
        "square windows",
        "pool_height is taken for both sides",
        _MAX,
        ('pool_param["pool_width"]', 'pool_param["pool_height"]'),
    ),
    _slip(
        "max_pool_forward_naive",
        "partial windows kept",
        "the size is rounded up, and the last windows are smaller",
        _MAX,
        (
            "1 + (x.shape[2] - PH) // S, 1 + (x.shape[3] - PW) // S",
            "1 - (PH - x.shape[2]) // S, 1 - (PW - x.shape[3]) // S",
        ),
    ),
    _slip(
        "max_pool_forward_naive",
        "largest over all channels",
        "the maximum also runs over the channels",
        _MAX,
        (".max(axis=(2, 3))", ".max(axis=(1, 2, 3))[:, None]"),
    ),
    _slip(
        "max_pool_forward_naive",
        "largest in absolute value",
        "the maximum of |x|",
        _MAX,
        ("= x[:, :, i", "= np.abs(x)[:, :, i"),
    ),
    _slip(
        "max_pool_forward_naive",
        "the stride forgotten",
        "windows are one pixel apart",
        _MAX,
        ("i * S : i * S + PH, j * S : j * S + PW", "i : i + PH, j : j + PW"),
    ),
    _slip(
        "max_pool_forward_naive",
        "one window short",
        "the last window of each row and column is left out",
        _MAX,
        (
            "OH, OW = 1 + (x.shape[2] - PH) // S, 1 + (x.shape[3] - PW) // S",
            "OH, OW = max(1, (x.shape[2] - PH) // S), max(1, (x.shape[3] - PW) // S)",
        ),
    ),
    # max_pool_backward_naive
    _slip(
        "max_pool_backward_naive",
        "windows overwrite each other",
        "= for +=, right where windows do not overlap",
        _MAX_BACK,
        ("j * S + q] += dout", "j * S + q] = dout"),
        partner=_MAX,
    ),
    _slip(
        "max_pool_backward_naive",
        "place of the maximum with rows and columns exchanged",
        "the flat index is split as if the window had PH columns",
        _MAX_BACK,
        ("np.unravel_index(window.argmax(), window.shape)", "divmod(window.argmax(), PH)"),
        partner=_MAX,
    ),
    _slip(
        "max_pool_backward_naive",
        "the stride forgotten",
        "windows are one pixel apart",
        _MAX_BACK,
        ("i * S", "i"),
        ("j * S", "j"),
        partner=_MAX,
    ),
    _slip(
        "max_pool_backward_naive",
        "the upstream gradient ignored",
        "1 for dout",
        _MAX_BACK,
        ("+= dout[n, c, i, j]", "+= 1"),
        partner=_MAX,
    ),
    _slip(
        "max_pool_backward_naive",
        "times the maximum",
        "the gradient is multiplied by the entry itself",
        _MAX_BACK,
        ("+= dout[n, c, i, j]", "+= dout[n, c, i, j] * window.max()"),
        partner=_MAX,
    ),
    _slip(
        "max_pool_backward_naive",
        "spread over the window",
        "every entry gets an equal share, as in average pooling",
        _MAX_BACK,
        (
            "dx[n, c, i * S + p, j * S + q] += dout[n, c, i, j]",
            "dx[n, c, i * S : i * S + PH, j * S : j * S + PW] += dout[n, c, i, j] / (PH * PW)",
        ),
        partner=_MAX,
    ),
    _slip(
        "max_pool_backward_naive",
        "every entry of the window",
        "all entries of a window get its whole gradient",
        _MAX_BACK,
        ("dx[n, c, i * S + p, j * S + q] +=", "dx[n, c, i * S : i * S + PH, j * S : j * S + PW] +="),
        partner=_MAX,
    ),
    _slip(
        "max_pool_backward_naive",
        "the smallest entry",
        "argmin for argmax",
        _MAX_BACK,
        ("window.argmax()", "window.argmin()"),
        partner=_MAX,
    ),
    _slip(
        "max_pool_backward_naive",
        "place inside the window taken for the place in the image",
        "the corner of the window is not added",
        _MAX_BACK,
        ("dx[n, c, i * S + p, j * S + q]", "dx[n, c, p, q]"),
        partner=_MAX,
    ),
    _wrong(
        "max_pool_backward_naive",
        "equals all get the whole gradient",
        "with ties the shares add up to more than the gradient of the window",
        """
            def max_pool_backward_naive(dout, cache):
                x, pool_param = cache
                PH, PW, S = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
                dx = np.zeros_like(x)
                for i in range(dout.shape[2]):
                    for j in range(dout.shape[3]):
                        where = np.s_[:, :, i * S : i * S + PH, j * S : j * S + PW]
                        mask = x[where] == x[where].max(axis=(2, 3), keepdims=True)
                        dx[where] += mask * dout[:, :, i, j][:, :, None, None]
                return dx
        """,
        partner=_MAX,
    ),
    _wrong(
        "max_pool_backward_naive",
        "the place of the first channel for all",
        "argmax is taken in channel 0 of each image",
        """
            def max_pool_backward_naive(dout, cache):
                x, pool_param = cache
                PH, PW, S = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
                dx = np.zeros_like(x)
                for n in range(x.shape[0]):
                    for i in range(dout.shape[2]):
                        for j in range(dout.shape[3]):
                            window = x[n, 0, i * S : i * S + PH, j * S : j * S + PW]
                            p, q = divmod(int(window.argmax()), window.shape[1])
                            dx[n, :, i * S + p, j * S + q] += dout[n, :, i, j]
                return dx
        """,
        partner=_MAX,
    ),
    _wrong(
        "max_pool_backward_naive",
        "one maximum for channel and batch",
        "the mask compares with the largest entry over all images and channels",
        """
            def max_pool_backward_naive(dout, cache):
                x, pool_param = cache
                PH, PW, S = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
                dx = np.zeros_like(x)
                for i in range(dout.shape[2]):
                    for j in range(dout.shape[3]):
                        window = x[:, :, i * S : i * S + PH, j * S : j * S + PW]
                        mask = window == np.max(window)
                        dx[:, :, i * S : i * S + PH, j * S : j * S + PW] += mask * dout[:, :, i, j, None, None]
                return dx
        """,
        partner=_MAX,
    ),
    # avg_pool_forward_naive
    _slip(
        "avg_pool_forward_naive",
        "the padding left out of the mean",
        "a window is divided by the number of its entries that lie inside the image",
        _AVG,
        ("        for i in", "        ones = np.pad(np.ones(x.shape[2:]), P)\n        for i in"),
        (".mean(axis=(2, 3))", ".sum(axis=(2, 3)) / max(1, ones[i * S : i * S + PH, j * S : j * S + PW].sum())"),
    ),
    _slip("avg_pool_forward_naive", "not divided", "the sum of a window", _AVG, (".mean(", ".sum(")),
    _slip(
        "avg_pool_forward_naive",
        "divided by the square of the height",
        "PH² for PH·PW",
        _AVG,
        (".mean(axis=(2, 3))", ".sum(axis=(2, 3)) / PH**2"),
    ),
    _slip(
        "avg_pool_forward_naive",
        "divided by the square of the stride",
        "S² for PH·PW: right where windows lie side by side",
        _AVG,
        (".mean(axis=(2, 3))", ".sum(axis=(2, 3)) / S**2"),
    ),
    _slip("avg_pool_forward_naive", "padding ignored", "pad is not used", _AVG, ('pool_param["pad"]', "0")),
    _slip(
        "avg_pool_forward_naive",
        "padding repeats the edge",
        "the border is continued by its pixels",
        _AVG,
        ("(P, P), (P, P)))", '(P, P), (P, P)), mode="edge")'),
    ),
    _slip(
        "avg_pool_forward_naive",
        "height and width of the window exchanged",
        "right for square windows",
        _AVG,
        ('pool_param["pool_height"], pool_param["pool_width"]', 'pool_param["pool_width"], pool_param["pool_height"]'),
    ),
    # avg_pool_backward_naive
    _slip(
        "avg_pool_backward_naive",
        "whole gradient to each entry",
        "not divided by PH·PW",
        _AVG_BACK,
        (" / (PH * PW)", ""),
        partner=_AVG,
    ),
    _slip(
        "avg_pool_backward_naive",
        "precedence",
        "/ PH * PW divides by PH and multiplies by PW",
        _AVG_BACK,
        ("/ (PH * PW)", "/ PH * PW"),
        partner=_AVG,
    ),
    _slip(
        "avg_pool_backward_naive",
        "windows overwrite each other",
        "= for +=",
        _AVG_BACK,
        ("PW] += share", "PW] = share"),
        partner=_AVG,
    ),
    _slip(
        "avg_pool_backward_naive",
        "cropped at the corner",
        "the padding is cut off at the bottom and right only",
        _AVG_BACK,
        ("P : P + H, P : P + W", ":H, :W"),
        partner=_AVG,
    ),
    _slip(
        "avg_pool_backward_naive",
        "from P to minus P",
        "without padding the slice is empty",
        _AVG_BACK,
        ("P : P + H, P : P + W", "P:-P, P:-P"),
        partner=_AVG,
    ),
    _slip(
        "avg_pool_backward_naive",
        "divided by what lies inside the image",
        "the shares of windows at the border are too large",
        _AVG_BACK,
        ("        for i in", "        ones = np.pad(np.ones((H, W)), P)\n        for i in"),
        ("/ (PH * PW)", "/ max(1, ones[i * S : i * S + PH, j * S : j * S + PW].sum())"),
        partner=_AVG,
    ),
    _slip(
        "avg_pool_backward_naive",
        "to the largest entry",
        "the gradient goes to the maximum, as in max pooling",
        _AVG_BACK,
        ("        for i in", "        xp = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))\n        for i in"),
        (
            "        for i in",
            "        cut = lambda i, j: xp[:, :, i * S : i * S + PH, j * S : j * S + PW]\n        for i in",
        ),
        (
            "+= share",
            "+= (cut(i, j) == cut(i, j).max((2, 3), keepdims=True)) * share * PH * PW",
        ),
        partner=_AVG,
    ),
    _slip(
        "avg_pool_backward_naive",
        "shares by value",
        "each entry gets a share in proportion to itself",
        _AVG_BACK,
        ("        for i in", "        xp = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))\n        for i in"),
        ("+= share", "+= share * xp[:, :, i * S : i * S + PH, j * S : j * S + PW]"),
        partner=_AVG,
    ),
    # global_avg_pool_forward
    _wrong(
        "global_avg_pool_forward",
        "mean over the channels too",
        "out has the shape (N,)",
        """
            def global_avg_pool_forward(x):
                return x.mean(axis=(1, 2, 3)), x
        """,
    ),
    _wrong(
        "global_avg_pool_forward",
        "axes kept",
        "out has the shape (N, C, 1, 1)",
        """
            def global_avg_pool_forward(x):
                return np.mean(x, axis=(2, 3), keepdims=True), x
        """,
    ),
    _wrong(
        "global_avg_pool_forward",
        "precedence",
        "/ H * W divides by H and multiplies by W",
        """
            def global_avg_pool_forward(x):
                N, C, H, W = x.shape
                return x.sum(axis=(2, 3)) / H * W, x
        """,
    ),
    _wrong(
        "global_avg_pool_forward",
        "mean along one axis",
        "rows are averaged and columns are kept",
        """
            def global_avg_pool_forward(x):
                return x.mean(axis=3).sum(axis=2), x
        """,
    ),
    _wrong(
        "global_avg_pool_forward",
        "channels taken to be last",
        "the mean is over axes 1 and 2",
        """
            def global_avg_pool_forward(x):
                return x.mean(axis=(1, 2)), x
        """,
    ),
    _wrong(
        "global_avg_pool_forward",
        "largest entry",
        "the maximum of the channel",
        """
            def global_avg_pool_forward(x):
                return x.max(axis=(2, 3)), x
        """,
    ),
    # global_avg_pool_backward
    _wrong(
        "global_avg_pool_backward",
        "not divided",
        "each pixel gets the whole gradient",
        """
            def global_avg_pool_backward(dout, cache):
                return np.ones_like(cache) * dout[:, :, None, None]
        """,
        partner=_GLOBAL,
    ),
    _wrong(
        "global_avg_pool_backward",
        "divided by the square of the height",
        "H² for H·W: right for square images",
        """
            def global_avg_pool_backward(dout, cache):
                H = cache.shape[2]
                return np.ones_like(cache) * dout[:, :, None, None] / H**2
        """,
        partner=_GLOBAL,
    ),
    _wrong(
        "global_avg_pool_backward",
        "divided by all entries",
        "x.size for H·W",
        """
            def global_avg_pool_backward(dout, cache):
                x = cache
                return np.ones(x.shape) * dout[:, :, None, None] / x.size
        """,
        partner=_GLOBAL,
    ),
    _wrong(
        "global_avg_pool_backward",
        "not spread over the image",
        "dx has the shape (N, C, 1, 1)",
        """
            def global_avg_pool_backward(dout, cache):
                H, W = cache.shape[2:]
                return dout[:, :, None, None] / (H * W)
        """,
        partner=_GLOBAL,
    ),
    _wrong(
        "global_avg_pool_backward",
        "precedence",
        "/ H * W divides by H and multiplies by W",
        """
            def global_avg_pool_backward(dout, cache):
                N, C, H, W = cache.shape
                dx = np.zeros((N, C, H, W))
                for n in range(N):
                    for c in range(C):
                        dx[n, c] = dout[n, c] / H * W
                return dx
        """,
        partner=_GLOBAL,
    ),
    _wrong(
        "global_avg_pool_backward",
        "times the image",
        "the derivative of x is taken to be x",
        """
            def global_avg_pool_backward(dout, cache):
                H, W = cache.shape[2:]
                return cache * dout.reshape(*dout.shape, 1, 1) / (H * W)
        """,
        partner=_GLOBAL,
    ),
    _wrong(
        "global_avg_pool_backward",
        "one pixel gets it all",
        "the gradient of the mean goes to the first pixel",
        """
            def global_avg_pool_backward(dout, cache):
                dx = np.zeros_like(cache)
                dx[:, :, 0, 0] = dout
                return dx
        """,
        partner=_GLOBAL,
    ),
    # question_same_padding
    _wrong(
        "question_same_padding",
        "no dilation",
        "right for D = 1",
        """
            def question_same_padding():
                return "(K - 1) / 2"
        """,
    ),
    _wrong(
        "question_same_padding",
        "the sides together",
        "twice the padding of a side",
        """
            def question_same_padding():
                return "D * (K - 1)"
        """,
    ),
    _wrong(
        "question_same_padding",
        "one zero too many",
        "the 1 inside the size is counted twice",
        """
            def question_same_padding():
                return "(D * (K - 1) + 1) / 2"
        """,
    ),
]
