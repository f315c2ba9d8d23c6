/* SPDX-License-Identifier: MIT */
/* If this fails, a program that runs out of memory crashes or leaks, or live audio stutters because
   a push allocates or calls the system. */
#define _GNU_SOURCE
#include "tests/support/check.h"
#include "tests/support/asked.h"
#include "tests/fault/allocations.h"
#include "tests/support/scratch.h"
#include "tests/stream/recipes.h"

#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#if defined(__linux__)
#include <linux/seccomp.h>
#include <sys/prctl.h>
#endif

enum { N_SAMPLE = 2000, ROOM = 4000 };

static struct ingredients parts;
static voq_model *model;
static voq_model *whole;    /* needs the whole signal, twice */
static voq_model *sequence; /* of vectors, with a chain that needs all of them */
static const void *bytes;
static size_t n_byte;
static unsigned char *shifted; /* the same bytes at an odd address */
static const char *path;
static voq_error error;

static float speech[N_SAMPLE], feature[ROOM * 64], vector[18 * 8];
static int16_t speech_i16[N_SAMPLE];
static uint32_t id[ROOM];
static float distance[ROOM];

/* A creating call: its status, and the object in *made, freed by destroy. */
struct creation {
    voq_status (*create)(void **made);
    void (*destroy)(void *made);
};

static voq_status create_model(void **made)
{
    return voq_model_make(&parts.parts, NULL, (voq_model **)made, &error);
}
static voq_status read_model(void **made)
{
    return voq_model_read(bytes, n_byte, NULL, (voq_model **)made, &error);
}
static voq_status read_shifted(void **made)
{
    return voq_model_read(shifted, n_byte, NULL, (voq_model **)made, &error);
}
static voq_status open_model(void **made)
{
    return voq_model_open(path, NULL, (voq_model **)made, &error);
}
static voq_status new_stream(void **made)
{
    error.status = VOQ_ERROR_MEMORY; /* this call has no error to fill */
    return voq_stream_new(model, NULL, (voq_stream **)made);
}
static voq_status encode_whole(void **made)
{
    size_t n;
    *made = NULL;
    return voq_encode(whole, NULL, speech, N_SAMPLE, UNITS(id, NULL, ROOM / 3), &n, &error);
}
static voq_status quantize_sequence(void **made)
{
    *made = NULL;
    return voq_quantize(sequence, vector, 8, UNITS(id, NULL, 8), &error);
}
static void make_nothing(void *made)
{
    (void)made;
}
static void close_model(void *made)
{
    voq_model_close(made);
}
static void free_stream(void *made)
{
    voq_stream_free(made);
}

static const struct creation creations[] = {
    {create_model, close_model},      {read_model, close_model}, {read_shifted, close_model},
    {open_model, close_model},        {new_stream, free_stream}, {encode_whole, make_nothing},
    {quantize_sequence, make_nothing}};
enum { N_CREATION = sizeof creations / sizeof *creations };

static void every_allocation_may_fail_and_nothing_leaks(void)
{
    for (size_t c = 0; c < N_CREATION; c++) {
        long live = allocations_live();
        for (size_t n = 1;; n++) {
            void *made = NULL;
            size_t before = allocations_made();
            error = (voq_error){.struct_size = sizeof error};
            allocations_fail(n);
            voq_status status = creations[c].create(&made);
            allocations_fail(0);
            if (allocations_made() - before < n) { /* the n-th call did not come */
                CHECK_EQ(status, VOQ_OK);
                CHECK(n > 1);
                creations[c].destroy(made);
                CHECK_EQ(allocations_live(), live);
                break;
            }
            if (status != VOQ_ERROR_MEMORY) printf("# creation %zu, allocation %zu\n", c, n);
            CHECK_EQ(status, VOQ_ERROR_MEMORY);
            CHECK_EQ(error.status, VOQ_ERROR_MEMORY);
            CHECK(made == NULL);
            CHECK_EQ(allocations_live(), live);
        }
    }
}

static void a_refused_file_leaks_nothing(void)
{
    long live = allocations_live();
    voq_model *made;
    unsigned char *copy = malloc(n_byte);
    memcpy(copy, bytes, n_byte);
    for (size_t i = 0; i < n_byte; i += 5) {
        copy[i] ^= 0x10;
        CHECK(voq_model_read(copy, n_byte, NULL, &made, NULL) != VOQ_OK);
        CHECK(voq_model_read(shifted, i, NULL, &made, NULL) != VOQ_OK);
        copy[i] ^= 0x10;
    }
    free(copy);
    CHECK_EQ(allocations_live(), live);
    CHECK(voq_model_open("/dev/null", NULL, &made, NULL) != VOQ_OK);
    CHECK(voq_model_open("/", NULL, &made, NULL) != VOQ_OK);
    CHECK_EQ(allocations_live(), live);
}

