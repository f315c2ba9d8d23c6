# SPDX-License-Identifier: MIT
"""A run that was killed goes on with --resume: nothing done is lost, nothing is there twice."""

import os
import random
import signal
import time

from cli import *

N_KILL = 20


def some_files(t, n=60):
    for i in range(n):
        t.write(f'in/u{i:03}.wav', wav(noise(4000, seed=i % 7) * (1 + i % 5)))
    t.write('in/u030.wav', b'broken')


def run_length_s(t, *arguments):
    begin = time.monotonic()
    t.encode(*arguments)
    return time.monotonic() - begin


def kill_and_resume(t, seed, whole, expected, *arguments, code=3):
    """Kills at a random moment of a run, resumes (killed once more half of the time), compares."""
    draw = random.Random(seed)
    for step in range(1 + seed % 2):
        process = t.start('-j', str(1 + seed % 3), *arguments, *(['--resume'] if step else []))
        time.sleep(draw.random() * whole)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    r = t.encode('--resume', '-j', str(1 + seed % 2), *arguments)
    same(r.code, code, f'exit code after kill {seed} ({r.err})')
    for name, data in expected.items():
        same(t.read(name), data, f'{name} after kill {seed}')
        os.remove(t.path(name))


@claim
def a_killed_run_resumed_gives_the_same_bytes_and_leaves_nothing(t):
    some_files(t)
    for arguments in (['-f', 'gslm', '-o', 'out', 'in'],
                      ['-f', 'ark', '-o', 'out', '--scp', 'out.scp', 'in'],
                      ['-f', 'units-names', '-o', 'out', '--durations', '--dedup', 'in']):
        whole = run_length_s(t, *arguments)
        expected = {name: t.read(name) for name in t.names() if name != 'in'}
        for name in expected:
            os.remove(t.path(name))
        print(f'# {arguments[1]}: a whole run takes {whole:.3f} s')
        for seed in range(N_KILL):
            kill_and_resume(t, seed, whole, expected, *arguments)
            same(t.names(), ['in'], f'files after kill {seed}')


def resumes_a_folder(t, code, *arguments):
    whole = run_length_s(t, *arguments, '-o', 'out', 'in')
    expected = {f'out/{name}': t.read(f'out/{name}') for name in t.names('out')}
    for name in expected:
        os.remove(t.path(name))
    for seed in range(N_KILL // 4):
        kill_and_resume(t, seed, whole, expected, *arguments, '-o', 'out', 'in', code=code)
        same(t.names(), ['in', 'out'], f'files after kill {seed}')
        same(t.names('out'), [], f'left in the folder after kill {seed}')
    return len(expected)


@claim
def a_folder_of_files_is_resumed_too(t):
    some_files(t, n=40)
    same(resumes_a_folder(t, 3, '-f', 'npy'), 39, 'files')


@claim
def a_shard_of_features_is_resumed_too(t):
    some_files(t, n=40)
    os.remove(t.path('in/u030.wav'))
    same(resumes_a_folder(t, 0, '--features', '-f', 'hubert'), 2, 'files')


def unfinished(t, folder='.'):
    """The one file that is not whole yet."""
    found = [name for name in t.names(folder) if name.startswith('.voq-')]
    same(len(found), 1, f'unfinished files among {t.names(folder)}')
    return os.path.join(folder, found[0])


def interrupt(t, number, *arguments):
    """Sends a signal once the .wav files are finished, while a pipe keeps the run from ending."""
    n_done = sum(name.endswith('.wav') for name in arguments)
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


@claim
def an_interrupted_run_says_that_it_can_be_resumed(t):
    t.write('a.wav', wav(noise(16000)))
    for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
        got, err = interrupt(t, number, '-o', 'out', 'a.wav')
        same(got, code, f'exit code ({err})')
        holds('--resume' in err, f'stderr {err!r} does not say --resume')
        holds('out' not in t.names(), 'an unfinished output has its name')
        r = t.encode('--resume', '-o', 'out', 'a.wav', '-', stdin=wav(noise(1600)))
        same(r.code, 0, f'exit code ({r.err})')
        same([line.split(b'|')[0] for line in t.read('out').splitlines()], [b'a', b'stdin'])
        same(t.names(), ['a.wav', 'out'])
        os.remove(t.path('out'))


@claim
def an_interrupted_run_without_a_finished_utterance_leaves_nothing(t):
    for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)):
        process = t.start('-o', 'out', '-', stdin=subprocess.PIPE)
        end = time.monotonic() + 20
        while 'out.journal' not in t.names() and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(0.05)
        process.send_signal(number)
        process.wait(timeout=20)
        process.communicate()
        same(process.returncode, code, 'exit code')
        same(t.names(), [])


