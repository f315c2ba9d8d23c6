/* SPDX-License-Identifier: MIT */
/* If this fails, a program with a mistake in its numbers or its order crashes inside the library
   or computes on, instead of getting a status. Everything here is called as voq.h describes it. */
#include "tests/support/check.h"
#include "tests/support/guard.h"
#include "tests/support/models.h"
#include "tests/support/asked.h"

enum { ROOM = 64, N_SAMPLE = 320, HUGE_COUNTS = 6 };

static const size_t huge[HUGE_COUNTS] = {SIZE_MAX,
                                         SIZE_MAX - 1,
                                         SIZE_MAX / 2 + 1,
                                         (size_t)PTRDIFF_MAX,
                                         (size_t)PTRDIFF_MAX / 2 + 1,
                                         SIZE_MAX / 2 - 4096};
static float samples[N_SAMPLE];
static int16_t samples_i16[N_SAMPLE];
static uint32_t id[ROOM];
static float row[ROOM * 256];

static voq_stream *stream_of(const voq_model *model)
{
    voq_stream *stream;
    if (voq_stream_new(model, NULL, &stream) != VOQ_OK) abort();
    return stream;
}

static void null_models_and_results_are_arguments(void)
{
    struct recipe r = small_recipe();
    voq_model *model = model_of(&r), *made = NULL;
    voq_parts parts = {.struct_size = sizeof parts};
    voq_info info = {.struct_size = sizeof info};
    size_t size = 7;
    const void *bytes = samples;
    char memory[64];
    CHECK_EQ(voq_model_open(NULL, NULL, &made, NULL), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_model_open("x.voq", NULL, NULL, NULL), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_model_read(NULL, 9, NULL, &made, NULL), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_model_read(memory, 9, NULL, NULL, NULL), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_model_size(NULL, 9, NULL, &size, NULL), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_model_size(memory, 9, NULL, NULL, NULL), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_model_init(NULL, 64, memory, 9, NULL, &made, NULL), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_model_init(memory, 64, memory, 9, NULL, NULL, NULL), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_model_make(NULL, NULL, &made, NULL), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_model_make(&parts, NULL, NULL, NULL), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_model_parts(NULL, &parts), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_model_parts(model, NULL), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_model_describe(NULL, &info), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_model_describe(model, NULL), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_model_write(NULL, "x.voq", NULL), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_model_write(model, NULL, NULL), VOQ_ERROR_ARGUMENT);
    voq_model_bytes(NULL, &bytes, &size);
    CHECK(bytes == NULL && size == 0);
    voq_model_bytes(model, NULL, NULL);
    voq_model_close(NULL);
    CHECK(made == NULL);
    voq_model_close(model);
}

