# SPDX-License-Identifier: MIT
"""Writes quantizer_vectors.h: what PyTorch and vector-quantize-pytorch compute for small inputs.

    python3 make_quantizer_vectors.py > quantizer_vectors.h

Inputs are drawn in float32; PyTorch computes in float64, vector-quantize-pytorch in float32.
"""
from importlib.metadata import version

import torch
import torch.nn.functional as F
from vector_quantize_pytorch import VectorQuantize

generator = torch.Generator().manual_seed(1)


def normal(*shape):
    return torch.randn(*shape, generator=generator).double()


def show(name, tensor, kind="float"):
    values = tensor.flatten().tolist()
    if kind == "float":
        digits = [repr(float(torch.tensor(value, dtype=torch.float32))) + "f" for value in values]
    else:
        digits = [repr(value) for value in values]
    print(f"static const {kind} {name}[] = {{")
    line = "   "
    for digit in digits:
        if len(line) + len(digit) > 96:
            print(line)
            line = "   "
        line += f" {digit},"
    print(line + "\n};")


def adamw():
    """Four steps; the first two of five parameters decay."""
    start, gradients = normal(5), normal(4, 5)
    rates = torch.tensor([.002, .0015, .001, .0002], dtype=torch.float64)
    p, q = start[:2].clone().requires_grad_(), start[2:].clone().requires_grad_()
    optimizer = torch.optim.AdamW([{"params": [p], "weight_decay": .01},
                                   {"params": [q], "weight_decay": 0.}], betas=(.9, .98), eps=1e-8)
    after = []
    for rate, gradient in zip(rates, gradients):
        for group in optimizer.param_groups:
            group["lr"] = float(rate)
        p.grad, q.grad = gradient[:2].clone(), gradient[2:].clone()
        optimizer.step()
        after.append(torch.cat([p, q]).detach().clone())
    show("adamw_start", start)
    show("adamw_rate", rates, "double")
    show("adamw_gradient", gradients)
    show("adamw_after", torch.stack(after))


def cross_entropy():
    """Six rows of five classes; row 2 has no label."""
    logits = (normal(6, 5) * 3).requires_grad_()
    label = torch.tensor([3, 0, -1, 4, 1, 1])
    weight = torch.tensor([1, .5, 1, .5, 1, .25], dtype=torch.float64)
    rows = F.cross_entropy(logits, label, ignore_index=-1, label_smoothing=.05, reduction="none")
    loss = (rows * weight).sum() / weight[label >= 0].sum()
    loss.backward()
    show("entropy_logits", logits)
    show("entropy_label", label, "int32_t")
    show("entropy_weight", weight)
    show("entropy_loss", loss, "double")
    show("entropy_gradient", logits.grad)


def squared_error():
    y, target = normal(4, 3).requires_grad_(), normal(4, 3)
    loss = F.mse_loss(y, target)
    loss.backward()
    show("squares_y", y)
    show("squares_target", target)
    show("squares_loss", loss, "double")
    show("squares_gradient", y.grad)


def straight_through():
    """Two residual codebooks of six codewords behind a linear layer z = x w'. The loss behind is
    linear in z_q."""
    x, w, behind = normal(8, 3), normal(4, 3).requires_grad_(), normal(8, 4)
    codebook = (normal(2, 6, 4) * torch.tensor([1., .4]).view(2, 1, 1)).requires_grad_()
    z = x @ w.t()
    z.retain_grad()
    left, sums, ids, losses, codebook_loss = z, 0, [], [], 0
    for level in codebook:
        index = torch.cdist(left.detach(), level.detach()).argmin(1)
        codebook_loss = codebook_loss + ((left.detach() - level[index]) ** 2).sum(1).mean()
        sums = sums + level[index].detach()
        left = z - sums
        ids.append(index)
        losses.append((left ** 2).sum(1).mean())
    z_q = z + (sums - z).detach()
    loss = (z_q * behind).sum() + .25 * sum(losses) + codebook_loss
    loss.backward()
    show("through_x", x)
    show("through_w", w)
    show("through_behind", behind)
    show("through_codeword", codebook)
    show("through_z", z)
    show("through_id", torch.stack(ids, 1), "uint32_t")
    show("through_z_q", z_q)
    show("through_level_loss", torch.stack(losses), "double")
    show("through_dz", z.grad)
    show("through_dw", w.grad)
    show("through_dcodeword", codebook.grad)


def moving_average(name, smoothing):
    """Two steps of VectorQuantize(decay=.99, eps=smoothing, threshold_ema_dead_code=0), whose
    counts start at 1."""
    quantizer = VectorQuantize(dim=3, codebook_size=5, decay=.99, eps=smoothing,
                               threshold_ema_dead_code=0, rotation_trick=False)
    start, batches = normal(5, 3).float(), normal(2, 12, 3).float()
    codebook = quantizer._codebook
    codebook.embed.data.copy_(start[None])
    codebook.embed_avg.data.copy_(start[None])
    codebook.cluster_size.data.fill_(1)
    quantizer.train()
    ids = [quantizer(batch[None])[1][0] for batch in batches]
    show(f"{name}_start", start)
    show(f"{name}_batch", batches)
    show(f"{name}_id", torch.stack(ids), "uint32_t")
    show(f"{name}_count", codebook.cluster_size)
    show(f"{name}_sum", codebook.embed_avg)
    show(f"{name}_codeword", codebook.embed)


print("/* SPDX-License-Identifier: MIT */")
print("/* Made by make_quantizer_vectors.py with PyTorch " + torch.__version__.split("+")[0] +
      " and vector-quantize-pytorch")
print(f"   {version('vector-quantize-pytorch')}. */")
print("#ifndef VOQ_TESTS_QUANTIZER_VECTORS_H\n#define VOQ_TESTS_QUANTIZER_VECTORS_H\n")
print("#include <stdint.h>\n")
adamw()
cross_entropy()
squared_error()
straight_through()
moving_average("plain", 0.)
moving_average("smooth", 1e-2)
print("\n#endif")