@claim
def another_model_other_options_or_inputs_are_not_resumed(t):
    t.write('a.wav', wav(noise(16000)))
    t.write('b.wav', wav(noise(16000)))
    interrupt(t, signal.SIGTERM, '-o', 'out', 'a.wav')
    before = t.names()
    other = t.path('other.voq')
    subprocess.run([MAKE_MODEL, other, '21'], check=True)
    os.rename(other, t.path('../other.voq'))
    for arguments in (['--dedup', 'a.wav'], ['b.wav'], ['-m', '../other.voq', 'a.wav']):
        r = t.encode('--resume', '-o', 'out', *arguments, '-')
        fails(r, 2, 'out.journal')
        same(t.names(), before)
    r = t.encode('-o', 'out', 'b.wav')
    same((r.code, t.names()), (0, ['a.wav', 'b.wav', 'out']))


@claim
def a_journal_whose_last_line_was_cut_counts_up_to_the_line_before(t):
    t.write('a.wav', wav(noise(16000)))
    interrupt(t, signal.SIGKILL, '-o', 'out', 'a.wav')
    with open(t.path('out.journal'), 'ab') as journal:
        journal.write(b'2 0 99')
    r = t.encode('--resume', '-o', 'out', 'a.wav', '-', stdin=wav(noise(1600)))
    same((r.code, r.err), (0, ''), 'exit code and stderr')
    same([len(units(line)) for line in t.read('out').decode().splitlines()], [100, 10])


@claim
def an_output_that_lost_bytes_after_the_journal_is_not_resumed(t):
    t.write('a.wav', wav(noise(16000)))
    interrupt(t, signal.SIGKILL, '-o', 'out', 'a.wav')
    os.truncate(t.path(unfinished(t)), 10)
    before = t.names()
    fails(t.encode('--resume', '-o', 'out', 'a.wav', '-', stdin=wav(noise(1600))), 2, 'out',
          'journal')
    same(t.names(), before)


@claim
def resume_without_an_earlier_run_is_a_run(t):
    t.write('a.wav', wav(noise(16000)))
    same(t.encode('--resume', '-o', 'out', 'a.wav').code, 0)
    same(t.names(), ['a.wav', 'out'])
    fails(t.encode('--resume', 'a.wav'), 2, '-o')


@claim
def a_default_that_is_said_is_no_other_option(t):
    t.write('a.wav', wav(noise(16000)))
    for first, second, what in (([], ['-f', 'gslm'], []), (['-f', 'gslm'], [], []),
                                ([], ['-f', 'npy'], ['--features'])):
        interrupt(t, signal.SIGKILL, *what, *first, '-o', 'out', 'a.wav')
        r = t.encode('--resume', *what, *second, '-o', 'out', 'a.wav', '-', stdin=wav(noise(1600)))
        same((r.code, r.err), (0, ''), f'{what} {first} {second}')
        same(t.names(), ['a.wav', 'out'])
        shutil.rmtree(t.path('out')) if what else os.remove(t.path('out'))


@claim
def two_runs_do_not_write_one_output(t):
    process = t.start('-o', 'out', '-', stdin=subprocess.PIPE)
    end = time.monotonic() + 20
    while 'out.journal' not in t.names() and time.monotonic() < end:
        time.sleep(0.01)
    time.sleep(0.05)
    r = t.encode('-o', 'out', t.write('a.wav', wav(noise(1600))))
    holds(r.code in (2, 5), f'exit code {r.code}')
    process.stdin.write(wav(noise(16000)))
    process.communicate(timeout=20)
    same(process.returncode, 0, 'exit code of the first')
    same(t.read('out').split(b'|')[0], b'stdin')


