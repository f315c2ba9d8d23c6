# SPDX-License-Identifier: MIT
"""fairseq's files: shards of vectors are as many utterances as they have lengths, and labels come
with the manifest that they belong to."""

import array
import os
import random
import shutil
import struct
import subprocess

from cli import *

DIM = 6
SPEECH = noise(32000)


def npy(rows, descr='<f4'):
    data = array.array('f' if descr == '<f4' else 'd', [x for row in rows for x in row])
    header = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': ({len(rows)}, {DIM}), }}"
    header += ' ' * (-(len(header) + 11) % 64) + '\n'
    return b'\x93NUMPY\x01\x00' + struct.pack('<H', len(header)) + header.encode() + data.tobytes()


def vector_model(t):
    subprocess.run([MAKE_MODEL, t.path('v.voq'), 'vectors', str(DIM), '9'], check=True)
    return 'v.voq'


def frames(n, seed=1):
    draw = random.Random(seed)
    return [[draw.gauss(0, 1) for _ in range(DIM)] for _ in range(n)]


def shard(t, name, lengths, seed=1, descr='<f4'):
    rows = frames(sum(lengths), seed)
    t.write(name + '.npy', npy(rows, descr))
    t.write(name + '.len', ''.join(f'{n}\n' for n in lengths))
    return rows


def encode(t, *arguments):
    return t.voq('encode', '-m', vector_model(t), *arguments)


def by_name(text):
    return {line.split('|')[0]: units(line) for line in text.splitlines()}


@claim
def a_shard_gives_one_utterance_for_each_length(t):
    for descr in ('<f4', '<f8'):
        rows = shard(t, 's_0_1', [5, 0, 17, 300], descr=descr)
        t.write('alone/all.npy', npy(rows, descr))
        r = encode(t, 's_0_1.npy')
        same((r.code, r.err), (0, ''))
        got = by_name(r.out)
        same(list(got), ['0-0', '0-1', '0-2', '0-3'])
        same([len(ids) for ids in got.values()], [5, 0, 17, 300])
        same(sum(got.values(), []), by_name(encode(t, 'alone').out)['all'])
        same(encode(t, '-j', '3', 's_0_1.npy').out, r.out)


@claim
def a_shard_is_apart_in_every_format(t):
    shard(t, 's_0_1', [5, 7])
    r = encode(t, '-f', 'km', '-o', 't.km', 's_0_1.npy')
    same((r.code, [len(line.split()) for line in t.read('t.km').decode().splitlines()]), (0, [5, 7]))
    r = encode(t, '-f', 'npy', '-o', 'arrays', 's_0_1.npy')
    same((r.code, t.names('arrays')), (0, ['0-0.npy', '0-1.npy']))
    for fmt in ('units', 'units-names', 'ark'):
        r = encode(t, '-f', fmt, '--text', 's_0_1.npy') if fmt == 'ark' else encode(
            t, '-f', fmt, 's_0_1.npy')
        same((r.code, len(r.out.splitlines())), (0, 2))


@claim
def a_manifest_names_the_utterances_of_its_shards(t):
    shard(t, 'd/s_0_2', [1, 2])
    shard(t, 'd/s_1_2', [3, 4, 5])
    t.write('m.tsv', '/root\na/x.wav\t160\na/y.wav\t1\nz.wav\t1\nb/u.wav\t1\nb/w.wav\t1\n')
    r = encode(t, '--tsv', 'm.tsv', 'd')
    same((r.code, r.err), (0, ''))
    same({name: len(ids) for name, ids in by_name(r.out).items()},
         {'x': 1, 'y': 2, 'z': 3, 'u': 4, 'w': 5})
    same(t.read('m.tsv').decode().count('\n'), 6, 'lines of the manifest')
    same(by_name(encode(t, '--tsv', 'm.tsv', '-f', 'gslm', 'd/s_1_2.npy').out).keys(),
         {'z', 'u', 'w'})
    same(encode(t, '-f', 'km', '--tsv', 'm.tsv', 'd').out.count('\n'), 5, 'labels')
    t.write('m.tsv', '/root\na/x.wav\t160\n')
    fails(encode(t, '--tsv', 'm.tsv', 'd'), 3, 'd/s_0_2', 'm.tsv')


@claim
def names_of_a_manifest_are_its_paths_where_those_are_wanted(t):
    shard(t, 's_0_1', [1, 2, 3])
    t.write('m.tsv', '/root\nbob/1.wav\t1\neva/1.wav\t1\n./eva/2.wav\t1\n')
    fails(encode(t, '--tsv', 'm.tsv', 's_0_1.npy'), 3, '1: another utterance has the same name')
    r = encode(t, '--names', 'path', '--tsv', 'm.tsv', 's_0_1.npy')
    same((r.code, r.err), (0, ''))
    same({name: len(ids) for name, ids in by_name(r.out).items()},
         {'bob/1': 1, 'eva/1': 2, 'eva/2': 3})


