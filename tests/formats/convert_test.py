# SPDX-License-Identifier: MIT
"""`voq convert` says what it loses, refuses what cannot be, and leaves nothing half done.
Arguments: the voq executable, the folder of data."""

import os
import random
import signal
import struct
import subprocess
import sys
import tempfile
import time
import traceback

VOQ, DATA = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
EXAMPLE = 'utt1|3 3 17 17 42\nutt2|\nu3|7\n'
RATE = ['--hop', '160', '--rate', '16000']
CLAIMS = []


def claim(function):
    CLAIMS.append(function)
    return function


def write(name, data):
    with open(name, 'wb') as file:
        file.write(data if isinstance(data, bytes) else data.encode())
    return name


def read(name):
    with open(name, 'rb') as file:
        return file.read().decode()


def convert(*arguments, code=0, stdin=b''):
    """(stdout, stderr) of a run that ends with this exit code."""
    run = subprocess.run([VOQ, 'convert', *arguments], input=stdin, capture_output=True)
    out, err = run.stdout.decode('utf-8', 'replace'), run.stderr.decode('utf-8', 'replace')
    assert run.returncode == code, f'exit code {run.returncode}, expected {code}: {err}'
    assert all(line.startswith('voq: ') for line in err.splitlines()), err
    return out, err


def same(got, expected):
    assert got == expected, f'{got!r} is not {expected!r}'


@claim
def what_is_lost_is_said_in_one_line():
    write('a.gslm', EXAMPLE)
    jsonl, _ = convert('a.gslm', '-f', 'jsonl', *RATE, '--codes', '100', '-o', 'a.jsonl')
    same(convert('a.jsonl', '-f', 'km'),
         ('3 3 17 17 42\n\n7\n',
          'voq: format km cannot store: times, names, hop and rate, the number of codes\n'))
    same(convert('a.jsonl', '-q', '-f', 'km')[1], '')
    same(convert('a.gslm', '-f', 'units-names')[1], '')
    _, err = convert('a.gslm', '--dedup')
    same(err, 'voq: format gslm cannot store: durations\n')


@claim
def standard_input_needs_a_format_and_gives_the_rest():
    same(convert('--from', 'gslm', '-', '-f', 'km', '-q', stdin=EXAMPLE.encode())[0],
         '3 3 17 17 42\n\n7\n')
    _, err = convert('-', code=2, stdin=EXAMPLE.encode())
    assert '--from' in err, err


@claim
def an_interrupted_conversion_leaves_nothing():
    """While a pipe keeps it from ending."""
    vectors = b'a ' + b'\0BFM ' + struct.pack('<bibi', 4, 1, 4, 2) + struct.pack('<2f', 1, 2)
    for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)):
        for begin, options in ((b'a|1 2\nb|3', ['--from', 'gslm', '-f', 'units-names',
                                                '--durations']),
                               (vectors + b'b', ['--features', '--from', 'ark', '-f', 'ark'])):
            before = os.listdir('.')
            run = subprocess.Popen([VOQ, 'convert', *options, '-o', 'cut.out', '-'],
                                   stdin=subprocess.PIPE, stderr=subprocess.PIPE)
            run.stdin.write(begin)
            run.stdin.flush()
            end = time.monotonic() + 20
            while sorted(os.listdir('.')) == sorted(before) and time.monotonic() < end:
                time.sleep(0.01)
            assert sorted(os.listdir('.')) != sorted(before), options
            run.send_signal(number)
            same((run.wait(timeout=20), run.stderr.read()), (code, b''))
            run.stdin.close()
            run.stderr.close()
            same(sorted(os.listdir('.')), sorted(before))


