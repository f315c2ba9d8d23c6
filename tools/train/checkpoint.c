/* SPDX-License-Identifier: MIT */
#include "tools/train/checkpoint.h"

#include "tools/base/number.h"
#include "tools/base/output_file.h"
#include "tools/train/provenance.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool checkpoint_write(struct checkpoint_file *file, const char identity[65], uint32_t stage,
                      const struct front_half *front, const float *codeword, uint32_t n_codebook,
                      uint32_t n_code, const struct lloyd_state *state, struct failure *failure)
{
    char text[256], distortion[32];
    format_double(distortion, state->distortion);
    snprintf(text, sizeof text, "distortion=%s\niteration=%" PRIu32 "\nrevived=%" PRIu32
             "\nstage=%" PRIu32 "\ntraining=%s\n", distortion, state->iteration, state->n_revived,
             stage, identity);
    voq_model *model;
    const void *bytes;
    size_t n;
    if (!front_half_make(front, codeword, n_codebook, n_code, "checkpoint", text, &model, failure))
        return false;
    voq_model_bytes(model, &bytes, &n);
    bool good = checkpoint_file_is_own(file, failure) &&
                output_file_write(file->path, bytes, n, failure);
    if (good) checkpoint_file_written(file);
    voq_model_close(model);
    return good;
}

static bool read_state(const char *text, struct checkpoint *checkpoint)
{
    char value[32];
    return provenance_value(text, "training", checkpoint->identity, sizeof checkpoint->identity) &&
           provenance_value(text, "distortion", value, sizeof value) &&
           parse_double(value, &checkpoint->state.distortion) &&
           provenance_value(text, "iteration", value, sizeof value) &&
           parse_u32(value, &checkpoint->state.iteration) &&
           provenance_value(text, "revived", value, sizeof value) &&
           parse_u32(value, &checkpoint->state.n_revived) &&
           provenance_value(text, "stage", value, sizeof value) &&
           parse_u32(value, &checkpoint->stage);
}

bool checkpoint_read(struct checkpoint *checkpoint, const char *path,
                     const struct checkpoint_use *use, struct failure *failure)
{
    voq_error error = {.struct_size = sizeof error};
    *checkpoint = (struct checkpoint){.path = path,
                                      .parts = {.struct_size = sizeof checkpoint->parts}};
    if (access(path, F_OK) != 0 && errno == ENOENT) return true;
    if (voq_model_open(path, NULL, &checkpoint->model, &error))
        return fail(failure, EXIT_USAGE,
                    "%s: is not a checkpoint: %.*s; name another file, or delete this one to start "
                    "again", path, (int)strcspn(error.text, ";"), error.text);
    bool good = voq_model_parts(checkpoint->model, &checkpoint->parts) == VOQ_OK &&
                read_state(checkpoint->parts.provenance, checkpoint);
    if (!good)
        fail(failure, EXIT_USAGE, "%s: is a model, not a checkpoint; choose another file", path);
    else
        good = checkpoint_fits(checkpoint, use, failure);
    if (!good) checkpoint_close(checkpoint);
    return good;
}

bool checkpoint_is_of(const struct checkpoint *checkpoint, const char identity[65],
                      struct failure *failure)
{
    return !checkpoint->model || strcmp(checkpoint->identity, identity) == 0 ||
           fail(failure, EXIT_USAGE,
                "%s: this checkpoint belongs to other options or another corpus; use those, or "
                "delete it", checkpoint->path);
}

bool checkpoint_take(const struct checkpoint *checkpoint, float *codeword, uint32_t n_codebook,
                     uint32_t n_code, uint32_t dim, uint32_t *n, struct failure *failure)
{
    const voq_parts *parts = &checkpoint->parts;
    if (parts->n_codebook > n_codebook || parts->n_code != n_code || parts->dim != dim)
        return fail(failure, EXIT_INTERNAL,
                    "%s: the codebooks have another shape", checkpoint->path);
    memcpy(codeword, parts->codeword,
           sizeof *codeword * parts->n_codebook * parts->n_code * parts->dim);
    *n = parts->n_codebook;
    return true;
}

void checkpoint_close(struct checkpoint *checkpoint)
{
    voq_model_close(checkpoint->model);
    *checkpoint = (struct checkpoint){0};
}
