/* SPDX-License-Identifier: MIT */
/* If this fails, features differ between two computers, or memory around a buffer is touched. */
#include "tests/kernel/variants.h"

#include <stdlib.h>

enum { LANE_ALIGN = 32, MAX_ROWS = 3 * MAX_LANES + 1 };

static bool race_log_of(const struct log_spec *spec, const struct kernel *k, enum fill fill,
                        size_t n, int at_end)
{
    uint64_t seed = n * 7 + (uint64_t)fill;
    float scalar[MAX_ROWS], expected[MAX_ROWS * MAX_LANES];
    struct guarded g = guard_new(n * k->lanes * 4);
    float *x = guard_place(&g, n * k->lanes * 4, LANE_ALIGN, at_end);
    fill_array(fill, &seed, x, n * k->lanes);
    if (n > 2) {
        x[0] = spec->floor;
        x[1] = 0.0f;
        x[2 * k->lanes] = INFINITY;
        x[3 * k->lanes - 1] = NAN;
    }
    for (size_t lane = 0; lane < k->lanes; lane++) {
        lane_of(x, n, k->lanes, lane, scalar);
        voq_kernel_scalar.log(scalar, n, spec);
        for (size_t i = 0; i < n; i++) expected[i * k->lanes + lane] = scalar[i];
    }
    k->log(x, n, spec);
    bool same = same_floats("log", k, x, expected, n * k->lanes);
    guard_free(&g);
    return same;
}

static bool race_log(const struct kernel *k, enum fill fill, size_t n, int at_end)
{
    static const struct log_spec least = {0x1p-23f, false, 4.3429447f, -30.0f},
                                 added = {1e-5f, true, 1.0f, -11.0f};
    return race_log_of(&least, k, fill, n, at_end) && race_log_of(&added, k, fill, n, at_end);
}

/* Two groups of four filters, the second with an empty run, and one more. */
static bool race_mel(const struct kernel *k, enum fill fill, size_t n, int at_end)
{
    enum { N_MEL = 9 };
    uint64_t seed = n * 13 + (uint64_t)fill;
    uint32_t all = (uint32_t)n, half = all / 2, third = all / 3, first[N_MEL], count[N_MEL];
    const uint32_t run[N_MEL][2] = {{0, all},       {third, all - third}, {half, all - half},
                                    {0, third},     {0, all},             {all, 0},
                                    {third, third}, {0, half},            {half, all - half}};
    size_t n_weight = 0;
    for (size_t m = 0; m < N_MEL; m++) {
        first[m] = run[m][0];
        n_weight += count[m] = run[m][1];
    }
    struct guarded in = guard_new(n * k->lanes * 4), w = guard_new(n_weight * 4);
    struct guarded out = guard_new(N_MEL * k->lanes * 4);
    float *power = guard_place(&in, n * k->lanes * 4, LANE_ALIGN, at_end);
    float *weight = guard_place(&w, n_weight * 4, 4, at_end);
    float *mel = guard_place(&out, N_MEL * k->lanes * 4, LANE_ALIGN, at_end);
    fill_array(fill, &seed, power, n * k->lanes);
    fill_array(FILL_RANDOM, &seed, weight, n_weight);
    struct mel_spec spec = {N_MEL, first, count, weight};
    k->mel(&spec, power, mel);
    bool same = true;
    for (size_t lane = 0; lane < k->lanes; lane++) {
        const float *next = weight;
        float expected[N_MEL], got[N_MEL];
        for (size_t m = 0; m < N_MEL; m++) { /* by definition */
            expected[m] = 0.0f;
            for (size_t b = 0; b < count[m]; b++)
                expected[m] = expected[m] + *next++ * power[(first[m] + b) * k->lanes + lane];
        }
        lane_of(mel, N_MEL, k->lanes, lane, got);
        same = same && same_floats("mel", k, got, expected, N_MEL);
    }
    guard_free(&in);
    guard_free(&w);
    guard_free(&out);
    return same;
}