# ---- contents that change ------------------------------------------------------------------------

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


@claim
def an_input_that_changed_is_encoded_again_and_named(t):
    for changed in range(3):
        for what in ([], ['-f', 'ark'], ['-f', 'jsonl']):
            files = three_files(t)
            interrupt(t, signal.SIGKILL, '-o', 'out', *what, *files)
            t.write(files[changed], wav(noise(16000, seed=77)))
            touch(t, files[changed])
            r = resume(t, *what, *files)
            same(r.code, 0, f'exit code ({r.err})')
            fails(r, 0, files[changed], 'changed')
            same([name for name in files if name in r.err], [files[changed]], 'files that are named')
            same(t.read('out'), anew(t, *what, *files))
            same(t.names(), [*files, 'out'])
            os.remove(t.path('out'))


@claim
def an_input_of_another_length_or_one_that_came_is_encoded_again(t):
    files = three_files(t)
    for before, after in ((wav(noise(16000)), wav(noise(8000))), (b'', wav(noise(8000))),
                          (wav(noise(8000)), wav(noise(8001)))):
        t.write('b.wav', before)
        interrupt(t, signal.SIGKILL, '-o', 'out', *files)
        t.write('b.wav', after)
        fails(resume(t, *files), 0, 'b.wav', 'changed')
        same(t.read('out'), anew(t, *files))
        os.remove(t.path('out'))
    os.remove(t.path('b.wav'))
    interrupt(t, signal.SIGKILL, '-o', 'out', *files)
    t.write('b.wav', after)
    fails(resume(t, *files), 0, 'b.wav', 'changed')
    same(t.read('out'), anew(t, *files))


@claim
def a_touched_input_is_the_same_input(t):
    files = three_files(t)
    interrupt(t, signal.SIGKILL, '-o', 'out', *files)
    for name in files:
        touch(t, name, ns=-10 ** 9)
    r = resume(t, *files)
    same((r.code, r.err), (0, ''))
    same(t.read('out'), anew(t, *files))


@claim
def gaps_that_changed_are_a_change_of_their_recording(t):
    files = three_files(t)
    interrupt(t, signal.SIGKILL, '-o', 'out', *files)
    t.write('b.wav.gaps', '8000\t1600\toverrun\n')
    fails(resume(t, *files), 0, 'b.wav', 'changed')
    same(t.read('out'), anew(t, *files))


@claim
def an_input_that_went_keeps_its_units(t):
    files = three_files(t)
    interrupt(t, signal.SIGKILL, '-o', 'out', *files)
    expected = anew(t, *files)
    os.remove(t.path('a.wav'))
    fails(resume(t, *files), 0, 'a.wav', 'not there any more')
    same(t.read('out'), expected)


@claim
def inputs_in_another_order_are_another_run(t):
    files = three_files(t)
    interrupt(t, signal.SIGKILL, '-o', 'out', *files)
    before = {name: t.read(name) for name in t.names()}
    fails(resume(t, 'b.wav', 'a.wav', 'c.wav'), 2, 'out.journal', 'other options or inputs')
    same({name: t.read(name) for name in t.names()}, before)


@claim
def a_pipe_that_is_done_is_told_and_not_compared(t):
    t.write('list.scp', 'p cat one.wav |\nq cat two.wav |\n')
    for name in 'one.wav', 'two.wav':
        t.write(name, wav(noise(16000)))
    same(t.encode('--allow-pipes', '-o', 'fresh', 'list.scp').code, 0)
    os.mkfifo(t.path('fifo'))
    t.write('list.scp', 'p cat one.wav |\nq cat fifo |\n')
    process = t.start('--allow-pipes', '-o', 'out', 'list.scp')
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if os.path.exists(t.path('out.journal')) and t.read('out.journal').count(b'\n') > 1:
            break
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    os.remove(t.path('fifo'))
    os.rename(t.path('two.wav'), t.path('fifo'))
    r = t.encode('--resume', '--allow-pipes', '-o', 'out', 'list.scp')
    fails(r, 0, 'p: a pipe cannot be read again')
    same(t.read('out'), t.read('fresh'))


