/* SPDX-License-Identifier: MIT */
/* If this fails, the loader takes an encoder whose sums may pass 32 bits, so that its units would
   depend on the CPU; or it rejects one that is just within the bounds. */
#include "tests/model/damaged.h"

enum { HEAD = 8, LAYER = 40, N_LAYER = 3, SHIFT_AT = 28, STATE_SHIFT_AT = 32 };

/* Where a matrix of the file's network is in ENCD; models/README.md has the order. */
struct place {
    const char *name;
    size_t layer, shift_at, bias_at, multiplier_at, weight_at, n_row, n_column;
};

static struct place places[4];

static void find_places(void)
{
    static const struct {
        const char *name;
        size_t layer, shift_at, n_row, n_column;
    } matrices[] = {{"convolution", 0, SHIFT_AT, 2, 3 * 4},
                    {"input of the GRU", 1, SHIFT_AT, 3, 2},
                    {"state of the GRU", 1, STATE_SHIFT_AT, 3, 1},
                    {"latent", 2, SHIFT_AT, 3, 1}};
    size_t at = HEAD + N_LAYER * LAYER;
    for (size_t i = 0; i < 4; i++) {
        size_t n_row = matrices[i].n_row, n_weight = n_row * matrices[i].n_column;
        places[i] = (struct place){matrices[i].name,
                                   matrices[i].layer,
                                   HEAD + LAYER * matrices[i].layer + matrices[i].shift_at,
                                   at,
                                   at + 4 * n_row,
                                   at + 8 * n_row,
                                   n_row,
                                   matrices[i].n_column};
        at += 8 * n_row + (n_weight + 3) / 4 * 4;
    }
}

/* One row of one matrix in numbers of the caller; the checksums hold. */
struct row {
    int8_t weight; /* of every column */
    int32_t bias, multiplier;
    uint32_t shift;
};

static voq_status status_of_row(const struct place *place, size_t row, struct row numbers,
                                voq_error *error)
{
    struct raw_file raw = raw_read(file);
    unsigned char *b = raw_find(&raw, "ENCD")->bytes;
    for (size_t r = 0; r < place->n_row; r++) raw_put(b + place->multiplier_at + 4 * r, 1, 4);
    raw_put(b + place->shift_at, numbers.shift, 4);
    raw_put(b + place->bias_at + 4 * row, (uint32_t)numbers.bias, 4);
    raw_put(b + place->multiplier_at + 4 * row, (uint32_t)numbers.multiplier, 4);
    memset(b + place->weight_at + row * place->n_column, numbers.weight, place->n_column);
    voq_status status = status_of_raw(&raw, error);
    raw_free(&raw);
    return status;
}

/* Every row of every matrix: these numbers are refused with this sentence, or accepted. */
static bool every_row_is(struct row numbers, const char *sentence)
{
    voq_error error;
    for (size_t i = 0; i < 4; i++)
        for (size_t row = 0; row < places[i].n_row; row++) {
            voq_status status = status_of_row(&places[i], row, numbers, &error);
            bool as_expected = sentence ? status == VOQ_ERROR_CORRUPT : status == VOQ_OK;
            if (sentence && as_expected) {
                char layer[32];
                snprintf(layer, sizeof layer, "layer %zu: ", places[i].layer + 1);
                as_expected = strstr(error.text, layer) && strstr(error.text, sentence);
            }
            if (as_expected) continue;
            printf("# %s, row %zu: %d, %s\n", places[i].name, row, (int)status,
                   status == VOQ_OK ? "" : error.text);
            return false;
        }
    return true;
}

static void a_usual_row_is_accepted(void)
{
    CHECK(every_row_is((struct row){127, 1000, 1 << 20, 25}, NULL));
    CHECK(every_row_is((struct row){-127, -1000, INT32_MAX, 32}, NULL));
    CHECK(every_row_is((struct row){0, 0, 1, 32}, NULL));
}

static void a_weight_of_minus_128_is_refused(void)
{
    CHECK(every_row_is((struct row){-128, 0, 1, 32}, "a weight is -128"));
}

static void a_multiplier_below_1_is_refused(void)
{
    CHECK(every_row_is((struct row){1, 0, 0, 32}, "a multiplier is below 1"));
    CHECK(every_row_is((struct row){1, 0, -1, 32}, "a multiplier is below 1"));
    CHECK(every_row_is((struct row){1, 0, INT32_MIN, 32}, "a multiplier is below 1"));
}

