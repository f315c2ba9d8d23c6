/* SPDX-License-Identifier: MIT */
/* If this fails, the tables that are made in double once per model differ between C libraries, or
   are not what src/frontend/README.md says, and with them all features. */
#include "src/frontend/spectrum.h"
#include "src/model/crc32c.h"
#include "tests/support/check.h"
#include "tests/support/models.h"

#include <math.h>

struct made {
    struct frontend tables;
    void *memory;
};

static struct made make(const voq_frontend *f)
{
    struct arena measure = {0};
    struct made made = {0};
    voq_frontend_place(&made.tables, f, &measure);
    made.memory = malloc(measure.used + ARENA_ALIGN);
    struct arena arena = arena_in(made.memory);
    voq_frontend_place(&made.tables, f, &arena);
    return made;
}

static size_t n_weight_of(const struct mel_spec *mel)
{
    size_t n = 0;
    for (size_t m = 0; m < mel->n_mel; m++) n += mel->count[m];
    return n;
}

static uint32_t hash_of(const char *profile)
{
    voq_frontend f = frontend_of(profile);
    struct made made = make(&f);
    const struct frontend *t = &made.tables;
    uint32_t crc = voq_crc32c(0, t->frame.window, f.window_samples * 4);
    crc = voq_crc32c(crc, t->mel.first, f.n_mel * 4);
    crc = voq_crc32c(crc, t->mel.count, f.n_mel * 4);
    crc = voq_crc32c(crc, t->mel.weight, n_weight_of(&t->mel) * 4);
    if (t->cepstrum) crc = voq_crc32c(crc, t->cepstrum, f.n_cepstrum * f.n_mel * 4);
    free(made.memory);
    return crc;
}

static void tables_of_every_profile_have_the_golden_bits(void)
{
    static const struct {
        const char *profile;
        uint32_t crc;
    } golden[] = {{"kaldi", 0xb097a1fd},
                  {"kaldi-fbank", 0x70783d34},
                  {"hubert", 0xb097a1fd},
                  {"librosa", 0x9b9d183f},
                  {"encoder", 0xfca5237d}};
    for (size_t i = 0; voq_frontend_profile_name(i); i++) {
        CHECK(i < sizeof golden / sizeof *golden);
        CHECK_STR(voq_frontend_profile_name(i), golden[i].profile);
        printf("# %s %08" PRIx32 "\n", golden[i].profile, hash_of(golden[i].profile));
        CHECK_EQ(hash_of(golden[i].profile), golden[i].crc);
    }
}

static void the_check_value_of_the_checksum_is_that_of_the_rfc(void)
{
    unsigned char zeros[32] = {0}, ones[32];
    memset(ones, 0xff, sizeof ones);
    CHECK_EQ(voq_crc32c(0, "123456789", 9), 0xe3069283);
    CHECK_EQ(voq_crc32c(0, zeros, 32), 0x8a9136aa); /* RFC 3720, B.4 */
    CHECK_EQ(voq_crc32c(0, ones, 32), 0x62a8ab43);
    CHECK_EQ(voq_crc32c(voq_crc32c(0, "1234", 4), "56789", 5), 0xe3069283);
}

static void a_long_checksum_is_that_of_its_pieces(void)
{
    enum { N = 20011 };
    static unsigned char bytes[N];
    uint64_t seed = 4;
    for (size_t i = 0; i < N; i++) bytes[i] = (unsigned char)random_below(&seed, 256);
    for (size_t n = N - 9; n <= N; n++) {
        uint32_t crc = 0;
        for (size_t i = 0; i < n; i++) crc = voq_crc32c(crc, bytes + i, 1);
        CHECK_EQ(voq_crc32c(0, bytes, n), crc);
        CHECK_EQ(voq_crc32c(voq_crc32c(0, bytes, 1), bytes + 1, n - 1), crc);
    }
}

