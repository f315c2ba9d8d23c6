/* SPDX-License-Identifier: MIT */
/* If this fails, a program that follows voq.h is surprised: by a state, a bad sample, a refusal. */
#include "tests/support/check.h"
#include "tests/support/asked.h"
#include "tests/stream/collected.h"
#include "tests/stream/recipes.h"

#include <float.h>
#include <math.h>

enum { N_SAMPLE = 3000, ROOM = 4000 };

static float speech[N_SAMPLE];
static uint32_t id[ROOM];
static float distance[ROOM];

static void after_the_end_only_reset_is_possible(void)
{
    struct recipe r = small_recipe();
    voq_model *model = model_of(&r);
    struct collected expected = outputs_of(model, 1, speech, N_SAMPLE, PUSH_ALL);
    voq_stream *s;
    size_t n = 99;
    int16_t zero = 0;
    CHECK_EQ(voq_stream_new(model, NULL, &s), VOQ_OK);
    CHECK_EQ(voq_push(s, speech, 100, UNITS(id, NULL, ROOM), &n), VOQ_OK);
    CHECK_EQ(voq_finish(s, UNITS(id, NULL, ROOM), &n), VOQ_OK);
    n = 99;
    CHECK_EQ(voq_push(s, speech, 100, UNITS(id, NULL, ROOM), &n), VOQ_ERROR_STATE);
    CHECK_EQ(voq_push(s, NULL, 0, UNITS(id, NULL, ROOM), &n), VOQ_ERROR_STATE);
    CHECK_EQ(voq_push_i16(s, &zero, 1, UNITS(id, NULL, ROOM), &n), VOQ_ERROR_STATE);
    CHECK_EQ(voq_finish(s, UNITS(id, NULL, ROOM), &n), VOQ_ERROR_STATE);
    CHECK_EQ(voq_gap(s, 10, UNITS(id, NULL, ROOM), &n), VOQ_ERROR_STATE);
    CHECK_EQ(n, 99);
    CHECK_EQ(voq_finish_units(s), 0);
    CHECK_EQ(voq_max_units(s, 100000), 0);
    voq_reset(s);
    struct collected got = collect(s, model, speech, N_SAMPLE, 77);
    CHECK(got.as_promised);
    CHECK_EQ(got.n, expected.n);
    CHECK_BITS(got.id, expected.id, got.n);
    collected_free(&got);
    collected_free(&expected);
    voq_stream_free(s);
    voq_model_close(model);
}

static void reset_is_new_from_every_state(void)
{
    for (size_t i = 0; i < N_RECIPE; i++) {
        struct recipe r = recipe_number(i);
        voq_model *model = model_of(&r);
        struct collected expected = outputs_of(model, 1, speech, N_SAMPLE, PUSH_ALL);
        voq_stream *s;
        size_t n;
        float nan = NAN;
        CHECK_EQ(voq_stream_new(model, NULL, &s), VOQ_OK);
        for (int state = 0; state < 4; state++) {
            CHECK_EQ(voq_push(s, speech + 500, 1000 + 77 * (size_t)state,
                              UNITS(id, NULL, ROOM / r.n_codebook), &n),
                     VOQ_OK);
            if (state == 1)
                CHECK_EQ(voq_gap(s, 1000, UNITS(id, NULL, ROOM / r.n_codebook), &n), VOQ_OK);
            if (state == 2)
                CHECK_EQ(voq_finish(s, UNITS(id, NULL, ROOM / r.n_codebook), &n), VOQ_OK);
            if (state == 3)
                CHECK_EQ(voq_push(s, &nan, 1, UNITS(id, NULL, ROOM / r.n_codebook), &n), VOQ_OK);
            voq_reset(s);
            CHECK_EQ(voq_stream_position(s), 0);
            CHECK_EQ(voq_stream_bad_samples(s), 0);
            struct collected got = collect(s, model, speech, N_SAMPLE, 501);
            CHECK(got.as_promised);
            CHECK_EQ(got.n, expected.n);
            CHECK_BITS(got.id, expected.id, got.n * r.n_codebook);
            CHECK_BITS(got.distance, expected.distance, got.n * r.n_codebook);
            collected_free(&got);
            voq_reset(s);
        }
        collected_free(&expected);
        voq_stream_free(s);
        voq_model_close(model);
    }
}

