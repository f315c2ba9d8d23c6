/* SPDX-License-Identifier: MIT */
/* If this fails, a program that was built against an older or a newer voq.h stops working with this
   library, or the library writes behind its structs. */
#include "src/base/versioned.h"
#include "tests/support/check.h"
#include "tests/support/guard.h"
#include "tests/support/models.h"

enum { TAIL = 64, FILLED = 0xa5 };

#define SIZE_OF_0_2(type, last) (offsetof(type, last) + sizeof(((type *)0)->last))
#define OPTIONS_0_2 SIZE_OF_0_2(voq_options, block)
#define ERROR_0_2 SIZE_OF_0_2(voq_error, text)
#define FRONTEND_0_2 SIZE_OF_0_2(voq_frontend, top_db)
#define NORMALISE_0_2 SIZE_OF_0_2(voq_normalise, variance)
#define TRANSFORM_0_2 SIZE_OF_0_2(voq_transform, bias)
#define PARTS_0_2 SIZE_OF_0_2(voq_parts, provenance)
#define INFO_0_2 SIZE_OF_0_2(voq_info, whole_signal)
#define OUTPUT_0_2 SIZE_OF_0_2(voq_output, z_q)

/* A caller's struct: it ends at a page that must not be touched. */
struct foreign {
    struct guarded memory;
    unsigned char *bytes;
    size_t size;
};

static struct foreign foreign_new(const void *first, size_t n_first, size_t size)
{
    struct foreign f = {guard_new(size), NULL, size};
    f.bytes = guard_place(&f.memory, size, 8, 1);
    memset(f.bytes, 0, size);
    if (size > TAIL) memset(f.bytes + size - TAIL, FILLED, TAIL);
    memcpy(f.bytes, first, n_first);
    memcpy(f.bytes, &size, sizeof size);
    return f;
}

/* The size is as the caller set it; what 0.2 did not know of is untouched, or zero. */
static bool foreign_is_whole(const struct foreign *f, size_t known)
{
    size_t size;
    memcpy(&size, f->bytes, sizeof size);
    bool whole = size == f->size;
    for (size_t i = known; i < f->size; i++)
        whole = whole && (f->bytes[i] == FILLED || f->bytes[i] == 0);
    return whole;
}

/* Both kinds of caller: one of 0.2, and one whose struct has fields behind those of this voq. */
#define SIZE(type, of_0_2, is_newer) ((is_newer) ? sizeof(type) + TAIL : (of_0_2))

static struct recipe full_recipe(void)
{
    struct recipe r = small_recipe();
    r.normalise = VOQ_NORMALISE_GLOBAL;
    r.out_dim = 4;
    return r;
}

static void options_of_any_size_are_read(void)
{
    struct recipe r = small_recipe();
    for (size_t i = 0; i < 2; i++) {
        voq_options options = {.cpu = VOQ_CPU_SCALAR, .block = 4};
        struct foreign f = foreign_new(&options, OPTIONS_0_2, SIZE(voq_options, OPTIONS_0_2, i));
        const voq_options *theirs = (const void *)f.bytes;
        struct ingredients in;
        voq_model *model, *copy;
        voq_stream *stream;
        const void *bytes;
        size_t n, size;
        ingredients_fill(&in, &r);
        CHECK_EQ(voq_model_make(&in.parts, theirs, &model, NULL), VOQ_OK);
        CHECK_STR(info_of(model).cpu, "scalar");
        voq_model_bytes(model, &bytes, &n);
        CHECK_EQ(voq_model_size(bytes, n, theirs, &size, NULL), VOQ_OK);
        CHECK_EQ(voq_model_read(bytes, n, theirs, &copy, NULL), VOQ_OK);
        CHECK_EQ(voq_stream_size(model, theirs, &size), VOQ_OK);
        CHECK_EQ(voq_stream_new(model, theirs, &stream), VOQ_OK);
        CHECK(foreign_is_whole(&f, OPTIONS_0_2));
        voq_stream_free(stream);
        voq_model_close(copy);
        voq_model_close(model);
        ingredients_free(&in);
        guard_free(&f.memory);
    }
}

static voq_status push_some(const voq_model *model, const voq_output *output)
{
    static float x[400];
    voq_stream *stream;
    size_t n;
    if (voq_stream_new(model, NULL, &stream) != VOQ_OK) abort();
    voq_status status = voq_push(stream, x, 400, output, &n);
    if (status == VOQ_OK && n == 0) abort();
    voq_stream_free(stream);
    return status;
}

