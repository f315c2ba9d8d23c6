/* SPDX-License-Identifier: MIT */
#include "tools/learn/batches.h"

#include "tools/base/growing.h"
#include "tools/learn/band_change.h"
#include "tools/learn/shard.h"

#include <stdlib.h>
#include <string.h>

enum { BATCH_FRAMES = 8000, PIECE_FRAMES = 450, SHARD_VALUES = 1 << 25, MOST_FRAMES = 1 << 20 };

struct batches {
    struct batches_request request;
    struct batch_shape shape;
    struct example_scratch *scratch; /* [n_thread] */
    struct epoch_plan plan;
    struct shard shard; /* number `loaded` of the plan */
    size_t loaded, next_batch;
    uint32_t *length, *speaker; /* [piece_capacity], of the batch */
    float *weight;
    float *x, *clean;
    int32_t **label;
    size_t piece_capacity, value_capacity, row_capacity;
};

static const size_t NOT_LOADED = SIZE_MAX;

static uint32_t or_default(uint32_t value, uint32_t instead)
{
    return value > 0 ? value : instead;
}

static size_t frames_of_shard(const struct batches_request *request)
{
    size_t n = SHARD_VALUES / request->examples->chain->dim;
    return n < MOST_FRAMES ? n : MOST_FRAMES;
}

bool batches_new(struct batches **batches, const struct batches_request *request,
                 struct failure *failure)
{
    struct batches *made = zeroed(1, sizeof *made, failure);
    if (!made) return false;
    made->request = *request;
    made->loaded = NOT_LOADED;
    made->shape = (struct batch_shape){
        .batch_frames = or_default(request->batch_frames, BATCH_FRAMES),
        .piece_frames = or_default(request->piece_frames, PIECE_FRAMES),
        .stride = or_default(request->stride, 1),
        .shard_frames = or_default(request->shard_frames, (uint32_t)frames_of_shard(request))};
    made->scratch = zeroed(request->n_thread, sizeof *made->scratch, failure);
    made->label = zeroed(request->examples->n_head, sizeof *made->label, failure);
    if (made->scratch && made->label) {
        *batches = made;
        return true;
    }
    batches_free(made);
    return false;
}

void batches_free(struct batches *batches)
{
    if (!batches) return;
    size_t n_head = batches->request.examples->n_head;
    for (size_t i = 0; batches->scratch && i < batches->request.n_thread; i++)
        example_scratch_clear(&batches->scratch[i]);
    for (size_t h = 0; batches->label && h < n_head; h++) free(batches->label[h]);
    free(batches->scratch);
    free(batches->label);
    free(batches->length);
    free(batches->speaker);
    free(batches->weight);
    free(batches->x);
    free(batches->clean);
    shard_clear(&batches->shard, n_head);
    epoch_plan_clear(&batches->plan);
    free(batches);
}

bool batches_count(const struct batches *batches, uint32_t epoch, size_t *n,
                   struct failure *failure)
{
    struct epoch_plan plan;
    if (!epoch_plan_make(&plan, batches->request.examples, &batches->shape, epoch, failure))
        return false;
    *n = plan.batch_before[plan.n_shard];
    epoch_plan_clear(&plan);
    return true;
}

bool batches_begin(struct batches *batches, uint32_t epoch, size_t first, struct failure *failure)
{
    epoch_plan_clear(&batches->plan);
    batches->loaded = NOT_LOADED;
    batches->next_batch = first;
    return epoch_plan_make(&batches->plan, batches->request.examples, &batches->shape, epoch,
                           failure);
}

/* Makes sure that the shard of the next batch is in memory. */
static bool load(struct batches *batches, struct failure *failure)
{
    const struct epoch_plan *plan = &batches->plan;
    const struct shard_request request = {
        .examples = batches->request.examples, .shape = &batches->shape,
        .clean = batches->request.clean, .n_thread = batches->request.n_thread,
        .scratch = batches->scratch};
    size_t s = 0;
    while (plan->batch_before[s + 1] <= batches->next_batch) s++;
    if (s == batches->loaded) return true;
    batches->loaded = NOT_LOADED;
    if (!shard_fill(&batches->shard, &request, plan, s, failure)) return false;
    batches->loaded = s;
    return true;
}

