#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""k-means of voq train beside scikit-learn and faiss, from the same start: CPU seconds and
distortion after the same number of iterations. By hand, with a Python that has both:

    tests/bench/kmeans_peers.py [--frames 1000000] [--codes 500] [--iterations 20] [--runs 1]
        [VECTORS.npy]

VECTORS.npy are float32 [n][dim], taken again and again with a little noise until there are enough;
`voq encode --features --profile hubert -f hubert -o FOLDER SPEECH` writes FOLDER/train_0_1.npy.
Without them a mixture of clouds in 39 dimensions stands in.

One thread and float32 for all. Each passes over the vectors once an iteration; scikit-learn and voq
once more, so that the last codewords are measured too. The peers have the vectors in memory; voq is
timed as a whole: it reads its input, hashes it for the model's provenance and writes its cache.
What became of codewords without vectors differs, and with it the distortion. CPU seconds are the
median of the runs, which take turns.
"""
import argparse
import os
import resource
import statistics
import subprocess
import tempfile
import time

for name in ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS'):
    os.environ[name] = '1'

import numpy as np


def vectors(path, n, seed=1):
    draw = np.random.default_rng(seed)
    if path:
        x = np.load(path)
        again = draw.integers(len(x), size=n)
        again[:len(x)] = np.arange(min(len(x), n))
        x = x[again]
        return np.ascontiguousarray(x + 0.05 * x.std(0) * draw.standard_normal(x.shape), np.float32)
    centre = 10 * draw.standard_normal((300, 39))
    x = centre[draw.integers(300, size=n)] + 4 * draw.standard_normal((n, 39))
    return x.astype(np.float32)


def distortion(x, codewords):
    c = codewords.astype(np.float64)
    total = 0.0
    for part in np.array_split(x.astype(np.float64), max(1, len(x) // 20000)):
        d = (part ** 2).sum(1)[:, None] - 2 * part @ c.T + (c ** 2).sum(1)
        total += d.min(1).sum()
    return total / len(x)


def with_voq(voq, folder, x, start, iterations):
    np.save(f'{folder}/x.npy', x)
    np.save(f'{folder}/start.npy', start)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([voq, 'train', '-q', '-j', '1', '--init', f'{folder}/start.npy',
                    '--tolerance', '0', '--iterations', str(iterations), '--cache-dir', folder,
                    '-o', f'{folder}/a.voq', f'{folder}/x.npy'], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([voq, 'convert', f'{folder}/a.voq', '-o', f'{folder}/a.npy'], check=True)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, np.load(f'{folder}/a.npy')


def with_sklearn(x, start, iterations):
    from sklearn.cluster import KMeans
    model = KMeans(len(start), init=start, n_init=1, max_iter=iterations, tol=0, algorithm='lloyd')
    before = time.process_time()
    model.fit(x)
    seconds = time.process_time() - before
    if model.n_iter_ < iterations:
        print(f'scikit-learn stopped after {model.n_iter_} iterations')
    return seconds, model.cluster_centers_


def with_faiss(x, start, iterations):
    import faiss
    faiss.omp_set_num_threads(1)
    model = faiss.Kmeans(x.shape[1], len(start), niter=iterations,
                         max_points_per_centroid=len(x), seed=1)
    before = time.process_time()
    model.train(x, init_centroids=start)
    return time.process_time() - before, model.centroids


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parse = argparse.ArgumentParser()
    parse.add_argument('vectors', nargs='?')
    parse.add_argument('--frames', type=int, default=1000000)
    parse.add_argument('--codes', type=int, default=500)
    parse.add_argument('--iterations', type=int, default=20)
    parse.add_argument('--runs', type=int, default=1)
    parse.add_argument('--voq', default=os.path.join(here, '../../build/tools/voq'))
    options = parse.parse_args()
    x = vectors(options.vectors, options.frames)
    start = x[np.random.default_rng(2).choice(len(x), options.codes, replace=False)].copy()
    print(f'{len(x)} x {x.shape[1]}, {options.codes} codes, {options.iterations} iterations, '
          'one thread')
    seconds, codewords = {}, {}
    with tempfile.TemporaryDirectory(prefix='voq-bench-') as folder:
        trainers = {'voq': lambda: with_voq(options.voq, folder, x, start, options.iterations),
                    'scikit-learn': lambda: with_sklearn(x, start, options.iterations),
                    'faiss': lambda: with_faiss(x, start, options.iterations)}
        for _ in range(options.runs):
            for name, train in trainers.items():
                used, codewords[name] = train()
                seconds.setdefault(name, []).append(used)
    median = {name: statistics.median(used) for name, used in seconds.items()}
    for name, used in median.items():
        share = used / median['scikit-learn']
        print(f'{name:14} {used:8.1f} CPU s  {share:5.2f} of scikit-learn   '
              f'distortion {distortion(x, codewords[name]):.6g}')


main()
