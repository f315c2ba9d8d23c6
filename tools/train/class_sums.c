/* SPDX-License-Identifier: MIT */
#include "tools/train/class_sums.h"

#include <stdlib.h>

/* The sums of one thread. */
struct part {
    float *largest; /* [dim] */
    uint64_t n_frame;
    struct scatter scatter;
};

struct gathering {
    const struct class_sums *sums;
    voq_info info;
    uint32_t dim; /* of stacked frames */
    struct front_half stack[LEARNING_WARPS];
    size_t n_stack;
    struct part *part; /* [n_thread] */
};

static bool tell_done(void *context, const struct pass_end *end, struct failure *failure)
{
    const struct learning *learning = ((struct gathering *)context)->sums->learning;
    return learning->done(learning->context, end, failure);
}

static bool measure_piece(void *context, const struct pass_piece *piece, struct failure *failure)
{
    (void)failure;
    struct gathering *gathering = context;
    struct part *part = &gathering->part[piece->worker];
    for (size_t i = 0; i < piece->n; i++)
        exact_largest(part->largest, piece->x + i * gathering->dim, gathering->dim);
    part->n_frame += piece->n;
    return true;
}

static bool add_piece(void *context, const struct pass_piece *piece, struct failure *failure)
{
    (void)failure;
    struct gathering *gathering = context;
    scatter_add(&gathering->part[piece->worker].scatter, piece->x, piece->id, piece->n);
    return true;
}

/* The label at a time, or no class. Intervals are sorted by start. */
static uint32_t label_at(const struct aligned_utterance *aligned, int64_t time_us)
{
    size_t low = 0, high = aligned->n_interval;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (aligned->interval[middle].start_us <= time_us)
            low = middle + 1;
        else
            high = middle;
    }
    bool inside = low > 0 && time_us < aligned->interval[low - 1].end_us;
    return inside ? aligned->interval[low - 1].label : UINT32_MAX;
}

static bool add_labelled(void *context, const struct pass_piece *piece, struct failure *failure)
{
    (void)failure;
    struct gathering *gathering = context;
    const struct corpus *corpus = gathering->sums->learning->corpus;
    struct scatter *scatter = &gathering->part[piece->worker].scatter;
    const struct aligned_utterance *aligned =
        alignment_find(gathering->sums->alignment, corpus_get(corpus, piece->utterance)->name);
    if (!aligned) return true;
    uint64_t hop = gathering->info.hop_samples, rate = gathering->info.rate_hz;
    for (size_t i = 0; i < piece->n; i++) {
        uint64_t half_hops = 2 * (piece->first + i) + 1;
        uint32_t label = label_at(aligned, (int64_t)(half_hops * hop * 500000 / rate));
        scatter_add(scatter, piece->x + i * gathering->dim, &label, 1);
    }
    return true;
}

/* Makes the stacks: one, or one per warp. */
static bool make_stacks(struct gathering *gathering, struct failure *failure)
{
    const struct class_sums *sums = gathering->sums;
    const double half = (1 + sums->warp) / 2;
    const double factor[LEARNING_WARPS] = {1, sums->warp, half, 1 / half, 1 / sums->warp};
    size_t n = sums->warp > 1 ? LEARNING_WARPS : 1;
    for (size_t i = 0; i < n; i++) {
        struct front_half *stack = &gathering->stack[gathering->n_stack++];
        stack->cpu = sums->front->cpu;
        if (!front_half_copy(stack, &sums->front->parts, failure)) return false;
        front_half_warp(stack, factor[i]);
        if (!front_half_set_transform(stack, sums->learning->left, sums->learning->right, 0, NULL,
                                      NULL, failure))
            return false;
    }
    gathering->dim = gathering->stack[0].parts.dim;
    return true;
}

static bool run_pass(struct gathering *gathering, pass_take *take, voq_model *labels,
                     struct failure *failure)
{
    const struct learning *learning = gathering->sums->learning;
    struct pass pass = {.corpus = learning->corpus, .ranks = learning->ranks,
                        .n_feature = gathering->n_stack, .labels = labels, .dim = gathering->dim,
                        .rate_hz = gathering->info.rate_hz, .n_thread = learning->n_thread,
                        .any_order = true, .take = take, .done = tell_done, .context = gathering};
    for (size_t i = 0; i < gathering->n_stack; i++)
        pass.features[i] = gathering->stack[i].features;
    learning->begin(learning->context);
    return pass_run(&pass, failure);
}

/* Finds the largest magnitudes, for which all sums are made. */
static bool measure(struct gathering *gathering, struct scatter *scatter, struct failure *failure)
{
    size_t n_thread = gathering->sums->learning->n_thread;
    struct ranks *ranks = gathering->sums->learning->ranks;
    uint32_t dim = gathering->dim, n_class = gathering->sums->n_class;
    int64_t n_frame = 0;
    for (size_t i = 0; i < n_thread; i++)
        if (!(gathering->part[i].largest = calloc(dim, sizeof(float)))) return fail_memory(failure);
    if (!run_pass(gathering, measure_piece, NULL, failure)) return false;
    float *largest = gathering->part[0].largest;
    for (size_t i = 0; i < n_thread; i++) {
        exact_largest(largest, gathering->part[i].largest, dim);
        n_frame += (int64_t)gathering->part[i].n_frame;
    }
    if (!ranks_largest_floats(ranks, largest, dim, failure) ||
        !ranks_sum(ranks, &n_frame, 1, failure))
        return false;
    if ((uint64_t)n_frame > EXACT_TERMS_MOST)
        return fail(failure, EXIT_INPUT, "the corpus has too many frames for exact sums; use less "
                    "speech");
    for (size_t i = 0; i < n_thread; i++)
        if (!scatter_new(&gathering->part[i].scatter, dim, n_class, largest, failure)) return false;
    return scatter_new(scatter, dim, n_class, largest, failure);
}

static bool add_up(struct gathering *gathering, struct scatter *scatter, struct failure *failure)
{
    const struct class_sums *sums = gathering->sums;
    if (!run_pass(gathering, sums->alignment ? add_labelled : add_piece, sums->labels, failure))
        return false;
    for (size_t i = 0; i < sums->learning->n_thread; i++)
        scatter_merge(scatter, &gathering->part[i].scatter);
    return scatter_unite(scatter, sums->learning->ranks, failure);
}

bool class_sums_gather(const struct class_sums *sums, struct scatter *scatter,
                       struct failure *failure)
{
    size_t n_thread = sums->learning->n_thread;
    struct gathering gathering = {.sums = sums, .info = {.struct_size = sizeof gathering.info},
                                  .part = calloc(n_thread, sizeof *gathering.part)};
    if (!gathering.part) return fail_memory(failure);
    bool good = voq_model_describe(sums->front->features, &gathering.info) == VOQ_OK ||
                fail(failure, EXIT_INTERNAL, "the model of the features cannot be used");
    good = good && make_stacks(&gathering, failure) && measure(&gathering, scatter, failure) &&
           add_up(&gathering, scatter, failure);
    for (size_t i = 0; i < gathering.n_stack; i++) front_half_close(&gathering.stack[i]);
    for (size_t i = 0; i < n_thread; i++) {
        free(gathering.part[i].largest);
        scatter_free(&gathering.part[i].scatter);
    }
    free(gathering.part);
    return good;
}
