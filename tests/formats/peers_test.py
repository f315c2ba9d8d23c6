# SPDX-License-Identifier: MIT
"""Files that voq writes are read by the libraries whose formats they are, and theirs by voq.
Arguments: the voq executable. A library that is not installed is a skip."""

import importlib
import os
import subprocess
import sys
import tempfile
import traceback

VOQ = os.path.abspath(sys.argv[1])
UNITS = {'utt1': [3, 3, 17, 17, 42], 'utt2': [], 'u3': [7]}
FACTS = ['--hop', '160', '--rate', '16000', '--codes', '100']
CLAIMS = []


class Skip(Exception):
    pass


def claim(function):
    CLAIMS.append(function)
    return function


def library(name):
    try:
        return importlib.import_module(name)
    except ImportError:
        raise Skip(f'no Python module {name}')


def convert(*arguments):
    result = subprocess.run([VOQ, 'convert', '-q', *arguments], capture_output=True, check=True)
    return result.stdout.decode()


def gslm(units=None):
    with open('units.gslm', 'w') as file:
        for name, ids in (UNITS if units is None else units).items():
            file.write(f'{name}|{" ".join(map(str, ids))}\n')
    return 'units.gslm'


@claim
def numpy_loads_every_type_that_voq_writes():
    numpy = library('numpy')
    for code in ('i4', 'i8', 'i2', 'u2'):
        convert(gslm(), '-f', 'npy', '--npy-type', code, '-o', 'npys')
        for name, ids in UNITS.items():
            array = numpy.load(f'npys/{name}.npy', allow_pickle=False)
            assert array.dtype == numpy.dtype('<' + code), array.dtype
            assert array.shape == (len(ids),) and array.tolist() == ids
        numpy.save('same.npy', numpy.array(UNITS['utt1'], '<' + code))
        with open('same.npy', 'rb') as ours, open('npys/utt1.npy', 'rb') as theirs:
            assert ours.read() == theirs.read()


@claim
def voq_reads_what_numpy_writes():
    numpy = library('numpy')
    ids = UNITS['utt1']
    for version in ((1, 0), (2, 0), (3, 0)):
        for code in ('|i1', '<i2', '>i2', '<i4', '>i4', '<i8', '>i8', '|u1', '<u2', '>u8'):
            with open('a.npy', 'wb') as file:
                numpy.lib.format.write_array(file, numpy.array(ids, code), version=version)
            assert convert('a.npy') == 'a|3 3 17 17 42\n', (version, code)
    numpy.save('b.npy', numpy.array(7))
    assert convert('b.npy') == 'b|7\n'
    two = numpy.array([[1, 2], [3, 4], [5, 6]])
    for array, axes in ((two, 'tq'), (numpy.asfortranarray(two), 'tq'), (two.T.copy(), 'qt')):
        numpy.save('c.npy', array)
        assert convert('c.npy', '--npy-axes', axes, '--codebook', '2') == 'c|2 4 6\n'


@claim
def voq_refuses_numpys_objects():
    numpy = library('numpy')
    numpy.save('o.npy', numpy.array([1, 'x'], object), allow_pickle=True)
    result = subprocess.run([VOQ, 'convert', '--from', 'npy', 'o.npy'], capture_output=True)
    assert result.returncode == 3 and b'o.npy: byte ' in result.stderr, result.stderr


@claim
def kaldi_native_io_reads_archive_index_and_text():
    kaldi = library('kaldi_native_io')
    convert(gslm(), '-o', 'a.ark', '--scp', 'a.scp')
    convert(gslm(), '-o', 't.ark', '--text')
    for specifier in ('ark:a.ark', 'ark:t.ark', 'scp:a.scp'):
        with kaldi.SequentialInt32VectorReader(specifier) as reader:
            got = {name: list(ids) for name, ids in reader}
        assert got == UNITS, (specifier, got)


@claim
def voq_reads_what_kaldi_native_io_writes():
    kaldi = library('kaldi_native_io')
    for specifier, path in (('ark,scp:k.ark,k.scp', 'k.ark'), ('ark,t:k.txt.ark', 'k.txt.ark')):
        with kaldi.Int32VectorWriter(specifier) as writer:
            for name, ids in UNITS.items():
                writer.write(name, ids)
        expected = ''.join(f'{n}|{" ".join(map(str, i))}\n' for n, i in UNITS.items())
        assert convert(path) == expected, path
    assert convert('k.scp') == expected


