/* SPDX-License-Identifier: MIT */
/* If this fails, an encoder or its labels change on the way to a file and back, or two models that
   have different units share a hash. */
#include "tests/model/labels.h"
#include "tests/stream/recipes.h"
#include "tests/support/check.h"

#include <math.h>

enum { N_CODE = 4, STEP = sizeof(voq_layer) + 24 };

static struct ingredients in;

static void begin(void)
{
    struct recipe r = small_recipe();
    r.n_code = N_CODE;
    ingredients_fill(&in, &r);
    network_of_small_size(&in.network, base_dim_of(&in.frontend));
    in.parts.encoder = &in.network.encoder;
    in.parts.dim = 6;
    in.parts.label = some_label;
    in.parts.label_probability = some_probability;
    free(in.owned[4]);
    uint64_t seed = 1;
    in.parts.codeword = in.owned[4] = random_array(&seed, N_CODE * 6, 1.0f);
}

static voq_model *made(const voq_parts *parts)
{
    voq_model *model;
    voq_error error = {.struct_size = sizeof error};
    if (voq_model_make(parts, NULL, &model, &error) == VOQ_OK) return model;
    printf("# %s\n", error.text);
    abort();
}

static bool same_bytes(const voq_model *a, const voq_model *b)
{
    const void *x, *y;
    size_t n, m;
    voq_model_bytes(a, &x, &n);
    voq_model_bytes(b, &y, &m);
    return n == m && memcmp(x, y, n) == 0;
}

static bool same_matrix(const voq_matrix *a, const voq_matrix *b, size_t n_row, size_t n_column)
{
    return a->shift == b->shift && memcmp(a->bias, b->bias, 4 * n_row) == 0 &&
           memcmp(a->multiplier, b->multiplier, 4 * n_row) == 0 &&
           memcmp(a->weight, b->weight, n_row * n_column) == 0;
}

static bool same_layer(const voq_layer *a, const voq_layer *b)
{
    bool is_gru = a->kind == VOQ_LAYER_GRU;
    size_t n_row = (is_gru ? 3 : 1) * (size_t)a->out_dim;
    return memcmp(a, b, offsetof(voq_layer, stride) + 4) == 0 &&
           same_matrix(&a->input, &b->input, n_row, (size_t)a->taps * a->in_dim) &&
           (!is_gru || same_matrix(&a->state, &b->state, n_row, a->out_dim));
}

static void parts_in_are_parts_out_and_the_same_bytes(void)
{
    begin();
    voq_model *first = made(&in.parts);
    voq_parts out = {.struct_size = sizeof out};
    CHECK_EQ(voq_model_parts(first, &out), VOQ_OK);
    CHECK(out.encoder && out.encoder->n_layer == in.network.encoder.n_layer);
    CHECK_EQ(out.encoder->layer_size, sizeof(voq_layer));
    for (size_t i = 0; i < out.encoder->n_layer; i++)
        CHECK(same_layer(&out.encoder->layer[i], &in.network.layer[i]));
    for (size_t i = 0; i < N_CODE; i++) {
        CHECK_STR(out.label[i], some_label[i]);
        CHECK(out.label_probability[i] == some_probability[i]);
    }
    voq_model *second = made(&out);
    CHECK(same_bytes(first, second));
    const void *bytes;
    size_t n;
    voq_model *third;
    voq_model_bytes(first, &bytes, &n);
    CHECK_EQ(voq_model_read(bytes, n, NULL, &third, NULL), VOQ_OK);
    CHECK(same_bytes(first, third));
    voq_model_close(first);
    voq_model_close(second);
    voq_model_close(third);
    ingredients_free(&in);
}

/* Layers of a later voq are longer; the numbers behind ours are theirs. */
static void layers_of_a_newer_caller_make_the_same_model(void)
{
    begin();
    voq_model *expected = made(&in.parts);
    static unsigned char larger[MOST_LAYERS * STEP];
    memset(larger, 0xa5, sizeof larger);
    for (size_t i = 0; i < in.network.encoder.n_layer; i++)
        memcpy(larger + i * STEP, &in.network.layer[i], sizeof(voq_layer));
    voq_encoder encoder = in.network.encoder;
    encoder.layer = (const void *)larger;
    encoder.layer_size = STEP;
    in.parts.encoder = &encoder;
    voq_model *model = made(&in.parts);
    CHECK(same_bytes(model, expected));
    voq_model_close(model);
    voq_model_close(expected);
    ingredients_free(&in);
}

