# SPDX-License-Identifier: MIT
"""Writes the network of the encoder's NumPy reference as a model file, by the bytes of models/README.md.

    prototype_model.py FOLDER OUT.voq [features]

FOLDER holds encoder_reference.py and prototype-256.npz. With `features` the model ends in what enters the
encoder. Needs NumPy.
"""
import importlib.util
import pathlib
import struct
import sys

import numpy as np

KIND = {"conv": 1, "gru": 2, "tanh": 3}
# voq_frontend from `feature` to `top_db`: the profile encoder.
FRONTEND = struct.pack("<21I9f", 1, 16000, 400, 160, 512, 6, 1, 0, 2, 40, 0, 0, 0, 3, 13, 0, 0, 0, 0, 0, 2,
                       1, 0, 20, 7800, 1e-5, 0, 0, np.finfo("f4").min, 0)


def reference(folder):
    spec = importlib.util.spec_from_file_location("encoder_reference", pathlib.Path(folder, "encoder_reference.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def matrix(m):
    w, b, multiplier, _ = m
    data = b.astype("<i4").tobytes() + multiplier.astype("<i4").tobytes() + w.astype("<i1").tobytes()
    return data + bytes(-len(data) % 4)


def encoder_section(network, in_dim):
    heads, data = b"", b""
    for layer in network:
        columns, rows = layer["w"][0].shape[1], layer["w"][0].shape[0]
        taps, out_dim = layer.get("taps", 1), rows // (3 if layer["kind"] == "gru" else 1)
        heads += struct.pack("<10I", KIND[layer["kind"]], in_dim, out_dim, taps, layer.get("d", 1),
                             layer.get("right", 0), 1, layer["w"][3], layer["u"][3] if "u" in layer else 0, 0)
        assert columns == taps * in_dim
        data += b"".join(matrix(layer[name]) for name in "wu" if name in layer)
        in_dim = out_dim
    return struct.pack("<2I", len(network), 0) + heads + data


def normalise_section(mean, std):
    scale = (1 / std.astype(np.float64)).astype("<f4")
    return struct.pack("<4IfI", 5, len(mean), 50, 400, 0, 1) + mean.astype("<f4").tobytes() + scale.tobytes()


def crc32c(data):
    table = []
    for i in range(256):
        for _ in range(8):
            i = i >> 1 ^ (0x82F63B78 if i & 1 else 0)
        table.append(i)
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ table[(crc ^ byte) & 255]
    return crc ^ 0xFFFFFFFF


def model_file(sections):
    """[(type, is required, bytes)] as a file."""
    at, table, body = 32 + 32 * len(sections), b"", b""
    for kind, required, data in sections:
        table += struct.pack("<4sIQQII", kind, required, at + len(body), len(data), crc32c(data), 0)
        body += data + bytes(-len(data) % 8)
    head = struct.pack("<8sIIQ", b"\x89VOQ\r\n\x1a\n", 1, len(sections), at + len(body))
    return head + struct.pack("<II", crc32c(head + table), 0) + table + body


def write_model(folder, path, only_features=False):
    module = reference(folder)
    layers, codebook, mean, std = module.load(pathlib.Path(folder, "prototype-256.npz"))
    sections = [(b"FRNT", 1, FRONTEND), (b"NORM", 1, normalise_section(mean, std))]
    if not only_features:
        network = module.quantize(layers)
        head = struct.pack("<4I", 1, *codebook.shape, 0)
        sections += [(b"ENCD", 1, encoder_section(network, len(mean))),
                     (b"CDBK", 1, head + codebook.astype("<f4").tobytes())]
    pathlib.Path(path).write_bytes(model_file(sections + [(b"NAME", 0, b"prototype-256")]))


if __name__ == "__main__":
    write_model(sys.argv[1], sys.argv[2], sys.argv[3:] == ["features"])