@claim
def a_line_of_a_manifest_without_a_file_name_is_told_with_its_number(t):
    shard(t, 's_0_1', [1, 1])
    t.write('a.km', '1\n2\n')
    for line in ('/', 'a/', ''):
        t.write('m.tsv', f'/root\na.wav\t1\n{line}\n')
        fails(encode(t, '--tsv', 'm.tsv', 's_0_1.npy'), 3, 'm.tsv:3: ')
        fails(t.voq('convert', '--tsv', 'm.tsv', '-f', 'gslm', 'a.km'), 3, 'm.tsv:3: ')
        fails(t.encode('m.tsv'), 3, 'm.tsv:3: ')


@claim
def shards_of_a_folder_come_in_the_order_of_their_ranks(t):
    for rank in range(12):
        shard(t, f'd/s_{rank}_12', [rank + 1], seed=rank)
    same(list(by_name(encode(t, 'd').out)), [f'{rank}-0' for rank in range(12)])
    r = encode(t, '-f', 'km', 'd')
    same([len(line.split()) for line in r.out.splitlines()], list(range(1, 13)))


@claim
def lengths_that_do_not_fit_the_array_cost_that_shard_alone(t):
    shard(t, 'good_0_1', [3])
    for lengths in ([4, 5], [4, 7], [20], [], ['x'], ['-1', '11'], ['18446744073709551615', '11']):
        t.write('bad_0_1.npy', npy(frames(10)))
        t.write('bad_0_1.len', ''.join(f'{n}\n' for n in lengths))
        r = encode(t, 'bad_0_1.npy', 'good_0_1.npy')
        fails(r, 3, 'bad_0_1.len', '1 of 2')
        same(list(by_name(r.out)), ['0-0'])
    t.write('bad_0_1.len', '4\n5\n')
    fails(encode(t, 'bad_0_1.npy'), 3, 'bad_0_1.npy', 'bad_0_1.len', '10 frames', '9')


@claim
def a_pair_of_another_name_is_a_shard_too(t):
    shard(t, 'dev', [2, 3])
    same(list(by_name(encode(t, 'dev.npy').out)), ['dev-0', 'dev-1'])
    t.write('m.tsv', '/\na.wav\nb.wav\n')
    same(list(by_name(encode(t, '--tsv', 'm.tsv', 'dev.npy').out)), ['a', 'b'])
    os.remove(t.path('dev.len'))
    same(list(by_name(encode(t, 'dev.npy').out)), ['dev'])
    os.mkfifo(t.path('dev.len'))
    same(list(by_name(encode(t, 'dev.npy').out)), ['dev'])


@claim
def a_frame_that_is_no_number_is_named_by_its_place_in_the_file(t):
    rows = frames(10)
    rows[7][2] = float('nan')
    t.write('s_0_1.npy', npy(rows))
    t.write('s_0_1.len', '5\n5\n')
    r = encode(t, 's_0_1.npy')
    fails(r, 3, 's_0_1.npy', 'frame 7 dim 2')
    same(list(by_name(r.out)), ['0-0'])


# ---- the manifest of km labels

def manifest(t, name='m.tsv'):
    lines = t.read(name).decode().splitlines()
    return lines[0], [line.split('\t') for line in lines[1:]]


def corpus(t):
    t.write('c/eva/1.wav', wav(SPEECH[:4000]))
    t.write('c/eva/2.wav', wav(SPEECH[:2000], rate=8000))
    t.write('c/bob/1.wav', wav(SPEECH[:3200], channels=2))
    shutil.copy(os.path.join(SOURCE, 'tests/data/5652-19215-0032.flac'), t.path('c/bob/speech.flac'))


SAMPLES = {'bob/1.wav': '1600', 'eva/1.wav': '4000', 'eva/2.wav': '2000'}


@claim
def labels_come_with_the_manifest_that_they_belong_to(t):
    corpus(t)
    r = t.encode('-q', '--names', 'path', '-f', 'km', '--tsv', 'm.tsv', '-o', 'm.km', 'c')
    same((r.code, r.err), (0, ''))
    root, entries = manifest(t)
    same(root, os.path.realpath(t.path('c')))
    same([path for path, _ in entries], ['bob/1.wav', 'bob/speech.flac', 'eva/1.wav', 'eva/2.wav'])
    same({path: n for path, n in entries if path in SAMPLES}, SAMPLES)
    labels = t.read('m.km').decode().splitlines()
    same(len(labels), len(entries))
    again = t.encode('-q', '--names', 'path', 'm.tsv')
    same((again.code, again.err), (0, ''))
    same([units(line) for line in again.out.splitlines()], [line.split() for line in labels])
    same(t.voq('convert', '-q', '--tsv', 'm.tsv', '-f', 'km', 'm.km').out, t.read('m.km').decode())


