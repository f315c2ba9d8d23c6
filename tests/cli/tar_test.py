# SPDX-License-Identifier: MIT
"""Tars as inputs: a user of shards gets the units of the files in them, and is told what is lost."""

import ctypes
import io
import json
import os
import signal
import tarfile
import time

from cli import *
from cut_off import *
from trainer import trained

DATA = os.path.join(SOURCE, 'tests', 'data')
SPEECH = [wav(noise(8000 + 1000 * k, seed=k)) for k in range(6)]


def need_libarchive():
    try:
        ctypes.CDLL('libarchive.so.13')
    except OSError:
        raise Skip('libarchive is not installed') from None


def tar_bytes(members, mode='w', layout=tarfile.PAX_FORMAT):
    """A tar of (name, bytes) pairs; instead of bytes a TarInfo's type and target may be given."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode, format=layout) as tar:
        for name, content in members:
            info = tarfile.TarInfo(name)
            if isinstance(content, tuple):
                info.type, info.linkname = content
                tar.addfile(info)
            else:
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))
    return file.getvalue()


def names_of(result):
    return [line.split('|')[0] for line in result.out.splitlines()]


def tar_claim(function):
    def run(t):
        need_libarchive()
        function(t)
    run.__name__ = function.__name__
    return claim(run)


@tar_claim
def a_tar_gives_the_bytes_of_the_folder_that_it_unpacks_to(t):
    names = ['b/2.wav', 'a.wav', 'b/10.wav', 'c/\u00e9.wav', f'{"d" * 90}/{"e" * 90}.wav', 'z/y/x.wav']
    members = list(zip(names, SPEECH))
    with open(os.path.join(DATA, '5652-19215-0032.flac'), 'rb') as file:
        members.append(('b/3.flac', file.read()))
    for name, content in members:
        t.write(f'folder/{name}', content)
    expected = t.encode('folder').out
    same(len(expected.splitlines()), 7, 'lines')
    for layout in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        for mode, suffix in (('w', 'tar'), ('w:gz', 'tar.gz'), ('w:gz', 'TGZ'), ('w:bz2', 'tar.bz2'),
                             ('w:xz', 'tar.xz')):
            path = t.write(f'a.{suffix}', tar_bytes(members, mode, layout))
            for locale in ('C', 'C.UTF-8'):
                r = t.encode('-j', '3', path, env=t.environment(LC_ALL=locale))
                same((r.code, r.out), (0, expected), f'{suffix}, {layout}, {locale}: {r.err}')


@tar_claim
def shards_in_a_folder_and_in_a_list_come_in_order(t):
    t.write('f/shard-1.tar', tar_bytes([('c.wav', SPEECH[2])]))
    t.write('f/shard-0.tar.gz', tar_bytes([('b.wav', SPEECH[1]), ('a.wav', SPEECH[0])], 'w:gz'))
    t.write('list.txt', 'f/shard-1.tar\nf/shard-0.tar.gz\n')
    same(names_of(t.encode('f')), ['a', 'b', 'c'])
    same(names_of(t.encode('list.txt')), ['c', 'a', 'b'])
    same([names_of(t.encode('f', '--rank', str(k), '--nshard', '3')) for k in range(3)],
         [['a'], ['b'], ['c']])
    r = t.encode('-f', 'npy', '--names', 'path', '-o', 'out', 'f')
    same((r.code, t.names('out')), (0, ['shard-0', 'shard-1']))


@tar_claim
def a_member_that_cannot_be_read_fails_alone(t):
    path = t.write('a.tar', tar_bytes([
        ('a.wav', SPEECH[0]), ('text.wav', b'nonsense'), ('empty.wav', b''),
        ('short.wav', SPEECH[1][:9000]), ('soft.wav', (tarfile.SYMTYPE, 'a.wav')),
        ('hard.wav', (tarfile.LNKTYPE, 'a.wav')), ('folder.wav', (tarfile.DIRTYPE, '')),
        ('pipe.wav', (tarfile.FIFOTYPE, '')), ('z.wav', SPEECH[2])]))
    r = t.encode(path)
    fails(r, 3, 'a.tar: text.wav: is text', 'a.tar: empty.wav: is empty', 'a.tar: soft.wav: is a link',
          'a.tar: hard.wav: is a link', 'a.tar: short.wav: ', '5 of 7 inputs failed')
    same(names_of(r), ['a', 'short', 'z'])


@tar_claim
def a_sparse_member_is_reported_and_not_read_as_noise(t):
    with open(t.path('s.wav'), 'wb') as file:
        file.write(wav(b'', data_size=1 << 20))
        file.truncate((1 << 20) + 44)
    made = subprocess.run(['tar', '-C', t.folder, '--sparse', '-cf', t.path('a.tar'), 's.wav'],
                          stderr=subprocess.DEVNULL)
    if made.returncode != 0 or os.path.getsize(t.path('a.tar')) > 1 << 19:
        raise Skip('tar or the disk makes no sparse files')
    fails(t.encode('a.tar'), 3, 'a.tar: s.wav: is stored as a sparse file')


@tar_claim
def a_tar_that_is_cut_off_gives_the_members_before_and_is_reported(t):
    members = [(f'{k}.wav', SPEECH[k]) for k in range(3)]
    whole = tar_bytes(members)
    full = t.encode(t.write('whole.tar', whole)).out.splitlines()
    start = [512 + sum((len(SPEECH[i]) + 511) // 512 * 512 + 512 for i in range(k)) for k in range(4)]
    for cut in range(1, start[3], 701):
        r = t.encode(t.write('cut.tar', whole[:cut]))
        n = sum(cut >= start[k] + len(SPEECH[k]) for k in range(3))
        same(r.out.splitlines(), full[:n], f'cut at {cut}')
        fails(r, 3, 'cut.tar: ')
    r = t.encode(t.write('cut.tar', whole[:start[2] - 512]))
    same((r.code, names_of(r)), (0, ['0', '1']))
    holds('cut.tar: has no mark at its end' in r.err, r.err)


@tar_claim
def a_compressed_tar_that_is_cut_off_or_damaged_is_reported(t):
    members = [(f'{k}.wav', wav(noise(60000, seed=k))) for k in range(8)]
    full = t.encode(t.write('a.tar', tar_bytes(members))).out.splitlines()
    packed = tar_bytes(members, 'w:gz')
    for cut in (5, 300, len(packed) // 2, len(packed) - 9):
        r = t.encode(t.write('cut.tar.gz', packed[:cut]))
        fails(r, 3, 'cut.tar.gz: ')
        same(r.out.splitlines(), full[:len(r.out.splitlines())], f'cut at {cut}')
    holds(len(r.out.splitlines()) >= 6, 'members before the end are not read')


@tar_claim
def a_damaged_header_loses_what_follows_and_says_so(t):
    data = bytearray(tar_bytes([('a.wav', SPEECH[0]), ('b.wav', SPEECH[1]), ('c.wav', SPEECH[2])]))
    data[data.index(b'b.wav')] ^= 1
    r = t.encode(t.write('a.tar', bytes(data)))
    fails(r, 3, 'a.tar: is cut off or damaged at byte ')
    same(names_of(r), ['a'])


@tar_claim
def a_size_that_is_a_lie_allocates_nothing(t):
    huge = tarfile.TarInfo('huge.wav')
    huge.size = 1 << 40
    head = tar_bytes([('a.wav', SPEECH[0])])
    r = t.encode(t.write('a.tar', head[:512 + (len(SPEECH[0]) + 511) // 512 * 512] +
                         huge.tobuf(tarfile.GNU_FORMAT) + SPEECH[1][:2000]))
    fails(r, 3, 'a.tar: huge.wav: is not whole')
    same(names_of(r), ['a'])


@tar_claim
def what_is_no_tar_is_reported_and_the_run_goes_on(t):
    t.write('good.wav', SPEECH[0])
    t.write('none.tar', bytes(10240))
    t.write('text.tar', 'a tar')
    t.write('empty.tar', b'')
    t.write('bytes.tar.gz', b'\x1f\x8b' + bytes(range(256)))
    t.write('texts.tar', tar_bytes([('a.txt', b'a')]))
    os.mkfifo(t.path('pipe.tar'))
    os.mkdir(t.path('folder.tar'))
    r = t.encode('none.tar', 'text.tar', 'empty.tar', 'bytes.tar.gz', 'texts.tar', 'pipe.tar',
                 'folder.tar', 'missing.tar', 'good.wav', timeout=60)
    fails(r, 3, 'none.tar: is a tar that holds no audio files', 'text.tar: cannot be read as a tar',
          'empty.tar: cannot be read as a tar', 'bytes.tar.gz: cannot be read as a tar',
          'texts.tar: is a tar that holds no audio files', 'pipe.tar: cannot be opened: it is not a '
          'regular file', 'missing.tar: cannot be opened: No such file', '8 of 9 inputs failed')
    same(names_of(r), ['good'])


@claim
def a_tar_where_audio_is_expected_is_recognised(t):
    data = tar_bytes([('a.wav', SPEECH[0])])
    t.write('a.bin', data)
    t.write('b.tar', tar_bytes([('in.wav', data)]))
    t.write('c.scp', 'c b.tar\n')
    for argument in ('a.bin', 'c.scp', 'b.tar'):
        fails(t.encode(argument), 3, 'is a tar; name the file .tar')
    fails(t.encode('-', stdin=data), 3, 'stdin: is a tar; name the file .tar')


@tar_claim
def tars_one_after_another_are_read_as_one(t):
    t.write('a.tar', tar_bytes([('a.wav', SPEECH[0])]) + tar_bytes([('b.wav', SPEECH[1])]))
    r = t.encode('a.tar')
    same((r.code, names_of(r)), (0, ['a', 'b']))


@tar_claim
def a_name_that_is_not_utf_8_is_kept(t):
    name = b'n\xff.wav'.decode('utf-8', 'surrogateescape')
    for layout in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        t.write('a.tar', tar_bytes([(name, SPEECH[0])], layout=layout))
        r = t.encode('-f', 'npy', '-o', 'out', 'a.tar')
        same((r.code, os.listdir(os.fsencode(t.path('out')))), (0, [b'n\xff.npy']), r.err)


@tar_claim
def headerless_members_are_read_with_raw(t):
    pcm = noise(8000).tobytes()
    raw = ['--raw', 's16le', '--rate', '16000']
    t.write('f/a.pcm', pcm)
    t.write('a.tar', tar_bytes([('a.pcm', pcm), ('b.wav', SPEECH[0])]))
    same(t.encode(*raw, 'a.tar').out, t.encode(*raw, 'f').out)


@tar_claim
def every_channel_of_a_member_can_be_an_utterance(t):
    t.write('a.tar.gz', tar_bytes([('a.wav', wav(noise(8000), channels=2))], 'w:gz'))
    same(names_of(t.encode('--channel', 'all', 'a.tar.gz')), ['a-channel1', 'a-channel2'])


@tar_claim
def copies_of_compressed_tars_are_made_in_tmpdir_and_leave_nothing(t):
    os.mkdir(t.path('tmp'))
    for k in range(4):
        t.write(f'f/{k}.tar.gz', tar_bytes([(f'{k}-{i}.wav', SPEECH[i]) for i in range(6)], 'w:gz'))
        t.write(f'g/{k}.tar', tar_bytes([(f'{k}-{i}.wav', SPEECH[i]) for i in range(6)]))
    r = t.encode('-j', '4', 'f', env=t.environment(TMPDIR=t.path('tmp')))
    same((r.code, r.out, t.names('tmp')), (0, t.encode('g').out, []), r.err)
    r = t.encode('f', env=t.environment(TMPDIR=t.path('missing')))
    fails(r, 3, '0.tar.gz: cannot be unpacked to ', 'set TMPDIR to another folder')


@tar_claim
def a_compressed_tar_stays_while_others_are_opened(t):
    for k in range(12):
        long = [(f'{k:02}.wav', wav(noise(40000, seed=k) * 20))]
        t.write(f'f/{k:02}.tar.gz', tar_bytes(long, 'w:gz'))
        t.write(f'g/{k:02}.tar', tar_bytes(long))
    r = t.encode('-j', '4', 'f')
    same((r.code, r.err, r.out), (0, '', t.encode('g').out))


@tar_claim
def a_killed_run_over_tars_is_resumed(t):
    for k in range(3):
        members = [(f'{k}-{i}.wav', wav(noise(16000, seed=i))) for i in range(40)]
        t.write(f'f/{k}.tar' + ('.gz' if k == 1 else ''), tar_bytes(members, 'w:gz' if k == 1 else 'w'))
    same(t.encode('-o', 'whole', 'f').code, 0, 'exit code')
    for wait in (0.01, 0.05, 0.1, 0.2):
        process = t.start('-j', '2', '-o', 'out', 'f')
        time.sleep(wait)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        r = t.encode('--resume', '-o', 'out', 'f')
        same((r.code, t.read('out')), (0, t.read('whole')), f'after {wait} s: {r.err}')
        os.remove(t.path('out'))


@tar_claim
def a_tar_that_changed_is_encoded_again_by_resume(t):
    """Its members may have moved, too."""
    for what in (['-o', 'out'], ['-f', 'npy', '-o', 'out']):
        for k in range(3):
            t.write(f'{k}.tar', tar_bytes([(f'{k}.wav', SPEECH[k])]))
        tars = ['0.tar', '1.tar', '2.tar']
        interrupt(t, signal.SIGKILL, *what, *tars)
        t.write('1.tar', tar_bytes([('0.txt', bytes(900)), ('1.wav', SPEECH[5])]))
        r = t.encode('--resume', *what, *tars, '-', stdin=LAST)
        fails(r, 0, '1.tar: has changed')
        same([name for name in tars if name in r.err], ['1.tar'], 'tars named')
        if len(what) == 2:
            same(t.read('out'), anew(t, *tars))
            os.remove(t.path('out'))


@tar_claim
def an_output_never_replaces_a_tar_that_is_read(t):
    data = tar_bytes([('a.wav', SPEECH[0])])
    t.write('a.tar', data)
    r = t.encode('-o', 'a.tar', 'a.tar')
    same((r.code, t.read('a.tar')), (2, data))


@claim
def without_libarchive_one_sentence_names_the_package(t):
    """A file of that name that is no library stands for a library that is not there."""
    t.write('lib/libarchive.so.13', 'none')
    t.write('a.tar', tar_bytes([('a.wav', SPEECH[0])]))
    t.write('b.wav', SPEECH[0])
    environment = t.environment(LD_LIBRARY_PATH=t.path('lib'))
    r = t.encode('a.tar', env=environment)
    fails(r, 3, 'a.tar: a tar is read by libarchive', 'libarchive13')
    same(len(r.err.splitlines()), 1, 'lines')
    r = t.encode('b.wav', env=environment)
    same((r.code, r.err), (0, ''), 'what needs no libarchive')


def corpus_twice(t):
    """The same speech as a folder and as shards."""
    paths = sorted(name for name in os.listdir(DATA) if name.endswith('.flac'))
    members = []
    for name in paths:
        with open(os.path.join(DATA, name), 'rb') as file:
            members.append((name, file.read()))
        t.write(f'files/{name}', members[-1][1])
    t.write('tars/0.tar', tar_bytes(members[1::-1]))
    t.write('tars/1.tar.gz', tar_bytes(members[2:], 'w:gz'))
    return 'files', 'tars'


@tar_claim
def training_on_tars_makes_the_model_of_the_folder(t):
    files, tars = corpus_twice(t)
    encoder = ['--encoder', 'conv 12 3 right 1; gru 8; latent 6', '-k', '8', '--batch', '500',
               '--epochs', '1']
    for options in (['-k', '8', '--lda', '6', '--iterations', '2'], encoder):
        same(trained(t, *options, '-j', '2', tars), trained(t, *options, files), options[0])


@tar_claim
def tars_are_measured_as_the_folder_is(t):
    phones = ['--phones', os.path.join(DATA, 'phones.ctm'), '--json']
    reports = [t.voq('eval', *phones, t.model, folder) for folder in corpus_twice(t)]
    same(reports[1].code, 0, f'exit code ({reports[1].err})')
    same(json.loads(reports[1].out), json.loads(reports[0].out), 'report')


main()
