/* SPDX-License-Identifier: MIT */
/* src/quantize/README.md has the definition and the tie rule. Accumulators are named variables:
   gcc 12 would keep an array in memory and take twice as long. */
struct best {
    vec score;
    uvec id;
};

static const uint32_t lane_number[MAX_LANES] = {0, 1, 2,  3,  4,  5,  6,  7,
                                                8, 9, 10, 11, 12, 13, 14, 15};

static inline void best_update(struct best *best, vec score, size_t first_code)
{
    uvec id;
    memcpy(&id, lane_number, sizeof id);
    id = id + (uint32_t)first_code;
    uvec better = vec_less(score, best->score);
    best->score = vec_select(better, score, best->score);
    best->id = (better & id) | (~better & best->id);
}

/* The least score, then the lowest id that has it; no branches, since no CPU could predict them. */
static inline void best_reduce(const struct best *best, uint32_t *id, float *score)
{
    float lane_score[LANES];
    uint32_t lane_id[LANES];
    memcpy(lane_score, &best->score, sizeof lane_score);
    float least = lane_score[0];
    for (size_t i = 1; i < LANES; i++) least = lane_score[i] < least ? lane_score[i] : least;
    uvec tied_id = best->id | vec_less(vec_splat(least), best->score);
    memcpy(lane_id, &tied_id, sizeof lane_id);
    uint32_t lowest = lane_id[0];
    for (size_t i = 1; i < LANES; i++) lowest = lane_id[i] < lowest ? lane_id[i] : lowest;
    *id = lowest;
    *score = least;
}

/* Two vectors of codewords times four frames. */
static void nearest_of_4(const float *packed, const float *half_norm, size_t n_group, size_t dim,
                         const float *x, uint32_t *id, float *score)
{
    struct best none = {vec_splat(__builtin_inff()), (uvec){0}};
    struct best b0 = none, b1 = none, b2 = none, b3 = none;
    const float *x0 = x, *x1 = x + dim, *x2 = x + 2 * dim, *x3 = x + 3 * dim;
    for (size_t g = 0; g < n_group; g++, packed += dim * CODE_GROUP)
        for (size_t k = 0; k < CODE_GROUP; k += 2 * LANES) {
            size_t code = g * CODE_GROUP + k;
            vec s0 = vec_load(half_norm + code), s1 = s0, s2 = s0, s3 = s0;
            vec t0 = vec_load(half_norm + code + LANES), t1 = t0, t2 = t0, t3 = t0;
            const float *c = packed + k;
            for (size_t d = 0; d < dim; d++, c += CODE_GROUP) {
                vec p = vec_load(c), q = vec_load(c + LANES);
                vec a = vec_splat(x0[d]);
                s0 = s0 - a * p;
                t0 = t0 - a * q;
                a = vec_splat(x1[d]);
                s1 = s1 - a * p;
                t1 = t1 - a * q;
                a = vec_splat(x2[d]);
                s2 = s2 - a * p;
                t2 = t2 - a * q;
                a = vec_splat(x3[d]);
                s3 = s3 - a * p;
                t3 = t3 - a * q;
            }
            best_update(&b0, s0, code);
            best_update(&b0, t0, code + LANES);
            best_update(&b1, s1, code);
            best_update(&b1, t1, code + LANES);
            best_update(&b2, s2, code);
            best_update(&b2, t2, code + LANES);
            best_update(&b3, s3, code);
            best_update(&b3, t3, code + LANES);
        }
    best_reduce(&b0, id, score);
    best_reduce(&b1, id + 1, score + 1);
    best_reduce(&b2, id + 2, score + 2);
    best_reduce(&b3, id + 3, score + 3);
}

/* One frame times up to four vectors of codewords at once, to hide the latency. */
static void nearest_of_1(const float *packed, const float *half_norm, size_t n_group, size_t dim,
                         const float *x, uint32_t *id, float *score)
{
    struct best best = {vec_splat(__builtin_inff()), (uvec){0}};
    for (size_t g = 0; g < n_group; g++, packed += dim * CODE_GROUP) {
#if LANES <= 8 /* a group has 4 * LANES codes */
        for (size_t k = 0; k < CODE_GROUP; k += 4 * LANES) {
            size_t code = g * CODE_GROUP + k;
            vec s0 = vec_load(half_norm + code), s1 = vec_load(half_norm + code + LANES);
            vec s2 = vec_load(half_norm + code + 2 * LANES);
            vec s3 = vec_load(half_norm + code + 3 * LANES);
            const float *c = packed + k;
            for (size_t d = 0; d < dim; d++, c += CODE_GROUP) {
                vec a = vec_splat(x[d]);
                s0 = s0 - a * vec_load(c);
                s1 = s1 - a * vec_load(c + LANES);
                s2 = s2 - a * vec_load(c + 2 * LANES);
                s3 = s3 - a * vec_load(c + 3 * LANES);
            }
            best_update(&best, s0, code);
            best_update(&best, s1, code + LANES);
            best_update(&best, s2, code + 2 * LANES);
            best_update(&best, s3, code + 3 * LANES);
        }
#else
        size_t code = g * CODE_GROUP;
        vec s0 = vec_load(half_norm + code), s1 = vec_load(half_norm + code + LANES);
        const float *c = packed;
        for (size_t d = 0; d < dim; d++, c += CODE_GROUP) {
            vec a = vec_splat(x[d]);
            s0 = s0 - a * vec_load(c);
            s1 = s1 - a * vec_load(c + LANES);
        }
        best_update(&best, s0, code);
        best_update(&best, s1, code + LANES);
#endif
    }
    best_reduce(&best, id, score);
}

static void kernel_nearest(const float *packed, const float *half_norm, size_t n_group, size_t dim,
                           const float *x, size_t n_frame, uint32_t *id, float *score)
{
    size_t i = 0;
    for (; i + 4 <= n_frame; i += 4)
        nearest_of_4(packed, half_norm, n_group, dim, x + i * dim, id + i, score + i);
    for (; i < n_frame; i++)
        nearest_of_1(packed, half_norm, n_group, dim, x + i * dim, id + i, score + i);
}
