# SPDX-License-Identifier: MIT
"""`voq encode --distances`: how far each frame is from its codeword, beside the units."""

import time

from cli import *


def array_of(data):
    header = eval(data[10:128])
    same(header['descr'], '<f4', 'type')
    return header['shape'], array.array('f', data[128:])


def matrix_file(rows):
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({len(rows)}, {len(rows[0])}), }}"
    return (b'\x93NUMPY\x01\x00' + struct.pack('<H', 118) + header.ljust(117).encode() + b'\n' +
            b''.join(struct.pack(f'<{len(row)}f', *row) for row in rows))


def squares(t, model):
    """The sum of squared differences of features and vectors, frame by frame."""
    same(t.voq('encode', '-q', '-m', model, '--features', '-o', 'f.npy', 'a.wav').code, 0)
    same(t.voq('encode', '-q', '-m', model, '-f', 'npy', '-o', 'i.npy', 'a.wav').code, 0)
    same(t.voq('decode', '-q', '-m', model, 'i.npy', '-o', 'z.npy').code, 0)
    shape, x = array_of(t.read('f.npy'))
    _, z = array_of(t.read('z.npy'))
    dim = shape[1]
    return [sum((x[i * dim + d] - z[i * dim + d]) ** 2 for d in range(dim))
            for i in range(shape[0])]


def near(got, expected):
    same(len(got), len(expected), 'distances')
    for i, (a, b) in enumerate(zip(got, expected)):
        holds(abs(a - b) <= 1e-4 * (1 + b), f'frame {i}: {a} is not {b}')


@claim
def the_distance_of_each_frame_is_written_beside_any_format(t):
    t.write('a.wav', wav(noise(16000)))
    expected = squares(t, t.model)
    plain = t.encode('-q', 'a.wav').out
    r = t.encode('-q', '--distances', 'd.npy', 'a.wav')
    same((r.code, r.out), (0, plain))
    shape, distance = array_of(t.read('d.npy'))
    same(shape, (len(expected),))
    near(distance, expected)
    for format in ('npy', 'jsonl', 'ctm', 'textgrid', 'ark', 'km'):
        r = t.encode('-q', '-f', format, '-o', f'out.{format}.x', '--distances', 'e.npy', 'a.wav')
        same((r.code, t.read('e.npy')), (0, t.read('d.npy')), f'{format} {r.err}')


@claim
def residual_codebooks_have_a_distance_each(t):
    model = t.path('rvq.voq')
    subprocess.run([MAKE_MODEL, model, '8', '3'], check=True)
    t.write('a.wav', wav(noise(16000)))
    expected = squares(t, model)
    r = t.voq('encode', '-q', '-m', model, '-f', 'npy', '-o', 'i2.npy', '--distances', 'd.npy',
              'a.wav')
    same((r.code, t.read('i2.npy')), (0, t.read('i.npy')), r.err)
    shape, distance = array_of(t.read('d.npy'))
    same(shape, (len(expected), 3))
    near(distance[2::3], expected)


@claim
def vectors_have_distances_too(t):
    model = t.path('v.voq')
    subprocess.run([MAKE_MODEL, model, 'vectors', '4', '8'], check=True)
    t.voq('convert', '-q', model, '-o', 'c.npy')
    _, code = array_of(t.read('c.npy'))
    rows = [list(code[4 * k:4 * k + 4]) for k in range(8)]
    rows += [[row[0] + 0.5] + row[1:] for row in rows]
    t.write('x.npy', matrix_file(rows))
    r = t.voq('encode', '-q', '-m', model, '--distances', 'd.npy', 'x.npy')
    same((r.code, r.out.split('|')[1].split()[:8]), (0, [str(k) for k in range(8)]), r.err)
    shape, distance = array_of(t.read('d.npy'))
    same(shape, (16,))
    near(distance[:8], [0] * 8)
    near(distance[8:], [0.25] * 8)


@claim
def several_utterances_are_a_folder_in_any_number_of_jobs(t):
    for i in range(6):
        t.write(f'in/{i}.wav', wav(noise(4000 + 1000 * i, seed=i)))
    for jobs in '1', '4':
        r = t.encode('-q', '-j', jobs, '--distances', f'd{jobs}', '-o', f'u{jobs}', 'in')
        same((r.code, t.names(f'd{jobs}')), (0, [f'{i}.npy' for i in range(6)]), r.err)
    for i in range(6):
        same(t.read(f'd1/{i}.npy'), t.read(f'd4/{i}.npy'))
        ids = t.read('u1').decode().splitlines()[i].split('|')[1].split()
        same(array_of(t.read(f'd1/{i}.npy'))[0], (len(ids),))
    r = t.encode('--distances', 'one.npy', '-o', 'u', 'in')
    fails(r, 2, 'one.npy', '6 utterances', 'name a folder')
    fails(t.encode('--distances', '-', '-o', 'u', 'in'), 2, 'name a folder')
    holds(not os.path.exists(t.path('u')), 'units of a refused run')


