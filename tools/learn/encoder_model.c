/* SPDX-License-Identifier: MIT */
#include "tools/learn/encoder_model.h"

#include "tools/base/growing.h"
#include "tools/learn/calibration.h"
#include "tools/learn/code_labels.h"
#include "tools/learn/decoder_section.h"
#include "tools/learn/first_codebook.h"
#include "tools/learn/integers.h"

#include <stdlib.h>
#include <string.h>

enum { CALIBRATION_RECORDINGS = 60 };

static bool take_floats(struct learner *learner, struct float_network *floats,
                          struct failure *failure)
{
    const struct network *encoder = learner_encoder(learner);
    if (!float_network_new(floats, &learner->options.spec, failure)) return false;
    for (size_t i = 0; i < floats->spec.n_layer; i++)
        network_fold(encoder, i, floats->layer[i].weight, floats->layer[i].bias,
                     floats->layer[i].state_weight, floats->layer[i].state_bias);
    return true;
}

/* The inputs of some recordings. */
struct sample {
    struct calibration_utterance *utterance;
    size_t n, capacity;
};

static void sample_free(struct sample *sample)
{
    for (size_t i = 0; i < sample->n; i++) free((void *)sample->utterance[i].x);
    free(sample->utterance);
}

static bool add(struct sample *sample, const struct plain_result *result, size_t dim,
                struct failure *failure)
{
    size_t n_byte = result->n_frame * dim * sizeof(float);
    if (result->n_frame == 0) return true;
    float *x = malloc(n_byte);
    if (!x) return fail_memory(failure);
    memcpy(x, result->x, n_byte);
    if (!grow(&sample->utterance, &sample->capacity, sample->n + 1, sizeof *sample->utterance,
              failure)) {
        free(x);
        return false;
    }
    sample->utterance[sample->n++] = (struct calibration_utterance){x, result->n_frame};
    return true;
}

static bool take_sample(struct sample *sample, struct learner *learner,
                        const struct learn_data *data, struct failure *failure)
{
    struct plain_run run;
    struct plain_result result;
    bool *chosen, good = true;
    if (!choose_recordings(&data->examples, data->options->seed, 1, CALIBRATION_RECORDINGS,
                           &chosen, failure))
        return false;
    plain_run_begin(&run, &data->examples, learner);
    for (size_t i = 0; good && i < data->recordings.n; i++)
        if (chosen[i])
            good = plain_run_do(&run, i, &result, failure) &&
                   add(sample, &result, data->dim, failure);
    plain_run_end(&run);
    free(chosen);
    return good;
}

/* Networks from elsewhere fail for other reasons, so what the failure advises is left out. */
static bool fail_learned(const struct failure *why, struct failure *failure)
{
    if (why->code != EXIT_INPUT) return fail(failure, why->code, "%s", why->text);
    return fail(failure, EXIT_USAGE, "the training failed: its network cannot be computed in "
                "integers: %.*s; start again with a lower --learning-rate",
                (int)strcspn(why->text, ";"), why->text);
}

static bool make_integers(struct learner *learner, const struct learn_data *data,
                          struct integers *integers, struct failure *failure)
{
    double step[ENCODER_MOST_LAYERS] = {0};
    struct float_network floats = {0};
    struct sample sample = {0};
    struct failure why = {0};
    bool good = take_floats(learner, &floats, &why) &&
                take_sample(&sample, learner, data, &why) &&
                calibrate(&floats, sample.utterance, sample.n, data->options->n_thread, step,
                          &why) &&
                integers_make(integers, &floats, step, &why);
    sample_free(&sample);
    float_network_free(&floats);
    return good || fail_learned(&why, failure);
}

/* The decoder of a VQ-VAE as a section; there is none where labels were learned. */
static bool make_decoder(const struct learner *learner, voq_section *section, void **owned,
                         struct failure *failure)
{
    const struct network *decoder = learner->learned[LEARNER_DECODER].network;
    unsigned char *bytes;
    if (!decoder) return true;
    if (!decoder_section_make(decoder, &bytes, &section->n_byte, failure)) return false;
    section->bytes = *owned = bytes;
    return true;
}

bool encoder_model_make(struct learner *learner, const struct learn_data *data, const char *name,
                        const char *provenance, voq_model **model, struct failure *failure)
{
    const struct vector_quantizer *quantizer = &learner->quantizer;
    struct integers integers = {0};
    struct code_labels labels = {0};
    voq_error error = {.struct_size = sizeof error};
    voq_section decoder = {.type = DECODER_SECTION};
    void *decoder_bytes = NULL;
    bool good = make_integers(learner, data, &integers, failure) &&
                make_decoder(learner, &decoder, &decoder_bytes, failure) &&
                (data->n_head == 0 || data->is_vectors ||
                 code_labels_find(&labels, learner, &data->examples, failure));
    const voq_parts parts = {
        .struct_size = sizeof parts, .frontend = data->is_vectors ? NULL : &data->frontend,
        .normalise = &data->normalise, .codeword = quantizer->codeword,
        .n_codebook = quantizer->options.n_codebook, .n_code = quantizer->options.n_code,
        .dim = quantizer->options.dim, .name = name, .provenance = provenance,
        .encoder = &integers.encoder, .label = (const char *const *)labels.text,
        .label_probability = labels.probability, .section = &decoder,
        .n_section = decoder_bytes ? 1 : 0};
    if (good && voq_model_make(&parts, NULL, model, &error) != VOQ_OK)
        good = fail(failure, EXIT_INTERNAL, "the model cannot be made: %s", error.text);
    free(decoder_bytes);
    code_labels_free(&labels);
    integers_free(&integers);
    return good;
}
