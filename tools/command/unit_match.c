/* SPDX-License-Identifier: MIT */
#include "tools/command/unit_match.h"

#include <string.h>

void unit_match_hop(const voq_info *model, const struct unit_format *format,
                    struct unit_facts *facts)
{
    if (format && (format->traits & FORMAT_FRAME_RATE)) return;
    facts->hop_samples = model->hop_samples;
    facts->rate_hz = model->rate_hz;
}

bool unit_match(const voq_info *model, const struct utterance_units *u, const char *place,
                struct failure *failure)
{
    const struct unit_facts *facts = &u->facts;
    if (facts->model_hash[0] && strcmp(facts->model_hash, model->hash) != 0)
        return fail(failure, EXIT_INPUT,
                    "%s: the units were made by the model %s, but %s is %s; give the model that "
                    "made them to -m",
                    place, facts->model_hash, model->name, model->hash);
    if (facts->n_codebook != model->n_codebook)
        return fail(failure, EXIT_INPUT,
                    "%s: %u unit%s per frame, but the model %s has %u codebook%s; give the model "
                    "that made them to -m",
                    place, facts->n_codebook, facts->n_codebook == 1 ? "" : "s",
                    model->name, model->n_codebook, model->n_codebook == 1 ? "" : "s");
    if (facts->n_code && facts->n_code != model->n_code)
        return fail(failure, EXIT_INPUT,
                    "%s: the units have %u codes, but the model %s has %u; give the model that "
                    "made them to -m", place,
                    facts->n_code, model->name, model->n_code);
    for (size_t i = 0; i < u->n * facts->n_codebook; i++)
        if (u->id[i] >= model->n_code)
            return fail(failure, EXIT_INPUT,
                        "%s: unit %u (number %zu, counted from 0) does not exist in the model %s, "
                        "which has %u codes; give the model that made the units to -m",
                        place, u->id[i], i / facts->n_codebook, model->name,
                        model->n_code);
    return true;
}
