/* SPDX-License-Identifier: MIT */
#include "tools/learn/decoder.h"

#include "tools/base/growing.h"
#include "tools/learn/decoder_section.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK = 512 }; /* units computed together: memory does not grow with the utterance */

bool decoder_exists(const voq_model *model)
{
    return voq_model_section(model, DECODER_SECTION, NULL) != NULL;
}

bool decoder_read(struct decoder *decoder, const void *bytes, size_t n_byte,
                  struct failure *failure)
{
    *decoder = (struct decoder){.stride = 1};
    if (!decoder_section_read(&decoder->network, bytes, n_byte, failure)) return false;
    const struct encoder_spec *spec = &decoder->network.spec;
    decoder->dim = spec->layer[0].in_dim;
    decoder->frame_dim = spec->layer[spec->n_layer - 1].out_dim;
    for (size_t i = 0; i < spec->n_layer; i++) {
        const struct layer_spec *layer = &spec->layer[i];
        if (layer->kind != LAYER_CONV) continue;
        decoder->left += layer->taps - 1 - layer->right;
        decoder->right += layer->right;
    }
    return true;
}

/* A decoder leads from a codeword of the model to all vectors of a unit. */
static bool fit(struct decoder *decoder, const voq_model *model)
{
    voq_info info = {.struct_size = sizeof info};
    voq_parts parts = {.struct_size = sizeof parts};
    if (voq_model_describe(model, &info) != VOQ_OK || voq_model_parts(model, &parts) != VOQ_OK ||
        !parts.encoder || !parts.codeword)
        return false;
    uint32_t in_dim = parts.encoder->layer[0].in_dim;
    if (decoder->dim != info.dim || decoder->frame_dim != info.stride * in_dim) return false;
    decoder->stride = info.stride;
    decoder->frame_dim = in_dim;
    return true;
}

bool decoder_open(struct decoder *decoder, const voq_model *model, const char *name,
                  struct failure *failure)
{
    struct failure why = {0};
    size_t n_byte;
    const void *bytes = voq_model_section(model, DECODER_SECTION, &n_byte);
    *decoder = (struct decoder){0};
    if (!bytes)
        return fail(failure, EXIT_USAGE,
                    "%s: has no decoder; give a model of voq train --encoder --objective vqvae",
                    name);
    if (!decoder_read(decoder, bytes, n_byte, &why))
        return fail(failure, why.code, "%s: %s", name, why.text);
    if (fit(decoder, model)) return true;
    decoder_close(decoder);
    return fail(failure, EXIT_USAGE,
                "%s: its decoder does not fit its encoder and codebook; get the model again", name);
}

void decoder_close(struct decoder *decoder)
{
    float_network_free(&decoder->network);
    *decoder = (struct decoder){0};
}

static bool run_block(const struct decoder *decoder, struct float_forward *forward, float *z_q,
                      uint64_t first, uint64_t n, const struct decoder_ends *ends,
                      struct failure *failure)
{
    uint64_t end = n - first < BLOCK ? n : first + BLOCK;
    uint64_t from = first < decoder->left ? 0 : first - decoder->left;
    uint64_t to = n - end < decoder->right ? n : end + decoder->right;
    size_t wide = (size_t)decoder->stride * decoder->frame_dim, n_out;
    ends->codewords(ends->context, from, (size_t)(to - from), z_q);
    const float *y = float_forward_run(forward, z_q, (size_t)(to - from), NULL, NULL, &n_out);
    return ends->frames(ends->context, y + (first - from) * wide,
                        (size_t)(end - first) * decoder->stride, failure);
}

/* A block is computed with the units around it on which it depends; outputs there are dropped. */
bool decoder_run(const struct decoder *decoder, uint64_t n, const struct decoder_ends *ends,
                 struct failure *failure)
{
    size_t most = BLOCK + decoder->left + decoder->right;
    struct float_forward *forward = NULL;
    float *z_q = zeroed(most * decoder->dim, sizeof *z_q, failure);
    bool good = z_q && float_forward_new(&forward, &decoder->network, most, failure);
    for (uint64_t first = 0; good && first < n; first += BLOCK)
        good = run_block(decoder, forward, z_q, first, n, ends, failure);
    float_forward_free(forward);
    free(z_q);
    return good;
}

bool encoder_input_model(voq_model **input, const voq_model *model, struct failure *failure)
{
    voq_parts all = {.struct_size = sizeof all};
    voq_error error = {.struct_size = sizeof error};
    if (voq_model_parts(model, &all) != VOQ_OK || !all.encoder)
        return fail(failure, EXIT_INTERNAL, "the parts of the model cannot be read");
    voq_parts parts = {.struct_size = sizeof parts, .frontend = all.frontend,
                       .normalise = all.normalise, .transform = all.transform, .name = "input"};
    uint32_t dim = all.encoder->layer[0].in_dim;
    float *origin = zeroed(dim, sizeof *origin, failure);
    if (!origin) return false;
    if (!all.frontend) {
        parts.codeword = origin;
        parts.n_codebook = parts.n_code = 1;
        parts.dim = dim;
    }
    voq_status status = voq_model_make(&parts, NULL, input, &error);
    free(origin);
    if (status == VOQ_ERROR_MEMORY) return fail_memory(failure);
    return status == VOQ_OK ||
           fail(failure, EXIT_INTERNAL, "the input of the encoder: %s", error.text);
}
