# SPDX-License-Identifier: MIT
"""A run that was killed goes on with --resume: nothing done is lost, nothing is there twice."""

import os
import random
import signal
import time

from cli import *
from cut_off import *

N_KILL = 20


def some_files(t, n=60):
    for i in range(n):
        t.write(f'in/u{i:03}.wav', wav(noise(4000, seed=i % 7) * (1 + i % 5)))
    t.write('in/u030.wav', b'broken')


def run_length_s(t, *arguments):
    begin = time.monotonic()
    t.encode(*arguments)
    return time.monotonic() - begin


def kill_and_resume(t, seed, whole, expected, *arguments, code=3):
    """Kills at a random moment of a run, resumes (killed once more half of the time), compares."""
    draw = random.Random(seed)
    for step in range(1 + seed % 2):
        process = t.start('-j', str(1 + seed % 3), *arguments, *(['--resume'] if step else []))
        time.sleep(draw.random() * whole)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    r = t.encode('--resume', '-j', str(1 + seed % 2), *arguments)
    same(r.code, code, f'exit code after kill {seed} ({r.err})')
    for name, data in expected.items():
        same(t.read(name), data, f'{name} after kill {seed}')
        os.remove(t.path(name))


@claim
def a_killed_run_resumed_gives_the_same_bytes_and_leaves_nothing(t):
    some_files(t)
    for arguments in (['-f', 'gslm', '-o', 'out', 'in'],
                      ['-f', 'ark', '-o', 'out', '--scp', 'out.scp', 'in'],
                      ['-f', 'units-names', '-o', 'out', '--durations', '--dedup', 'in']):
        whole = run_length_s(t, *arguments)
        expected = {name: t.read(name) for name in t.names() if name != 'in'}
        for name in expected:
            os.remove(t.path(name))
        print(f'# {arguments[1]}: a whole run takes {whole:.3f} s')
        for seed in range(N_KILL):
            kill_and_resume(t, seed, whole, expected, *arguments)
            same(t.names(), ['in'], f'files after kill {seed}')


def resumes_a_folder(t, code, *arguments):
    whole = run_length_s(t, *arguments, '-o', 'out', 'in')
    expected = {f'out/{name}': t.read(f'out/{name}') for name in t.names('out')}
    for name in expected:
        os.remove(t.path(name))
    for seed in range(N_KILL // 4):
        kill_and_resume(t, seed, whole, expected, *arguments, '-o', 'out', 'in', code=code)
        same(t.names(), ['in', 'out'], f'files after kill {seed}')
        same(t.names('out'), [], f'left in the folder after kill {seed}')
    return len(expected)


@claim
def a_folder_of_files_is_resumed_too(t):
    some_files(t, n=40)
    same(resumes_a_folder(t, 3, '-f', 'npy'), 39, 'files')


@claim
def a_shard_of_features_is_resumed_too(t):
    some_files(t, n=40)
    os.remove(t.path('in/u030.wav'))
    same(resumes_a_folder(t, 0, '--features', '-f', 'hubert'), 2, 'files')


@claim
def an_interrupted_run_says_that_it_can_be_resumed(t):
    t.write('a.wav', wav(noise(16000)))
    for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
        got, err = interrupt(t, number, '-o', 'out', 'a.wav')
        same(got, code, f'exit code ({err})')
        holds('--resume' in err, f'stderr {err!r} does not say --resume')
        holds('out' not in t.names(), 'an unfinished output has its name')
        r = t.encode('--resume', '-o', 'out', 'a.wav', '-', stdin=wav(noise(1600)))
        same(r.code, 0, f'exit code ({r.err})')
        same([line.split(b'|')[0] for line in t.read('out').splitlines()], [b'a', b'stdin'])
        same(t.names(), ['a.wav', 'out'])
        os.remove(t.path('out'))


@claim
def an_interrupted_run_without_a_finished_utterance_leaves_nothing(t):
    for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)):
        process = t.start('-o', 'out', '-', stdin=subprocess.PIPE)
        end = time.monotonic() + 20
        while 'out.journal' not in t.names() and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(0.05)
        process.send_signal(number)
        process.wait(timeout=20)
        process.communicate()
        same(process.returncode, code, 'exit code')
        same(t.names(), [])


