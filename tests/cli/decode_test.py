# SPDX-License-Identifier: MIT
"""`voq decode` gives the codewords of units, and refuses units that are not those of the model."""

import json

from cli import *

RATE = ['--hop', '160', '--rate', '16000']
IDS = [3, 3, 17, 0, 19, 3]


def array_of(data):
    """Shape and values of an .npy of float32."""
    same((data[:8], data[8:10]), (b'\x93NUMPY\x01\x00', b'\x76\x00'), 'begin of the array')
    header = eval(data[10:128])
    same((header['descr'], header['fortran_order']), ('<f4', False), 'kind of the array')
    values = array.array('f', data[128:])
    size = 1
    for n in header['shape']:
        size *= n
    same(len(values), size, 'values')
    return header['shape'], values


def codewords(t, model=None):
    """[codebook][code] -> values"""
    same(t.voq('convert', '-q', model or t.model, '-o', 'codewords.npy').code, 0)
    shape, values = array_of(t.read('codewords.npy'))
    n_codebook, n_code, dim = shape if len(shape) == 3 else (1, *shape)
    return [[values[(c * n_code + k) * dim:(c * n_code + k + 1) * dim] for k in range(n_code)]
            for c in range(n_codebook)]


def single(x):
    return struct.unpack('<f', struct.pack('<f', x))[0]


def vectors(t, name):
    shape, values = array_of(t.read(name))
    return [values[i * shape[1]:(i + 1) * shape[1]] for i in range(shape[0])]


def decode(t, *arguments, model=None, **how):
    return t.voq('decode', '-q', '-m', model or t.model, *arguments, **how)


def gslm(ids, name='a'):
    return f'{name}|{" ".join(map(str, ids))}\n'


@claim
def a_unit_becomes_its_codeword_in_every_format_of_units(t):
    book, = codewords(t)
    expected = [book[i] for i in IDS]
    t.write('a.gslm', gslm(IDS))
    for format, name in (('km', 'a.km'), ('npy', 'a.npy'), ('ark', 'a.ark'), ('jsonl', 'a.jsonl'),
                         ('ctm', 'a.ctm'), ('textgrid', 'a.TextGrid'), ('fileid', 'a.fileid.jsonl'),
                         ('units', 'a.units'), ('units-names', 'a.txt')):
        timing = [*RATE, '--frames'] if format in ('jsonl', 'ctm', 'textgrid') else []
        r = t.voq('convert', '-q', *timing, '--codes', '20', '-f', format, '-o', name, 'a.gslm')
        same((r.code, r.err), (0, ''), format)
        r = decode(t, '--from', format, name, '-o', f'{format}.out.npy')
        same((r.code, r.err), (0, ''), format)
        same(vectors(t, f'{format}.out.npy'), expected, format)
    same(decode(t, 'a.gslm', '-o', 'a.out.npy').code, 0)
    same(vectors(t, 'a.out.npy'), expected)
    r = decode(t, '--from', 'gslm', '-', '-o', 'b.out.npy', stdin=gslm(IDS).encode())
    same((r.code, vectors(t, 'b.out.npy')), (0, expected))


@claim
def a_unit_with_a_duration_becomes_as_many_vectors(t):
    book, = codewords(t)
    t.write('a.units', '3 17\n')
    t.write('a.durations', '2 3\n')
    same(decode(t, 'a.units', '-o', 'a.npy').code, 0)
    same(vectors(t, 'a.npy'), [book[3]] * 2 + [book[17]] * 3)
    t.write('d.durations', '1 1\n')
    same(decode(t, '--durations-file', 'd.durations', 'a.units', '-o', 'a.npy').code, 0)
    same(vectors(t, 'a.npy'), [book[3], book[17]])


@claim
def the_vectors_of_residual_codebooks_are_added(t):
    model = t.path('rvq.voq')
    subprocess.run([MAKE_MODEL, model, '8', '3'], check=True)
    t.write('a.wav', wav(noise(16000)))
    books = codewords(t, model)
    same(t.voq('encode', '-q', '-m', model, '-f', 'npy', '-o', 'i.npy', 'a.wav').code, 0)
    data = t.read('i.npy')
    ids = array.array('i', data[128:])
    same(decode(t, 'i.npy', '-o', 'z.npy', model=model).code, 0)
    for frame, vector in enumerate(vectors(t, 'z.npy')):
        parts = [books[c][ids[3 * frame + c]] for c in range(3)]
        for d, value in enumerate(vector):
            same(value, single(single(parts[0][d] + parts[1][d]) + parts[2][d]),
                 f'frame {frame} dim {d}')


@claim
def many_utterances_are_a_folder_or_an_archive(t):
    t.write('a.gslm', gslm(IDS) + gslm([], 'b') + gslm([1], 'c'))
    same(decode(t, 'a.gslm', '-o', 'out').code, 0)
    same(t.names('out'), ['a.npy', 'b.npy', 'c.npy'])
    same(array_of(t.read('out/b.npy'))[0], (0, 39))
    same(decode(t, 'a.gslm', '-o', 'out.ark', '--scp', 'out.scp').code, 0)
    same(t.voq('convert', '-q', '--features', 'out.scp', '-o', 'back').code, 0)
    for name in 'a', 'c':
        same(t.read(f'back/{name}.npy'), t.read(f'out/{name}.npy'))
    fails(decode(t, 'a.gslm', '-o', 'one.npy'), 2, 'name a folder by -o')
    same(os.path.exists(t.path('one.npy')), False, 'one.npy')


