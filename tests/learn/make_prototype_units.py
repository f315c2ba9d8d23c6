#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes prototype.json: what an independent NumPy implementation makes of the prototype encoder.

    make_prototype_units.py REFERENCE WEIGHTS.npz RECORDING...

REFERENCE is that implementation, encoder_reference.py. The file holds the steps of the conv outputs,
a SHA-256 of all integers, and the units of the recordings by the integers and by the floats. Run by
hand in this folder, never by a test. Needs numpy and soundfile. Versions: Python 3.11, numpy 2.4.
"""
import hashlib
import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
import soundfile


def load_reference(path):
    spec = importlib.util.spec_from_file_location("reference", path)
    reference = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reference)
    return reference


def hash_of(net):
    """Of each matrix, input before state: int8 weights, int32 biases, multipliers and shift."""
    digest = hashlib.sha256()
    for layer in net:
        for w, b, M, s in (layer[k] for k in "wu" if k in layer):
            for values, kind in ((w, "<i1"), (b, "<i4"), (M, "<i4"), (s, "<i4")):
                digest.update(np.asarray(values).astype(kind).tobytes())
    return digest.hexdigest()


def text(ids):
    return " ".join(map(str, ids))


def main(reference, weights, *recordings):
    reference = load_reference(reference)
    layers, codebook, mean, std = reference.load(weights)
    net = reference.quantize(layers)
    units, float_units = {}, {}
    for path in map(Path, recordings):
        x, _ = soundfile.read(path, dtype="float32")
        v = reference.normalise(reference.log_mel(x), mean, std)
        z = reference.int_forward(net, reference.int_input(v)) / 16384
        units[path.stem] = text(reference.nearest(z, codebook))
        float_units[path.stem] = text(reference.nearest(reference.float_forward(layers, v), codebook))
    found = {"steps": reference.PROTOTYPE_STEPS, "integers_sha256": hash_of(net), "units": units,
             "float_units": float_units}
    Path("prototype.json").write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