static void a_shift_below_25_or_above_32_is_refused(void)
{
    static const uint32_t wrong[] = {0, 1, 24, 33, 63, 64, 0x80000000, UINT32_MAX};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK(every_row_is((struct row){1, 0, 1, wrong[i]}, "a shift is not within 25 and 32"));
    for (uint32_t shift = 25; shift <= 32; shift++)
        CHECK(every_row_is((struct row){1, 0, 1, shift}, NULL));
}

/* |b| + 127 * sum |w| is at most 2^31 - 1: the bias at its limit, for each matrix. */
static void a_sum_that_may_pass_32_bits_is_refused(void)
{
    voq_error error;
    for (size_t i = 0; i < 4; i++)
        for (int sign = -1; sign <= 1; sign += 2) {
            int32_t largest = INT32_MAX - 127 * 127 * (int32_t)places[i].n_column;
            struct row row = {(int8_t)(127 * sign), sign * largest, 1, 32};
            CHECK_EQ(status_of_row(&places[i], 0, row, &error), VOQ_OK);
            row.bias += sign;
            CHECK_EQ(status_of_row(&places[i], 0, row, &error), VOQ_ERROR_CORRUPT);
            CHECK(strstr(error.text, "a sum may pass 32 bits"));
        }
    CHECK(every_row_is((struct row){0, INT32_MIN, 1, 32}, "a sum may pass 32 bits"));
    CHECK(every_row_is((struct row){0, INT32_MIN + 1, 1, 32}, NULL));
}

/* B * M + 2^(s-1) is below 2^(31+s): the largest multiplier for a bias, at every shift. */
static void a_result_that_may_pass_32_bits_is_refused(void)
{
    static const int32_t biases[] = {1 << 30, (1 << 30) + 12345, INT32_MAX, -INT32_MAX, -(1 << 29)};
    voq_error error;
    for (size_t i = 0; i < sizeof biases / sizeof *biases; i++)
        for (uint32_t shift = 25; shift <= 30; shift++) {
            uint64_t size = (uint64_t)(biases[i] < 0 ? -(int64_t)biases[i] : biases[i]);
            uint64_t room = ((uint64_t)1 << (31 + shift)) - ((uint64_t)1 << (shift - 1)) - 1;
            uint64_t largest = room / size;
            if (largest >= INT32_MAX) continue;
            struct row row = {0, biases[i], (int32_t)largest, shift};
            for (size_t k = 0; k < 4; k++) {
                row.multiplier = (int32_t)largest;
                CHECK_EQ(status_of_row(&places[k], 0, row, &error), VOQ_OK);
                row.multiplier++;
                CHECK_EQ(status_of_row(&places[k], 0, row, &error), VOQ_ERROR_CORRUPT);
                CHECK(strstr(error.text, "a result may pass 32 bits"));
            }
        }
}

/* What reading says after u32s of ENCD were set. */
static voq_status status_with(const size_t (*change)[2], size_t n, voq_error *error)
{
    struct raw_file raw = raw_read(file);
    unsigned char *b = raw_find(&raw, "ENCD")->bytes;
    for (size_t i = 0; i < n; i++) raw_put(b + change[i][0], change[i][1], 4);
    voq_status status = status_of_raw(&raw, error);
    raw_free(&raw);
    return status;
}

#define AT(layer, word) (HEAD + LAYER * (layer) + 4 * (word))

