# SPDX-License-Identifier: MIT
"""Inputs that change between a killed run and its --resume: no unit of the old content stays."""

import signal
import time

from cli import *
from cut_off import *


@claim
def an_input_that_changed_is_encoded_again_and_named(t):
    for changed in range(3):
        for what in ([], ['-f', 'ark'], ['-f', 'jsonl']):
            files = three_files(t)
            interrupt(t, signal.SIGKILL, '-o', 'out', *what, *files)
            t.write(files[changed], wav(noise(16000, seed=77)))
            touch(t, files[changed])
            r = resume(t, *what, *files)
            same(r.code, 0, f'exit code ({r.err})')
            fails(r, 0, files[changed], 'changed')
            same([name for name in files if name in r.err], [files[changed]], 'files named')
            same(t.read('out'), anew(t, *what, *files))
            same(t.names(), [*files, 'out'])
            os.remove(t.path('out'))


@claim
def an_input_of_another_length_or_one_that_came_is_encoded_again(t):
    files = three_files(t)
    for before, after in ((wav(noise(16000)), wav(noise(8000))), (b'', wav(noise(8000))),
                          (wav(noise(8000)), wav(noise(8001)))):
        t.write('b.wav', before)
        interrupt(t, signal.SIGKILL, '-o', 'out', *files)
        t.write('b.wav', after)
        fails(resume(t, *files), 0, 'b.wav', 'changed')
        same(t.read('out'), anew(t, *files))
        os.remove(t.path('out'))
    os.remove(t.path('b.wav'))
    interrupt(t, signal.SIGKILL, '-o', 'out', *files)
    t.write('b.wav', after)
    fails(resume(t, *files), 0, 'b.wav', 'changed')
    same(t.read('out'), anew(t, *files))


@claim
def a_touched_input_is_the_same_input(t):
    files = three_files(t)
    interrupt(t, signal.SIGKILL, '-o', 'out', *files)
    for name in files:
        touch(t, name, ns=-10 ** 9)
    r = resume(t, *files)
    same((r.code, r.err), (0, ''))
    same(t.read('out'), anew(t, *files))


@claim
def gaps_that_changed_are_a_change_of_their_recording(t):
    files = three_files(t)
    interrupt(t, signal.SIGKILL, '-o', 'out', *files)
    t.write('b.wav.gaps', '8000\t1600\toverrun\n')
    fails(resume(t, *files), 0, 'b.wav', 'changed')
    same(t.read('out'), anew(t, *files))


@claim
def an_input_that_went_keeps_its_units(t):
    files = three_files(t)
    interrupt(t, signal.SIGKILL, '-o', 'out', *files)
    expected = anew(t, *files)
    os.remove(t.path('a.wav'))
    fails(resume(t, *files), 0, 'a.wav', 'no longer exists')
    same(t.read('out'), expected)


@claim
def inputs_in_another_order_are_another_run(t):
    files = three_files(t)
    interrupt(t, signal.SIGKILL, '-o', 'out', *files)
    before = {name: t.read(name) for name in t.names()}
    fails(resume(t, 'b.wav', 'a.wav', 'c.wav'), 2, 'out.journal', 'other options or inputs')
    same({name: t.read(name) for name in t.names()}, before)


@claim
def a_pipe_that_is_done_is_told_and_not_compared(t):
    t.write('list.scp', 'p cat one.wav |\nq cat two.wav |\n')
    for name in 'one.wav', 'two.wav':
        t.write(name, wav(noise(16000)))
    same(t.encode('--allow-pipes', '-o', 'fresh', 'list.scp').code, 0)
    os.mkfifo(t.path('fifo'))
    t.write('list.scp', 'p cat one.wav |\nq cat fifo |\n')
    process = t.start('--allow-pipes', '-o', 'out', 'list.scp')
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if os.path.exists(t.path('out.journal')) and t.read('out.journal').count(b'\n') > 1:
            break
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    os.remove(t.path('fifo'))
    os.rename(t.path('two.wav'), t.path('fifo'))
    r = t.encode('--resume', '--allow-pipes', '-o', 'out', 'list.scp')
    fails(r, 0, 'p: is a pipe, which cannot be read again')
    same(t.read('out'), t.read('fresh'))


@claim
def with_a_file_per_utterance_only_what_changed_is_made_again(t):
    files = three_files(t)
    same(t.encode('-f', 'npy', '-o', 'fresh', *files, '-', stdin=LAST).code, 0)
    interrupt(t, signal.SIGKILL, '-f', 'npy', '-o', 'out', *files)
    inode = {name: os.stat(t.path(f'out/{name}.npy')).st_ino for name in 'abc'}
    t.write('b.wav', wav(noise(16000, seed=77)))
    touch(t, 'b.wav')
    os.remove(t.path('out/c.npy'))
    r = resume(t, '-f', 'npy', *files)
    fails(r, 0, 'b.wav: has changed', 'c.wav: has lost its output')
    same(t.names('out'), ['a.npy', 'b.npy', 'c.npy', 'stdin.npy'])
    holds(os.stat(t.path('out/a.npy')).st_ino == inode['a'], 'a.npy was made again')
    same(t.encode('-f', 'npy', '-o', 'fresh', *files, '-', stdin=LAST).code, 0)
    for name in t.names('out'):
        same(t.read(f'out/{name}'), t.read(f'fresh/{name}'), name)
    same(t.names(), [*files, 'fresh', 'out'])


@claim
def mirrored_folders_are_resumed_too(t):
    for i, name in enumerate(('in/ann/a.wav', 'in/bob/b.wav')):
        t.write(name, wav(noise(16000, seed=i)))
    arguments = ['--names', 'path', '-f', 'npy', 'in', '-']
    same(t.encode('-o', 'fresh', *arguments, stdin=LAST).code, 0)
    process = t.start('-o', 'out', *arguments, stdin=subprocess.PIPE)
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if os.path.exists(t.path('out.journal')) and t.read('out.journal').count(b'\n') > 2:
            break
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    inode = os.stat(t.path('out/ann/a.npy')).st_ino
    tag = t.read('out.journal').split()[4].decode()
    t.write(f'out/bob/.voq-01234567-{tag}.tmp', 'left')
    t.write('in/bob/b.wav', wav(noise(16000, seed=77)))
    touch(t, 'in/bob/b.wav')
    fails(t.encode('--resume', '-o', 'out', *arguments, stdin=LAST), 0, 'b.wav: has changed')
    same(everything(t), sorted(['in/ann/a.wav', 'in/bob/b.wav', 'fresh/ann/a.npy',
                                'fresh/bob/b.npy', 'fresh/stdin.npy', 'out/ann/a.npy',
                                'out/bob/b.npy', 'out/stdin.npy']))
    holds(os.stat(t.path('out/ann/a.npy')).st_ino == inode, 'a.npy was made again')


main()
