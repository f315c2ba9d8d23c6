/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tests/support/check.h"
#include "src/model/model.h"
#include "tests/train/blobs.h"
#include "tools/train/bounds.h"
#include "tools/train/squared_distance.h"

#include <math.h>

static void groups_hold_each_code_once_beside_its_like(void)
{
    enum { SOME = 3 * CODE_GROUP + 7 };
    float codeword[SOME];
    bool seen[SOME] = {false};
    struct groups groups;
    for (uint32_t k = 0; k < SOME; k++) codeword[k] = (float)(k * 41 % SOME);
    CHECK(groups_new(&groups, SOME, 1) && groups_arrange(&groups, codeword));
    for (uint32_t i = 0; i < SOME; i++) {
        uint32_t code = groups.code[i], first = groups.code[i / CODE_GROUP * CODE_GROUP];
        CHECK(!seen[code]);
        seen[code] = true;
        CHECK_EQ(groups.group[code], i / CODE_GROUP);
        CHECK(i % CODE_GROUP == 0 || code > groups.code[i - 1]);
        CHECK(fabsf(codeword[code] - codeword[first]) < CODE_GROUP);
    }
    groups_free(&groups);
}

enum { DIM = 21, K = 100, N = 500 };

struct setting {
    float *x, *codeword; /* [N][DIM], [K][DIM] */
    voq_model *model;
    struct groups groups;
    struct bounds bounds;
    float score[K]; /* of a frame, by the definition */
};

/* Two clouds `scale` apart: where that is much, rounding decides among the near codewords. */
static void begin(struct setting *s, float scale)
{
    *s = (struct setting){.x = blobs(N + K, DIM, 7, 100)};
    for (size_t i = 0; i < (N + K) * DIM; i++)
        s->x[i] = s->x[i] / 200 + (i / DIM % 2 ? scale : -scale);
    s->codeword = s->x + N * DIM;
    voq_parts parts = {.struct_size = sizeof parts, .codeword = s->codeword, .n_codebook = 1,
                       .n_code = K, .dim = DIM, .name = "test"};
    if (voq_model_make(&parts, NULL, &s->model, NULL) || !groups_new(&s->groups, K, DIM) ||
        !groups_arrange(&s->groups, s->codeword) || !bounds_new(&s->bounds, &s->groups))
        exit(1);
    bounds_begin(&s->bounds, s->model->quantizer.codebook->mean, s->codeword, NULL);
}

static void end(struct setting *s)
{
    bounds_free(&s->bounds);
    groups_free(&s->groups);
    voq_model_close(s->model);
    free(s->x);
}

static void find_scores(struct setting *s, const float *x)
{
    const struct codebook *codebook = s->model->quantizer.codebook;
    for (size_t k = 0; k < K; k++) {
        const float *c = codebook->packed + k / CODE_GROUP * CODE_GROUP * DIM + k % CODE_GROUP;
        s->score[k] = codebook->half_norm[k];
        for (size_t d = 0; d < DIM; d++)
            s->score[k] -= (x[d] - codebook->mean[d]) * c[d * CODE_GROUP];
    }
}

static const float scales[] = {0, 1, 10, 100, 1000, 10000};

/* Whoever lies beyond the limit loses by the definition, whoever the frame's own codeword is. */
static void beyond_the_limit_nobody_wins(void)
{
    for (size_t j = 0; j < sizeof scales / sizeof *scales; j++) {
        struct setting s;
        size_t n_beyond = 0;
        begin(&s, scales[j]);
        for (size_t i = 0; i < N; i++) {
            const float *x = s.x + i * DIM;
            size_t own = i % K;
            float distance = squared_distance(x, s.codeword + own * DIM, DIM), limit;
            bounds_limit(&s.bounds, &distance, 1, &limit);
            find_scores(&s, x);
            for (size_t k = 0; k < K; k++) {
                double true_distance = sqrt(square_between(x, s.codeword + k * DIM, DIM));
                if (!(true_distance > (double)limit)) continue;
                n_beyond++;
                CHECK(s.score[k] > s.score[own]);
            }
        }
        CHECK(n_beyond > N * K / 10);
        end(&s);
    }
}

static void bounds_are_never_above_the_distance(void)
{
    for (size_t j = 0; j < sizeof scales / sizeof *scales; j++) {
        struct setting s;
        begin(&s, scales[j]);
        for (size_t i = 0; i < N; i++) {
            const float *x = s.x + i * DIM;
            float square = squared_distance(x, s.model->quantizer.codebook->mean, DIM);
            float base, error;
            bounds_base(&s.bounds, &square, 1, &base, &error);
            find_scores(&s, x);
            for (size_t k = 0; k < K; k++) {
                double true_distance = sqrt(square_between(x, s.codeword + k * DIM, DIM));
                double lower = (double)bounds_lower(s.score[k], base, error);
                CHECK(lower <= true_distance);
                CHECK(true_distance > 1000 || scales[j] > 10 || lower > 0.99 * true_distance);
            }
        }
        end(&s);
    }
}

int main(void)
{
    if (!scratch_begin()) return 1;
    RUN(groups_hold_each_code_once_beside_its_like);
    RUN(beyond_the_limit_nobody_wins);
    RUN(bounds_are_never_above_the_distance);
    return check_done();
}
