# SPDX-License-Identifier: MIT
"""voq eval in shards: every digit is that of one process, whatever is measured."""

import os
import random

from cli import *
from two_speakers import *

FEW = ['--bootstrap', '20']


def corpus(t):
    """Four recordings of two speakers with phones and items, one without items, one broken."""
    two_speakers(t)
    t.write('c/0-broken.flac', 'broken')
    t.write('c/1-noise.wav', wav(noise(8000)))
    t.write('c/phones.ctm', t.read('c/phones.ctm') + b'gone 1 0.00 0.10 A\n1-noise 1 0.00 0.20 A\n')


def shards(t, n, *arguments, codes=(0,)):
    names = [f'shard.{i}' for i in range(n)]
    for i, name in enumerate(names):
        r = t.voq('eval', '-q', *arguments, '--shard', f'{i}/{n}', '-o', name)
        holds(r.code in codes, f'{arguments} {i}/{n}: {r.code} {r.err}')
    return names


def is_that_of_one_process(t, *arguments, numbers=(1, 2, 3, 7), codes=(0,)):
    one = {json: t.voq('eval', '-q', *json, *arguments).out
           for json in (('--json',), ('--per-phone', '--per-unit') if 'phones' in one_has(t, *arguments)
                        else ())}
    for n in numbers:
        names = shards(t, n, *arguments, codes=codes)
        for how, text in one.items():
            r = t.voq('eval', '-q', '--merge', *how, *names[::-1])
            same((r.code, r.err, r.out), (0, '', text), f'{arguments} in {n} shards, {how}')


def one_has(t, *arguments):
    return ['phones'] if '--phones' in arguments or 'c' in arguments else []


@claim
def models_on_a_corpus(t):
    """PNMI, purity, boundaries, usage, speakers, quantization error, ABX of units and features, and
    the intervals of a bootstrap."""
    corpus(t)
    is_that_of_one_process(t, *FEW, t.model, 'c', codes=(0, 3))
    is_that_of_one_process(t, *FEW, t.model, 'mfcc-100', 'c', numbers=(2,), codes=(0, 3))


@claim
def other_settings_of_abx(t):
    corpus(t)
    is_that_of_one_process(t, '--bootstrap', '0', '--any-context', '--max-size', '3', '--max-x', '1',
                           '--distance', 'euclidean', t.model, 'c', numbers=(2,), codes=(0, 3))


@claim
def a_file_of_units(t):
    corpus(t)
    t.encode('-q', '-o', 'u.gslm', 'c')
    t.encode('-q', '--features', '-o', 'features', 'c')
    inputs = ['--units', 'u.gslm', '--hop', '160', '--rate', '16000', '--codes', '20']
    is_that_of_one_process(t, *inputs)
    is_that_of_one_process(t, *inputs, *FEW, '--phones', 'c/phones.ctm', '--tolerance', '30')
    is_that_of_one_process(t, *inputs, *FEW, '--phones', 'c/phones.ctm', '--items',
                           'c/phoneme.item', '--features', 'features', numbers=(3,))
    is_that_of_one_process(t, *inputs, *FEW, '--items', 'c/phoneme.item', numbers=(3,))
    is_that_of_one_process(t, *inputs, *FEW, '--phones', 'c/phones.ctm', '--grid', '10000', '--seed',
                           '7', numbers=(3,))


@claim
def lost_frames_and_several_codebooks(t):
    header = '{"voq":1,"k":4,"hop":160,"rate":16000,"cb":2,"utt":"%s"}\n'
    lines = ''
    for u in range(5):
        lines += header % f's{u}'
        for i in range(4):
            lines += f'{{"i":{i},"t":{i / 100:.6f},"unit":[{(u + i) % 4},{i}]}}\n'
        lines += '{"i":4,"gap":2,"t":0.040000}\n{"i":6,"t":0.060000,"unit":[1,3]}\n'
        lines += '{"end":7,"t":0.070000}\n'
    t.write('u.jsonl', lines)
    t.write('p.ctm', ''.join(f's{u} 1 0.00 0.03 A\ns{u} 1 0.03 0.04 B\n' for u in range(5)))
    is_that_of_one_process(t, '--units', 'u.jsonl', '--phones', 'p.ctm', *FEW)


