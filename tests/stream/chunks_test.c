/* SPDX-License-Identifier: MIT */
/* If this fails, units depend on how a program cuts its audio, or differ from the definition. */
#include "tests/support/check.h"
#include "tests/support/asked.h"
#include "tests/stream/collected.h"
#include "tests/stream/recipes.h"
#include "tests/stream/reference.h"

enum { N_SAMPLE = 5000 };

static float speech[N_SAMPLE];
static int16_t speech_i16[N_SAMPLE];

static void make_speech(void)
{
    random_speech(3, speech_i16, N_SAMPLE);
    floats_of(speech_i16, N_SAMPLE, speech);
}

static bool features_are_the_reference(size_t i, const struct recipe *r, uint32_t block, size_t n,
                                       int push)
{
    voq_model *model = model_of(r);
    struct frames expected = reference_features(r, speech, n);
    struct collected got = outputs_of(model, block, speech, n, push);
    bool same = got.as_promised && got.n == expected.n &&
                check_bits(__FILE__, __LINE__, "features", got.feature, expected.x,
                           expected.n * expected.dim);
    if (!same)
        printf("# recipe %zu, block %u, %zu samples, push %d: %zu frames, expected %zu\n", i,
               (unsigned)block, n, push, got.n, expected.n);
    free(expected.x);
    collected_free(&got);
    voq_model_close(model);
    return same;
}

static void features_of_a_whole_signal_are_the_definition(void)
{
    for (size_t i = 0; i < N_RECIPE; i++) {
        struct recipe r = recipe_number(i);
        CHECK(features_are_the_reference(i, &r, 1, N_SAMPLE, PUSH_ALL));
    }
}

static void short_signals_and_exact_multiples_are_the_definition(void)
{
    for (size_t i = 0; i < N_RECIPE; i++) {
        struct recipe r = recipe_number(i);
        size_t hop = unit_hop_of(&r), window = r.frontend.window_samples;
        size_t n[] = {0,
                      1,
                      2,
                      3,
                      hop / 2 - (hop > 1),
                      hop / 2,
                      hop / 2 + 1,
                      hop - 1,
                      hop,
                      hop + 1,
                      window / 2,
                      window / 2 + 1,
                      window - 1,
                      window,
                      window + 1,
                      window + hop,
                      3 * hop,
                      3 * hop + hop / 2,
                      7 * hop - 1,
                      7 * hop};
        for (size_t k = 0; k < sizeof n / sizeof *n; k++) {
            if (n[k] > N_SAMPLE) continue;
            CHECK(features_are_the_reference(i, &r, 1, n[k], PUSH_ALL));
            CHECK(features_are_the_reference(i, &r, 16, n[k], 7));
        }
    }
}

static void any_push_and_any_block_give_the_same_features(void)
{
    static const uint32_t blocks[] = {1, 2, 3, 7, 8, 9, 64, 1024};
    for (size_t i = 0; i < N_RECIPE; i++) {
        struct recipe r = recipe_number(i);
        int hop = (int)unit_hop_of(&r);
        int pushes[] = {1, 7, hop > 1 ? hop - 1 : 2, hop, hop + 1, PUSH_ALL, PUSH_RANDOM};
        for (size_t b = 0; b < 8; b++)
            for (size_t p = 0; p < 7; p++) {
                if (pushes[p] == 1 && b % 3) continue;
                CHECK(features_are_the_reference(i, &r, blocks[b], 2500 + 13 * p, pushes[p]));
            }
    }
}

static void units_are_those_of_the_features(void)
{
    static const uint32_t blocks[] = {1, 3, 16, 64, 1024};
    for (size_t i = 0; i < N_RECIPE; i++) {
        struct recipe r = recipe_number(i);
        voq_model *model = model_of(&r);
        struct frames f = reference_features(&r, speech, N_SAMPLE);
        size_t n_id = f.n * r.n_codebook;
        uint32_t *id = malloc(n_id * 4);
        float *distance = malloc(n_id * 4);
        CHECK_EQ(voq_quantize(model, f.x, f.n, UNITS(id, distance, f.n), NULL), VOQ_OK);
        for (size_t b = 0; b < 5; b++) {
            struct collected got = outputs_of(model, blocks[b], speech, N_SAMPLE,
                                              b % 2 ? PUSH_RANDOM : (int)(b * 97 + 1));
            CHECK(got.as_promised);
            CHECK_EQ(got.n, f.n);
            CHECK_BITS(got.id, id, n_id);
            CHECK_BITS(got.distance, distance, n_id);
            collected_free(&got);
        }
        free(id);
        free(distance);
        free(f.x);
        voq_model_close(model);
    }
}

static void int16_samples_are_floats_over_32768(void)
{
    struct recipe r = recipe_number(0);
    voq_model *model = model_of(&r);
    struct collected expected = outputs_of(model, 1, speech, N_SAMPLE, PUSH_ALL);
    int16_t extremes[3] = {-32768, 32767, -1};
    for (int round = 0; round < 2; round++) {
        voq_options options = {.struct_size = sizeof options, .block = round ? 64 : 1};
        voq_stream *stream;
        CHECK_EQ(voq_stream_new(model, &options, &stream), VOQ_OK);
        struct collected got = collected_new(model, N_SAMPLE);
        size_t given;
        for (size_t at = 0; at < N_SAMPLE; at += 50) {
            voq_output output = next_rows(&got, 200);
            CHECK_EQ(voq_push_i16(stream, speech_i16 + at, 50, &output, &given), VOQ_OK);
            got.n += given;
        }
        voq_output output = next_rows(&got, 200);
        CHECK_EQ(voq_finish(stream, &output, &given), VOQ_OK);
        got.n += given;
        CHECK_EQ(got.n, expected.n);
        CHECK_BITS(got.id, expected.id, got.n);
        CHECK_BITS(got.distance, expected.distance, got.n);
        CHECK_BITS(got.feature, expected.feature, got.n * got.dim);
        voq_reset(stream);
        CHECK_EQ(voq_push_i16(stream, extremes, 3, NULL, &given), VOQ_OK);
        CHECK_EQ(voq_stream_bad_samples(stream), 0);
        collected_free(&got);
        voq_stream_free(stream);
    }
    collected_free(&expected);
    voq_model_close(model);
}

int main(void)
{
    make_speech();
    RUN(features_of_a_whole_signal_are_the_definition);
    RUN(short_signals_and_exact_multiples_are_the_definition);
    RUN(any_push_and_any_block_give_the_same_features);
    RUN(units_are_those_of_the_features);
    RUN(int16_samples_are_floats_over_32768);
    return check_done();
}
