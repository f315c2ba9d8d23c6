/* SPDX-License-Identifier: MIT */
#include "tools/learn/dropout.h"

#include "tools/base/hash_stream.h"

/* Every hash decides about this many values, by 16 bits each. */
enum { VALUES_PER_HASH = 4 };

struct dropping {
    struct hash_stream stream;
    const float *x;
    float *y;
    size_t n;
    uint32_t threshold; /* of 65536: below it a value is dropped */
    float larger;
};

static void drop_rows(void *context, size_t first, size_t last)
{
    const struct dropping *c = context;
    size_t n_hash = (c->n + VALUES_PER_HASH - 1) / VALUES_PER_HASH;
    for (size_t row = first; row < last; row++)
        for (size_t i = 0; i < c->n; i += VALUES_PER_HASH) {
            uint64_t hash = hash_stream_at(&c->stream, row * n_hash + i / VALUES_PER_HASH);
            for (size_t j = i; j < c->n && j < i + VALUES_PER_HASH; j++, hash >>= 16) {
                float factor = (hash & 0xffff) < c->threshold ? 0.0f : c->larger;
                c->y[row * c->n + j] = c->x[row * c->n + j] * factor;
            }
        }
}

void dropout_rows(const struct layer *layer, const struct layer_call *call, const float *x,
                  float *y)
{
    float p = layer->spec.dropout;
    struct dropping c = {.x = x, .y = y, .n = layer->spec.out_dim,
                         .threshold = (uint32_t)(p * 65536.0f), .larger = 1.0f / (1.0f - p)};
    hash_stream_start(&c.stream, call->pass->seed, RNG_DROPOUT, layer->index);
    each_rows(call->workers, layer_rows(layer), drop_rows, &c);
}