/* Every call that a live program makes between new and free. False: one failed. */
static bool use(voq_stream *stream)
{
    size_t n, room = ROOM / 3;
    const voq_output *units = UNITS(id, distance, room), *features = FEATURES(feature, room);
    bool fine = true;
    for (size_t at = 0; at + 100 <= N_SAMPLE; at += 100)
        fine = fine && voq_push(stream, speech + at, 100, units, &n) == VOQ_OK;
    fine = fine && voq_gap(stream, 1000, units, &n) == VOQ_OK;
    fine = fine && voq_push_i16(stream, speech_i16, N_SAMPLE, units, &n) == VOQ_OK;
    fine = fine && voq_finish(stream, units, &n) == VOQ_OK;
    fine = fine && voq_push(stream, speech, 1, units, &n) == VOQ_ERROR_STATE;
    voq_reset(stream);
    fine = fine && voq_push(stream, speech, N_SAMPLE, UNITS(id, NULL, 0), &n) == VOQ_ERROR_CAPACITY;
    fine = fine && voq_max_units(stream, N_SAMPLE) == n && voq_finish_units(stream) == 0;
    fine = fine && voq_push(stream, speech, N_SAMPLE, features, &n) == VOQ_OK;
    fine = fine && voq_gap(stream, 7, CODES(NULL, NULL, feature, room), &n) == VOQ_OK;
    fine = fine && voq_push_i16(stream, speech_i16, 500, NULL, &n) == VOQ_OK;
    fine = fine && voq_finish(stream, features, &n) == VOQ_OK;
    voq_reset(stream);
    fine = fine && voq_quantize(model, vector, 8, CODES(id, distance, feature, 8), NULL) == VOQ_OK;
    fine = fine && voq_decode(model, id, 8, feature) == VOQ_OK;
    return fine;
}

static void using_a_stream_allocates_nothing(void)
{
    for (uint32_t block = 1; block <= 64; block += 63) {
        voq_options options = {.struct_size = sizeof options, .block = block};
        voq_stream *stream;
        CHECK_EQ(voq_stream_new(model, &options, &stream), VOQ_OK);
        size_t before = allocations_made();
        bool fine = use(stream);
        CHECK(fine);
        CHECK_EQ(allocations_made(), before);
        voq_stream_free(stream);
    }
}

static void placing_in_the_callers_memory_allocates_nothing(void)
{
    size_t size = 0, stream_size = 0;
    CHECK_EQ(voq_model_size(bytes, n_byte, NULL, &size, NULL), VOQ_OK);
    CHECK_EQ(voq_stream_size(model, NULL, &stream_size), VOQ_OK);
    char *memory = malloc(size + stream_size);
    voq_model *placed;
    voq_stream *stream;
    size_t before = allocations_made();
    CHECK_EQ(voq_model_size(bytes, n_byte, NULL, &size, NULL), VOQ_OK);
    CHECK_EQ(voq_model_init(memory, size, bytes, n_byte, NULL, &placed, NULL), VOQ_OK);
    CHECK_EQ(voq_stream_init(memory + size, stream_size, placed, NULL, &stream), VOQ_OK);
    CHECK_EQ(voq_model_size(shifted, n_byte, NULL, &size, NULL), VOQ_OK);
    CHECK_EQ(voq_model_init(memory, size, shifted, n_byte, NULL, &placed, NULL), VOQ_OK);
    CHECK_EQ(allocations_made(), before);
    free(memory);
}

static void using_a_stream_makes_no_system_call(void)
{
#if !defined(__linux__) || defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    SKIP("needs seccomp and no sanitizer");
#else
    voq_stream *stream;
    CHECK_EQ(voq_stream_new(model, NULL, &stream), VOQ_OK);
    fflush(stdout);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        alarm(20);
        if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0) _exit(77);
        syscall(SYS_exit, use(stream) ? 0 : 1);
    }
    int status = 0;
    CHECK_EQ(waitpid(child, &status, 0), child);
    voq_stream_free(stream);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77) SKIP("seccomp is not offered here");
    CHECK(WIFEXITED(status)); /* a system call kills the child */
    CHECK_EQ(WEXITSTATUS(status), 0);
#endif
}

/* Every kind of stage; its features have 18 dimensions. */
static struct recipe with_all_stages(void)
{
    const struct layer_shape layer[] = {conv_shape(6, 3, 2, 1, 1), gru_shape(5), latent_shape(18)};
    return with_encoder(with_everything(), VOQ_NORMALISE_RUNNING_VARIANCE, layer, 3);
}

int main(void)
{
    struct recipe r = with_all_stages();
    uint64_t seed = 1;
    if (!scratch_begin()) return 99;
    ingredients_fill(&parts, &r);
    model = model_of(&r);
    r = from_profile("librosa", VOQ_GRID_ZERO);
    r.frontend.top_db = 80.0f;
    r.normalise = VOQ_NORMALISE_UTTERANCE_MEAN;
    whole = model_of(&r);
    r = with_all_stages();
    r.normalise = VOQ_NORMALISE_UTTERANCE_MEAN;
    sequence = vector_model_of(&r);
    voq_model_bytes(model, &bytes, &n_byte);
    path = scratch_write("model.voq", bytes, n_byte);
    unsigned char *odd = malloc(n_byte + 16);
    shifted = odd + 1;
    memcpy(shifted, bytes, n_byte);
    random_speech(1, speech_i16, N_SAMPLE);
    floats_of(speech_i16, N_SAMPLE, speech);
    for (size_t i = 0; i < 18 * 8; i++) vector[i] = random_normal(&seed);

    RUN(every_allocation_may_fail_and_nothing_leaks);
    RUN(a_refused_file_leaks_nothing);
    RUN(using_a_stream_allocates_nothing);
    RUN(placing_in_the_callers_memory_allocates_nothing);
    RUN(using_a_stream_makes_no_system_call);
    free(odd);
    ingredients_free(&parts);
    voq_model_close(sequence);
    voq_model_close(whole);
    voq_model_close(model);
    return check_done();
}