@claim
def two_conversions_do_not_write_one_output():
    before = set(os.listdir('.'))
    run = subprocess.Popen([VOQ, 'convert', '--from', 'gslm', '-o', 'both.out', '-'],
                           stdin=subprocess.PIPE)
    run.stdin.write(b'a|1\nb|')
    run.stdin.flush()
    end = time.monotonic() + 20
    while set(os.listdir('.')) == before and time.monotonic() < end:
        time.sleep(0.01)
    write('b.gslm', 'b|2\n')
    _, err = convert('b.gslm', '-o', 'both.out', code=5)
    assert 'another voq is writing this file' in err, err
    convert('b.gslm', '-o', 'both2.out')
    run.communicate(b'2\n', timeout=20)
    same((run.returncode, open('both.out').read()), (0, 'a|1\nb|2\n'))


@claim
def a_name_that_is_there_already_is_told_with_its_line():
    write('a.gslm', 'a|1\nb|2\na|3\n')
    same(convert('a.gslm', '-f', 'ark', code=3)[1],
         'voq: a.gslm:3: a: another utterance has the same name; rename one\n')


@claim
def many_files_become_one():
    write('a.gslm', 'a|1\n')
    write('b.km', '2\n\n')
    out, err = convert('a.gslm', 'b.km')
    same(out, 'a|1\nb-0|2\nb-1|\n')
    assert 'b.km has no names' in err and '--tsv' in err, err


@claim
def the_manifest_gives_names_to_lines():
    write('t.km', '1 1\n2\n')
    write('t.tsv', '/root\nx/one.flac\t100\ntwo.wav\t200\n')
    same(convert('t.km', '--tsv', 't.tsv')[0], 'one|1 1\ntwo|2\n')
    write('t.tsv', '/root\nx/one.flac\t100\n')
    _, err = convert('t.km', '--tsv', 't.tsv', code=3)
    assert 't.tsv: ends before the units do; give the manifest of these units' in err, err


@claim
def a_bad_line_stops_and_the_old_file_stays():
    write('bad.gslm', 'a|1\nb|x\n')
    write('out.km', 'old\n')
    _, err = convert('bad.gslm', '-o', 'out.km', code=3)
    same(err, "voq: bad.gslm:2: 'x' is not a unit; expected a whole number\n")
    same(read('out.km'), 'old\n')
    same(sorted(os.listdir('.')), ['bad.gslm', 'out.km'])


@claim
def the_impossible_is_refused_with_what_to_do():
    write('a.gslm', EXAMPLE)
    for format, word in (('ctm', '--hop'), ('textgrid', '--hop'), ('jsonl', '--hop')):
        _, err = convert('a.gslm', '-f', format, '-o', 'out', code=2)
        assert word in err, err
    _, err = convert('a.gslm', '-f', 'jsonl', *RATE, code=2)
    assert '--codes' in err, err
    _, err = convert('a.gslm', '-f', 'nothing', code=2)
    assert 'expected one of gslm, km' in err, err
    _, err = convert('a.gslm', '-f', 'textgrid', *RATE, '-o', 'grids', code=3)
    assert 'utt2: no units' in err, err


@claim
def times_are_not_invented_for_deduplicated_units():
    write('d.gslm', 'a|' + ' '.join(str(i % 90) for i in range(60)) + '\n')
    _, err = convert('d.gslm', '-f', 'ctm', *RATE, code=3)
    assert 'deduplicated' in err and '--frames' in err, err
    out, _ = convert('d.gslm', '-f', 'ctm', '--frames', *RATE)
    same(len(out.splitlines()), 60)


@claim
def times_without_hop_are_no_frames():
    write('a.ctm', 'a 1 0.00 0.02 3\na 1 0.02 0.01 4\n')
    _, err = convert('a.ctm', code=2)
    assert '--hop' in err, err
    same(convert('a.ctm', *RATE)[0], 'a|3 3 4\n')
    same(convert('a.ctm', '--dedup')[0], 'a|3 4\n')
    _, err = convert('a.ctm', '--hop', '320', '--rate', '16000', code=3)
    assert 'a.ctm:2: ' in err and 'is the hop right?' in err, err


