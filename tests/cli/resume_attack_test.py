# SPDX-License-Identifier: MIT
"""Journals and unfinished files that are forged, planted, damaged or a user's own, names as long as
they can be, and disks that fill up: nothing is lost, and nothing of anybody else's is touched."""

import resource
import signal
import time

from cli import *
from cut_off import *


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
    fails(t.encode('-o', 'out', *files), 2, 'out.journal', 'not a journal')
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
        fails(t.encode(*arguments, '-o', 'out', *files), 2, 'out.journal', 'not a journal',
              'another -o')
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
    files = three_files(t)
    for what in ([], ['-f', 'ark', '--scp', 'out.scp'], ['--features', '-f', 'hubert']):
        same(t.encode('-o', 'out', *what, *files).code, 0)
        whole = {name: t.read(name) for name in everything(t) if name not in files}
        most = max(len(data) for data in whole.values())
        for limit in [0, 1, 40, 51, 52, 100, 200, 400, 600] + list(range(700, most, most // 9)):
            remove_all_but(t, files)

            def small_files():
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
def a_folder_that_stands_where_nothing_can_be_written_is_filled_and_resumed(t):
    t.write('long.wav', wav(noise(160000)))
    files = [*three_files(t), 'long.wav']
    os.chmod(t.folder, 0o755)
    os.chmod(os.path.dirname(t.folder), 0o755)
    os.mkdir(t.path('open'))
    os.chmod(t.path('open'), 0o777)
    os.chmod(t.folder, 0o555)

    def as_nobody():
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)

    def no_room():
        as_nobody()
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    try:
        fails(t.encode('-f', 'npy', '-o', 'open/', *files, before=no_room), 5, 'open/')
        holds('.journal' in os.listdir(t.path('open')), 'no journal stays')
        r = t.encode('--resume', '-f', 'npy', '-o', 'open', *files, before=as_nobody)
        same((r.code, r.err), (0, ''))
        same(sorted(os.listdir(t.path('open'))), sorted(name[:-4] + '.npy' for name in files))
    finally:
        os.chmod(t.folder, 0o755)


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
