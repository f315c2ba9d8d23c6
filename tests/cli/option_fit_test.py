# SPDX-License-Identifier: MIT
"""No option of encode, convert, train, live and info is dropped in silence: in each way to call a
command an option works, or is refused before anything is written. (tests/eval has that of eval.)"""

from cli import *

UNITS = 'gslm km units units-names npy ark jsonl ctm textgrid fileid'.split()
NAMED = 'gslm units-names npy ark jsonl ctm textgrid fileid'.split()
VECTORS = ['npy*', 'ark*', 'hubert*']

# Options that any way of encode takes.
ENCODE_FREE = '--model --features --profile --set --utterance-mean --cpu --format --output ' \
              '--resume --strict --jobs --quiet --speakers'.split()
# An option, with a value: the formats that have it, FORMAT* with --features.
ENCODE_FORMATS = {
    '--dedup': UNITS, '--durations': ['units', 'units-names', 'fileid'], '--dict new': ['km'],
    '--distances new': UNITS, '--tsv new': ['km'], '--scp new': ['ark', 'ark*'], '--text': ['ark', 'ark*'],
    '--npy-type i4': ['npy'], '--npy-type i8': ['npy'],
    '--name-escape': NAMED + ['npy*', 'ark*'], '--split train': ['hubert*'],
    '--split dev': ['hubert*'], '--rank 0': [], '--nshard 1': [], '--nshard 2': [],
    '--rank 0 --nshard 1': UNITS + VECTORS, '--shard 0/1': UNITS + VECTORS, '--balance': [],
    '--shard 0/1 --balance': UNITS + VECTORS, '--shard 0/1 --rank 0 --nshard 1': [], '--labels': [], # of a model without labels
}
# The kinds of input that an option is for.
KINDS = {'audio': 'a.wav', 'folder': 'in', 'table': 'wav.scp', 'stdin': '-', 'vectors': 'v.npy'}
ENCODE_KINDS = {
    '--channel 1': 'audio folder table stdin', '--channel all': 'audio folder table',
    '--rate 16000': '', '--channels 1': '', '--force-raw': '',
    '--names stem': 'audio folder vectors',
    '--names path': 'audio folder vectors', '--name x': 'stdin', '--segments segments': 'table',
    '--allow-pipes': 'table',
    '--raw s16le --rate 16000 --force-raw --channels 1': 'audio folder table stdin',
}

# Of convert: inputs, and the formats of the output that an option has an effect for.
INPUTS = {'gslm': 'u.gslm', 'km': 'u.km', 'units': 'u.units', 'units-names': 'u.names',
          'npy': 'u.npy', 'jsonl': 'u.jsonl', 'ctm': 'u.ctm', 'textgrid': 'u.TextGrid'}
CONVERT_FREE = '--output --format --features --from --quiet --codes --codebook --dedup'.split()
CONVERT_FORMATS = {key: [f for f in value if f[-1] != '*'] for key, value in ENCODE_FORMATS.items()
                   if not key.startswith(('--tsv', '--distances', '--rank 0 --nshard', '--split',
                                         '--shard', '--balance'))} | {
    '--frames': ['jsonl', 'ctm', 'textgrid'], '--rank 0 --nshard 1': UNITS}
CONVERT_INPUTS = {
    '--tsv m.tsv': 'km units', '--lenient': 'gslm', '--npy-axes tq': 'npy', '--npy-axes qt': 'npy',
    '--durations-file d.durations': 'units units-names',
    '--allow-special --codes 20': 'units units-names', '--allow-special': '',
    '--transpose': '', '--symbol x': '', '--frontend m.voq': '', '--split train': '',
    '--hop 160': 'jsonl ctm textgrid', '--rate 16000': 'jsonl ctm textgrid',
    '--encoder default': '', '--calibrate a.wav': '', '--model m.voq': '',
}
CODEBOOKS = {'--codebook 1': ['m.voq', 'codes.npy'], '--transpose': ['codes.npy'],
             '--frontend m.voq': ['codes.npy b.voq', 'm.voq b.voq'], '--symbol x': ['h']}