static bool race_matrix(const struct kernel *k, enum fill fill, size_t n, int at_end)
{
    enum { N_ROW = 5 };
    uint64_t seed = n * 17 + (uint64_t)fill;
    struct guarded m = guard_new(N_ROW * n * 4), in = guard_new(n * k->lanes * 4);
    struct guarded out = guard_new(N_ROW * k->lanes * 4);
    float *matrix = guard_place(&m, N_ROW * n * 4, 4, at_end);
    float *x = guard_place(&in, n * k->lanes * 4, LANE_ALIGN, at_end);
    float *y = guard_place(&out, N_ROW * k->lanes * 4, LANE_ALIGN, at_end);
    fill_array(FILL_RANDOM, &seed, matrix, N_ROW * n);
    fill_array(fill, &seed, x, n * k->lanes);
    k->matrix(matrix, N_ROW, n, x, y);
    bool same = true;
    for (size_t lane = 0; lane < k->lanes; lane++) {
        float column[MAX_ROWS], scalar[N_ROW], got[N_ROW];
        lane_of(x, n, k->lanes, lane, column);
        voq_kernel_scalar.matrix(matrix, N_ROW, n, column, scalar);
        lane_of(y, N_ROW, k->lanes, lane, got);
        same = same && same_floats("matrix", k, got, scalar, N_ROW);
    }
    guard_free(&m);
    guard_free(&in);
    guard_free(&out);
    return same;
}

static bool race_affine(const struct kernel *k, enum fill fill, size_t n, int at_end)
{
    enum { N_GROUP = 3, N_ROW = N_GROUP * ROW_GROUP };
    uint64_t seed = n * 19 + (uint64_t)fill;
    struct guarded m = guard_new(N_ROW * n * 4), in = guard_new(n * 4), b = guard_new(N_ROW * 4);
    struct guarded out = guard_new(N_ROW * 4);
    float *packed = guard_place(&m, N_ROW * n * 4, LANE_ALIGN, at_end);
    float *x = guard_place(&in, n * 4, 4, at_end), *bias = guard_place(&b, N_ROW * 4, 32, at_end);
    float *y = guard_place(&out, N_ROW * 4, LANE_ALIGN, at_end), scalar[N_ROW];
    fill_array(FILL_RANDOM, &seed, packed, N_ROW * n);
    fill_array(FILL_RANDOM, &seed, bias, N_ROW);
    fill_array(fill, &seed, x, n);
    k->affine(packed, bias, N_GROUP, n, x, y);
    voq_kernel_scalar.affine(packed, bias, N_GROUP, n, x, scalar);
    bool same = same_floats("affine", k, y, scalar, N_ROW);
    for (size_t r = 0; same && r < N_ROW; r++) { /* and the scalar one is the definition */
        float sum = bias[r];
        for (size_t c = 0; c < n; c++)
            sum = sum + packed[(r / ROW_GROUP * n + c) * ROW_GROUP + r % ROW_GROUP] * x[c];
        same = same_floats("affine by definition", k, y + r, &sum, 1);
    }
    guard_free(&m);
    guard_free(&in);
    guard_free(&b);
    guard_free(&out);
    return same;
}

