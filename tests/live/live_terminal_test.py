# SPDX-License-Identifier: MIT
"""The view on a real terminal: it comes, it fits, and whatever ends it gives the terminal back."""
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

from microphone import Microphone, PATIENCE_S, claims, ids_of, pcm

ENTER, LEAVE = b"\033[?1049h\033[?25l", b"\033[?25h\033[?1049l"
MIC = pcm("mic", rate=16000)


class Terminal:
    """voq live at a terminal of this size; `seen` is what it wrote."""

    def __init__(self, mic, *arguments, columns=60, rows=20, stdout=None, environment=()):
        self.seen = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            if stdout:
                os.dup2(os.open(stdout, os.O_WRONLY | os.O_CREAT), 1)
            os.chdir(mic.folder)
            command = mic.command(*arguments)
            os.execve(command[0], command, mic.environment() | dict(environment))
        self.resize(columns, rows)

    def resize(self, columns, rows):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self, seconds):
        if select.select([self.fd], [], [], seconds)[0]:
            try:
                data = os.read(self.fd, 65536)
            except OSError:  # the other side is closed
                return False
            self.seen += data
            return bool(data)
        return True

    def wait_for(self, text, count=1):
        until = time.monotonic() + PATIENCE_S
        while self.seen.count(text) < count:
            assert self.read(1) and time.monotonic() < until, f"no {text}:\n{self.seen[-2000:]}"

    def end(self, number=None):
        """What the process ended with, as waitpid says it."""
        if number:
            os.kill(self.pid, number)
        while self.read(PATIENCE_S):
            pass
        os.close(self.fd)
        return os.waitpid(self.pid, 0)[1]


def it_is_drawn_and_the_terminal_given_back():
    with Microphone(MIC) as mic:
        terminal = Terminal(mic, "-d", "mic", "--record", "x.wav")
        terminal.wait_for(b"units", 5)
        assert ENTER in terminal.seen and LEAVE not in terminal.seen
        status = terminal.end(signal.SIGINT)
        assert os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0
        screen, _, after = terminal.seen.partition(LEAVE)
        assert b"voq: listening" in after and b"nothing lost" in after, after
        assert b"latency" in screen and b"overruns 0" in screen and b"dB" in screen
        assert mic.units("x.wav"), "no units in the recording"


def a_crash_gives_the_terminal_back():
    # Sanitizers would take the signals for themselves.
    free = {f"{name}_OPTIONS": "handle_segv=0:handle_sigbus=0:handle_abort=0"
            for name in ("ASAN", "TSAN", "UBSAN")}
    for number in signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS:
        with Microphone(MIC) as mic:
            terminal = Terminal(mic, "-d", "mic", environment=free)
            terminal.wait_for(b"units")
            status = terminal.end(number)
            assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == number, status
            assert terminal.seen.endswith(LEAVE), terminal.seen[-100:]


def it_follows_the_size_of_the_window():
    with Microphone(MIC) as mic:
        terminal = Terminal(mic, "-d", "mic", columns=100)
        terminal.wait_for(b"units", 3)
        terminal.resize(20, 6)
        before = terminal.seen.count(b"\033[H")
        terminal.wait_for(b"\033[H", before + 3)
        terminal.end(signal.SIGTERM)
        picture = terminal.seen.split(b"\033[H")[-2]
        lines = [line.split(b"\033")[0] for line in picture.split(b"\r\n")]
        assert len(lines) <= 6 and max(map(len, lines)) <= 20, lines


def the_terminal_is_left_to_a_program_that_reads_the_units():
    """The view would cover what that program prints."""
    with Microphone(MIC) as mic:
        for more in [(), ("-f", "ids")]:
            terminal = Terminal(mic, "-d", "mic", "--duration", 1, "--record", "x.wav", *more,
                                stdout=mic.folder / "ids")
            assert os.WEXITSTATUS(terminal.end()) == 0
            assert ENTER not in terminal.seen and b"voq: listening" in terminal.seen, terminal.seen
            mic.same_units(ids_of((mic.folder / "ids").read_text()))
            (mic.folder / "ids").unlink()


def labels_are_shown_where_the_model_has_them():
    with Microphone(MIC, kind="encoder") as mic:
        terminal = Terminal(mic, "-d", "mic", "--duration", 1, "--labels")
        assert os.WEXITSTATUS(terminal.end()) == 0
        assert b"(AH) " in terminal.seen, terminal.seen[:1000]
        terminal = Terminal(mic, "-d", "mic", "--duration", 1)
        terminal.end()
        assert ENTER in terminal.seen and b"(AH)" not in terminal.seen
        terminal = Terminal(mic, "-d", "mic", "--labels", "--plain")
        assert os.WEXITSTATUS(terminal.end()) == 2
    with Microphone(MIC) as mic:
        terminal = Terminal(mic, "-d", "mic", "--labels")
        assert os.WEXITSTATUS(terminal.end()) == 2
        assert ENTER not in terminal.seen and b"have no labels" in terminal.seen, terminal.seen


def plain_lines_where_asked_and_no_colour_where_unwanted():
    with Microphone(MIC) as mic:
        for more, environment in [(("--plain",), {}), (("-f", "ids"), {}), ((), {"TERM": "dumb"})]:
            terminal = Terminal(mic, "-d", "mic", "--duration", 0.5, *more,
                                environment=environment)
            assert os.WEXITSTATUS(terminal.end()) == 0
            assert b"\033" not in terminal.seen, (more, environment, terminal.seen[:200])
            assert len([x for x in terminal.seen.split() if x.isdigit()]) >= 50
        terminal = Terminal(mic, "-d", "mic", "--duration", 1, environment={"NO_COLOR": "1"})
        terminal.end()
        assert ENTER in terminal.seen and b"\033[38" not in terminal.seen


sys.exit(claims(it_is_drawn_and_the_terminal_given_back,
                a_crash_gives_the_terminal_back,
                it_follows_the_size_of_the_window,
                the_terminal_is_left_to_a_program_that_reads_the_units,
                labels_are_shown_where_the_model_has_them,
                plain_lines_where_asked_and_no_colour_where_unwanted))
