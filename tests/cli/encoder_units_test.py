# SPDX-License-Identifier: MIT
"""Models with a learned encoder, of stride 1 and 2, through every way in and out of voq."""

import json
import select

from cli import *
from cut_off import *

STRIDE = {'encoder-10ms': 1, 'encoder': 2}
RATE = 16000
FORMATS = {'gslm': 'o.gslm', 'km': 'o.km', 'units': 'o.units', 'units-names': 'o.txt',
           'npy': 'folder', 'ark': 'o.ark', 'jsonl': 'o.jsonl', 'ctm': 'o.ctm',
           'textgrid': 'grids', 'fileid': 'o.fileid.jsonl'}


def each_model(t):
    """(hop, facts) of a model per stride, which is then the model of t.encode."""
    for kind, stride in STRIDE.items():
        subprocess.run([MAKE_MODEL, t.path(f'{kind}.voq'), kind], check=True)
        t.model = f'{kind}.voq'
        facts = json.loads(t.voq('info', '--json', t.model).out)
        same(facts['hop'], 160 * stride, 'hop')
        yield facts['hop'], facts


def timing(hop):
    return ['--hop', str(hop), '--rate', str(RATE)]


def lines(t, *arguments, **how):
    r = t.voq(*arguments, **how)
    same(r.code, 0, f'exit code ({r.err})')
    return r.out.splitlines()


def ids_of(t, *arguments, **how):
    return [int(unit) for unit in units(lines(t, 'encode', '-q', '-m', t.model, *arguments, **how)[0])]


def matrix(t, name):
    """Rows of an .npy of float32."""
    data = t.read(name)
    header = eval(data[10:128])
    same((data[:8], header['descr']), (b'\x93NUMPY\x01\x00', '<f4'), 'kind of the array')
    shape, x = header['shape'], array.array('f', data[128:])
    return [list(x[i * shape[1]:(i + 1) * shape[1]]) for i in range(shape[0])]


def singles(rows):
    return [list(array.array('f', row)) for row in rows]


def seconds(frame, hop):
    return f'{frame * hop / RATE:.6f}'