static void no_samples_with_a_null_pointer_are_fine(void)
{
    struct recipe r = small_recipe();
    voq_model *model = model_of(&r);
    voq_stream *s;
    size_t n = 99;
    CHECK_EQ(voq_stream_new(model, NULL, &s), VOQ_OK);
    CHECK_EQ(voq_push(s, NULL, 0, NULL, &n), VOQ_OK);
    CHECK_EQ(n, 0);
    CHECK_EQ(voq_push_i16(s, NULL, 0, NULL, &n), VOQ_OK);
    n = 99;
    CHECK_EQ(voq_push(s, NULL, 5, NULL, &n), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_push_i16(s, NULL, 5, NULL, &n), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_push(s, speech, N_SAMPLE, &(voq_output){.capacity = ROOM}, &n),
             VOQ_ERROR_ARGUMENT); /* struct_size is not set */
    CHECK_EQ(voq_push(s, speech, 10, NULL, NULL), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(n, 99);
    CHECK_EQ(voq_finish(s, NULL, &n), VOQ_OK);
    CHECK_EQ(n, 0);
    voq_stream_free(s);
    voq_stream_free(NULL);
    voq_model_close(NULL);
    voq_model_close(model);
}

/* A bad sample is a zero; every one of them counts, also one that no window covers. */
static void a_sample_that_is_no_number_counts_as_zero(void)
{
    for (size_t i = 0; i < N_RECIPE; i++) {
        struct recipe r = recipe_number(i);
        voq_model *model = model_of(&r);
        static float bad[N_SAMPLE], clean[N_SAMPLE];
        size_t n_bad = 0;
        for (size_t k = 0; k < N_SAMPLE; k++) {
            bool is_bad = k % 37 == 0 || (k > 1000 && k < 1300);
            bad[k] = !is_bad ? speech[k] : k % 3 == 0 ? NAN : k % 3 == 1 ? INFINITY : -INFINITY;
            clean[k] = is_bad ? 0.0f : speech[k];
            n_bad += is_bad;
        }
        struct collected expected = outputs_of(model, 1, clean, N_SAMPLE, PUSH_ALL);
        voq_stream *s;
        CHECK_EQ(voq_stream_new(model, NULL, &s), VOQ_OK);
        struct collected got = collect(s, model, bad, N_SAMPLE, 129);
        CHECK(got.as_promised);
        if (voq_stream_bad_samples(s) != n_bad) printf("# recipe %zu\n", i);
        CHECK_EQ(voq_stream_bad_samples(s), n_bad);
        CHECK_BITS(got.id, expected.id, expected.n * r.n_codebook);
        CHECK_BITS(got.distance, expected.distance, expected.n * r.n_codebook);
        collected_free(&got);
        collected_free(&expected);
        voq_stream_free(s);
        voq_model_close(model);
    }
}

static void bad_samples_dropped_after_a_gap_count_too(void)
{
    struct recipe r = small_recipe(); /* hop 32 */
    voq_model *model = model_of(&r);
    voq_stream *s;
    size_t n;
    float nan[40];
    for (size_t i = 0; i < 40; i++) nan[i] = NAN;
    CHECK_EQ(voq_stream_new(model, NULL, &s), VOQ_OK);
    CHECK_EQ(voq_gap(s, 1, UNITS(id, NULL, ROOM), &n), VOQ_OK);
    CHECK_EQ(voq_push(s, nan, 40, UNITS(id, NULL, ROOM), &n), VOQ_OK); /* 31 of them are dropped */
    CHECK_EQ(voq_stream_bad_samples(s), 40);
    CHECK_EQ(voq_gap(s, 1, UNITS(id, NULL, ROOM), &n), VOQ_OK);
    CHECK_EQ(voq_stream_bad_samples(s), 40);
    voq_stream_free(s);
    voq_model_close(model);
}

/* Samples of 1e30 overflow the power spectrum. The units before are given, whatever the block. */
static void overflow_is_an_error_that_reset_heals(void)
{
    static float loud[N_SAMPLE];
    for (size_t i = 0; i < N_SAMPLE; i++) loud[i] = i >= 1500 && i < 1600 ? 1e30f : speech[i];
    for (size_t i = 0; i < N_RECIPE; i++) {
        struct recipe r = recipe_number(i);
        size_t n_first = 0, room = ROOM / r.n_codebook, n_good = 0;
        if (r.frontend.log == VOQ_LOG_NONE) continue;
        voq_model *model = model_of(&r);
        struct collected expected = outputs_of(model, 1, speech, N_SAMPLE, PUSH_ALL);
        for (uint32_t block = 1; block <= 64; block = block * 3 + 1) {
            voq_options options = {.struct_size = sizeof options, .block = block};
            voq_stream *s;
            size_t n;
            CHECK_EQ(voq_stream_new(model, &options, &s), VOQ_OK);
            voq_status status = voq_push(s, loud, N_SAMPLE, UNITS(id, distance, room), &n);
            if (status == VOQ_OK) { /* the loud part lies between windows, or at the end */
                voq_stream_free(s);
                break;
            }
            CHECK_EQ(status, VOQ_ERROR_VALUE);
            if (block == 1) n_first = n;
            if (n != n_first) printf("# recipe %zu, block %u\n", i, (unsigned)block);
            CHECK_EQ(n, n_first);
            CHECK_BITS(id, expected.id, n * r.n_codebook);
            CHECK_EQ(voq_stream_position(s), n);
            n_good += n;
            CHECK_EQ(voq_push(s, speech, 10, UNITS(id, NULL, room), &n), VOQ_ERROR_STATE);
            voq_reset(s);
            struct collected got = collect(s, model, speech, N_SAMPLE, 200);
            CHECK(got.as_promised);
            CHECK_BITS(got.id, expected.id, expected.n * r.n_codebook);
            collected_free(&got);
            voq_stream_free(s);
        }
        CHECK(n_good > 0 || r.frontend.hop_samples > 90 ||
              r.frontend.n_delta * r.frontend.delta_reach > 20);
        collected_free(&expected);
        voq_model_close(model);
    }
}

static voq_status stream_status(const struct recipe *r)
{
    voq_model *model = model_of(r);
    voq_stream *s = NULL;
    size_t size = 0;
    voq_status status = voq_stream_new(model, NULL, &s);
    if (voq_stream_size(model, NULL, &size) != status) status = VOQ_OK;
    voq_stream_free(s);
    voq_model_close(model);
    return status;
}

static void what_needs_the_whole_signal_is_refused(void)
{
    struct recipe r = from_profile("librosa", VOQ_GRID_ZERO);
    CHECK_EQ(stream_status(&r), VOQ_OK);
    r.frontend.top_db = 80.0f;
    CHECK_EQ(stream_status(&r), VOQ_ERROR_UNSUPPORTED);
    r = with_normalise(VOQ_NORMALISE_UTTERANCE_MEAN);
    CHECK_EQ(stream_status(&r), VOQ_ERROR_UNSUPPORTED);
}

static void a_model_without_codebook_gives_features_but_no_units(void)
{
    struct recipe r = small_recipe(), with = r;
    r.n_code = r.n_codebook = 0;
    voq_model *model = model_of(&r), *other = model_of(&with);
    voq_stream *s;
    float x[5];
    size_t n = 99;
    struct collected expected = outputs_of(other, 1, speech, N_SAMPLE, PUSH_ALL);
    struct collected got = outputs_of(model, 1, speech, N_SAMPLE, 77);
    CHECK(got.as_promised && got.n == expected.n);
    CHECK_BITS(got.feature, expected.feature, got.n * got.dim);
    CHECK_EQ(voq_stream_new(model, NULL, &s), VOQ_OK);
    const voq_output *asked[] = {UNITS(id, NULL, ROOM), UNITS(NULL, distance, ROOM),
                                 CODES(NULL, NULL, x, ROOM), UNITS(id, NULL, 0)};
    for (size_t i = 0; i < 4; i++) {
        CHECK_EQ(voq_push(s, speech, 500, asked[i], &n), VOQ_ERROR_UNSUPPORTED);
        CHECK_EQ(voq_push(s, NULL, 0, asked[i], &n), VOQ_ERROR_UNSUPPORTED);
        CHECK_EQ(voq_finish(s, asked[i], &n), VOQ_ERROR_UNSUPPORTED);
        CHECK_EQ(voq_gap(s, 0, asked[i], &n), VOQ_ERROR_UNSUPPORTED);
        CHECK_EQ(voq_encode(model, NULL, speech, 500, asked[i], &n, NULL), VOQ_ERROR_UNSUPPORTED);
        CHECK_EQ(voq_quantize(model, speech, 1, asked[i], NULL), VOQ_ERROR_UNSUPPORTED);
    }
    CHECK_EQ(n, 99);
    CHECK_EQ(voq_stream_position(s), 0);
    CHECK_EQ(voq_decode(model, id, 1, x), VOQ_ERROR_UNSUPPORTED);
    voq_stream_free(s);
    collected_free(&got);
    collected_free(&expected);
    voq_model_close(other);
    voq_model_close(model);
}

static void a_model_of_vectors_has_no_streams(void)
{
    struct recipe r = small_recipe();
    struct ingredients in;
    voq_model *model;
    voq_stream *s;
    size_t size;
    ingredients_fill(&in, &r);
    in.parts.frontend = NULL;
    CHECK_EQ(voq_model_make(&in.parts, NULL, &model, NULL), VOQ_OK);
    CHECK_EQ(info_of(model).rate_hz, 0);
    CHECK_EQ(info_of(model).look_ahead_samples, 0);
    CHECK_EQ(voq_stream_new(model, NULL, &s), VOQ_ERROR_UNSUPPORTED);
    CHECK_EQ(voq_stream_size(model, NULL, &size), VOQ_ERROR_UNSUPPORTED);
    CHECK_EQ(voq_quantize(model, speech, 10, UNITS(id, NULL, 10), NULL), VOQ_OK);
    voq_model_close(model);
    ingredients_free(&in);
}

static void options_out_of_range_are_refused(void)
{
    struct recipe r = small_recipe();
    voq_model *model = model_of(&r);
    voq_stream *s;
    voq_options options = {.struct_size = sizeof options, .block = 1025};
    CHECK_EQ(voq_stream_new(model, &options, &s), VOQ_ERROR_ARGUMENT);
    options.block = 1024;
    CHECK_EQ(voq_stream_new(model, &options, &s), VOQ_OK);
    voq_stream_free(s);
    options.struct_size = 0;
    CHECK_EQ(voq_stream_new(model, &options, &s), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_stream_new(NULL, NULL, &s), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_stream_new(model, NULL, NULL), VOQ_ERROR_ARGUMENT);
    voq_model_close(model);
}

int main(void)
{
    static int16_t x[N_SAMPLE];
    random_speech(8, x, N_SAMPLE);
    floats_of(x, N_SAMPLE, speech);
    RUN(after_the_end_only_reset_is_possible);
    RUN(reset_is_new_from_every_state);
    RUN(no_samples_with_a_null_pointer_are_fine);
    RUN(a_sample_that_is_no_number_counts_as_zero);
    RUN(bad_samples_dropped_after_a_gap_count_too);
    RUN(overflow_is_an_error_that_reset_heals);
    RUN(what_needs_the_whole_signal_is_refused);
    RUN(a_model_without_codebook_gives_features_but_no_units);
    RUN(a_model_of_vectors_has_no_streams);
    RUN(options_out_of_range_are_refused);
    return check_done();
}
