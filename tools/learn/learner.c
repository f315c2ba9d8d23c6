/* SPDX-License-Identifier: MIT */
#include "tools/learn/learner.h"

#include "tools/learn/decoder_spec.h"
#include "tools/learn/learner_rows.h"

#include <stdlib.h>
#include <string.h>

struct network *learner_encoder(struct learner *learner)
{
    return learner->learned[LEARNER_ENCODER].network;
}

static bool learned_new(struct learned_network *learned, const struct learner_options *options,
                        const struct layer_spec *spec, size_t n_layer, uint32_t part,
                        struct failure *failure)
{
    if (!network_new(&learned->network, spec, n_layer, options->seed + part, failure)) return false;
    return adamw_new(&learned->adamw, learned->network->n_parameter, &options->adamw) ||
           fail_memory(failure);
}

static void learned_free(struct learned_network *learned)
{
    network_free(learned->network);
    adamw_free(&learned->adamw);
}

static bool make_networks(struct learner *learner, struct failure *failure)
{
    const struct learner_options *options = &learner->options;
    struct learned_network *learned = learner->learned;
    uint32_t dim = options->quantizer.dim;
    if (!learned_new(&learned[LEARNER_ENCODER], options, options->spec.layer, options->spec.n_layer,
                     LEARNER_ENCODER, failure))
        return false;
    for (size_t h = 0; h < options->n_head; h++) {
        const struct layer_spec head = {.kind = LAYER_LINEAR, .in_dim = dim,
                                        .out_dim = options->n_class[h], .taps = 1, .dilation = 1,
                                        .stride = 1};
        size_t part = LEARNER_FIRST_HEAD + h;
        if (!learned_new(&learned[part], options, &head, 1, (uint32_t)part, failure))
            return false;
    }
    if (options->n_head > 0) return true;
    struct layer_spec decoder[DECODER_MOST_LAYERS];
    size_t n_layer = decoder_spec(&options->spec, options->n_speaker, decoder);
    return learned_new(&learned[LEARNER_DECODER], options, decoder, n_layer, LEARNER_DECODER,
                       failure);
}

/* Codewords do not decay: a smaller codeword is no simpler one. */
static bool codebook_optimizer(struct learner *learner, struct failure *failure)
{
    const struct quantizer_options *quantizer = &learner->options.quantizer;
    struct adamw_options options = learner->options.adamw;
    options.decay = 0;
    return adamw_new(&learner->codebook,
                     (size_t)quantizer->n_codebook * quantizer->n_code * quantizer->dim,
                     &options) ||
           fail_memory(failure);
}

bool learner_new(struct learner **learner, const struct learner_options *options,
                 struct workers *workers, struct failure *failure)
{
    struct learner *made = calloc(1, sizeof *made);
    const struct quantizer_options *quantizer = &options->quantizer;
    if (!made) return fail_memory(failure);
    made->options = *options;
    made->workers = workers;
    bool good = quantizer_new(&made->quantizer, quantizer, failure) &&
                make_networks(made, failure) && learner_rows_new(&made->scratch, failure);
    if (good && quantizer->rule == CODEBOOK_LOSS) good = codebook_optimizer(made, failure);
    if (good)
        *learner = made;
    else
        learner_free(made);
    return good;
}

void learner_free(struct learner *learner)
{
    if (!learner) return;
    for (size_t i = 0; i < LEARNER_NETWORKS; i++) learned_free(&learner->learned[i]);
    quantizer_free(&learner->quantizer);
    adamw_free(&learner->codebook);
    dense_rows_free(&learner->rows);
    learner_rows_free(learner->scratch);
    free(learner);
}

void learner_clear_usage(struct learner *learner)
{
    for (uint32_t l = 0; l < learner->options.quantizer.n_codebook; l++)
        code_usage_clear(&learner->quantizer.usage[l]);
}

static size_t add(struct state_part *part, size_t n, void *bytes, size_t n_byte)
{
    if (n_byte > 0) part[n++] = (struct state_part){bytes, n_byte};
    return n;
}

static size_t add_adamw(struct state_part *part, size_t n, struct adamw *adamw)
{
    n = add(part, n, &adamw->product1, sizeof adamw->product1);
    n = add(part, n, &adamw->product2, sizeof adamw->product2);
    return add(part, n, adamw->moment, 2 * adamw->n * sizeof *adamw->moment);
}

size_t learner_parts(struct learner *learner, struct state_part part[LEARNER_PARTS])
{
    struct vector_quantizer *quantizer = &learner->quantizer;
    size_t n = 0, n_code = (size_t)quantizer->options.n_codebook * quantizer->options.n_code;
    size_t n_value = n_code * quantizer->options.dim;
    for (size_t i = 0; i < LEARNER_NETWORKS; i++) {
        struct network *network = learner->learned[i].network;
        if (!network) continue;
        n = add(part, n, network->parameter, network->n_parameter * sizeof *network->parameter);
        n = add(part, n, network->statistic, network->n_statistic * sizeof *network->statistic);
        n = add_adamw(part, n, &learner->learned[i].adamw);
    }
    n = add(part, n, &quantizer->n_learned, sizeof quantizer->n_learned);
    n = add(part, n, quantizer->codeword, n_value * sizeof *quantizer->codeword);
    n = add(part, n, quantizer->count, n_code * sizeof *quantizer->count);
    n = add(part, n, quantizer->sum, n_value * sizeof *quantizer->sum);
    for (uint32_t l = 0; l < quantizer->options.n_codebook; l++) {
        struct code_usage *usage = &quantizer->usage[l];
        n = add(part, n, usage->count, usage->n_code * sizeof *usage->count);
        n = add(part, n, &usage->n_restart, sizeof usage->n_restart);
    }
    if (learner->codebook.n > 0) n = add_adamw(part, n, &learner->codebook);
    n = add(part, n, &learner->quantizes, sizeof learner->quantizes);
    return add(part, n, &learner->n_step, sizeof learner->n_step);
}
