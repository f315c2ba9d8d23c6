# SPDX-License-Identifier: MIT
"""The same units whatever way the audio comes: workers, pipes, CPU variants, locale."""

import os
import subprocess
import tempfile
import time

from cli import *


def some_files(t, n=24):
    for i in range(n):
        t.write(f'in/{i:03}.wav', wav(noise(1000 + 1700 * (i * 7 % 11), seed=i)))
    t.write('in/011.wav', b'broken')
    return t.path('in')


@claim
def output_does_not_depend_on_the_number_of_workers(t):
    folder = some_files(t)
    one = t.encode('-j', '1', folder)
    same(one.code, 3, 'exit code')
    for jobs in ('2', '3', '16', '0'):
        other = t.encode('-j', jobs, folder)
        same(other.out, one.out, f'output with -j {jobs}')
        same(other.err, one.err, f'messages with -j {jobs}')


def n_thread(t, *options, cpus=None):
    """Threads of an encode that has read its first input and waits for the second. On a busy machine
    the first worker may wait there before the last one is started, so they are counted for a while."""
    names = [f'{i}.fifo' for i in range(4)]
    for name in names:
        if not os.path.exists(t.path(name)):
            os.mkfifo(t.path(name))
    process = t.start(*options, *names,
                      preexec_fn=cpus and (lambda: os.sched_setaffinity(0, cpus)))
    with open(t.path(names[0]), 'wb') as pipe:
        pipe.write(wav(noise(8000)))
    with open(t.path(names[1]), 'wb'):
        n = 0
        for _ in range(50):
            n = max(n, len(os.listdir(f'/proc/{process.pid}/task')))
            time.sleep(0.01)
    process.kill()
    process.communicate()
    return n


@claim
def without_j_there_is_a_worker_for_each_processor_that_the_process_may_use(t):
    """Not for each of the machine: others pay for those."""
    mine = sorted(os.sched_getaffinity(0))
    one = n_thread(t, '-j', '1')
    same(n_thread(t, cpus=mine[:1]), one, 'threads on one processor')
    same(n_thread(t, '-j', '0', cpus=mine[:1]), one, 'threads with -j 0 on one processor')
    two = n_thread(t, '-j', '2')
    same(two - one, 1, 'a second worker')
    if len(mine) > 1:
        same(n_thread(t, cpus=mine[:2]), two, 'threads on two processors')


@claim
def a_long_file_first_does_not_change_the_order(t):
    t.write('a.wav', wav(noise(600000)))
    for i in range(6):
        t.write(f'b{i}.wav', wav(noise(3000, seed=i)))
    files = ['a.wav'] + [f'b{i}.wav' for i in range(6)]
    same(t.encode('-j', '4', *files).out, t.encode('-j', '1', *files).out)


@claim
def shards_are_the_parts_of_the_inputs_in_order(t):
    """As fairseq divides them: 5 entries in 2 shards begin at round(2.5) = 2."""
    some_files(t, n=5)
    os.remove(t.path('in/011.wav'))
    whole = t.encode('in').out
    parts = [t.encode('--rank', str(r), '--nshard', '2', 'in').out for r in range(2)]
    same(''.join(parts), whole)
    same([part.count('\n') for part in parts], [2, 3], 'lines of the shards')
    same(t.encode('--rank', '0', '--nshard', '100', 'in').out, '')
    for rank, n in ((0, 2), (1, 3)):
        t.encode('--features', '-f', 'hubert', '--rank', str(rank), '--nshard', '2', '-o', 'out',
                 'in')
        same(t.read(f'out/train_{rank}_2.len').count(b'\n'), n, 'lengths')


@claim
def a_pipe_gives_the_units_of_the_file(t):
    data = wav(noise(40000))
    t.write('x.wav', data)
    same(t.encode('--name', 'x', '-', stdin=data).out, t.encode('x.wav').out)
    flac = os.path.join(SOURCE, 'tests/data/5652-19215-0032.flac')
    with open(flac, 'rb') as file:
        same(units(t.encode('-', stdin=file.read()).out), units(t.encode(flac).out))


@claim
def every_cpu_variant_gives_the_same_units(t):
    t.write('x.wav', wav(noise(40000)))
    expected = t.encode('--cpu', 'scalar', 'x.wav').out
    for cpu in ('auto', 'sse2', 'avx2', 'avx512', 'neon'):
        r = t.encode('--cpu', cpu, 'x.wav')
        if r.code == 2 and cpu != 'auto':
            continue
        same(r.out, expected, f'units with --cpu {cpu}')


@claim
def units_leave_a_pipe_as_soon_as_they_are_decided(t):
    """A live reader would wait for ever for what sits in a buffer."""
    x = noise(16000).tobytes()
    process = t.start('--raw', 's16le', '--rate', '16000', '-', stdin=subprocess.PIPE)
    try:
        process.stdin.write(x[:6400])
        process.stdin.flush()
        got, end = b'', time.monotonic() + 20
        os.set_blocking(process.stdout.fileno(), False)
        # 3200 samples decide (3200 - look-ahead 760) / 160 = 15 units.
        while len(got.split()) < 15 and time.monotonic() < end:
            got += process.stdout.read() or b''
            time.sleep(0.01)
        same(len(got.split()), 15, 'units while the pipe is open')
    finally:
        process.stdin.close()
        process.kill()
        process.wait()


