# SPDX-License-Identifier: MIT
"""`voq models` lists what a name can lead to, and a name that leads nowhere is told the nearest."""

import json

from cli import *

SHIPPED = [name[:-4] for name in os.listdir(os.path.join(SOURCE, 'models')) if name.endswith('.voq')]


def folder(t, name, *models):
    os.makedirs(t.path(name), exist_ok=True)
    for model in models:
        shutil.copy(t.model, t.path(f'{name}/{model}.voq'))
    return t.environment(VOQ_MODELS=t.path(name))


def listed(t, **how):
    r = t.voq('models', '--json', **how)
    return {model['name']: model for model in json.loads(r.out)}


@claim
def the_shipped_models_are_listed_with_what_their_cards_state(t):
    models = listed(t)
    holds(len(SHIPPED) > 3, f'shipped: {SHIPPED}')
    for name in SHIPPED:
        model = models[name]
        info = json.loads(t.voq('info', '--json', name).out)
        same([model[key] for key in ('hash', 'codes', 'codebooks', 'licence')],
             [info['hash'], info['codes'], 1, 'CC BY 4.0'], name)
        same(model['look_ahead_ms'], info['look_ahead'] * 1000 / info['rate'], name)
        with open(os.path.join(SOURCE, 'models', f'{name}.md')) as card:
            stated = [line.split('|')[2] for line in card if line.startswith('| PNMI |')]
        same(model['pnmi'], float(stated[0]), name)
    table = t.voq('models')
    same((table.code, table.err), (0, ''))
    lines = table.out.splitlines()
    holds(lines[0].split() == ['NAME', 'HASH', 'CODES', 'LOOK-AHEAD', 'PNMI', 'LICENCE', 'FILE'],
          lines[0])
    same(len(lines), len(models) + 1)
    same(len({line.index(models[line.split()[0]]['file']) for line in lines[1:]}), 1,
         'columns where the files begin')


@claim
def a_folder_of_the_user_comes_first_and_needs_no_cards(t):
    subprocess.run([MAKE_MODEL, t.path('rvq.voq'), '8', '3'], check=True)
    subprocess.run([MAKE_MODEL, t.path('v.voq'), 'vectors', '4', '8'], check=True)
    env = folder(t, 'mine', 'lda-100', 'own')
    for name in 'rvq', 'v':
        shutil.copy(t.path(f'{name}.voq'), t.path('mine'))
    t.write('mine/.hidden.voq', 'x')
    t.write('mine/note.txt', 'x')
    models = listed(t, env=env)
    same(models['lda-100']['file'], t.path('mine/lda-100.voq'))
    same([models['own'][key] for key in ('pnmi', 'licence')], [None, None])
    same([models['rvq'][key] for key in ('codebooks', 'codes')], [3, 8])
    same(models['v']['look_ahead_ms'], None)
    holds('.hidden' not in models and 'note' not in models, models)
    line = next(line for line in t.voq('models', env=env).out.splitlines()
                if line.startswith('rvq '))
    same(line.split()[2:6], ['3x8', '47.5', '-', '-'])


@claim
def a_card_is_read_by_its_rows_alone(t):
    env = folder(t, 'mine', 'a', 'b', 'c', 'd')
    t.write('mine/a.md', '# a\nPNMI: .9\n\n|PNMI|.25| .5 |\n| licence | Mine \x1b[2J |\n')
    t.write('mine/b.md', '| PNMI | unknown |\n')
    t.write('mine/c.md', '| PNMI\n| PNMI of others | .5 |\n')
    os.mkfifo(t.path('mine/d.md'))
    models = listed(t, env=env)
    same([models[name]['pnmi'] for name in 'abcd'], [.25, None, None, None])
    holds('\x1b' not in t.voq('models', env=env).out, 'a card commands the terminal')


@claim
def a_model_that_cannot_be_used_is_told_and_the_others_are_listed(t):
    env = folder(t, 'mine', 'good')
    t.write('mine/bad.voq', 'no model')
    r = t.voq('models', env=env)
    fails(r, 2, 'mine/bad.voq')
    holds('good ' in r.out and 'lda-100' in r.out and 'bad' not in r.out, r.out)
    fails(t.voq('models', 'lda-100'), 2, 'voq info lda-100')


@claim
def a_name_that_no_model_has_is_told_the_nearest(t):
    t.write('a.wav', wav(noise(1600)))
    t.write('u.gslm', 'a|1\n')
    for arguments in (['encode', '-m', 'lda100', 'a.wav'], ['info', 'lda100'],
                      ['decode', '-m', 'lda100', 'u.gslm', '-o', 'x.npy'],
                      ['convert', 'lda100', '-o', 'x.npy'],
                      ['convert', 'lda-100', '--frontend', 'lda100', '-o', 'x.voq'],
                      ['eval', 'lda100', 'a.wav'], ['eval', 'lda-100', 'lda100', 'a.wav']):
        r = t.voq(*arguments)
        fails(r, 2, 'did you mean lda-100?')
        same(len(r.err.splitlines()), 1, f'{arguments}: lines of {r.err!r}')
    fails(t.voq('encode', '-m', 'whisper', 'a.wav'), 2, 'no model "whisper"', 'voq models')


@claim
def a_path_that_is_no_utf8_leaves_the_json_valid(t):
    folder = os.fsencode(t.folder) + b'/m\xff'
    os.mkdir(folder)
    shutil.copy(os.fsencode(t.model), folder + b'/tiny.voq')
    for arguments in (['models', '--json'], ['info', '--json', folder + b'/tiny.voq']):
        out = subprocess.run([VOQ, *arguments], env={**os.environb, b'VOQ_MODELS': folder},
                             stdout=subprocess.PIPE, check=True).stdout
        holds('m\ufffd/tiny.voq' in str(json.loads(out.decode('utf-8'))), out)


@claim
def convert_takes_the_name_of_a_model(t):
    for input in 'lda-100', os.path.join(SOURCE, 'models', 'lda-100.voq'):
        same(t.voq('convert', '-q', input, '-o', f'{len(input)}.npy').code, 0)
    arrays = [t.read(name) for name in t.names()]
    same((len(arrays), arrays[0] == arrays[1]), (2, True))
    r = t.voq('convert', '-q', '7.npy', '--frontend', 'lda-100', '-o', 'again.voq')
    same(r.code, 0, r.err)
    same(json.loads(t.voq('info', '--json', 'again.voq').out)['hash'],
         json.loads(t.voq('info', '--json', 'lda-100').out)['hash'])
    t.write('lda-500', 'a|1 2\n')
    same(t.voq('convert', '--from', 'gslm', '-f', 'km', 'lda-500').out, '1 2\n')


main()
