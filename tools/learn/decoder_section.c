/* SPDX-License-Identifier: MIT */
#include "tools/learn/decoder_section.h"

#include "tools/base/growing.h"
#include "tools/learn/layer_work.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HEAD = 8, MOST_LAYERS = 8, MOST_WIDTH = 16384, MOST_TAPS = 64, MOST_SPEAKERS = 1 << 20 };

/* The words of a layer, and what KIND may be. */
enum { KIND, IN_DIM, OUT_DIM, TAPS, RIGHT, RELU, RESERVED, N_WORD = 8, LAYER_SIZE = 4 * N_WORD };
enum { KIND_CONV = 1, KIND_SPEAKER = 2 };

/* ---- writing --------------------------------------------------------------------------------- */

static size_t size_of_layer(const struct layer_spec *spec)
{
    if (spec->kind == LAYER_SPEAKER) return spec->out_dim * sizeof(float);
    return ((size_t)spec->taps * spec->in_dim + 1) * spec->out_dim * sizeof(float);
}

static unsigned char *put(unsigned char *at, const void *bytes, size_t n_byte)
{
    memcpy(at, bytes, n_byte);
    return at + n_byte;
}

static unsigned char *put_layer(unsigned char *at, const struct layer_spec *spec)
{
    bool is_speaker = spec->kind == LAYER_SPEAKER;
    const uint32_t word[N_WORD] = {is_speaker ? KIND_SPEAKER : KIND_CONV, spec->in_dim,
                                   spec->out_dim, is_speaker ? 1 : spec->taps, spec->right,
                                   spec->relu};
    return put(at, word, sizeof word);
}

/* One speaker, the mean of those of the corpus. */
static unsigned char *put_mean(unsigned char *at, const struct layer *speakers)
{
    size_t n = speakers->spec.out_dim, n_speaker = speakers->spec.taps;
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (size_t s = 0; s < n_speaker; s++) sum += (double)speakers->w[s * n + i];
        const float mean = (float)(sum / (double)n_speaker);
        at = put(at, &mean, sizeof mean);
    }
    return at;
}

static unsigned char *put_weights(unsigned char *at, const struct layer *layer)
{
    size_t n_bias = layer->spec.out_dim * sizeof(float);
    if (layer->spec.kind == LAYER_SPEAKER) return put_mean(at, layer);
    at = put(at, layer->b, n_bias);
    return put(at, layer->w, size_of_layer(&layer->spec) - n_bias);
}

bool decoder_section_make(const struct network *decoder, unsigned char **bytes, size_t *n_byte,
                          struct failure *failure)
{
    const uint32_t head[2] = {(uint32_t)decoder->n_layer};
    *n_byte = HEAD + LAYER_SIZE * decoder->n_layer;
    for (size_t i = 0; i < decoder->n_layer; i++)
        *n_byte += size_of_layer(&decoder->layer[i].spec);
    *bytes = malloc(*n_byte);
    if (!*bytes) return fail_memory(failure);
    unsigned char *at = put(*bytes, head, HEAD);
    for (size_t i = 0; i < decoder->n_layer; i++) at = put_layer(at, &decoder->layer[i].spec);
    for (size_t i = 0; i < decoder->n_layer; i++) at = put_weights(at, &decoder->layer[i]);
    return true;
}

/* ---- reading --------------------------------------------------------------------------------- */

static bool refuse(struct failure *failure, const char *what)
{
    return fail(failure, EXIT_USAGE, "section DECD: %s; get the model again", what);
}

static const char *fault_of(const uint32_t word[N_WORD])
{
    bool is_speaker = word[KIND] == KIND_SPEAKER;
    if (word[KIND] != KIND_CONV && !is_speaker) return "the kind of a layer is unknown";
    if (word[RELU] > 1 || word[RESERVED] || word[RESERVED + 1])
        return "a layer uses bits of a newer voq";
    if (word[IN_DIM] == 0 || word[IN_DIM] > MOST_WIDTH || word[OUT_DIM] == 0 ||
        word[OUT_DIM] > MOST_WIDTH)
        return "a width is not within 1 and 16384";
    if (word[TAPS] == 0 || word[TAPS] > (is_speaker ? MOST_SPEAKERS : MOST_TAPS))
        return "a layer has too many taps or speakers, or none";
    if (is_speaker) {
        if (word[IN_DIM] != word[OUT_DIM] || word[RIGHT] || word[RELU])
            return "a layer of speakers changes the width, has a context or a ReLU";
    } else if (word[RIGHT] >= word[TAPS]) {
        return "a layer has no tap at its own frame";
    }
    return NULL;
}

