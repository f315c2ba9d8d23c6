#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes learner_vectors.h: whole steps of small trainings by PyTorch's autograd, in float64.

    python3 make_learner_vectors.py > learner_vectors.h

Two pieces of 6 and 3 frames, two frames per unit, so 3 and 2 units. Parameters are flat and in the
order of voq: convolution w[out][tap][in], then gamma, beta of its batch norm or its bias; GRU w, u
(rows r, z, n), b, c of n; linear w, b.
"""
import torch
import torch.nn.functional as F

LENGTH, UNITS, STRIDE, STEPS = [6, 3], [3, 2], 2, 6
IN, WIDE, HIDDEN, LATENT = 2, 5, 4, 3
CLASSES, HEAD_WEIGHT, SMOOTHING, CONSISTENCY = [3, 4], [1, .5], .05, .7
CODES, BETA, DECAY, COUNT = 4, .25 / 8, .99, 10
RATE, MOST, BETAS, WEIGHT_DECAY = .01, .5, (.9, .98), .01
PIECE_WEIGHT = [1, .5]
torch.manual_seed(2)
torch.set_default_dtype(torch.float64)


def show(name, tensor, kind="float"):
    print(f"static const {kind} {name}[] = {{")
    line = "   "
    for value in tensor.detach().flatten().tolist():
        digit = f" {torch.tensor(value).float().numpy()!s}f," if kind == "float" else f" {value},"
        digit = digit if "." in digit or kind != "float" else digit.replace("f,", ".f,")
        if len(line) + len(digit) > 96:
            print(line)
            line = "   "
        line += digit
    print(line + "\n};")


def drawn(*shape, scale=1):
    return (torch.randn(*shape) * scale).float().double()


class Flat:
    """Parameters that are taken from one array in order."""

    def __init__(self, n, scale=.5):
        self.value, self.at = drawn(n, scale=scale).requires_grad_(), 0

    def take(self, *shape):
        n = torch.Size(shape).numel()
        self.at += n
        return self.value[self.at - n:self.at].view(shape)

    def begin(self):
        assert self.at in (0, len(self.value))
        self.at = 0


def convolution(flat, pieces, n_in, n_out, taps, right, stride=1, norm=None, relu=True):
    """pieces: one [frames][dim] each. norm: "train", "eval" (statistics 0 and 1); None: a bias."""
    w = flat.take(n_out, taps, n_in).permute(0, 2, 1)
    first, second = flat.take(n_out), flat.take(n_out) if norm else None
    outs = []
    for x in pieces:
        x = F.pad(x.T, (taps - 1 - right, right + (-len(x)) % stride))
        outs.append(F.conv1d(x, w)[:, stride - 1::stride].T)
    if norm:
        rows = torch.cat(outs)
        mean, variance = (rows.mean(0), rows.var(0, unbiased=False)) if norm == "train" else (0, 1)
        outs = [(y - mean) / (variance + 1e-5) ** .5 * first + second for y in outs]
    else:
        outs = [y + first for y in outs]
    return [F.relu(y) for y in outs] if relu else outs


def recurrence(flat, pieces, n_in, n):
    w, u, b, c = flat.take(3 * n, n_in), flat.take(3 * n, n), flat.take(3 * n), flat.take(n)
    outs = []
    for x in pieces:
        h, states = torch.zeros(n), []
        for row in x:
            a, s = w @ row + b, u @ h
            r, z = torch.sigmoid(a[:n] + s[:n]), torch.sigmoid(a[n:2 * n] + s[n:2 * n])
            new = torch.tanh(a[2 * n:] + r * (s[2 * n:] + c))
            h = new + z * (h - new)
            states.append(h)
        outs.append(torch.stack(states))
    return outs


def encode(flat, pieces, norm):
    flat.begin()
    pieces = convolution(flat, pieces, IN, WIDE, 3, 1, STRIDE, norm)
    pieces = recurrence(flat, pieces, WIDE, HIDDEN)
    w, b = flat.take(LATENT, HIDDEN), flat.take(LATENT)
    return [torch.tanh(x @ w.T + b) for x in pieces]


def decode(flat, pieces, speaker):
    flat.begin()
    pieces = convolution(flat, pieces, LATENT, WIDE, 3, 1)
    vectors = flat.take(2, WIDE)
    pieces = [x + vectors[s] for x, s in zip(pieces, speaker)]
    pieces = convolution(flat, pieces, WIDE, WIDE, 3, 1)
    return convolution(flat, pieces, WIDE, STRIDE * IN, 3, 1, relu=False)


def in_rows(pieces):
    """Units as voq has them: by step, then by piece."""
    return torch.stack([pieces[p][u] for u in range(max(UNITS)) for p in range(2) if u < UNITS[p]])


def in_pieces(rows):
    places = [(u, p) for u in range(max(UNITS)) for p in range(2) if u < UNITS[p]]
    return [torch.stack([row for row, (_, p) in zip(rows, places) if p == piece])
            for piece in range(2)]


ROW_WEIGHT = in_rows([torch.full((n,), float(w)) for n, w in zip(UNITS, PIECE_WEIGHT)])


def quantize(z, books):
    """z_q, ids per level, commitment loss summed over levels (mean over rows)."""
    total, ids, loss = torch.zeros_like(z), [], 0
    for book in books:
        residual = z.detach() - total
        ids.append(torch.cdist(residual, book).argmin(1))
        total = total + book[ids[-1]]
        loss = loss + ((z - total) ** 2).sum(1).mean()
    return total, ids, loss


def moved_books(z, books, ids):
    """One step of the moving averages."""
    left, moved = z.detach(), []
    for book, id in zip(books, ids):
        chosen = F.one_hot(id, CODES).double()
        count = DECAY * COUNT + (1 - DECAY) * chosen.sum(0)
        total = DECAY * COUNT * book + (1 - DECAY) * chosen.T @ left
        moved.append(torch.where(chosen.sum(0)[:, None] > 0, total / count[:, None], book))
        left = left - book[id]
    return torch.stack(moved)


def cross_entropy(logits, label):
    weight = ROW_WEIGHT * (label >= 0)
    row = F.cross_entropy(logits, label.clamp(min=0), reduction="none", label_smoothing=SMOOTHING)
    return (row * weight).sum() / weight.sum()


def finish(name, loss, networks, z, books, ids):
    loss.backward()
    optimizer = torch.optim.AdamW([n.value for n in networks], lr=RATE, betas=BETAS, eps=1e-8,
                                  weight_decay=WEIGHT_DECAY)
    before = torch.cat([n.value for n in networks])
    gradient = torch.cat([n.value.grad for n in networks])
    torch.nn.utils.clip_grad_norm_([n.value for n in networks], MOST)
    optimizer.step()
    show(f"{name}_parameter", before)
    show(f"{name}_gradient", gradient)
    show(f"{name}_after", torch.cat([n.value for n in networks]))
    show(f"{name}_codeword", torch.stack(books))
    show(f"{name}_moved", moved_books(z, books, ids))
    show(f"{name}_loss", loss, "double")


def input_pieces():
    """x[step][piece][dim] with zeros behind the lengths, and the pieces."""
    x = drawn(STEPS, 2, IN)
    x[LENGTH[1]:, 1] = 0
    return x, [x[:n, p] for p, n in enumerate(LENGTH)]


def labels_step():
    x, pieces = input_pieces()
    clean, clean_pieces = input_pieces()
    label = [torch.randint(0, n, (STEPS, 2)) for n in CLASSES]
    for head in label:
        head[LENGTH[1]:, 1] = -1
    label[1][3, 0] = -1
    encoder = Flat(3 * IN * WIDE + 2 * WIDE + 3 * HIDDEN * (WIDE + HIDDEN + 1) + HIDDEN +
                   LATENT * (HIDDEN + 1))
    heads = [Flat(n * (LATENT + 1)) for n in CLASSES]
    target = in_rows(encode(encoder, clean_pieces, "eval")).detach()
    z = in_rows(encode(encoder, pieces, "train"))
    books = [drawn(CODES, LATENT, scale=.3)]
    z_q, ids, commitment = quantize(z, books)
    through = z + (z_q - z).detach()
    loss = BETA * commitment
    middle = [[u * STRIDE + STRIDE // 2, p] for u in range(3) for p in range(2) if u < UNITS[p]]
    for flat, n, weight, all_labels in zip(heads, CLASSES, HEAD_WEIGHT, label):
        w, b = flat.take(n, LATENT), flat.take(n)
        of_units = torch.stack([all_labels[step, p] for step, p in middle])
        for v in z, through:
            loss = loss + weight * .5 * cross_entropy(v @ w.T + b, of_units)
    square = ((z - target) ** 2).mean(1)
    loss = loss + CONSISTENCY * (square * ROW_WEIGHT).sum() / ROW_WEIGHT.sum()
    show("labels_x", x)
    show("labels_clean", clean)
    for h in range(2):
        show(f"labels_label{h}", label[h], "int32_t")
    finish("labels", loss, [encoder, *heads], z, books, ids)


def vqvae_step():
    x, pieces = input_pieces()
    encoder = Flat(3 * IN * WIDE + 2 * WIDE + 3 * HIDDEN * (WIDE + HIDDEN + 1) + HIDDEN +
                   LATENT * (HIDDEN + 1))
    decoder = Flat(WIDE * (3 * LATENT + 1) + 2 * WIDE + WIDE * (3 * WIDE + 1) +
                   STRIDE * IN * (3 * WIDE + 1))
    z = in_rows(encode(encoder, pieces, "train"))
    books = [drawn(CODES, LATENT, scale=.3), drawn(CODES, LATENT, scale=.15)]
    z_q, ids, commitment = quantize(z, books)
    y = in_rows(decode(decoder, in_pieces(z + (z_q - z).detach()), [1, 0]))
    target = in_rows([x[:, p].reshape(-1, STRIDE * IN) for p in range(2)])
    square = ((y - target) ** 2).mean(1)
    loss = BETA * commitment + (square * ROW_WEIGHT).sum() / ROW_WEIGHT.sum()
    show("vqvae_x", x)
    finish("vqvae", loss, [encoder, decoder], z, books, ids)


print(f"""/* SPDX-License-Identifier: MIT */
/* Made by make_learner_vectors.py with PyTorch {torch.__version__}. */
#ifndef VOQ_TESTS_LEARNER_VECTORS_H
#define VOQ_TESTS_LEARNER_VECTORS_H

#include <stdint.h>
""")
labels_step()
vqvae_step()
print("\n#endif")
