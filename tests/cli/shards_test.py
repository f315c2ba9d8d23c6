# SPDX-License-Identifier: MIT
"""An encoding in shards is that of one process, byte for byte, whatever happened on the way."""

import hashlib
import json
import os
import signal
import subprocess
import time

from cli import *

FILES = {  # options of a format, and the merged files with the options that name them
    ('-f', 'gslm'): {},
    ('-f', 'km', '--dict', '{0}.dict', '--tsv', '{0}.tsv'): {'--dict': 'dict', '--tsv': 'tsv'},
    ('-f', 'units'): {},
    ('-f', 'units', '--dedup', '--durations'): {None: 'durations'},
    ('-f', 'units-names', '--durations'): {None: 'durations'},
    ('-f', 'ark', '--scp', '{0}.scp'): {'--scp': 'scp'},
    ('-f', 'ark', '--text', '--scp', '{0}.scp'): {'--scp': 'scp'},
    ('-f', 'jsonl'): {},
    ('-f', 'jsonl', '--dedup'): {},
    ('-f', 'ctm'): {},
    ('-f', 'fileid', '--dedup', '--durations'): {},
    ('--features', '-f', 'ark', '--scp', '{0}.scp'): {'--scp': 'scp'},
}
ORDER = {'km', 'units'} # formats in which a failed input stops the run


def corpus(t, n=11, broken=True):
    for i in range(n):
        t.write(f'in/{i:02}.wav', wav(noise(400 + 1700 * (i * 7 % 5), seed=i)))
    if broken:
        t.write('in/03.wav', b'broken')


def encode_shards(t, n, options, *more, code=None, out='s', **how):
    for i in range(n):
        named = [option.format(f'{out}.{i}') for option in options]
        r = t.encode(*named, *more, '--shard', f'{i}/{n}', '-o', f'{out}.{i}', 'in', **how)
        holds(r.code in ((0, 3) if code is None else (code,)), f'{options}: {r.code} {r.err}')


def merge(t, options, extra, *operands, out='merged'):
    more = [word for option, suffix in extra.items() if option
            for word in (option, f'{out}.{suffix}')]
    return t.voq('merge', *operands, '-o', out, *more)


def remove(t, prefix):
    for name in t.names():
        if name.startswith(prefix):
            os.remove(t.path(name))


@claim
def merged_shards_are_the_bytes_of_one_process_in_every_format(t):
    """With a broken file inside, except where a failed input must stop the run; more shards than
    utterances leave some shards empty."""
    for options, extra in FILES.items():
        remove(t, 'merged')
        corpus(t, broken=options[1] not in ORDER)
        one = t.encode(*[option.format('merged') for option in options], '-o', 'merged', 'in')
        expected = {name: t.read(name) for name in t.names() if name.startswith('merged')}
        same(len(expected), 1 + len(extra), f'files of {options}')
        for n in (1, 2, 3, 7, 16):
            remove(t, 'merged')
            encode_shards(t, n, options)
            operands = sorted(name for name in t.names() if name.startswith('s.'))
            r = merge(t, options, extra, *operands)
            same(r.code, 0, f'{options} in {n} shards: {r.err}')
            holds((one.code == 3) == ('1 of 11 inputs failed' in r.err), f'{one.err!r} {r.err!r}')
            got = {name: t.read(name) for name in t.names() if name.startswith('merged')}
            same(got, expected, f'{options} in {n} shards')
            remove(t, 's.')


@claim
def one_file_per_utterance_needs_no_merging(t):
    corpus(t)
    for options in (['-f', 'npy'], ['-f', 'textgrid'], ['--features', '-f', 'npy']):
        t.encode(*options, '-o', 'whole', 'in')
        expected = {name: t.read(f'whole/{name}') for name in t.names('whole')}
        runs = [t.start(*options, '--shard', f'{i}/3', '-o', 'parts', 'in') for i in range(3)]
        same(sorted(run.wait() for run in runs), [0, 0, 3], 'exit codes')
        same({name: t.read(f'parts/{name}') for name in t.names('parts')}, expected, options)
        records = [f'parts.{i}-of-3.done' for i in range(3)]
        holds('needs no merging' in t.voq('merge', *records).err, 'the folder is complete')
        fails(t.voq('merge', *records[:2]), 3, '1 of 3 shards is missing: 2')
        fails(t.voq('merge', 'parts', '-o', 'x'), 2, 'folder', 'parts.*.done')
        for name in [f'parts/{name}' for name in t.names('parts')] + records:
            os.remove(t.path(name))
        for name in t.names('whole'):
            os.remove(t.path(f'whole/{name}'))


