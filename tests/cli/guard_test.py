# SPDX-License-Identifier: MIT
"""No output replaces an input of the same run, whichever option names the output."""

import subprocess

import tensor_file
from cli import *

SPEECH = wav(noise(16000))
UNITS = 'a|1 2 3 3\n'
PHONES = 'a 1 0.00 0.01 A\na 1 0.01 0.02 B\n'
RATE = ['--hop', '160', '--rate', '16000']
# Arguments of options that name no file; any other word in --list-options needs a role.
PLAIN = {'', 'NAME', 'FORMAT', 'KEY=VALUE', 'TYPE', 'N', 'ENCODING', 'HZ', 'HOW', 'K', 'US', 'MS',
         'DB,DB,...', 'SAMPLES', 'ORDER', 'S', 'DIM', 'R', 'T', 'SECONDS', 'MB', 'TEXT', 'KIND',
         'DEVICE', 'DB', 'LAYERS', 'W', 'RULE',
         'MINUTES', 'I', 'I/N'}

# Runs of each command: arguments, and the inputs among them that no output may be.
RUNS = {
    'encode': [(['-m', 'm.voq', '--speakers', 'utt2spk', 'a.wav'], 'm.voq utt2spk a.wav'),
               (['-m', 'm.voq', '--segments', 'segments', 'wav.scp'], 'segments wav.scp a.wav'),
               (['-m', 'm.voq', 'in.tsv'], 'in.tsv a.wav'),
               (['-m', 'm.voq', 'in.jsonl'], 'in.jsonl a.wav'),
               (['-m', 'm.voq', '--allow-pipes', 'pipe.scp'], 'pipe.scp a.wav'),
               (['-m', 'm.voq', 'gaps/a.wav'], 'gaps/a.wav gaps/a.wav.gaps')],
    'convert': [(['u.gslm'], 'u.gslm'),
                (['--tsv', 'in.tsv', 'u.km'], 'in.tsv u.km'),
                (['--durations-file', 'd.durations', 'u.units'], 'd.durations u.units'),
                (['beside.units'], 'beside.durations'),
                (['grids'], 'grids/a.TextGrid'),
                (['--frontend', 'm.voq', 'codes.npy'], 'm.voq codes.npy'),
                (['--labels', '-m', 'e.voq', '-f', 'ctm', 'u.gslm'], 'e.voq u.gslm'),
                (['m.voq'], 'm.voq'),
                (['--encoder', 'latent 2', '--calibrate', 'corpus', 'w.safetensors'],
                 'w.safetensors corpus/a.wav'),
                (['--features', 'x.npy'], 'x.npy'),
                (['--features', 'x.scp'], 'x.scp x.ark')],
    'decode': [(['-m', 'm.voq', 'u.gslm'], 'm.voq u.gslm')],
    'eval': [(['--units', 'u.gslm', '--phones', 'p.ctm', '--speakers', 'utt2spk'],
              'u.gslm p.ctm utt2spk'),
             (['--merge', 's.eval'], 's.eval p.ctm'),
             (['--units', 'grids', '--phones', 'grids'], 'grids/a.TextGrid'),
             (['--units', 'u.gslm', '--changed', 'u.km', '--items', 'x.item', '--features',
               'x.npy'], 'u.km x.item x.npy'),
             (['m.voq', 'corpus'], 'm.voq corpus/a.wav corpus/phones.ctm corpus/x.item'),
             (['--robustness', 'noises', 'm.voq', 'corpus'], 'noises/deep/n.wav')],
    'report': [(['m.voq', 'corpus', '--log', 'train.log', '--words', 'words.ctm', '--speakers', 'utt2spk'],
                'm.voq train.log words.ctm utt2spk corpus/a.wav corpus/phones.ctm corpus/x.item')],
    'train': [(['-k', '2', '--speakers', 'utt2spk', '--init', 'codes.npy', 'a.wav'],
               'utt2spk codes.npy a.wav'),
              (['-k', '2', '--lda', '1', '--labels', 'p.ctm', 'corpus'], 'p.ctm corpus/a.wav'),
              (['-k', '2', 'in.tsv'], 'in.tsv a.wav'),
              (['--encoder', 'default', '--labels', 'p.ctm', '--labels', 'u.gslm:.5', '--dev', 'dev.wav',
                '--dev-labels', 'corpus/phones.ctm', '--init', 'w.safetensors', 'corpus'],
               'p.ctm u.gslm dev.wav corpus/phones.ctm w.safetensors corpus/a.wav'),
              (['--encoder', 'default', '--noise', 'noises:.5', '--also', 'in.tsv', '--also',
                'gaps:.5', '--also', 'wav.scp:.5:2', '--speakers', 'utt2spk', 'corpus'],
               'noises/deep/n.wav in.tsv a.wav gaps/a.wav wav.scp utt2spk')],
    'live': [(['-m', 'm.voq'], 'm.voq')],
    'merge': [(['s.ark'], 's.ark s.scp s.ark.done'), (['s.km'], 's.km s.dict s.tsv s.km.done')],
}
# Options that are tried only in runs with the other one, because they need it.
NEEDS = {('train', '--weights'): '--encoder',
         ('merge', '--scp'): 's.ark', ('merge', '--dict'): 's.km', ('merge', '--tsv'): 's.km'}


