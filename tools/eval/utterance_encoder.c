/* SPDX-License-Identifier: MIT */
#include "tools/eval/utterance_encoder.h"

#include "tools/base/growing.h"
#include "tools/eval/feature_set.h"

#include <stdlib.h>

enum { BLOCK = 64 }; /* frames that share vector lanes */

bool utterance_encoder_init(struct utterance_encoder *encoder, const voq_model *model,
                            struct failure *failure)
{
    const voq_options options = {.struct_size = sizeof options, .block = BLOCK};
    *encoder = (struct utterance_encoder){.model = model,
                                          .info = {.struct_size = sizeof encoder->info}};
    if (voq_model_describe(model, &encoder->info) != VOQ_OK || !encoder->info.n_code)
        return fail(failure, EXIT_USAGE, "the model has no codebook, so there are no units");
    voq_parts parts = {.struct_size = sizeof parts};
    if (voq_model_parts(model, &parts) != VOQ_OK)
        return fail(failure, EXIT_INTERNAL, "the model does not give its parts");
    encoder->origin = parts.codeword;
    if (!encoder->info.rate_hz) return true;
    voq_status status = voq_features_new(model, &options, &encoder->features);
    if (status == VOQ_ERROR_MEMORY) return fail_memory(failure);
    return status == VOQ_OK ||
           fail(failure, EXIT_USAGE, "model %s: %s", encoder->info.name,
                voq_status_string(status));
}

void utterance_encoder_clear(struct utterance_encoder *encoder)
{
    voq_features_free(encoder->features);
    encoder->features = NULL;
}

void encoded_clear(struct encoded *encoded)
{
    free(encoded->feature);
    free(encoded->id);
    free(encoded->distance);
    *encoded = (struct encoded){0};
}

static bool quantize(struct utterance_encoder *encoder, const char *name, struct encoded *encoded,
                     struct failure *failure)
{
    voq_error error = {.struct_size = sizeof error};
    size_t n = encoded->n_frame * encoder->info.n_codebook;
    encoded->id = zeroed(n, sizeof *encoded->id, failure);
    encoded->distance = zeroed(n, sizeof *encoded->distance, failure);
    if (!encoded->id || !encoded->distance) return false;
    return voq_quantize(encoder->model, encoded->feature, encoded->n_frame, encoded->id,
                        encoded->distance, NULL, &error) == VOQ_OK ||
           fail(failure, EXIT_INPUT, "%s: %s", name, error.text);
}

static bool take_features(voq_features *features, const char *name, uint32_t dim, const float *x,
                          size_t n, struct encoded *encoded, struct failure *failure)
{
    size_t capacity = voq_features_max_frames(features, n), n_push = 0, n_end = 0, room = 0;
    if (!grow(&encoded->feature, &room, capacity * dim, sizeof(float), failure)) return false;
    voq_status status = voq_features_push(features, x, n, encoded->feature, capacity, &n_push);
    if (status == VOQ_OK) {
        capacity = n_push + voq_features_finish_frames(features);
        if (!grow(&encoded->feature, &room, capacity * dim, sizeof(float), failure)) return false;
        status = voq_features_finish(features, encoded->feature + n_push * dim, capacity - n_push,
                                     &n_end);
    }
    encoded->n_frame = n_push + n_end;
    return status == VOQ_OK ||
           fail(failure, EXIT_INPUT, "%s: %s", name, voq_status_string(status));
}

bool encode_samples(struct utterance_encoder *encoder, const char *name, const float *x, size_t n,
                    struct encoded *encoded, struct failure *failure)
{
    *encoded = (struct encoded){0};
    if (!encoder->features)
        return fail(failure, EXIT_USAGE, "%s: model %s takes vectors, not audio", name,
                    encoder->info.name);
    voq_features_reset(encoder->features);
    if (take_features(encoder->features, name, encoder->info.dim, x, n, encoded, failure) &&
        quantize(encoder, name, encoded, failure))
        return true;
    encoded_clear(encoded);
    return false;
}

bool encode_vectors(struct utterance_encoder *encoder, const char *path, struct encoded *encoded,
                    struct failure *failure)
{
    struct feature_set set = {0};
    *encoded = (struct encoded){0};
    bool good = feature_set_read(&set, path, failure);
    if (good && set.names.n != 1)
        good = fail(failure, EXIT_INPUT, "%s: %u arrays, not one", path, set.names.n);
    if (good && set.series[0].n_frame && set.dim != encoder->info.dim)
        good = fail(failure, EXIT_INPUT, "%s: vectors of %u dimensions; the model takes %u", path,
                    set.dim, encoder->info.dim);
    if (good) {
        encoded->feature = set.series[0].frame;
        encoded->n_frame = set.series[0].n_frame;
        set.series[0].frame = NULL;
        good = quantize(encoder, path, encoded, failure);
    }
    feature_set_clear(&set);
    if (!good) encoded_clear(encoded);
    return good;
}