@claim
def kaldi_matrices_pass_both_ways():
    kaldi, numpy = library('kaldi_native_io'), library('numpy')
    x = numpy.array([[1, 2], [3, 4], [5, -0.5]], numpy.float32)
    numpy.save('x.npy', x)
    for text in ([], ['--text']):
        convert('--features', 'x.npy', '-f', 'ark', '-o', 'x.ark', '--scp', 'x.scp', *text)
        for specifier in ('ark:x.ark', 'scp:x.scp'):
            with kaldi.SequentialFloatMatrixReader(specifier) as reader:
                (name, got), = [(n, numpy.array(m)) for n, m in reader]
            assert name == 'x' and numpy.array_equal(got, x)
    with kaldi.DoubleMatrixWriter('ark:d.ark') as writer:
        writer.write('d', x.astype(numpy.float64))
    convert('--features', 'd.ark', '-o', 'features')
    assert numpy.array_equal(numpy.load('features/d.npy'), x)


@claim
def kaldiio_reads_archives():
    kaldiio, numpy = library('kaldiio'), library('numpy')
    convert(gslm(), '-o', 'a.ark', '--scp', 'a.scp')
    got = {name: ids.tolist() for name, ids in kaldiio.load_ark('a.ark')}
    assert got == UNITS, got
    got = {name: numpy.asarray(ids).tolist() for name, ids in kaldiio.load_scp('a.scp').items()}
    assert got == UNITS, got


@claim
def praatio_and_textgrid_read_textgrids_and_voq_theirs():
    praat, textgrid = library('praatio.textgrid'), library('textgrid')
    convert(gslm({'u': UNITS['utt1']}), *FACTS, '-o', 'u.TextGrid')
    grid = praat.openTextgrid('u.TextGrid', includeEmptyIntervals=True)
    entries = [tuple(entry) for entry in grid.getTier('units').entries]
    assert entries == [(0, 0.02, '3'), (0.02, 0.04, '17'), (0.04, 0.05, '42')], entries
    tier = textgrid.TextGrid.fromFile('u.TextGrid').getFirst('units')
    assert [(i.minTime, i.maxTime, i.mark) for i in tier] == entries
    grid.save('long.TextGrid', format='long_textgrid', includeBlankSpaces=True)
    grid.save('short.TextGrid', format='short_textgrid', includeBlankSpaces=True)
    textgrid.TextGrid.fromFile('u.TextGrid').write('other.TextGrid')
    for name in ('long', 'short', 'other'):
        got = convert(f'{name}.TextGrid', '--hop', '160', '--rate', '16000')
        assert got == f'{name}|3 3 17 17 42\n', got


@claim
def minimal_hubert_merges_our_units_with_its_manifest():
    utils = library('minimal_hubert.utils')
    json = library('json')
    with open('manifest.csv', 'w') as file:
        file.write('fileid,path,num_samples\n')
        file.writelines(f'{name},{name}.wav,1360\n' for name in UNITS)
    for durations in ([], ['--durations']):
        convert(gslm(), '-f', 'fileid', *durations, '-o', 'units.jsonl')
        utils.merge_manifest_with_units('manifest.csv', 'units.jsonl', 'merged.jsonl',
                                        from_mfcc=False)
        with open('merged.jsonl') as file:
            merged = [json.loads(line) for line in file]
        assert {row['fileid']: row['units'] for row in merged} == {
            name: ids[:4] for name, ids in UNITS.items()}, merged
        assert convert('merged.jsonl', '-f', 'km') == '3 3 17 17\n\n7\n'


@claim
def datasets_loads_our_units():
    datasets = library('datasets')
    convert(gslm(), '-f', 'fileid', '--dedup', '--durations', '-o', 'units.jsonl')
    rows = datasets.load_dataset('json', data_files='units.jsonl', split='train',
                                 cache_dir='datasets-cache')
    assert rows['fileid'] == list(UNITS) and rows[0] == {
        'fileid': 'utt1', 'units': [3, 17, 42], 'durations': [2, 2, 1]}, rows[0]


@claim
def python_parses_every_line_of_fileid():
    json = library('json')
    text = convert(gslm({'a"\u00e9\\': [3, 3], 'b': []}), '-f', 'fileid', '--durations')
    assert [json.loads(line) for line in text.splitlines()] == [
        {'fileid': 'a"\u00e9\\', 'units': [3, 3], 'durations': [1, 1]},
        {'fileid': 'b', 'units': [], 'durations': []}]


@claim
def python_parses_every_line_of_jsonl():
    json = library('json')
    text = convert(gslm({'a"\u00e9\\': [3, 3]}), *FACTS, '-f', 'jsonl')
    lines = [json.loads(line) for line in text.splitlines()]
    assert lines[0]['utt'] == 'a"\u00e9\\' and lines[-1] == {'end': 2, 't': 0.02}, lines


