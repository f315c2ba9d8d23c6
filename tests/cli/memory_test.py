# SPDX-License-Identifier: MIT
"""Memory does not grow with the length of a file. VOQ_TEST_SECONDS=36000 is ten hours."""

import array
import fcntl
import os
import subprocess
import termios
import threading
import time

from cli import *

SECONDS = int(os.environ.get('VOQ_TEST_SECONDS', '1800'))
BOUND_KB = 32 * 1024
BLOCK = noise(16000).tobytes()


def wait_until_read(pipe):
    """Until the other side has taken everything."""
    left = array.array('i', [1])
    end = time.monotonic() + 60
    while left[0] > 0 and time.monotonic() < end:
        fcntl.ioctl(pipe, termios.FIONREAD, left)
        time.sleep(0.02)


def peak_kb(t, arguments, feed):
    """Highest resident memory of a run, in kB, by its own /proc entry once it has taken it all."""
    process = t.start(*arguments, stdin=subprocess.PIPE)
    n_byte = 0

    def drain():
        nonlocal n_byte
        while data := process.stdout.read(1 << 16):
            n_byte += len(data)

    thread = threading.Thread(target=drain)
    thread.start()
    for data in feed:
        process.stdin.write(data)
    process.stdin.flush()
    wait_until_read(process.stdin)
    with open(f'/proc/{process.pid}/status') as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith('VmHWM'))
    process.stdin.close()
    thread.join()
    process.stdout.close()
    process.stderr.close()
    same(process.wait(), 0, 'exit code')
    return peak, n_byte


@claim
def a_stream_of_hours_takes_no_more_memory_than_a_short_one(t):
    if sanitized():
        raise Skip('a sanitizer has its own idea of memory')
    raw = ['--raw', 's16le', '--rate', '16000']
    short, _ = peak_kb(t, [*raw, '-'], [BLOCK] * 20)
    long, n_byte = peak_kb(t, [*raw, '-'], (BLOCK for _ in range(SECONDS)))
    print(f'# {SECONDS} s: {long} kB, 20 s: {short} kB, {n_byte} bytes of units')
    holds(n_byte > SECONDS * 200, f'{n_byte} bytes of units')
    holds(long < BOUND_KB, f'{long} kB')
    holds(long < short + 2048, f'{long} kB, a short stream takes {short}')


@claim
def a_long_file_among_many_workers_is_bounded_too(t):
    """The others must wait for it with what they have."""
    if sanitized():
        raise Skip('a sanitizer has its own idea of memory')
    with open(t.path('long.wav'), 'wb') as file:
        file.write(wav(BLOCK, data_size=len(BLOCK) * SECONDS // 4))
        for _ in range(SECONDS // 4 - 1):
            file.write(BLOCK)
    others = [f'other{i}.wav' for i in range(4)]
    for name in others:
        os.link(t.path('long.wav'), t.path(name))
    # The stream comes last and does not know its end, so that nothing ends before the look.
    stream = wav(BLOCK, data_size=0xffffffff)
    peak, n_byte = peak_kb(t, ['-j', '4', 'long.wav', *others, '-'], [stream])
    print(f'# five of {SECONDS // 4} s, 4 workers: {peak} kB')
    holds(n_byte > SECONDS * 200, f'{n_byte} bytes of units')
    holds(peak < BOUND_KB, f'{peak} kB')


main()
