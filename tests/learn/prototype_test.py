# SPDX-License-Identifier: MIT
"""The prototype encoder as a model: its integers, and its units of recordings, are those of an
independent NumPy implementation (make_prototype_units.py made prototype.json)."""

import hashlib
import json
import os
import re
import struct

from cli import SOURCE, Skip, claim, holds, main, same, units
from prototype import tensors_of
from tensor_file import write

WEIGHTS = os.path.join(SOURCE, '../shared/encoder/prototype-256.npz')
SPEECH = os.path.join(SOURCE, '../shared/data/librispeech-dev')
HEAD, LAYER, GRU = 8, 40, 2  # of the section ENCD, see models/README.md
with open(os.path.join(SOURCE, 'tests/learn/prototype.json')) as file:
    EXPECTED = json.load(file)


def need(path):
    if not os.path.exists(path):
        raise Skip(f'{os.path.relpath(path, SOURCE)} is not here')


def model(t, *options, steps=()):
    need(WEIGHTS)
    write(t.path('net.safetensors'), tensors_of(WEIGHTS), steps)
    result = t.voq('convert', 'net.safetensors', '--encoder', 'default', '-o', 'net.voq', *options)
    same(result.code, 0, result.err)
    return result


def model_of_reference(t):
    """With the reference's steps of conv outputs."""
    return model(t, steps=sorted((layer, step) for layer, step in EXPECTED['steps'].items()))


def encoded(t):
    paths = [os.path.join(SPEECH, name.split('-')[0], name + '.flac') for name in EXPECTED['units']]
    lines = t.voq('encode', '-m', 'net.voq', *paths).out.splitlines()
    return {line.split('|')[0]: units(line) for line in lines}


def share_that_differs(got, expected):
    pairs = [(a, b) for name, ids in expected.items() for a, b in zip(got[name], ids.split())]
    for name, ids in expected.items():
        same(len(got[name]), len(ids.split()), f'units of {name}')
    return sum(a != b for a, b in pairs) / len(pairs)


def section(name, data):
    """The payload of a section of a model file."""
    n, = struct.unpack_from('<I', data, 12)
    for i in range(n):
        kind, _, offset, size = struct.unpack_from('<4sIQQ', data, 32 + 32 * i)
        if kind == name:
            return data[offset:offset + size]
    raise AssertionError(f'no section {name}')


def integers_of(encoder):
    """The matrices of an ENCD section: int8 weights, int32 biases, multipliers and shift."""
    n_layer, = struct.unpack_from('<I', encoder)
    at = HEAD + LAYER * n_layer
    for i in range(n_layer):
        kind, n_in, n_out, taps, _, _, _, *shifts = struct.unpack_from('<9I', encoder,
                                                                       HEAD + LAYER * i)
        rows = 3 * n_out if kind == GRU else n_out
        for columns, shift in zip([taps * n_in, n_out] if kind == GRU else [taps * n_in], shifts):
            bias, weight, end = at, at + 8 * rows, at + 8 * rows + rows * columns
            yield encoder[weight:end] + encoder[bias:weight] + struct.pack('<I', shift)
            at = weight + (rows * columns + 3) // 4 * 4


@claim
def its_integers_are_those_of_the_reference_bit_for_bit(t):
    model_of_reference(t)
    digest = hashlib.sha256(b''.join(integers_of(section(b'ENCD', t.read('net.voq')))))
    same(digest.hexdigest(), EXPECTED['integers_sha256'])


@claim
def its_units_are_those_of_the_reference_in_integers(t):
    need(SPEECH)
    model_of_reference(t)
    share = share_that_differs(encoded(t), EXPECTED['units'])
    holds(share <= .002, f'{100 * share:.2f} % of the units differ')


@claim
def calibrated_by_speech_it_is_near_the_float_network(t):
    need(SPEECH)
    some = [os.path.join(folder, name) for folder, _, names in sorted(os.walk(SPEECH))
            for name in sorted(names) if name.endswith('.flac')][::10]
    t.write('some.lst', ''.join(path + '\n' for path in some))
    result = model(t, '--calibrate', 'some.lst')
    share = share_that_differs(encoded(t), EXPECTED['float_units'])
    holds(share < .03, f'{100 * share:.2f} % of the units differ')
    told = float(re.search(r'([\d.]+) % of the units differ', result.err)[1])
    holds(0 < told < 3, result.err)


main()
