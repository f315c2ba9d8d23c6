/* SPDX-License-Identifier: MIT */
/* If this fails, units are decoded by another network than the one that was learned, or a damaged
   model makes voq decode crash. */
#include "tests/learn/small_network.h"
#include "tests/support/check.h"
#include "tools/learn/decoder.h"
#include "tools/learn/decoder_section.h"

#include <math.h>

enum { DIM = 3, WIDE = 5, OUT = 7, SPEAKERS = 3, HEAD = 8, WORDS = 8 };

static const struct layer_spec layers[] = {
    {.kind = LAYER_CONV, .in_dim = DIM, .out_dim = WIDE, .taps = 3, .dilation = 1, .right = 1,
     .stride = 1, .relu = true},
    {.kind = LAYER_SPEAKER, .in_dim = WIDE, .out_dim = WIDE, .taps = SPEAKERS, .dilation = 1,
     .stride = 1},
    {.kind = LAYER_CONV, .in_dim = WIDE, .out_dim = WIDE, .taps = 4, .dilation = 1, .stride = 1,
     .relu = true},
    {.kind = LAYER_CONV, .in_dim = WIDE, .out_dim = OUT, .taps = 1, .dilation = 1, .stride = 1}};
enum { N_LAYER = sizeof layers / sizeof *layers };

struct learned {
    struct small small;
    unsigned char *bytes;
    size_t n_byte;
};

static struct learned learn(void)
{
    struct learned learned = {.small = small_new(layers, N_LAYER, 1)};
    struct failure failure = {0};
    if (!decoder_section_make(learned.small.network, &learned.bytes, &learned.n_byte, &failure))
        abort();
    return learned;
}

static void forget(struct learned *learned)
{
    free(learned->bytes);
    small_free(&learned->small);
}

/* Codewords, and what comes out. */
struct passage {
    const float *z_q;
    float *out;
    size_t n_out;
};

static void codewords(void *context, uint64_t first, size_t n, float *z_q)
{
    const struct passage *passage = context;
    memcpy(z_q, passage->z_q + first * DIM, n * DIM * sizeof *z_q);
}

static bool take(void *context, const float *frame, size_t n, struct failure *failure)
{
    struct passage *passage = context;
    (void)failure;
    memcpy(passage->out + passage->n_out * OUT, frame, n * OUT * sizeof *frame);
    passage->n_out += n;
    return true;
}

static float *decode(const struct learned *learned, const float *z_q, size_t n)
{
    struct decoder decoder;
    struct failure failure = {0};
    struct passage passage = {z_q, calloc(n * OUT + 1, sizeof(float)), 0};
    const struct decoder_ends ends = {codewords, take, &passage};
    if (!passage.out || !decoder_read(&decoder, learned->bytes, learned->n_byte, &failure) ||
        !decoder_run(&decoder, n, &ends, &failure) || passage.n_out != n)
        abort();
    decoder_close(&decoder);
    return passage.out;
}

/* What the learned network makes of the same codewords, said by a speaker. */
static const float *learned_output(struct learned *learned, const float *z_q, uint32_t n,
                                   uint32_t speaker)
{
    struct failure failure = {0};
    const struct pass pass = {.x = z_q, .n_step = n, .n_piece = 1, .length = &n,
                              .speaker = &speaker, .mode = NETWORK_EVAL};
    return network_forward(learned->small.network, learned->small.workers, &pass, &failure);
}

static void every_speaker_has_the_vector(struct learned *learned, const float vector[WIDE])
{
    size_t at = HEAD + 4 * WORDS * N_LAYER + 4 * (WIDE + WIDE * 3 * DIM);
    float *w = learned->small.network->parameter + WIDE * 3 * DIM + WIDE;
    CHECK(memcmp(learned->bytes + at, vector, WIDE * sizeof *vector) == 0);
    for (int s = 0; s < SPEAKERS; s++) memcpy(w + s * WIDE, vector, WIDE * sizeof *w);
}

static void the_mean_speaker_says_what_the_learned_network_says(void)
{
    enum { N = 1500 }; /* several blocks */
    struct learned learned = learn();
    uint64_t seed = 5;
    float *z_q = small_rows(&seed, N * DIM), mean[WIDE];
    float *decoded = decode(&learned, z_q, N);
    const float *table = learned.small.network->parameter + WIDE * 3 * DIM + WIDE;
    for (int i = 0; i < WIDE; i++)
        mean[i] = (float)(((double)table[i] + (double)table[WIDE + i] +
                           (double)table[2 * WIDE + i]) / 3);
    every_speaker_has_the_vector(&learned, mean);
    const float *y = learned_output(&learned, z_q, N, 1);
    double worst = 0;
    for (size_t i = 0; i < N * OUT; i++)
        worst = fmax(worst, fabs((double)decoded[i] - (double)y[i]));
    CHECK(worst < 1e-5);
    free(decoded);
    free(z_q);
    forget(&learned);
}

