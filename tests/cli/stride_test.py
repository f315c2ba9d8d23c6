# SPDX-License-Identifier: MIT
"""A learned model with one unit per 20 ms: no format, no gap and no metric takes its units for frames of
10 ms."""

import json
import os

from cli import *

HOP, RATE = 320, 16000


def model(t, kind='encoder'):
    path = t.path(kind + '.voq')
    subprocess.run([MAKE_MODEL, path, kind], check=True)
    return path


def encoded(t, *arguments, **how):
    result = t.voq('encode', '-q', '-m', model(t), *arguments, **how)
    same(result.code, 0, result.err)
    return result.out


@claim
def a_unit_stands_for_twenty_milliseconds(t):
    for n in (0, 159, 160, 479, 480, 5000, 16000):
        t.write('a.wav', wav(noise(n)))
        same(len(units(encoded(t, 'a.wav'))), (n + HOP // 2) // HOP, f'units of {n} samples')


@claim
def times_are_multiples_of_the_units_own_hop(t):
    t.write('a.wav', wav(noise(5000)))
    found = units(encoded(t, 'a.wav'))
    lines = [json.loads(line) for line in encoded(t, '-f', 'jsonl', 'a.wav').splitlines()]
    same(lines[0]['hop'], HOP)
    rows = [line for line in lines if 'unit' in line]
    same([str(row['unit']) for row in rows], found)
    same([round(row['t'] * 1000) for row in rows], [20 * i for i in range(len(found))])
    spans = [line.split() for line in encoded(t, '-f', 'ctm', 'a.wav').splitlines()]
    end = 0
    for _, _, start, duration, unit in spans:
        same(round(float(start) * 1000), 20 * end)
        n = round(float(duration) * 50)
        same(found[end:end + n], [unit] * n)
        end += n
    same(end, len(found))


@claim
def a_pipe_in_small_pieces_has_the_units_of_the_file(t):
    x = noise(7777)
    t.write('a.wav', wav(x))
    raw = encoded(t, '--raw', 's16le', '--rate', '16000', '--channels', '1', '-', stdin=x.tobytes())
    same(units(raw), units(encoded(t, 'a.wav')))


@claim
def after_a_gap_units_keep_their_place_in_time(t):
    t.write('a.wav', wav(noise(8000)))
    t.write('a.wav.gaps', '3000\t1000\tlost\n')
    lines = [json.loads(line) for line in encoded(t, '-f', 'jsonl', 'a.wav').splitlines()]
    index = [line['i'] for line in lines if 'unit' in line]
    before = list(range((3000 + HOP // 2) // HOP))
    start = -(-4000 // HOP)
    n = (9000 - start * HOP + HOP // 2) // HOP
    same(index, before + list(range(start, start + n)))


@claim
def features_are_the_latents_one_row_per_unit(t):
    t.write('a.wav', wav(noise(5000)))
    encoded(t, '--features', '-o', 'a.npy', 'a.wav')
    holds(b"(16, 6)" in t.read('a.npy')[:128], 'the shape in the header')


@claim
def vectors_of_a_unit_are_taken_together(t):
    rows, dim = 7, 40
    values = array.array('f', [((i * 37) % 64 - 32) / 16 for i in range(rows * dim)])
    text = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {dim}), }}"
    text += ' ' * (-(len(text) + 11) % 64) + '\n'
    t.write('v.npy', b'\x93NUMPY\x01\x00' + struct.pack('<H', len(text)) + text.encode() + values.tobytes())
    result = t.voq('encode', '-q', '-m', model(t, 'encoder-vectors'), 'v.npy')
    same(result.code, 0, result.err)
    same(len(units(result.out)), 4)


@claim
def metrics_pair_units_with_their_own_times(t):
    data = os.path.join(SOURCE, 'tests/data')
    recording = os.path.join(data, '4406-16882-0036.flac')
    result = t.voq('eval', '--json', '--phones', os.path.join(data, 'phones.ctm'), model(t), recording)
    same(result.code, 0, result.err)
    facts = json.loads(result.out)
    same((facts['hop'], facts['rate']), (HOP, RATE))


main()
