/* SPDX-License-Identifier: MIT */
/* If this fails, a model changes on its way to a file and back, or two share a hash. */
#define _GNU_SOURCE
#include "tests/support/check.h"
#include "tests/model/raw_file.h"
#include "tests/support/scratch.h"
#include "tests/stream/recipes.h"

#include <float.h>
#include <math.h>

static bool same_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool same_array(const float *a, const float *b, size_t n)
{
    if (!a || !b) return a == b;
    return memcmp(a, b, n * 4) == 0;
}

static bool same_parts(const voq_parts *a, const voq_parts *b)
{
    size_t n_code = (size_t)a->n_codebook * a->n_code * a->dim;
    if (!a->frontend != !b->frontend || !a->normalise != !b->normalise ||
        !a->transform != !b->transform || !same_text(a->name, b->name) ||
        !same_text(a->provenance, b->provenance))
        return false;
    if (a->frontend && memcmp(a->frontend, b->frontend, sizeof *a->frontend)) return false;
    if (a->normalise) {
        const voq_normalise *x = a->normalise, *y = b->normalise;
        if (x->kind != y->kind || x->dim != y->dim || x->n0 != y->n0 || x->n_max != y->n_max ||
            memcmp(&x->floor, &y->floor, 4) || !same_array(x->mean, y->mean, x->dim) ||
            !same_array(x->variance, y->variance, x->dim) ||
            !same_array(x->scale, y->scale, x->dim))
            return false;
    }
    if (a->transform) {
        const voq_transform *x = a->transform, *y = b->transform;
        size_t column = (size_t)x->in_dim * (x->stack_left + 1 + x->stack_right);
        if (x->stack_left != y->stack_left || x->stack_right != y->stack_right ||
            x->in_dim != y->in_dim || x->out_dim != y->out_dim ||
            !same_array(x->matrix, y->matrix, column * x->out_dim) ||
            !same_array(x->bias, y->bias, x->out_dim))
            return false;
    }
    return a->n_codebook == b->n_codebook && a->n_code == b->n_code &&
           (!a->codeword || a->dim == b->dim) && same_array(a->codeword, b->codeword, n_code);
}

static bool same_bytes(const voq_model *a, const voq_model *b)
{
    const void *x, *y;
    size_t n, m;
    voq_model_bytes(a, &x, &n);
    voq_model_bytes(b, &y, &m);
    return n == m && memcmp(x, y, n) == 0;
}

/* parts -> model -> parts -> model -> bytes -> model: all the same. */
static bool survives(const voq_parts *parts)
{
    voq_model *first, *second, *third;
    voq_parts out = {.struct_size = sizeof out}, again = {.struct_size = sizeof again};
    const void *bytes;
    size_t n;
    if (voq_model_make(parts, NULL, &first, NULL) != VOQ_OK) return false;
    if (voq_model_parts(first, &out) != VOQ_OK || !same_parts(parts, &out)) return false;
    if (voq_model_make(&out, NULL, &second, NULL) != VOQ_OK || !same_bytes(first, second))
        return false;
    voq_model_bytes(first, &bytes, &n);
    if (voq_model_read(bytes, n, NULL, &third, NULL) != VOQ_OK || !same_bytes(first, third))
        return false;
    if (voq_model_parts(third, &again) != VOQ_OK || !same_parts(parts, &again)) return false;
    bool same = strcmp(info_of(first).hash, info_of(third).hash) == 0;
    voq_model_close(first);
    voq_model_close(second);
    voq_model_close(third);
    return same;
}

static void parts_in_are_parts_out_and_the_same_bytes(void)
{
    for (size_t i = 0; i < N_RECIPE; i++) {
        struct recipe r = recipe_number(i);
        struct ingredients in;
        ingredients_fill(&in, &r);
        CHECK(survives(&in.parts));
        in.parts.name = NULL;
        CHECK(survives(&in.parts));
        in.parts.provenance = NULL;
        CHECK(survives(&in.parts));
        in.parts.name = "";
        CHECK(survives(&in.parts));
        in.parts.codeword = NULL;
        in.parts.n_codebook = in.parts.n_code = 0;
        CHECK(survives(&in.parts));
        in.transform.bias = NULL;
        if (in.parts.transform) CHECK(survives(&in.parts));
        ingredients_free(&in);
    }
}

