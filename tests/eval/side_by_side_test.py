# SPDX-License-Identifier: MIT
"""voq eval MODEL MODEL... CORPUS...: models side by side."""

import json
import os
import shutil
import subprocess

from cli import *
from two_speakers import *


def corpus(t):
    two_speakers(t)
    return 'c'


def evaluate(t, *arguments, code=0, err=''):
    r = t.voq('eval', '--json', '-q', *arguments)
    same((r.code, r.err), (code, err), 'exit code and stderr')
    return json.loads(r.out)


@claim
def each_model_scores_as_if_alone(t):
    corpus(t)
    both = evaluate(t, t.model, 'mfcc-100', 'c')
    same(len(both['models']), 2)
    for got, model in zip(both['models'], (t.model, 'mfcc-100')):
        alone = evaluate(t, model, 'c')
        same(got, alone, model)
    same(evaluate(t, t.model, 'mfcc-100', 'c', '-j', '3'), both, 'with three workers')


@claim
def models_may_stand_anywhere_after_the_first(t):
    corpus(t)
    same(evaluate(t, t.model, 'c', 'mfcc-100'), evaluate(t, t.model, 'mfcc-100', 'c'))
    shutil.copy(t.model, t.path('other.voq'))
    both = evaluate(t, t.model, 'c', 'other.voq')
    same(both['models'][1]['units'], 'other.voq')


@claim
def a_path_that_is_there_is_a_corpus_not_a_model_of_that_name(t):
    corpus(t)
    os.rename(t.path('c'), t.path('mfcc-100'))
    e = evaluate(t, t.model, 'mfcc-100')
    holds(e['units'].endswith('tiny.voq') and e['utterances'] == 4, 'not a corpus')


@claim
def a_model_does_not_beat_itself(t):
    corpus(t)
    shutil.copy(t.model, t.path('other.voq'))
    for c in evaluate(t, t.model, 'other.voq', 'c')['comparisons']:
        same((c['first_is_better'], c['second_is_better'], c['difference']), (0, 0, [0, 0]),
             c['metric'])


@claim
def the_better_of_two_is_the_better_in_most_draws(t):
    corpus(t)
    e = evaluate(t, t.model, 'lda-500', 'c')
    seen = set()
    for c in e['comparisons']:
        first, second = (m[c['group']][c['metric']] for m in e['models'])
        low, high = c['difference']
        holds(low <= first - second <= high, f'{c}: the difference is {first - second}')
        better = (first > second) == (c['better'] == 'higher')
        holds((c['first_is_better'] > c['second_is_better']) == better or first == second, f'{c}')
        holds(c['first_is_better'] + c['second_is_better'] <= 1, f'{c}')
        seen.add((c['group'], c['better']))
    same(seen, {('all', 'higher'), ('speech', 'higher'), ('abx', 'lower'),
                ('abx_features', 'lower')})


@claim
def the_table_has_one_column_for_each_model_and_fits_in_100_columns(t):
    corpus(t)
    names = [t.model, 'mfcc-100', 'lda-100', 'lda-500', 'mfcc-100', 'lda-100']
    r = t.voq('eval', '--per-phone', '--any-context', *names, 'c')
    same(r.code, 0, f'exit code ({r.err})')
    for line in r.out.splitlines():
        holds(len(line) <= 100 or line.startswith('models ') or line[:9] == '        /',
              f'{len(line)} columns: {line}')
    rows = [line.split() for line in r.out.splitlines() if line.startswith('  pnmi  ')]
    same([len(row) for row in rows[:2]], [5, 3], 'columns of two blocks')
    for word in ('tiny against mfcc-100', '5:mfcc-100', '6:lda-100',
                 '1000 draws of 4 utterances', '2 speakers: the intervals hold for these speakers'):
        holds(word in r.out, f'no {word!r}')
    same(r.out.count('\nphone  '), 6, 'tables of phones')


@claim
def a_recording_that_fails_with_one_model_is_left_out_for_all_and_told(t):
    for name, dim in (('v39', 39), ('v20', 20)):
        subprocess.run([MAKE_MODEL, t.path(f'{name}.voq'), 'vectors', str(dim), '8'], check=True)
    corpus(t)
    same(t.encode('--features', '-o', 'f', 'c').code, 0)
    narrow = t.read('f/' + NAMES[0] + '.npy')
    header = narrow[:narrow.index(b'\n') + 1].replace(b'39)', b'20)')
    n = int(header.split(b"'shape': (")[1].split(b',')[0])
    t.write('f/narrow.npy', header + bytes(n * 20 * 4))
    vectors = [f'f/{name}' for name in t.names('f')]
    shutil.copy(t.path('v39.voq'), t.path('w39.voq'))
    r = t.voq('eval', '--json', '-q', 'v39.voq', 'w39.voq', *vectors)
    same(r.code, 3, f'exit code ({r.err})')
    same(r.err.count('narrow.npy'), 1, 'times that it is told')
    e = json.loads(r.out)
    same([m['utterances'] for m in e['models']], [4, 4])
    r = t.voq('eval', '--json', '-q', 'v39.voq', 'v20.voq', *vectors)
    same(r.code, 3)
    holds('left out for all' in r.err, r.err)
    same([m['utterances'] for m in json.loads(r.out)['models']], [0, 0])


@claim
def robustness_is_measured_for_each_model(t):
    corpus(t)
    t.write('noise/hiss.wav', wav(noise(20000, seed=9)))
    arguments = ('--robustness', 'noise', '--snr', '10', 'c')
    both = evaluate(t, t.model, 'mfcc-100', *arguments)
    for got, model in zip(both['models'], (t.model, 'mfcc-100')):
        same(got['robustness'], evaluate(t, model, *arguments)['robustness'], model)
    r = t.voq('eval', '-q', t.model, 'mfcc-100', *arguments)
    holds('same_frames of changed audio' in r.out and 'noise 10 dB' in r.out, r.out)


@claim
def standard_input_is_read_once_for_all(t):
    data = wav(noise(16000))
    r = t.voq('eval', '-q', '--json', t.model, 'mfcc-100', '-', stdin=data)
    same(r.code, 0, f'exit code ({r.err})')
    same([m['usage']['frames'] for m in json.loads(r.out)['models']], [100, 100])


@claim
def operands_in_a_wrong_order_or_with_a_wrong_name_are_told(t):
    corpus(t)
    fails(t.voq('eval', 'c', 'lda-100'), 2, 'c is not a model', 'voq eval lda-100 c')
    fails(t.voq('eval', './c', 'lda-100', 'lda-500'), 2, 'voq eval lda-100 ./c')
    fails(t.voq('eval', f'c/{NAMES[0]}.flac', t.model), 2, 'is not a model', 'models before the corpus')
    fails(t.voq('eval', 'c'), 2, 'c is not a model', 'voq eval MODEL c')
    fails(t.voq('eval', 'lda-100'), 2, 'expected a model and a corpus')
    fails(t.voq('eval', 'lda-100', 'lda-500'), 2, 'all operands are models')
    fails(t.voq('eval', 'lda-100', 'lda-5000', 'c'), 2, 'lda-5000 is neither a model nor a corpus')
    fails(t.voq('eval', 'lda-1000', 'c'), 2, 'lda-1000')
    fails(t.voq('eval', 'lda-100', 'none.voq', 'c'), 2, 'none.voq')


main()