@claim
def durations_bring_times_back():
    write('a.gslm', EXAMPLE)
    convert('a.gslm', '-o', 'x.units', '--dedup', '--durations')
    same((read('x.units'), read('x.durations')), ('3 17 42\n\n7\n', '2 2 1\n\n1\n'))
    same(convert('x.units', '-f', 'km')[0], '3 3 17 17 42\n\n7\n')


@claim
def all_codebooks_are_converted_at_once_or_one_is_chosen():
    train = [f'{VOQ}-train', '-q', '-k', '4', '--codebooks', '3', '-o', 'r.voq', 'x.npy']
    header = "{'descr': '<f4', 'fortran_order': False, 'shape': (30, 2), }".ljust(117) + '\n'
    write('x.npy', b'\x93NUMPY\x01\x00' + struct.pack('<H', 118) + header.encode() +
          struct.pack('<60f', *(i * i % 37 for i in range(60))))
    subprocess.run(train, check=True)
    convert('r.voq', '-o', 'r.npy')
    with open('r.npy', 'rb') as file:
        assert b"'shape': (3, 4, 2)" in file.read(128)
    convert('r.npy', '-q', '-o', 'back.voq')
    hashes = [subprocess.run([VOQ, 'info', name], capture_output=True, text=True)
              .stdout.split('hash')[1].split()[0] for name in ('r.voq', 'back.voq')]
    same(hashes[0], hashes[1])
    for number in '1', '2', '3':
        for name in 'r.voq', 'r.npy':
            convert(name, '-q', '--codebook', number, '-o', f'{name}.one.npy')
        with open('r.voq.one.npy', 'rb') as one, open('r.npy.one.npy', 'rb') as other:
            data = one.read()
            same(data, other.read())
            assert b"'shape': (4, 2)" in data[:128], data[:128]
    for name in 'r.voq', 'r.npy':
        assert '--codebook 4 does not exist' in convert(name, '-q', '--codebook', '4', '-o', 'n.npy', code=2)[1]
    run = subprocess.run([f'{VOQ}-train', '-q', '-k', '4', '--init', 'r.npy', '-o', 'n.voq',
                          'x.npy'], capture_output=True, text=True)
    assert run.returncode == 2 and 'voq convert --codebook N' in run.stderr, run.stderr


@claim
def advice_about_several_codebooks_can_be_followed():
    write('r.jsonl', '{"voq":1,"cb":2,"k":5,"hop":160,"rate":16000,"utt":"a"}\n'
                     '{"i":0,"t":0.000000,"unit":[1,2]}\n{"end":1,"t":0.010000}\n')
    _, err = convert('r.jsonl', '-f', 'gslm', code=2)
    assert '2 codebooks' in err and '--codebook N' in err, err
    same(convert('r.jsonl', '-q', '-f', 'gslm', '--codebook', '2')[0], 'a|2\n')


@claim
def a_codebook_of_scikit_learn_with_a_models_frames_is_told_to_give_other_labels():
    draw = random.Random(1)
    samples = struct.pack('<16000h', *(draw.randrange(-3000, 3000) for _ in range(16000)))
    write('a.wav', b'RIFF' + struct.pack('<I', 36 + len(samples)) + b'WAVEfmt ' +
          struct.pack('<IHHIIHH', 16, 1, 1, 16000, 32000, 2, 16) + b'data' +
          struct.pack('<I', len(samples)) + samples)
    subprocess.run([f'{VOQ}-train', '-q', '-k', '4', '--pca', '4', '-o', 'p.voq', 'a.wav'],
                   check=True)
    km, note = os.path.join(DATA, 'mini-f4.bin'), 'another grid than those of fairseq'
    _, err = convert(km, '--frontend', 'p.voq', '-o', 'x.voq')
    same([note in line for line in err.splitlines()], [False, True])
    assert '--features --profile hubert' in err, err
    for arguments in ([km, '-o', 'v.voq'], [km, '-q', '--frontend', 'p.voq', '-o', 'x.voq'],
                      ['p.voq', '--frontend', 'p.voq', '-o', 'x.voq'],
                      [os.path.join(DATA, 'mini-f4.npy'), '--frontend', 'p.voq', '-o', 'x.voq']):
        _, err = convert(*arguments)
        assert note not in err, f'{arguments}: {err}'


