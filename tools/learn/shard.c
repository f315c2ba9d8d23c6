/* SPDX-License-Identifier: MIT */
#include "tools/learn/shard.h"

#include "tools/base/growing.h"
#include "tools/base/parallel.h"

#include <stdlib.h>

/* Pieces whose lengths differ by less than this share may change places. */
static const double JITTER = .1;

struct filling {
    struct shard *shard;
    const struct shard_request *request;
    uint32_t epoch;
};

static bool list_items(struct shard *shard, const struct shard_request *request,
                       const struct epoch_plan *plan, size_t s, struct failure *failure)
{
    size_t begin = plan->shard_begin[s], n = plan->shard_begin[s + 1] - begin;
    shard->n_item = shard->n_frame = 0;
    if (!grow(&shard->item, &shard->item_capacity, n, sizeof *shard->item, failure)) return false;
    for (size_t i = 0; i < n; i++) {
        struct shard_item *item = &shard->item[shard->n_item++];
        *item = (struct shard_item){.recording = plan->recording[begin + i],
                                    .first = shard->n_frame};
        item->n = example_count(request->examples, plan->epoch, item->recording);
        shard->n_frame += item->n;
    }
    return true;
}

static bool make_room(struct shard *shard, const struct shard_request *request,
                      struct failure *failure)
{
    const struct examples *examples = request->examples;
    size_t n = shard->n_frame, n_value = n * examples->chain->dim, capacity = 0;
    if (!grow(&shard->v, &shard->frame_capacity, n_value, sizeof *shard->v, failure) ||
        (request->clean &&
         !grow(&shard->clean, &shard->clean_capacity, n_value, sizeof *shard->clean, failure)))
        return false;
    if (!shard->label)
        shard->label = zeroed(examples->n_head, sizeof *shard->label, failure);
    if (!shard->label) return false;
    for (size_t h = 0; h < examples->n_head; h++) {
        capacity = shard->label_capacity;
        if (!grow(&shard->label[h], &capacity, n, sizeof **shard->label, failure)) return false;
    }
    shard->label_capacity = capacity;
    return true;
}

static bool make_item(void *context, size_t worker, size_t i, struct failure *failure)
{
    struct filling *filling = context;
    struct shard *shard = filling->shard;
    struct shard_item *item = &shard->item[i];
    size_t at = item->first * filling->request->examples->chain->dim;
    struct example_place place = {.v = shard->v + at, .label = shard->label, .first = item->first,
                                  .clean = filling->request->clean ? shard->clean + at : NULL};
    if (!example_make(filling->request->examples, &filling->request->scratch[worker],
                      filling->epoch, item->recording, &place, failure))
        return false;
    item->mask_seed = place.mask_seed;
    return true;
}

/* Equal pieces that begin at multiples of the stride. */
static void cut_item(struct shard *shard, const struct batch_shape *shape, uint32_t i,
                     struct rng *rng)
{
    uint64_t n = shard->item[i].n, n_unit = (n + shape->stride - 1) / shape->stride;
    uint64_t n_piece = epoch_plan_pieces(shape, n);
    for (uint64_t p = 0; p < n_piece; p++) {
        uint64_t first = n_unit * p / n_piece * shape->stride;
        uint64_t end = n_unit * (p + 1) / n_piece * shape->stride;
        struct piece piece = {.item = i, .number = (uint32_t)p, .first = (uint32_t)first,
                              .n = (uint32_t)((end < n ? end : n) - first)};
        piece.key = piece.n * (1 + JITTER * rng_unit(rng));
        shard->piece[shard->n_piece++] = piece;
    }
}

static int by_key(const void *a, const void *b)
{
    const struct piece *x = a, *y = b;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    if (x->item != y->item) return x->item < y->item ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

static bool cut_pieces(struct shard *shard, const struct batch_shape *shape, struct rng *rng,
                       struct failure *failure)
{
    size_t n = 0;
    for (size_t i = 0; i < shard->n_item; i++)
        n += epoch_plan_pieces(shape, shard->item[i].n);
    shard->n_piece = 0;
    if (!grow(&shard->piece, &shard->piece_capacity, n, sizeof *shard->piece, failure))
        return false;
    for (size_t i = 0; i < shard->n_item; i++) cut_item(shard, shape, (uint32_t)i, rng);
    qsort(shard->piece, shard->n_piece, sizeof *shard->piece, by_key);
    return true;
}

/* A batch of short pieces has more of them. Batches come in a random order. */
static bool divide(struct shard *shard, size_t n_batch, struct rng *rng, struct failure *failure)
{
    shard->n_batch = n_batch;
    if (!grow(&shard->batch, &shard->batch_capacity, 2 * n_batch + 1, sizeof *shard->batch,
              failure))
        return false;
    uint32_t *begin = shard->batch + n_batch; /* [n_batch + 1] */
    size_t seen = 0, b = 0;
    begin[0] = 0;
    for (size_t i = 0; i < shard->n_piece; i++) {
        seen += shard->piece[i].n;
        size_t left = shard->n_piece - i - 1, after = n_batch - b - 1;
        bool full = seen * n_batch >= shard->n_frame * (b + 1) || left == after;
        if (after > 0 && full) begin[++b] = (uint32_t)i + 1;
    }
    begin[n_batch] = (uint32_t)shard->n_piece;
    for (size_t i = 0; i < n_batch; i++) {
        size_t k = (size_t)rng_below(rng, i + 1);
        shard->batch[i] = shard->batch[k];
        shard->batch[k] = (uint32_t)i;
    }
    return true;
}

bool shard_fill(struct shard *shard, const struct shard_request *request,
                const struct epoch_plan *plan, size_t s, struct failure *failure)
{
    struct filling filling = {shard, request, plan->epoch};
    size_t n_batch = plan->batch_before[s + 1] - plan->batch_before[s];
    struct rng rng;
    rng_start(&rng, request->examples->seed, RNG_EPOCH, plan->epoch);
    rng_start(&rng, rng_next(&rng), RNG_EPOCH, (uint32_t)s);
    return list_items(shard, request, plan, s, failure) && make_room(shard, request, failure) &&
           cut_pieces(shard, request->shape, &rng, failure) &&
           divide(shard, n_batch, &rng, failure) &&
           parallel_for(shard->n_item, request->n_thread, make_item, &filling, failure);
}

const struct piece *shard_batch(const struct shard *shard, size_t b, size_t *n)
{
    const uint32_t *begin = shard->batch + shard->n_batch;
    uint32_t place = shard->batch[b];
    *n = begin[place + 1] - begin[place];
    return shard->piece + begin[place];
}

void shard_clear(struct shard *shard, size_t n_head)
{
    for (size_t h = 0; shard->label && h < n_head; h++) free(shard->label[h]);
    free(shard->label);
    free(shard->v);
    free(shard->clean);
    free(shard->item);
    free(shard->piece);
    free(shard->batch);
    *shard = (struct shard){0};
}
