# SPDX-License-Identifier: MIT
"""What a checkpoint says is checked against what it is used for, and only its own training ever
touches it."""

import os
import signal
import struct
import subprocess
import sys
import time

from cli import VOQ, claim, fails, holds, main, noise, same, wav
from trainer import model_file, npy, sections, speech, train, trained

LONG = ['--tolerance', '0', '--iterations', '1000000', '-q']


def begun(t, *options, corpus):
    """A checkpoint in `state`, of a training that was killed."""
    process = start(t, *options, corpus)
    process.kill()
    process.wait()
    os.remove(t.path('state.lock'))
    return t.read('state')


def start(t, *options):
    """A training that is stopped by a signal, with a checkpoint in `state`: it goes on by SIGCONT.
    On a busy machine it may end unseen; then another one is started."""
    for _ in range(100):
        process = subprocess.Popen([VOQ, 'train', *options, *LONG, '--checkpoint', 'state', '-o',
                                    'b.voq'], cwd=t.folder, stderr=subprocess.PIPE)
        while process.poll() is None and not os.path.exists(t.path('state')):
            time.sleep(0.001)
        if process.poll() is None:
            process.send_signal(signal.SIGSTOP)
            os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
            if process.poll() is None and os.path.exists(t.path('state')):
                return process
        process.kill()
        process.wait()
    raise AssertionError(f'no training was stopped before it ended ({process.stderr.read()})')


def changed(model, kind, change):
    """The model with the bytes of one section changed; None: without it."""
    parts = [(k, flags, change(data) if k == kind else data) for k, flags, data in sections(model)]
    return model_file([part for part in parts if part[2] is not None])


def codebook(n_codebook, n_code, dim):
    return lambda _: (struct.pack('<IIII', n_codebook, n_code, dim, 0) +
                      bytes(4 * n_codebook * n_code * dim))


def said(key, value):
    """PROV with another value."""
    def change(data):
        lines = [line for line in data.split(b'\n') if line]
        lines = [key + b'=' + value if line.startswith(key + b'=') else line for line in lines]
        return b'\n'.join(lines) + b'\n'
    return change


def words(at, *values):
    """A section with other numbers from byte `at` on."""
    def change(data):
        return data[:at] + struct.pack(f'<{len(values)}I', *values) + data[at + 4 * len(values):]
    return change


def every_change_is_refused(t, state, cases, *options):
    """Each in one line, with exit code 2, and the file is left alone."""
    for what, kind, change in cases:
        forged = changed(state, kind, change)
        t.write('state', forged)
        before = t.names()
        result = train(t, *options, *LONG, '--checkpoint', 'state', '--resume', '-o', 'b.voq')
        fails(result, 2, 'state')
        same(len(result.err.splitlines()), 1, f'{what}: lines of {result.err!r}')
        holds(t.read('state') == forged, f'{what}: the checkpoint was touched')
        same(t.names(), before, f'{what}: files')


@claim
def a_checkpoint_of_another_shape_is_refused(t):
    corpus = speech(t)
    state = begun(t, '-k', '64', corpus=corpus)
    cases = [('200 codes', b'CDBK', codebook(1, 200, 39)), ('8 codes', b'CDBK', codebook(1, 8, 39)),
             ('no codebook', b'CDBK', lambda data: None),
             ('two codebooks', b'CDBK', codebook(2, 64, 39)),
             ('32 codebooks', b'CDBK', codebook(32, 64, 39)),
             ('a later stage', b'PROV', said(b'stage', b'1')),
             ('the last stage of all', b'PROV', said(b'stage', b'4294967295')),
             ('too many iterations', b'PROV', said(b'iteration', b'1000001')),
             ('an iteration that is no number', b'PROV', said(b'iteration', b'-1')),
             ('distortion nan', b'PROV', said(b'distortion', b'nan')),
             ('distortion inf', b'PROV', said(b'distortion', b'inf')),
             ('distortion below 0', b'PROV', said(b'distortion', b'-1')),
             ('no state', b'PROV', lambda data: None),
             ('another rate', b'FRNT', words(4, 8000)),
             ('another training', b'PROV', said(b'training', b'0' * 64))]
    every_change_is_refused(t, state, cases, '-k', '64', corpus)


