/* SPDX-License-Identifier: MIT */
#include "tools/learn/epoch_plan.h"

#include "tools/base/growing.h"

#include <stdlib.h>

static void shuffle(uint32_t *item, size_t n, struct rng *rng)
{
    for (size_t i = n; i > 1; i--) {
        size_t k = (size_t)rng_below(rng, i);
        uint32_t other = item[k];
        item[k] = item[i - 1];
        item[i - 1] = other;
    }
}

/* Adds a random share of the recordings of one source. */
static void choose(struct epoch_plan *plan, const struct examples *examples, uint32_t source,
                   struct rng *rng)
{
    const struct recordings *recordings = examples->recordings;
    uint32_t *chosen = plan->recording + plan->n;
    size_t n = 0;
    for (size_t i = 0; i < recordings->n; i++)
        if (recordings->recording[i].source == source && example_is_used(examples, i))
            chosen[n++] = (uint32_t)i;
    shuffle(chosen, n, rng);
    plan->n += (size_t)((double)n * recordings->source[source].share + .5);
}

size_t epoch_plan_pieces(const struct batch_shape *shape, size_t n_frame)
{
    return (n_frame + shape->piece_frames - 1) / shape->piece_frames;
}

/* Batches of about one size: the last one is no rest. */
static size_t batches_of(const struct batch_shape *shape, size_t n_frame, size_t n_piece)
{
    size_t n = (n_frame + shape->batch_frames / 2) / shape->batch_frames;
    if (n > n_piece) n = n_piece;
    return n == 0 && n_piece > 0 ? 1 : n;
}

static bool divide(struct epoch_plan *plan, const struct batch_shape *shape, const size_t *n_frame,
                   struct failure *failure)
{
    size_t total = 0, seen = 0, shard_frames = 0, shard_pieces = 0, s = 0;
    for (size_t i = 0; i < plan->n; i++) total += n_frame[i];
    plan->n_shard = total / shape->shard_frames + 1;
    plan->shard_begin = zeroed(plan->n_shard + 1, sizeof *plan->shard_begin, failure);
    plan->batch_before = zeroed(plan->n_shard + 1, sizeof *plan->batch_before, failure);
    if (!plan->shard_begin || !plan->batch_before) return false;
    for (size_t i = 0; i < plan->n; i++) {
        seen += n_frame[i];
        shard_frames += n_frame[i];
        shard_pieces += epoch_plan_pieces(shape, n_frame[i]);
        bool is_last = i + 1 == plan->n;
        if (!is_last && seen < (s + 1) * (total / plan->n_shard + 1)) continue;
        plan->batch_before[s + 1] =
            plan->batch_before[s] + batches_of(shape, shard_frames, shard_pieces);
        plan->shard_begin[++s] = i + 1;
        shard_frames = shard_pieces = 0;
    }
    plan->n_shard = s;
    return true;
}

bool epoch_plan_make(struct epoch_plan *plan, const struct examples *examples,
                     const struct batch_shape *shape, uint32_t epoch, struct failure *failure)
{
    const struct recordings *recordings = examples->recordings;
    struct rng rng;
    *plan = (struct epoch_plan){.epoch = epoch};
    plan->recording = zeroed(recordings->n, sizeof *plan->recording, failure);
    size_t *n_frame = zeroed(recordings->n, sizeof *n_frame, failure);
    bool good = plan->recording && n_frame;
    rng_start(&rng, examples->seed, RNG_EPOCH, epoch);
    for (uint32_t s = 0; good && s < recordings->n_source; s++) choose(plan, examples, s, &rng);
    if (good) shuffle(plan->recording, plan->n, &rng);
    for (size_t i = 0; good && i < plan->n; i++)
        n_frame[i] = example_count(examples, epoch, plan->recording[i]);
    good = good && divide(plan, shape, n_frame, failure);
    free(n_frame);
    if (!good) epoch_plan_clear(plan);
    return good;
}

void epoch_plan_clear(struct epoch_plan *plan)
{
    free(plan->recording);
    free(plan->shard_begin);
    free(plan->batch_before);
    *plan = (struct epoch_plan){0};
}
