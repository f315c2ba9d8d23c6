/* SPDX-License-Identifier: MIT */
#include "tools/train/learning.h"

#include "tools/train/class_sums.h"

#include <stdlib.h>

/* Makes *scatter, which is the caller's to free in any case. */
static bool gather(const struct class_sums *sums, struct scatter *scatter, struct failure *failure)
{
    uint32_t out_dim = sums->learning->out_dim;
    if (!class_sums_gather(sums, scatter, failure)) return false;
    if (scatter->n == 0)
        return fail(failure, EXIT_INPUT,
                    "no frame has a label, because the names of the utterances differ from those "
                    "in the alignment; rename one of them");
    return out_dim <= scatter->dim ||
           fail(failure, EXIT_USAGE,
                "%u dimensions are more than the %u of the stacked frames; use fewer, or more "
                "context by --left and --right", (unsigned)out_dim, (unsigned)scatter->dim);
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

typedef bool solver(struct scatter *scatter, uint32_t out_dim, float *matrix, float *bias,
                    struct failure *failure);

static bool whitened(struct scatter *scatter, uint32_t out_dim, float *matrix, float *bias,
                     struct failure *failure)
{
    return scatter_pca(scatter, out_dim, true, matrix, bias, failure);
}

static bool rotated(struct scatter *scatter, uint32_t out_dim, float *matrix, float *bias,
                    struct failure *failure)
{
    return scatter_pca(scatter, out_dim, false, matrix, bias, failure);
}

static bool solve(const struct learning *learning, struct scatter *scatter, solver *map,
                  struct front_half *front, struct failure *failure)
{
    uint32_t out_dim = learning->out_dim;
    float *matrix = malloc((size_t)out_dim * scatter->dim * sizeof *matrix);
    float *bias = malloc(out_dim * sizeof *bias);
    bool good = (matrix && bias) || fail_memory(failure);
    good = good && map(scatter, out_dim, matrix, bias, failure) &&
           front_half_set_transform(front, learning->left, learning->right, out_dim, matrix, bias,
                                    failure);
    free(matrix);
    free(bias);
    return good;
}

bool learn_pca(const struct learning *learning, bool whiten, struct front_half *front,
               struct failure *failure)
{
    struct class_sums sums = {.learning = learning, .front = front, .warp = 1, .n_class = 1};
    struct scatter scatter = {0};
    bool good = gather(&sums, &scatter, failure) &&
                solve(learning, &scatter, whiten ? whitened : rotated, front, failure);
    scatter_free(&scatter);
    return good;
}

bool learn_lda(const struct learning *learning, const float *codeword, uint32_t n_code,
               struct front_half *front, struct failure *failure)
{
    struct class_sums sums = {.learning = learning, .front = front, .warp = learning->warp,
                              .n_class = n_code};
    struct scatter scatter = {0};
    if (!check_classes(learning, n_code, failure) ||
        !front_half_make(front, codeword, 1, n_code, "classes", NULL, &sums.labels, failure))
        return false;
    bool good = gather(&sums, &scatter, failure) &&
                solve(learning, &scatter, scatter_lda, front, failure);
    voq_model_close(sums.labels);
    scatter_free(&scatter);
    return good;
}

bool learn_lda_of_labels(const struct learning *learning, const char *alignment_path,
                         struct front_half *front, struct failure *failure)
{
    struct class_sums sums = {.learning = learning, .front = front, .warp = learning->warp};
    struct scatter scatter = {0};
    struct alignment *alignment;
    if (!alignment_read(&alignment, alignment_path, NULL, failure)) return false;
    sums.alignment = alignment;
    sums.n_class = (uint32_t)alignment->labels.n;
    bool good = gather(&sums, &scatter, failure) &&
                check_classes(learning, sums.n_class, failure) &&
                solve(learning, &scatter, scatter_lda, front, failure);
    alignment_free(alignment);
    scatter_free(&scatter);
    return good;
}