static bool race_frames_of(const struct kernel *k, enum fill fill, size_t n, size_t n_fft,
                           size_t n_frame, bool remove_dc, int at_end)
{
    uint64_t seed = n * 23 + (uint64_t)fill + n_frame;
    struct guarded in[MAX_LANES], w = guard_new(n * 4), out = guard_new(n_fft * k->lanes * 4);
    const float *frame[MAX_LANES];
    float *window = guard_place(&w, n * 4, 4, at_end);
    float *x = guard_place(&out, n_fft * k->lanes * 4, LANE_ALIGN, at_end);
    fill_array(FILL_RANDOM, &seed, window, n);
    for (size_t i = 0; i < n_frame; i++) {
        in[i] = guard_new(n * 4);
        float *samples = guard_place(&in[i], n * 4, 4, at_end);
        fill_array(fill, &seed, samples, n);
        frame[i] = samples;
    }
    struct frame_spec spec = {window, n, n_fft, 32768.0f, 0.97f, remove_dc};
    float raw[MAX_LANES], windowed[MAX_LANES];
    k->frames(&spec, frame, n_frame, x, raw, windowed);
    bool same = true;
    for (size_t lane = 0; lane < k->lanes; lane++) {
        const float *one = frame[lane < n_frame ? lane : 0];
        float scalar[2 * MAX_ROWS], got[2 * MAX_ROWS], energy[2];
        voq_kernel_scalar.frames(&spec, &one, 1, scalar, &energy[0], &energy[1]);
        lane_of(x, n_fft, k->lanes, lane, got);
        same = same && same_floats("frame", k, got, scalar, n_fft);
        same = same && same_floats("raw energy", k, &raw[lane], &energy[0], 1);
        same = same && same_floats("windowed energy", k, &windowed[lane], &energy[1], 1);
    }
    float *again = malloc(n_fft * k->lanes * 4);
    memcpy(again, x, n_fft * k->lanes * 4);
    k->frames(&spec, frame, n_frame, x, NULL, NULL);
    same = same && same_floats("frame without energies", k, x, again, n_fft * k->lanes);
    free(again);
    if (k->lanes > 1) {
        float *alone = guard_place(&out, n_fft * 4, 4, at_end), scalar[2 * MAX_ROWS], energy[4];
        k->alone->frame_alone(&spec, frame[0], alone, &energy[0], &energy[1]);
        voq_kernel_scalar.frames(&spec, frame, 1, scalar, &energy[2], &energy[3]);
        same = same && same_floats("frame alone", k, alone, scalar, n_fft);
        same = same && same_floats("energies alone", k, energy, energy + 2, 2);
        k->alone->frame_alone(&spec, frame[0], alone, NULL, NULL);
        same = same && same_floats("frame alone without energies", k, alone, scalar, n_fft);
    }
    for (size_t i = 0; i < n_frame; i++) guard_free(&in[i]);
    guard_free(&w);
    guard_free(&out);
    return same;
}

static bool race_frames(const struct kernel *k, enum fill fill, size_t n, int at_end)
{
    if (n == 0) return true;
    for (size_t n_frame = 1; n_frame <= k->lanes; n_frame++)
        if (!race_frames_of(k, fill, n, n + n_frame % 3, n_frame, n_frame % 2, at_end))
            return false;
    return true;
}

static bool (*const races[])(const struct kernel *, enum fill, size_t, int) = {
    race_log, race_mel, race_matrix, race_affine, race_frames};
static bool (*race)(const struct kernel *, enum fill, size_t, int);

static bool race_all_sizes(const struct kernel *k)
{
    for (size_t n = 0; n <= 3 * k->lanes + 1; n++)
        for (int fill = 0; fill < N_FILL; fill++)
            for (int at_end = 0; at_end < 2; at_end++)
                if (!race(k, (enum fill)fill, n, at_end)) {
                    printf("# n = %zu, fill %d, %s guard page\n", n, fill,
                           at_end ? "last" : "first");
                    return false;
                }
    return true;
}

static void run_race(size_t i)
{
    race = races[i];
    each_variant(race_all_sizes);
}

static void log_has_the_scalar_bits_on_every_instruction_set(void)
{
    run_race(0);
}
static void mel_has_the_scalar_bits_on_every_instruction_set(void)
{
    run_race(1);
}
static void matrix_has_the_scalar_bits_on_every_instruction_set(void)
{
    run_race(2);
}
static void affine_has_the_scalar_bits_on_every_instruction_set(void)
{
    run_race(3);
}
static void frames_have_the_scalar_bits_on_every_instruction_set(void)
{
    run_race(4);
}

int main(void)
{
    RUN(log_has_the_scalar_bits_on_every_instruction_set);
    RUN(mel_has_the_scalar_bits_on_every_instruction_set);
    RUN(matrix_has_the_scalar_bits_on_every_instruction_set);
    RUN(affine_has_the_scalar_bits_on_every_instruction_set);
    RUN(frames_have_the_scalar_bits_on_every_instruction_set);
    return check_done();
}