@claim
def another_model_other_options_or_inputs_are_not_resumed(t):
    t.write('a.wav', wav(noise(16000)))
    t.write('b.wav', wav(noise(16000)))
    interrupt(t, signal.SIGTERM, '-o', 'out', 'a.wav')
    before = t.names()
    other = t.path('other.voq')
    subprocess.run([MAKE_MODEL, other, '21'], check=True)
    os.rename(other, t.path('../other.voq'))
    for arguments in (['--dedup', 'a.wav'], ['b.wav'], ['-m', '../other.voq', 'a.wav']):
        r = t.encode('--resume', '-o', 'out', *arguments, '-')
        fails(r, 2, 'out.journal')
        same(t.names(), before)
    r = t.encode('-o', 'out', 'b.wav')
    same((r.code, t.names()), (0, ['a.wav', 'b.wav', 'out']))


@claim
def a_journal_whose_last_line_was_cut_counts_up_to_the_line_before(t):
    t.write('a.wav', wav(noise(16000)))
    interrupt(t, signal.SIGKILL, '-o', 'out', 'a.wav')
    with open(t.path('out.journal'), 'ab') as journal:
        journal.write(b'2 0 99')
    r = t.encode('--resume', '-o', 'out', 'a.wav', '-', stdin=wav(noise(1600)))
    same((r.code, r.err), (0, ''), 'exit code and stderr')
    same([len(units(line)) for line in t.read('out').decode().splitlines()], [100, 10])


@claim
def an_output_that_lost_bytes_after_the_journal_is_not_resumed(t):
    t.write('a.wav', wav(noise(16000)))
    interrupt(t, signal.SIGKILL, '-o', 'out', 'a.wav')
    os.truncate(t.path(unfinished(t)), 10)
    before = t.names()
    fails(t.encode('--resume', '-o', 'out', 'a.wav', '-', stdin=wav(noise(1600))), 2, 'out',
          'journal')
    same(t.names(), before)


@claim
def resume_without_an_earlier_run_is_a_run(t):
    t.write('a.wav', wav(noise(16000)))
    same(t.encode('--resume', '-o', 'out', 'a.wav').code, 0)
    same(t.names(), ['a.wav', 'out'])
    fails(t.encode('--resume', 'a.wav'), 2, '-o')


@claim
def a_default_that_is_said_is_no_other_option(t):
    t.write('a.wav', wav(noise(16000)))
    for first, second, what in (([], ['-f', 'gslm'], []), (['-f', 'gslm'], [], []),
                                ([], ['-f', 'npy'], ['--features'])):
        interrupt(t, signal.SIGKILL, *what, *first, '-o', 'out', 'a.wav')
        r = t.encode('--resume', *what, *second, '-o', 'out', 'a.wav', '-', stdin=wav(noise(1600)))
        same((r.code, r.err), (0, ''), f'{what} {first} {second}')
        same(t.names(), ['a.wav', 'out'])
        shutil.rmtree(t.path('out')) if what else os.remove(t.path('out'))


@claim
def two_runs_do_not_write_one_output(t):
    process = t.start('-o', 'out', '-', stdin=subprocess.PIPE)
    end = time.monotonic() + 20
    while 'out.journal' not in t.names() and time.monotonic() < end:
        time.sleep(0.01)
    time.sleep(0.05)
    r = t.encode('-o', 'out', t.write('a.wav', wav(noise(1600))))
    holds(r.code in (2, 5), f'exit code {r.code}')
    process.stdin.write(wav(noise(16000)))
    process.communicate(timeout=20)
    same(process.returncode, 0, 'exit code of the first')
    same(t.read('out').split(b'|')[0], b'stdin')


main()
