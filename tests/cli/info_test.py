# SPDX-License-Identifier: MIT
"""voq info: everything about a model, and which units two models share."""

import json
import os
import shutil
import subprocess

from cli import *


def model(t, name, *arguments):
    subprocess.run([MAKE_MODEL, t.path(name), *arguments], check=True)
    return name


@claim
def a_model_is_described_in_words(t):
    r = t.voq('info', model(t, 'm.voq'))
    same((r.code, r.err), (0, ''), 'exit code and stderr')
    for line in ('name        tiny', 'rate        16000 Hz', 'hop         160 samples (10 ms)',
                 'window      400 samples (25 ms)', 'look-ahead  760 samples (47.5 ms)',
                 'features    39 dimensions', 'codebook    20 codewords', '  n_mel=23', '  seed=1'):
        holds(line in r.out.splitlines(), f'{line!r} is not in {r.out!r}')


@claim
def json_holds_every_number(t):
    r = t.voq('info', '--json', model(t, 'm.voq', '5', '2'))
    same((r.code, r.out.count('\n')), (0, 1), 'exit code and lines')
    m = json.loads(r.out)
    same([m['rate'], m['hop'], m['codebooks'], m['codes'], m['dim']], [16000, 160, 2, 5, 39])
    same([len(m['codewords']), len(m['codewords'][0]), len(m['codewords'][1][4])], [2, 5, 39])
    same(m['normalise']['kind'], 'running mean')
    same(len(m['normalise']['mean']), 39)
    same(m['provenance'], {'corpus': 'none', 'seed': '1'})
    same(m['frontend']['n_mel'], '23')
    same(m['bytes'], os.path.getsize(t.path('m.voq')))


@claim
def a_model_of_vectors_is_described_too(t):
    model(t, 'v.voq', 'vectors', '4', '7')
    holds('vectors, no audio' in t.voq('info', 'v.voq').out, 'it is not said')
    m = json.loads(t.voq('info', '--json', 'v.voq').out)
    same((m['rate'], m['dim'], m['codes'], m['frontend']), (0, 4, 7, {}))


@claim
def a_learned_encoder_is_described_layer_by_layer(t):
    r = t.voq('info', model(t, 'e.voq', 'encoder'))
    for line in ('hop         320 samples (20 ms)', 'look-ahead  440 samples (27.5 ms)',
                 'encoder     5 layers, 1387 parameters, 888 multiply-adds per frame',
                 '  conv 13 to 12, 3 taps, 1 of them later', '  conv 12 to 10, 2 taps, 1 of them later, stride 2',
                 '  gru 10 to 7', '  conv 7 to 9, 3 taps, 0 of them later, dilation 2', '  latent 9 to 6',
                 'features    6 dimensions'):
        holds(line in r.out.splitlines(), f'{line!r} is not in {r.out!r}')
    m = json.loads(t.voq('info', '--json', 'e.voq').out)
    same((m['hop'], m['look_ahead'], m['look_ahead_frames'], m['dim']), (320, 440, 2, 6))
    encoder = m['encoder']
    layers = encoder['layers']
    same([layer['kind'] for layer in layers], ['conv', 'conv', 'gru', 'conv', 'latent'])
    weights = [(matrix, layer['stride'], i) for i, layer in enumerate(layers)
               for matrix in (layer['input'], layer.get('state')) if matrix]
    n_weight = sum(len(row) for matrix, _, _ in weights for row in matrix['weight'])
    n_row = sum(len(matrix['bias']) for matrix, _, _ in weights)
    same((encoder['stride'], encoder['parameters']), (2, n_weight + n_row))
    same(len(layers[2]['state']['weight']), 21)
    same((m['labels'][1], len(m['labels'])), ({'label': 'AH', 'probability': 0.03125}, 30))
    same(json.loads(t.voq('info', '--json', model(t, 'm.voq')).out)['encoder'], None)


