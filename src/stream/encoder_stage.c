/* SPDX-License-Identifier: MIT */
#include "src/encoder/encoder_state.h"
#include "src/stream/rows.h"
#include "src/stream/stage.h"

#include <math.h>

/* The integers of the encoder would hide a frame that overflowed before it: behind the latents of
   the good frames a row of NaN takes its place. */
static size_t push(struct stage *stage, float *frame, size_t n)
{
    size_t n_good = voq_rows_finite(frame, n, stage->model->encoder.in_dim);
    size_t n_latent = voq_encoder_push(stage->state, frame, n_good, frame);
    if (n_good == n) return n_latent;
    for (size_t d = 0; d < stage->dim; d++) frame[n_latent * stage->dim + d] = NAN;
    return n_latent + 1;
}

static size_t finish(struct stage *stage, float *frame)
{
    return voq_encoder_finish(stage->state, frame);
}

static void reset(struct stage *stage)
{
    voq_encoder_reset(stage->state);
}

static const struct stage_kind kind = {push, finish, reset, reset};

struct stage voq_encoder_stage(const voq_model *model, size_t chunk, struct arena *arena)
{
    const voq_encoder *parts = &model->parsed.encoder;
    struct encoder_state *state = ARENA_TAKE(arena, 1, struct encoder_state);
    voq_encoder_state_place(state, &model->encoder, chunk, arena);
    return (struct stage){&kind, model, state, model->parsed.dim, voq_encoder_look_ahead(parts),
                          voq_encoder_stride(parts)};
}
