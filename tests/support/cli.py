# SPDX-License-Identifier: MIT
"""Tests of the command: the real binary on real files. A test is a function whose name is the
claim; it gets a scratch folder of its own. Speaks TAP.

    @claim
    def an_empty_file_gives_an_empty_line(t): ...

    main()
"""

import array
import os
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import traceback

VOQ, MAKE_MODEL, SOURCE = (os.path.abspath(path) for path in sys.argv[1:4])
CLAIMS = []


def sanitized():
    with open(VOQ, 'rb') as file:
        return b'__asan_' in file.read() or b'__tsan_' in file.read()


class Skip(Exception):
    pass


def claim(function):
    CLAIMS.append(function)
    return function


class Result:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err


class Scratch:
    """The folder of one claim, and the commands that run in it."""

    def __init__(self, folder, model):
        self.folder, self.model = folder, model

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, data):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), 'wb') as file:
            file.write(data if isinstance(data, bytes) else data.encode())
        return self.path(name)

    def read(self, name):
        with open(self.path(name), 'rb') as file:
            return file.read()

    def names(self, folder='.'):
        return sorted(os.listdir(self.path(folder)))

    def environment(self, **change):
        environment = {k: v for k, v in os.environ.items() if not k.startswith('VOQ_')}
        environment.update(change)
        return environment

    def voq(self, *arguments, stdin=b'', env=None, voq=VOQ, stdout=subprocess.PIPE, timeout=600,
            before=None):
        process = subprocess.run([voq, *arguments], cwd=self.folder, input=stdin, stdout=stdout,
                                 stderr=subprocess.PIPE, env=env or self.environment(),
                                 timeout=timeout, preexec_fn=before)
        return Result(process.returncode, (process.stdout or b'').decode('utf-8', 'replace'),
                      process.stderr.decode('utf-8', 'replace'))

    def encode(self, *arguments, **how):
        return self.voq('encode', '-m', self.model, *arguments, **how)

    def start(self, *arguments, **how):
        """Starts voq encode in its own process group; the caller waits for it."""
        how.setdefault('stdin', subprocess.DEVNULL)
        return subprocess.Popen([VOQ, 'encode', '-m', self.model, *arguments], cwd=self.folder,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                env=self.environment(), start_new_session=True, **how)


def noise(n, seed=1, loud=3000):
    """n 16-bit samples, roughly like speech: noise whose level rises and falls."""
    draw = random.Random(seed)
    x, level, low = array.array('h', bytes(2 * n)), 0.0, 0.0
    for i in range(n):
        if i % 1600 == 0:
            level = draw.random() * loud
        low = 0.7 * low + 0.3 * (draw.random() * 2 - 1)
        x[i] = int(low * level)
    return x


def wav(samples, rate=16000, channels=1, kind=1, data_size=None):
    """A WAV of an array 'h' or 'f' (kind 3), interleaved."""
    data = samples.tobytes() if hasattr(samples, 'tobytes') else samples
    width = 4 if kind == 3 else 2
    size = len(data) if data_size is None else data_size
    return (b'RIFF' + struct.pack('<I', min(size + 36, 0xffffffff)) + b'WAVEfmt ' +
            struct.pack('<IHHIIHH', 16, kind, channels, rate, rate * channels * width,
                        channels * width, width * 8) + b'data' + struct.pack('<I', size) + data)


def units(line):
    """The ids of a GSLM line."""
    return line.rstrip('\n').split('|', 1)[1].split()


def same(got, expected, what='output'):
    if got != expected:
        raise AssertionError(f'{what} is {got!r:.300}, expected {expected!r:.300}')


def holds(condition, what):
    if not condition:
        raise AssertionError(what)


def fails(result, code, *words):
    """Checks the exit code, and that stderr has only lines of voq with these words."""
    same(result.code, code, f'exit code (stderr {result.err!r:.300})')
    for word in words:
        holds(word in result.err, f'stderr {result.err!r} does not say {word!r}')
    for line in result.err.splitlines():
        holds(line.startswith('voq: '), f'stderr line {line!r} does not begin with "voq: "')


def main():
    base = tempfile.mkdtemp(prefix='voq-cli-')
    n_failed = 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        model = os.path.join(base, 'tiny.voq')
        subprocess.run([MAKE_MODEL, model], check=True)
        for number, function in enumerate(CLAIMS, 1):
            name = function.__name__
            folder = os.path.join(base, f'{number}')
            os.mkdir(folder)
            try:
                function(Scratch(folder, model))
                print(f'ok {number} - {name}', flush=True)
            except Skip as skip:
                print(f'ok {number} - {name} # SKIP {skip}', flush=True)
            except Exception:
                n_failed += 1
                for line in traceback.format_exc().splitlines()[-6:]:
                    print('# ' + line)
                print(f'not ok {number} - {name}', flush=True)
            shutil.rmtree(folder, ignore_errors=True)
        print(f'1..{len(CLAIMS)}')
    finally:
        shutil.rmtree(base, ignore_errors=True)
    sys.exit(1 if n_failed else 0)
