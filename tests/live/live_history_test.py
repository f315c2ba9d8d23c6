# SPDX-License-Identifier: MIT
"""What a person sees in the view: the units so far with their times, on the whole height."""
import array
import itertools
import json
import math
import os
import re
import signal
import sys

from microphone import Microphone, claims, gaps_of, pcm
from terminal import STATUS_LINES, Terminal

TIME = re.compile(r" *(\d+):(\d\d)\.(\d\d) ")
TIME_COLUMNS = 10


def tones():
    """Short tones, so that there are runs of many lengths."""
    lengths = itertools.cycle([10, 90, 40, 20, 60, 30])
    pitches = itertools.cycle([200, 3000, 700, 5000, 1500, 400, 2200])
    x = array.array("h")
    while len(x) < 16000 * 60:
        step = 2 * math.pi * next(pitches) / 16000
        x.extend(int(9000 * math.sin(step * i)) for i in range(16 * next(lengths)))
    return x.tobytes()


def microphone(**settings):
    mic = Microphone()
    (mic.folder / "tones.raw").write_bytes(tones())
    mic.configure(pcm("mic", rate=16000, infile=mic.folder / "tones.raw",
                      epoch=mic.folder / "epoch", **settings))
    return mic


def rows_of(lines):
    """[(time in hops, [id, ...])] of the lines that begin with a time."""
    found = []
    for line in lines:
        match = TIME.match(line)
        if match:
            minutes, seconds, hundredths = map(int, match.groups())
            ids = [word for word in line[match.end():].split() if word.isdigit()]
            found.append(((minutes * 60 + seconds) * 100 + hundredths, ids))
    return found


def runs_of(mic, recording="x.wav"):
    """[[place, unit, units]], with the places that FILE.gaps states."""
    found = []
    for line in mic.encode(recording, "-f", "jsonl").splitlines():
        record = json.loads(line)
        if "unit" not in record:
            continue
        place, unit = record["i"], str(record["unit"])
        if found and (found[-1][1], found[-1][0] + found[-1][2]) == (unit, place):
            found[-1][2] += 1
        else:
            found.append([place, unit, 1])
    return found


def is_full(terminal, height):
    return len(rows_of(terminal.grid.lines()[:height])) == height


def check_rows(rows, runs):
    """Every run of the recording is there once, and each row begins at its time."""
    rows = [(time, ids) for time, ids in rows if ids]  # a busy machine may lose samples
    runs = [run for run in runs if run[0] >= rows[0][0]]
    for time, ids in rows:
        assert runs[0][0] == time, f"a row of {time} begins at {runs[0][0]}: {rows}"
        assert [unit for _, unit, _ in runs[:len(ids)]] == ids, (time, ids, runs[:len(ids)])
        runs = runs[len(ids):]