static void outputs_of_any_size_are_served(void)
{
    static const float x[400];
    struct recipe r = full_recipe();
    voq_model *model = model_of(&r);
    uint32_t id[20];
    float z_q[20 * 4], expected[20 * 4];
    for (size_t i = 0; i < 2; i++) {
        const voq_output output = {.capacity = 20, .id = id, .z_q = z_q};
        struct foreign f = foreign_new(&output, OUTPUT_0_2, SIZE(voq_output, OUTPUT_0_2, i));
        const voq_output *theirs = (const void *)f.bytes;
        size_t n = 0;
        memset(z_q, 0, sizeof z_q);
        CHECK_EQ(push_some(model, theirs), VOQ_OK);
        CHECK_EQ(voq_decode(model, id, 1, expected), VOQ_OK);
        CHECK_BITS(z_q, expected, 4);
        CHECK_EQ(voq_encode(model, NULL, x, 400, theirs, &n, NULL), VOQ_OK);
        CHECK_EQ(voq_decode(model, id, n, expected), VOQ_OK);
        CHECK_BITS(z_q, expected, n * 4);
        CHECK_EQ(voq_quantize(model, x, 5, theirs, NULL), VOQ_OK);
        CHECK_EQ(voq_decode(model, id, 5, expected), VOQ_OK);
        CHECK_BITS(z_q, expected, 5 * 4);
        CHECK(foreign_is_whole(&f, OUTPUT_0_2));
        guard_free(&f.memory);
    }
    static const size_t unset[] = {0, 1, OUTPUT_0_2 - 1};
    for (size_t i = 0; i < 3; i++) {
        const voq_output output = {.struct_size = unset[i], .capacity = 20, .id = id};
        voq_error error = {.struct_size = sizeof error};
        size_t n = 7;
        CHECK_EQ(push_some(model, &output), VOQ_ERROR_ARGUMENT);
        CHECK_EQ(voq_encode(model, NULL, x, 400, &output, &n, &error), VOQ_ERROR_ARGUMENT);
        CHECK_STR(error.text, "output.struct_size is not set; set it to sizeof(voq_output)");
        CHECK_EQ(voq_quantize(model, x, 5, &output, &error), VOQ_ERROR_ARGUMENT);
        CHECK_STR(error.text, "output.struct_size is not set; set it to sizeof(voq_output)");
        CHECK_EQ(n, 7);
    }
    voq_model_close(model);
}

static void errors_of_any_size_are_filled(void)
{
    for (size_t i = 0; i < 2; i++) {
        struct foreign f = foreign_new(&(size_t){0}, sizeof(size_t), SIZE(voq_error, ERROR_0_2, i));
        voq_error *theirs = (void *)f.bytes;
        voq_model *model;
        voq_frontend frontend = small_frontend();
        CHECK_EQ(voq_model_read("no model", 8, NULL, &model, theirs), VOQ_ERROR_NOT_VOQ);
        CHECK_EQ(theirs->status, VOQ_ERROR_NOT_VOQ);
        CHECK(strstr(theirs->text, "; give a .voq file"));
        CHECK_EQ(voq_frontend_set(&frontend, "n_mel", "many", theirs), VOQ_ERROR_ARGUMENT);
        CHECK(strstr(theirs->text, "n_mel"));
        CHECK(foreign_is_whole(&f, ERROR_0_2));
        guard_free(&f.memory);
    }
}

static void parts_of_any_size_make_the_same_model(void)
{
    struct recipe r = full_recipe();
    voq_model *expected = model_of(&r);
    for (size_t i = 0; i < 16; i++) {
        struct ingredients in;
        voq_model *model;
        ingredients_fill(&in, &r);
        struct foreign f[4] = {
            foreign_new(&in.frontend, FRONTEND_0_2, SIZE(voq_frontend, FRONTEND_0_2, i & 1)),
            foreign_new(&in.normalise, NORMALISE_0_2,
                        SIZE(voq_normalise, NORMALISE_0_2, i >> 1 & 1)),
            foreign_new(&in.transform, TRANSFORM_0_2,
                        SIZE(voq_transform, TRANSFORM_0_2, i >> 2 & 1))};
        in.parts.frontend = (void *)f[0].bytes;
        in.parts.normalise = (void *)f[1].bytes;
        in.parts.transform = (void *)f[2].bytes;
        f[3] = foreign_new(&in.parts, PARTS_0_2, SIZE(voq_parts, PARTS_0_2, i >> 3 & 1));
        CHECK_EQ(voq_model_make((const void *)f[3].bytes, NULL, &model, NULL), VOQ_OK);
        CHECK_STR(info_of(model).hash, info_of(expected).hash);
        CHECK(foreign_is_whole(&f[0], FRONTEND_0_2) && foreign_is_whole(&f[1], NORMALISE_0_2) &&
              foreign_is_whole(&f[2], TRANSFORM_0_2) && foreign_is_whole(&f[3], PARTS_0_2));
        for (size_t k = 0; k < 4; k++) guard_free(&f[k].memory);
        voq_model_close(model);
        ingredients_free(&in);
    }
    voq_model_close(expected);
}

