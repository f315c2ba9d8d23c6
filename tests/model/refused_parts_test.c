/* SPDX-License-Identifier: MIT */
/* If this fails, a program that makes a model from wrong parts gets a model, or no reason. */
#include "tests/support/check.h"
#include "tests/stream/recipes.h"

#include <math.h>

/* Makes a model whose parts `spoil` has changed; the status, and a sentence with it. */
static voq_status spoiled(void (*spoil)(struct ingredients *in))
{
    struct recipe r = with_everything();
    struct ingredients in;
    voq_model *model = NULL;
    voq_error error = {.struct_size = sizeof error};
    ingredients_fill(&in, &r);
    spoil(&in);
    voq_status status = voq_model_make(&in.parts, NULL, &model, &error);
    ingredients_free(&in);
    if (status == VOQ_OK) {
        voq_model_close(model);
        return status;
    }
    if (error.status != status || strlen(error.text) < 8 || error.offset != VOQ_NO_OFFSET)
        printf("# status %d: \"%s\"\n", (int)status, error.text);
    return error.status == status && error.offset == VOQ_NO_OFFSET ? status : (voq_status)-1;
}

static void no_mel(struct ingredients *in)
{
    in->frontend.n_mel = 0;
}
static void odd_fft(struct ingredients *in)
{
    in->frontend.fft_samples = 129;
}
static void prime_fft(struct ingredients *in)
{
    in->frontend.fft_samples = 134;
}
static void short_fft(struct ingredients *in)
{
    in->frontend.fft_samples = 64;
}
static void no_hop(struct ingredients *in)
{
    in->frontend.hop_samples = 0;
}
static void long_hop(struct ingredients *in)
{
    in->frontend.hop_samples = 16385;
}
static void unknown_window(struct ingredients *in)
{
    in->frontend.window = 17;
}
static void low_above_high(struct ingredients *in)
{
    in->frontend.low_hz = 8000.0f;
}
static void nan_scale(struct ingredients *in)
{
    in->frontend.scale = NAN;
}
static void nan_top_db(struct ingredients *in)
{
    in->frontend.top_db = NAN;
}
static void negative_lifter(struct ingredients *in)
{
    in->frontend.lifter = -1.0f;
}
static void wrong_norm_dim(struct ingredients *in)
{
    in->normalise.dim = 3;
}
static void no_norm_kind(struct ingredients *in)
{
    in->normalise.kind = 0;
}
static void no_memory_of_frames(struct ingredients *in)
{
    in->normalise.n_max = 0;
}
static void no_variance(struct ingredients *in)
{
    in->normalise.variance = NULL;
}
static void scale_of_no_use(struct ingredients *in)
{
    in->normalise.scale = in->owned[1];
}
static void no_scale(struct ingredients *in)
{
    in->normalise.kind = VOQ_NORMALISE_RUNNING_SCALED;
    in->normalise.variance = NULL;
}
static void scale_and_variance(struct ingredients *in)
{
    in->normalise.kind = VOQ_NORMALISE_RUNNING_SCALED;
    in->normalise.scale = in->owned[1];
}
static void scale_of_zero(struct ingredients *in)
{
    in->normalise.kind = VOQ_NORMALISE_RUNNING_SCALED;
    in->normalise.scale = in->owned[1];
    in->normalise.variance = NULL;
    in->owned[1][2] = 0.0f;
}
static void no_variance_floor(struct ingredients *in)
{
    in->normalise.floor = 0.0f;
}
static void wrong_transform_dim(struct ingredients *in)
{
    in->transform.in_dim = 3;
}
static void bias_alone(struct ingredients *in)
{
    in->transform.matrix = NULL;
}
static void no_codes(struct ingredients *in)
{
    in->parts.n_code = 0;
}
static void no_codebooks(struct ingredients *in)
{
    in->parts.n_codebook = 0;
}
static void wrong_code_dim(struct ingredients *in)
{
    in->parts.dim = 3;
}
static void frontend_size(struct ingredients *in)
{
    in->frontend.struct_size = 0;
}
static void parts_size(struct ingredients *in)
{
    in->parts.struct_size = 8;
}
static void bad_name(struct ingredients *in)
{
    in->parts.name = "two\nlines";
}
static void open_line(struct ingredients *in)
{
    in->parts.provenance = "a=b";
}
static void nothing(struct ingredients *in)
{
    in->parts.frontend = NULL;
    in->parts.codeword = NULL;
    in->parts.normalise = NULL;
    in->parts.transform = NULL;
}
static void no_mean(struct ingredients *in)
{
    in->normalise.mean = NULL;
}

static void parts_that_cannot_be_are_an_argument_error(void)
{
    static void (*const spoils[])(struct ingredients *) = {no_mel,
                                                           odd_fft,
                                                           prime_fft,
                                                           short_fft,
                                                           no_hop,
                                                           long_hop,
                                                           unknown_window,
                                                           low_above_high,
                                                           nan_scale,
                                                           nan_top_db,
                                                           negative_lifter,
                                                           wrong_norm_dim,
                                                           no_norm_kind,
                                                           no_memory_of_frames,
                                                           no_variance,
                                                           no_variance_floor,
                                                           scale_of_no_use,
                                                           no_scale,
                                                           scale_and_variance,
                                                           scale_of_zero,
                                                           wrong_transform_dim,
                                                           bias_alone,
                                                           no_codes,
                                                           no_codebooks,
                                                           wrong_code_dim,
                                                           frontend_size,
                                                           parts_size,
                                                           bad_name,
                                                           open_line,
                                                           nothing,
                                                           no_mean};
    for (size_t i = 0; i < sizeof spoils / sizeof *spoils; i++) {
        voq_status status = spoiled(spoils[i]);
        if (status != VOQ_ERROR_ARGUMENT) printf("# number %zu\n", i);
        CHECK_EQ(status, VOQ_ERROR_ARGUMENT);
    }
}

static void many_codes(struct ingredients *in)
{
    in->parts.n_code = 5000000;
}
static void many_codebooks(struct ingredients *in)
{
    in->parts.n_codebook = 33;
}
static void deep_stack(struct ingredients *in)
{
    in->transform.stack_left = 33;
}
static void wide_output(struct ingredients *in)
{
    in->transform.out_dim = 2049;
}

static void parts_beyond_the_limits_are_told_so(void)
{
    CHECK_EQ(spoiled(many_codes), VOQ_ERROR_LIMIT);
    CHECK_EQ(spoiled(many_codebooks), VOQ_ERROR_LIMIT);
    CHECK_EQ(spoiled(deep_stack), VOQ_ERROR_LIMIT);
    CHECK_EQ(spoiled(wide_output), VOQ_ERROR_LIMIT);
}

static void nan_codeword(struct ingredients *in)
{
    in->owned[4][7] = NAN;
}
static void infinite_matrix(struct ingredients *in)
{
    in->owned[2][7] = INFINITY;
}
static void nan_mean(struct ingredients *in)
{
    in->owned[0][1] = NAN;
}

static void nan_in_the_parts_is_a_value_error(void)
{
    CHECK_EQ(spoiled(nan_codeword), VOQ_ERROR_VALUE);
    CHECK_EQ(spoiled(infinite_matrix), VOQ_ERROR_VALUE);
    CHECK_EQ(spoiled(nan_mean), VOQ_ERROR_VALUE);
}

int main(void)
{
    RUN(parts_that_cannot_be_are_an_argument_error);
    RUN(parts_beyond_the_limits_are_told_so);
    RUN(nan_in_the_parts_is_a_value_error);
    return check_done();
}