TRAIN = {
    '--batch 10': '--batches 1', '--whiten': '--pca 1', '--left 1': '--pca 1', '--right 1': '--lda 1',
    '--rounds 1': '--lda 1', '--classes 4': '--lda 1', '--warp 1': '--lda 1', '--resume':
    '--checkpoint ck', '--speakers utt2spk': '--cap-speaker 9',
}
# Options of both kinds of training, of one without an encoder, and of one with an encoder: there
# with what they need.
TRAIN_FREE = '--codes --codebooks --seed --init --batch --output --name --corpus-name --licence ' \
             '--json --jobs --checkpoint --resume --cache-dir --quiet --speakers --allow-pipes ' \
             '--labels --encoder --log'.split()
TRAIN_PLAIN = ['--profile kaldi', '--set num_ceps=12', '--frames 9', '--cap-speaker 9', '--pca 2',
               '--pca 2 --whiten', '--pca 2 --left 1', '--pca 2 --right 1', '--lda 2', '--lda 2 --rounds 1',
               '--lda 2 --warp 1', '--lda 2 --classes 4', '--normalise mean', '--batches 1',
               '--iterations 1', '--tolerance 0', '--time 9', '--memory 1', '--cpu auto']
TRAIN_ENCODER = {
    '--objective vqvae': '', '--objective labels': '--labels p.ctm', '--codebook loss': '',
    '--labels-hop 160': '--labels u.gslm', '--also in/b.wav:.5': '', '--epochs 1': '',
    '--learning-rate 1e-3': '', '--noise in': '', '--consistency 1': '--noise in',
    '--dev a.wav': '--labels p.ctm', '--dev-labels p.ctm': '--dev a.wav', '--weights new': '',
    '--checkpoint-every 5': '--checkpoint ck',
}
ENCODER_NEVER = ['--labels p.ctm --speakers utt2spk', '--labels p.ctm --labels-hop 160',
                 '--labels p.ctm --objective vqvae',
                 '--allow-pipes', '--resume']
ENCODER_TAKES = ['--speakers utt2spk', '--allow-pipes --also wav.scp:.5',
                 '--allow-pipes --noise wav.scp', '--labels p.ctm:.5 --allow-pipes --dev wav.scp']
TRAIN_NEVER = ['--allow-pipes', '--tolerance 0 --iterations 0', '--time 9 --iterations 0',
               '--memory 9 --iterations 0', '--labels p.ctm']


def timing(form):
    return ['--hop', '160', '--rate', '16000'] if form in ('jsonl', 'ctm', 'textgrid') else []


def prepare(t):
    for name in 'a.wav', 'in/b.wav', 'in/b.raw':
        t.write(name, wav(noise(16000)))
    for name, data in {'wav.scp': 'a a.wav\n', 'segments': 'a-1 a 0 0.5\n', 'utt2spk': 'a s\n',
                       'u.gslm': 'a|1 2 2\n', 'u.km': '1 2 2\n', 'u.units': '1 2 2\n',
                       'u.names': 'a\t1 2 2\n', 'm.tsv': '.\na.wav\t16000\n',
                       'd.durations': '1 1 1\n', 'u.ctm': 'a 1 0.00 0.01 1\na 1 0.01 0.02 2\n',
                       'p.ctm': 'a 1 0.00 0.5 A\na 1 0.5 0.4 B\n'}.items():
        t.write(name, data)
    shutil.copy(t.model, t.path('m.voq'))
    for form, name in (('npy', 'u.npy'), ('jsonl', 'u.jsonl'), ('textgrid', 'u.TextGrid')):
        same(t.voq('convert', '-q', *timing(form), '--codes', '20', '-f', form, '-o', name,
                   'u.gslm').code, 0, form)
    same(t.encode('--features', '-q', '-o', 'v.npy', 'a.wav').code, 0)
    same(t.voq('convert', '-q', '-o', 'codes.npy', 'm.voq').code, 0)
    subprocess.run([MAKE_MODEL, t.path('v.voq'), 'vectors', '39', '8'], check=True)


def tried(t, wrong, works, option, *arguments, **how):
    """Exit 0 where the option works; else 2, its name, and nothing is written."""
    before = set(os.listdir(t.folder))
    r = t.voq(*arguments, **how)
    made = set(os.listdir(t.folder)) - before
    what = f'voq {" ".join(arguments)}: exit {r.code}, {r.err!r}'
    if r.code != (0 if works else 2):
        wrong.append(f'{what}; it must {"work" if works else "be refused"}')
    elif not works and not any(word in r.err for word in option.split() if word[:2] == '--'):
        wrong.append(f'{what} does not name {option}')
    elif not works and made:
        wrong.append(f'{what}: {made} was written')
    for path in made:
        path = t.path(path)
        shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)