static void every_number_of_an_encoder_changes_the_hash_and_a_label_does_not(void)
{
    begin();
    voq_model *plain = made(&in.parts), *other;
    const voq_info before = info_of(plain);
    for (size_t i = 0; i < in.network.encoder.n_layer; i++)
        for (int what = 0; what < 4; what++) {
            voq_matrix *m = &in.network.layer[i].input;
            int32_t *number = (int32_t *)(uintptr_t)(what == 0 ? m->bias : m->multiplier);
            int8_t *weight = (int8_t *)(uintptr_t)m->weight;
            if (what < 2) number[0]++;
            if (what == 2) weight[1] = (int8_t)(weight[1] > 0 ? weight[1] - 1 : weight[1] + 1);
            if (what == 3) m->shift++;
            other = made(&in.parts);
            CHECK(strcmp(info_of(other).hash, before.hash) != 0);
            voq_model_close(other);
            if (what == 3) m->shift--;
        }
    voq_model_close(plain);
    ingredients_free(&in);
    begin();
    in.parts.label = in.parts.label + 1;
    in.parts.n_code--;
    in.parts.label_probability++;
    plain = made(&in.parts);
    in.parts.label = NULL;
    in.parts.label_probability = NULL;
    other = made(&in.parts);
    CHECK_STR(info_of(other).hash, info_of(plain).hash);
    CHECK(voq_unit_label(other, 0, NULL) == NULL);
    voq_model_close(plain);
    voq_model_close(other);
    ingredients_free(&in);
}

static void a_unit_has_its_label_and_probability(void)
{
    begin();
    voq_model *model = made(&in.parts);
    float probability;
    for (uint32_t i = 0; i < N_CODE; i++) {
        CHECK_STR(voq_unit_label(model, i, &probability), some_label[i]);
        CHECK(probability == some_probability[i]);
        CHECK_STR(voq_unit_label(model, i, NULL), some_label[i]);
    }
    probability = 7.0f;
    CHECK(voq_unit_label(model, N_CODE, &probability) == NULL && probability == 7.0f);
    CHECK(voq_unit_label(model, UINT32_MAX, NULL) == NULL && voq_unit_label(NULL, 0, NULL) == NULL);
    voq_model_close(model);
    ingredients_free(&in);
}

static void description_says_what_the_encoder_is(void)
{
    begin();
    voq_info info = {.struct_size = sizeof info}, none = {.struct_size = sizeof none};
    voq_model *model = made(&in.parts);
    CHECK_EQ(voq_model_describe(model, &info), VOQ_OK);
    CHECK_EQ(info.n_layer, 5);
    CHECK_EQ(info.stride, 2);
    CHECK_EQ(info.hop_samples, 2 * in.frontend.hop_samples);
    CHECK_EQ(info.look_ahead_frames, 2);
    uint64_t weights = 12 * 3 * 5 + 10 * 2 * 12 + 21 * (10 + 7) + 9 * 3 * 7 + 6 * 9;
    CHECK_EQ(info.n_parameter, weights + 12 + 10 + 2 * 21 + 9 + 6);
    CHECK_EQ(info.n_multiply, 12 * 3 * 5 + (weights - 12 * 3 * 5) / 2);
    CHECK_EQ(info.dim, 6);
    CHECK_EQ(info.frontend_dim, 5);
    voq_model_close(model);
    ingredients_free(&in);
    struct recipe r = small_recipe();
    model = model_of(&r);
    CHECK_EQ(voq_model_describe(model, &none), VOQ_OK);
    CHECK(none.n_layer == 0 && none.stride == 0 && none.n_parameter == 0 && none.n_multiply == 0);
    voq_model_close(model);
}

static voq_status status_of_parts(const char *sentence)
{
    voq_model *model = NULL;
    voq_error error = {.struct_size = sizeof error};
    voq_status status = voq_model_make(&in.parts, NULL, &model, &error);
    if (status == VOQ_OK) voq_model_close(model);
    if (status != VOQ_OK && (error.status != status || !strstr(error.text, sentence))) {
        printf("# %s\n", error.text);
        return (voq_status)-1;
    }
    return status;
}

