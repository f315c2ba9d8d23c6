/* SPDX-License-Identifier: MIT */
/* If this fails, two threads with one model disturb each other. Run it under ThreadSanitizer. */
#include "tests/support/check.h"
#include "tests/support/asked.h"
#include "tests/stream/collected.h"
#include "tests/stream/recipes.h"

#include <pthread.h>

enum { N_SAMPLE = 4000, N_THREAD = 8, N_ROUND = 5 };

static float speech[N_SAMPLE];
static voq_model *model;
static struct collected expected;

struct work {
    int number;
    bool fine;
    voq_stream *stream; /* one that moves from thread to thread, or NULL */
    struct collected got;
};

static bool same(const struct collected *got)
{
    size_t n_id = expected.n * info_of(model).n_codebook;
    return got->as_promised && got->n == expected.n &&
           memcmp(got->id, expected.id, n_id * 4) == 0 &&
           memcmp(got->distance, expected.distance, n_id * 4) == 0;
}

static void *run_streams(void *argument)
{
    struct work *work = argument;
    work->fine = true;
    for (int round = 0; round < N_ROUND && work->fine; round++) {
        uint32_t block = round % 2 ? 1 : 16;
        struct collected got = outputs_of(model, block, speech, N_SAMPLE, 50 + 37 * work->number);
        uint32_t *id = malloc(got.n * info_of(model).n_codebook * 4);
        voq_status status = voq_quantize(model, got.feature, got.n, UNITS(id, NULL, got.n), NULL);
        work->fine = same(&got) && status == VOQ_OK &&
                     memcmp(id, got.id, got.n * info_of(model).n_codebook * 4) == 0;
        free(id);
        collected_free(&got);
    }
    return NULL;
}

static void one_model_serves_many_threads(void)
{
    pthread_t thread[N_THREAD];
    struct work work[N_THREAD];
    for (int i = 0; i < N_THREAD; i++) {
        work[i] = (struct work){.number = i};
        CHECK_EQ(pthread_create(&thread[i], NULL, run_streams, &work[i]), 0);
    }
    for (int i = 0; i < N_THREAD; i++) pthread_join(thread[i], NULL);
    for (int i = 0; i < N_THREAD; i++) CHECK(work[i].fine);
}

static void *push_a_part(void *argument)
{
    struct work *work = argument;
    size_t part = N_SAMPLE / N_THREAD;
    collect_part(&work->got, work->stream, speech + part * (size_t)work->number, part);
    if (work->number == N_THREAD - 1 && work->got.as_promised)
        collect_part(&work->got, work->stream, NULL, 0);
    return NULL;
}

static void a_stream_may_move_between_threads(void)
{
    struct work work = {.got = collected_new(model, N_SAMPLE)};
    CHECK_EQ(voq_stream_new(model, NULL, &work.stream), VOQ_OK);
    for (work.number = 0; work.number < N_THREAD; work.number++) {
        pthread_t thread;
        CHECK_EQ(pthread_create(&thread, NULL, push_a_part, &work), 0);
        pthread_join(thread, NULL);
    }
    CHECK(same(&work.got));
    collected_free(&work.got);
    voq_stream_free(work.stream);
}

int main(void)
{
    static int16_t x[N_SAMPLE];
    struct recipe r = with_everything();
    random_speech(2, x, N_SAMPLE);
    floats_of(x, N_SAMPLE, speech);
    model = model_of(&r);
    expected = outputs_of(model, 1, speech, N_SAMPLE, PUSH_ALL);
    RUN(one_model_serves_many_threads);
    RUN(a_stream_may_move_between_threads);
    collected_free(&expected);
    voq_model_close(model);
    return check_done();
}
