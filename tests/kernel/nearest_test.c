/* SPDX-License-Identifier: MIT */
/* If this fails, a unit is not the nearest codeword, or depends on the computer. */
#include "tests/kernel/variants.h"

enum { MAX_CODE = 3 * CODE_GROUP, MAX_DIM = 3 * MAX_LANES + 1, MAX_FRAME = 13 };

struct search {
    struct guarded g[3];
    float *packed, *half_norm, *x;
    size_t n_code, n_group, dim, n_frame;
};

static void search_free(struct search *s)
{
    for (size_t i = 0; i < 3; i++) guard_free(&s->g[i]);
}

static float *code_at(const struct search *s, size_t k, size_t d)
{
    return &s->packed[(k / CODE_GROUP * s->dim + d) * CODE_GROUP + k % CODE_GROUP];
}

static struct search search_new(size_t n_code, size_t dim, size_t n_frame, enum fill fill,
                                int at_end)
{
    struct search s = {.n_code = n_code,
                       .n_group = (n_code + CODE_GROUP - 1) / CODE_GROUP,
                       .dim = dim,
                       .n_frame = n_frame};
    size_t n_padded = s.n_group * CODE_GROUP;
    s.g[0] = guard_new(n_padded * dim * 4);
    s.g[1] = guard_new(n_padded * 4);
    s.g[2] = guard_new(n_frame * dim * 4);
    s.packed = guard_place(&s.g[0], n_padded * dim * 4, 4, at_end);
    s.half_norm = guard_place(&s.g[1], n_padded * 4, 4, at_end);
    s.x = guard_place(&s.g[2], n_frame * dim * 4, 4, at_end);

    uint64_t seed = n_code * 31 + dim * 7 + n_frame + (uint64_t)fill;
    memset(s.packed, 0, n_padded * dim * 4);
    for (size_t k = 0; k < n_padded; k++) {
        double norm = 0.0;
        for (size_t d = 0; d < dim && k < n_code; d++) {
            float c = fill_value(fill, &seed);
            *code_at(&s, k, d) = c;
            norm += (double)c * (double)c;
        }
        s.half_norm[k] = k < n_code ? (float)(norm / 2.0) : INFINITY;
    }
    fill_array(fill, &seed, s.x, n_frame * dim);
    return s;
}

/* The definition, word for word. */
static void search_plainly(const struct search *s, size_t frame, uint32_t *id, float *score)
{
    *id = 0;
    *score = INFINITY;
    for (size_t k = 0; k < s->n_code; k++) {
        float sum = s->half_norm[k];
        for (size_t d = 0; d < s->dim; d++) {
            float product = s->x[frame * s->dim + d] * *code_at(s, k, d);
            sum = sum - product;
        }
        if (sum < *score) {
            *id = (uint32_t)k;
            *score = sum;
        }
    }
}

static bool agrees(const struct kernel *k, const struct search *s)
{
    uint32_t id[MAX_FRAME + 1], expected_id;
    float score[MAX_FRAME + 1], expected;
    id[s->n_frame] = 77;
    score[s->n_frame] = 77.0f;
    k->nearest(s->packed, s->half_norm, s->n_group, s->dim, s->x, s->n_frame, id, score);
    if (id[s->n_frame] != 77 || score[s->n_frame] != 77.0f) return false;
    for (size_t i = 0; i < s->n_frame; i++) {
        search_plainly(s, i, &expected_id, &expected);
        if (!same_floats("score", k, &score[i], &expected, 1)) return false;
        if (expected <= FLT_MAX && id[i] != expected_id) {
            printf("# %s frame %zu of %zu: id %u, expected %u\n", k->name, i, s->n_frame,
                   (unsigned)id[i], (unsigned)expected_id);
            return false;
        }
    }
    return true;
}

static bool race(const struct kernel *k, size_t n_code, size_t dim, size_t n_frame)
{
    for (int fill = 0; fill < N_FILL; fill++)
        for (int at_end = 0; at_end < 2; at_end++) {
            struct search s = search_new(n_code, dim, n_frame, (enum fill)fill, at_end);
            bool same = agrees(k, &s);
            search_free(&s);
            if (same) continue;
            printf("# codes %zu, dim %zu, fill %d\n", n_code, dim, fill);
            return false;
        }
    return true;
}

static bool every_number_of_codes(const struct kernel *k)
{
    for (size_t n_code = 1; n_code <= MAX_CODE; n_code++)
        if (!race(k, n_code, 5, 6)) return false;
    return true;
}

static bool every_dimension(const struct kernel *k)
{
    for (size_t dim = 1; dim <= 3 * k->lanes + 1; dim++)
        if (!race(k, 70, dim, 5)) return false;
    return true;
}

static bool every_number_of_frames(const struct kernel *k)
{
    for (size_t n_frame = 0; n_frame <= MAX_FRAME; n_frame++)
        if (!race(k, 65, 4, n_frame)) return false;
    return true;
}

/* Codewords a and b are the same vector, all others lie farther: the lower index must win,
   wherever the two fall in lanes and groups. */
static bool every_tie(const struct kernel *k)
{
    for (size_t a = 0; a < 2 * CODE_GROUP; a++)
        for (size_t b = a + 1; b < 2 * CODE_GROUP; b++) {
            struct search s = search_new(2 * CODE_GROUP, 3, 5, FILL_RANDOM, 1);
            for (size_t d = 0; d < 3; d++) {
                *code_at(&s, a, d) = *code_at(&s, b, d) = 0.25f;
                for (size_t i = 0; i < 5; i++) s.x[i * 3 + d] = 0.25f;
            }
            for (size_t c = 0; c < 2 * CODE_GROUP; c++) s.half_norm[c] = 50.0f;
            s.half_norm[a] = s.half_norm[b] = 0.09375f;
            uint32_t id[5];
            float score[5];
            k->nearest(s.packed, s.half_norm, s.n_group, 3, s.x, 5, id, score);
            search_free(&s);
            for (size_t i = 0; i < 5; i++)
                if (id[i] != a) {
                    printf("# %s: codes %zu and %zu tie, %u won\n", k->name, a, b, (unsigned)id[i]);
                    return false;
                }
        }
    return true;
}

/* A sum in another order would round the other way here: each term is half a digit of the next. */
static bool order_of_terms(const struct kernel *k)
{
    for (size_t dim = 2; dim <= MAX_DIM; dim++) {
        struct search s = search_new(CODE_GROUP + 3, dim, 7, FILL_RANDOM, 0);
        for (size_t i = 0; i < 7 * dim; i++)
            s.x[i] = (i % 2 ? 1.0f : -1.0f) * (float)(1 + i % 5) * (i % 3 ? 0x1p12f : 0x1p-12f);
        bool same = agrees(k, &s);
        search_free(&s);
        if (!same) return false;
    }
    return true;
}

static void any_number_of_codes_is_searched_whole(void)
{
    each_variant(every_number_of_codes);
}
static void any_dimension_is_summed_in_order(void)
{
    each_variant(every_dimension);
}
static void any_number_of_frames_is_searched(void)
{
    each_variant(every_number_of_frames);
}
static void the_lower_index_wins_a_tie(void)
{
    each_variant(every_tie);
}
static void terms_are_subtracted_one_by_one(void)
{
    each_variant(order_of_terms);
}

int main(void)
{
    RUN(any_number_of_codes_is_searched_whole);
    RUN(any_dimension_is_summed_in_order);
    RUN(any_number_of_frames_is_searched);
    RUN(the_lower_index_wins_a_tie);
    RUN(terms_are_subtracted_one_by_one);
    return check_done();
}