@claim
def with_a_file_per_utterance_only_what_changed_is_made_again(t):
    files = three_files(t)
    same(t.encode('-f', 'npy', '-o', 'fresh', *files, '-', stdin=LAST).code, 0)
    interrupt(t, signal.SIGKILL, '-f', 'npy', '-o', 'out', *files)
    inode = {name: os.stat(t.path(f'out/{name}.npy')).st_ino for name in 'abc'}
    t.write('b.wav', wav(noise(16000, seed=77)))
    touch(t, 'b.wav')
    os.remove(t.path('out/c.npy'))
    r = resume(t, '-f', 'npy', *files)
    fails(r, 0, 'b.wav: changed', 'c.wav: its output is gone')
    same(t.names('out'), ['a.npy', 'b.npy', 'c.npy', 'stdin.npy'])
    holds(os.stat(t.path('out/a.npy')).st_ino == inode['a'], 'a.npy was made again')
    same(t.encode('-f', 'npy', '-o', 'fresh', *files, '-', stdin=LAST).code, 0)
    for name in t.names('out'):
        same(t.read(f'out/{name}'), t.read(f'fresh/{name}'), name)
    same(t.names(), [*files, 'fresh', 'out'])


# ---- journals and files that are not what they should be -----------------------------------------

@claim
def a_forged_journal_is_refused_and_nothing_is_lost(t):
    files = three_files(t)
    interrupt(t, signal.SIGKILL, '-o', 'out', *files)
    good = t.read('out.journal').decode()
    head, *lines = good.splitlines(keepends=True)
    before = {name: t.read(name) for name in t.names() if name != 'out.journal'}
    first, rest = lines[2].split(' ', 1)
    numbers = ('999999', '-1', '18446744073709551616', '4', '3', '0', '', 'x', '1e0', ' 2', '+2')
    forged = [head + ''.join(lines[:2]) + f'{number} {rest}' for number in numbers]
    forged += [head + ''.join(lines) + lines[2] * n for n in (1, 2, 1000)]
    forged += [head + ''.join(lines[1:]), head + lines[0] + lines[2], head + '\n' + ''.join(lines)]
    forged += [head + ''.join(lines[:2]) + ' '.join(
        part if i != field else value for i, part in enumerate(lines[2].rstrip('\n').split(' ')))
        + '\n' for field in range(1, 8) for value in ('-1', '99999999999999999999', 'z')]
    fields = lines[2].rstrip('\n').split(' ')
    for length in (str(int(fields[6]) + 1), '9223372036854775807', '18446744073709551615', '0'):
        forged.append(head + ''.join(lines[:2]) +
                      ' '.join(fields[:6] + [length] + fields[7:]) + '\n')
    forged += [head.replace(' 2 ', ' 1 ', 1) + ''.join(lines), head.replace(' 2 ', ' 3 ', 1),
               head[:-2] + '\n' + ''.join(lines), head[:-1] + '\0\n', head + '\0' * 600 + '\n',
               head + '1' * 5000 + '\n']
    for text in forged:
        t.write('out.journal', text)
        r = resume(t, *files)
        fails(r, 2, 'out')
        same(r.err.count('\n'), 1, f'lines on stderr for {text[-200:]!r}')
        same(t.read('out.journal'), text.encode())
        same({name: t.read(name) for name in t.names() if name != 'out.journal'}, before)
    t.write('out.journal', good)
    same(resume(t, *files).code, 0)
    same(t.read('out'), anew(t, *files))


