# SPDX-License-Identifier: MIT
"""A program that links the library gets the units of the command, whichever way the input enters."""

import array
import json
import os
import struct
import subprocess
import sys

from cli import *

ENCODE_WHOLE = os.path.abspath(sys.argv[4])


def made(t, kind):
    subprocess.run([MAKE_MODEL, t.path(f'{kind}.voq'), kind], check=True)
    return t.path(f'{kind}.voq')


def ids(result):
    same(result.code, 0, f'exit code ({result.err})')
    return result.out.split('|', 1)[1].split()


@claim
def a_model_that_needs_the_whole_signal_gives_a_program_the_units_of_the_command(t):
    model = made(t, 'whole')
    for n in 0, 1, 700, 22050, 100000:
        x = array.array('f', (sample / 32768 for sample in noise(n, seed=n)))
        t.write('x.wav', wav(x, rate=22050, kind=3))
        program = subprocess.run([ENCODE_WHOLE, model], input=x.tobytes(), capture_output=True, check=True)
        same(program.stdout.decode().split(), ids(t.voq('encode', '-m', model, 'x.wav')), f'{n} samples')


@claim
def vectors_of_a_front_end_get_the_units_of_the_audio_from_a_model_of_vectors(t):
    whole, frontend, vectors = (made(t, kind) for kind in ('chain', 'chain-frontend', 'chain-vectors'))
    for n in 100, 8000, 90000:
        t.write('x.wav', wav(noise(n, seed=n)))
        same(t.voq('encode', '--features', '-m', frontend, '-o', 'x.npy', 'x.wav').code, 0)
        expected = t.voq('encode', '-m', whole, 'x.wav')
        same(ids(t.voq('encode', '-m', vectors, 'x.npy')), ids(expected), f'{n} samples')
        for model, path in (whole, 'x.wav'), (vectors, 'x.npy'):
            same(t.voq('encode', '-m', model, '--distances', f'{path}.d.npy', path).code, 0)
        same(t.read('x.npy.d.npy'), t.read('x.wav.d.npy'), f'distances of {n} samples')
    holds('running mean' in t.voq('info', vectors).out, 'voq info hides the chain')


@claim
def a_vector_that_overflows_in_the_chain_is_named(t):
    vectors = made(t, 'chain-vectors')
    x = array.array('f', [1.0] * (39 * 50))
    x[39 * 20 + 3] = 3e38
    head = b"{'descr': '<f4', 'fortran_order': False, 'shape': (50, 39), }"
    head += b' ' * (117 - len(head)) + b'\n'
    t.write('x.npy', b'\x93NUMPY\x01\x00' + struct.pack('<H', 118) + head + x.tobytes())
    fails(t.voq('encode', '-m', vectors, 'x.npy'), 3, 'x.npy', 'frame', 'overflows')
    t.write('narrow.npy', t.read('x.npy').replace(b'(50, 39)', b'(75, 26)'))
    fails(t.voq('encode', '-m', vectors, 'narrow.npy'), 3, 'narrow.npy', '39')


@claim
def eval_measures_the_units_of_the_command_for_every_kind_of_model(t):
    t.write('x.wav', wav(noise(40000)))
    whole, frontend, chain, vectors = (
        made(t, kind) for kind in ('whole', 'chain-frontend', 'chain', 'chain-vectors'))
    same(t.voq('encode', '--features', '-m', frontend, '-o', 'x.npy', 'x.wav').code, 0)
    measured = []
    for model, path in (whole, 'x.wav'), (chain, 'x.wav'), (vectors, 'x.npy'):
        r = t.voq('eval', '-q', '--json', model, path)
        same(r.code, 0, f'exit code ({r.err})')
        result, units = json.loads(r.out), ids(t.voq('encode', '-q', '-m', model, path))
        same((result['usage']['frames'], result['usage']['codes_used']), (len(units), len(set(units))), path)
        measured.append((result['usage']['entropy_bits'], result['quantizer']['distortion']))
    same(measured[2], measured[1], 'entropy and distortion of vectors')


main()
