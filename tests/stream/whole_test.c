/* SPDX-License-Identifier: MIT */
/* If this fails, a program that has a whole recording gets other units from voq_encode than from a
   stream, or cannot use the models that need a whole recording. */
#include "tests/support/asked.h"
#include "tests/support/check.h"
#include "tests/stream/collected.h"
#include "tests/stream/recipes.h"
#include "tests/stream/reference.h"

#include <float.h>

enum { N_SAMPLE = 5000 };

static float speech[N_SAMPLE];

/* voq_encode with exactly the room that voq_encode_frames promises. */
static struct collected encoded(const voq_model *model, const voq_options *options, size_t n)
{
    struct collected c = collected_new(model, n);
    size_t due = voq_encode_frames(model, n);
    voq_output output = next_rows(&c, due);
    c.as_promised = due <= n + 2 &&
                    voq_encode(model, options, speech, n, &output, &c.n, NULL) == VOQ_OK &&
                    c.n == due;
    return c;
}

static bool same(const struct collected *a, const struct collected *b)
{
    size_t n_id = a->n * a->n_codebook * 4, n_value = a->n * a->dim * 4;
    return a->as_promised && b->as_promised && a->n == b->n && memcmp(a->id, b->id, n_id) == 0 &&
           memcmp(a->distance, b->distance, n_id) == 0 &&
           memcmp(a->feature, b->feature, n_value) == 0 && memcmp(a->z_q, b->z_q, n_value) == 0;
}

static void a_buffer_has_the_bits_of_a_stream(void)
{
    static const size_t lengths[] = {0, 1, 2, 31, 80, 161, 1000, N_SAMPLE};
    for (size_t i = 0; i < N_RECIPE; i++) {
        struct recipe r = recipe_number(i);
        voq_model *model = model_of(&r);
        for (size_t k = 0; k < 8; k++)
            for (uint32_t block = 0; block <= 80; block = block * 2 + 1) {
                const voq_options options = {.struct_size = sizeof options, .block = block};
                struct collected expected = outputs_of(model, 1, speech, lengths[k], 333);
                struct collected got = encoded(model, block == 3 ? NULL : &options, lengths[k]);
                if (!same(&got, &expected)) printf("# recipe %zu, %zu samples\n", i, lengths[k]);
                CHECK(same(&got, &expected));
                collected_free(&got);
                collected_free(&expected);
            }
        voq_model_close(model);
    }
}

static void the_number_of_frames_is_known_before(void)
{
    static const char *const profiles[] = {"kaldi", "kaldi-fbank", "hubert", "librosa"};
    for (size_t p = 0; p < 4; p++)
        for (uint32_t grid = VOQ_GRID_SNIP; grid <= VOQ_GRID_EDGE; grid++) {
            struct recipe r = from_profile(profiles[p], grid);
            voq_model *model = model_of(&r);
            for (size_t n = 0; n <= N_SAMPLE; n++)
                CHECK_EQ(voq_encode_frames(model, n), reference_count(&r.frontend, n));
            for (size_t n = 0; n <= N_SAMPLE; n += 397) {
                struct collected got = encoded(model, NULL, n);
                CHECK(got.as_promised);
                collected_free(&got);
            }
            voq_model_close(model);
        }
    for (size_t i = FIRST_ENCODER; i < N_RECIPE; i++) {
        struct recipe r = recipe_number(i);
        struct ingredients in;
        ingredients_fill(&in, &r);
        voq_model *model = model_of(&r);
        CHECK_EQ(info_of(model).hop_samples, unit_hop_of(&r));
        for (size_t n = 0; n <= N_SAMPLE; n++)
            CHECK_EQ(voq_encode_frames(model, n),
                     reference_units(&in.frontend, in.parts.encoder, n));
        voq_model_close(model);
        ingredients_free(&in);
    }
    CHECK_EQ(voq_encode_frames(NULL, 5), 0);
}