static void a_file_gives_the_model_back(void)
{
    struct recipe r = with_everything();
    voq_model *model = model_of(&r), *opened;
    voq_error error = {.struct_size = sizeof error};
    const char *path = scratch("model.voq");
    CHECK_EQ(voq_model_write(model, path, &error), VOQ_OK);
    CHECK_EQ(voq_model_open(path, NULL, &opened, &error), VOQ_OK);
    CHECK(same_bytes(model, opened));
    CHECK_STR(info_of(opened).hash, info_of(model).hash);
    CHECK_STR(info_of(opened).name, "small");
    voq_model_close(opened);
    CHECK_EQ(voq_model_write(model, scratch("no/such/folder.voq"), &error), VOQ_ERROR_IO);
    CHECK(strstr(error.text, "folder.voq"));
    CHECK_EQ(voq_model_write(model, "/dev/full", &error), VOQ_ERROR_IO);
    voq_model_close(model);
}

static void what_is_no_model_is_named(void)
{
    voq_model *model = NULL;
    const char *empty = scratch_write("empty.voq", "", 0),
               *text = scratch_text("text.voq", "hello");
    const struct {
        const char *path;
        voq_status status;
    } bad[] = {{scratch("missing.voq"), VOQ_ERROR_IO},
               {scratch_folder, VOQ_ERROR_IO},
               {"/dev/null", VOQ_ERROR_NOT_VOQ},
               {empty, VOQ_ERROR_NOT_VOQ},
               {text, VOQ_ERROR_NOT_VOQ},
               {"", VOQ_ERROR_IO}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        voq_error error = {.struct_size = sizeof error};
        CHECK_EQ(voq_model_open(bad[i].path, NULL, &model, &error), bad[i].status);
        CHECK_EQ(error.status, bad[i].status);
        CHECK(strlen(error.text) > 10 && !strchr(error.text, '\n'));
        CHECK(bad[i].status != VOQ_ERROR_IO || strstr(error.text, bad[i].path));
        CHECK(model == NULL);
    }
    CHECK_EQ(voq_model_open(NULL, NULL, &model, NULL), VOQ_ERROR_ARGUMENT);
}

/* A device without end is given up when its first bytes are no model's, not after a gigabyte. */
static void an_endless_file_is_refused_at_once(void)
{
    voq_model *model;
    voq_error error = {.struct_size = sizeof error};
    CHECK_EQ(voq_model_open("/dev/zero", NULL, &model, &error), VOQ_ERROR_NOT_VOQ);
}