@claim
def a_file_that_was_put_in_the_place_of_the_unfinished_one_is_not_continued(t):
    files = three_files(t)
    interrupt(t, signal.SIGKILL, '-o', 'out', *files)
    name = unfinished(t)
    good = t.read(name)
    t.write('victim', good)
    os.link(t.path(name), t.path('second-name'))
    fails(resume(t, *files), 2, 'out')
    os.remove(t.path('second-name'))
    for plant in (lambda: t.write(name, bytes(len(good))), lambda: t.write(name, good[:-1]),
                  lambda: os.symlink('victim', t.path(name)), lambda: os.mkfifo(t.path(name)),
                  lambda: os.mkdir(t.path(name))):
        os.remove(t.path(name))
        plant()
        before = t.names()
        fails(resume(t, *files), 2, 'out')
        same((t.names(), t.read('victim')), (before, good))
        if os.path.isdir(t.path(name)) and not os.path.islink(t.path(name)):
            os.rmdir(t.path(name))
            t.write(name, good)
    same(resume(t, *files).code, 0)
    same(t.read('out'), anew(t, *files))


@claim
def a_link_at_a_name_of_voqs_is_not_followed(t):
    files = three_files(t)
    t.write('victim', 'precious')
    for name in 'out.tmp', 'out.journal':
        os.symlink('victim', t.path(name))
    before = t.names()
    fails(t.encode('-o', 'out', *files), 2, 'out.journal', 'in the way')
    same((t.names(), t.read('victim')), (before, b'precious'))
    os.remove(t.path('out.journal'))
    same(t.encode('-o', 'out', *files).code, 0)
    same(t.read('victim'), b'precious')
    os.remove(t.path('out'))
    interrupt(t, signal.SIGKILL, '-o', 'out', *files)
    name = unfinished(t)
    os.remove(t.path(name))
    os.symlink('victim', t.path(name))
    fails(t.encode('-o', 'out', *files), 5, 'out')
    same((os.readlink(t.path(name)), t.read('victim')), ('victim', b'precious'))


@claim
def a_users_own_files_stay(t):
    files = three_files(t)
    mine = {'out.tmp': b'mine', '.out.tmp': b'mine', '.voq-out.tmp': b'mine', 'out.tmp-1': b'mine',
            '.voq-01234567-0123456789abcdef.tmp': b'mine'}
    for name, data in mine.items():
        t.write(name, data)
    same(t.encode('-o', 'out', *files).code, 0)
    interrupt(t, signal.SIGKILL, '-o', 'out', *files)
    same(resume(t, *files).code, 0)
    same({name: t.read(name) for name in mine}, mine)
    same(t.names(), sorted([*files, *mine, 'out']))
    t.write('out.journal', 'my journal: a day at sea\n')
    for arguments in ([], ['--resume']):
        fails(t.encode(*arguments, '-o', 'out', *files), 2, 'out.journal', 'in the way')
        same(t.read('out.journal'), b'my journal: a day at sea\n')


@claim
def a_run_that_starts_anew_removes_what_the_killed_one_left(t):
    files = three_files(t)
    for first in (['-f', 'gslm'], ['-f', 'ark', '--scp', 'out.scp'], ['-f', 'npy']):
        for second in (['-f', 'gslm'], ['-f', 'units', '--durations']):
            interrupt(t, signal.SIGKILL, '-o', 'out', *first, *files)
            if first == ['-f', 'npy']:
                shutil.rmtree(t.path('out'))
            same(t.encode('-o', 'out', *second, *files).code, 0, f'{first} {second}')
            left = [name for name in t.names() if name not in files and not name.startswith('out')]
            same(left, [], f'left by {first} after {second}')
            holds('out.journal' not in t.names(), 'the journal stays')
            for name in set(t.names()) - set(files):
                os.remove(t.path(name))


@claim
def a_run_that_is_refused_costs_nothing_of_the_one_before(t):
    files = three_files(t)
    interrupt(t, signal.SIGKILL, '-o', 'out', *files)
    before = {name: t.read(name) for name in t.names()}
    fails(t.encode('-o', 'out', '--durations', *files), 2)
    fails(t.encode('-o', 'out', '-f', 'nothing', *files), 2)
    same({name: t.read(name) for name in t.names()}, before)
    same(resume(t, *files).code, 0)


