# SPDX-License-Identifier: MIT
"""What a person sees: a bar on a terminal that fits it, plain lines elsewhere, and quiet."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

from cli import *

BLOCK = noise(16000).tobytes()


def on_terminal(t, arguments, columns, resize=None, tail=b'', **environment):
    """All that a stream of 12 seconds, fed slowly, writes to a terminal; units go to a file.
    A tail is half a sample, so that there is something to say."""
    environment.setdefault('TERM', 'xterm')
    reader, writer = os.pipe()
    pid, terminal = pty.fork()
    if pid == 0:
        os.close(writer)
        os.dup2(reader, 0)
        os.dup2(os.open(t.path('out.txt'), os.O_CREAT | os.O_WRONLY, 0o600), 1)
        os.chdir(t.folder)
        os.execve(VOQ, [VOQ, 'encode', '-m', t.model, *arguments], t.environment(**environment))
    os.close(reader)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', 10, columns, 0, 0))
    seen, fed, end = b'', 0, time.monotonic() + 20
    try:
        while time.monotonic() < end:
            if fed < 12:
                os.write(writer, BLOCK)
                fed += 1
                if fed == 12:
                    os.write(writer, tail)
                    os.close(writer)
                if resize and fed == 6:
                    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', 10, resize, 0, 0))
            if select.select([terminal], [], [], 0.05)[0]:
                data = os.read(terminal, 65536)
                if not data:
                    break
                seen += data
    except OSError:
        pass  # the terminal is gone with the process
    os.close(terminal)
    _, status = os.waitpid(pid, 0)
    same(os.waitstatus_to_exitcode(status), 3 if tail else 0, f'exit code ({seen!r})')
    return seen.decode()


RAW = ['--raw', 's16le', '--rate', '16000', '-']


def bars_of(seen):
    """What stood on the last line, one after another; messages may be longer than the window."""
    lines = [re.sub('\x1b\\[[0-9;]*[A-Za-z]', '', line) for line in re.split('[\r\n]+', seen)]
    return [line for line in lines if line and not line.startswith('voq: ')]


@claim
def a_terminal_gets_a_bar_that_fits_at_every_width(t):
    for columns in (20, 40, 80, 200):
        seen = on_terminal(t, RAW, columns)
        holds('\r' in seen and 'x real time' in seen or columns < 40, f'no bar in {seen!r}')
        longest = max(bars_of(seen), key=len)
        holds(len(longest) < columns, f'{len(longest)} columns of {columns}: {longest!r}')


@claim
def a_window_made_smaller_gets_shorter_lines(t):
    seen = on_terminal(t, RAW, 100, resize=30)
    last = bars_of(seen)[-2:]
    holds(max(len(line) for line in last) < 30, f'{last!r}')


@claim
def quiet_says_nothing(t):
    same(on_terminal(t, ['--quiet', *RAW], 80), '')


@claim
def a_dumb_terminal_gets_no_control_characters(t):
    seen = on_terminal(t, RAW, 80, TERM='dumb')
    holds('\x1b' not in seen and '\r' not in seen.replace('\r\n', ''), f'{seen!r}')


@claim
def no_colour_when_it_is_not_wanted(t):
    seen = on_terminal(t, RAW, 80, NO_COLOR='1')
    holds(not re.search('\x1b\\[[0-9;]*m', seen), f'{seen!r}')


@claim
def a_pipe_gets_plain_lines(t):
    t.write('a.wav', wav(noise(16000)))
    r = t.encode('a.wav', 'nowhere.wav')
    holds('\r' not in r.err and '\x1b' not in r.err, f'{r.err!r}')
    same(t.encode('a.wav').err, '')
    holds('nowhere.wav' in t.encode('--quiet', 'nowhere.wav').err, '--quiet hides an error')


@claim
def a_message_does_not_share_a_line_with_the_bar(t):
    seen = on_terminal(t, RAW, 80, tail=b'x')
    message = next(line for line in re.split('\r\n|\r\x1b\\[K', seen) if 'voq: ' in line)
    holds(message.startswith('voq: stdin: '), f'{message!r}')


main()
