#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Stores the test vectors of the encoder as one small file.

    make_encoder_vectors.py VECTORS.npz vectors.bin

VECTORS.npz comes from an independent NumPy implementation of the definition in src/encoder/README.md: the
logistic table, values of its two functions, and random networks with the output of every layer and the state
of every GRU. vectors.bin is a list of arrays: name (16 bytes, zeros behind it), u32 bytes per number (1, 2 or
4, signed), u32 count, then the numbers, padded with zeros to 4 bytes; all little-endian. Most large networks
go without the longest utterance, so that the file stays small.
"""
import struct
import sys

import numpy as np

LARGE, KEPT_WHOLE = 30000, ("case09",)


def stored(name, array):
    kind = "<i1" if np.abs(array).max(initial=0) <= 127 else array.dtype
    data = array.astype(kind).tobytes()
    head = name.encode().ljust(16, b"\0") + struct.pack("<II", np.dtype(kind).itemsize, array.size)
    return head + data + bytes(-len(data) % 4)


def main(source, target):
    vectors = np.load(source)
    lengths = vectors["lengths"]
    n_short = int(lengths[:-1].sum())
    parts = []
    for name in vectors.files:
        case, array = name.split("_")[0], vectors[name]
        if case == "search":
            continue
        size = sum(vectors[other].nbytes for other in vectors.files if other.startswith(case + "_"))
        is_sequence = name.endswith(("_x", "_out", "_h"))
        if case.startswith("case") and size > LARGE and case not in KEPT_WHOLE and is_sequence:
            array = array[:n_short]
        parts.append(stored(name, array))
    with open(target, "wb") as file:
        file.write(b"".join(parts))


main(*sys.argv[1:])