LONG = ['x' * n for n in range(250, 256)] + ['\N{GREEK SMALL LETTER PI}' * 127 + 'x',
                                             'x' + '\N{GREEK SMALL LETTER PI}' * 127,
                                             '\N{MUSICAL SYMBOL G CLEF}' * 63 + 'xy']


@claim
def a_name_as_long_as_a_name_can_be_works(t):
    files = three_files(t)
    expected = anew(t, *files)
    for name in LONG:
        process = t.start('-o', name, *files, '-', stdin=subprocess.PIPE)
        end = time.monotonic() + 20
        journals = []
        while time.monotonic() < end and (not journals or t.read(journals[0]).count(b'\n') < 4):
            time.sleep(0.01)
            journals = [n for n in t.names() if n.endswith('.journal')]
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        r = t.encode('--resume', '-o', name, *files, '-', stdin=LAST)
        same((r.code, t.read(name)), (0, expected), f'{name}: {r.err}')
        same(t.names(), sorted([*files, name]))
        same(t.voq('convert', '--from', 'gslm', name, '-f', 'jsonl', '-o', name).code, 2)
        same(t.voq('convert', '--from', 'gslm', name, '-f', 'units', '-o', name[::-1] + '').code,
             2 if name == name[::-1] else 0)
        for left in set(t.names()) - set(files):
            os.remove(t.path(left))
    fails(t.encode('-o', 'x' * 256, *files), 5, 'too long')
    same(t.names(), files)


@claim
def a_disk_that_fills_up_leaves_what_can_be_resumed_or_nothing(t):
    import resource
    files = three_files(t)
    for what in ([], ['-f', 'ark', '--scp', 'out.scp'], ['--features', '-f', 'hubert']):
        same(t.encode('-o', 'out', *what, *files).code, 0)
        whole = {name: t.read(name) for name in everything(t) if name not in files}
        most = max(len(data) for data in whole.values())
        for limit in [0, 1, 40, 51, 52, 100, 200, 400, 600] + list(range(700, most, most // 9)):
            remove_all_but(t, files)

            def small_files():
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

            r = t.encode('-o', 'out', *what, *files, before=small_files)
            if r.code == 0:
                continue
            fails(r, 5)
            left = [name for name in everything(t) if name not in files]
            if left and 'out.journal' not in left:
                raise AssertionError(f'{left} stays with a limit of {limit}')
            if left:
                holds(t.read('out.journal').count(b'\n') > 1, 'an empty journal stays')
            r = t.encode('--resume', '-o', 'out', *what, *files)
            same(r.code, 0, f'exit code after a limit of {limit} ({r.err})')
            same({name: t.read(name) for name in everything(t) if name not in files}, whole)
        remove_all_but(t, files)


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


@claim
def a_folder_that_cannot_be_written_is_left_as_it_is(t):
    if os.geteuid() == 0:
        raise Skip('root writes everywhere')
    files = three_files(t)
    os.mkdir(t.path('closed'))
    os.chmod(t.path('closed'), 0o555)
    fails(t.encode('-o', 'closed/out', *files), 5, 'closed/out')
    same(t.names('closed'), [])


@claim
def a_small_disk_is_the_same(t):
    os.mkdir(t.path('disk'))
    mounted = subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=64k', 'voq', t.path('disk')],
                             stderr=subprocess.DEVNULL).returncode == 0 if os.geteuid() == 0 else 0
    if not mounted:
        raise Skip('nothing can be mounted here')
    try:
        t.write('long.wav', wav(noise(160000)))
        files = ['long.wav', *three_files(t)]
        fails(t.encode('--features', '-f', 'ark', '-o', 'disk/out', *files), 5, 'o space left')
        same(t.names('disk'), [])
        fails(t.encode('--features', '-f', 'npy', '-o', 'disk/all', *files[1:], files[0]), 5,
              'o space left')
        same([name for name in t.names('disk/all') if not name.endswith('.npy')], [])
    finally:
        subprocess.run(['umount', t.path('disk')])


main()