/* The same model with what needs the whole signal made constants by hand, as a stream takes it. */
static struct collected by_constants(const struct recipe *r, size_t n)
{
    struct recipe log_mel = *r, plain = *r;
    log_mel.normalise = log_mel.stack_left = log_mel.stack_right = log_mel.out_dim = 0;
    log_mel.n_code = log_mel.n_codebook = 0;
    log_mel.frontend.top_db = 0.0f;
    log_mel.frontend.feature = VOQ_FEATURE_LOG_MEL;
    log_mel.frontend.energy = VOQ_ENERGY_NONE;
    log_mel.frontend.n_delta = 0;
    if (r->frontend.top_db > 0.0f) {
        struct frames mel = reference_features(&log_mel, speech, n);
        float largest = -FLT_MAX;
        for (size_t i = 0; i < mel.n * mel.dim; i++) largest = fmaxf(largest, mel.x[i]);
        if (mel.n) plain.frontend.log_floor = largest - r->frontend.top_db;
        plain.frontend.top_db = 0.0f;
        free(mel.x);
    }
    struct ingredients in;
    ingredients_fill(&in, &plain);
    plain.normalise = plain.stack_left = plain.stack_right = plain.out_dim = 0;
    struct frames f = reference_features(&plain, speech, n);
    for (size_t d = 0; in.parts.normalise && d < f.dim; d++) {
        double sum = 0.0;
        for (size_t i = 0; i < f.n; i++) sum += (double)f.x[i * f.dim + d];
        in.owned[0][d] = f.n ? (float)(sum / (double)f.n) : 0.0f;
    }
    in.normalise.kind = VOQ_NORMALISE_GLOBAL;
    voq_model *model;
    if (voq_model_make(&in.parts, NULL, &model, NULL) != VOQ_OK) abort();
    struct collected c = outputs_of(model, 1, speech, n, 200);
    free(f.x);
    ingredients_free(&in);
    voq_model_close(model);
    return c;
}

static bool whole_is_by_constants(const struct recipe *r)
{
    static const size_t lengths[] = {0, 1, 40, 700, N_SAMPLE};
    voq_model *model = model_of(r);
    bool good = info_of(model).whole_signal == 1;
    for (size_t k = 0; good && k < 5; k++) {
        const voq_options live = {.struct_size = sizeof live, .block = 1};
        struct collected expected = by_constants(r, lengths[k]);
        struct collected got = encoded(model, k % 2 ? &live : NULL, lengths[k]);
        good = same(&got, &expected);
        if (!good) printf("# %zu samples, %zu frames\n", lengths[k], got.n);
        collected_free(&got);
        collected_free(&expected);
    }
    voq_model_close(model);
    return good;
}

static void top_db_is_a_floor_under_the_loudest_band(void)
{
    for (uint32_t feature = VOQ_FEATURE_MFCC; feature <= VOQ_FEATURE_LOG_MEL; feature++)
        for (uint32_t n_delta = 0; n_delta <= 1; n_delta++) {
            struct recipe r = small_recipe();
            r.frontend.feature = feature;
            r.frontend.n_delta = n_delta;
            r.frontend.energy = VOQ_ENERGY_RAW;
            r.frontend.log = VOQ_LOG_DECIBEL;
            r.frontend.top_db = 12.0f;
            CHECK(whole_is_by_constants(&r));
        }
    struct recipe r = from_profile("librosa", VOQ_GRID_ZERO);
    r.frontend.top_db = 80.0f;
    CHECK(whole_is_by_constants(&r));
}

static void the_mean_of_the_utterance_is_subtracted(void)
{
    struct recipe r = with_everything();
    r.normalise = VOQ_NORMALISE_UTTERANCE_MEAN;
    CHECK(whole_is_by_constants(&r));
    r.frontend.log = VOQ_LOG_DECIBEL;
    r.frontend.top_db = 9.0f;
    CHECK(whole_is_by_constants(&r));
}