static bool read_layers(struct encoder_spec *spec, const unsigned char *bytes, size_t n_byte,
                        struct failure *failure)
{
    uint32_t head[2], word[N_WORD];
    if (n_byte < HEAD) return refuse(failure, "it is cut off");
    memcpy(head, bytes, HEAD);
    if (head[1] != 0) return refuse(failure, "it uses bits of a newer voq");
    if (head[0] == 0 || head[0] > MOST_LAYERS)
        return refuse(failure, "it does not have 1 to 8 layers");
    if (n_byte < HEAD + (size_t)LAYER_SIZE * head[0]) return refuse(failure, "it is cut off");
    for (size_t i = 0; i < head[0]; i++) {
        memcpy(word, bytes + HEAD + LAYER_SIZE * i, LAYER_SIZE);
        const char *fault = fault_of(word);
        if (!fault && i > 0 && word[IN_DIM] != spec->layer[i - 1].out_dim)
            fault = "the input of a layer is not as wide as the output before it";
        if (fault) return refuse(failure, fault);
        spec->layer[i] = (struct layer_spec){
            .kind = word[KIND] == KIND_SPEAKER ? LAYER_SPEAKER : LAYER_CONV,
            .in_dim = word[IN_DIM], .out_dim = word[OUT_DIM], .taps = word[TAPS], .dilation = 1,
            .right = word[RIGHT], .stride = 1, .relu = word[RELU]};
    }
    spec->n_layer = head[0];
    return true;
}

/* No product of the limits above passes 64 bits. */
static bool check_size(const struct encoder_spec *spec, size_t n_byte, struct failure *failure)
{
    uint64_t size = HEAD + (uint64_t)LAYER_SIZE * spec->n_layer;
    for (size_t i = 0; i < spec->n_layer; i++) {
        const struct layer_spec *layer = &spec->layer[i];
        uint64_t n_weight = (uint64_t)layer->taps * layer->out_dim;
        size += layer->kind == LAYER_SPEAKER ? 4 * n_weight
                                             : 4 * (n_weight * layer->in_dim + layer->out_dim);
    }
    return size == n_byte || refuse(failure, "its size does not fit its layers");
}

static bool take(float *to, size_t n, const unsigned char **at, struct failure *failure)
{
    memcpy(to, *at, n * sizeof *to);
    *at += n * sizeof *to;
    for (size_t i = 0; i < n; i++)
        if (!isfinite(to[i])) return refuse(failure, "a number is NaN or infinite");
    return true;
}

/* The mean over the speakers of their vectors. */
static bool take_mean(float *to, const struct layer_spec *spec, const unsigned char **at,
                      struct failure *failure)
{
    size_t n = spec->out_dim;
    float *vector = malloc(n * sizeof *vector);
    double *sum = zeroed(n, sizeof *sum, failure);
    bool good = sum && (vector || fail_memory(failure));
    for (uint32_t s = 0; good && s < spec->taps; s++) {
        good = take(vector, n, at, failure);
        for (size_t i = 0; i < n; i++) sum[i] += (double)vector[i];
    }
    for (size_t i = 0; good && i < n; i++) to[i] = (float)(sum[i] / spec->taps);
    free(vector);
    free(sum);
    return good;
}

static bool read_weights(struct float_network *network, const unsigned char *at,
                         struct failure *failure)
{
    for (size_t i = 0; i < network->spec.n_layer; i++) {
        const struct layer_spec *spec = &network->spec.layer[i];
        struct float_layer *layer = &network->layer[i];
        size_t n = spec->out_dim;
        if (spec->kind == LAYER_SPEAKER) {
            if (!take_mean(layer->bias, spec, &at, failure)) return false;
        } else if (!take(layer->bias, n, &at, failure) ||
                   !take(layer->weight, n * spec->taps * spec->in_dim, &at, failure)) {
            return false;
        }
    }
    return true;
}

bool decoder_section_read(struct float_network *network, const unsigned char *bytes, size_t n_byte,
                          struct failure *failure)
{
    struct encoder_spec spec = {.n_layer = 0};
    *network = (struct float_network){0};
    if (!read_layers(&spec, bytes, n_byte, failure) || !check_size(&spec, n_byte, failure))
        return false;
    size_t layers = HEAD + (size_t)LAYER_SIZE * spec.n_layer;
    if (float_network_new(network, &spec, failure) &&
        read_weights(network, bytes + layers, failure))
        return true;
    float_network_free(network);
    return false;
}