def history_fills_the_height_and_keeps_its_time():
    for columns, rows in (80, 40), (50, 24), (200, 12):
        height = rows - min(STATUS_LINES, rows // 4)
        with microphone(speed=4) as mic:
            terminal = Terminal(mic, "-d", "mic", "--record", "x.wav", columns=columns, rows=rows)
            terminal.wait_until(lambda: is_full(terminal, height))
            scrolled = terminal.grid.n_scrolled
            terminal.wait_until(lambda: terminal.grid.n_scrolled > scrolled + 2)
            assert os.WEXITSTATUS(terminal.end(signal.SIGINT)) == 0
            lines = terminal.grid.lines(last_picture=True)
            found = rows_of(lines[:height])
            assert len(found) == height and found[0][0] > 0, "\n".join(lines)
            check_rows(found, runs_of(mic))


def runs_have_the_colours_of_their_units():
    with microphone() as mic:
        terminal = Terminal(mic, "-d", "mic", "--duration", 2, columns=100, rows=40,
                            environment={"COLORTERM": "truecolor"})
        assert os.WEXITSTATUS(terminal.end()) == 0
        style = {}
        for line in terminal.grid.seen[:35]:
            text = "".join(cell.text for cell in line)
            for match in re.finditer(r"(\d+) +", text[TIME_COLUMNS:]):
                begin, end = (at + TIME_COLUMNS for at in match.span())
                if "." in text[begin - 1:end + 6] or end == len(text):
                    continue
                styles = {cell.style.rpartition("48;2;")[2] for cell in line[begin:end]}
                assert style.setdefault(match[1], styles) == styles and len(styles) == 1, match
        assert len({min(styles) for styles in style.values()}) == len(style) > 3, style


def a_window_of_another_size_is_filled_too():
    with microphone(speed=4) as mic:
        terminal = Terminal(mic, "-d", "mic", "--record", "x.wav", columns=100, rows=24)
        terminal.wait_until(lambda: is_full(terminal, 19))
        for columns, rows, height in (40, 10, 8), (120, 30, 25), (31, 24, 19):
            terminal.resize(columns, rows)
            terminal.wait_until(lambda: is_full(terminal, height)
                                and "Ctrl-C" in terminal.grid.lines()[-1])
        assert os.WEXITSTATUS(terminal.end(signal.SIGINT)) == 0
        check_rows(rows_of(terminal.grid.lines(last_picture=True)), runs_of(mic))


def the_smallest_windows_have_the_newest_units():
    for columns, rows in (60, 1), (20, 2), (3, 1), (1, 1):
        with microphone() as mic:
            terminal = Terminal(mic, "-d", "mic", "--duration", 1, columns=columns, rows=rows)
            assert os.WEXITSTATUS(terminal.end()) == 0
            lines = terminal.grid.lines(last_picture=True)
            assert re.search(r"\d", lines[0]), lines
            assert (":" in lines[0]) == (columns >= 30) == bool(TIME.match(lines[0])), lines
            assert rows == 1 or lines[1].startswith("0:00:0"), lines
            assert terminal.grid.is_clean()


def a_gap_stands_where_it_was_and_time_goes_on():
    with microphone(fault="overrun", at=500, **{"for": 200}) as mic:
        terminal = Terminal(mic, "-d", "mic", "--duration", 1.5, "--record", "x.wav", rows=40,
                            environment={"NO_COLOR": "1"})
        assert os.WEXITSTATUS(terminal.end()) == 0
        lines = terminal.grid.lines(last_picture=True)
        (sample, lost, why), = gaps_of(mic.folder / "x.wav")
        row, = [i for i, line in enumerate(lines) if "[" in line and "#" not in line]
        assert f"[{lost / 16:.3g} ms lost: {why}]" in lines[row], lines
        rows = rows_of(lines)
        after = -(-(sample + lost) // 160)
        assert after in [time for time, _ in rows], (after, lines)
        assert rows_of([lines[row + 1]])[0][0] == after, lines
        assert f"1 gap, {lost / 16000:.2f} s lost" in lines[-1], lines


def a_lost_device_is_named_in_every_window():
    with microphone(fault="gone", at=300, **{"for": 100000}) as mic:
        terminal = Terminal(mic, "-d", "mic", rows=6)
        terminal.wait_for("waiting for the device")
        assert os.WEXITSTATUS(terminal.end(signal.SIGINT)) == 0


def the_end_of_a_run_is_told():
    with microphone() as mic:
        terminal = Terminal(mic, "-d", "mic", "--duration", 1.2, rows=6)
        terminal.wait_for("of 0:00:02  Ctrl-C ends it")
        assert os.WEXITSTATUS(terminal.end()) == 0


def labels_are_shown_where_the_model_has_them():
    with Microphone(pcm("mic", rate=16000), kind="encoder") as mic:
        terminal = Terminal(mic, "-d", "mic", "--duration", 1, "--labels")
        assert os.WEXITSTATUS(terminal.end()) == 0
        lines = terminal.grid.lines(last_picture=True)
        assert re.search(r"\d \(AH\) ", "\n".join(lines)), lines
        terminal = Terminal(mic, "-d", "mic", "--duration", 1)
        assert os.WEXITSTATUS(terminal.end()) == 0
        assert rows_of(terminal.grid.lines(last_picture=True)) and b"(AH)" not in terminal.seen
        terminal = Terminal(mic, "-d", "mic", "--labels", "--plain")
        assert os.WEXITSTATUS(terminal.end()) == 2
    with microphone() as mic:
        terminal = Terminal(mic, "-d", "mic", "--labels")
        assert os.WEXITSTATUS(terminal.end()) == 2
        assert b"\033" not in terminal.seen and b"have no labels" in terminal.seen, terminal.seen


def no_colour_where_it_is_unwanted():
    for environment in {"NO_COLOR": "1"}, {"NO_COLOR": "1", "COLORTERM": "truecolor"}:
        with microphone() as mic:
            terminal = Terminal(mic, "-d", "mic", "--duration", 1, environment=environment)
            assert os.WEXITSTATUS(terminal.end()) == 0
            assert rows_of(terminal.grid.lines(last_picture=True))
            assert set(re.findall(rb"\033\[[\d;]*m", terminal.seen)) == {b"\033[m"}


def what_has_not_changed_is_not_written_again():
    """A whole picture ten times per second would be 400 bytes for each unit."""
    with microphone(speed=4) as mic:
        terminal = Terminal(mic, "-d", "mic", "--record", "x.wav", rows=40, columns=80)
        terminal.wait_until(lambda: terminal.grid.n_scrolled > 5)
        assert os.WEXITSTATUS(terminal.end(signal.SIGINT)) == 0
        n_unit = len(mic.units("x.wav"))
        assert terminal.grid.n_byte < 2000 + 50 * n_unit, (terminal.grid.n_byte, n_unit)


sys.exit(claims(history_fills_the_height_and_keeps_its_time,
                runs_have_the_colours_of_their_units,
                a_window_of_another_size_is_filled_too,
                the_smallest_windows_have_the_newest_units,
                a_gap_stands_where_it_was_and_time_goes_on,
                a_lost_device_is_named_in_every_window,
                the_end_of_a_run_is_told,
                labels_are_shown_where_the_model_has_them,
                no_colour_where_it_is_unwanted,
                what_has_not_changed_is_not_written_again))
