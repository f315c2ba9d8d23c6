/* SPDX-License-Identifier: MIT */
/* If this fails, the screen of an instruction set computes other scores than screen_kernel.h says,
   or touches memory of others. */
#include "src/kernel/screen_kernel.h"
#include "tests/kernel/variants.h"

enum { MOST_KERNELS = 8, MOST_CODES = 6 * CODE_GROUP, MOST_ROWS = 13 };

static const struct screen_kernel *kernels[MOST_KERNELS];
static size_t n_kernel;

static void collect(const struct screen_kernel *kernel)
{
    for (size_t i = 0; i < n_kernel; i++)
        if (kernels[i] == kernel) return;
    if (kernel) kernels[n_kernel++] = kernel;
}

static void collect_kernels(void)
{
    for (int cpu = VOQ_CPU_AUTO; cpu <= VOQ_CPU_WASM; cpu++) {
        struct kernel chosen;
        if (!voq_kernel_choose(cpu, &chosen)) continue;
        collect(voq_kernel_for(cpu)->screen);
        collect(chosen.screen);
    }
    printf("#");
    for (size_t i = 0; i < n_kernel; i++) printf(" %s", kernels[i]->name);
    printf("\n");
}

struct setting {
    struct guarded g[3];
    struct screen screen;
    int16_t *packed;
    int32_t *start;
    float *x; /* [n_row][width], and as rounded */
    size_t dim, n_row;
    int32_t shift[MOST_ROWS];
};

static int16_t *code_at(const struct setting *s, size_t k, size_t d)
{
    size_t group = k / CODE_GROUP * s->screen.n_pair + d / 2;
    return &s->packed[(group * CODE_GROUP + k % CODE_GROUP) * 2 + d % 2];
}

/* Codewords and vectors whose norms are at most SCREEN_NORM steps; `reach` is the largest number in
   codewords, so that a small one gives many near scores. */
static struct setting begin(size_t n_code, size_t dim, size_t n_row, int reach, int at_end)
{
    size_t n_group = (n_code + CODE_GROUP - 1) / CODE_GROUP, n_pair = (dim + 1) / 2;
    size_t width = SCREEN_WIDTH(dim);
    struct setting s = {.dim = dim, .n_row = n_row};
    size_t n_byte[3] = {n_group * CODE_GROUP * n_pair * 2 * sizeof *s.packed,
                        n_group * CODE_GROUP * sizeof *s.start, n_row * width * sizeof *s.x};
    for (size_t i = 0; i < 3; i++) s.g[i] = guard_new(n_byte[i]);
    s.packed = guard_place(&s.g[0], n_byte[0], 2, at_end);
    s.start = guard_place(&s.g[1], n_byte[1], 4, at_end);
    s.x = guard_place(&s.g[2], n_byte[2], 4, at_end);
    s.screen = (struct screen){s.packed, s.start, n_code, n_group, n_pair, width, 4.0f, 6, 5000};
    uint64_t seed = n_code * 1000 + dim + n_row;
    memset(s.packed, 0, n_byte[0]);
    for (size_t k = 0; k < n_group * CODE_GROUP; k++) {
        s.start[k] = k < n_code ? (int32_t)random_below(&seed, (size_t)reach * 100) : INT32_MAX;
        for (size_t d = 0; d < dim && k < n_code; d++)
            *code_at(&s, k, d) = (int16_t)((int)random_below(&seed, 2 * (size_t)reach) - reach);
    }
    for (size_t i = 0; i < n_row * width; i++)
        s.x[i] = i % width < dim ? 100.0f * random_float(&seed) : 0.0f;
    return s;
}

static void end(struct setting *s)
{
    for (size_t i = 0; i < 3; i++) guard_free(&s->g[i]);
}

/* What the kernel must find for a row, from its rounded numbers. */
static void survivors_plainly(const struct setting *s, const struct screen_kernel *kernel,
                              const int16_t *x, int32_t shift, bool survives[MOST_CODES],
                              struct survivors *expected)
{
    int32_t key[MOST_CODES], least = INT32_MAX;
    size_t n_padded = s->screen.n_group * CODE_GROUP, in_lane[MAX_LANES] = {0};
    bool is_certain = shift >= 0;
    for (size_t k = 0; k < n_padded; k++) {
        key[k] = s->start[k] >> (shift < 0 ? 0 : shift);
        for (size_t d = 0; d < s->dim; d++) key[k] += x[d] * *code_at(s, k, d);
        key[k] = (key[k] & ~63) | (int32_t)(k / kernel->lanes);
        if (key[k] < least) least = key[k];
    }
    *expected = (struct survivors){.least = shift < 0 ? INT32_MIN : least};
    for (size_t k = 0; k < n_padded; k++) {
        survives[k] = (int64_t)key[k] - least < s->screen.margin;
        if (!survives[k]) continue;
        is_certain = is_certain && k < s->screen.n_code && ++in_lane[k % kernel->lanes] == 1;
        expected->n++;
    }
    if (!is_certain) expected->n = 0;
}

