/* SPDX-License-Identifier: MIT */
/* If this fails, somebody whose features come from elsewhere gets other units from a model of
   vectors than from the same chain behind voq's own front end. */
#include "tests/support/asked.h"
#include "tests/support/check.h"
#include "tests/stream/collected.h"
#include "tests/stream/recipes.h"
#include "tests/stream/reference.h"

enum { N_SAMPLE = 5000 };

static float speech[N_SAMPLE];

/* The frames that enter behind the front end. */
static struct frames frames_of(const struct recipe *r, size_t n)
{
    struct recipe frontend = *r;
    frontend.normalise = frontend.stack_left = frontend.stack_right = frontend.out_dim = 0;
    frontend.layer->out_dim = 0;
    return reference_features(&frontend, speech, n);
}

static bool chains_agree(const struct recipe *r, size_t n)
{
    voq_model *audio = model_of(r), *vectors = vector_model_of(r);
    struct frames f = frames_of(r, n);
    struct collected expected = collected_new(audio, n), got = collected_new(vectors, n);
    size_t due = voq_encode_frames(audio, n);
    voq_output output = next_rows(&expected, due);
    bool good = voq_encode(audio, NULL, speech, n, &output, &expected.n, NULL) == VOQ_OK &&
                voq_quantize_rows(vectors, f.n) >= due && info_of(vectors).input_dim == f.dim;
    output = next_rows(&got, voq_quantize_rows(vectors, f.n));
    good =
        good && voq_quantize(vectors, f.x, f.n, &output, NULL) == VOQ_OK &&
        check_bits(__FILE__, __LINE__, "id", got.id, expected.id, due * got.n_codebook) &&
        check_bits(__FILE__, __LINE__, "distance", got.distance, expected.distance,
                   due * got.n_codebook) &&
        check_bits(__FILE__, __LINE__, "feature", got.feature, expected.feature, due * got.dim) &&
        check_bits(__FILE__, __LINE__, "z_q", got.z_q, expected.z_q, due * got.dim);
    free(f.x);
    collected_free(&expected);
    collected_free(&got);
    voq_model_close(vectors);
    voq_model_close(audio);
    return good;
}

static void vectors_run_through_the_chain_as_frames_do(void)
{
    static const size_t lengths[] = {0, 40, 200, 2100, N_SAMPLE};
    for (size_t i = 0; i < N_RECIPE; i++)
        for (size_t k = 0; k < 5; k++) {
            struct recipe r = recipe_number(i);
            if (!chains_agree(&r, lengths[k])) {
                printf("# recipe %zu, %zu samples\n", i, lengths[k]);
                CHECK(false);
            }
        }
}

static void a_stack_reaches_over_every_block(void)
{
    for (uint32_t side = 0; side <= 32; side += 8) {
        struct recipe r = with_stack(side, 32 - side, 11);
        r.normalise = VOQ_NORMALISE_RUNNING_VARIANCE;
        CHECK(chains_agree(&r, N_SAMPLE));
        CHECK(chains_agree(&r, 64 * 32));
        CHECK(chains_agree(&r, 500));
    }
}

static void the_mean_of_a_sequence_is_subtracted(void)
{
    struct recipe r = with_everything();
    r.normalise = VOQ_NORMALISE_UTTERANCE_MEAN;
    CHECK(chains_agree(&r, N_SAMPLE));
    CHECK(chains_agree(&r, 0));
}

static void a_model_with_a_front_end_takes_vectors_before_its_codebook(void)
{
    struct recipe r = with_everything();
    voq_model *model = model_of(&r);
    struct collected expected = outputs_of(model, 1, speech, N_SAMPLE, PUSH_ALL);
    struct collected got = collected_new(model, N_SAMPLE);
    voq_output output = next_rows(&got, expected.n);
    CHECK_EQ(voq_quantize(model, expected.feature, expected.n, &output, NULL), VOQ_OK);
    CHECK_BITS(got.id, expected.id, expected.n * got.n_codebook);
    CHECK_BITS(got.feature, expected.feature, expected.n * got.dim);
    collected_free(&got);
    collected_free(&expected);
    voq_model_close(model);
}

static void a_model_of_vectors_is_the_same_from_its_file(void)
{
    struct recipe r = with_everything();
    voq_model *model = vector_model_of(&r), *read, *made;
    voq_parts parts = {.struct_size = sizeof parts};
    const void *bytes;
    size_t n;
    voq_model_bytes(model, &bytes, &n);
    CHECK_EQ(voq_model_read(bytes, n, NULL, &read, NULL), VOQ_OK);
    CHECK_EQ(voq_model_parts(read, &parts), VOQ_OK);
    CHECK(!parts.frontend && parts.normalise && parts.transform);
    CHECK_EQ(voq_model_make(&parts, NULL, &made, NULL), VOQ_OK);
    CHECK_STR(info_of(made).hash, info_of(model).hash);
    CHECK_EQ(info_of(made).frontend_dim, 0);
    CHECK_EQ(info_of(made).input_dim, parts.normalise->dim);
    CHECK_EQ(info_of(made).dim, 18);
    voq_model_close(made);
    voq_model_close(read);
    voq_model_close(model);
}

