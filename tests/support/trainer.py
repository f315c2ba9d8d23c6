# SPDX-License-Identifier: MIT
"""Shared by the tests of voq train: corpora, vectors, and reading of models."""

import array
import json
import os
import random
import struct
import sys

from cli import noise, same, wav



def npy(rows, dim, kind='<f4'):
    """The bytes of a NumPy file of float rows."""
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': ({len(rows)}, {dim}), }}"
    header = header.ljust(117) + '\n'
    flat = array.array('f' if kind == '<f4' else 'd', [x for row in rows for x in row])
    return b'\x93NUMPY\x01\x00' + struct.pack('<H', len(header)) + header.encode() + flat.tobytes()


def clouds(n, dim, n_centre, seed=1):
    draw = random.Random(seed)
    centre = [[draw.uniform(-100, 100) for _ in range(dim)] for _ in range(n_centre)]
    return [[x + draw.uniform(-1, 1) for x in centre[i % n_centre]] for i in range(n)]


def codewords(model):
    """The codewords of a model file (models/README.md)."""
    n_section, = struct.unpack_from('<I', model, 12)
    for i in range(n_section):
        kind, _, offset, size = struct.unpack_from('<4sIQQ', model, 32 + 32 * i)
        if kind == b'CDBK':
            n_codebook, n_code, dim = struct.unpack_from('<III', model, offset)
            start = offset + size - 4 * n_codebook * n_code * dim
            flat = struct.unpack_from(f'<{n_codebook * n_code * dim}f', model, start)
            return [flat[k * dim:k * dim + dim] for k in range(n_codebook * n_code)]
    raise AssertionError('no codebook in the model')


def speech(t, n=4):
    """A folder of speech-like recordings of a few seconds each, from two speakers."""
    for i in range(n):
        t.write(f'corpus/s{i % 2}/s{i % 2}-{i}.wav', wav(noise(16000 * (i + 2), seed=i)))
    return t.path('corpus')


def train(t, *arguments, **how):
    return t.voq('train', *arguments, **how)


def trained(t, *arguments, output='a.voq'):
    result = train(t, '-o', output, '--quiet', *arguments)
    same((result.code, result.err), (0, ''), 'exit code and stderr')
    return t.read(output)


def summary(t, *arguments):
    result = train(t, '-o', 'summary.voq', '--json', '--quiet', *arguments)
    same(result.code, 0, f'exit code (stderr {result.err!r})')
    return json.loads(result.out)


def crc32c(data):
    table = []
    for i in range(256):
        for _ in range(8):
            i = i >> 1 ^ (0x82f63b78 if i & 1 else 0)
        table.append(i)
    crc = 0xffffffff
    for byte in data:
        crc = table[(crc ^ byte) & 255] ^ crc >> 8
    return crc ^ 0xffffffff


def sections(model):
    """The sections of a model file: type, flags and bytes of each."""
    n_section, = struct.unpack_from('<I', model, 12)
    found = []
    for i in range(n_section):
        kind, flags, offset, size = struct.unpack_from('<4sIQQ', model, 32 + 32 * i)
        found.append((kind, flags, model[offset:offset + size]))
    return found


def model_file(parts):
    """The bytes of a model file of these sections, with valid checksums."""
    table, body, at = b'', b'', 32 + 32 * len(parts)
    for kind, flags, data in parts:
        table += struct.pack('<4sIQQII', kind, flags, at, len(data), crc32c(data), 0)
        body += data + bytes(-len(data) % 8)
        at += len(data) + -len(data) % 8
    head = b'\x89VOQ\r\n\x1a\n' + struct.pack('<IIQ', 1, len(parts), at)
    return head + struct.pack('<II', crc32c(head + table), 0) + table + body