static void frames_do_not_depend_on_how_many_units_are_decoded_together(void)
{
    static const size_t cut[] = {1, 2, 5, 511, 512, 513, 600, 1024, 1030};
    enum { N = 1100, REACH = 4 }; /* units after a cut are not seen: frames near it differ */
    struct learned learned = learn();
    uint64_t seed = 6;
    float *z_q = small_rows(&seed, N * DIM), *whole = decode(&learned, z_q, N);
    for (size_t i = 0; i < sizeof cut / sizeof *cut; i++) {
        float *part = decode(&learned, z_q, cut[i]);
        size_t same = cut[i] > REACH ? cut[i] - REACH : 0;
        CHECK(memcmp(part, whole, same * OUT * sizeof *part) == 0);
        free(part);
    }
    free(whole);
    free(z_q);
    forget(&learned);
}

static bool is_refused(const unsigned char *bytes, size_t n, const char *why)
{
    struct float_network network;
    struct failure failure = {0};
    unsigned char *exact = malloc(n ? n : 1); /* no byte to spare, for the sanitizers */
    memcpy(exact, bytes, n);
    bool good = decoder_section_read(&network, exact, n, &failure);
    free(exact);
    if (good) float_network_free(&network);
    if (!good && (failure.code != EXIT_USAGE || !strstr(failure.text, why)))
        printf("# \"%s\"\n", failure.text);
    return !good && failure.code == EXIT_USAGE && strstr(failure.text, why);
}

static void a_section_that_is_cut_off_or_too_long_is_refused(void)
{
    struct learned learned = learn();
    for (size_t n = 0; n < learned.n_byte; n++) CHECK(is_refused(learned.bytes, n, ""));
    unsigned char *longer = calloc(1, learned.n_byte + 4);
    memcpy(longer, learned.bytes, learned.n_byte);
    CHECK(is_refused(longer, learned.n_byte + 4, "size"));
    free(longer);
    forget(&learned);
}

static void every_number_that_cannot_be_is_refused(void)
{
    enum { CONV = 2, SPEAKER = 2 + WORDS, SECOND = 2 + 2 * WORDS };
    enum { KIND, IN_DIM, OUT_DIM, TAPS, RIGHT, RELU, RESERVED };
    static const struct {
        size_t word;
        uint32_t value;
        const char *why;
    } bad[] = {
        {0, 0, "1 to 8 layers"}, {0, 9, "1 to 8 layers"}, {0, UINT32_MAX, "1 to 8 layers"},
        {0, 3, "size"}, {0, 5, ""}, {1, 1, "newer"},
        {CONV + KIND, 0, "kind"}, {CONV + KIND, 3, "kind"}, {CONV + KIND, 2, "speakers"},
        {CONV + IN_DIM, 0, "width"}, {CONV + IN_DIM, 16385, "width"}, {CONV + IN_DIM, 4, "size"},
        {CONV + OUT_DIM, 0, "width"}, {CONV + OUT_DIM, UINT32_MAX, "width"},
        {CONV + OUT_DIM, WIDE + 1, "as wide"}, {CONV + TAPS, 0, "taps"}, {CONV + TAPS, 65, "taps"},
        {CONV + TAPS, 1, "own frame"}, {CONV + TAPS, 4, "size"}, {CONV + RIGHT, 3, "own frame"},
        {CONV + RIGHT, UINT32_MAX, "own frame"}, {CONV + RELU, 2, "newer"},
        {CONV + RESERVED, 1, "newer"}, {CONV + RESERVED + 1, 1, "newer"},
        {SPEAKER + KIND, 1, ""}, {SPEAKER + IN_DIM, 4, ""}, {SPEAKER + TAPS, 0, "speakers"},
        {SPEAKER + TAPS, UINT32_MAX, "speakers"}, {SPEAKER + TAPS, 1 << 20, "size"},
        {SPEAKER + RIGHT, 1, "speakers"}, {SPEAKER + RELU, 1, "speakers"},
        {SECOND + IN_DIM, 6, "as wide"},
    };
    struct learned learned = learn();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint32_t kept;
        memcpy(&kept, learned.bytes + 4 * bad[i].word, 4);
        memcpy(learned.bytes + 4 * bad[i].word, &bad[i].value, 4);
        if (!is_refused(learned.bytes, learned.n_byte, bad[i].why)) printf("# number %zu\n", i);
        CHECK(is_refused(learned.bytes, learned.n_byte, bad[i].why));
        memcpy(learned.bytes + 4 * bad[i].word, &kept, 4);
    }
    const float not_finite[] = {NAN, INFINITY, -INFINITY};
    for (size_t at = HEAD + 4 * WORDS * N_LAYER; at < learned.n_byte; at += 52) {
        float kept;
        memcpy(&kept, learned.bytes + at, 4);
        memcpy(learned.bytes + at, &not_finite[at / 52 % 3], 4);
        CHECK(is_refused(learned.bytes, learned.n_byte, "NaN or infinite"));
        memcpy(learned.bytes + at, &kept, 4);
    }
    CHECK(!is_refused(learned.bytes, learned.n_byte, ""));
    forget(&learned);
}

int main(void)
{
    RUN(the_mean_speaker_says_what_the_learned_network_says);
    RUN(frames_do_not_depend_on_how_many_units_are_decoded_together);
    RUN(a_section_that_is_cut_off_or_too_long_is_refused);
    RUN(every_number_that_cannot_be_is_refused);
    return check_done();
}
