# SPDX-License-Identifier: MIT
"""voq live at a terminal: a pseudo-terminal, and a grid of what a person sees there."""
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

from grid import Grid
from microphone import PATIENCE_S

STATUS_LINES = 5  # below the history, on 20 rows and more
MARK = b"--\r\n"  # of somebody else, on the screen before voq live begins


def set_size(fd, columns, rows):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


class Terminal:
    """voq live at a terminal of this size. `seen` is what it wrote, `grid` what that looks like."""

    def __init__(self, mic, *arguments, columns=60, rows=20, stdout=None, environment=(),
                 start=os.execve):
        self.seen = b""
        self.grid = Grid(columns, rows)
        self.grid.feed(MARK)
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            for number in signal.SIGHUP, signal.SIGINT, signal.SIGQUIT:  # nohup and & ignore them
                signal.signal(number, signal.SIG_DFL)
            set_size(0, columns, rows)
            if stdout:
                os.dup2(os.open(stdout, os.O_WRONLY | os.O_CREAT), 1)
            os.chdir(mic.folder)
            command = mic.command(*arguments)
            start(command[0], command, mic.environment() | dict(environment))

    def resize(self, columns, rows):
        self.grid.resize(columns, rows)
        set_size(self.fd, columns, rows)

    def read(self, seconds):
        if select.select([self.fd], [], [], seconds)[0]:
            try:
                data = os.read(self.fd, 65536)
            except OSError:  # the other side is closed
                return False
            self.seen += data
            self.grid.feed(data)
            return bool(data)
        return True

    def wait_until(self, is_seen):
        """is_seen() looks at the grid."""
        until = time.monotonic() + PATIENCE_S
        while not is_seen():
            assert self.read(0.1) and time.monotonic() < until, "not seen:\n" + self.text()

    def wait_for(self, text):
        self.wait_until(lambda: text in self.text())

    def text(self):
        return "\n".join(self.grid.lines())

    def type(self, text):
        os.write(self.fd, text)

    def echoes(self):
        return bool(termios.tcgetattr(self.fd)[3] & termios.ECHO)

    def stopped(self):
        """Waits until the process is stopped; what it wrote before is in the grid."""
        _, status = os.waitpid(self.pid, os.WUNTRACED)
        while select.select([self.fd], [], [], 0)[0]:
            self.read(0)
        return os.WIFSTOPPED(status)

    def end(self, number=None):
        """What the process ended with, as waitpid says it."""
        if number:
            os.kill(self.pid, number)
        until = time.monotonic() + PATIENCE_S
        while self.read(PATIENCE_S):
            assert time.monotonic() < until, "it goes on:\n" + self.text()
        self.echoed = self.echoes()
        os.close(self.fd)
        return os.waitpid(self.pid, 0)[1]
