#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes layer_vectors.h: outputs and gradients of small networks by PyTorch's autograd.

    python3 make_layer_vectors.py > layer_vectors.h

PyTorch computes in float64. Arrays are in the order of voq: x[step][piece][dim], w[out][tap][in].
"""
import torch
import torch.nn.functional as F
from torch import nn

STEPS, PIECES = 12, 3
torch.manual_seed(1)
torch.set_default_dtype(torch.float64)


def show(name, tensor):
    print(f"static const float {name}[] = {{")
    line = "   "
    for value in tensor.detach().flatten().float().numpy():
        digit = f" {float(str(value))!r}f,"
        if len(line) + len(digit) > 96:
            print(line)
            line = "   "
        line += digit
    print(line + "\n};")


def rounded(tensor):
    """Values that a float holds exactly."""
    return tensor.detach().float().double()


def in_order(x):
    """From PyTorch's [piece][dim][step]."""
    return x.permute(2, 0, 1)


class Convolution(nn.Module):
    def __init__(self, n_in, n_out, taps, dilation=1, right=0, stride=1, relu=False, norm=False):
        super().__init__()
        self.conv = nn.Conv1d(n_in, n_out, taps, dilation=dilation, bias=not norm)
        self.norm = nn.BatchNorm1d(n_out) if norm else None
        self.left, self.right = (taps - 1 - right) * dilation, right * dilation
        self.stride, self.relu = stride, relu
        if norm:
            nn.init.uniform_(self.norm.weight, .5, 1.5)
            nn.init.uniform_(self.norm.bias, -.5, .5)

    def forward(self, x):
        y = self.conv(F.pad(x, (self.left, self.right)))[:, :, self.stride - 1::self.stride]
        y = self.norm(y) if self.norm else y
        return F.relu(y) if self.relu else y

    def values(self, of):
        yield of(self.conv.weight).permute(0, 2, 1)
        if self.norm:
            yield from (of(self.norm.weight), of(self.norm.bias))
        else:
            yield of(self.conv.bias)


class Recurrence(nn.Module):
    """PyTorch has two biases of r and z; voq has their sum."""
    def __init__(self, n_in, n_out):
        super().__init__()
        self.gru = nn.GRU(n_in, n_out, batch_first=True)
        self.n = n_out

    def forward(self, x):
        return self.gru(x.permute(0, 2, 1))[0].permute(0, 2, 1)

    def values(self, of):
        gru, n = self.gru, self.n
        yield from (of(gru.weight_ih_l0), of(gru.weight_hh_l0))
        both = of(gru.bias_ih_l0).clone()
        if of is not gradient_of:
            both[:2 * n] += of(gru.bias_hh_l0)[:2 * n]
        yield from (both, of(gru.bias_hh_l0)[2 * n:])


class Latent(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.linear = nn.Linear(n_in, n_out)

    def forward(self, x):
        return torch.tanh(self.linear(x.permute(0, 2, 1))).permute(0, 2, 1)

    def values(self, of):
        yield from (of(self.linear.weight), of(self.linear.bias))


def value_of(parameter):
    return parameter.detach()


def gradient_of(parameter):
    return parameter.grad


def case(name, *layers):
    net = nn.Sequential(*layers)
    for parameter in net.parameters():
        parameter.data = rounded(parameter.data)
    for layer in layers:
        if isinstance(layer, Recurrence):
            layer.gru.bias_hh_l0.data[:2 * layer.n] = 0
    n_in = next(p for layer in layers for p in layer.parameters()).shape[1]
    x = rounded(torch.randn(PIECES, n_in, STEPS)).requires_grad_()
    y = net(x)
    dy = rounded(torch.randn_like(y))
    (y * dy).sum().backward()
    show(name + "_x", in_order(x))
    show(name + "_dy", in_order(dy))
    for suffix, of in (("parameter", value_of), ("gradient", gradient_of)):
        show(f"{name}_{suffix}", torch.cat([v.reshape(-1) for layer in layers for v in layer.values(of)]))
    show(name + "_y", in_order(y))
    show(name + "_dx", in_order(x.grad))
    norms = [layer.norm for layer in layers if getattr(layer, "norm", None)]
    running = [v for norm in norms for v in (norm.running_mean, norm.running_var)]
    show(name + "_statistic", torch.cat(running) if running else torch.zeros(1))


print(f"""/* SPDX-License-Identifier: MIT */
/* Made by make_layer_vectors.py with PyTorch {torch.__version__}. */
#ifndef VOQ_TESTS_LAYER_VECTORS_H
#define VOQ_TESTS_LAYER_VECTORS_H

enum {{ TORCH_STEPS = {STEPS}, TORCH_PIECES = {PIECES} }};
""")
case("dilated", Convolution(3, 4, 3, dilation=2, right=1))
case("normed", Convolution(3, 10, 5, right=2, stride=2, relu=True, norm=True))
case("recurrent", Recurrence(4, 6))
case("latent", Latent(5, 3))
case("chain", Convolution(4, 9, 5, right=2, relu=True, norm=True),
     Convolution(9, 8, 3, right=1, stride=3, relu=True, norm=True), Recurrence(8, 7),
     Convolution(7, 6, 3, dilation=2, right=1, relu=True, norm=True), Recurrence(6, 5), Latent(5, 4))
print("\n#endif")
