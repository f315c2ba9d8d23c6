#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The weights of the prototype encoder (.npz of NumPy) as PyTorch would name and shape them, in
safetensors. Needs only the standard library.

    prototype.py WEIGHTS.npz NET.safetensors [LAYER=STEP]...

In the .npz layer i is i_kind "conv", i_w [tap][in][out], i_b, i_d, i_right; "gru", i_w [in][3H], i_b,
i_u [H][3H], i_bn [H]; "tanh", i_w [in][out], i_b; and codebook, mean, std. LAYER=STEP states the
value of one step of a convolution's output.
"""
import ast
import struct
import sys
import zipfile

from tensor_file import write


def read_npy(data):
    """The shape, and the values in the order of the last axis first; "" for text."""
    length, = struct.unpack('<H', data[8:10])
    header = ast.literal_eval(data[10:10 + length].decode())
    shape, kind = header['shape'], header['descr']
    if kind[1] == 'U':
        return shape, data[10 + length:].decode('utf-32-le')
    n = 1
    for size in shape:
        n *= size
    values = struct.unpack(f'<{n}{dict(f2="e", f4="f", i8="q")[kind[1:]]}', data[10 + length:])
    return shape, in_c_order(values, shape) if header['fortran_order'] else values


def in_c_order(values, shape):
    """From the order of the first axis first."""
    steps = [1]
    for size in shape[:-1]:
        steps.append(steps[-1] * size)
    places = [0]
    for size, step in zip(shape, steps):
        places = [place + i * step for place in places for i in range(size)]
    return [values[place] for place in places]


def turned(values, shape):
    """The axes in reverse: [tap][in][out] becomes [out][in][tap], [in][out] becomes [out][in]."""
    return in_c_order(values, shape[::-1])


def layer_tensors(i, npz):
    kind = npz[f'{i}_kind'][1]
    shape, w = npz[f'{i}_w']
    (n_bias,), b = npz[f'{i}_b']
    if kind != 'gru':
        return {f'layers.{i}.weight': (shape[::-1], turned(w, shape)),
                f'layers.{i}.bias': ((n_bias,), b)}
    state_shape, u = npz[f'{i}_u']
    _, bn = npz[f'{i}_bn']
    return {f'layers.{i}.weight_ih_l0': (shape[::-1], turned(w, shape)),
            f'layers.{i}.weight_hh_l0': (state_shape[::-1], turned(u, state_shape)),
            f'layers.{i}.bias_ih_l0': ((n_bias,), b),
            f'layers.{i}.bias_hh_l0': ((n_bias,), [0.] * (2 * len(bn)) + list(bn))}


def tensors_of(path):
    with zipfile.ZipFile(path) as file:
        npz = {name[:-4]: read_npy(file.read(name)) for name in file.namelist()}
    tensors = {name: npz[name] for name in ('codebook', 'mean', 'std')}
    i = 0
    while f'{i}_kind' in npz:
        tensors.update(layer_tensors(i, npz))
        i += 1
    return tensors


if __name__ == '__main__':
    write(sys.argv[2], tensors_of(sys.argv[1]),
          [(layer, float(step)) for layer, step in (a.split('=') for a in sys.argv[3:])])