@claim
def a_model_corresponds_to_itself(t):
    r = t.voq('info', model(t, 'a.voq'), model(t, 'b.voq'))
    same(r.out.splitlines(), [f'{i} {i} 0' for i in range(20)])
    pairs = json.loads(t.voq('info', '--json', 'a.voq', 'b.voq').out)['matches']
    same([(p['old'], p['new'], p['distance']) for p in pairs], [(i, i, 0) for i in range(20)])


@claim
def a_larger_codebook_keeps_the_units_that_it_kept(t):
    """make_model draws the same codewords first, so the first 20 of 30 are the 20."""
    r = t.voq('info', model(t, 'a.voq', '20'), model(t, 'b.voq', '30'))
    same(r.out.splitlines(), [f'{i} {i} 0' for i in range(20)])


@claim
def models_with_other_front_ends_are_not_compared(t):
    fails(t.voq('info', model(t, 'a.voq'), model(t, 'v.voq', 'vectors', '39', '20')), 2,
          'front ends')
    fails(t.voq('info', 'a.voq', model(t, 'c.voq', '20', '2')), 2, 'codebooks')


@claim
def models_are_found_by_name(t):
    model(t, 'mine.voq')
    found = t.environment(VOQ_MODELS=t.folder)
    holds(t.path('mine.voq') in t.voq('info', 'mine', env=found).out, '$VOQ_MODELS is not searched')
    fails(t.voq('info', 'mine'), 2, '"mine"', 'VOQ_MODELS')
    os.makedirs(t.path('usr/bin'))
    os.makedirs(t.path('usr/share/voq/models'))
    shutil.copy(VOQ, t.path('usr/bin/voq'))
    shutil.copy(t.path('mine.voq'), t.path('usr/share/voq/models/mine.voq'))
    r = t.voq('info', 'mine', voq=t.path('usr/bin/voq'))
    holds('share/voq/models/mine.voq' in r.out, f'not beside the program: {r.err}')
    os.renames(t.path('usr/share/voq/models'), t.path('usr/_models'))
    r = t.voq('info', 'mine', voq=t.path('usr/bin/voq'))
    holds('_models/mine.voq' in r.out, f'not as in the Python package: {r.err}')


@claim
def a_damaged_model_is_exit_2_and_names_the_byte(t):
    data = bytearray(t.read(model(t, 'm.voq')))
    data[len(data) // 2] ^= 1
    fails(t.voq('info', t.write('bad.voq', bytes(data))), 2, 'bad.voq', 'byte')
    fails(t.voq('info', t.write('cut.voq', bytes(data[:100]))), 2, 'cut.voq')
    fails(t.voq('info', t.write('text.voq', 'hello')), 2, 'text.voq')
    fails(t.voq('info', './nowhere.voq'), 2, 'nowhere.voq')


def crc32c(data, crc=0):
    crc ^= 0xffffffff
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    return crc ^ 0xffffffff


def with_window(data, window):
    """The model with another window in its first section, FRNT, and checksums that hold."""
    data = bytearray(data)
    n_section, = struct.unpack_from('<I', data, 12)
    offset, size = struct.unpack_from('<QQ', data, 40)
    struct.pack_into('<I', data, offset + 20, window)
    struct.pack_into('<I', data, 56, crc32c(data[offset:offset + size]))
    struct.pack_into('<I', data, 24, crc32c(data[:24] + data[32:32 + 32 * n_section]))
    return bytes(data)


@claim
def a_model_of_a_newer_voq_is_not_called_damaged(t):
    data = t.read(model(t, 'm.voq'))
    t.write('known.voq', with_window(data, 5))
    same(t.voq('info', 'known.voq').code, 0, 'a window that is known')
    t.write('newer.voq', with_window(data, 9))
    for command in ('info', 'newer.voq'), ('encode', '-m', 'newer.voq', t.write('a.wav', b'')):
        r = t.voq(*command)
        fails(r, 2, 'newer.voq', 'made by a newer voq; get a newer one')
        holds('again' not in r.err, f'the advice is {r.err!r}')


main()