static void only_what_needs_the_whole_signal_is_marked(void)
{
    for (size_t i = 0; i < N_RECIPE; i++) {
        struct recipe r = recipe_number(i);
        voq_model *model = model_of(&r);
        CHECK_EQ(info_of(model).whole_signal, 0);
        CHECK_EQ(info_of(model).input_dim, info_of(model).dim);
        voq_model_close(model);
    }
}

static void mistakes_are_named(void)
{
    struct recipe r = small_recipe();
    voq_model *model = model_of(&r), *vectors = vector_model_of(&r);
    voq_error error = {.struct_size = sizeof error};
    const voq_options wide = {.struct_size = sizeof wide, .block = 1025}, unset = {0};
    static uint32_t id[N_SAMPLE];
    const voq_output *units = UNITS(id, NULL, N_SAMPLE), none = {.capacity = N_SAMPLE, .id = id};
    size_t n = 7;
    CHECK_EQ(voq_encode(NULL, NULL, speech, 9, units, &n, &error), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_encode(model, NULL, NULL, 9, units, &n, &error), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_encode(model, NULL, speech, 9, units, NULL, &error), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_encode(model, &wide, speech, 9, units, &n, &error), VOQ_ERROR_ARGUMENT);
    CHECK(strstr(error.text, "1025"));
    CHECK_EQ(voq_encode(model, &unset, speech, 9, units, &n, &error), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_encode(model, NULL, speech, 9, &none, &n, &error), VOQ_ERROR_ARGUMENT);
    CHECK_STR(error.text, "output.struct_size is not set; set it to sizeof(voq_output)");
    CHECK_EQ(voq_encode(model, NULL, speech, PTRDIFF_MAX / 4, units, &n, &error),
             VOQ_ERROR_CAPACITY);
    CHECK(n > N_SAMPLE);
    n = 7;
    CHECK_EQ(voq_encode(model, NULL, speech, SIZE_MAX, UNITS(id, NULL, SIZE_MAX), &n, &error),
             VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_encode(vectors, NULL, speech, 9, units, &n, &error), VOQ_ERROR_UNSUPPORTED);
    CHECK(strstr(error.text, "voq_quantize"));
    CHECK_EQ(voq_encode_frames(vectors, 9000), 0);
    CHECK_EQ(n, 7);
    CHECK_EQ(voq_encode(model, NULL, NULL, 0, units, &n, &error), VOQ_OK);
    CHECK_EQ(n, 0);
    voq_model_close(vectors);
    voq_model_close(model);
}

static void a_signal_that_overflows_is_a_value_error(void)
{
    static float loud[N_SAMPLE];
    struct recipe r = from_profile("librosa", VOQ_GRID_ZERO);
    voq_error error = {.struct_size = sizeof error};
    static uint32_t id[N_SAMPLE];
    size_t n;
    for (size_t i = 0; i < N_SAMPLE; i++) loud[i] = 1e30f;
    for (int whole = 0; whole < 3; whole++) {
        r.frontend.top_db = whole == 1 ? 80.0f : 0.0f;
        r.normalise = whole == 2 ? VOQ_NORMALISE_UTTERANCE_MEAN : 0;
        voq_model *model = model_of(&r);
        CHECK_EQ(voq_encode(model, NULL, loud, N_SAMPLE, UNITS(id, NULL, N_SAMPLE), &n, &error),
                 VOQ_ERROR_VALUE);
        CHECK(strstr(error.text, "overflows"));
        voq_model_close(model);
    }
}

int main(void)
{
    static int16_t x[N_SAMPLE];
    random_speech(22, x, N_SAMPLE);
    floats_of(x, N_SAMPLE, speech);
    RUN(a_buffer_has_the_bits_of_a_stream);
    RUN(the_number_of_frames_is_known_before);
    RUN(top_db_is_a_floor_under_the_loudest_band);
    RUN(the_mean_of_the_utterance_is_subtracted);
    RUN(only_what_needs_the_whole_signal_is_marked);
    RUN(mistakes_are_named);
    RUN(a_signal_that_overflows_is_a_value_error);
    return check_done();
}
