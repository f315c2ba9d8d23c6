# SPDX-License-Identifier: MIT
"""--labels: units that can be read by people are still units for programs."""

import json

from cli import *
from cut_off import *

FRAMES = {'encoder': 320, 'encoder-10ms': 160}


def make(t, kind='encoder', name='m.voq'):
    """A model with labels, and a recording with units that have one and units that have none."""
    subprocess.run([MAKE_MODEL, t.path(name), kind], check=True)
    t.model = name
    t.write('a.wav', wav(noise(48000)))
    return [entry['label'] for entry in json.loads(t.voq('info', '--json', name).out)['labels']]


def runs(ids):
    found = []
    for i, unit in enumerate(ids):
        if found and found[-1][2] == unit:
            found[-1][1] = i + 1
        else:
            found.append([i, i + 1, unit])
    return found


def labelled(unit, label, blank=' '):
    return f'{unit}{blank}({label})' if label else f'{unit}'


def no_trace(t, *names):
    for name in names:
        holds(not os.path.exists(t.path(name)), f'{name} was written')


@claim
def ctm_and_textgrid_say_the_label_of_each_unit(t):
    for kind, hop in FRAMES.items():
        label = make(t, kind)
        ids = [int(unit) for unit in units(t.encode('-q', 'a.wav').out)]
        holds({bool(label[unit]) for unit in ids} == {False, True}, 'the recording has both kinds')
        expected = [f'a 1 {first * hop / 16000:.6f} {(end - first) * hop / 16000:.6f} '
                    f'{labelled(unit, label[unit], "_")}' for first, end, unit in runs(ids)]
        same(t.encode('-q', '--labels', '-f', 'ctm', 'a.wav').out.splitlines(), expected)
        grid = t.encode('-q', '--labels', '-f', 'textgrid', 'a.wav').out
        texts = [line.split('"')[1] for line in grid.splitlines() if 'text = ' in line]
        same(texts, [labelled(unit, label[unit]) for _, _, unit in runs(ids)])


@claim
def info_counts_the_codewords_with_a_label(t):
    n = sum(1 for label in make(t) if label)
    holds(f'labels      of {n} codewords' in t.voq('info', 'm.voq').out, f'{n} labels')


@claim
def units_with_labels_are_read_back_as_units(t):
    make(t)
    plain = t.encode('-q', 'a.wav').out
    t.write('plain.gslm', plain)
    t.write('phones.ctm', 'a 1 0 1.5 A\na 1 1.5 1.5 B\n')
    time = ['--hop', '320', '--rate', '16000']
    score = t.voq('eval', '-q', '--json', '--units', 'plain.gslm', *time, '--phones', 'phones.ctm')
    for form, name in ('ctm', 'a.ctm'), ('textgrid', 'a.TextGrid'):
        same(t.encode('-q', '--labels', '-f', form, '-o', name, 'a.wav').code, 0)
        same(t.voq('convert', '-q', *time, name).out, plain, f'units of {name}')
        shutil.copy(t.path(name), t.path('without-a-suffix'))
        same(t.voq('convert', '-q', *time, 'without-a-suffix').out.split('|')[1],
             plain.split('|')[1], f'units of {name} by its content')
        again = t.voq('eval', '-q', '--json', '--units', name, *time, '--phones', 'phones.ctm')
        same(json.loads(again.out)['all'], json.loads(score.out)['all'], f'scores of {name}')


@claim
def convert_adds_the_labels_that_encode_writes(t):
    make(t)
    for form, name in ('ctm', 'e.ctm'), ('textgrid', 'e.TextGrid'):
        same(t.encode('-q', '--labels', '-f', form, '-o', name, 'a.wav').code, 0)
    time = ['--hop', '320', '--rate', '16000']
    for form, name in (('gslm', 'a.gslm'), ('jsonl', 'a.jsonl'), ('npy', 'a.npy'), ('ctm', 'a.ctm'),
                       ('textgrid', 'a.TextGrid')):
        same(t.encode('-q', '-f', form, '-o', name, 'a.wav').code, 0)
        for out in 'ctm', 'TextGrid':
            r = t.voq('convert', '-q', '--labels', '-m', 'm.voq', name, '-o', f'out.{out}')
            same((r.code, t.read(f'out.{out}')), (0, t.read(f'e.{out}')), f'{name} to {out}: {r.err}')
    same(t.voq('convert', '-q', '-f', 'ctm', *time, 'e.ctm').out.encode(), t.read('a.ctm'),
         'without --labels they are dropped')


