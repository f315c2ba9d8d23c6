/* SPDX-License-Identifier: MIT */
/* If this fails, what a program asks for changes what it gets, or costs it a search that nobody
   asked for. */
#include "tests/support/asked.h"
#include "tests/support/check.h"
#include "tests/stream/collected.h"
#include "tests/stream/recipes.h"

#include <math.h>

enum { N_SAMPLE = 3000, N_COMBINATION = 16, LOST = 777 };

static float speech[N_SAMPLE];

/* The rows from c->n on of what a combination asks for: bit 0 id, 1 distance, 2 feature, 3 z_q. */
static voq_output asked_of(const struct collected *c, unsigned combination, size_t rows)
{
    voq_output output = next_rows(c, rows);
    if (!(combination & 1)) output.id = NULL;
    if (!(combination & 2)) output.distance = NULL;
    if (!(combination & 4)) output.feature = NULL;
    if (!(combination & 8)) output.z_q = NULL;
    return output;
}

static bool same_as(const struct collected *got, const struct collected *expected,
                    unsigned combination)
{
    size_t n_id = got->n * got->n_codebook * 4, n_value = got->n * got->dim * 4;
    return got->n == expected->n &&
           (!(combination & 1) || memcmp(got->id, expected->id, n_id) == 0) &&
           (!(combination & 2) || memcmp(got->distance, expected->distance, n_id) == 0) &&
           (!(combination & 4) || memcmp(got->feature, expected->feature, n_value) == 0) &&
           (!(combination & 8) || memcmp(got->z_q, expected->z_q, n_value) == 0);
}

/* Half of the speech, a gap, the other half, the end. */
static struct collected play(const voq_model *model, unsigned combination, uint32_t block,
                             size_t push)
{
    voq_options options = {.struct_size = sizeof options, .block = block};
    struct collected c = collected_new(model, 2 * N_SAMPLE);
    voq_stream *stream;
    if (voq_stream_new(model, &options, &stream) != VOQ_OK) abort();
    for (size_t at = 0, n; at < N_SAMPLE && c.as_promised; at += n) {
        size_t n_row, part = at < N_SAMPLE / 2 ? N_SAMPLE / 2 - at : N_SAMPLE - at;
        n = push < part ? push : part;
        voq_output output = asked_of(&c, combination, N_SAMPLE);
        c.as_promised = voq_push(stream, speech + at, n, &output, &n_row) == VOQ_OK;
        c.n += n_row;
        output = asked_of(&c, combination, N_SAMPLE);
        if (at + n != N_SAMPLE / 2) continue;
        c.as_promised = c.as_promised && voq_gap(stream, LOST, &output, &n_row) == VOQ_OK;
        c.n += n_row;
    }
    size_t n_row = 0;
    voq_output output = asked_of(&c, combination, N_SAMPLE);
    c.as_promised = c.as_promised && voq_finish(stream, &output, &n_row) == VOQ_OK;
    c.n += n_row;
    voq_stream_free(stream);
    return c;
}

static void every_combination_has_the_bits_of_all_at_once(void)
{
    static const struct {
        uint32_t block;
        size_t push;
    } ways[] = {{1, N_SAMPLE}, {1, 61}, {3, 200}, {64, N_SAMPLE}, {64, 501}};
    for (size_t i = 0; i < N_RECIPE; i++) {
        struct recipe r = recipe_number(i);
        voq_model *model = model_of(&r);
        struct collected expected = play(model, 15, 1, N_SAMPLE);
        CHECK(expected.as_promised && expected.n > 0);
        for (unsigned combination = 0; combination < N_COMBINATION; combination++) {
            size_t way = (combination + i) % 5;
            struct collected got = play(model, combination, ways[way].block, ways[way].push);
            if (!got.as_promised || !same_as(&got, &expected, combination))
                printf("# recipe %zu, combination %u, way %zu\n", i, combination, way);
            CHECK(got.as_promised && same_as(&got, &expected, combination));
            collected_free(&got);
        }
        collected_free(&expected);
        voq_model_close(model);
    }
}

static void a_whole_signal_and_vectors_have_them_too(void)
{
    for (size_t i = 0; i < N_RECIPE; i++) {
        struct recipe r = recipe_number(i);
        voq_model *model = model_of(&r);
        struct collected expected = outputs_of(model, 1, speech, N_SAMPLE, PUSH_ALL);
        for (unsigned combination = 1; combination < N_COMBINATION; combination++) {
            struct collected whole = collected_new(model, N_SAMPLE);
            struct collected quantized = collected_new(model, N_SAMPLE);
            voq_output output = asked_of(&whole, combination, expected.n);
            CHECK_EQ(voq_encode(model, NULL, speech, N_SAMPLE, &output, &whole.n, NULL), VOQ_OK);
            CHECK(same_as(&whole, &expected, combination));
            output = asked_of(&quantized, combination, expected.n);
            CHECK_EQ(voq_quantize(model, expected.feature, expected.n, &output, NULL), VOQ_OK);
            quantized.n = expected.n;
            CHECK(same_as(&quantized, &expected, combination));
            collected_free(&whole);
            collected_free(&quantized);
        }
        collected_free(&expected);
        voq_model_close(model);
    }
}