@claim
def scikit_learns_dump_gives_its_own_centres():
    joblib, cluster, numpy = library('joblib'), library('sklearn.cluster'), library('numpy')
    x = numpy.random.default_rng(0).normal(size=(500, 39)).astype(numpy.float32)
    for kind in (cluster.MiniBatchKMeans, cluster.KMeans):
        model = kind(n_clusters=50, n_init=1, random_state=0, max_iter=3).fit(x)
        joblib.dump(model, 'km.bin')
        convert('km.bin', '-o', 'km.npy')
        assert numpy.array_equal(numpy.load('km.npy'), model.cluster_centers_)


@claim
def faiss_centroids_keep_their_bits():
    faiss, numpy = library('faiss'), library('numpy')
    x = numpy.random.default_rng(0).normal(size=(2000, 13)).astype(numpy.float32)
    kmeans = faiss.Kmeans(13, 20, niter=2)
    kmeans.train(x)
    numpy.save('faiss.npy', kmeans.centroids)
    convert('faiss.npy', '-o', 'faiss.voq')
    convert('faiss.voq', '-o', 'back.npy')
    assert numpy.array_equal(numpy.load('back.npy'), kmeans.centroids)


def voq(*arguments):
    return subprocess.run([VOQ, *arguments], capture_output=True, check=True).stdout.decode()


def residual_model(numpy, dim=5):
    """A model of vectors with three codebooks; the codewords."""
    codewords = numpy.random.default_rng(0).normal(size=(3, 8, dim)).astype(numpy.float32)
    numpy.save('c.npy', codewords)
    convert('c.npy', '-o', 'c.voq')
    return codewords


@claim
def all_codebooks_of_a_residual_model_are_one_array_for_numpy():
    numpy = library('numpy')
    codewords = residual_model(numpy)
    convert('c.voq', '-o', 'back.npy')
    assert numpy.array_equal(numpy.load('back.npy'), codewords)
    convert('c.voq', '--codebook', '2', '-o', 'second.npy')
    assert numpy.array_equal(numpy.load('second.npy'), codewords[1])
    numpy.save('turned.npy', numpy.ascontiguousarray(codewords.transpose(0, 2, 1)))
    convert('turned.npy', '--transpose', '-o', 'turned.voq')
    convert('turned.voq', '-o', 'back.npy')
    assert numpy.array_equal(numpy.load('back.npy'), codewords)
    numpy.save('wide.npy', codewords.astype('>f8'))
    convert('wide.npy', '-o', 'back.npy')
    assert numpy.array_equal(numpy.load('back.npy'), codewords)


@claim
def numpy_loads_decoded_vectors_and_distances():
    numpy = library('numpy')
    codewords = residual_model(numpy)
    x = numpy.random.default_rng(1).normal(size=(400, 5)).astype(numpy.float32)
    numpy.save('x.npy', x)
    voq('encode', '-q', '-m', 'c.voq', '-f', 'npy', '-o', 'i.npy', '--distances', 'd.npy', 'x.npy')
    ids, distances = numpy.load('i.npy'), numpy.load('d.npy')
    assert ids.shape == distances.shape == (400, 3) and distances.dtype == numpy.float32
    left = x.astype(float)
    for c in range(3):
        squares = ((left[:, None] - codewords[c]) ** 2).sum(2)
        assert numpy.allclose(distances[:, c], squares.min(1), rtol=1e-5, atol=1e-6)
        left -= codewords[c][ids[:, c]]
    voq('decode', '-q', '-m', 'c.voq', 'i.npy', '-o', 'z.npy')
    z = numpy.load('z.npy')
    assert z.dtype == numpy.float32 and numpy.allclose(z, x - left, atol=1e-6)
    convert('c.voq', '--codebook', '1', '-o', 'one.voq')
    voq('encode', '-q', '-m', 'one.voq', '-f', 'npy', '-o', 'i.npy', '--distances', 'd.npy', 'x.npy')
    assert numpy.load('d.npy').shape == numpy.load('i.npy').shape == (400,)


def main():
    failed = 0
    print(f'1..{len(CLAIMS)}')
    for number, function in enumerate(CLAIMS, 1):
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            try:
                function()
                print(f'ok {number} - {function.__name__}', flush=True)
            except Skip as why:
                print(f'ok {number} - {function.__name__} # SKIP {why}', flush=True)
            except Exception as error:
                failed += 1
                for line in traceback.format_exc().splitlines():
                    print('#', line)
                if isinstance(error, subprocess.CalledProcessError):
                    print('#', error.stderr)
                print(f'not ok {number} - {function.__name__}', flush=True)
            os.chdir('/')
    return failed > 0


sys.exit(main())