static void shapes_that_do_not_chain_are_refused(void)
{
    static const struct {
        size_t change[2][2], n;
        const char *sentence;
    } wrong[] = {
        {{{AT(0, 1), 5}}, 1, "section ENCD has"},
        {{{AT(1, 1), 3}}, 1, "layer 2: its input is not as wide as the output before it"},
        {{{AT(2, 1), 2}}, 1, "layer 3: its input is not as wide as the output before it"},
        {{{AT(0, 2), 3}}, 1, "layer 2: its input is not as wide as the output before it"},
        {{{AT(2, 2), 2}}, 1, "section ENCD has"},
        {{{AT(0, 5), 3}}, 1, "layer 1: it has no tap at its own frame"},
        {{{AT(0, 5), UINT32_MAX}}, 1, "layer 1: it has no tap at its own frame"},
        {{{AT(0, 3), 200}, {AT(0, 4), 1}}, 2, "layer 1: it has more than 64 taps"},
        {{{AT(0, 4), 129}}, 1, "layer 1: it reaches over more than 256 frames"},
        {{{AT(0, 0), VOQ_LAYER_LATENT}, {AT(0, 3), 1}}, 2, "only a convolution has taps"},
        {{{AT(1, 0), VOQ_LAYER_LATENT}, {AT(1, 8), 0}}, 2, "the last layer alone is a latent"},
        {{{AT(2, 0), VOQ_LAYER_CONV}}, 1, "layer 3: the last layer alone is a latent"},
        {{{AT(2, 0), VOQ_LAYER_GRU}}, 1, "layer 3: the last layer alone is a latent"},
        {{{AT(1, 0), VOQ_LAYER_CONV}, {AT(1, 8), 0}}, 2, "section ENCD has"},
        {{{0, 2}}, 1, "layer 2: the last layer alone is a latent"},
        {{{0, 4}}, 1, "section ENCD"},
    };
    voq_error error;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        voq_status status = status_with(wrong[i].change, wrong[i].n, &error);
        if (!is_damage(status) || !strstr(error.text, wrong[i].sentence))
            printf("# %zu: %d, %s\n", i, (int)status, error.text);
        CHECK(is_damage(status) && strstr(error.text, wrong[i].sentence));
    }
}

static void strides_that_multiply_to_more_than_16_are_refused(void)
{
    struct network network;
    uint64_t seed = 1;
    for (uint32_t stride = 4; stride <= 5; stride++) {
        voq_model *model = NULL;
        static const float codeword[2];
        network_begin(&network);
        network_conv(&network, &seed, CONV(1, 1, 1, 1, 0, 4));
        network_conv(&network, &seed, CONV(1, 1, 1, 1, 0, stride));
        network_latent(&network, &seed, 1, 2);
        voq_parts parts = {.struct_size = sizeof parts, .encoder = &network.encoder,
                           .codeword = codeword, .n_codebook = 1, .n_code = 1, .dim = 2};
        voq_status status = voq_model_make(&parts, NULL, &model, NULL);
        CHECK_EQ(status, stride == 4 ? VOQ_OK : VOQ_ERROR_ARGUMENT);
        voq_model_close(model);
        network_free(&network);
    }
}

static void bytes_behind_the_weights_are_zero(void)
{
    voq_error error;
    size_t last = places[3].weight_at + 3; /* three weights, one byte of padding */
    struct raw_file raw = raw_read(file);
    CHECK_EQ(raw_find(&raw, "ENCD")->n, last + 1);
    raw_find(&raw, "ENCD")->bytes[last] = 1;
    CHECK_EQ(status_of_raw(&raw, &error), VOQ_ERROR_CORRUPT);
    CHECK(strstr(error.text, "layer 3: a byte behind the weights is not zero"));
    raw_free(&raw);
}

static void an_error_points_at_its_layer(void)
{
    voq_error error;
    struct raw_file raw = raw_read(file);
    unsigned char *b = raw_find(&raw, "ENCD")->bytes;
    size_t n;
    raw_put(b + places[3].multiplier_at, 0, 4);
    raw_put(b + AT(2, 9), 0, 4);
    unsigned char *bytes = raw_write(&raw, &n);
    CHECK_EQ(status_of(bytes, n, &error), VOQ_ERROR_CORRUPT);
    CHECK(memcmp(bytes + error.offset, b + AT(2, 0), LAYER) == 0);
    free(bytes);
    raw_free(&raw);
}

int main(void)
{
    make_file();
    find_places();
    RUN(a_usual_row_is_accepted);
    RUN(a_weight_of_minus_128_is_refused);
    RUN(a_multiplier_below_1_is_refused);
    RUN(a_shift_below_25_or_above_32_is_refused);
    RUN(a_sum_that_may_pass_32_bits_is_refused);
    RUN(a_result_that_may_pass_32_bits_is_refused);
    RUN(shapes_that_do_not_chain_are_refused);
    RUN(strides_that_multiply_to_more_than_16_are_refused);
    RUN(bytes_behind_the_weights_are_zero);
    RUN(an_error_points_at_its_layer);
    free(file);
    return check_done();
}
