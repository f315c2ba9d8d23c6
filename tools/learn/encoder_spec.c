/* SPDX-License-Identifier: MIT */
#include "tools/learn/encoder_spec.h"

#include "tools/base/number.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Limits of the runtime. Reach: frames from the first tap to the last. */
enum { MOST_WIDTH = 1024, MOST_TAPS = 64, MOST_REACH = 256, MOST_STRIDE = 16 };
enum { MOST_WORDS = 16 };

/* One layer as it is written: its words, and its text for messages. */
struct phrase {
    size_t number; /* of the layer, from 1 */
    char text[128];
    char words[128]; /* the text, cut into words */
    const char *word[MOST_WORDS];
    size_t n_word;
};

struct setting {
    const char *name;
    uint32_t *value, most;
    bool given;
};

static bool fail_phrase(const struct phrase *phrase, struct failure *failure, const char *what)
{
    return fail(failure, EXIT_USAGE, "--encoder: layer %zu, \"%s\": %s", phrase->number,
                phrase->text, what);
}

static bool cut(struct phrase *phrase, const char *text, size_t n, struct failure *failure)
{
    while (n > 0 && strchr(" \t", *text)) text++, n--;
    while (n > 0 && strchr(" \t", text[n - 1])) n--;
    bool fits = n < sizeof phrase->text;
    snprintf(phrase->text, sizeof phrase->text, "%.*s", (int)(fits ? n : 60), text);
    if (!fits) return fail_phrase(phrase, failure, "this layer is too long; see voq-train(1)");
    memcpy(phrase->words, phrase->text, sizeof phrase->words);
    phrase->n_word = 0;
    char *rest = phrase->words, *word;
    while ((word = strtok_r(rest, " \t", &rest))) {
        if (phrase->n_word == MOST_WORDS)
            return fail_phrase(phrase, failure, "this layer has too many words");
        phrase->word[phrase->n_word++] = word;
    }
    if (phrase->n_word == 0)
        return fail_phrase(phrase, failure,
                           "there is no layer; separate layers by one ';', without one at the end");
    return true;
}

/* Reads word i, a whole number of 1 to `most`, or of 0 where that is allowed. */
static bool read_number(const struct phrase *phrase, size_t i, const char *what, uint32_t least,
                        uint32_t most, uint32_t *value, struct failure *failure)
{
    char text[160];
    if (i < phrase->n_word && parse_u32(phrase->word[i], value) && *value >= least &&
        *value <= most)
        return true;
    if (i < phrase->n_word)
        snprintf(text, sizeof text, "'%s' is not %s; expected a whole number from %u to %u",
                 phrase->word[i], what, least, most);
    else
        snprintf(text, sizeof text, "%s is missing; add a whole number from %u to %u", what, least,
                 most);
    return fail_phrase(phrase, failure, text);
}

static bool read_setting(const struct phrase *phrase, size_t i, struct setting *setting,
                         size_t n_setting, struct failure *failure)
{
    char text[160];
    for (size_t s = 0; s < n_setting; s++) {
        if (strcmp(phrase->word[i], setting[s].name) != 0) continue;
        uint32_t least = strcmp(setting[s].name, "right") != 0;
        snprintf(text, sizeof text, "a value of %s", setting[s].name);
        if (!read_number(phrase, i + 1, text, least, setting[s].most, setting[s].value, failure))
            return false;
        if (setting[s].given) {
            snprintf(text, sizeof text, "'%s' is given twice; leave one out", setting[s].name);
            return fail_phrase(phrase, failure, text);
        }
        return setting[s].given = true;
    }
    snprintf(text, sizeof text,
             "'%s' is not a setting of conv; expected dilation, right or stride",
             phrase->word[i]);
    return fail_phrase(phrase, failure, text);
}

static bool read_conv(struct layer_spec *layer, const struct phrase *phrase,
                      struct failure *failure)
{
    layer->relu = layer->norm = true;
    if (!read_number(phrase, 2, "the number of taps", 1, MOST_TAPS, &layer->taps, failure))
        return false;
    uint32_t widest = layer->taps > 1 ? MOST_REACH / (layer->taps - 1) : 1;
    struct setting setting[] = {{"dilation", &layer->dilation, widest, false},
                                {"right", &layer->right, layer->taps - 1, false},
                                {"stride", &layer->stride, MOST_STRIDE, false}};
    for (size_t i = 3; i < phrase->n_word; i += 2)
        if (!read_setting(phrase, i, setting, sizeof setting / sizeof *setting, failure))
            return false;
    return true;
}