def listed(t, command):
    return {line.split('\t')[1] for line in t.voq(command, '--list-options').out.splitlines()
            if line.split('\t')[1].startswith('--')} - {'--help', '--version', '--list-options'}


def words(*tables):
    return {word for table in tables for key in table for word in key.split()
            if word.startswith('--')}


def none_wrong(wrong):
    holds(not wrong, '\n'.join(wrong[:6]))


@claim
def encode_takes_an_option_only_with_a_format_that_has_it(t):
    prepare(t)
    wrong = []
    for option, formats in ENCODE_FORMATS.items():
        for form in UNITS + VECTORS:
            features = ['--features'] if form.endswith('*') else []
            tried(t, wrong, form in formats, option, 'encode', '-q', '-m', t.model, *features, '-f',
                  form.strip('*'), '-o', 'out', *option.split(), 'a.wav')
    none_wrong(wrong)


@claim
def encode_takes_an_option_only_with_inputs_that_it_is_for(t):
    prepare(t)
    wrong = []
    for option, kinds in ENCODE_KINDS.items():
        for kind, operand in KINDS.items():
            model = 'v.voq' if kind == 'vectors' else t.model
            tried(t, wrong, kind in kinds.split(), option, 'encode', '-q', '-m', model, '-o',
                  'out', *option.split(), operand, stdin=t.read('a.wav') if kind == 'stdin' else b'')
    none_wrong(wrong)


@claim
def a_name_and_resuming_are_refused_where_nothing_can_keep_them(t):
    prepare(t)
    sound = t.read('a.wav')
    for form in 'km', 'units':
        fails(t.encode('-q', '--name', 'x', '-f', form, '-', stdin=sound), 2, '--name')
    fails(t.encode('-q', '--resume', '-o', '/dev/null', 'a.wav'), 2, '--resume')
    fails(t.encode('-q', '--resume', 'a.wav'), 2, '--resume')


@claim
def convert_takes_an_option_only_with_a_format_that_has_it(t):
    prepare(t)
    wrong = []
    for option, formats in CONVERT_FORMATS.items():
        for form in UNITS:
            tried(t, wrong, form in formats, option, 'convert', '-q', *timing(form), '--codes',
                  '20', '-f', form, '-o', 'out', *option.split(), 'u.gslm')
    none_wrong(wrong)


@claim
def convert_takes_an_option_only_with_inputs_that_it_is_for(t):
    prepare(t)
    wrong = []
    for option, formats in CONVERT_INPUTS.items():
        for form, name in INPUTS.items():
            dedup = ['--dedup'] if form in ('ctm', 'textgrid') else []
            tried(t, wrong, form in formats.split(), option, 'convert', '-q', '--from', form, '-f',
                  'gslm', '-o', 'out', *dedup, *option.split(), name)
    none_wrong(wrong)


@claim
def an_option_that_one_of_several_inputs_has_is_taken(t):
    prepare(t)
    t.write('double.gslm', 'b|1  2\n')
    r = t.voq('convert', '-q', '--lenient', 'double.gslm', 'u.names', '--from', 'gslm')
    same(r.code, 3, 'u.names is no gslm')
    t.write('u.units', '1 2 2\n')
    same(t.voq('convert', '-q', '--lenient', 'double.gslm', 'u.units').code, 0)
    same(t.voq('convert', '-q', '--lenient', 'u.units', 'double.gslm').code, 0)
    fails(t.voq('convert', '-q', '--lenient', 'u.units', 'u.units'), 2, '--lenient')


