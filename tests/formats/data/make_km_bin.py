#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the km.bin dumps of this folder with whatever scikit-learn and joblib are installed:

    python make_km_bin.py NAME     writes NAME.bin and NAME.npy, its centres in float32

Kept: mini-f4 (scikit-learn 1.9.1, joblib 1.6.0), mini-f4-old (1.2.2, joblib 1.1.1: no padding
before arrays), kmeans-f8 (1.9.1), random-state and plain-pickle (refused)."""
import pickle
import sys

import joblib
import numpy as np
import sklearn
from sklearn.cluster import KMeans, MiniBatchKMeans

name = sys.argv[1]
x = np.random.default_rng(7).normal(size=(60, 4))
if "f8" in name:
    model = KMeans(n_clusters=5, n_init=1, random_state=3, max_iter=5).fit(x)
else:
    state = np.random.RandomState(3) if "random" in name else 3
    model = MiniBatchKMeans(n_clusters=5, n_init=1, random_state=state, batch_size=32)
    model.fit(x.astype(np.float32))
if "pickle" in name:
    with open(name + ".bin", "wb") as file:
        pickle.dump(model, file, protocol=4)
else:
    joblib.dump(model, name + ".bin")
    np.save(name + ".npy", model.cluster_centers_.astype(np.float32))
print(name, sklearn.__version__, joblib.__version__, model.cluster_centers_.dtype)