@claim
def a_folder_is_one_in_every_shard(t):
    """Also in a shard that has only one of the inputs."""
    corpus(t, n=2, broken=False)
    for i in range(2):
        same(t.encode('-f', 'npy', '--shard', f'{i}/2', '-o', 'out.d', 'in').code, 0)
    same(t.names('out.d'), ['00.npy', '01.npy'])


@claim
def rank_and_nshard_mean_the_same_as_shard(t):
    corpus(t)
    for i in range(3):
        t.encode('--shard', f'{i}/3', '-o', 'a', 'in')
        t.encode('--rank', f'{i}', '--nshard', '3', '-o', 'b', 'in')
        same(t.read('a'), t.read('b'))
        same(t.read('a.done').replace(b'"a"', b'"b"'), t.read('b.done'))
        for name in ('a.done', 'b.done'):
            os.remove(t.path(name))


@claim
def the_rank_comes_from_the_scheduler(t):
    """Plain sbatch sets SLURM_PROCID to 0 in every task of an array, and under mpirun; only the
    others count then."""
    corpus(t)
    parts = [t.encode('--shard', f'{i}/5', 'in').out for i in range(5)]
    for number, names in ((3, {'SLURM_ARRAY_TASK_ID': '3', 'SLURM_PROCID': '0'}),
                          (2, {'SLURM_PROCID': '2'}),
                          (4, {'OMPI_COMM_WORLD_RANK': '4', 'SLURM_PROCID': '0'}),
                          (1, {'PMIX_RANK': '1', 'SLURM_PROCID': '0'})):
        r = t.encode('--shard', 'auto/5', 'in', env=t.environment(**names))
        same((r.out, 'shard %d of 5' % number in r.err), (parts[number], True), f'{names}: {r.err}')
    array = t.environment(SLURM_ARRAY_TASK_ID='5')
    fails(t.encode('--shard', 'auto/5', 'in', env=array), 2, 'SLURM_ARRAY_TASK_ID', '0 to 4')
    bad = t.environment(SLURM_ARRAY_TASK_ID='x')
    fails(t.encode('--shard', 'auto/5', 'in', env=bad), 2, 'SLURM_ARRAY_TASK_ID', "'x'")
    none = {k: v for k, v in t.environment().items() if 'RANK' not in k and 'SLURM' not in k}
    fails(t.encode('--shard', 'auto/5', 'in', env=none), 2, 'SLURM_ARRAY_TASK_ID', '--shard 0/5')


@claim
def a_shard_that_does_not_exist_is_rejected(t):
    corpus(t)
    for wrong in ('5/5', '6/5', '0/0', '1', '/5', '1/', '-1/5', '1/5/2', 'a/5', 'auto', '0/65537',
                  '00000000000000000001/5'):
        fails(t.encode('--shard', wrong, '-o', 'x', 'in'), 2, '--shard')
    fails(t.encode('--rank', '2', '--nshard', '2', 'in'), 2, '--rank 2 --nshard 2')
    fails(t.encode('--shard', '0/2', '--rank', '0', '--nshard', '2', 'in'), 2, '--shard')
    fails(t.encode('--balance', 'in'), 2, '--balance')
    same(t.names(), ['in'])


@claim
def balanced_shards_have_equal_lengths(t):
    """One long file and many short ones: without the option the long one has company."""
    t.write('in/00.wav', wav(noise(90000)))
    for i in range(1, 10):
        t.write(f'in/{i:02}.wav', wav(noise(10000, seed=i)))
    whole = t.encode('in').out
    parts = [t.encode('--balance', '--shard', f'{i}/2', 'in').out for i in range(2)]
    same(''.join(parts), whole)
    same([part.count('\n') for part in parts], [1, 9], 'utterances')
    t.write('list.tsv', 'in\n' + ''.join(f'{i:02}.wav\t{10000 if i else 90000}\n' for i in range(10)))
    parts = [t.encode('--balance', '--shard', f'{i}/2', '-q', 'list.tsv').out for i in range(2)]
    same(([part.count('\n') for part in parts], ''.join(parts)), ([1, 9], whole), 'as declared')
    encode_shards(t, 7, (), '--balance')
    same(merge(t, (), {}, *[f's.{i}' for i in range(7)]).code, 0, 'exit code')
    same(t.read('merged').decode(), whole)


@claim
def parts_of_one_file_are_balanced_too(t):
    t.write('in/long.wav', wav(noise(160000)))
    t.write('wav.scp', f'rec {t.path("in/long.wav")}\n')
    t.write('segments', 'a rec 0 5\n' + ''.join(f'b{i} rec {5 + i} {6 + i}\n' for i in range(5)))
    options = ['--balance', '--segments', 'segments', 'wav.scp']
    whole = t.encode('--segments', 'segments', 'wav.scp').out
    parts = [t.encode('--shard', f'{i}/2', *options).out for i in range(2)]
    same(([part.count('\n') for part in parts], ''.join(parts)), ([1, 5], whole), 'segments')