def array_file(rows, dim):
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {dim}), }}"
    data = struct.pack(f'<{rows * dim}f', *range(rows * dim))
    return (b'\x93NUMPY\x01\x00' + struct.pack('<H', 118) + header.ljust(117).encode() + b'\n' +
            data)


def grid(t):
    t.write('grids/a.jsonl', '{"voq":1,"codes":16,"hop":160,"rate":16000}\n')
    t.write('one.gslm', UNITS)
    same(t.voq('convert', '-q', *RATE, '--frames', '-f', 'textgrid', '-o', 'grids',
               'one.gslm').code, 0, 'making a TextGrid')
    os.remove(t.path('grids/a.jsonl'))


def inputs(t):
    """One of everything that a command reads; what it must still hold at the end."""
    shutil.copy(t.model, t.path('m.voq'))
    subprocess.run([MAKE_MODEL, t.path('e.voq'), 'encoder'], check=True)
    for name in 'a.wav', 'gaps/a.wav', 'corpus/a.wav', 'dev.wav', 'noises/deep/n.wav':
        t.write(name, SPEECH)
    files = {'utt2spk': 'a s\n', 'wav.scp': 'a a.wav\n', 'segments': 'a-1 a 0 0.5\n',
             'pipe.scp': 'a cat a.wav |\n', 'in.tsv': '.\na.wav\t16000\n',
             'in.jsonl': '{"audio_filepath": "a.wav"}\n', 'gaps/a.wav.gaps': '800\t160\tx\n',
             'u.gslm': UNITS, 'u.km': '1 2 3\n', 'u.units': '1 2 3\n', 'd.durations': '1 2 1\n',
             'beside.units': '1 2 3\n', 'beside.durations': '1 2 1\n', 'p.ctm': PHONES,
             'corpus/phones.ctm': PHONES, 'words.ctm': PHONES,
             'train.log': '{"epoch": 1}\n', 'x.scp': 'a x.ark:2\n', 'x.ark': 'a  [\n  1 2 ]\n',
             'x.item': '#file onset offset #phone prev-phone next-phone speaker\n',
             'corpus/x.item': '#file onset offset #phone prev-phone next-phone speaker\n',
             'x.npy': array_file(3, 2), 'codes.npy': array_file(2, 39)}
    tensor_file.write(t.path('w.safetensors'), {'layers.0.weight': ([2, 40], [.1] * 80),
                                                'layers.0.bias': ([2], [0, 0]),
                                                'codebook': ([2, 2], [0, 0, 1, 1])})
    for name, data in files.items():
        t.write(name, data)
    grid(t)
    for form, *more in (['ark', '--scp', 's.scp'], ['km', '--dict', 's.dict', '--tsv', 's.tsv']):
        same(t.encode('-q', '-f', form, *more, '--shard', '0/1', '-o', f's.{form}', 'a.wav').code, 0)
    same(t.voq('eval', '-q', *RATE, '--units', 'u.gslm', '--phones', 'p.ctm', '--shard', '0/1', '-o',
               's.eval').code, 0)
    return contents(t)


def contents(t):
    found = {}
    for folder, _, names in os.walk(t.folder):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path) and not os.path.islink(path):
                with open(path, 'rb') as file:
                    found[os.path.relpath(path, t.folder)] = file.read()
    return found


def commands(t):
    listed = [line.split('\t')[0] for line in t.voq('--list-commands').out.splitlines()]
    return [c for c in listed if t.voq(c, '--list-options').code == 0]