@claim
def a_manifest_names_what_has_no_names(t):
    t.write('a.km', '1 2\n3\n')
    t.write('a.tsv', '/\nx.wav\t1\ny.wav\t1\n')
    same(decode(t, 'a.km', '--tsv', 'a.tsv', '-o', 'out').code, 0)
    same(t.names('out'), ['x.npy', 'y.npy'])


@claim
def units_of_another_model_are_refused_in_one_line(t):
    other, rvq, vectors_model = t.path('other.voq'), t.path('rvq.voq'), t.path('v.voq')
    subprocess.run([MAKE_MODEL, other, '30'], check=True)
    subprocess.run([MAKE_MODEL, rvq, '20', '2'], check=True)
    subprocess.run([MAKE_MODEL, vectors_model, 'vectors', '4', '20'], check=True)
    t.write('a.wav', wav(noise(16000)))
    same(t.voq('encode', '-q', '-m', other, '-f', 'jsonl', '-o', 'a.jsonl', 'a.wav').code, 0)
    hash_of = json.loads(t.voq('info', '--json', other).out)['hash']
    t.write('big.gslm', gslm([1, 2]) + gslm([3, 20], 'b'))
    t.write('big.jsonl', '{"voq":1,"k":30,"hop":160,"rate":16000}\n{"i":0,"t":0.000000,"unit":1}\n'
            '{"end":1,"t":0.010000}\n')
    t.write('hop.jsonl', '{"voq":1,"k":20,"hop":320,"rate":16000,"utt":"a"}\n'
            '{"i":0,"t":0.000000,"unit":1}\n{"end":1,"t":0.020000}\n')
    t.write('a.ctm', 'a 1 0.00 0.015 3\n')
    for arguments, words in ((['a.jsonl'], [hash_of, 'the model that made them']),
                             (['big.gslm'], ['big.gslm:2: unit 20 (number 1, counted from 0)', '20 codes']),
                             (['big.jsonl'], ['30 codes', 'has 20']),
                             (['a.ctm'], ['a.ctm:1', 'is the hop right?'])):
        r = decode(t, *arguments, '-o', 'out')
        fails(r, 3, arguments[0], *words)
        same(len(r.err.splitlines()), 1, f'lines of {r.err!r}')
        holds('--hop' not in r.err, f'{r.err!r} names an option that decode lacks')
    fails(decode(t, 'big.gslm', '-o', 'out', model=rvq), 3, '1 unit per frame', '2 codebooks')
    fails(decode(t, 'a.ctm', '-o', 'out', model=vectors_model), 3, 'has no frames', 'voq convert')
    same(decode(t, 'hop.jsonl', '-o', 'hop.npy').code, 0)


@claim
def what_was_there_stays_when_units_are_bad(t):
    t.write('out.npy', 'old')
    t.write('a.gslm', gslm([1, 99]))
    fails(decode(t, 'a.gslm', '-o', 'out.npy'), 3, 'a.gslm:1')
    same(t.read('out.npy'), b'old')
    same(t.names(), ['a.gslm', 'out.npy'])


@claim
def a_gap_is_told_and_a_model_is_named(t):
    t.write('a.jsonl', '{"voq":1,"k":20,"hop":160,"rate":16000,"utt":"a"}\n'
            '{"i":0,"t":0.000000,"unit":1}\n{"i":1,"gap":5,"t":0.010000,"why":"overrun"}\n'
            '{"i":6,"t":0.060000,"unit":2}\n{"end":7,"t":0.070000}\n')
    r = t.voq('decode', '-m', t.model, 'a.jsonl', '-o', 'a.npy')
    holds(r.code == 0 and 'cannot express gaps' in r.err, r.err)
    same(len(vectors(t, 'a.npy')), 2)
    t.write('a.gslm', gslm([1]))
    err = t.voq('decode', 'a.gslm', '-o', 'b.npy').err
    holds('model phone-256' in err, f'{err!r} does not name the default')


@claim
def an_option_without_effect_is_refused(t):
    t.write('a.gslm', gslm([1]))
    t.write('a.km', '1\n')
    t.write('a.tsv', '/\nx.wav\t1\n')
    t.write('d.durations', '1\n')
    for arguments in (['--tsv', 'a.tsv', 'a.gslm'], ['--durations-file', 'd.durations', 'a.km'],
                      ['--npy-axes', 'tq', 'a.gslm'], ['--text', 'a.km'], ['--scp', 's', 'a.km'],
                      ['-f', 'npy', '--text', 'a.km']):
        r = decode(t, *arguments, '-o', 'out')
        option = next(word for word in arguments if word.startswith('--'))
        fails(r, 2, option)
        holds(not os.path.exists(t.path('out/x.npy')), f'{arguments}: something was written')
    same(decode(t, '--tsv', 'a.tsv', 'a.km', 'a.gslm', '-o', 'out').code, 0)


@claim
def decode_without_a_codebook_or_an_input_says_so(t):
    fails(t.voq('decode'), 2, 'voq decode --help')
    fails(decode(t, 'nowhere.gslm', '-o', 'x.npy'), 3, 'nowhere.gslm')


main()