static void description_says_what_the_parts_say(void)
{
    struct recipe r = from_profile("hubert", VOQ_GRID_MIRROR);
    r.stack_left = 2;
    r.stack_right = 1;
    r.out_dim = 20;
    r.n_codebook = 2;
    r.options.cpu = VOQ_CPU_SCALAR;
    voq_model *model = model_of(&r);
    voq_info info = info_of(model);
    CHECK_STR(info.name, "small");
    CHECK_STR(info.provenance, "corpus=none\nseed=42\n");
    CHECK_STR(info.cpu, "scalar");
    CHECK_EQ(strlen(info.hash), 16);
    CHECK_EQ(info.rate_hz, 16000);
    CHECK_EQ(info.hop_samples, 160);
    CHECK_EQ(info.window_samples, 400);
    CHECK_EQ(info.look_ahead_frames, 5);
    CHECK_EQ(info.look_ahead_samples, 120 + 5 * 160);
    CHECK_EQ(info.frontend_dim, 39);
    CHECK_EQ(info.dim, 20);
    CHECK_EQ(info.n_codebook, 2);
    CHECK_EQ(info.n_code, 40);
    info.struct_size = 8;
    CHECK_EQ(voq_model_describe(model, &info), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(voq_model_describe(NULL, &info), VOQ_ERROR_ARGUMENT);
    voq_model_close(model);
}

/* Every 4 bytes of every section that decides units, changed to something that still loads. */
static void every_value_that_decides_units_changes_the_hash(void)
{
    struct recipe r = with_everything();
    r.n_code = 3;
    r.n_codebook = 2;
    r.frontend.n_cepstrum = 2;
    r.out_dim = 4;
    r.stack_left = r.stack_right = 1;
    voq_model *model = model_of(&r);
    const void *bytes;
    size_t n;
    voq_model_bytes(model, &bytes, &n);
    struct raw_file raw = raw_read(bytes);
    const uint32_t candidates[] = {0, 1, 2, 3, 160, 256, 0x3f000000, 0x3e800000, 0x44000000};
    for (uint32_t i = 0; i < raw.n_section; i++) {
        struct raw_section *s = &raw.section[i];
        bool counts = memcmp(s->type, "NAME", 4) && memcmp(s->type, "PROV", 4);
        for (size_t at = 0; at + 4 <= s->n; at += 4) {
            uint32_t before = (uint32_t)raw_get(s->bytes + at, 4);
            for (size_t k = 0; k < sizeof candidates / sizeof *candidates; k++) {
                voq_model *changed;
                if (candidates[k] == before) continue;
                raw_put(s->bytes + at, counts ? candidates[k] : 0x41414141, 4);
                unsigned char *b = raw_write(&raw, &n);
                if (voq_model_read(b, n, NULL, &changed, NULL) == VOQ_OK) {
                    CHECK_EQ(strcmp(info_of(changed).hash, info_of(model).hash) != 0, counts);
                    voq_model_close(changed);
                }
                free(b);
            }
            raw_put(s->bytes + at, before, 4);
        }
    }
    raw_free(&raw);
    voq_model_close(model);
}

static void the_hash_is_the_documented_one(void)
{
    float codeword[2] = {0.0f, 1.0f}; /* hashed by another tool */
    voq_parts parts = {
        .struct_size = sizeof parts, .codeword = codeword, .n_codebook = 1, .n_code = 2, .dim = 1};
    voq_model *model;
    CHECK_EQ(voq_model_make(&parts, NULL, &model, NULL), VOQ_OK);
    CHECK_STR(info_of(model).hash, "61d3b1eecb0d7897");
    voq_model_close(model);
}

static void an_instruction_set_that_is_missing_is_told(void)
{
    struct recipe r = small_recipe();
    struct ingredients in;
    voq_model *model;
    voq_error error = {.struct_size = sizeof error};
    voq_options options = {.struct_size = sizeof options};
    ingredients_fill(&in, &r);
#if defined(__aarch64__)
    options.cpu = VOQ_CPU_SSE2;
#else
    options.cpu = VOQ_CPU_NEON;
#endif
    CHECK_EQ(voq_model_make(&in.parts, &options, &model, &error), VOQ_ERROR_CPU);
    CHECK_EQ(error.status, VOQ_ERROR_CPU);
    ingredients_free(&in);
}

static void every_status_has_a_name(void)
{
    for (int s = 0; s <= VOQ_ERROR_STATE; s++)
        for (int t = 0; t < s; t++)
            CHECK(strcmp(voq_status_string((voq_status)s), voq_status_string((voq_status)t)));
    CHECK(voq_status_string((voq_status)99) != NULL);
}

int main(void)
{
    if (!scratch_begin()) return 99;
    RUN(parts_in_are_parts_out_and_the_same_bytes);
    RUN(a_file_gives_the_model_back);
    RUN(what_is_no_model_is_named);
    RUN(an_endless_file_is_refused_at_once);
    RUN(description_says_what_the_parts_say);
    RUN(every_value_that_decides_units_changes_the_hash);
    RUN(the_hash_is_the_documented_one);
    RUN(an_instruction_set_that_is_missing_is_told);
    RUN(every_status_has_a_name);
    return check_done();
}
