/* SPDX-License-Identifier: MIT */
/* sdot adds four products of signed bytes to each lane: a lane is a row. */
#ifndef __ARM_FEATURE_DOTPROD
#error "compile this file for dotprod"
#endif
#include "src/kernel/neon_lanes.h"

#define ISA dot
#define OFFSET 0

enum { TILE_4 = 16, TILE_1 = 32 };

#define DOT(sum, a, w) sum = vdotq_s32(sum, w, a)

static void sums_of_4(const struct dense *dense, const int8_t *w, const struct activations *in,
                      const int8_t *x, int32_t *sum)
{
    int32x4_t s0 = vdupq_n_s32(0), s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
    int32x4_t u0 = s0, u1 = s0, u2 = s0, u3 = s0, v0 = s0, v1 = s0, v2 = s0, v3 = s0;
    size_t step = in->frame_step;
    for (size_t c = 0; c < dense->n_chunk; c++, x += in->chunk_step)
        for (size_t k = 0; k < dense->n_column; k += COLUMN_GROUP, w += COLUMN_STEP) {
            int8x16_t w0 = vld1q_s8(w), w1 = vld1q_s8(w + 16), w2 = vld1q_s8(w + 32);
            int8x16_t w3 = vld1q_s8(w + 48), a = four_activations(x + k);
            DOT(s0, a, w0), DOT(s1, a, w1), DOT(s2, a, w2), DOT(s3, a, w3);
            a = four_activations(x + step + k);
            DOT(t0, a, w0), DOT(t1, a, w1), DOT(t2, a, w2), DOT(t3, a, w3);
            a = four_activations(x + 2 * step + k);
            DOT(u0, a, w0), DOT(u1, a, w1), DOT(u2, a, w2), DOT(u3, a, w3);
            a = four_activations(x + 3 * step + k);
            DOT(v0, a, w0), DOT(v1, a, w1), DOT(v2, a, w2), DOT(v3, a, w3);
        }
    vst1q_s32(sum, s0), vst1q_s32(sum + 4, s1), vst1q_s32(sum + 8, s2), vst1q_s32(sum + 12, s3);
    vst1q_s32(sum + 16, t0), vst1q_s32(sum + 20, t1), vst1q_s32(sum + 24, t2);
    vst1q_s32(sum + 28, t3), vst1q_s32(sum + 32, u0), vst1q_s32(sum + 36, u1);
    vst1q_s32(sum + 40, u2), vst1q_s32(sum + 44, u3), vst1q_s32(sum + 48, v0);
    vst1q_s32(sum + 52, v1), vst1q_s32(sum + 56, v2), vst1q_s32(sum + 60, v3);
}

static void sums_of_1(const struct dense *dense, const int8_t *w, const struct activations *in,
                      const int8_t *x, int32_t *sum)
{
    int32x4_t s0 = vdupq_n_s32(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
    for (size_t c = 0; c < dense->n_chunk; c++, x += in->chunk_step)
        for (size_t k = 0; k < dense->n_column; k += COLUMN_GROUP, w += COLUMN_STEP) {
            int8x16_t a = four_activations(x + k);
            DOT(s0, a, vld1q_s8(w)), DOT(s1, a, vld1q_s8(w + 16));
            DOT(s2, a, vld1q_s8(w + 32)), DOT(s3, a, vld1q_s8(w + 48));
            DOT(s4, a, vld1q_s8(w + 64)), DOT(s5, a, vld1q_s8(w + 80));
            DOT(s6, a, vld1q_s8(w + 96)), DOT(s7, a, vld1q_s8(w + 112));
        }
    vst1q_s32(sum, s0), vst1q_s32(sum + 4, s1), vst1q_s32(sum + 8, s2), vst1q_s32(sum + 12, s3);
    vst1q_s32(sum + 16, s4), vst1q_s32(sum + 20, s5), vst1q_s32(sum + 24, s6);
    vst1q_s32(sum + 28, s7);
}

#include "src/kernel/encoder_tmpl.h"