@claim
def vectors_of_other_dimensions_are_refused(t):
    t.write('x.npy', npy([[i % 97, i % 89, i % 83] for i in range(50000)], 3))
    state = begun(t, '-k', '64', corpus='x.npy')
    cases = [('2 dimensions', b'CDBK', codebook(1, 64, 2)),
             ('4 dimensions', b'CDBK', codebook(1, 64, 4)),
             ('2048 dimensions', b'CDBK', codebook(1, 64, 2048))]
    every_change_is_refused(t, state, cases, '-k', '64', 'x.npy')


@claim
def another_normalisation_or_transform_is_refused(t):
    corpus = speech(t, 6)
    options = ['-k', '64', '--pca', '5', '--left', '2', '--right', '1']
    state = begun(t, *options, corpus=corpus)
    cases = [('another kind of normalisation', b'NORM', words(0, 3)),
             ('no normalisation', b'NORM', lambda data: None),
             ('no transform', b'XFRM', lambda data: None),
             ('another stack', b'XFRM', words(0, 1, 2)),
             ('200 codes', b'CDBK', codebook(1, 200, 5)),
             ('no codebook', b'CDBK', lambda data: None)]
    every_change_is_refused(t, state, cases, *options, corpus)
    t.write('state', state)
    plain = ['-k', '64', '--normalise', 'variance', corpus]
    fails(train(t, *plain, *LONG, '--checkpoint', 'state', '--resume', '-o', 'b.voq'), 2, 'state')


@claim
def classes_are_not_taken_for_the_codebook(t):
    corpus = speech(t, 6)
    options = ['-k', '20', '--classes', '60', '--lda', '5', '--rounds', '2']
    state = begun(t, *options, corpus=corpus)
    stage = state[state.index(b'stage=') + 6:][:1]
    same(stage, b'0', 'the stage of the first checkpoint')
    cases = [('classes as codebook', b'PROV', said(b'stage', b'2')),
             ('more classes', b'CDBK', codebook(1, 61, 5)),
             ('two codebooks of classes', b'CDBK', codebook(2, 60, 5)),
             ('more iterations than classes have', b'PROV', said(b'iteration', b'21'))]
    every_change_is_refused(t, state, cases, *options, corpus)


@claim
def a_start_of_another_shape_is_refused(t):
    corpus = speech(t)
    t.write('wide.npy', npy([[1] * 40] * 4, 40))
    t.write('narrow.npy', npy([[1] * 38] * 4, 38))
    t.write('nan.npy', npy([[float('nan')] * 39] * 4, 39))
    t.write('inf.npy', npy([[float('inf')] * 39] * 4, 39))
    t.write('empty.npy', npy([], 39))
    model = trained(t, '-k', '4', corpus)
    t.write('none.voq', changed(model, b'CDBK', lambda data: None))
    t.write('two.voq', changed(model, b'CDBK', codebook(2, 4, 39)))
    before = t.names()
    for name in 'wide.npy', 'narrow.npy', 'nan.npy', 'inf.npy', 'empty.npy', 'none.voq', 'two.voq':
        result = train(t, '-q', '-k', '8', '--init', name, '-o', 'b.voq', corpus)
        holds(result.code in (2, 3), f'{name}: exit code {result.code}')
        holds(name in result.err and len(result.err.splitlines()) == 1, f'{name}: {result.err}')
    same(t.names(), before, 'files')