static bool rows_agree(const struct setting *s, const struct screen_kernel *kernel)
{
    static uint32_t row[MOST_ROWS]; /* backwards, so that rows are not only those in order */
    struct survivors got[MOST_ROWS];
    const int16_t *rounded = (const int16_t *)(const void *)s->x;
    for (uint32_t i = 0; i < s->n_row; i++) row[i] = (uint32_t)s->n_row - 1 - i;
    const struct rounded r = {rounded, 2 * s->screen.width, s->shift, row, s->n_row};
    kernel->search(&s->screen, &r, got);
    for (size_t i = 0; i < s->n_row; i++) {
        bool survives[MOST_CODES];
        struct survivors expected;
        survivors_plainly(s, kernel, rounded + row[i] * r.stride, s->shift[row[i]], survives,
                          &expected);
        bool same = got[i].n == expected.n && got[i].least == expected.least;
        for (uint32_t k = 0; same && k < got[i].n; k++) same = survives[got[i].id[k]];
        if (same) continue;
        printf("# %s: row %zu of %zu: %u survivors, expected %u\n", kernel->name, i, s->n_row,
               (unsigned)got[i].n, (unsigned)expected.n);
        return false;
    }
    return true;
}

static bool race(size_t n_code, size_t dim, size_t n_row, int reach)
{
    for (size_t k = 0; k < n_kernel; k++)
        for (int at_end = 0; at_end < 2; at_end++) {
            struct setting s = begin(n_code, dim, n_row, reach, at_end);
            kernels[k]->round(&s.screen, s.x, n_row, s.shift);
            bool same = rows_agree(&s, kernels[k]);
            end(&s);
            if (!same) printf("# %zu codes, %zu dimensions, reach %d\n", n_code, dim, reach);
            if (!same) return false;
        }
    return true;
}

static void any_number_of_codes_is_searched(void)
{
    for (size_t n_code = 1; n_code <= MOST_CODES; n_code++)
        for (int reach = 2; reach <= 512; reach *= 4) CHECK(race(n_code, 11, 6, reach));
}

static void any_dimension_is_summed(void)
{
    for (size_t dim = 1; dim <= 70; dim++) CHECK(race(100, dim, 5, 300));
}

static void any_number_of_rows_is_searched(void)
{
    for (size_t n_row = 0; n_row <= MOST_ROWS; n_row++) CHECK(race(70, 9, n_row, 300));
}

/* In steps of 1/4: a norm is shifted below 32767 or, where 14 shifts are too few, refused. */
static void large_vectors_are_shifted_and_larger_ones_refused(void)
{
    static const struct {
        float first, second;
        int32_t shift;
        int16_t rounded;
    } known[] = {{0.0f, 0.0f, 0, 0},          {0.125f, 0.0f, 0, 0},
                 {0.375f, 1.0f, 0, 2},        {-8000.0f, 0.0f, 0, -32000},
                 {8200.0f, 0.0f, 1, 16400},   {6000.0f, -6000.0f, 1, 12000},
                 {1e8f, 0.0f, 14, 24414},     {1e9f, 0.0f, -1, 0},
                 {FLT_MAX, 1.0f, -1, 0},      {INFINITY, 0.0f, -1, 0},
                 {NAN, 0.0f, -1, 0},          {1.0f, -INFINITY, -1, 0}};
    for (size_t k = 0; k < n_kernel; k++)
        for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
            struct setting s = begin(40, 2, 1, 300, 1);
            s.x[0] = known[i].first;
            s.x[1] = known[i].second;
            kernels[k]->round(&s.screen, s.x, 1, s.shift);
            int16_t rounded;
            memcpy(&rounded, s.x, sizeof rounded);
            bool same = rows_agree(&s, kernels[k]);
            int32_t shift = s.shift[0];
            end(&s);
            CHECK_EQ(shift, known[i].shift);
            CHECK_EQ(rounded, known[i].rounded);
            CHECK(same);
        }
}

int main(void)
{
    collect_kernels();
    RUN(any_number_of_codes_is_searched);
    RUN(any_dimension_is_summed);
    RUN(any_number_of_rows_is_searched);
    RUN(large_vectors_are_shifted_and_larger_ones_refused);
    return check_done();
}
