/* SPDX-License-Identifier: MIT */
#include "tools/eval/utterance_encoder.h"

#include "tools/base/growing.h"
#include "tools/eval/feature_set.h"

#include <stdlib.h>

bool utterance_encoder_init(struct utterance_encoder *encoder, const voq_model *model,
                            struct failure *failure)
{
    *encoder = (struct utterance_encoder){.model = model,
                                          .info = {.struct_size = sizeof encoder->info}};
    if (voq_model_describe(model, &encoder->info) != VOQ_OK || !encoder->info.n_code)
        return fail(failure, EXIT_USAGE, "the model has no codebook, so there are no units");
    voq_parts parts = {.struct_size = sizeof parts};
    if (voq_model_parts(model, &parts) != VOQ_OK)
        return fail(failure, EXIT_INTERNAL, "the parts of the model cannot be read");
    encoder->origin = parts.codeword;
    return true;
}

void encoded_clear(struct encoded *encoded)
{
    free(encoded->feature);
    free(encoded->id);
    free(encoded->distance);
    *encoded = (struct encoded){0};
}

/* Allocates n frames; after a failure encoded_clear frees what was allocated. */
static bool make_room(struct encoded *encoded, const voq_info *info, size_t n, voq_output *output,
                      struct failure *failure)
{
    encoded->n_frame = n;
    encoded->feature = zeroed(n * info->dim, sizeof *encoded->feature, failure);
    encoded->id = zeroed(n * info->n_codebook, sizeof *encoded->id, failure);
    encoded->distance = zeroed(n * info->n_codebook, sizeof *encoded->distance, failure);
    *output = (voq_output){.struct_size = sizeof *output, .capacity = n, .id = encoded->id,
                           .distance = encoded->distance, .feature = encoded->feature};
    return encoded->feature && encoded->id && encoded->distance;
}

static bool finish(struct encoded *encoded, voq_status status, const char *name,
                   const voq_error *error, struct failure *failure)
{
    if (status == VOQ_OK) return true;
    encoded_clear(encoded);
    if (status == VOQ_ERROR_MEMORY) return fail_memory(failure);
    return fail(failure, EXIT_INPUT, "%s: %s", name, error->text);
}

bool encode_samples(const struct utterance_encoder *encoder, const char *name, const float *x,
                    size_t n, struct encoded *encoded, struct failure *failure)
{
    voq_error error = {.struct_size = sizeof error};
    voq_output output;
    size_t n_frame = voq_encode_frames(encoder->model, n);
    *encoded = (struct encoded){0};
    voq_status status = VOQ_ERROR_MEMORY;
    if (make_room(encoded, &encoder->info, n_frame, &output, failure))
        status = voq_encode(encoder->model, NULL, x, n, &output, &n_frame, &error);
    return finish(encoded, status, name, &error, failure);
}

bool encode_vectors(const struct utterance_encoder *encoder, const char *path,
                    struct encoded *encoded, struct failure *failure)
{
    struct feature_set set = {0};
    const voq_info *info = &encoder->info;
    voq_error error = {.struct_size = sizeof error};
    voq_output output;
    *encoded = (struct encoded){0};
    bool good = feature_set_read(&set, path, failure);
    if (good && set.names.n != 1)
        good = fail(failure, EXIT_INPUT, "%s: has %u arrays; expected one", path, set.names.n);
    if (good && set.series[0].n_frame && set.dim != info->input_dim)
        good = fail(failure, EXIT_INPUT,
                    "%s: the vectors have %u dimensions; the model needs %u", path,
                    set.dim, info->input_dim);
    if (good) {
        size_t n = set.series[0].n_frame, n_row = voq_quantize_rows(encoder->model, n);
        voq_status status = VOQ_ERROR_MEMORY;
        if (make_room(encoded, info, n_row, &output, failure))
            status = voq_quantize(encoder->model, set.series[0].frame, n, &output, &error);
        good = finish(encoded, status, path, &error, failure);
    }
    feature_set_clear(&set);
    return good;
}