@claim
def labels_come_from_the_model_that_made_the_units(t):
    make(t)
    make(t, 'encoder-10ms', 'other.voq')
    subprocess.run([MAKE_MODEL, t.path('plain.voq')], check=True)
    t.voq('encode', '-q', '-m', 'm.voq', '-f', 'jsonl', '-o', 'a.jsonl', 'a.wav')
    t.write('high.gslm', 'a|1 30\n')
    to = ['-q', '--labels', '-o', 'out.ctm']
    fails(t.voq('convert', *to, '-m', 'other.voq', 'a.jsonl'), 3, 'a.jsonl', 'made by the model')
    fails(t.voq('convert', *to, '-m', 'm.voq', 'high.gslm'), 3, 'high.gslm:1', 'unit 30')
    fails(t.voq('convert', *to, '-m', 'plain.voq', 'a.jsonl'), 2, '--labels', 'tiny')
    fails(t.voq('convert', *to, 'a.jsonl'), 2, '--labels', '-m MODEL')
    fails(t.voq('convert', '-q', '-o', 'out.ctm', '-m', 'm.voq', 'a.jsonl'), 2, '--model')
    fails(t.voq('convert', *to, '-m', 'm.voq', '--codebook', '2', 'a.jsonl'), 2, '--labels')
    fails(t.voq('convert', *to, '-m', 'm.voq', '--hop', '320', 'high.gslm'), 2, '--hop')
    fails(t.voq('convert', *to, '-m', 'nosuch', 'a.jsonl'), 2, 'nosuch')
    no_trace(t, 'out.ctm')


@claim
def labels_that_nothing_shows_are_refused_in_one_line(t):
    make(t)
    subprocess.run([MAKE_MODEL, t.path('plain.voq')], check=True)
    for form in 'gslm', 'km', 'units', 'units-names', 'npy', 'ark', 'jsonl', 'fileid':
        r = t.encode('--labels', '-f', form, '-o', 'out', 'a.wav')
        fails(r, 2, '--labels', form)
        same(r.err.count('\n'), 1, 'lines')
    for more in (['-m', 'plain.voq'], ['-m', 'lda-100']):
        r = t.voq('encode', '--labels', '-f', 'ctm', '-o', 'out', *more, 'a.wav')
        fails(r, 2, '--labels', 'have no labels')
        same(r.err.count('\n'), 1, 'lines')
    fails(t.encode('--labels', '--features', '-o', 'out', 'a.wav'), 2, '--labels')
    if t.voq('live', '--help').code == 0:
        for more in [], ['-f', 'ids'], ['-f', 'jsonl'], ['--plain'], ['-q']:
            r = t.voq('live', '-m', 'm.voq', '--labels', *more)
            fails(r, 2, '--labels')
            same(r.err.count('\n'), 1, 'lines')
        fails(t.voq('live', '-m', 'plain.voq', '--labels', '-f', 'ctm'), 2, 'have no labels')
    no_trace(t, 'out')


@claim
def a_model_of_vectors_has_labels_too(t):
    """Its units have no time of their own, so that the user states it."""
    make(t, 'encoder-vectors', 'v.voq')
    t.write('v.gslm', 'a|1 1 3\n')
    r = t.voq('convert', '-q', '--labels', '-m', 'v.voq', '-f', 'ctm', '--hop', '480', '--rate',
              '16000', 'v.gslm')
    same((r.code, r.out), (0, 'a 1 0.000000 0.060000 1_(AH)\na 1 0.060000 0.030000 3_(sil)\n'))


@claim
def a_run_with_labels_is_not_resumed_without(t):
    make(t)
    files = three_files(t)
    whole = anew(t, '-f', 'ctm', '--labels', *files)
    interrupt(t, signal.SIGKILL, '-f', 'ctm', '--labels', '-o', 'out', *files)
    fails(resume(t, '-f', 'ctm', *files), 2, 'out.journal')
    same(resume(t, '-f', 'ctm', '--labels', *files).code, 0)
    same(t.read('out'), whole)


main()