/* Nothing is written of a sequence that holds NaN; what overflows is named. */
static void a_bad_vector_of_a_sequence_is_named(void)
{
    struct recipe r = with_everything();
    voq_model *model = vector_model_of(&r);
    struct frames f = frames_of(&r, N_SAMPLE);
    voq_error error = {.struct_size = sizeof error};
    static uint32_t id[N_SAMPLE];
    id[0] = 12345;
    f.x[70 * f.dim + 4] = NAN;
    CHECK_EQ(voq_quantize(model, f.x, f.n, UNITS(id, NULL, f.n), &error), VOQ_ERROR_VALUE);
    CHECK(strstr(error.text, "frame 70, dimension 4 is NaN"));
    CHECK_EQ(id[0], 12345);
    f.x[70 * f.dim + 4] = 3e38f;
    CHECK_EQ(voq_quantize(model, f.x, f.n, UNITS(id, NULL, f.n), &error), VOQ_ERROR_VALUE);
    CHECK(strstr(error.text, "frame 6") || strstr(error.text, "frame 7"));
    CHECK(strstr(error.text, "overflows"));
    CHECK(id[0] != 12345);
    free(f.x);
    voq_model_close(model);
}

/* Its integers would turn infinity into a unit like any other. */
static void what_overflows_before_an_encoder_is_no_unit(void)
{
    for (size_t i = FIRST_ENCODER; i < N_RECIPE; i++) {
        struct recipe r = recipe_number(i);
        if (r.normalise == VOQ_NORMALISE_GLOBAL) continue; /* which need not overflow */
        voq_model *model = vector_model_of(&r);
        struct frames f = frames_of(&r, N_SAMPLE);
        voq_error error = {.struct_size = sizeof error};
        static uint32_t id[3 * N_SAMPLE];
        size_t n_row = voq_quantize_rows(model, f.n);
        f.x[f.n / 2 * f.dim] = 3.4e38f;
        f.x[(f.n / 2 + 1) * f.dim] = -3.4e38f;
        CHECK_EQ(voq_quantize(model, f.x, f.n, UNITS(id, NULL, n_row), &error), VOQ_ERROR_VALUE);
        CHECK(strstr(error.text, "overflows"));
        free(f.x);
        voq_model_close(model);
    }
}

static void a_stride_takes_the_vectors_of_a_unit_together(void)
{
    struct recipe r = recipe_number(FIRST_ENCODER + 4);
    voq_model *model = vector_model_of(&r);
    struct frames f = frames_of(&r, N_SAMPLE);
    static uint32_t id[N_SAMPLE];
    voq_error error = {.struct_size = sizeof error};
    CHECK_EQ(info_of(model).stride, 2);
    for (size_t n = 0; n < 6; n++) {
        size_t n_row = (n + 1) / 2;
        CHECK_EQ(voq_quantize_rows(model, n), n_row);
        CHECK_EQ(voq_quantize(model, f.x, n, UNITS(id, NULL, n_row), &error), VOQ_OK);
        id[n_row] = 12345;
        CHECK_EQ(voq_quantize(model, f.x, n, UNITS(id, NULL, n_row), &error), VOQ_OK);
        CHECK_EQ(id[n_row], 12345);
        if (n == 0) continue;
        CHECK_EQ(voq_quantize(model, f.x, n, UNITS(id, NULL, n_row - 1), &error),
                 VOQ_ERROR_CAPACITY);
    }
    CHECK_EQ(voq_quantize_rows(NULL, 7), 0);
    free(f.x);
    voq_model_close(model);
}

static void parts_of_a_chain_that_do_not_fit_are_refused(void)
{
    struct recipe r = with_everything();
    for (int spoil = 0; spoil < 4; spoil++) {
        struct ingredients in;
        voq_model *model = NULL;
        ingredients_fill(&in, &r);
        in.parts.frontend = NULL;
        if (spoil == 0) in.normalise.dim--;
        if (spoil == 1) in.transform.in_dim--;
        if (spoil == 2) in.parts.dim--;
        if (spoil == 3) in.parts.codeword = NULL;
        CHECK_EQ(voq_model_make(&in.parts, NULL, &model, NULL), VOQ_ERROR_ARGUMENT);
        ingredients_free(&in);
    }
}

int main(void)
{
    static int16_t x[N_SAMPLE];
    random_speech(23, x, N_SAMPLE);
    floats_of(x, N_SAMPLE, speech);
    RUN(vectors_run_through_the_chain_as_frames_do);
    RUN(a_stack_reaches_over_every_block);
    RUN(the_mean_of_a_sequence_is_subtracted);
    RUN(a_model_with_a_front_end_takes_vectors_before_its_codebook);
    RUN(a_model_of_vectors_is_the_same_from_its_file);
    RUN(a_bad_vector_of_a_sequence_is_named);
    RUN(what_overflows_before_an_encoder_is_no_unit);
    RUN(a_stride_takes_the_vectors_of_a_unit_together);
    RUN(parts_of_a_chain_that_do_not_fit_are_refused);
    return check_done();
}