static void nothing_asked_counts_and_moves_on(void)
{
    struct recipe r = with_everything();
    voq_model *model = model_of(&r);
    struct collected expected = outputs_of(model, 1, speech, N_SAMPLE, PUSH_ALL);
    voq_output nothing = {.struct_size = sizeof nothing, .capacity = 0};
    const voq_output *asked[] = {NULL, &nothing};
    size_t n_first = 0, n_last = 0, n;
    voq_stream *stream;
    CHECK_EQ(voq_stream_new(model, NULL, &stream), VOQ_OK);
    for (size_t i = 0; i < 2; i++) {
        size_t due = voq_max_units(stream, N_SAMPLE / 2), due_later;
        CHECK_EQ(voq_push(stream, speech, N_SAMPLE / 2, asked[i], &n_first), VOQ_OK);
        CHECK(n_first == due && n_first > 0);
        CHECK_EQ(voq_stream_position(stream), n_first);
        due_later = voq_max_units(stream, N_SAMPLE / 2);
        struct collected rest = collected_new(model, N_SAMPLE);
        voq_output output = next_rows(&rest, N_SAMPLE);
        CHECK_EQ(voq_push(stream, speech + N_SAMPLE / 2, N_SAMPLE / 2, &output, &n), VOQ_OK);
        CHECK_EQ(n, due_later);
        CHECK_BITS(rest.id, expected.id + n_first * r.n_codebook, n * r.n_codebook);
        CHECK_BITS(rest.feature, expected.feature + n_first * expected.dim, n * expected.dim);
        CHECK_EQ(voq_finish(stream, asked[i], &n_last), VOQ_OK);
        CHECK_EQ(n_first + n + n_last, expected.n);
        voq_reset(stream);
        n = 99;
        CHECK_EQ(voq_encode(model, NULL, speech, N_SAMPLE, asked[i], &n, NULL), VOQ_OK);
        CHECK_EQ(n, expected.n);
        CHECK_EQ(voq_quantize(model, expected.feature, expected.n, asked[i], NULL), VOQ_OK);
        collected_free(&rest);
    }
    voq_stream_free(stream);
    collected_free(&expected);
    voq_model_close(model);
}

/* Codewords so far away that every distance overflows. */
static voq_model *poisoned(const struct recipe *r)
{
    struct ingredients in;
    voq_model *model = NULL;
    ingredients_fill(&in, r);
    size_t n = (size_t)r->n_codebook * r->n_code * in.parts.dim;
    for (size_t i = 0; i < n; i++) in.owned[4][i] = i % 2 ? 3e38f : -3e38f;
    if (voq_model_make(&in.parts, NULL, &model, NULL) != VOQ_OK) abort();
    ingredients_free(&in);
    return model;
}

static void features_alone_search_nothing(void)
{
    struct recipe r = with_everything();
    voq_model *model = poisoned(&r), *sound = model_of(&r);
    struct collected expected = outputs_of(sound, 1, speech, N_SAMPLE, PUSH_ALL);
    struct collected got = collected_new(model, N_SAMPLE);
    voq_stream *stream;
    size_t n;
    for (unsigned combination = 1; combination < N_COMBINATION; combination++) {
        bool searches = combination != 4;
        voq_status due = searches ? VOQ_ERROR_VALUE : VOQ_OK;
        voq_output output = asked_of(&got, combination, N_SAMPLE);
        CHECK_EQ(voq_encode(model, NULL, speech, N_SAMPLE, &output, &n, NULL), due);
        CHECK_EQ(voq_quantize(model, expected.feature, expected.n, &output, NULL), due);
        CHECK_EQ(voq_stream_new(model, NULL, &stream), VOQ_OK);
        CHECK_EQ(voq_push(stream, speech, N_SAMPLE, &output, &n), due);
        if (searches) CHECK_EQ(n, 0);
        if (!searches) CHECK_BITS(got.feature, expected.feature, n * got.dim);
        voq_stream_free(stream);
    }
    CHECK_EQ(voq_stream_new(model, NULL, &stream), VOQ_OK);
    CHECK_EQ(voq_push(stream, speech, N_SAMPLE, NULL, &n), VOQ_OK);
    CHECK_EQ(voq_finish(stream, NULL, &n), VOQ_OK);
    voq_stream_free(stream);
    collected_free(&got);
    collected_free(&expected);
    voq_model_close(sound);
    voq_model_close(model);
}

static void too_little_room_for_one_array_writes_none(void)
{
    struct recipe r = with_everything();
    voq_model *model = model_of(&r);
    size_t n = 7, due = voq_encode_frames(model, N_SAMPLE);
    voq_error error = {.struct_size = sizeof error};
    struct collected c = collected_new(model, N_SAMPLE);
    for (unsigned combination = 1; combination < N_COMBINATION; combination++) {
        memset(c.id, 0x5a, due * c.n_codebook * 4);
        memset(c.feature, 0x5a, due * c.dim * 4);
        voq_output output = asked_of(&c, combination, due - 1);
        CHECK_EQ(voq_encode(model, NULL, speech, N_SAMPLE, &output, &n, &error),
                 VOQ_ERROR_CAPACITY);
        CHECK(n == due && strstr(error.text, "output.capacity is"));
        CHECK_EQ(voq_quantize(model, speech, due, &output, &error), VOQ_ERROR_CAPACITY);
        CHECK(strstr(error.text, "output.capacity is"));
        CHECK(c.id[0] == 0x5a5a5a5a && memcmp(c.feature, c.id, 4) == 0);
    }
    collected_free(&c);
    voq_model_close(model);
}

int main(void)
{
    static int16_t x[N_SAMPLE];
    random_speech(21, x, N_SAMPLE);
    floats_of(x, N_SAMPLE, speech);
    RUN(every_combination_has_the_bits_of_all_at_once);
    RUN(a_whole_signal_and_vectors_have_them_too);
    RUN(nothing_asked_counts_and_moves_on);
    RUN(features_alone_search_nothing);
    RUN(too_little_room_for_one_array_writes_none);
    return check_done();
}
