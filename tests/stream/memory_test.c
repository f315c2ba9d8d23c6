/* SPDX-License-Identifier: MIT */
/* If this fails, a program without a heap is overwritten, or runs out of the memory it was told. */
#include "tests/support/check.h"
#include "tests/support/guard.h"
#include "tests/stream/collected.h"
#include "tests/stream/recipes.h"

enum { N_SAMPLE = 3000, N_CANARY = 64, CANARY = 0xa5 };

static float speech[N_SAMPLE];

static bool canaries_live(const unsigned char *memory, size_t offset, size_t size)
{
    for (size_t i = 0; i < N_CANARY; i++)
        if (memory[offset + i] != CANARY || memory[offset + N_CANARY + size + i] != CANARY)
            return false;
    return true;
}

static void a_stream_lives_in_memory_of_any_alignment(void)
{
    static const size_t recipes[] = {0, 6, 15, 19, N_RECIPE - 1};
    static const uint32_t blocks[] = {1, 5, 64};
    for (size_t i = 0; i < 5; i++)
        for (size_t b = 0; b < 3; b++) {
            struct recipe r = recipe_number(recipes[i]);
            voq_model *model = model_of(&r);
            voq_options options = {.struct_size = sizeof options, .block = blocks[b]};
            struct collected expected = outputs_of(model, 1, speech, N_SAMPLE, PUSH_ALL);
            size_t size = 0;
            CHECK_EQ(voq_stream_size(model, &options, &size), VOQ_OK);
            for (size_t offset = 0; offset < 64; offset += offset < 9 ? 1 : 11) {
                unsigned char *memory = malloc(size + offset + 2 * N_CANARY);
                memset(memory, CANARY, size + offset + 2 * N_CANARY);
                voq_stream *s = NULL;
                unsigned char *place = memory + offset + N_CANARY;
                CHECK_EQ(voq_stream_init(place, size - 1, model, &options, &s), VOQ_ERROR_MEMORY);
                CHECK(s == NULL);
                CHECK_EQ(voq_stream_init(place, size, model, &options, &s), VOQ_OK);
                struct collected got = collect(s, model, speech, N_SAMPLE, 333);
                CHECK(got.as_promised);
                CHECK_BITS(got.id, expected.id, expected.n * r.n_codebook);
                CHECK(canaries_live(memory, offset, size));
                voq_reset(s);
                CHECK(canaries_live(memory, offset, size));
                collected_free(&got);
                free(memory);
            }
            collected_free(&expected);
            voq_model_close(model);
        }
}

static void streams_live_at_the_edge_of_their_memory(void)
{
    for (size_t i = 0; i < N_RECIPE; i++) {
        struct recipe r = recipe_number(i);
        voq_model *model = model_of(&r);
        voq_options options = {.struct_size = sizeof options, .block = i % 2 ? 16 : 1};
        struct collected expected = outputs_of(model, 1, speech, N_SAMPLE, PUSH_ALL);
        size_t size = 0;
        CHECK_EQ(voq_stream_size(model, &options, &size), VOQ_OK);
        for (int at_end = 0; at_end < 2; at_end++) {
            struct guarded g = guard_new(size);
            voq_stream *s = NULL;
            void *place = guard_place(&g, size, 1, at_end);
            CHECK_EQ(voq_stream_init(place, size - 1, model, &options, &s), VOQ_ERROR_MEMORY);
            CHECK_EQ(voq_stream_init(place, size, model, &options, &s), VOQ_OK);
            struct collected got = collect(s, model, speech, N_SAMPLE, 1000);
            CHECK(got.as_promised);
            CHECK_BITS(got.feature, expected.feature, expected.n * info_of(model).dim);
            collected_free(&got);
            guard_free(&g);
        }
        collected_free(&expected);
        voq_model_close(model);
    }
}

