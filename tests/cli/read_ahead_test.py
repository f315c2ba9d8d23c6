# SPDX-License-Identifier: MIT
"""With more jobs than files a file is decoded by a thread of its own: a user gets the same units,
messages and exit codes as with one job, and no run hangs."""

import os
import signal
import time

from cli import *
from containers import pages

DATA = os.path.join(SOURCE, 'tests/data')


def bundled(name):
    with open(os.path.join(DATA, name), 'rb') as file:
        return file.read()


def broken(data):
    """With other bytes in the middle."""
    at = len(data) // 2
    return data[:at] + bytes(range(256)) * 8 + data[at + 2048:]


def cases():
    """Files of more than ten seconds, whole and with every kind of fault."""
    flac, opus = bundled('4406-16882-0036.flac'), bundled('4406-16882-0052.opus')
    high = wav(noise(44100 * 12), rate=44100)
    for name, whole in (('chain.flac', flac * 4), ('ogg.opus', opus * 4), ('high.wav', high)):
        yield name, whole
        yield 'cut-' + name, whole[:len(whole) * 3 // 5]
        yield 'broken-' + name, broken(whole)
        yield 'open-' + name, whole + b'RIFF'
    page = pages(opus * 4)
    yield 'hole.opus', b''.join(page[:9] + page[10:15] + page[16:])
    yield 'two-kinds.flac', flac * 4 + opus


@claim
def two_jobs_give_what_one_gives_for_whole_cut_and_broken_files(t):
    codes = set()
    for name, data in cases():
        t.write(name, data)
        for arguments in (['-f', 'jsonl'], ['--strict'], ['--features', '-o', '-', '-f', 'ark']):
            one = t.encode('-j', '1', *arguments, name)
            two = t.encode('-j', '2', *arguments, name)
            same((two.code, two.out, two.err), (one.code, one.out, one.err), f'{name} {arguments}')
            codes.add(one.code)
    same(codes, {0, 3})


@claim
def so_do_more_jobs_for_a_folder_and_its_manifest(t):
    for name, data in cases():
        t.write('all/' + name, data)
        if name in ('chain.flac', 'high.wav'):
            t.write('whole/' + name, data)
    one, many = (t.encode('-j', jobs, '--names', 'path', 'all') for jobs in ('1', '20'))
    same((many.code, many.err, many.out), (one.code, one.err, one.out))
    same(one.code, 3, f'exit code ({one.err:.300})')
    for jobs in ('1', '20'):
        r = t.encode('-j', jobs, '-f', 'km', '-o', f'{jobs}.km', '--tsv', f'{jobs}.tsv', 'whole')
        same(r.code, 0, f'exit code ({r.err})')
    same((t.read('20.km'), t.read('20.tsv')), (t.read('1.km'), t.read('1.tsv')))


@claim
def a_vector_that_overflows_is_told_at_the_same_place(t):
    loud = array.array('f', bytes(4 * 16000 * 20))
    loud[16000 * 4] = 3e38
    loud.byteswap()
    t.write('loud.au', struct.pack('>4s5I', b'.snd', 24, 4 * len(loud), 6, 16000, 1) +
            loud.tobytes())
    one, two = (t.encode('-j', jobs, '-f', 'jsonl', 'loud.au') for jobs in '12')
    same((two.code, two.out, two.err), (one.code, one.out, one.err))
    fails(one, 3, 'loud.au: a feature overflowed near frame 379')


def waiting(t, *arguments):
    """A run that waits because nobody reads its units, and how many threads it has then."""
    process = t.start('-f', 'jsonl', *arguments)
    folder, n, before = f'/proc/{process.pid}/task', 0, -1
    if not os.path.isdir(folder):
        process.kill()
        raise Skip('no /proc')
    while n == 0 or n != before:
        time.sleep(0.5)
        before, n = n, len(os.listdir(folder))
    return process, n


@claim
def a_signal_ends_a_run_whose_thread_waits(t):
    t.write('long.flac', bundled('4406-16882-0036.flac') * 200)
    threads = {}
    for jobs in '12':
        process, threads[jobs] = waiting(t, '-j', jobs, 'long.flac')
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=60)
        same(process.returncode, 143, f'exit code ({err})')
    same(threads['2'] - threads['1'], 1, 'threads more with two jobs')


@claim
def a_reader_that_goes_away_ends_it_quietly(t):
    t.write('long.flac', bundled('4406-16882-0036.flac') * 200)
    process = t.start('-q', '-j', '2', '-f', 'jsonl', 'long.flac')
    process.stdout.read(100)
    process.stdout.close()
    same((process.wait(timeout=60), process.stderr.read()), (0, b''))
    process.stderr.close()


main()
