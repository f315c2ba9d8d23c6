/* SPDX-License-Identifier: MIT */
/* smull multiplies bytes, sadalp adds the products in pairs to 32 bits. A vector of sums has two
   rows, each as two halves, which are added at the end. */
#ifndef __ARM_NEON
#error "compile this file for neon"
#endif
#include "src/kernel/neon_lanes.h"

#define ISA neon
#define OFFSET 0

enum { TILE_4 = 8, TILE_1 = 16 };

/* s and t: rows 0 and 1, and rows 2 and 3, of the four in w */
#define DOT(s, t, a, w)                                                                            \
    s = vpadalq_s16(s, vmull_s8(vget_low_s8(a), vget_low_s8(w))),                                  \
    t = vpadalq_s16(t, vmull_high_s8(a, w))
#define STORE(sum, s, t) vst1q_s32(sum, vpaddq_s32(s, t))

static void sums_of_4(const struct dense *dense, const int8_t *w, const struct activations *in,
                      const int8_t *x, int32_t *sum)
{
    int32x4_t s0 = vdupq_n_s32(0), s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
    int32x4_t u0 = s0, u1 = s0, u2 = s0, u3 = s0, v0 = s0, v1 = s0, v2 = s0, v3 = s0;
    size_t step = in->frame_step;
    for (size_t c = 0; c < dense->n_chunk; c++, x += in->chunk_step)
        for (size_t k = 0; k < dense->n_column; k += COLUMN_GROUP, w += COLUMN_STEP) {
            int8x16_t p = vld1q_s8(w), q = vld1q_s8(w + 16), a = four_activations(x + k);
            DOT(s0, s1, a, p), DOT(s2, s3, a, q);
            a = four_activations(x + step + k);
            DOT(t0, t1, a, p), DOT(t2, t3, a, q);
            a = four_activations(x + 2 * step + k);
            DOT(u0, u1, a, p), DOT(u2, u3, a, q);
            a = four_activations(x + 3 * step + k);
            DOT(v0, v1, a, p), DOT(v2, v3, a, q);
        }
    STORE(sum, s0, s1), STORE(sum + 4, s2, s3), STORE(sum + 8, t0, t1), STORE(sum + 12, t2, t3);
    STORE(sum + 16, u0, u1), STORE(sum + 20, u2, u3), STORE(sum + 24, v0, v1);
    STORE(sum + 28, v2, v3);
}

static void sums_of_1(const struct dense *dense, const int8_t *w, const struct activations *in,
                      const int8_t *x, int32_t *sum)
{
    int32x4_t s0 = vdupq_n_s32(0), s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
    for (size_t c = 0; c < dense->n_chunk; c++, x += in->chunk_step)
        for (size_t k = 0; k < dense->n_column; k += COLUMN_GROUP, w += COLUMN_STEP) {
            int8x16_t a = four_activations(x + k), p = vld1q_s8(w), q = vld1q_s8(w + 16);
            DOT(s0, t0, a, p), DOT(s1, t1, a, q);
            p = vld1q_s8(w + 32), q = vld1q_s8(w + 48);
            DOT(s2, t2, a, p), DOT(s3, t3, a, q);
        }
    STORE(sum, s0, t0), STORE(sum + 4, s1, t1), STORE(sum + 8, s2, t2), STORE(sum + 12, s3, t3);
}

#include "src/kernel/encoder_tmpl.h"
