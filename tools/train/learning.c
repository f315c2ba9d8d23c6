/* SPDX-License-Identifier: MIT */
#include "tools/train/learning.h"

#include "tools/eval/alignment.h"
#include "tools/train/scatter.h"

#include <stdlib.h>
#include <string.h>

struct gathering {
    const struct learning *learning;
    uint32_t n_class;
    struct scatter scatter;
    const struct alignment *alignment; /* NULL: classes are the ids of the vectors */
    voq_info info;
};

static bool tell_done(void *context, const struct pass_end *end, struct failure *failure)
{
    const struct learning *learning = ((struct gathering *)context)->learning;
    return learning->done(learning->context, end, failure);
}

static bool add_piece(void *context, const struct pass_piece *piece, struct failure *failure)
{
    (void)failure;
    struct gathering *gathering = context;
    scatter_add(&gathering->scatter, piece->x, piece->id, piece->n);
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
    const struct corpus *corpus = gathering->learning->corpus;
    const struct aligned_utterance *aligned =
        alignment_find(gathering->alignment, corpus_get(corpus, piece->utterance)->name);
    if (!aligned) return true;
    uint64_t hop = gathering->info.hop_samples, rate = gathering->info.rate_hz;
    for (size_t i = 0; i < piece->n; i++) {
        uint64_t half_hops = 2 * (piece->first + i) + 1;
        uint32_t label = label_at(aligned, (int64_t)(half_hops * hop * 500000 / rate));
        scatter_add(&gathering->scatter, piece->x + i * gathering->scatter.dim, &label, 1);
    }
    return true;
}

/* Sums up the stacked frames of the whole corpus by class, in one pass. */
static bool gather_warped(struct gathering *gathering, const struct front_half *front,
                          double factor, voq_model *labels, struct failure *failure)
{
    const struct learning *learning = gathering->learning;
    struct front_half stack = {.cpu = front->cpu};
    bool good = front_half_copy(&stack, &front->parts, failure);
    if (good) {
        front_half_warp(&stack, factor);
        good = front_half_set_transform(&stack, learning->left, learning->right, 0, NULL, NULL,
                                        failure);
    }
    struct pass pass = {.corpus = learning->corpus, .features = stack.features, .labels = labels,
                        .dim = stack.parts.dim, .rate_hz = gathering->info.rate_hz,
                        .n_thread = learning->n_thread,
                        .take = gathering->alignment ? add_labelled : add_piece, .done = tell_done,
                        .context = gathering};
    if (good && !gathering->scatter.count)
        good = scatter_new(&gathering->scatter, stack.parts.dim, gathering->n_class, failure);
    if (good) {
        learning->begin(learning->context);
        good = pass_run(&pass, failure);
    }
    front_half_close(&stack);
    return good;
}

static bool gather(struct gathering *gathering, double warp, const struct front_half *front,
                   voq_model *labels, struct failure *failure)
{
    const struct learning *learning = gathering->learning;
    const double half = (1 + warp) / 2;
    const double factor[LEARNING_WARPS] = {1, warp, half, 1 / half, 1 / warp};
    size_t n_factor = warp > 1 ? LEARNING_WARPS : 1;
    gathering->info.struct_size = sizeof gathering->info;
    if (voq_model_describe(front->features, &gathering->info))
        return fail(failure, EXIT_INTERNAL, "the model of the features cannot be used");
    for (size_t i = 0; i < n_factor; i++)
        if (!gather_warped(gathering, front, factor[i], labels, failure)) return false;
    if (gathering->scatter.n == 0)
        return fail(failure, EXIT_INPUT,
                    "no frame has a label, because the names of the utterances differ from those "
                    "in the alignment; rename one of them");
    return learning->out_dim <= gathering->scatter.dim ||
           fail(failure, EXIT_USAGE,
                "%u dimensions are more than the %u of the stacked frames; use fewer, or more "
                "context by --left and --right", (unsigned)learning->out_dim,
                (unsigned)gathering->scatter.dim);
}

/* The means of n classes span at most n - 1 directions. */
static bool check_classes(const struct learning *learning, uint32_t n_class,
                          struct failure *failure)
{
    return learning->out_dim < n_class ||
           fail(failure, EXIT_USAGE,
                "%u dimensions are too many for %u classes; use fewer, or more "
                "--classes", (unsigned)learning->out_dim, (unsigned)n_class);
}

typedef bool solver(const struct scatter *scatter, uint32_t out_dim, float *matrix, float *bias,
                    struct failure *failure);

static bool whitened(const struct scatter *scatter, uint32_t out_dim, float *matrix, float *bias,
                     struct failure *failure)
{
    return scatter_pca(scatter, out_dim, true, matrix, bias, failure);
}

static bool rotated(const struct scatter *scatter, uint32_t out_dim, float *matrix, float *bias,
                    struct failure *failure)
{
    return scatter_pca(scatter, out_dim, false, matrix, bias, failure);
}

static bool solve(const struct gathering *gathering, solver *map, struct front_half *front,
                  struct failure *failure)
{
    const struct learning *learning = gathering->learning;
    uint32_t out_dim = learning->out_dim;
    float *matrix = malloc((size_t)out_dim * gathering->scatter.dim * sizeof *matrix);
    float *bias = malloc(out_dim * sizeof *bias);
    bool good = (matrix && bias) || fail_memory(failure);
    good = good && map(&gathering->scatter, out_dim, matrix, bias, failure) &&
           front_half_set_transform(front, learning->left, learning->right, out_dim, matrix, bias,
                                    failure);
    free(matrix);
    free(bias);
    return good;
}

bool learn_pca(const struct learning *learning, bool whiten, struct front_half *front,
               struct failure *failure)
{
    struct gathering gathering = {.learning = learning, .n_class = 1};
    bool good = gather(&gathering, 1, front, NULL, failure) &&
                solve(&gathering, whiten ? whitened : rotated, front, failure);
    scatter_free(&gathering.scatter);
    return good;
}

bool learn_lda(const struct learning *learning, const float *codeword, uint32_t n_code,
               struct front_half *front, struct failure *failure)
{
    struct gathering gathering = {.learning = learning, .n_class = n_code};
    voq_model *labels;
    if (!check_classes(learning, n_code, failure) ||
        !front_half_make(front, codeword, 1, n_code, "classes", NULL, &labels, failure))
        return false;
    bool good = gather(&gathering, learning->warp, front, labels, failure) &&
                solve(&gathering, scatter_lda, front, failure);
    voq_model_close(labels);
    scatter_free(&gathering.scatter);
    return good;
}

bool learn_lda_of_labels(const struct learning *learning, const char *alignment_path,
                         struct front_half *front, struct failure *failure)
{
    struct gathering gathering = {.learning = learning};
    struct alignment *alignment;
    if (!alignment_read(&alignment, alignment_path, NULL, failure)) return false;
    gathering.alignment = alignment;
    gathering.n_class = (uint32_t)alignment->labels.n;
    bool good = gather(&gathering, learning->warp, front, NULL, failure) &&
                check_classes(learning, gathering.n_class, failure) &&
                solve(&gathering, scatter_lda, front, failure);
    alignment_free(alignment);
    scatter_free(&gathering.scatter);
    return good;
}