@claim
def names_are_refused_or_escaped_but_not_changed():
    write('n.gslm', 'a b|1\n')
    _, err = convert('n.gslm', '-f', 'ark', '-o', 'n.ark', code=3)
    assert 'a b: ' in err and '--name-escape' in err, err
    assert not os.path.exists('n.ark')
    same(convert('n.gslm', '-f', 'ark', '--text', '--name-escape')[0], 'a%20b 1 \n')


@claim
def one_codebook_of_several_is_chosen():
    write('m.jsonl', '{"voq":1,"k":9,"hop":160,"rate":16000,"cb":2,"utt":"m"}\n'
                     '{"i":0,"t":0,"unit":[1,2]}\n{"i":1,"t":0.01,"unit":[3,4]}\n'
                     '{"end":2,"t":0.02}\n')
    _, err = convert('m.jsonl', '-o', 'x.gslm', code=2)
    assert '--codebook N' in err, err
    same(convert('m.jsonl', '--codebook', '2')[0], 'm|2 4\n')
    _, err = convert('m.jsonl', '--codebook', '3', code=2)
    assert '--codebook 3 does not exist' in err, err


@claim
def a_cut_stream_is_converted_and_said():
    write('c.jsonl', '{"voq":1,"k":9,"hop":160,"rate":16000,"utt":"c"}\n{"i":0,"t":0,"unit":1}\n')
    out, err = convert('c.jsonl')
    same(out, 'c|1\n')
    assert 'the stream was cut' in err, err


@claim
def a_codebook_passes_through_a_model_unchanged():
    out, err = convert(os.path.join(DATA, 'mini-f4.bin'), '-o', 'km.voq')
    assert '5 codewords of 4 dimensions, scikit-learn 1.9.1' in err, err
    convert('km.voq', '-o', 'km.npy')
    with open('km.npy', 'rb') as got, open(os.path.join(DATA, 'mini-f4.npy'), 'rb') as expected:
        assert got.read() == expected.read()
    convert('km.voq', '-o', 'km.h', '--symbol', 'units')
    assert 'static const float units[UNITS_K * UNITS_DIM]' in read('km.h')
    _, err = convert('km.voq', '-o', 'km.h', '--symbol', 'while', code=2)
    _, err = convert('km.voq', '-o', 'km.txt', code=2)
    assert 'NAME.voq, NAME.npy or NAME.h' in err, err


@claim
def a_dump_that_is_no_model_is_refused():
    _, err = convert(os.path.join(DATA, 'random-state.bin'), '-o', 'km.voq', code=3)
    assert 'byte 207: opcode 93: ' in err and 'RandomState' in err, err
    assert not os.path.exists('km.voq')


@claim
def a_full_disk_ends_with_5():
    write('a.gslm', EXAMPLE)
    for arguments in (['a.gslm'], ['a.gslm', '-f', 'ark']):
        _, err = convert(*arguments, '-o', '/dev/full', code=5)
        assert 'No space left on device' in err, err


@claim
def a_reader_that_went_away_is_no_error():
    write('long.km', '1 2 3 4 5 6 7 8 9\n' * 100000)
    process = subprocess.Popen([VOQ, 'convert', '-q', 'long.km', '-f', 'km'],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.read(10)
    process.stdout.close()
    err = process.stderr.read()
    same((process.wait(), err), (0, b''))


def main():
    failed = 0
    print(f'1..{len(CLAIMS)}')
    for number, function in enumerate(CLAIMS, 1):
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            try:
                function()
                print(f'ok {number} - {function.__name__}', flush=True)
            except Exception:
                failed += 1
                for line in traceback.format_exc().splitlines():
                    print('#', line)
                print(f'not ok {number} - {function.__name__}', flush=True)
            os.chdir('/')
    return failed > 0


sys.exit(main())