def options(t, command):
    """Rows of --list-options: name, argument, role."""
    for line in t.voq(command, '--list-options').out.splitlines():
        field = line.split('\t') + ['']
        yield field[1], field[2], field[5] if field[5:6] in (['reads'], ['writes']) else ''


def refused(t, before, *arguments, words=('also an input',), **how):
    result = t.voq(*arguments, **how)
    what = ' '.join(arguments)
    same(result.code, 2, f'exit code of {what} (stderr {result.err!r:.300})')
    for word in words:
        holds(word in result.err, f'{what}: stderr {result.err!r} does not say {word!r}')
    after = contents(t)
    for name in before.keys() | after.keys():
        holds(before.get(name) == after.get(name), f'{what}: {name} is another file now')


@claim
def every_option_that_names_a_file_says_whether_it_is_read_or_written(t):
    for command in commands(t):
        for name, argument, role in options(t, command):
            holds(role or argument in PLAIN,
                  f'{command} {name} {argument}: give its row a role, or add the word to PLAIN')


@claim
def no_option_that_writes_replaces_an_input(t):
    before = inputs(t)
    for command in commands(t):
        writes = [name for name, _, role in options(t, command) if role == 'writes']
        holds(not writes or command in RUNS, f'say in RUNS how {command} is tried')
        for name in writes:
            for arguments, read in RUNS[command]:
                if NEEDS.get((command, name), arguments[0]) not in arguments:
                    continue
                other = [] if '--output' not in writes or name == '--output' else ['-o', 'new']
                for path in read.split():
                    refused(t, before, command, *arguments, *other, name, path,
                            words=['also an input', path])


@claim
def no_file_with_a_name_of_its_own_replaces_an_input(t):
    """Journals, durations, gaps, shards: what no option names."""
    before = inputs(t)
    cases = [('out.gslm.journal', ['encode', '-m', 'm.voq', '-o', 'out.gslm', 'FILE']),
             ('out.journal', ['encode', '-m', 'm.voq', '-f', 'npy', '-o', 'out/', 'FILE', 'a.wav']),
             ('out.durations', ['encode', '-m', 'm.voq', '-f', 'units', '--durations', '-o',
                                'out.units', 'FILE']),
             ('state.lock', ['train', '-k', '2', '-o', 'm', '--checkpoint', 'state', 'FILE'])]
    for name, arguments in cases:
        t.write(name, SPEECH)
        refused(t, {**before, name: SPEECH}, *[name if a == 'FILE' else a for a in arguments],
                words=['also an input', name])
        os.remove(t.path(name))
    t.write('out.durations', UNITS)
    refused(t, {**before, 'out.durations': UNITS.encode()}, 'convert', '-f', 'units',
            '--durations', '-o', 'out.units', '--from', 'gslm', 'out.durations')
    os.remove(t.path('out.durations'))
    for name in 'f/train_0_1.npy', 'f/train_0_1.len':
        t.write(name, array_file(3, 2) if name.endswith('npy') else '3\n')
    before = contents(t)
    refused(t, before, 'convert', '--features', '-f', 'hubert', '-o', 'f', 'f/train_0_1.npy')
    if 'live' in commands(t):
        shutil.copy(t.path('m.voq'), t.path('r.gaps'))
        refused(t, contents(t), 'live', '-m', './r.gaps', '--record', 'r')


@claim
def an_input_that_is_called_as_the_output_with_tmp_is_only_read(t):
    for name, arguments in (('out.gslm.tmp', ['encode', '-m', 'm.voq', '-o', 'out.gslm']),
                            ('out.voq.tmp', ['train', '-k', '2', '-q', '-o', 'out.voq']),
                            ('state.tmp', ['train', '-k', '2', '-q', '-o', 'm', '--checkpoint',
                                           'state'])):
        inputs(t)
        t.write(name, SPEECH)
        r = t.voq(*arguments, name)
        same((r.code, t.read(name)), (0, SPEECH), f'{name} ({r.err})')


