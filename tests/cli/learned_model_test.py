# SPDX-License-Identifier: MIT
"""A learned model with one unit per 20 ms: no format, no gap and no metric takes its units for frames of
10 ms, and no command leaves its encoder out."""

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


def crc32c(data):
    crc = 0xffffffff
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    return crc ^ 0xffffffff


def with_sums(data):
    """A model file whose checksums fit its sections again."""
    n_section, = struct.unpack_from('<I', data, 12)
    for i in range(n_section):
        entry = 32 + 32 * i
        begin, size = struct.unpack_from('<QQ', data, entry + 8)
        struct.pack_into('<I', data, entry + 24, crc32c(data[begin:begin + size]))
    struct.pack_into('<I', data, 24, crc32c(data[:24] + data[32:32 + 32 * n_section]))
    return bytes(data)


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
def frames_from_elsewhere_have_the_units_of_the_audio(t):
    """600 frames are several blocks of vectors, which must be one sequence; two of them are a unit."""
    t.write('a.wav', wav(noise(96000)))
    result = t.voq('encode', '-q', '--features', '--profile', 'hubert', '--set', 'n_delta=0', '--set',
                   'grid=mirror', '-o', 'a.npy', 'a.wav')
    same(result.code, 0, result.err)
    result = t.voq('encode', '-q', '-m', model(t, 'encoder-vectors'), 'a.npy')
    same(result.code, 0, result.err)
    same(len(units(result.out)), 300)
    same(result.out, encoded(t, 'a.wav'))
    result = t.voq('eval', model(t, 'encoder-vectors'), 'a.npy')
    same(result.code, 0, result.err)
    holds('one unit per 2 vectors' in result.out, 'eval counts units as if each were a vector')


@claim
def metrics_pair_units_with_their_own_times(t):
    data = os.path.join(SOURCE, 'tests/data')
    recording = os.path.join(data, '4406-16882-0036.flac')
    result = t.voq('eval', '--json', '--phones', os.path.join(data, 'phones.ctm'), model(t), recording)
    same(result.code, 0, result.err)
    facts = json.loads(result.out)
    same((facts['hop'], facts['rate']), (HOP, RATE))


@claim
def units_of_different_encoders_are_not_matched(t):
    own, other = model(t), t.path('other.voq')
    with open(own, 'rb') as file:
        changed = bytearray(file.read())
    at = changed.index(b'ENCD')
    begin, = struct.unpack_from('<Q', changed, at + 8)
    changed[begin + 8 + 5 * 40] ^= 1  # the lowest bit of the first bias
    t.write('other.voq', with_sums(changed))
    same(t.voq('info', own, own).code, 0)
    fails(t.voq('info', own, other), 2, 'encoders')


@claim
def training_does_not_begin_from_a_model_whose_encoder_it_would_lose(t):
    if not os.path.exists(f'{VOQ}-train'):
        raise Skip('voq-train is not built')
    t.write('a.wav', wav(noise(16000)))
    fails(t.voq('train', '--init', model(t), '-k', '4', '-o', 'new.voq', 'a.wav'), 2, 'learned encoder')


@claim
def a_new_codebook_behind_an_encoder_keeps_the_encoder(t):
    t.write('a.wav', wav(noise(16000)))
    path = model(t)
    result = t.voq('convert', '-q', path, '-o', 'codes.npy')
    same(result.code, 0, result.err)
    result = t.voq('convert', '-q', 'codes.npy', '--frontend', path, '-o', 'again.voq')
    same(result.code, 0, result.err)
    same(t.voq('encode', '-q', '-m', './again.voq', 'a.wav').out, encoded(t, 'a.wav'))


main()