static bool grow_pieces(struct batches *batches, size_t n, struct failure *failure)
{
    size_t a = batches->piece_capacity, b = a, c = a;
    if (!grow(&batches->length, &a, n, sizeof *batches->length, failure) ||
        !grow(&batches->speaker, &b, n, sizeof *batches->speaker, failure) ||
        !grow(&batches->weight, &c, n, sizeof *batches->weight, failure))
        return false;
    batches->piece_capacity = a;
    return true;
}

static bool grow_rows(struct batches *batches, size_t n_row, struct failure *failure)
{
    size_t n_value = n_row * batches->request.examples->chain->dim;
    size_t a = batches->value_capacity, b = a, c = batches->row_capacity;
    if (!grow(&batches->x, &a, n_value, sizeof(float), failure) ||
        (batches->request.clean && !grow(&batches->clean, &b, n_value, sizeof(float), failure)))
        return false;
    batches->value_capacity = a;
    for (size_t h = 0; h < batches->request.examples->n_head; h++) {
        c = batches->row_capacity;
        if (!grow(&batches->label[h], &c, n_row, sizeof(int32_t), failure)) return false;
    }
    batches->row_capacity = c;
    return true;
}

static uint32_t longest(const struct piece *piece, size_t n)
{
    uint32_t most = 0;
    for (size_t i = 0; i < n; i++)
        if (piece[i].n > most) most = piece[i].n;
    return most;
}

/* Copies frame `step` of a piece to its row, or what stands behind its length. */
static void put_frame(struct batches *batches, const struct piece *piece, uint32_t step,
                      const struct piece_masks *masks, size_t row)
{
    const struct shard *shard = &batches->shard;
    const struct examples *examples = batches->request.examples;
    uint32_t dim = examples->chain->dim;
    size_t from = shard->item[piece->item].first + piece->first + step;
    bool inside = step < piece->n;
    float *copy[2] = {batches->x + row * dim, NULL};
    const float *source[2] = {shard->v, shard->clean};
    if (batches->request.clean) copy[1] = batches->clean + row * dim;
    for (int i = 0; i < 2 && copy[i]; i++) {
        if (!inside) {
            memset(copy[i], 0, dim * sizeof(float));
            continue;
        }
        memcpy(copy[i], source[i] + from * dim, dim * sizeof(float));
        piece_masks_apply(masks, step, copy[i], dim);
    }
    for (size_t h = 0; h < examples->n_head; h++)
        batches->label[h][row] = inside ? shard->label[h][from] : LABEL_NONE;
}

static void put_piece(struct batches *batches, const struct piece *piece, size_t p, size_t n_piece,
                      size_t n_step)
{
    const struct examples *examples = batches->request.examples;
    const struct shard_item *item = &batches->shard.item[piece->item];
    const struct recording *recording = &examples->recordings->recording[item->recording];
    struct augmentation masking = examples->augmentation;
    struct piece_masks masks;
    if (!examples->chain->is_log_mel) masking.n_band_mask = masking.n_frame_mask = 0;
    piece_masks_draw(&masking, item->mask_seed, piece->number, piece->n, examples->chain->dim,
                     &masks);
    batches->length[p] = piece->n;
    batches->speaker[p] = recording->speaker;
    batches->weight[p] = examples->recordings->source[recording->source].weight;
    for (uint32_t step = 0; step < n_step; step++)
        put_frame(batches, piece, step, &masks, step * n_piece + p);
}

bool batches_next(struct batches *batches, struct batch *batch, struct failure *failure)
{
    uint32_t stride = batches->shape.stride;
    *batch = (struct batch){0};
    if (batches->next_batch >= batches->plan.batch_before[batches->plan.n_shard]) return true;
    if (!load(batches, failure)) return false;
    size_t n_piece, b = batches->next_batch - batches->plan.batch_before[batches->loaded];
    const struct piece *piece = shard_batch(&batches->shard, b, &n_piece);
    size_t n_step = (longest(piece, n_piece) + stride - 1) / stride * stride;
    if (!grow_pieces(batches, n_piece, failure) ||
        !grow_rows(batches, n_step * n_piece, failure))
        return false;
    for (size_t p = 0; p < n_piece; p++) put_piece(batches, &piece[p], p, n_piece, n_step);
    batches->next_batch++;
    *batch = (struct batch){.n_step = n_step, .n_piece = n_piece, .length = batches->length,
                            .x = batches->x,
                            .clean = batches->request.clean ? batches->clean : NULL,
                            .n_head = batches->request.examples->n_head, .label = batches->label,
                            .speaker = batches->speaker, .weight = batches->weight};
    return true;
}
