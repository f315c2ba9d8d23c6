# SPDX-License-Identifier: MIT
"""Whatever ends or stops the view gives the terminal back as it was, and nothing disturbs it."""
import os
import signal
import sys

from microphone import Microphone, claims, ids_of, pcm
from terminal import Terminal

ENTER, LEAVE = b"\033[?1049h", b"\033[?1049l"
MIC = pcm("mic", rate=16000)


def is_given_back(terminal):
    """The screen from before, the messages under it, and the next prompt on a line of its own."""
    lines = [line for line in terminal.grid.lines() if line]
    assert terminal.grid.is_clean() and terminal.echoed, terminal.seen[-200:]
    assert lines[0] == "--" and lines[1].startswith("voq: listening"), lines
    assert terminal.grid.column == 0 and not terminal.grid.lines()[terminal.grid.row], lines


def it_is_drawn_and_the_terminal_given_back():
    for end in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
        with Microphone(MIC) as mic:
            terminal = Terminal(mic, "-d", "mic", "--record", "x.wav", rows=24)
            terminal.wait_for("  0:00.")
            assert terminal.grid.alternate and not terminal.grid.cursor and not terminal.echoes()
            for text in "latency", "nothing lost", "dB", "Ctrl-C ends it", "mic", "16000 Hz":
                terminal.wait_for(text)
            status = terminal.end(end)
            assert os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0
            assert b"nothing lost" in terminal.seen.partition(LEAVE)[2]
            is_given_back(terminal)
            assert mic.units("x.wav"), "no units in the recording"


def ctrl_c_ends_it_and_ctrl_z_stops_it():
    with Microphone(MIC) as mic:
        terminal = Terminal(mic, "-d", "mic")
        terminal.wait_for("  0:00.")
        for _ in range(2):
            terminal.type(b"\x1a")
            assert terminal.stopped()
            assert terminal.grid.is_clean() and terminal.echoes()
            assert terminal.grid.lines()[0] == "--"
            os.kill(terminal.pid, signal.SIGCONT)
            terminal.wait_for("Ctrl-C ends it")
            assert not terminal.echoes() and not terminal.grid.cursor
        terminal.type(b"\x03")
        assert os.WEXITSTATUS(terminal.end()) == 0
        assert "^" not in terminal.seen.decode()
        is_given_back(terminal)


def start_in_background(*command):
    """As a shell does it after `&`; when the program is stopped, `fg` follows."""
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        os.execve(*command)
    _, status = os.waitpid(pid, os.WUNTRACED)
    print(f"stopped: {os.WIFSTOPPED(status)}", flush=True)
    os.tcsetpgrp(0, pid)
    os.kill(pid, signal.SIGCONT)
    _, status = os.waitpid(pid, 0)
    os._exit(os.waitstatus_to_exitcode(status))


def it_does_not_draw_in_the_background():
    with Microphone(MIC) as mic:
        terminal = Terminal(mic, "-d", "mic", start=start_in_background)
        terminal.wait_for("Ctrl-C ends it")
        terminal.type(b"\x03")
        assert os.WEXITSTATUS(terminal.end()) == 0
        assert b"stopped: True" in terminal.seen.partition(ENTER)[0], terminal.seen[:200]
        assert terminal.grid.is_clean() and terminal.echoed


def a_crash_gives_the_terminal_back():
    # Sanitizers would take the signals for themselves.
    free = {f"{name}_OPTIONS": "handle_segv=0:handle_sigbus=0:handle_abort=0"
            for name in ("ASAN", "TSAN", "UBSAN")}
    for number in signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGQUIT, signal.SIGUSR1:
        with Microphone(MIC) as mic:
            terminal = Terminal(mic, "-d", "mic", environment=free)
            terminal.wait_for("  0:00.")
            status = terminal.end(number)
            assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == number, status
            assert terminal.seen.endswith(LEAVE), terminal.seen[-100:]
            assert terminal.grid.is_clean() and terminal.echoed
            assert terminal.grid.lines()[0] == "--"


def an_error_gives_the_terminal_back_and_is_read_below():
    with Microphone() as mic:
        mic.configure(pcm("mic", rate=16000, epoch=mic.folder / "epoch", fault="gone", at=300,
                          **{"for": 100000}))
        terminal = Terminal(mic, "-d", "mic", "--once", columns=200)
        assert os.WEXITSTATUS(terminal.end()) == 4
        assert ENTER in terminal.seen
        is_given_back(terminal)


def what_others_write_does_not_stay_in_the_picture():
    with Microphone(MIC) as mic:
        terminal = Terminal(mic, "-d", "mic")
        terminal.wait_for("  0:00.")
        terminal.type(b"typed\n")
        os.kill(terminal.pid, signal.SIGSTOP)
        assert terminal.stopped()
        terminal.grid.feed(b"\033[9;7Hforeign\033[?25h\033[?7h")
        os.kill(terminal.pid, signal.SIGCONT)
        terminal.wait_until(lambda: "foreign" not in terminal.text())
        terminal.wait_for("Ctrl-C ends it")
        assert not terminal.grid.cursor and "typed" not in terminal.seen.decode()
        assert os.WEXITSTATUS(terminal.end(signal.SIGINT)) == 0
        is_given_back(terminal)


def the_terminal_is_left_to_a_program_that_reads_the_units():
    """The view would cover what that program prints."""
    with Microphone(MIC) as mic:
        for more in [(), ("-f", "ids")]:
            terminal = Terminal(mic, "-d", "mic", "--duration", 1, "--record", "x.wav", *more,
                                stdout=mic.folder / "ids")
            assert os.WEXITSTATUS(terminal.end()) == 0
            assert b"\033" not in terminal.seen and b"voq: listening" in terminal.seen
            units = (mic.folder / "ids").read_text()
            mic.same_units(ids_of(units))
            assert units == "".join(f"{unit}\n" for unit in ids_of(units))
            (mic.folder / "ids").unlink()


def plain_lines_where_asked():
    with Microphone(MIC) as mic:
        for more, environment in [(("--plain",), {}), (("-f", "ids"), {}), ((), {"TERM": "dumb"})]:
            terminal = Terminal(mic, "-d", "mic", "--duration", 0.5, *more,
                                environment=environment)
            assert os.WEXITSTATUS(terminal.end()) == 0
            assert b"\033" not in terminal.seen, (more, environment, terminal.seen[:200])
            assert len([x for x in terminal.seen.split() if x.isdigit()]) >= 50


sys.exit(claims(it_is_drawn_and_the_terminal_given_back,
                ctrl_c_ends_it_and_ctrl_z_stops_it,
                it_does_not_draw_in_the_background,
                a_crash_gives_the_terminal_back,
                an_error_gives_the_terminal_back_and_is_read_below,
                what_others_write_does_not_stay_in_the_picture,
                the_terminal_is_left_to_a_program_that_reads_the_units,
                plain_lines_where_asked))