static void a_model_lives_in_memory_of_any_alignment(void)
{
    static const size_t recipes[] = {0, 3, 19, N_RECIPE - 1};
    for (size_t i = 0; i < 4; i++) {
        struct recipe r = recipe_number(recipes[i]);
        voq_model *model = model_of(&r), *placed = NULL;
        struct collected expected = outputs_of(model, 1, speech, N_SAMPLE, PUSH_ALL);
        const void *bytes;
        size_t n, size = 0;
        voq_model_bytes(model, &bytes, &n);
        unsigned char *shifted = malloc(n + 8);
        CHECK_EQ(voq_model_size(bytes, n, NULL, &size, NULL), VOQ_OK);
        for (size_t offset = 0; offset < 64; offset += offset < 9 ? 1 : 11) {
            unsigned char *memory = malloc(size + offset + 2 * N_CANARY);
            unsigned char *place = memory + offset + N_CANARY;
            memset(memory, CANARY, size + offset + 2 * N_CANARY);
            memcpy(shifted + offset % 8, bytes, n);
            CHECK_EQ(voq_model_init(place, size - 1, shifted + offset % 8, n, NULL, &placed, NULL),
                     VOQ_ERROR_MEMORY);
            CHECK_EQ(voq_model_init(place, size, shifted + offset % 8, n, NULL, &placed, NULL),
                     VOQ_OK);
            memset(shifted, 0, n + 8); /* the bytes were copied */
            CHECK(canaries_live(memory, offset, size));
            CHECK_STR(info_of(placed).hash, info_of(model).hash);
            struct collected got = outputs_of(placed, 1, speech, N_SAMPLE, 400);
            CHECK(got.as_promised);
            CHECK_BITS(got.id, expected.id, expected.n * r.n_codebook);
            collected_free(&got);
            free(memory);
        }
        free(shifted);
        collected_free(&expected);
        voq_model_close(model);
    }
}

static void a_live_stream_of_a_shipped_model_is_under_64_kb(void)
{
    struct recipe r = from_profile("hubert", VOQ_GRID_MIRROR);
    r.n_code = 500;
    voq_model *model = model_of(&r);
    size_t size = 0;
    CHECK_EQ(voq_stream_size(model, NULL, &size), VOQ_OK);
    printf("# block 1: %zu bytes\n", size);
    CHECK(size < 64000);
    voq_options options = {.struct_size = sizeof options, .block = 0};
    size_t same = 0;
    CHECK_EQ(voq_stream_size(model, &options, &same), VOQ_OK);
    CHECK_EQ(same, size);
    voq_model_close(model);
}

/* The layers that were measured: 926,784 parameters before rounding, 923,648 multiplications. */
static void a_live_stream_of_a_learned_model_is_under_64_kb(void)
{
    const struct layer_shape layer[] = {conv_shape(256, 5, 1, 2, 1), conv_shape(256, 3, 1, 1, 1),
                                        gru_shape(192), conv_shape(256, 3, 4, 1, 1),
                                        gru_shape(192), latent_shape(64)};
    struct recipe r = with_encoder(from_profile("encoder", VOQ_GRID_MIRROR),
                                   VOQ_NORMALISE_RUNNING_SCALED, layer, 6);
    r.n_code = 256;
    voq_model *model = model_of(&r);
    voq_info info = info_of(model);
    size_t size = 0;
    CHECK_EQ(voq_stream_size(model, NULL, &size), VOQ_OK);
    printf("# block 1: %zu bytes\n", size);
    CHECK(size < 64000);
    CHECK_EQ(info.n_multiply, 923648);
    CHECK_EQ(info.look_ahead_frames, 7);
    CHECK_EQ(info.look_ahead_samples, 1240);
    voq_model_close(model);
}

int main(void)
{
    static int16_t x[N_SAMPLE];
    random_speech(6, x, N_SAMPLE);
    floats_of(x, N_SAMPLE, speech);
    RUN(a_stream_lives_in_memory_of_any_alignment);
    RUN(streams_live_at_the_edge_of_their_memory);
    RUN(a_model_lives_in_memory_of_any_alignment);
    RUN(a_live_stream_of_a_shipped_model_is_under_64_kb);
    RUN(a_live_stream_of_a_learned_model_is_under_64_kb);
    return check_done();
}
