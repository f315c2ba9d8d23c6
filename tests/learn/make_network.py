#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes network.safetensors: a small random encoder of PyTorch, features, and what must come out.

    make_network.py REFERENCE     REFERENCE: encoder_reference.py, an independent NumPy implementation

Latents come from PyTorch's layers, the integers and the steps of conv outputs from REFERENCE. Run by
hand in this folder, never by a test. Versions: Python 3.11, torch 2.15, numpy 2.4.
"""
import importlib.util
import json
import struct
import sys

import numpy as np
import torch
from torch import nn

SPEC = "conv 12 5 right 2; conv 10 3 right 1; gru 9; conv 8 3 dilation 4 right 1; gru 6; latent 5"
LENGTHS = 60, 3, 1


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        normed = nn.Conv1d(7, 12, 5, bias=False)
        normed.norm = nn.BatchNorm1d(12)
        self.layers = nn.ModuleList([normed, nn.Conv1d(12, 10, 3), nn.GRU(10, 9, batch_first=True),
                                     nn.Conv1d(9, 8, 3, dilation=4), nn.GRU(8, 6, batch_first=True),
                                     nn.Linear(6, 5)])

    def forward(self, x, rights=(2, 1, 0, 1, 0, 0)):
        for layer, right in zip(self.layers, rights):
            if isinstance(layer, nn.Conv1d):
                reach = layer.dilation[0]
                pad = ((layer.kernel_size[0] - 1 - right) * reach, right * reach)
                y = layer(nn.functional.pad(x.mT, pad))
                x = (layer.norm(y) if hasattr(layer, "norm") else y).relu().mT
            elif isinstance(layer, nn.GRU):
                x = layer(x)[0]
            else:
                x = layer(x).tanh()
        return x


def random_network():
    torch.manual_seed(4)
    net = Network()
    norm = net.layers[0].norm
    norm.weight.data.uniform_(.5, 1.5), norm.bias.data.normal_(0, .1)
    norm.running_mean.normal_(0, .1), norm.running_var.uniform_(.3, 2)
    net.layers[1].weight.data[3] = 0       # a row of zeros
    net.layers[5].weight.data[1] *= 1e-6   # and nearly one
    ties = (torch.arange(27) * 4 + .5) * 3 / 128  # 127 w / top ends in .5
    ties[0] = 127 * 3 / 128
    net.layers[3].weight.data[2] = ties.reshape(9, 3)
    for layer, type in ((2, torch.float16), (4, torch.bfloat16)):
        for parameter in net.layers[layer].parameters():
            parameter.data = parameter.data.to(type).float()  # kept exactly by the narrow type
    return net.eval()


def reference_layers(net):
    """The layers as REFERENCE has them, batch norm folded in double and rounded to float once."""
    out = []
    for layer, right in zip(net.layers, (2, 1, 0, 1, 0, 0)):
        state = {k: v.double().numpy() for k, v in layer.state_dict().items()}
        if isinstance(layer, nn.Conv1d):
            w, b = state["weight"], state.get("bias", np.zeros(layer.out_channels))
            if hasattr(layer, "norm"):
                scale = state["norm.weight"] / np.sqrt(state["norm.running_var"] + 1e-5)
                w = w * scale[:, None, None]
                b = (b - state["norm.running_mean"]) * scale + state["norm.bias"]
            w, b = (v.astype(np.float32).astype(np.float64) for v in (w, b))
            out.append(dict(kind="conv", w=w.transpose(2, 1, 0), b=b, d=layer.dilation[0],
                            right=right))
        elif isinstance(layer, nn.GRU):
            H, bi, bh = layer.hidden_size, state["bias_ih_l0"], state["bias_hh_l0"]
            b = np.concatenate([(bi + bh)[:2 * H], bi[2 * H:]]).astype(np.float32)
            out.append(dict(kind="gru", w=state["weight_ih_l0"].T, u=state["weight_hh_l0"].T,
                            b=b.astype(np.float64), bn=bh[2 * H:]))
        else:
            out.append(dict(kind="tanh", w=state["weight"].T, b=state["bias"]))
    return out


def conv_outputs(reference, layers, xs):
    """For each conv layer its outputs over all utterances."""
    found = {}
    for i, layer in enumerate(layers):
        ys = [reference.float_forward([layer], x) for x in xs]
        if layer["kind"] == "conv":
            found[i] = np.concatenate(ys)
        xs = ys
    return found


def expected_integers(reference, layers, tensors):
    for i, layer in enumerate(reference.quantize(layers)):
        for name, (w, b, M, s) in ((n, layer[k]) for n, k in (("input", "w"), ("state", "u"))
                                   if k in layer):
            tensors[f"expected.{i}.{name}.weight"] = "I8", w.astype("<i1")
            tensors[f"expected.{i}.{name}.bias"] = "I32", b.astype("<i4")
            tensors[f"expected.{i}.{name}.multiplier"] = "I32", M.astype("<i4")
            tensors[f"expected.{i}.{name}.shift"] = "I32", np.array([s], "<i4")


def write(path, tensors):
    header, data = {}, b""
    for name, (dtype, value) in tensors.items():
        header[name] = dict(dtype=dtype, shape=list(value.shape),
                            data_offsets=[len(data), len(data) + value.nbytes])
        data += value.tobytes()
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def narrow(name, value):
    if name.startswith("layers.2."):
        return "F16", value.numpy().astype("<f2")
    if name.startswith("layers.4."):
        return "BF16", (value.numpy().view("<u4") >> 16).astype("<u2")
    if value.dtype == torch.int64:
        return "I64", value.numpy()
    return "F32", value.numpy().astype("<f4")


def main(path):
    spec = importlib.util.spec_from_file_location("reference", path)
    reference = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reference)
    net, draw = random_network(), np.random.default_rng(5)
    xs = [draw.normal(0, 1, (n, 7)).astype(np.float32) for n in LENGTHS]
    with torch.no_grad():
        zs = [net(torch.from_numpy(x)[None])[0].numpy() for x in xs]
    layers = reference_layers(net)
    for i, v in conv_outputs(reference, layers, xs).items():
        layers[i]["step"] = np.float64(reference.conv_step(v[v > 0]))
    tensors = {name: narrow(name, value) for name, value in net.state_dict().items()}
    for i, layer in enumerate(layers):
        if "step" in layer:
            tensors[f"expected.{i}.step"] = "F64", np.array(layer["step"])
    tensors["expected.x"] = "F32", np.concatenate(xs)
    tensors["expected.z"] = "F32", np.concatenate(zs)
    expected_integers(reference, layers, tensors)
    write("network.safetensors", tensors)


if __name__ == "__main__":
    main(sys.argv[1])