@claim
def an_input_that_fails_has_neither_units_nor_distances(t):
    t.write('in/a.wav', wav(noise(4000)))
    t.write('in/b.wav', b'RIFF nothing')
    t.write('in/c.wav', wav(noise(0)))
    r = t.encode('--distances', 'd', '-f', 'textgrid', '-o', 'grids', 'in')
    same((r.code, t.names('d'), t.names('grids')), (3, ['a.npy'], ['a.TextGrid']), r.err)
    r = t.encode('--distances', 'e', '-o', 'u', 'in')
    same((r.code, t.names('e')), (3, ['a.npy', 'c.npy']), r.err)
    same(array_of(t.read('e/c.npy'))[0], (0,))


@claim
def a_gap_has_no_distance(t):
    t.write('a.wav', wav(noise(16000)))
    t.write('a.wav.gaps', '8000\t1600\toverrun\n')
    r = t.encode('-q', '-f', 'npy', '-o', 'i.npy', '--distances', 'd.npy', 'a.wav')
    shape, _ = array_of(t.read('d.npy'))
    same((r.code, shape), (0, eval(t.read('i.npy')[10:128])['shape']), r.err)


@claim
def units_and_distances_never_share_a_file(t):
    t.write('a.wav', wav(noise(4000)))
    t.write('s/b.wav', wav(noise(4000)))
    os.mkdir(t.path('d'))
    os.symlink('d', t.path('link'))
    for output, distances, input in (('d', 'd', 'a.wav'), ('d', 'link', 'a.wav'),
                                     ('d/', 'd/a.npy', 'a.wav'), ('d/a.npy', 'd', 'a.wav'),
                                     ('d/a.npy', 'd/a.npy', 'a.wav'), ('new', './new', 'a.wav')):
        r = t.encode('-f', 'npy', '-o', output, '--distances', distances, input)
        same((r.code, t.names('d')), (2, []), f'{output} {distances}: {r.err}')
    r = t.encode('-f', 'npy', '-o', 'd', '--distances', 'e', 'a.wav', 's')
    same((r.code, t.names('d'), t.names('e')), (0, ['a.npy', 'b.npy'], ['a.npy', 'b.npy']), r.err)


@claim
def distances_never_replace_an_input(t):
    model = t.path('v.voq')
    subprocess.run([MAKE_MODEL, model, 'vectors', '4', '8'], check=True)
    for name in 'a', 'b':
        t.write(f'in/{name}.npy', matrix_file([[1, 2, 3, 4]]))
    before = t.read('in/a.npy')
    for output, input in (('in', ['in']), ('in/a.npy', ['in/a.npy']), ('in', ['in/b.npy'])):
        r = t.voq('encode', '-m', model, '-o', 'u', '--distances', output, *input)
        fails(r, 2, 'also an input')
    same((t.read('in/a.npy'), t.read('in/b.npy'), t.names()), (before, before, ['in', 'v.voq']))


@claim
def what_distances_are_not_for_is_refused(t):
    t.write('a.wav', wav(noise(4000)))
    for option in (['--features'], ['--dedup'], ['--resume', '-o', 'u']):
        r = t.encode('--distances', 'd.npy', *option, 'a.wav')
        fails(r, 2, '--distances', option[0])
    same(t.names(), ['a.wav'])


@claim
def an_interrupted_run_leaves_no_distances_and_promises_no_resuming(t):
    t.write('a.wav', wav(noise(4000)))
    process = t.start('-o', 'u', '--distances', 'd', 'a.wav', '-', stdin=subprocess.PIPE)
    end = time.monotonic() + 20
    while not os.path.exists(t.path('d/a.npy')) and time.monotonic() < end:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    same(process.wait(timeout=20), 130)  # its standard input is still open
    _, err = process.communicate()
    holds(b'--resume' not in err, f'{err!r}')
    same((t.names(), t.names('d')), (['a.wav', 'd'], ['a.npy']))


main()