static void parts_that_cannot_be_are_refused_with_a_reason(void)
{
    begin();
    voq_encoder *e = &in.network.encoder;
    voq_layer *l = in.network.layer, kept = *l, gru = l[2];
    size_t size = e->layer_size, n_layer = e->n_layer;
    CHECK_EQ(status_of_parts(""), VOQ_OK);
    e->struct_size = 8;
    CHECK_EQ(status_of_parts("parts.encoder.struct_size is not set"), VOQ_ERROR_ARGUMENT);
    e->struct_size = sizeof *e;
    e->layer_size = sizeof *l - 1;
    CHECK_EQ(status_of_parts("set it to sizeof(voq_layer)"), VOQ_ERROR_ARGUMENT);
    e->layer_size = size;
    e->layer = NULL;
    CHECK_EQ(status_of_parts("an encoder has no layers"), VOQ_ERROR_ARGUMENT);
    e->layer = l;
    e->n_layer = 0;
    CHECK_EQ(status_of_parts("no layer"), VOQ_ERROR_ARGUMENT);
    e->n_layer = 17;
    CHECK_EQ(status_of_parts("at most 16 layers"), VOQ_ERROR_LIMIT);
    e->n_layer = n_layer;
    l->out_dim = 1025;
    CHECK_EQ(status_of_parts("layer 1: "), VOQ_ERROR_LIMIT);
    *l = kept;
    l->taps = 65;
    CHECK_EQ(status_of_parts("layer 1: "), VOQ_ERROR_LIMIT);
    *l = kept;
    l->input.bias = NULL;
    CHECK_EQ(status_of_parts("layer 1: "), VOQ_ERROR_ARGUMENT);
    *l = kept;
    l[2].state.weight = NULL;
    CHECK_EQ(status_of_parts("layer 3: "), VOQ_ERROR_ARGUMENT);
    l[2] = gru;
    l->kind = 4;
    CHECK_EQ(status_of_parts("layer 1: its kind is unknown"), VOQ_ERROR_ARGUMENT);
    *l = kept;
    in.parts.dim = 5;
    CHECK_EQ(status_of_parts("CDBK"), VOQ_ERROR_ARGUMENT);
    in.parts.dim = 6;
    ingredients_free(&in);
}

static void labels_that_cannot_be_are_refused_with_a_reason(void)
{
    begin();
    static const char *const missing[] = {"a", "b", NULL, "d"};
    static const char *const line[] = {"a", "b\n", "", ""};
    static const float wrong[] = {0.5f, 1.5f, 0.0f, 0.0f}, nan[] = {0.0f, 0.0f, 0.0f, NAN};
    in.parts.label_probability = NULL;
    CHECK_EQ(status_of_parts("come together"), VOQ_ERROR_ARGUMENT);
    in.parts.label_probability = wrong;
    CHECK_EQ(status_of_parts("a probability is not within 0 and 1"), VOQ_ERROR_ARGUMENT);
    in.parts.label_probability = nan;
    CHECK_EQ(status_of_parts("NaN"), VOQ_ERROR_VALUE);
    in.parts.label_probability = some_probability;
    in.parts.label = missing;
    CHECK_EQ(status_of_parts("label 2 is a null pointer"), VOQ_ERROR_ARGUMENT);
    in.parts.label = line;
    CHECK_EQ(status_of_parts("a byte is not UTF-8 text"), VOQ_ERROR_ARGUMENT);
    in.parts.label = some_label;
    in.parts.codeword = NULL;
    CHECK_EQ(status_of_parts("labels belong to codewords"), VOQ_ERROR_ARGUMENT);
    ingredients_free(&in);
}

int main(void)
{
    RUN(parts_in_are_parts_out_and_the_same_bytes);
    RUN(layers_of_a_newer_caller_make_the_same_model);
    RUN(every_number_of_an_encoder_changes_the_hash_and_a_label_does_not);
    RUN(a_unit_has_its_label_and_probability);
    RUN(description_says_what_the_encoder_is);
    RUN(parts_that_cannot_be_are_refused_with_a_reason);
    RUN(labels_that_cannot_be_are_refused_with_a_reason);
    return check_done();
}