static void null_front_ends_are_arguments(void)
{
    voq_frontend f = small_frontend();
    voq_error error = {.struct_size = sizeof error};
    size_t n = 7;
    CHECK_EQ(voq_frontend_profile(NULL, &f), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_frontend_profile("hubert", NULL), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_frontend_profile("", &f), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_frontend_set(NULL, "n_mel", "23", &error), VOQ_ERROR_ARGUMENT);
    CHECK(strstr(error.text, "null"));
    CHECK_EQ(voq_frontend_set(&f, NULL, "23", NULL), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_frontend_set(&f, "n_mel", NULL, NULL), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_frontend_text(NULL, (char *)row, 100, &n), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_frontend_text(&f, NULL, 100, &n), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_frontend_text(&f, (char *)row, 100, NULL), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(n, 7);
    CHECK_EQ(voq_frontend_text(&f, NULL, 0, &n), VOQ_ERROR_CAPACITY);
    CHECK(voq_frontend_profile_name(SIZE_MAX) == NULL);
    CHECK(voq_status_string((voq_status)-1) != NULL);
}

static void null_streams_are_answered(void)
{
    size_t n = 7;
    CHECK_EQ(voq_push(NULL, samples, 1, UNITS(id, NULL, ROOM), &n), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_push_i16(NULL, samples_i16, 1, UNITS(id, NULL, ROOM), &n), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_finish(NULL, UNITS(id, NULL, ROOM), &n), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_gap(NULL, 5, UNITS(id, NULL, ROOM), &n), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_max_units(NULL, 5) + voq_finish_units(NULL), 0);
    CHECK_EQ(voq_stream_position(NULL) + voq_stream_bad_samples(NULL), 0);
    voq_reset(NULL);
    voq_stream_free(NULL);
    CHECK_EQ(n, 7);
}

static void null_results_and_memory_of_streams_are_arguments(void)
{
    struct recipe r = small_recipe();
    voq_model *model = model_of(&r);
    voq_stream *stream = NULL;
    size_t size;
    CHECK_EQ(voq_stream_new(NULL, NULL, &stream), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_stream_new(model, NULL, NULL), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_stream_size(NULL, NULL, &size), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_stream_size(model, NULL, NULL), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_stream_init(NULL, SIZE_MAX, model, NULL, &stream), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_stream_init(row, sizeof row, model, NULL, NULL), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_stream_init(row, 0, model, NULL, &stream), VOQ_ERROR_MEMORY);
    CHECK(stream == NULL);
    voq_model_close(model);
}

/* The samples end at a page that must not be touched. */
static void counts_that_no_memory_holds_consume_nothing(void)
{
    struct recipe r = small_recipe();
    voq_model *model = model_of(&r);
    struct guarded g = guard_new(sizeof samples);
    float *x = guard_place(&g, sizeof samples, sizeof *x, 1);
    voq_stream *stream = stream_of(model);
    memcpy(x, samples, sizeof samples);
    for (size_t i = 0; i < HUGE_COUNTS; i++) {
        size_t n = 7;
        CHECK_EQ(voq_push(stream, x, huge[i], UNITS(id, NULL, SIZE_MAX), &n), VOQ_ERROR_ARGUMENT);
        CHECK_EQ(voq_push(stream, x, huge[i], UNITS(id, NULL, ROOM), &n), VOQ_ERROR_ARGUMENT);
        CHECK_EQ(voq_push_i16(stream, (const int16_t *)(const void *)x, huge[i],
                              UNITS(id, NULL, SIZE_MAX), &n),
                 VOQ_ERROR_ARGUMENT);
        CHECK_EQ(voq_push(stream, x, huge[i], FEATURES(row, SIZE_MAX), &n), VOQ_ERROR_ARGUMENT);
        CHECK_EQ(voq_quantize(model, x, huge[i], UNITS(id, NULL, huge[i]), NULL),
                 VOQ_ERROR_ARGUMENT);
        CHECK_EQ(voq_decode(model, id, huge[i], row), VOQ_ERROR_ARGUMENT);
        CHECK_EQ(n, 7);
    }
    CHECK_EQ(
        voq_quantize(model, x, SIZE_MAX / 4 / 5 + 1, UNITS(id, NULL, SIZE_MAX / 4 / 5 + 1), NULL),
        VOQ_ERROR_ARGUMENT);
    size_t due = voq_max_units(stream, N_SAMPLE), n = 0;
    CHECK_EQ(voq_push(stream, x, N_SAMPLE, UNITS(id, NULL, ROOM), &n), VOQ_OK);
    CHECK(n == due && n > 0);
    CHECK_EQ(voq_stream_bad_samples(stream), 0);
    voq_stream_free(stream);
    voq_model_close(model);
    guard_free(&g);
}

static void a_count_of_units_never_wraps(void)
{
    static const uint32_t hops[] = {1, 2, 32, 16384};
    for (size_t h = 0; h < sizeof hops / sizeof *hops; h++) {
        struct recipe r = small_recipe();
        r.frontend.hop_samples = hops[h];
        voq_model *model = model_of(&r);
        voq_stream *stream = stream_of(model);
        size_t n;
        for (int round = 0; round < 2; round++) {
            size_t before = 0;
            for (int bit = 0; bit < (int)sizeof(size_t) * 8; bit++) {
                size_t due = voq_max_units(stream, ((size_t)1 << bit) - 1);
                CHECK(due >= before);
                before = due;
            }
            for (size_t i = 0; i < HUGE_COUNTS; i++)
                CHECK(voq_max_units(stream, huge[i]) >= before / 4);
            CHECK(voq_max_units(stream, SIZE_MAX) >= before && before > 0);
            CHECK(voq_finish_units(stream) <= N_SAMPLE);
            CHECK_EQ(voq_push(stream, samples, 9, UNITS(id, NULL, ROOM), &n), VOQ_OK);
        }
        voq_stream_free(stream);
        voq_model_close(model);
    }
}

static void a_model_of_more_bytes_than_memory_is_refused(void)
{
    struct recipe r = small_recipe();
    voq_model *model = model_of(&r), *read = NULL;
    voq_error error = {.struct_size = sizeof error};
    const void *bytes;
    size_t n, size = 7;
    voq_model_bytes(model, &bytes, &n);
    for (size_t i = 0; i < 3; i++) {
        CHECK_EQ(voq_model_read(bytes, huge[i], NULL, &read, &error), VOQ_ERROR_ARGUMENT);
        CHECK_EQ(voq_model_size(bytes, huge[i], NULL, &size, &error), VOQ_ERROR_ARGUMENT);
        CHECK(strlen(error.text) > 10);
        CHECK_EQ(voq_model_init(row, sizeof row, bytes, huge[i], NULL, &read, &error),
                 VOQ_ERROR_ARGUMENT);
    }
    CHECK(size == 7 && read == NULL);
    voq_model_close(model);
}

static void a_gap_past_all_time_is_refused_before_and_after_pushes_crossed_it(void)
{
    struct recipe r = small_recipe(); /* hop 32 */
    voq_model *model = model_of(&r);
    voq_stream *s = stream_of(model);
    size_t n = 7;
    CHECK_EQ(voq_gap(s, (uint64_t)INT64_MAX + 1, UNITS(id, NULL, ROOM), &n), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_gap(s, UINT64_MAX, UNITS(id, NULL, ROOM), &n), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(n, 7);
    CHECK_EQ(voq_gap(s, INT64_MAX, UNITS(id, NULL, ROOM), &n), VOQ_OK);
    uint64_t position = voq_stream_position(s);
    CHECK_EQ(position, (uint64_t)1 << 58);
    CHECK_EQ(voq_gap(s, 1, UNITS(id, NULL, ROOM), &n), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_push(s, samples, N_SAMPLE, UNITS(id, NULL, ROOM), &n), VOQ_OK);
    CHECK(n > 0);
    CHECK_EQ(voq_stream_position(s), position + n);
    static const uint64_t lost[] = {1, 31, 32, 1 << 20, INT64_MAX, UINT64_MAX - 400, UINT64_MAX};
    for (size_t i = 0; i < sizeof lost / sizeof *lost; i++) {
        n = 7;
        CHECK_EQ(voq_gap(s, lost[i], UNITS(id, NULL, ROOM), &n), VOQ_ERROR_ARGUMENT);
        CHECK_EQ(n, 7);
    }
    CHECK_EQ(voq_gap(s, 0, UNITS(id, NULL, ROOM), &n), VOQ_OK);
    CHECK(voq_max_units(s, SIZE_MAX) > 0);
    CHECK_EQ(voq_finish(s, UNITS(id, NULL, ROOM), &n), VOQ_OK);
    voq_reset(s);
    CHECK_EQ(voq_stream_position(s), 0);
    CHECK_EQ(voq_gap(s, 100, UNITS(id, NULL, ROOM), &n), VOQ_OK);
    voq_stream_free(s);
    voq_model_close(model);
}

/* Any order of calls, with room or without: a status, and counts that are what then comes. */
static void calls_in_any_order_get_a_status(void)
{
    uint64_t seed = 5;
    for (int round = 0; round < 300; round++) {
        struct recipe r = small_recipe();
        r.frontend.n_delta = (uint32_t)random_below(&seed, 3);
        r.frontend.grid = (uint32_t)random_below(&seed, 5);
        voq_model *model = model_of(&r);
        voq_stream *s = stream_of(model);
        bool over = false;
        for (int call = 0; call < 20; call++) {
            size_t n = 99, x = random_below(&seed, N_SAMPLE),
                   room = random_below(&seed, 3) ? ROOM : 0;
            size_t due = voq_max_units(s, x), at_end = voq_finish_units(s);
            uint64_t lost = random_below(&seed, 4) ? random_below(&seed, 500) : random_u64(&seed);
            size_t which = random_below(&seed, 5);
            voq_status status = VOQ_OK;
            if (which == 0) voq_reset(s);
            if (which == 1) status = voq_push(s, samples, x, UNITS(id, row, room), &n);
            if (which == 2) status = voq_push_i16(s, samples_i16, x, UNITS(id, NULL, room), &n);
            if (which == 3) status = voq_finish(s, UNITS(id, NULL, room), &n);
            if (which == 4) status = voq_gap(s, lost, UNITS(id, NULL, room), &n);
            size_t expected = which > 2 ? at_end : due;
            if (which == 0) over = false;
            if (which == 0) continue;
            if (over) CHECK_EQ(status, VOQ_ERROR_STATE);
            if (status == VOQ_ERROR_STATE || status == VOQ_ERROR_ARGUMENT) CHECK_EQ(n, 99);
            if (status == VOQ_ERROR_CAPACITY) CHECK(n == expected && n > room);
            if (status == VOQ_OK) CHECK_EQ(n, which == 4 && lost == 0 ? 0 : expected);
            if (status == VOQ_OK && which == 3) over = true;
            CHECK(status == VOQ_OK || status == VOQ_ERROR_STATE || status == VOQ_ERROR_CAPACITY ||
                  (status == VOQ_ERROR_ARGUMENT && which == 4));
        }
        voq_stream_free(s);
        voq_model_close(model);
    }
}

int main(void)
{
    uint64_t seed = 3;
    for (size_t i = 0; i < N_SAMPLE; i++) {
        samples_i16[i] = (int16_t)random_below(&seed, 20000);
        samples[i] = (float)samples_i16[i] / 32768.0f;
    }
    RUN(null_models_and_results_are_arguments);
    RUN(null_front_ends_are_arguments);
    RUN(null_streams_are_answered);
    RUN(null_results_and_memory_of_streams_are_arguments);
    RUN(counts_that_no_memory_holds_consume_nothing);
    RUN(a_count_of_units_never_wraps);
    RUN(a_model_of_more_bytes_than_memory_is_refused);
    RUN(a_gap_past_all_time_is_refused_before_and_after_pushes_crossed_it);
    RUN(calls_in_any_order_get_a_status);
    return check_done();
}