static void what_the_library_gives_stays_within_the_callers_struct(void)
{
    struct recipe r = full_recipe();
    voq_model *model = model_of(&r);
    voq_info whole = info_of(model);
    for (size_t i = 0; i < 2; i++) {
        struct foreign info =
            foreign_new(&(size_t){0}, sizeof(size_t), SIZE(voq_info, INFO_0_2, i));
        struct foreign parts =
            foreign_new(&(size_t){0}, sizeof(size_t), SIZE(voq_parts, PARTS_0_2, i));
        voq_parts again = {.struct_size = sizeof again};
        CHECK_EQ(voq_model_describe(model, (void *)info.bytes), VOQ_OK);
        CHECK(foreign_is_whole(&info, INFO_0_2));
        const voq_info *given = (const void *)info.bytes;
        CHECK(given->name == whole.name && given->provenance == whole.provenance);
        CHECK(strcmp(given->cpu, whole.cpu) == 0 && strcmp(given->hash, whole.hash) == 0);
        CHECK(memcmp(&given->rate_hz, &whole.rate_hz, INFO_0_2 - offsetof(voq_info, rate_hz)) == 0);
        CHECK_EQ(voq_model_parts(model, (void *)parts.bytes), VOQ_OK);
        CHECK(foreign_is_whole(&parts, PARTS_0_2));
        CHECK_EQ(voq_model_parts(model, &again), VOQ_OK);
        const voq_parts *p = (const void *)parts.bytes;
        CHECK(p->frontend == again.frontend && p->normalise == again.normalise &&
              p->transform == again.transform && p->codeword == again.codeword &&
              p->n_code == again.n_code && p->name == again.name &&
              p->provenance == again.provenance);
        guard_free(&info.memory);
        guard_free(&parts.memory);
    }
    voq_model_close(model);
}

static void front_ends_of_any_size_are_filled_and_changed(void)
{
    for (size_t i = 0; i < 2; i++) {
        struct foreign f =
            foreign_new(&(size_t){0}, sizeof(size_t), SIZE(voq_frontend, FRONTEND_0_2, i));
        voq_frontend *theirs = (void *)f.bytes;
        char text[2000];
        size_t n;
        CHECK_EQ(voq_frontend_profile("hubert", theirs), VOQ_OK);
        CHECK(foreign_is_whole(&f, FRONTEND_0_2));
        CHECK_EQ(voq_frontend_set(theirs, "num_mel_bins", "31", NULL), VOQ_OK);
        CHECK(foreign_is_whole(&f, FRONTEND_0_2));
        CHECK_EQ(theirs->n_mel, 31);
        CHECK_EQ(voq_frontend_text(theirs, text, sizeof text, &n), VOQ_OK);
        CHECK(strstr(text, "n_mel=31\n") && strstr(text, "top_db=0\n"));
        CHECK(foreign_is_whole(&f, FRONTEND_0_2));
        guard_free(&f.memory);
    }
    static const size_t unset[] = {0, 1, FRONTEND_0_2 - 1, 1 << 20, (size_t)1 << 31, SIZE_MAX};
    for (size_t i = 0; i < sizeof unset / sizeof *unset; i++) {
        voq_frontend f = {.struct_size = unset[i]};
        CHECK_EQ(voq_frontend_profile("hubert", &f), VOQ_OK);
        CHECK_EQ(f.struct_size, FRONTEND_0_2);
    }
}

static voq_status make_without(size_t *struct_size, size_t value, struct ingredients *in,
                               voq_error *error)
{
    voq_model *model = NULL;
    size_t before = *struct_size;
    *error = (voq_error){.struct_size = sizeof *error};
    *struct_size = value;
    voq_options options = {.struct_size = sizeof options};
    voq_status status = voq_model_make(&in->parts, &options, &model, error);
    *struct_size = before;
    voq_model_close(model);
    return status;
}