static void windows_are_symmetric_and_peak_in_the_middle(void)
{
    for (uint32_t kind = 0; kind <= VOQ_WINDOW_HANN_NONZERO; kind++) {
        voq_frontend f = frontend_of("kaldi");
        f.window = kind;
        struct made made = make(&f);
        const float *w = made.tables.frame.window;
        size_t n = f.window_samples, mirror = kind == VOQ_WINDOW_HANN_PERIODIC ? n : n - 1;
        for (size_t i = 1; i < n; i++) {
            CHECK(fabsf(w[i] - w[mirror - i]) < 1e-6f);
            CHECK(w[i] >= -1e-7f && w[i] <= w[n / 2]);
        }
        CHECK(fabsf(w[n / 2] - 1.0f) < 1e-4f);
        free(made.memory);
    }
}

/* Filters of peak 1 in mel over mel add up to 1 between the first and the last centre. */
static void mel_filters_add_up_to_one(void)
{
    voq_frontend f = frontend_of("kaldi");
    struct made made = make(&f);
    const struct mel_spec *mel = &made.tables.mel;
    double sum[257] = {0};
    const float *weight = mel->weight;
    for (size_t m = 0; m < mel->n_mel; m++)
        for (size_t k = 0; k < mel->count[m]; k++) sum[mel->first[m] + k] += (double)*weight++;
    size_t last = mel->first[f.n_mel - 1];
    for (size_t bin = mel->first[1]; bin < last; bin++) CHECK(fabs(sum[bin] - 1.0) < 1e-6);
    CHECK(sum[256] == 0.0); /* Kaldi never counts the Nyquist bin */
    free(made.memory);
}

static void rows_of_the_ortho_dct_are_orthonormal(void)
{
    voq_frontend f = frontend_of("librosa");
    struct made made = make(&f);
    for (size_t a = 0; a < f.n_cepstrum; a++)
        for (size_t b = 0; b <= a; b++) {
            double dot = 0.0;
            for (size_t m = 0; m < f.n_mel; m++)
                dot += (double)made.tables.cepstrum[a * f.n_mel + m] *
                       (double)made.tables.cepstrum[b * f.n_mel + m];
            CHECK(fabs(dot - (a == b ? 1.0 : 0.0)) < 1e-6);
        }
    free(made.memory);
}

/* However narrow: a filter without a bin is empty, never outside the spectrum. */
static void mel_filters_stay_in_the_spectrum(void)
{
    uint64_t seed = 4;
    for (int round = 0; round < 300; round++) {
        voq_frontend f = frontend_of(round % 2 ? "kaldi" : "librosa");
        f.fft_samples = 4u << random_below(&seed, 8);
        f.window_samples = f.fft_samples;
        f.n_mel = 1 + (uint32_t)random_below(&seed, 256);
        f.n_cepstrum = 1;
        f.low_hz = (float)random_below(&seed, 4000);
        f.high_hz = round % 3 ? 0.0f : f.low_hz + 1.0f;
        struct made made = make(&f);
        const float *weight = made.tables.mel.weight;
        for (size_t m = 0; m < f.n_mel; m++) {
            CHECK(made.tables.mel.first[m] + made.tables.mel.count[m] <= f.fft_samples / 2 + 1);
            for (size_t k = 0; k < made.tables.mel.count[m]; k++) CHECK(*weight++ > 0.0f);
        }
        free(made.memory);
    }
}

int main(void)
{
    RUN(tables_of_every_profile_have_the_golden_bits);
    RUN(the_check_value_of_the_checksum_is_that_of_the_rfc);
    RUN(a_long_checksum_is_that_of_its_pieces);
    RUN(windows_are_symmetric_and_peak_in_the_middle);
    RUN(mel_filters_add_up_to_one);
    RUN(rows_of_the_ortho_dct_are_orthonormal);
    RUN(mel_filters_stay_in_the_spectrum);
    return check_done();
}