@claim
def a_folder_of_files_replaces_none_of_the_inputs(t):
    for name in 'x', 'y', 'z':
        t.write(f'in/{name}.npy', array_file(3, 39))
    shutil.copy(vectors_model(t), t.path('v.voq'))
    before = contents(t)
    for output, given in (('in', 'in'), ('in/', 'in/z.npy'), ('./in/../in', 'in')):
        refused(t, before, 'encode', '-m', 'v.voq', '-f', 'npy', '-o', output, given,
                words=['also an input', 'npy'])
    os.symlink('in', t.path('link'))
    refused(t, before, 'encode', '-m', 'v.voq', '-f', 'npy', '-o', 'link', 'in')
    grid(t)
    before = contents(t)
    refused(t, before, 'convert', *RATE, '-f', 'textgrid', '-o', 'grids', 'grids')
    refused(t, before, 'convert', '--features', '-f', 'npy', '-o', 'in', 'in')


def vectors_model(t):
    t.write('codes.npy', array_file(2, 39))
    same(t.voq('convert', '-q', 'codes.npy', '-o', 'vectors.voq').code, 0, 'making a model')
    return t.path('vectors.voq')


@claim
def folders_that_link_to_each_other_end(t):
    before = inputs(t)
    for folder in 'noises', 'noises/deep':
        for name in 'one', 'two', 'three':
            os.symlink(t.path('noises'), t.path(f'{folder}/{name}'))
    refused(t, before, 'eval', '--robustness', 'noises', 'm.voq', 'corpus', '-o',
            'noises/deep/n.wav', timeout=100)


@claim
def a_folder_may_be_read_and_written_where_no_file_collides(t):
    t.write('d/a.wav', SPEECH)
    for _ in range(2):  # the second time over the output of the first
        same(t.encode('-f', 'npy', '-o', 'd', 'd').code, 0)
    same(t.names('d'), ['a.npy', 'a.wav'])
    grid(t)
    for _ in range(2):
        same(t.voq('convert', '-q', *RATE, '--from', 'textgrid', '-f', 'npy', '-o', 'grids',
                   'grids').code, 0)
    same(t.names('grids'), ['a.TextGrid', 'a.npy'])
    t.write('units/u.gslm', UNITS)
    t.write('units/p.ctm', PHONES)
    for _ in range(2):
        result = t.voq('eval', '-q', '--units', 'units/u.gslm', '--phones', 'units/p.ctm', '-o',
                       'units/report.txt')
        same(result.code, 0, result.err)


@claim
def another_way_to_the_same_file_does_not_help(t):
    before = inputs(t)
    os.symlink('a.wav', t.path('soft'))
    os.symlink('.', t.path('here'))
    for output in './a.wav', 'soft', 'here/a.wav', t.path('a.wav'):
        for arguments in (['encode', '-m', 'm.voq', '-o', output, 'a.wav'],
                          ['encode', '-m', 'm.voq', '-f', 'km', '-o', 'new', '--dict', output,
                           'in.tsv'],
                          ['train', '-k', '2', '-o', output, 'a.wav'],
                          ['eval', 'm.voq', 'a.wav', '--matrix', output]):
            refused(t, before, *arguments, words=['also an input', output, 'a.wav'])
    os.link(t.path('a.wav'), t.path('hard'))
    refused(t, contents(t), 'encode', '-m', 'm.voq', '-o', 'hard', 'a.wav')
    refused(t, contents(t), 'encode', '-m', 'm.voq', '-o', 'a.wav', 'soft')


@claim
def a_model_that_is_found_by_name_is_an_input(t):
    before = inputs(t)
    shutil.copy(t.path('m.voq'), t.path('mine.voq'))
    before = contents(t)
    environment = t.environment(VOQ_MODELS=t.folder)
    for arguments in (['encode', '-m', 'mine', '-o', 'mine.voq', 'a.wav'],
                      ['encode', '-m', 'mine', '-f', 'km', '-o', 'new', '--dict', 'mine.voq',
                       'a.wav'],
                      ['convert', '--frontend', 'mine', 'codes.npy', '-o', 'mine.voq'],
                      ['eval', 'mine', 'a.wav', '-o', 'mine.voq']):
        refused(t, before, *arguments, env=environment, words=['also an input', 'mine.voq'])


@claim
def standard_streams_are_files_too(t):
    """encode -o x < x, and encode x >> x."""
    t.write('a.wav', SPEECH)
    for output in ['-o', 'a.wav'], ['-o', 'new', '-f', 'km', '--dict', 'a.wav']:
        with open(t.path('a.wav'), 'rb') as file:
            process = subprocess.run([VOQ, 'encode', '-m', t.model, *output, '-'], stdin=file,
                                     cwd=t.folder, capture_output=True, env=t.environment())
        same(process.returncode, 2, process.stderr)
        holds(b'standard input' in process.stderr, process.stderr)
    with open(t.path('a.wav'), 'ab') as file:
        result = t.encode('a.wav', stdout=file)
    fails(result, 2, 'standard output: is also an input (a.wav)')
    same((t.read('a.wav'), t.names()), (SPEECH, ['a.wav']))