static bool read_layer(struct layer_spec *layer, const struct phrase *phrase,
                       struct failure *failure)
{
    static const struct {
        const char *name;
        enum layer_kind kind;
    } kinds[] = {{"conv", LAYER_CONV}, {"gru", LAYER_GRU}, {"latent", LAYER_LATENT}};
    char text[160];
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(phrase->word[0], kinds[i].name) == 0) layer->kind = kinds[i].kind;
    if (!layer->kind) {
        snprintf(text, sizeof text, "'%s' is not a layer; expected conv, gru or latent",
                 phrase->word[0]);
        return fail_phrase(phrase, failure, text);
    }
    if (!read_number(phrase, 1, "a width", 1, MOST_WIDTH, &layer->out_dim, failure)) return false;
    if (layer->kind == LAYER_CONV) return read_conv(layer, phrase, failure);
    if (phrase->n_word == 2) return true;
    snprintf(text, sizeof text, "'%s' is too much; a %s has a width and nothing else",
             phrase->word[2], phrase->word[0]);
    return fail_phrase(phrase, failure, text);
}

/* A latent ends the encoder, and nothing else does. */
static bool check_end(const struct layer_spec *layer, const struct phrase *phrase, bool is_last,
                      struct failure *failure)
{
    if ((layer->kind == LAYER_LATENT) == is_last) return true;
    return fail_phrase(phrase, failure,
                       is_last ? "the last layer must be a latent; add \"; latent 64\""
                               : "only the last layer may be a latent");
}

bool encoder_spec_parse(struct encoder_spec *spec, const char *text, uint32_t in_dim,
                        struct failure *failure)
{
    *spec = (struct encoder_spec){0};
    if (in_dim > MOST_WIDTH)
        return fail(failure, EXIT_USAGE, "--encoder: the input has %" PRIu32 " dimensions, but an "
                    "encoder takes at most %d; reduce them", in_dim, MOST_WIDTH);
    if (strcmp(text, "default") == 0) text = ENCODER_SPEC_DEFAULT;
    for (bool is_last = false; !is_last;) {
        struct phrase phrase = {.number = spec->n_layer + 1};
        size_t n = strcspn(text, ";");
        is_last = text[n] == 0;
        if (!cut(&phrase, text, n, failure)) return false;
        if (spec->n_layer == ENCODER_MOST_LAYERS)
            return fail_phrase(&phrase, failure, "an encoder has at most 16 layers");
        struct layer_spec *layer = &spec->layer[spec->n_layer++];
        *layer = (struct layer_spec){.in_dim = in_dim, .taps = 1, .dilation = 1, .stride = 1};
        if (!read_layer(layer, &phrase, failure) || !check_end(layer, &phrase, is_last, failure))
            return false;
        if (encoder_spec_stride(spec) > MOST_STRIDE)
            return fail_phrase(&phrase, failure,
                               "the strides up to here multiply to more than 16");
        in_dim = layer->out_dim;
        text += n + 1;
    }
    return true;
}

static size_t add_setting(char *text, size_t n, const char *name, uint32_t value,
                          uint32_t standard)
{
    if (value == standard) return n;
    return n + (size_t)snprintf(text + n, ENCODER_SPEC_TEXT - n, " %s %u", name, value);
}

void encoder_spec_text(const struct encoder_spec *spec, char *text)
{
    static const char *const name[] = {[LAYER_CONV] = "conv", [LAYER_GRU] = "gru",
                                       [LAYER_LATENT] = "latent"};
    size_t n = 0;
    text[0] = 0;
    for (size_t i = 0; i < spec->n_layer; i++) {
        const struct layer_spec *layer = &spec->layer[i];
        n += (size_t)snprintf(text + n, ENCODER_SPEC_TEXT - n, "%s%s %u", i > 0 ? "; " : "",
                              name[layer->kind], layer->out_dim);
        if (layer->kind != LAYER_CONV) continue;
        n += (size_t)snprintf(text + n, ENCODER_SPEC_TEXT - n, " %u", layer->taps);
        n = add_setting(text, n, "dilation", layer->dilation, 1);
        n = add_setting(text, n, "right", layer->right, 0);
        n = add_setting(text, n, "stride", layer->stride, 1);
    }
}

uint32_t encoder_spec_stride(const struct encoder_spec *spec)
{
    uint32_t stride = 1;
    for (size_t i = 0; i < spec->n_layer; i++) stride *= spec->layer[i].stride;
    return stride;
}