@claim
def inputs_from_anywhere_share_one_root(t):
    corpus(t)
    os.mkdir(t.path('here'))
    here = lambda *a: subprocess.run([VOQ, 'encode', '-q', '-m', t.model, *a], cwd=t.path('here'),
                                     capture_output=True, timeout=60)
    r = here('--names', 'path', '-f', 'km', '--tsv', 'm.tsv', '-o', 'm.km', '../c/eva/1.wav',
             t.path('c/bob/1.wav'))
    same((r.returncode, r.stderr), (0, b''))
    root, entries = manifest(t, 'here/m.tsv')
    for path, n in entries:
        holds(os.path.exists(os.path.join(root, path)), f'{root} {path}')
    same([n for _, n in entries], ['4000', '1600'])
    t.write('l.txt', 'c/eva/1.wav\n')
    r = t.encode('-f', 'km', '--tsv', 'one.tsv', '-o', 'one.km', 'l.txt')
    same((r.code, manifest(t, 'one.tsv')),
         (0, (os.path.realpath(t.path('c/eva')), [['1.wav', '4000']])))
    r = t.encode('-f', 'km', '--tsv', 'two.tsv', '-o', 'two.km', './c/eva/1.wav', 'c/bob/speech.flac')
    same((r.code, [path for path, _ in manifest(t, 'two.tsv')[1]]),
         (0, ['eva/1.wav', 'bob/speech.flac']))


@claim
def what_no_line_of_a_manifest_can_stand_for_is_refused_before_the_first_byte(t):
    corpus(t)
    t.write('parts.jsonl', '{"path": "c/eva/1.wav", "offset": 0.1, "duration": 0.1}\n')
    t.write('wav.scp', 'a cat c/eva/1.wav |\n')
    t.write('v.npy', npy(frames(3)))
    t.write('tab\t.wav', wav(SPEECH))
    t.write('blank.wav ', wav(SPEECH))
    for inputs, word in ((['-'], 'pipe'), (['parts.jsonl'], 'part of a file'),
                         (['--allow-pipes', 'wav.scp'], 'pipe'), (['v.npy'], 'vectors'),
                         (['tab\t.wav'], 'cannot list'), (['blank.wav '], 'cannot list'),
                         (['--channel', 'all', 'c/bob/1.wav'], 'channel')):
        r = t.encode('-f', 'km', '--tsv', 'm.tsv', '-o', 'm.km', *inputs)
        fails(r, 2, word)
    for more, word in ((['-f', 'gslm'], 'format gslm'), (['--features'], '--features')):
        fails(t.encode('--tsv', 'm.tsv', '-o', 'm.km', *more, 'c/eva/1.wav'), 2, word)
    holds(not {'m.tsv', 'm.km'} & set(t.names()), 'a file was made')


@claim
def a_duration_of_the_whole_file_is_no_part(t):
    corpus(t)
    t.write('nemo.json', '{"audio_filepath": "c/eva/1.wav", "duration": 0.25, "text": "x"}\n')
    r = t.encode('-f', 'km', '--tsv', 'm.tsv', '-o', 'm.km', 'nemo.json')
    same((r.code, r.err, manifest(t)[1]), (0, '', [['1.wav', '4000']]))
    t.write('nemo.json', '{"audio_filepath": "c/eva/1.wav", "duration": 0.2, "text": "x"}\n')
    fails(t.encode('-f', 'km', '--tsv', 'm.tsv', '-o', 'n.km', 'nemo.json'), 3, 'nemo.json:1',
          'part of a file')


@claim
def the_manifest_of_all_ranks_has_one_root(t):
    corpus(t)
    lines = []
    for rank in range(2):
        r = t.encode('-q', '--names', 'path', '-f', 'km', '--tsv', f'{rank}.tsv', '-o', f'{rank}.km',
                     '--rank', str(rank), '--nshard', '2', 'c')
        same((r.code, r.err), (0, ''))
        root, entries = manifest(t, f'{rank}.tsv')
        same(root, os.path.realpath(t.path('c')))
        lines += [path for path, _ in entries]
    same(lines, ['bob/1.wav', 'bob/speech.flac', 'eva/1.wav', 'eva/2.wav'])


@claim
def the_manifest_is_no_input_of_the_same_run(t):
    corpus(t)
    t.write('in.tsv', t.path('c') + '\neva/1.wav\t4000\n')
    before = t.read('in.tsv')
    fails(t.encode('-f', 'km', '--tsv', 'in.tsv', '-o', 'm.km', 'in.tsv'), 2, 'in.tsv')
    fails(t.encode('-f', 'km', '--tsv', 'c/eva/1.wav', '-o', 'm.km', 'c/eva/1.wav'), 2, 'input')
    same(t.read('in.tsv'), before)
    shard(t, 's_0_1', [1])
    fails(t.encode('-f', 'km', '--tsv', 'x.tsv', 's_0_1.npy', 'c/eva/1.wav'), 2, '--tsv')


main()