static void a_forgotten_struct_size_is_named(void)
{
    struct recipe r = full_recipe();
    struct ingredients in;
    ingredients_fill(&in, &r);
    const struct {
        size_t *struct_size, first;
        const char *sentence;
    } forgotten[] = {{&in.parts.struct_size, PARTS_0_2,
                      "parts.struct_size is not set; set it to sizeof(voq_parts)"},
                     {&in.frontend.struct_size, FRONTEND_0_2,
                      "parts.frontend.struct_size is not set; set it to sizeof(voq_frontend)"},
                     {&in.normalise.struct_size, NORMALISE_0_2,
                      "parts.normalise.struct_size is not set; set it to sizeof(voq_normalise)"},
                     {&in.transform.struct_size, TRANSFORM_0_2,
                      "parts.transform.struct_size is not set; set it to sizeof(voq_transform)"}};
    voq_error error;
    for (size_t i = 0; i < 4; i++) {
        CHECK_EQ(make_without(forgotten[i].struct_size, 0, &in, &error), VOQ_ERROR_ARGUMENT);
        CHECK_STR(error.text, forgotten[i].sentence);
        CHECK_EQ(error.status, VOQ_ERROR_ARGUMENT);
        CHECK_EQ(make_without(forgotten[i].struct_size, forgotten[i].first - 1, &in, &error),
                 VOQ_ERROR_ARGUMENT);
    }
    voq_options options = {0};
    voq_model *model = NULL;
    CHECK_EQ(voq_model_make(&in.parts, &options, &model, &error), VOQ_ERROR_ARGUMENT);
    CHECK_STR(error.text, "options.struct_size is not set; set it to sizeof(voq_options)");
    CHECK_EQ(voq_model_read("", 0, &options, &model, &error), VOQ_ERROR_ARGUMENT);
    CHECK_STR(error.text, "options.struct_size is not set; set it to sizeof(voq_options)");
    in.frontend.struct_size = 0;
    CHECK_EQ(voq_frontend_set(&in.frontend, "n_mel", "23", &error), VOQ_ERROR_ARGUMENT);
    CHECK_STR(error.text, "frontend.struct_size is not set; set it to sizeof(voq_frontend)");
    ingredients_free(&in);
}

/* The library of a later voq: its struct has one field more than the caller's, or one less. */
static void a_field_that_one_side_does_not_know_is_zero_or_left_alone(void)
{
    struct grown {
        size_t struct_size;
        uint32_t a, b;
        uint64_t added;
    };
    const size_t first = offsetof(struct grown, added);
    struct grown ours = {.added = 7}, theirs = {first, 1, 2, 99};
    CHECK(voq_take_struct(&ours, sizeof ours, &theirs, first));
    CHECK(ours.struct_size == sizeof ours && ours.a == 1 && ours.b == 2 && ours.added == 0);
    ours = (struct grown){sizeof ours, 3, 4, 5};
    CHECK(voq_give_struct(&theirs, &ours, sizeof ours, first));
    CHECK(theirs.struct_size == first && theirs.a == 3 && theirs.b == 4 && theirs.added == 99);
    theirs.struct_size = sizeof theirs;
    CHECK(voq_give_struct(&theirs, &ours, first, first));
    CHECK(theirs.struct_size == sizeof theirs && theirs.added == 99);
    CHECK(voq_give_struct(&theirs, &ours, sizeof ours, first));
    CHECK(theirs.added == 5);
    theirs.struct_size = first - 1;
    CHECK(!voq_take_struct(&ours, sizeof ours, &theirs, first));
    CHECK(!voq_give_struct(&theirs, &ours, sizeof ours, first));
    CHECK_EQ(ours.a, 3);
}

int main(void)
{
    RUN(options_of_any_size_are_read);
    RUN(outputs_of_any_size_are_served);
    RUN(errors_of_any_size_are_filled);
    RUN(parts_of_any_size_make_the_same_model);
    RUN(what_the_library_gives_stays_within_the_callers_struct);
    RUN(front_ends_of_any_size_are_filled_and_changed);
    RUN(a_forgotten_struct_size_is_named);
    RUN(a_field_that_one_side_does_not_know_is_zero_or_left_alone);
    return check_done();
}