@claim
def two_outputs_are_two_files(t):
    before = inputs(t)
    os.symlink('.', t.path('here'))
    words = ['same output', 'x']
    for second in 'x', './x', 'here/x', t.path('x'):
        refused(t, before, 'encode', '-m', 'm.voq', '-f', 'km', '-o', 'x', '--dict', second,
                'a.wav', words=words)
        refused(t, before, 'train', '-k', '2', '-o', 'x', '--checkpoint', second, 'a.wav',
                words=words)
        refused(t, before, 'eval', '--units', 'u.gslm', '--phones', 'p.ctm', '-o', 'x',
                '--matrix', second, words=words)
    refused(t, before, 'eval', '--units', 'u.gslm', '--phones', 'p.ctm', '--matrix', '-',
            words=['same output', 'standard output'])
    t.write('x', 'old')
    os.link(t.path('x'), t.path('y'))
    refused(t, contents(t), 'encode', '-m', 'm.voq', '-f', 'ark', '-o', 'x', '--scp', 'y', 'a.wav',
            words=['same output', 'x', 'y'])
    refused(t, contents(t), 'encode', '-m', 'm.voq', '-f', 'units', '--durations', '-o', 'z.units',
            '--distances', 'z.durations', 'a.wav', words=['same output', 'z.durations'])
    same(t.encode('-f', 'km', '-o', '/dev/null', '--dict', '/dev/null', 'a.wav').code, 0)


@claim
def an_interrupted_run_can_still_go_on_after_a_refusal(t):
    """A journal is no input, and a refusal leaves it as it is."""
    t.write('a.wav', SPEECH)
    t.write('out.gslm.journal', 'voq journal 1 0000000000000000\n')
    before = contents(t)
    refused(t, before, 'encode', '-m', t.model, '-f', 'km', '-o', 'out.gslm', '--dict', 'a.wav',
            'a.wav')


@claim
def an_empty_name_is_no_output(t):
    t.write('a.wav', SPEECH)
    for arguments in (['encode', '-o', '', 'a.wav'], ['train', '-o', '', 'a.wav'],
                      ['encode', '-f', 'km', '--dict', '', 'a.wav'],
                      ['eval', '--units', '', '--phones', 'a.wav']):
        refused(t, {'a.wav': SPEECH}, *arguments, words=['name is empty'])


@claim
def texts_that_become_lines_hold_no_line_break(t):
    t.write('a.wav', SPEECH)
    forged = ['CC\nlicence=mine', 'CC\r', 'x\x1b[2J', 'x\x7f', 'x\u0085y', 'x\u009b2J', 'x\u2028y']
    for text in forged:
        for command, option, rest in (('train', '--licence', ['-o', 'm.voq', 'a.wav']),
                                      ('train', '--corpus-name', ['-o', 'm.voq', 'a.wav']),
                                      ('train', '--name', ['-o', 'm.voq', 'a.wav']),
                                      ('encode', '--name', ['-m', t.model, '-']),
                                      ('encode', '--split', ['-m', t.model, 'a.wav']),
                                      ('convert', '--symbol', ['x.voq', '-o', 'x.h']),
                                      ('eval', '--tier', ['--units', 'x', '--phones', 'x'])):
            refused(t, {'a.wav': SPEECH}, command, option, text, *rest,
                    words=[option, 'control character'])
    if 'live' in commands(t):
        refused(t, {'a.wav': SPEECH}, 'live', '--name', forged[0], words=['control character'])


@claim
def a_recording_is_a_file_and_a_device_has_a_name(t):
    if 'live' not in commands(t):
        raise Skip('no voq-live beside voq')
    os.mkfifo(t.path('fifo'))
    os.mkdir(t.path('folder'))
    for path in 'fifo', 'folder':
        fails(t.voq('live', '-q', '-m', t.model, '--record', path, timeout=60), 2, path,
              'not a regular file')
    fails(t.voq('live', '-d', ''), 2, '--device', 'name is empty')
    same(t.names(), ['fifo', 'folder'])


main()