@claim
def features_and_codebooks_take_no_options_of_units(t):
    prepare(t)
    wrong = []
    for option in [*CONVERT_FORMATS, *CONVERT_INPUTS]:
        if option.split()[0] in ('--scp', '--text', '--name-escape', '--split', '--rank', '--nshard'):
            continue
        tried(t, wrong, False, option, 'convert', '-q', '--features', '-f', 'npy', '-o', 'out',
              *option.split(), 'v.npy')
    for option in [*CONVERT_FORMATS, *CONVERT_INPUTS, *CODEBOOKS, '-f npy']:
        for source in 'm.voq', 'codes.npy':
            for out in 'b.voq', 'b.npy', 'b.h':
                fits = CODEBOOKS.get(option, [])
                works = source in fits or f'{source} {out}' in fits or out.split('.')[1] in fits
                name = '--format' if option == '-f npy' else option
                tried(t, wrong, works, name, 'convert', '-q', '-o', out, *option.split(), source)
    none_wrong(wrong)


@claim
def who_gives_a_model_to_units_is_told_of_decoding(t):
    prepare(t)
    fails(t.voq('convert', '--frontend', 'm.voq', 'u.gslm', '-o', 'z.npy'), 2, '--frontend',
          'voq decode')
    holds(not os.path.exists(t.path('z.npy')), 'z.npy was written')


@claim
def train_takes_an_option_only_with_what_it_is_about(t):
    prepare(t)
    wrong = []
    base = ['train', '-q', '-k', '2', '--iterations', '1', '-o', 'b.voq']
    for option, needed in TRAIN.items():
        tried(t, wrong, False, option, *base, *option.split(), 'a.wav')
        tried(t, wrong, True, option, *base, *option.split(), *needed.split(), 'a.wav')
    for option in TRAIN_NEVER:
        tried(t, wrong, False, option, *base, *option.split(), 'a.wav')
    for option in '--rounds 1', '--classes 4':
        tried(t, wrong, False, option, *base, '--lda', '1', '--labels', 'p.ctm', *option.split(),
              'a.wav')
    tried(t, wrong, True, '--allow-pipes', *base, '--allow-pipes', 'wav.scp')
    none_wrong(wrong)


@claim
def train_takes_an_option_only_with_or_without_an_encoder(t):
    prepare(t)
    wrong = []
    plain = ['train', '-q', '-k', '2', '-o', 'b.voq']
    base = [*plain, '--encoder', 'conv 2 1; latent 2', '--epochs', '1']
    for option, needed in TRAIN_ENCODER.items():
        tried(t, wrong, False, option, *plain, *option.split(), 'a.wav')
        tried(t, wrong, True, option, *base, *option.split(), *needed.split(), 'a.wav')
        if needed:
            tried(t, wrong, False, option, *base, *option.split(), 'a.wav')
    for option in TRAIN_PLAIN + ENCODER_NEVER:
        tried(t, wrong, False, option, *base, *option.split(), 'a.wav')
    for option in ENCODER_TAKES:
        tried(t, wrong, True, option, *base, *option.split(), 'a.wav')
    none_wrong(wrong)


@claim
def live_lists_devices_and_nothing_else(t):
    if t.voq('live', '--list-options').code != 0:
        return
    plain = {'--json', '--quiet', '--list-devices'}
    for line in t.voq('live', '--list-options').out.splitlines():
        field = line.split('\t') + ['', '']
        if not field[1].startswith('--') or field[1] in plain | {'--help', '--version',
                                                                '--list-options'}:
            continue
        value = {'--cpu': ['auto'], '--format': ['gslm']}.get(field[1], ['1'] if field[2] else [])
        fails(t.voq('live', '--list-devices', field[1], *value), 2, field[1])
    fails(t.voq('live', '--json'), 2, '--json')
    fails(t.voq('live', '--fallback'), 2, '--fallback', '--device')
    for form in [], ['-f', 'ids'], ['-f', 'runs'], ['-f', 'km']:
        fails(t.voq('live', '--name', 'x', *form), 2, '--name')


@claim
def the_tables_of_this_test_hold_every_option(t):
    same(listed(t, 'encode') - words(ENCODE_FREE, ENCODE_FORMATS, ENCODE_KINDS), set(), 'encode')
    same(listed(t, 'convert') - words(CONVERT_FREE, CONVERT_FORMATS, CONVERT_INPUTS, CODEBOOKS),
         set(), 'convert')
    if 'train' in t.voq('--list-commands').out and t.voq('train', '--list-options').code == 0:
        known = words(TRAIN_FREE, TRAIN_PLAIN, TRAIN_ENCODER)
        same(listed(t, 'train') - known, set(), 'train')


main()