@claim
def a_shard_holds_the_units_of_its_utterances_only(t):
    corpus(t)
    os.remove(t.path('c/0-broken.flac'))
    names = shards(t, 2, '--bootstrap', '0', t.model, 'c')
    found = [[line.split('"')[3] for line in t.read(n).decode().splitlines() if '"utt"' in line]
             for n in names]
    same(sorted(sum(found, [])), sorted(NAMES + ['1-noise']))
    holds(all(found), 'both have some')


@claim
def what_is_no_run_is_rejected(t):
    corpus(t)
    os.remove(t.path('c/0-broken.flac'))
    names = shards(t, 3, *FEW, t.model, 'c')
    merge = ['eval', '--merge']
    fails(t.voq(*merge), 2, '--shard')
    fails(t.voq(*merge, *names[:2]), 3, 'shard 2 of 3 is missing')
    fails(t.voq(*merge, names[0], names[2]), 3, 'shard 1 of 3 is missing')
    fails(t.voq(*merge, *names, names[1]), 3, 'both shard 1')
    fails(t.voq(*merge, *names, '-o', names[1]), 2, names[1])
    t.voq('eval', '-q', '--seed', '2', *FEW, t.model, 'c', '--shard', '1/3', '-o', 'other')
    fails(t.voq(*merge, names[0], 'other', names[2]), 3, 'another run')
    ctm = t.read('c/phones.ctm')
    t.write('c/phones.ctm', ctm + b'more 1 0.00 0.10 A\n')
    fails(t.voq(*merge, *names), 3, 'phones.ctm', 'changed')
    t.write('c/phones.ctm', ctm)
    data = t.read(names[1])
    for cut in (data[:len(data) // 2], data[:data.rindex(b'\n', 0, -1) + 1], b''):
        t.write('cut', cut)
        fails(t.voq(*merge, names[0], 'cut', names[2]), 3)


@claim
def options_of_the_report_belong_to_the_merge(t):
    corpus(t)
    for option in ('--json', '--per-phone', '--changed=x', '--robustness=c'):
        fails(t.voq('eval', '--shard', '0/2', option, t.model, 'c'), 2, option.split('=')[0])
    for option in ('--phones=c/phones.ctm', '--bootstrap=3', '--shard=0/2', '--units=x'):
        fails(t.voq('eval', '--merge', option, 'x'), 2, option.split('=')[0], '--merge')
    fails(t.voq('eval', '--shard', '2/2', t.model, 'c'), 2, '--shard 2/2')


@claim
def a_damaged_shard_is_an_error_and_no_crash(t):
    corpus(t)
    os.remove(t.path('c/0-broken.flac'))
    names = shards(t, 2, *FEW, '--max-size', '2', t.model, 'c')
    whole = t.voq('eval', '-q', '--merge', *names).out
    lines = t.read(names[1]).splitlines(keepends=True)
    draw = random.Random(1)
    for trial in range(150):
        changed = list(lines)
        at = draw.randrange(len(changed))
        line = bytearray(changed[at])
        kind = draw.randrange(4)
        if kind == 0:
            del changed[at]
        elif kind == 1:
            changed.insert(at, changed[draw.randrange(len(changed))])
        else:
            for _ in range(draw.randint(1, 3)):
                line[draw.randrange(len(line))] = draw.choice(b'0123456789-[]{},:"ne.\n')
            changed[at] = bytes(line)
        t.write('damaged', b''.join(changed))
        r = t.voq('eval', '-q', '--merge', names[0], 'damaged')
        holds(r.code in (0, 3), f'trial {trial}: {r.code} {r.err}')
        holds(r.code == 3 or kind > 1 or r.out == whole, f'trial {trial}: a line that is {kind}')


main()