@claim
def jsonl_from_a_pipe_is_whole_lines(t):
    x = noise(16000).tobytes()
    process = t.start('--raw', 's16le', '--rate', '16000', '-f', 'jsonl', '-',
                      stdin=subprocess.PIPE)
    try:
        process.stdin.write(x[:6400])
        process.stdin.flush()
        lines = [process.stdout.readline() for _ in range(16)]
        holds(lines[0].startswith(b'{"voq":1,'), f'first line {lines[0]!r}')
        holds(lines[15].startswith(b'{"i":14,"t":0.140000,"unit":'), f'last line {lines[15]!r}')
    finally:
        process.stdin.close()
        process.kill()
        process.wait()


@claim
def a_comma_locale_changes_no_number(t):
    folder = tempfile.mkdtemp(dir=t.folder)
    made = subprocess.run(['localedef', '-i', 'de_DE', '-f', 'UTF-8',
                           os.path.join(folder, 'de_DE.UTF-8')], capture_output=True)
    if made.returncode != 0:
        raise Skip('no localedef, or no source of de_DE')
    german = t.environment(LOCPATH=folder, LC_ALL='de_DE.UTF-8')
    probe = subprocess.run(['printf', '%.1f', '1,5'], env=german, capture_output=True)
    holds(b'1,5' in probe.stdout, 'the locale did not take')
    t.write('x.wav', wav(noise(16000)))
    for arguments in (['-f', 'ctm'], ['-f', 'jsonl'],
                      ['--features', '--profile', 'librosa', '--set', 'lifter=22.5',
                       '-f', 'ark', '--text']):
        model = [] if '--profile' in arguments else ['-m', t.model]
        plain = t.voq('encode', *model, *arguments, 'x.wav')
        same(plain.code, 0, f'exit code ({plain.err})')
        same(t.voq('encode', *model, *arguments, 'x.wav', env=german).out, plain.out)


@claim
def whole_signal_options_read_a_file_twice_and_refuse_a_pipe(t):
    x = wav(noise(22050), rate=22050)
    t.write('x.wav', x)
    options = ['encode', '--features', '--profile', 'librosa', '-f', 'ark', '--text']
    limited, free = (t.voq(*options, '--set', f'top_db={db}', 'x.wav') for db in ('20', '0'))
    same((limited.code, free.code), (0, 0), 'exit codes')
    holds(limited.out != free.out, 'top_db=20 changes nothing')
    same(limited.out.count('\n'), free.out.count('\n'))
    fails(t.voq(*options, '-', stdin=x), 3, 'stdin', 'pipe')


@claim
def what_overflows_is_one_input_that_failed(t):
    t.write('loud.wav', wav(array.array('f', [1e30] * 16000), kind=3))
    t.write('a.wav', wav(noise(16000)))
    for options in ['--profile', 'librosa'], ['--profile', 'kaldi', '--utterance-mean']:
        r = t.voq('encode', '--features', *options, '-o', 'out', 'loud.wav', 'a.wav')
        fails(r, 3, 'loud.wav', 'overflowed')
        same(t.names('out'), ['a.npy'])


@claim
def the_mean_of_an_utterance_is_taken_off(t):
    t.write('x.wav', wav(noise(32000)))
    r = t.voq('encode', '--features', '--profile', 'kaldi', '--utterance-mean', '-f', 'ark',
              '--text', 'x.wav')
    same(r.code, 0, f'exit code ({r.err})')
    rows = [[float(v) for v in line.rstrip(' ]').split()] for line in r.out.splitlines()[1:]]
    same({len(row) for row in rows}, {13}, 'dimensions')
    for d in range(13):
        mean = sum(row[d] for row in rows) / len(rows)
        holds(abs(mean) < 1e-4, f'mean of dimension {d} is {mean}')


@claim
def a_recording_with_gaps_keeps_its_time(t):
    x = noise(16000)
    t.write('x.wav', wav(x))
    t.write('x.wav.gaps', '8000\t1600\toverrun\n')
    r = t.encode('-f', 'jsonl', 'x.wav')
    same(r.code, 0, f'exit code ({r.err})')
    lines = r.out.splitlines()
    gaps = [line for line in lines if '"gap"' in line]
    holds(len(gaps) == 1 and '"why":"overrun"' in gaps[0], f'gap records {gaps}')
    same(lines[-1], '{"end":110,"t":1.100000}')
    before = t.encode('--name', 'b', '-', stdin=wav(x[:8000])).out
    got = [line.split('"unit":')[1].rstrip('}') for line in lines if '"unit"' in line]
    same(got[:50], units(before))
    t.write('x.wav.gaps', '8000 1600 overrun\n')
    fails(t.encode('x.wav'), 3, 'x.wav.gaps:1')


main()
