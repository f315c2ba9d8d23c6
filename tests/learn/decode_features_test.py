# SPDX-License-Identifier: MIT
"""The decoder that voq train --encoder keeps in a model: voq decode --features and the error that
voq eval reports. A user of a VQ-VAE could otherwise not hear, see or judge what its units hold."""

import array
import json
import os
import random
import re
import struct
import subprocess

from cli import MAKE_MODEL, SOURCE, VOQ, Skip, claim, fails, holds, main, same
from trainer import model_file, npy, sections, train, trained

DATA = os.path.join(SOURCE, 'tests', 'data')
SUNSET = os.path.join(SOURCE, 'tests', 'train', 'sunset.npy')
MANUAL = os.path.join(SOURCE, 'tools', 'man', 'voq-train.1.scd')
SMALL = ['--encoder', 'conv 24 3 right 1; latent 8', '-k', '16', '--epochs', '120', '--batch', '400']


def speech():
    return [os.path.join(DATA, name) for name in sorted(os.listdir(DATA)) if name.endswith('.flac')]


def rows_of(data):
    shape = eval(data[10:128])['shape']
    values = array.array('f', data[128:])
    return [values[i * shape[-1]:(i + 1) * shape[-1]] for i in range(len(values) // shape[-1])]


def ids_of(data):
    shape = eval(data[10:128])['shape']
    values = array.array('i', data[128:])
    n = shape[1] if len(shape) > 1 else 1
    return [tuple(values[i * n:(i + 1) * n]) for i in range(shape[0])]


def run(t, *arguments):
    result = t.voq(*arguments)
    same((result.code, result.err), (0, ''), f'voq {arguments[0]}: exit code and stderr')
    return result.out


def decoded(t, model, units, *more, output='x.npy'):
    run(t, 'decode', '-q', '-m', model, '--features', units, *more, '-o', output)
    return rows_of(t.read(output))


def reconstruction(t, model, *corpus):
    return json.loads(run(t, 'eval', '-q', '--json', model, *corpus))['reconstruction']


def relative_error(rows, others):
    mean = [sum(column) / len(rows) for column in zip(*rows)]
    spread = sum((x - m) ** 2 for row in rows for x, m in zip(row, mean))
    return sum((a - b) ** 2 for x, y in zip(rows, others) for a, b in zip(x, y)) / spread


@claim
def the_colours_of_an_image_come_back_from_its_units(t):
    trained(t, '--encoder', 'conv 32 1; latent 8', '-k', '16', '--epochs', '60', '--batch', '256',
            SUNSET)
    run(t, 'encode', '-q', '-m', 'a.voq', '-f', 'npy', '-o', 'u.npy', SUNSET)
    colours = rows_of(open(SUNSET, 'rb').read())
    again = decoded(t, 'a.voq', 'u.npy')
    same(len(again), len(colours), 'vectors')
    same(len({tuple(row) for row in again}), 16, 'colours')
    error = relative_error(colours, again)
    holds(error < .02, f'the error is {error} of the variance')
    e = reconstruction(t, 'a.voq', SUNSET)
    same((e['frames'], e['dim']), (len(colours), 3), 'what was compared')
    # In the model each channel has a variance of 1.
    holds(.5 * error < e['relative_mse'] < 2 * error and abs(e['mse'] - e['relative_mse']) < 1e-3,
          f'{e}, from the vectors {error}')


@claim
def speech_without_labels_is_learned_with_most_codes_in_use(t):
    trained(t, *SMALL, '--log', 'log', *speech())
    log = [json.loads(line) for line in t.read('log').decode().splitlines()]
    holds(log[-1]['codebooks'][0]['used'] > .9 * 16, f'codes in use: {log[-1]}')
    holds(log[-1]['reconstruction'] < .5 * log[0]['reconstruction'], 'the error did not fall')
    e = reconstruction(t, 'a.voq', *speech())
    same(e['dim'], 40, 'bands')
    holds(e['relative_mse'] < .3, f'the error of the model: {e}')
    holds(e['mse'] < 1.5 * log[-1]['reconstruction'], f'{e} is not what was learned: {log[-1]}')
    run(t, 'encode', '-q', '-m', 'a.voq', '-f', 'gslm', '-o', 'u.gslm', *speech())
    run(t, 'decode', '-q', '-m', 'a.voq', '--features', 'u.gslm', '-o', 'out')
    same(sum(len(rows_of(t.read(f'out/{name}'))) for name in t.names('out')), e['frames'], 'frames')
    said = t.voq('decode', '-m', 'a.voq', '--features', 'u.gslm', '-o', 'again')
    holds('normalised' in said.err, f'the scale is not stated: {said.err!r}')


@claim
def the_mean_of_the_speakers_is_in_the_decoder(t):
    model = trained(t, *SMALL[:4], '--epochs', '2', *speech())
    decoder = next(data for kind, _, data in sections(model) if kind == b'DECD')
    layers = [struct.unpack_from('<6I', decoder, 8 + 32 * i) for i in range(decoder[0])]
    same([(kind, taps) for kind, _, _, taps, _, _ in layers], [(1, 3), (2, 1), (1, 3), (1, 3)],
         'layers: their kinds, and their taps or speakers')
    t.write('x.npy', npy([[1, 2], [3, 5]] * 20, 2))
    model = trained(t, '--encoder', 'conv 4 1; latent 2', '-k', '2', '--epochs', '1', 'x.npy')
    decoder = next(data for kind, _, data in sections(model) if kind == b'DECD')
    layers = [struct.unpack_from('<6I', decoder, 8 + 32 * i) for i in range(decoder[0])]
    same([(kind, taps) for kind, _, _, taps, _, _ in layers], [(1, 1)] * 3, 'layers for vectors')


@claim
def a_unit_of_an_encoder_with_stride_becomes_as_many_frames(t):
    trained(t, '--encoder', 'conv 12 4 right 1 stride 3; latent 6', '-k', '8', '--epochs', '3',
            *speech())
    run(t, 'encode', '-q', '-m', 'a.voq', '-f', 'gslm', '-o', 'u.gslm', speech()[0])
    n = len(t.read('u.gslm').split(b'|')[1].split())
    rows = decoded(t, 'a.voq', 'u.gslm')
    same((len(rows), len(rows[0])), (3 * n, 40), 'frames and bands')


@claim
def durations_are_frames_and_a_gap_is_the_end_of_what_came_before(t):
    trained(t, '--encoder', 'conv 12 3 right 1; latent 6', '-k', '8', '--epochs', '20', '--batch',
            '400', *speech())
    t.write('a.gslm', 'a|3 3 3 1 1 5\n')
    whole = decoded(t, 'a.voq', 'a.gslm')
    t.write('a.units', '3 1 5\n')
    t.write('a.durations', '3 2 1\n')
    same(decoded(t, 'a.voq', 'a.units'), whole, 'from durations')
    line = '{{"i":{0},"t":{1:.6f},"unit":{2}}}\n'
    head = '{"voq":1,"k":8,"hop":160,"rate":16000,"utt":"a"}\n'
    t.write('g.jsonl', head + line.format(0, 0, 3) + line.format(1, .01, 3)
            + '{"i":2,"gap":2,"t":0.020000,"why":"overrun"}\n' + line.format(4, .04, 3) + line.format(5, .05, 1)
            + '{"end":6,"t":0.060000}\n')
    parts = []
    for ids in '3 3', '3 1':
        t.write('p.gslm', f'a|{ids}\n')
        parts += decoded(t, 'a.voq', 'p.gslm')
    same(decoded(t, 'a.voq', 'g.jsonl'), parts, 'around a gap')
    t.write('n.gslm', 'a|3 3 3 1\n')
    holds(decoded(t, 'a.voq', 'n.gslm') != parts, 'the decoder has no context')


@claim
def a_model_without_a_decoder_or_with_a_damaged_one_is_refused_in_one_line(t):
    trained(t, *SMALL[:4], '--epochs', '1', *speech())
    kept = sections(t.read('a.voq'))
    t.write('u.gslm', 'a|3 1\n')
    decoder = next(data for kind, _, data in kept if kind == b'DECD')
    other = struct.pack('<2I', 1, 0) + struct.pack('<8I', 1, 8, 7, 1, 0, 0, 0, 0) + bytes(4 * 7 * 9)
    for spoiled, words in ((None, ['no decoder', 'vqvae']), (decoder[:-4], ['DECD', 'size']),
                           (other, ['does not fit']), (b'', ['DECD', 'cut off']),
                           (decoder[:-4] + struct.pack('<f', float('nan')), ['DECD', 'NaN'])):
        parts = [part for part in kept if part[0] != b'DECD']
        if spoiled is not None:
            parts.append((b'DECD', 0, spoiled))
        t.write('b.voq', model_file(parts))
        result = t.voq('decode', '-m', 'b.voq', '--features', 'u.gslm', '-o', 'x.npy')
        fails(result, 2, 'b.voq', *words)
        same(len(result.err.splitlines()), 1, f'lines of {result.err!r}')
        holds(not os.path.exists(t.path('x.npy')), 'there is an output')
        same(t.voq('decode', '-q', '-m', 'b.voq', 'u.gslm', '-o', 'c.npy').code, 0, 'codewords')
        os.remove(t.path('c.npy'))
        if spoiled is not None:
            fails(t.voq('eval', '-q', 'b.voq', speech()[0]), 2, 'b.voq', *words)


@claim
def models_with_and_without_a_decoder_are_compared(t):
    trained(t, *SMALL[:4], '--epochs', '20', *speech())
    lda = os.path.join(SOURCE, 'models', 'lda-100.voq')
    for models, is_first in (['a.voq', lda], True), ([lda, 'a.voq'], False):
        table = run(t, 'eval', '-q', '--bootstrap', '0', *models, *speech())
        row = next(line.split() for line in table.splitlines() if 'relative_mse' in line)
        same((row[1] == '-', row[2] == '-'), (not is_first, is_first), f'row {row}')
    both = json.loads(run(t, 'eval', '-q', '--json', '--bootstrap', '0', 'a.voq', lda, *speech()))
    same(['reconstruction' in model for model in both['models']], [True, False], 'JSON')


@claim
def the_decoder_is_no_part_of_the_hash_and_a_new_codebook_leaves_it_out(t):
    trained(t, *SMALL[:4], '--epochs', '1', *speech())
    parts = sections(t.read('a.voq'))
    t.write('b.voq', model_file([part for part in parts if part[0] != b'DECD']))
    hashes = [json.loads(run(t, 'info', '--json', name))['hash'] for name in ('a.voq', 'b.voq')]
    same(hashes[0], hashes[1], 'hash without the decoder')
    shown = ['decoder' in run(t, 'info', name) for name in ('a.voq', 'b.voq')]
    same(shown, [True, False], 'whether voq info shows it')
    t.write('c.npy', npy([[.1 * i] * 8 for i in range(5)], 8))
    run(t, 'convert', '-q', 'c.npy', '--frontend', 'a.voq', '-o', 'c.voq')
    holds(b'DECD' not in [kind for kind, _, _ in sections(t.read('c.voq'))], 'it is still there')


def manual_example():
    """The catalogue and the commands of the manual's example of semantic ids."""
    block = re.search(r"^```\npython3 -c '\n(.*?)'\n\n(.*?)^```\n", open(MANUAL).read(), re.M | re.S)
    return block[1], [line[4:] for line in block[2].splitlines() if line.startswith('voq ')]


def catalogue():
    """8 genres of 8 series of 25 items each, in 32 dimensions."""
    draw = random.Random(1)
    around = lambda point, scale: [x + draw.gauss(0, scale) for x in point]
    genres = [around([0] * 32, 1) for _ in range(8)]
    series = [around(genre, .5) for genre in genres for _ in range(8)]
    return [around(one, .2) for one in series for _ in range(25)]


def nearness(items, ids):
    """Mean distances of items: of all pairs, then of those that share 1, 2 and 3 ids."""
    sums, counts = [0] * 4, [0] * 4
    for i in range(len(items)):
        for j in range(i % 7, i, 7):
            d = sum((a - b) ** 2 for a, b in zip(items[i], items[j])) ** .5
            shared = next((k for k in range(3) if ids[i][k] != ids[j][k]), 3)
            for k in range(shared + 1):
                sums[k] += d
                counts[k] += 1
    return [a / b for a, b in zip(sums, counts)]


def run_manual(t):
    for line in manual_example()[1]:
        result = subprocess.run(f'"{VOQ}" {line}', shell=True, cwd=t.folder, capture_output=True)
        same(result.returncode, 0, f'voq {line}: {result.stderr}')
    items, ids = rows_of(t.read('items.npy')), ids_of(t.read('ids.npy'))
    same((len(ids), len(ids[0])), (len(items), 3), 'ids')
    near = nearness(items, ids)
    for k in range(3):
        holds(near[k + 1] < (.65, .85, .95)[k] * near[k], f'distances by equal prefix: {near}')
    same(len({(i * 8 // len(items), row[0]) for i, row in enumerate(ids)}), 8, 'genres and first ids')
    error = relative_error(items, rows_of(t.read('again.npy')))
    holds(error < .4, f'the items do not come back: {error}')


@claim
def items_of_a_catalogue_with_equal_prefixes_of_ids_are_near(t):
    t.write('items.npy', npy(catalogue(), 32))
    run_manual(t)


@claim
def the_catalogue_in_the_manual_is_made_as_it_is_printed(t):
    program = manual_example()[0]
    made = subprocess.run(['python3', '-c', program], cwd=t.folder, capture_output=True, text=True)
    if "No module named 'numpy'" in made.stderr:
        raise Skip('NumPy is not installed')
    same((made.returncode, made.stderr), (0, ''), 'exit code and stderr')
    run_manual(t)


main()
