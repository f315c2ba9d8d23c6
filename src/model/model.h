/* SPDX-License-Identifier: MIT */
/* Shared with tools/train. */
#ifndef VOQ_MODEL_H
#define VOQ_MODEL_H

#include "src/encoder/encoder.h"
#include "src/frontend/spectrum.h"
#include "src/kernel/kernel.h"
#include "src/model/layout.h"
#include "src/quantize/codebook.h"
#include "src/transform/affine.h"

/* A model in memory: the file's bytes, and the tables computed from them. Immutable. */
struct voq_model {
    void *allocation, *allocated_bytes; /* what close frees; NULL in the caller's memory */
    const struct kernel *kernel;        /* points at the next field */
    struct kernel chosen;
    const unsigned char *bytes;
    size_t n_byte;
    struct parsed parsed; /* points into bytes */
    bool has_audio, has_normalise, has_transform, has_encoder, has_codebook;
    struct frontend frontend;
    struct affine affine;
    struct encoder encoder;
    struct quantizer quantizer;
    const char *const *label; /* [n_code], or NULL */
    const voq_section *section; /* [parsed.n_other] */
    const char *name, *provenance;
    _Atomic uint32_t *hash; /* [2]: its halves; 0 until it is asked for */
};

/* Frames after its own stride of them that a feature needs for deltas, stacking and encoder. */
uint32_t voq_model_look_ahead_frames(const voq_model *model);

/* Whether the first feature depends on the whole signal, so that a stream cannot serve it. */
bool voq_model_needs_whole_signal(const voq_model *model);

/* Makes a model of bytes that were allocated by malloc, and keeps or frees them. */
voq_status voq_model_adopt(unsigned char *bytes, size_t n_byte, const voq_options *options,
                           voq_model **model, voq_error *error);

/* Reads options, which may be NULL; *block is 0 where they do not set it. ARGUMENT: one is out of
   range. */
voq_status voq_read_options(const voq_options *options, voq_cpu *cpu, uint32_t *block,
                            voq_error *error);

#endif
