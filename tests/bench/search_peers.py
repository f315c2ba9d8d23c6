#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Times the nearest codeword by voq beside faiss and scikit-learn, on one core, in one run:

    taskset -c 0 tests/bench/search_peers.py RECORDING.wav [--build build] [--before SEARCH_BENCH]

Vectors of 39, 30 and 64 dimensions are features of the recording by the shipped models, with their
codewords; 2000 codewords of 39 dimensions are trained on the same features. The larger shapes are
normal numbers from a seed. voq runs in tests/bench/search_bench, the peers from Python, with float32
in memory and one thread. --before names a search_bench of another build of voq.

Times are medians of the rounds, in CPU time, in ns per vector. Each round runs every tool once."""
import argparse
import os
import statistics
import subprocess
import tempfile
import time

for name in ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS'):
    os.environ[name] = '1'

import numpy as np

MODELS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../models')
SPOKEN = (('mfcc-500', None), ('mfcc-500', 2000), ('lda-500', None), ('distil-500', None), ('phone-256', None))
DRAWN = ((256, 1024, 4000), (768, 500, 2000), (768, 2000, 1000), (512, 8192, 300))
MOST, ALONE = 20000, 2000


def features(voq, model, recording, folder):
    subprocess.run([voq, 'encode', '-q', '--features', '-m', model, '-o', f'{folder}/x.npy', recording], check=True)
    return np.load(f'{folder}/x.npy')[:MOST]


def codewords(voq, model, folder):
    subprocess.run([voq, 'convert', model, '-o', f'{folder}/c.npy'], check=True)
    return np.load(f'{folder}/c.npy')


def trained(voq, n_code, folder):
    subprocess.run([voq, 'train', '-q', '-k', str(n_code), '--iterations', '10', '--cache-dir', folder,
                    '-o', f'{folder}/c.voq', f'{folder}/x.npy'], check=True)
    return codewords(voq, f'{folder}/c.voq', folder)


def shapes(voq, recording, folder):
    for name, n_code in SPOKEN:
        model = os.path.join(MODELS, name + '.voq')
        x = features(voq, model, recording, folder)
        yield 'speech', x, trained(voq, n_code, folder) if n_code else codewords(voq, model, folder)
    draw = np.random.default_rng(1)
    for dim, n_code, n in DRAWN:
        yield 'seeded', *(draw.standard_normal((rows, dim)).astype(np.float32) for rows in (n, n_code))


def driver(path, x, c, folder):
    x.astype('<f4').tofile(f'{folder}/x.f32')
    c.astype('<f4').tofile(f'{folder}/c.f32')
    line = subprocess.run([path, f'{folder}/x.f32', f'{folder}/c.f32', str(x.shape[1])], check=True,
                          capture_output=True, text=True).stdout
    return [float(word) for word in line.split()]


def cpu_ns(work, n):
    before = time.process_time()
    work()
    return (time.process_time() - before) / n * 1e9


def with_faiss(x, c):
    import faiss
    faiss.omp_set_num_threads(1)
    index = faiss.IndexFlatL2(c.shape[1])
    index.add(np.ascontiguousarray(c, np.float32))
    one = [x[i:i + 1] for i in range(min(ALONE, len(x)))]
    return (lambda: cpu_ns(lambda: index.search(x, 1), len(x)),
            lambda: cpu_ns(lambda: [index.search(v, 1) for v in one], len(one)))


def with_sklearn(x, c):
    from sklearn.cluster import KMeans
    model = KMeans(n_clusters=len(c), n_init=1, max_iter=1, init=c).fit(c)
    model.cluster_centers_ = np.ascontiguousarray(c, np.float32)
    return lambda: cpu_ns(lambda: model.predict(x), len(x)), None


def measure(x, c, drivers, rounds, folder):
    """The medians of each tool: all vectors at once, and one alone."""
    peers = {'faiss': with_faiss(x, c), 'scikit-learn': with_sklearn(x, c)}
    times = {}
    for _ in range(rounds):
        for name, path in drivers.items():
            together, alone = driver(path, x, c, folder)
            times.setdefault(name, []).append((together, alone))
        for name, (together, alone) in peers.items():
            times.setdefault(name, []).append((together(), alone() if alone else float('nan')))
    return {name: [statistics.median(column) for column in zip(*rows)] for name, rows in times.items()}


def main():
    parse = argparse.ArgumentParser()
    parse.add_argument('recording')
    parse.add_argument('--build', default='build')
    parse.add_argument('--before')
    parse.add_argument('--rounds', type=int, default=5)
    options = parse.parse_args()
    drivers = {'before': options.before} if options.before else {}
    drivers['voq'] = os.path.join(options.build, 'tests/bench/search_bench')
    ratios = []
    with tempfile.TemporaryDirectory(prefix='voq-bench-') as folder:
        for kind, x, c in shapes(os.path.join(options.build, 'tools/voq'), options.recording, folder):
            x = np.ascontiguousarray(x, np.float32)
            found = measure(x, c, drivers, options.rounds, folder)
            shape = f'{x.shape[1]} x {len(c)}'
            for which, what in ((0, shape), (1, shape + ', alone')):
                row = '  '.join(f'{name} {ns[which]:.0f}' for name, ns in found.items() if ns[which] == ns[which])
                print(f'{what:19} {kind}  {row} ns', flush=True)
                ratios.append((what, found['faiss'][which] / found['voq'][which]))
    print('\nfaster than faiss:')
    for what, ratio in ratios:
        print(f'{what:19} {ratio:.2f}x')


main()
