/* SPDX-License-Identifier: MIT */
#include "tools/learn/taps.h"

size_t tap_sets(const struct layer *layer)
{
    return layer->spec.stride == 1 ? 1 : layer->n_piece;
}

/* The input step is stride u + shift; u is limited so that it stays within the input. */
struct tap_rows tap_rows(const struct layer *layer, size_t n_step_in, size_t tap, size_t set)
{
    const struct layer_spec *spec = &layer->spec;
    int64_t stride = spec->stride, n_in = (int64_t)n_step_in, n_out = (int64_t)layer->n_step;
    int64_t behind = (int64_t)spec->taps - 1 - spec->right - (int64_t)tap;
    int64_t shift = stride - 1 - behind * spec->dilation;
    int64_t first = shift < 0 ? (-shift + stride - 1) / stride : 0;
    int64_t last = n_in > shift ? (n_in - shift + stride - 1) / stride : 0;
    if (last > n_out) last = n_out;
    if (last <= first) return (struct tap_rows){0};
    size_t n_piece = layer->n_piece;
    struct tap_rows rows = {
        .n = (size_t)(last - first),
        .x_first = (size_t)(stride * first + shift) * n_piece + set,
        .x_step = (size_t)stride * n_piece,
        .y_first = (size_t)first * n_piece + set,
        .y_step = n_piece,
    };
    if (stride > 1) return rows;
    rows.n *= n_piece;
    rows.x_step = rows.y_step = 1;
    return rows;
}