@claim
def the_record_states_what_was_written(t):
    corpus(t)
    same(t.encode('--shard', '0/2', '-o', 'x', 'in').code, 3, 'exit code')
    record = json.loads(t.read('x.done'))
    data = t.read('x')
    same(record['files'], [{'role': 'output', 'path': 'x', 'bytes': len(data),
                            'sha256': hashlib.sha256(data).hexdigest()}])
    same([record[key] for key in ('shard', 'shards', 'utterances', 'failures', 'format')],
         [0, 2, 6, 1, 'gslm'])
    same(t.encode('--shard', '1/2', '-o', 'y', 'in').code, 0, 'exit code')
    other = json.loads(t.read('y.done'))
    same([record[key] == other[key] for key in ('model', 'options', 'list')], [True] * 3)
    t.encode('-o', 'z', 'in')
    holds('z.done' not in t.names(), 'a run without shards has no record')


@claim
def a_shard_that_runs_twice_at_once_is_harmless(t):
    """A scheduler that believes a task lost starts it again."""
    for i in range(4):
        t.write(f'in/{i}.wav', wav(noise(1600000, seed=i)))
    for options in ([], ['-f', 'npy']):
        whole = 'whole' if options else 'whole.gslm'
        t.encode(*options, '--shard', '0/2', '-o', whole, 'in')
        runs = [t.start('-j', '1', *options, '--shard', '0/2', '-o', 'x' + whole, 'in')
                for _ in range(4)]
        for run in runs:
            _, err = run.communicate()
            same((run.returncode, err), (0, b''), 'the shard')
        if options:
            same([t.read(f'x{whole}/{n}') for n in t.names('x' + whole)],
                 [t.read(f'{whole}/{n}') for n in t.names(whole)])
        else:
            same(t.read('x' + whole), t.read(whole))
    same([n for n in t.names() if n.endswith(('.journal', '.tmp'))], [])


def n_line(t, name):
    """0 for a file that is not there any more."""
    try:
        return t.read(name).count(b'\n')
    except FileNotFoundError:
        return 0


def kill_when_begun(t, journal, *arguments):
    """Kills an encode as soon as its journal has an utterance; tries again if it ended before."""
    for _ in range(20):
        run = t.start('-j', '1', *arguments)
        while run.poll() is None and n_line(t, journal) < 2:
            time.sleep(0.001)
        if run.poll() is None:
            os.killpg(run.pid, signal.SIGKILL)
        run.communicate()
        if os.path.exists(t.path(journal)):
            return
        for name in [name for name in t.names() if name.startswith('s.1')]:
            os.remove(t.path(name))
    raise AssertionError('the run always ended before it was killed')


@claim
def a_killed_shard_in_a_shared_folder_can_be_resumed(t):
    """Each shard has a journal of its own."""
    for i in range(12):
        t.write(f'in/{i:02}.wav', wav(noise(300000, seed=i) * 8))
    t.encode('-f', 'npy', '-o', 'whole', 'in')
    kill_when_begun(t, 'parts.1-of-2.journal', '-f', 'npy', '--shard', '1/2', '-o', 'parts', 'in')
    same(t.encode('-f', 'npy', '--shard', '0/2', '-o', 'parts', 'in').code, 0)
    r = t.encode('-f', 'npy', '--shard', '1/2', '--resume', '-o', 'parts', 'in')
    same((r.code, r.err), (0, ''))
    same({n: t.read(f'parts/{n}') for n in t.names('parts')},
         {n: t.read(f'whole/{n}') for n in t.names('whole')})
    holds('parts.1-of-2.journal' not in t.names(), 'the journal is gone')


@claim
def a_killed_shard_is_not_finished_and_can_be_run_again(t):
    """With --resume or from its beginning; the other shards do not notice."""
    for i in range(12):
        t.write(f'in/{i:02}.wav', wav(noise(300000, seed=i) * 8))
    one = t.encode('in').out
    for resume in ([], ['--resume']):
        for i in (0, 2):
            t.encode('--shard', f'{i}/3', '-o', f's.{i}', 'in')
        kill_when_begun(t, 's.1.journal', '--shard', '1/3', '-o', 's.1', 'in')
        names = sorted(n for n in t.names() if n.startswith('s.'))
        fails(t.voq('merge', *names, '-o', 'merged'), 3, '1 of 3 shards is missing: 1')
        r = t.encode('--shard', '1/3', '-o', 's.1', *resume, 'in')
        same(r.code, 0, f'{resume}: {r.err}')
        same(t.voq('merge', *[f's.{i}' for i in (2, 0, 1)], '-o', 'merged').code, 0, 'merge')
        same(t.read('merged').decode(), one)
        remove(t, 's.')
        remove(t, 'merged')


