# SPDX-License-Identifier: MIT
"""What is no text is not written to a terminal, as gzip does not; text and pipes are as ever."""

import pty
import termios
import threading

from cli import *

RATE = ['--hop', '160', '--rate', '16000']


def read_all(terminal, seen):
    try:
        while data := os.read(terminal, 65536):
            seen.append(data)
    except OSError:
        pass  # the last program has closed it


def on_terminal(t, *arguments):
    """Exit code, what standard output showed, standard error. Standard output is a terminal."""
    master, slave = pty.openpty()
    attributes = termios.tcgetattr(slave)
    attributes[1] &= ~termios.OPOST
    termios.tcsetattr(slave, termios.TCSANOW, attributes)
    process = subprocess.Popen([VOQ, *arguments], cwd=t.folder, stdin=subprocess.DEVNULL,
                               stdout=slave, stderr=subprocess.PIPE, env=t.environment())
    seen = []
    reader = threading.Thread(target=read_all, args=(master, seen))
    reader.start()
    _, err = process.communicate(timeout=60)
    os.close(slave)
    reader.join()
    os.close(master)
    return process.returncode, b''.join(seen), err.decode()


def files(t):
    shutil.copy(t.model, t.path('m.voq'))
    t.write('a.wav', wav(noise(8000)))
    t.write('u.gslm', 'a|1 2 2\n')
    same(t.voq('decode', '-q', '-m', 'm.voq', 'u.gslm', '-o', 'x.npy').code, 0)


@claim
def what_is_no_text_does_not_reach_a_terminal(t):
    files(t)
    before = t.names()
    encode = ['encode', '-q', '-m', 'm.voq']
    for arguments in ([*encode, '-f', 'npy', 'a.wav'], [*encode, '-f', 'ark', 'a.wav'],
                      [*encode, '--features', 'a.wav'],
                      [*encode, '--features', '-f', 'ark', 'a.wav'],
                      [*encode, '-o', '/dev/stdout', '-f', 'ark', 'a.wav'],
                      [*encode, '-o', 'u.out', '--distances', '-', 'a.wav'],
                      ['convert', '-o', '-', '-f', 'npy', 'u.gslm'],
                      ['convert', '-f', 'ark', 'u.gslm'],
                      ['convert', '--features', 'x.npy'],
                      ['convert', '--features', '-f', 'ark', 'x.npy'],
                      ['decode', '-q', '-m', 'm.voq', 'u.gslm'],
                      ['decode', '-q', '-m', 'm.voq', '-f', 'ark', 'u.gslm'],
                      ['train', '-q', '-k', '2', '-o', '-', 'x.npy']):
        code, seen, err = on_terminal(t, *arguments)
        same((code, seen), (2, b''), f'{arguments}: {err}')
        same(err, 'voq: binary output cannot go to a terminal; use -o FILE or a pipe\n', f'{arguments}')
        same(t.names(), before, f'{arguments}: files')


@claim
def text_reaches_a_terminal(t):
    files(t)
    encode = ['encode', '-q', '-m', 'm.voq']
    for arguments in ([*encode, 'a.wav'], [*encode, '-f', 'jsonl', 'a.wav'],
                      [*encode, '-f', 'fileid', 'a.wav'], [*encode, '-f', 'textgrid', 'a.wav'],
                      [*encode, '-f', 'ark', '--text', 'a.wav'],
                      [*encode, '--features', '-f', 'ark', '--text', 'a.wav'],
                      ['convert', '-f', 'ark', '--text', 'u.gslm'],
                      ['decode', '-q', '-m', 'm.voq', '-f', 'ark', '--text', 'u.gslm'],
                      ['models']):
        code, seen, err = on_terminal(t, *arguments)
        holds(code == 0 and len(seen) > 0 and not err, f'{arguments}: {code} {seen!r} {err!r}')
        same(seen.decode(), t.voq(*arguments).out, f'{arguments}: a pipe and a terminal')


@claim
def a_pipe_gets_what_a_terminal_does_not(t):
    files(t)
    r = subprocess.run([VOQ, 'decode', '-q', '-m', 'm.voq', 'u.gslm'], cwd=t.folder,
                       capture_output=True)
    same((r.returncode, r.stdout), (0, t.read('x.npy')))


main()