@claim
def every_format_keeps_the_units(t):
    for hop, _ in each_model(t):
        t.write('a.wav', wav(noise(40137)))
        t.write('b.wav', wav(noise(20000, seed=2)))
        expected = [line.split('|')[1]
                    for line in lines(t, 'encode', '-q', '-m', t.model, 'a.wav', 'b.wav')]
        same([len(line.split()) for line in expected],
             [(n + hop // 2) // hop for n in (40137, 20000)], 'units')
        holds(len(set(expected[0].split())) > 4, 'the units differ')
        for form, name in FORMATS.items():
            same(t.encode('-q', '-f', form, '-o', name, 'a.wav', 'b.wav').code, 0, form)
            time = timing(hop) if form in ('ctm', 'textgrid') else []
            same(lines(t, 'convert', '-q', '-f', 'km', *time, name), expected, form)


@claim
def formats_with_times_state_those_of_the_units(t):
    for hop, facts in each_model(t):
        t.write('a.wav', wav(noise(32100)))
        ids = ids_of(t, 'a.wav')
        first = [i for i in range(len(ids)) if i == 0 or ids[i] != ids[i - 1]] + [len(ids)]
        pairs = list(zip(first, first[1:]))
        same(lines(t, 'encode', '-q', '-m', t.model, '-f', 'ctm', 'a.wav'),
             [f'a 1 {seconds(i, hop)} {seconds(end - i, hop)} {ids[i]}' for i, end in pairs])
        head, *body, end = map(json.loads, lines(t, 'encode', '-q', '-m', t.model, '-f', 'jsonl', 'a.wav'))
        same((head['hop'], head['rate'], head['model']), (hop, RATE, facts['hash']))
        same([(r['i'], r['t'], r['unit']) for r in body],
             [(i, float(seconds(i, hop)), unit) for i, unit in enumerate(ids)])
        same((end['end'], end['t']), (len(ids), float(seconds(len(ids), hop))))
        grid = lines(t, 'encode', '-q', '-m', t.model, '-f', 'textgrid', 'a.wav')
        ends = [float(line.split('=')[1]) for line in grid if line.startswith('            xmax')]
        same(ends, [float(seconds(end, hop)) for _, end in pairs], 'ends of intervals')
        same(t.encode('-q', '-f', 'units', '--dedup', '--durations', '-o', 'a.units', 'a.wav').code, 0)
        same(t.read('a.durations').decode().split(), [str(end - i) for i, end in pairs])


@claim
def features_are_the_latents_before_the_codebook(t):
    for hop, facts in each_model(t):
        t.write('a.wav', wav(noise(16000)))
        ids, book = ids_of(t, '--distances', 'd.npy', 'a.wav'), singles(facts['codewords'][0])
        same(t.encode('-q', '--features', '-o', 'a.npy', 'a.wav').code, 0)
        latents = matrix(t, 'a.npy')
        same((len(latents), len(latents[0])), (16000 // hop, facts['dim']))
        holds(all(-1 <= x <= 1 for row in latents for x in row), 'a latent is a tanh')
        far = [[sum((x - c) ** 2 for x, c in zip(row, code)) for code in book] for row in latents]
        same(ids, [row.index(min(row)) for row in far], 'units')
        distance = array.array('f', t.read('d.npy')[128:])
        holds(all(abs(d - min(row)) < 1e-4 for d, row in zip(distance, far)) and
              len(distance) == len(far), 'distances')
        same(t.encode('-q', '--features', '-f', 'ark', '-o', 'a.ark', '--scp', 'a.scp', 'a.wav').code, 0)
        same(t.voq('convert', '-q', '--features', 'a.scp', '-o', 'back.npy').code, 0)
        same(matrix(t, 'back.npy'), latents, 'ark')
        same(ids_of(t, 'a.npy'), ids, 'units of the latents')
        same(t.encode('-q', '-f', 'npy', '-o', 'i.npy', 'a.wav').code, 0)
        same(t.voq('decode', '-q', '-m', t.model, 'i.npy', '-o', 'z.npy').code, 0)
        same(matrix(t, 'z.npy'), [book[i] for i in ids], 'codewords')


@claim
def a_pipe_gives_each_unit_once_its_look_ahead_has_arrived(t):
    for hop, facts in each_model(t):
        sound = noise(16000)
        t.write('a.raw', sound.tobytes())
        raw = ['-q', '--raw', 's16le', '--rate', '16000']
        expected = ids_of(t, *raw, 'a.raw')
        process = t.start(*raw, '-f', 'units', '-', stdin=subprocess.PIPE)
        given, fed = b'', 0
        for i in range(12):
            due = (i + 1) * hop + facts['look_ahead']
            process.stdin.write(sound[fed:due - 1].tobytes())
            process.stdin.flush()
            holds(not select.select([process.stdout], [], [], 0.05)[0], f'unit {i} came early')
            process.stdin.write(sound[due - 1:due].tobytes())
            process.stdin.flush()
            holds(select.select([process.stdout], [], [], 60)[0], f'unit {i} is due')
            given += os.read(process.stdout.fileno(), 4096)
            fed = due
        out, _ = process.communicate(sound[fed:].tobytes())
        same([int(unit) for unit in (given + out).split()], expected)
        same(ids_of(t, *raw, '-', stdin=sound.tobytes()), expected, 'the pipe at once')


@claim
def a_gap_keeps_later_units_in_time(t):
    for hop, _ in each_model(t):
        sound, at, lost = noise(32000), 8111, 5000
        t.write('a.wav', wav(sound))
        t.write('a.wav.gaps', f'{at}\t{lost}\toverrun\n')
        head, *body, end = map(json.loads, lines(t, 'encode', '-q', '-m', t.model, '-f', 'jsonl', 'a.wav'))
        gap = [r for r in body if 'gap' in r]
        before, after = (at + hop // 2) // hop, -(-(at + lost) // hop)
        same([(r['i'], r['gap'], r['lost']) for r in gap], [(before, after - before, lost)])
        same([r['i'] for r in body if 'unit' in r],
             [*range(before), *range(after, (32000 + lost + hop // 2) // hop)])
        same(end['end'], (32000 + lost + hop // 2) // hop)
        t.write('b.wav', wav(sound[:at]))
        same([r['unit'] for r in body[:before]], ids_of(t, 'b.wav'), 'units before the gap')
        holes = [line.split() for line in lines(t, 'encode', '-q', '-m', t.model, '-f', 'ctm', 'a.wav')]
        holds(seconds(after, hop) in [field[2] for field in holes], 'no run begins behind the gap')
        same(t.encode('-q', '-f', 'jsonl', '-o', 'a.jsonl', 'a.wav').code, 0)
        same(t.voq('convert', '-q', 'a.jsonl', '-f', 'ctm').out.splitlines(),
             [' '.join(field) for field in holes], 'the gap in another format')


@claim
def vectors_of_a_strided_model_make_a_unit_for_each_stride(t):
    subprocess.run([MAKE_MODEL, t.path('v.voq'), 'encoder-vectors'], check=True)
    draw = random.Random(4)
    for n in 1, 2, 3, 50, 51:
        header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({n}, 13), }}"
        t.write('x.npy', b'\x93NUMPY\x01\x00' + struct.pack('<H', 118) + header.ljust(117).encode() +
                b'\n' + struct.pack(f'<{13 * n}f', *(draw.gauss(0, 9) for _ in range(13 * n))))
        t.model = 'v.voq'
        same(len(ids_of(t, '--distances', 'd.npy', 'x.npy')), (n + 1) // 2, f'units of {n} vectors')
        same(len(array.array('f', t.read('d.npy')[128:])), (n + 1) // 2, 'distances')


@claim
def a_killed_run_is_resumed_with_the_same_bytes(t):
    for _ in each_model(t):
        files = three_files(t)
        for form in 'jsonl', 'ctm', 'ark':
            whole = anew(t, '-f', form, *files)
            interrupt(t, signal.SIGKILL, '-f', form, '-o', 'out', *files)
            same(resume(t, '-f', form, *files).code, 0)
            holds(t.read('out') == whole, f'the resumed {form} is another')
            os.remove(t.path('out'))


@claim
def the_codebook_is_converted_and_comes_back(t):
    for _, facts in each_model(t):
        same(t.voq('convert', '-q', t.model, '-o', 'codes.npy').code, 0)
        same(matrix(t, 'codes.npy'), singles(facts['codewords'][0]))
        same(t.voq('convert', '-q', t.model, '-o', 'codes.h').code, 0)
        text = t.read('codes.h').decode()
        same([float(x.rstrip('f')) for x in text[text.index('{') + 1:text.index('}')].split(',') if x.strip()],
             sum(facts['codewords'][0], []), 'numbers of the C header')
        r = t.voq('convert', '-q', 'codes.npy', '--frontend', t.model, '-o', 'back.voq')
        same(r.code, 0, r.err)
        again = json.loads(t.voq('info', '--json', 'back.voq').out)
        same((again['hash'], again['encoder']['stride']), (facts['hash'], facts['encoder']['stride']))


@claim
def a_model_that_is_written_again_keeps_the_labels_of_its_units(t):
    for _, facts in each_model(t):
        r = t.voq('convert', '-q', t.model, '--frontend', t.model, '-o', 'again.voq')
        same(r.code, 0, r.err)
        again = json.loads(t.voq('info', '--json', 'again.voq').out)
        same((again['hash'], again['labels']), (facts['hash'], facts['labels']))
        same(t.voq('convert', '-q', t.model, '-o', 'bare.voq').code, 0)
        bare = json.loads(t.voq('info', '--json', 'bare.voq').out)
        same((bare['rate'], bare['labels']), (0, facts['labels']), 'the codebook alone')


@claim
def labels_never_pass_to_another_codebook(t):
    """They would name units that they do not describe, or be fewer than the units."""
    for _, facts in each_model(t):
        for n_code in 5, 40:
            subprocess.run([MAKE_MODEL, t.path('v.voq'), 'vectors', '6', str(n_code)], check=True)
            for codebook in 'v.voq', 'v.npy':
                if codebook == 'v.npy':
                    same(t.voq('convert', '-q', 'v.voq', '-o', 'v.npy').code, 0)
                r = t.voq('convert', '-q', codebook, '--frontend', t.model, '-o', 'new.voq')
                same(r.code, 0, r.err)
                new = json.loads(t.voq('info', '--json', 'new.voq').out)
                same((new['codes'], new['labels'], new['hop']), (n_code, None, facts['hop']))


@claim
def labels_do_not_change_the_hash(t):
    for _, facts in each_model(t):
        t.voq('convert', '-q', t.model, '-o', 'codes.npy')
        t.voq('convert', '-q', 'codes.npy', '--frontend', t.model, '-o', 'plain.voq')
        plain = json.loads(t.voq('info', '--json', 'plain.voq').out)
        same((plain['hash'], plain['labels']), (facts['hash'], None))
        holds(facts['labels'] is not None, 'the model has labels')
        same(lines(t, 'info', t.model, 'plain.voq'), [f'{i} {i} 0' for i in range(30)])


@claim
def units_of_different_encoders_do_not_correspond(t):
    for _ in each_model(t):
        pass
    fails(t.voq('info', 'encoder.voq', 'encoder-10ms.voq'), 2, 'encoders')
    same(len(lines(t, 'info', 'encoder.voq', 'encoder.voq')), 30)
    subprocess.run([MAKE_MODEL, t.path('v.voq'), 'encoder-vectors'], check=True)
    fails(t.voq('info', 'encoder.voq', 'v.voq'), 2, 'front ends')
    subprocess.run([MAKE_MODEL, t.path('bare.voq'), 'vectors', '6', '30'], check=True)
    fails(t.voq('info', 'bare.voq', 'v.voq'), 2, 'normalisations')


@claim
def models_are_listed_with_their_look_ahead(t):
    for hop, facts in each_model(t):
        found = t.environment(VOQ_MODELS=t.folder)
        listed = {m['name']: m for m in json.loads(t.voq('models', '--json', env=found).out)}
        model = listed[t.model[:-4]]
        same((model['codes'], model['look_ahead_ms'], model['hash']),
             (30, facts['look_ahead'] / 16, facts['hash']))


@claim
def a_codebook_behind_an_encoder_is_not_trained_alone(t):
    """The encoder would be left out of the model that is written."""
    if t.voq('train', '--help').code != 0:
        return
    t.write('a.wav', wav(noise(16000)))
    for _ in each_model(t):
        fails(t.voq('train', '--init', t.model, '-o', 'new.voq', 'a.wav'), 2, t.model, 'encoder')
        holds(not os.path.exists(t.path('new.voq')), 'new.voq was written')


main()
