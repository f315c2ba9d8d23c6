/* SPDX-License-Identifier: MIT */
#include "tools/command/convert.h"

#include "tools/base/path.h"
#include "tools/command/network_model.h"

bool convert_is_network(const char *input)
{
    return path_has_suffix(input, "safetensors");
}

static bool read_speech(struct network_model *model, const struct convert_options *options,
                        struct option_guard *guard, struct failure *failure)
{
    if (options->calibrate)
        return calibration_corpus_read(&model->corpus, options->calibrate, model->features, guard,
                                       failure);
    return !network_model_needs_speech(model) ||
           fail(failure, EXIT_USAGE,
                "--calibrate is missing: the outputs of convolutions need a scale; name a folder "
                "of speech");
}

static bool write(const struct network_model *model, const char *output, struct failure *failure)
{
    char spec[ENCODER_SPEC_TEXT], provenance[ENCODER_SPEC_TEXT + 128];
    encoder_spec_text(&model->network.spec, spec);
    snprintf(provenance, sizeof provenance, "%sencoder=%s\nweights=imported\n",
             model->codeword ? "codebook=imported\n" : "", spec);
    voq_parts parts = model->parts;
    parts.provenance = provenance;
    return convert_write_model(&parts, output, failure);
}

/* The model is written by now, so a failure here is not one of the run. */
static void note_difference(const struct network_model *model, struct messages *messages)
{
    double share;
    struct failure failure;
    if (!model->codeword || model->corpus.n == 0) return;
    if (network_model_compare(model, &share, &failure))
        messages_note(messages,
                      "%s: %.2f %% of the units differ from those of the floats (%llu frames of "
                      "%zu utterances)", model->path, 100 * share,
                      (unsigned long long)model->corpus.n_frame, model->corpus.n);
    else
        messages_warn(messages, "%s", failure.text);
}

bool convert_network(const struct convert_options *options, const char *input,
                     struct option_guard *guard, struct messages *messages,
                     struct failure *failure)
{
    struct network_model model = {0};
    const char *frontend = options->frontend ? options->frontend : "encoder";
    bool ok = convert_fit_network(options, failure) &&
              network_model_read(&model, input, frontend, options->encoder, failure) &&
              read_speech(&model, options, guard, failure) &&
              network_model_quantize(&model, failure) &&
              write(&model, options->output, failure);
    if (ok) note_difference(&model, messages);
    network_model_free(&model);
    return ok;
}
