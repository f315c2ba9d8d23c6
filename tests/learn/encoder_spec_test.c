/* SPDX-License-Identifier: MIT */
/* The text that describes an encoder: what is understood, and what a user is told otherwise. */
#include "tests/support/check.h"
#include "tools/learn/encoder_spec.h"

static struct encoder_spec spec;
static struct failure failure;
static char text[ENCODER_SPEC_TEXT];

static void the_default_is_the_network_of_the_manual(void)
{
    CHECK(encoder_spec_parse(&spec, "default", 40, &failure));
    CHECK_EQ(spec.n_layer, 6);
    static const uint32_t expected[6][7] = {
        {LAYER_CONV, 40, 256, 5, 1, 2, 1},   {LAYER_CONV, 256, 256, 3, 1, 1, 1},
        {LAYER_GRU, 256, 192, 1, 1, 0, 1},   {LAYER_CONV, 192, 256, 3, 4, 1, 1},
        {LAYER_GRU, 256, 192, 1, 1, 0, 1},   {LAYER_LATENT, 192, 64, 1, 1, 0, 1}};
    for (size_t i = 0; i < 6; i++) {
        const struct layer_spec *layer = &spec.layer[i];
        const uint32_t got[7] = {layer->kind,     layer->in_dim, layer->out_dim, layer->taps,
                                 layer->dilation, layer->right,  layer->stride};
        CHECK_BITS(got, expected[i], 7);
        CHECK_EQ(layer->relu, layer->kind == LAYER_CONV);
        CHECK_EQ(layer->norm, layer->kind == LAYER_CONV);
    }
    encoder_spec_text(&spec, text);
    CHECK_STR(text, ENCODER_SPEC_DEFAULT);
    CHECK_EQ(encoder_spec_stride(&spec), 1);
}

static void one_encoder_has_one_text(void)
{
    CHECK(encoder_spec_parse(&spec, "  conv 8 3 stride 2 right 1 dilation 1;gru   5;latent 1024 ",
                             1, &failure));
    encoder_spec_text(&spec, text);
    CHECK_STR(text, "conv 8 3 right 1 stride 2; gru 5; latent 1024");
    CHECK(encoder_spec_parse(&spec, "conv 1024 64 stride 16 right 63 dilation 4; latent 1", 1,
                             &failure));
    encoder_spec_text(&spec, text);
    CHECK_STR(text, "conv 1024 64 dilation 4 right 63 stride 16; latent 1");
    CHECK_EQ(encoder_spec_stride(&spec), 16);
}

static void sixteen_of_the_longest_layers_fit_into_the_text(void)
{
    char longest[2048] = "";
    for (int i = 0; i < 15; i++)
        strcat(longest, i == 7 ? "conv 1024 64 dilation 4 right 63 stride 16; "
                               : "conv 1024 64 dilation 4 right 63 stride 1; ");
    strcat(longest, "latent 1024");
    CHECK(encoder_spec_parse(&spec, longest, 1024, &failure));
    encoder_spec_text(&spec, text);
    CHECK(strlen(text) < ENCODER_SPEC_TEXT - 1);
    CHECK_STR(text + strlen(text) - 11, "latent 1024");
}

static void what_is_wrong_is_named_with_its_layer_and_word(void)
{
    static const char *const wrong[][2] = {
        {"", "layer 1, \"\": there is no layer"},
        {"gru 4;", "layer 2, \"\": there is no layer"},
        {"conv 8 3;; latent 4", "layer 2, \"\": there is no layer"},
        {"conv 8 3; lstm 4; latent 4", "layer 2, \"lstm 4\": 'lstm' is not a layer; expected conv"},
        {"Conv 8 3; latent 4", "'Conv' is not a layer"},
        {"default; latent 4", "'default' is not a layer"},
        {"conv", "a width is missing; add a whole number from 1 to 1024"},
        {"conv 0 3; latent 4", "'0' is not a width; expected a whole number from 1 to 1024"},
        {"conv 1025 3; latent 4", "'1025' is not a width"},
        {"conv 8; latent 4", "the number of taps is missing; add a whole number from 1 to 64"},
        {"conv 8 65; latent 4", "'65' is not the number of taps"},
        {"conv 8 right 2; latent 4", "'right' is not the number of taps"},
        {"conv 8 3 rigth 1; latent 4", "'rigth' is not a setting of conv; expected dilation"},
        {"conv 8 3 right 3; latent 4", "'3' is not a value of right; expected a whole number "
                                       "from 0 to 2"},
        {"conv 8 3 right -1; latent 4", "'-1' is not a value of right"},
        {"conv 8 3 right; latent 4", "a value of right is missing"},
        {"conv 8 3 right 1 right 1; latent 4", "'right' is given twice"},
        {"conv 8 3 dilation 0; latent 4", "'0' is not a value of dilation"},
        {"conv 8 3 dilation 129; latent 4", "a whole number from 1 to 128"},
        {"conv 8 1 dilation 2; latent 4", "a whole number from 1 to 1"},
        {"conv 8 3 stride 17; latent 4", "'17' is not a value of stride"},
        {"conv 8 3 stride 8; conv 8 3 stride 4; latent 4",
         "layer 2, \"conv 8 3 stride 4\": the strides up to here"},
        {"gru 8 3; latent 4", "'3' is too much; a gru has a width and nothing else"},
        {"gru 8", "layer 1, \"gru 8\": the last layer must be a latent"},
        {"latent 4; gru 8; latent 4", "layer 1, \"latent 4\": only the last layer may be a latent"},
        {"latent 4294967297", "'4294967297' is not a width"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CHECK(!encoder_spec_parse(&spec, wrong[i][0], 40, &failure));
        CHECK_EQ(failure.code, EXIT_USAGE);
        if (!strstr(failure.text, wrong[i][1])) printf("# %s -> %s\n", wrong[i][0], failure.text);
        CHECK(strstr(failure.text, wrong[i][1]));
        CHECK(strncmp(failure.text, "--encoder: layer ", 17) == 0);
    }
}

static void seventeen_layers_are_one_too_many(void)
{
    char many[512] = "";
    for (int i = 0; i < 16; i++) strcat(many, "gru 4; ");
    strcat(many, "latent 4");
    CHECK(!encoder_spec_parse(&spec, many, 40, &failure));
    CHECK(strstr(failure.text, "layer 17, \"latent 4\": an encoder has at most 16 layers"));
    CHECK(encoder_spec_parse(&spec, many + 7, 40, &failure));
}

static void long_text_is_refused_and_not_cut(void)
{
    char longest[4096];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = 0;
    CHECK(!encoder_spec_parse(&spec, longest, 40, &failure));
    CHECK(strstr(failure.text, "too long"));
    for (size_t i = 0; i < 100; i += 2) memcpy(longest + i, "a ", 2);
    longest[100] = 0;
    CHECK(!encoder_spec_parse(&spec, longest, 40, &failure));
    CHECK(strstr(failure.text, "too many words"));
}

int main(void)
{
    RUN(the_default_is_the_network_of_the_manual);
    RUN(one_encoder_has_one_text);
    RUN(sixteen_of_the_longest_layers_fit_into_the_text);
    RUN(what_is_wrong_is_named_with_its_layer_and_word);
    RUN(seventeen_layers_are_one_too_many);
    RUN(long_text_is_refused_and_not_cut);
    return check_done();
}