@claim
def two_shards_with_one_output_are_noticed(t):
    """srun gives every task the same command line."""
    corpus(t)
    same(t.encode('--shard', '0/2', '-o', 'x', 'in').code, 3)
    before = t.read('x')
    fails(t.encode('--shard', '1/2', '-o', 'x', 'in'), 2, 'x: is shard 0 of 2, not 1')
    same(t.read('x'), before)
    t.write('y.done', 'my notes')
    fails(t.encode('--shard', '1/2', '-o', 'y', 'in'), 2, 'y.done')
    same(t.read('y.done'), b'my notes')


@claim
def merge_rejects_what_is_no_run(t):
    corpus(t)
    encode_shards(t, 3, ())
    fails(t.voq('merge', 's.0', 's.2', '-o', 'm'), 3, '1 of 3 shards is missing: 1')
    fails(t.voq('merge', 's.0', 's.1', 's.1', 's.2', '-o', 'm'), 3, 'both shard 1')
    fails(t.voq('merge', '-o', 'm'), 2, 'no shard')
    fails(t.voq('merge', 's.0', 's.1', 's.2', 'gone', '-o', 'm'), 3, 'gone')
    fails(t.voq('merge', 's.0', 's.1', 's.2', '-o', 's.1'), 2, 's.1')
    fails(t.voq('merge', 's.0', 's.1', 's.2', '-o', 'm', '--scp', 'm.scp'), 2, '--scp')
    for options, word in ((['--dedup'], 'other options'), (['-f', 'ctm'], 'another format')):
        t.encode('--shard', '1/3', '-o', 'o', *options, 'in')
        fails(t.voq('merge', 's.0', 'o', 's.2', '-o', 'm'), 3, 'o: was written with', word)
        os.remove(t.path('o.done'))
    t.write('more/zz.wav', wav(noise(1000)))
    t.encode('--shard', '1/3', '-o', 'o', 'in', 'more')
    fails(t.voq('merge', 's.0', 'o', 's.2', '-o', 'm'), 3, 'another list of inputs')
    data = t.read('s.1')
    for changed in (data[:-1], data[:-2] + b'7\n' if data[-2:] != b'7\n' else data[:-2] + b'6\n'):
        t.write('s.1', changed)
        fails(t.voq('merge', 's.0', 's.1', 's.2', '-o', 'm'), 3, 's.1: has changed', 'again')
    os.remove(t.path('s.1'))
    t.write('s.1', data)
    os.remove(t.path('s.1.done'))
    fails(t.voq('merge', 's.0', 's.1', 's.2', '-o', 'm'), 3, 's.1.done')
    for text in ('', '{', '[]', '{"shard": 1}', '{"shard": 1, "shards": 3, "files": 3}', 'x' * 70000):
        t.write('s.1.done', text)
        fails(t.voq('merge', 's.0', 's.1', 's.2', '-o', 'm'), 3, 's.1.done')
    holds('m' not in t.names(), 'nothing is written')


@claim
def shards_cut_in_two_ways_are_not_merged(t):
    t.write('in/00.wav', wav(noise(90000)))
    for i in range(1, 10):
        t.write(f'in/{i:02}.wav', wav(noise(10000, seed=i)))
    t.encode('--shard', '0/2', '-o', 's.0', '--balance', 'in')
    t.encode('--shard', '1/2', '-o', 's.1', 'in')
    fails(t.voq('merge', 's.0', 's.1', '-o', 'm'), 3, 's.1: begins at utterance', '--balance')


@claim
def merged_files_appear_whole_or_not_at_all(t):
    corpus(t)
    options = ('-f', 'ark', '--scp', '{0}.scp')
    encode_shards(t, 3, options)
    shards = [f's.{i}' for i in range(3)]
    fails(t.voq('merge', *shards, '-o', 'm'), 2, '--scp')
    fails(t.voq('merge', *shards, '-o', 'm', '--scp', 'nowhere/m.scp'), 5, 'nowhere/m.scp')
    holds(not [n for n in t.names() if n.startswith('m') or n.endswith('.tmp')], 'nothing is left')
    same(t.voq('merge', *shards, '-o', '-', '--scp', 'm.scp').code, 0, 'to a pipe')


main()