@claim
def two_trainings_do_not_share_a_checkpoint(t):
    corpus = speech(t)
    process = start(t, '-k', '64', corpus)
    for resume in [], ['--resume']:
        result = train(t, '-k', '64', *LONG, *resume, '--checkpoint', 'state', '-o', 'c.voq',
                       corpus)
        fails(result, 2, 'state', 'another voq')
    holds(process.poll() is None, 'the first training was disturbed')
    process.kill()
    process.wait()
    result = train(t, '-k', '64', '-q', '--tolerance', '0', '--iterations', '1000000', '--time',
                   '0.1', '--checkpoint', 'state', '--resume', '-o', 'c.voq', corpus)
    fails(result, 2, 'state', 'other options')  # --time is one: the lock of a killed run is free


@claim
def what_is_no_checkpoint_of_this_training_stays(t):
    corpus = speech(t)
    trained(t, '-k', '4', corpus)
    t.write('note.wav', wav(noise(4000)))
    t.write('empty', '')
    os.mkdir(t.path('folder'))
    os.mkfifo(t.path('fifo'))
    os.symlink('note.wav', t.path('link'))
    t.write('lock', 'mine')
    os.link(t.path('lock'), t.path('new.lock'))
    files = ['a.voq', 'note.wav', 'empty', 'lock']
    before = [t.read(name) for name in files], t.names()
    for name in 'a.voq', 'note.wav', 'empty', 'folder', 'fifo', 'link', 'new':
        for resume in [], ['--resume']:
            result = train(t, '-q', '-k', '4', *resume, '--checkpoint', name, '-o', 'b.voq',
                           corpus, timeout=100)
            fails(result, 2, name)
    same(([t.read(name) for name in files], t.names()), before, 'files')


@claim
def a_file_that_took_the_checkpoints_place_stays(t):
    corpus = speech(t, 12)
    process = start(t, '-k', '256', corpus)
    speech_bytes = wav(noise(4000))
    t.write('note.wav', speech_bytes)
    os.rename(t.path('note.wav'), t.path('state'))
    process.send_signal(signal.SIGCONT)
    error = process.stderr.read().decode()
    same(process.wait(timeout=200), 5, error)
    holds('state' in error and 'another file' in error, error)
    same(t.read('state'), speech_bytes, 'the file')
    same(t.names(), ['corpus', 'state'], 'files')


@claim
def a_finished_training_leaves_only_its_model(t):
    corpus = speech(t)
    same(train(t, '-q', '-k', '4', '--checkpoint', 'state', '-o', 'a.voq', corpus).code, 0)
    same(t.names(), ['a.voq', 'corpus'], 'files')
    fails(train(t, '-q', '-k', '4', '--checkpoint', 'state', '-o', 'b.voq', 'nothing.wav'), 3)
    same(t.names(), ['a.voq', 'corpus'], 'files of a training that failed')


def killed_after_lines_of_its_log(t, *options):
    """On a busy machine the training may end unseen; then another one is started."""
    for _ in range(100):
        process = subprocess.Popen([VOQ, 'train', *options, *LONG, '--checkpoint', 'state', '-o',
                                    'b.voq'], cwd=t.folder)
        while process.poll() is None and not (os.path.exists(t.path('log')) and
                                              t.read('log').count(b'\n') > 3):
            time.sleep(0.001)
        process.kill()
        process.wait()
        if os.path.exists(t.path('state')):
            return
    raise AssertionError('no training was killed before it ended')


@claim
def a_resumed_training_continues_its_log(t):
    options = ['-k', '64', '--codebooks', '2', '--log', 'log', speech(t, 6)]
    trained(t, *options, *LONG)
    whole = t.read('log')
    os.remove(t.path('log'))
    killed_after_lines_of_its_log(t, *options)
    os.remove(t.path('state.lock'))
    with open(t.path('log'), 'ab') as file:
        file.write(b'{"codebook": 1, "itera')
    trained(t, *options, *LONG, '--checkpoint', 'state', '--resume')
    same(t.read('log'), whole, 'the log')


main()
