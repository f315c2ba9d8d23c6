# SPDX-License-Identifier: MIT
"""Runs of voq encode that are cut off, and what they leave."""

import os
import shutil
import signal
import subprocess
import time

from cli import holds, noise, same, wav


def unfinished(t, folder='.'):
    """The one file that is not whole yet."""
    found = [name for name in t.names(folder) if name.startswith('.voq-')]
    same(len(found), 1, f'unfinished files among {t.names(folder)}')
    return os.path.join(folder, found[0])


def interrupt(t, number, *arguments):
    """Sends a signal once the .wav and .tar files are finished, while a pipe keeps the run from ending."""
    n_done = sum(name.endswith(('.wav', '.tar')) for name in arguments)
    process = t.start(*arguments, '-', stdin=subprocess.PIPE)
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if os.path.exists(t.path('out.journal')) and t.read('out.journal').count(b'\n') > n_done:
            break
        time.sleep(0.01)
    process.send_signal(number)
    process.wait(timeout=20)
    _, err = process.communicate()
    return process.returncode, err.decode()


# What standard input gives a resumed run.
LAST = wav(noise(1600, seed=9))


def three_files(t):
    for i, name in enumerate(('a.wav', 'b.wav', 'c.wav')):
        t.write(name, wav(noise(16000, seed=i)))
    return ['a.wav', 'b.wav', 'c.wav']


def touch(t, name, ns=1):
    status = os.stat(t.path(name))
    os.utime(t.path(name), ns=(status.st_atime_ns, status.st_mtime_ns + ns))


def resume(t, *arguments):
    return t.encode('--resume', '-o', 'out', *arguments, '-', stdin=LAST)


def anew(t, *arguments):
    """What a run without an earlier one writes."""
    same(t.encode('-o', 'fresh', *arguments, '-', stdin=LAST).code, 0)
    data = t.read('fresh')
    os.remove(t.path('fresh'))
    return data


def everything(t):
    return sorted(os.path.relpath(os.path.join(folder, name), t.folder)
                  for folder, _, names in os.walk(t.folder) for name in names)


def remove_all_but(t, files):
    for name in t.names():
        if name in files:
            continue
        if os.path.isdir(t.path(name)):
            shutil.rmtree(t.path(name))
        else:
            os.remove(t.path(name))
