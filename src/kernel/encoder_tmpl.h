/* SPDX-License-Identifier: MIT */
/* The encoder's kernels of one instruction set. An encoder_*.c file defines ISA, its name, LANES,
   OFFSET, which it adds to signed activations, and

       sums_of_4, sums_of_1   the sums of TILE_4, or TILE_1, rows for four frames, or one
       load_i16, store_i16, store_i8   LANES numbers; of numbers that fit
       least, greatest        per lane
       rescale                (sum * multiplier + half) >> shift, whose result fits 32 bits
       pair_of                T[i] in the low half, T[i+1] in the high half, for every lane's i

   with ivec of lanes.h, and includes this file. Weights of DENSE_GROUP rows lie side by side, so a
   tile of fewer rows reads a part of each COLUMN_STEP bytes. */
static ivec splat(int32_t x)
{
    return x - (ivec){0};
}

static ivec load_i32(const int32_t *p)
{
    ivec v;
    memcpy(&v, p, sizeof v);
    return v;
}

static ivec clamped(ivec x, int32_t low, int32_t high)
{
    return least(greatest(x, splat(low)), splat(high));
}

/* With an offset, sum and bias are right modulo 2^32 alone; together they fit. */
static ivec requantized(const struct dense *dense, size_t row, const int32_t *sum)
{
    ivec biased = (ivec)((uvec)load_i32(sum) + (uvec)load_i32(dense->bias + row));
    return rescale(biased, load_i32(dense->multiplier + row), dense->shift);
}

static const int8_t *weights_of(const struct dense *dense, size_t row)
{
    return dense->weight + row / DENSE_GROUP * DENSE_GROUP * dense->n_chunk * dense->n_column +
           row % DENSE_GROUP * COLUMN_GROUP;
}

static void finish_i8(const struct dense *dense, size_t row, size_t n, const int32_t *sum,
                      int8_t *y)
{
    for (size_t r = 0; r < n; r += LANES)
        store_i8(y + row + r, clamped(requantized(dense, row + r, sum + r), 0, 127));
}

static void finish_i16(const struct dense *dense, size_t row, size_t n, const int32_t *sum,
                       int16_t *y)
{
    for (size_t r = 0; r < n; r += LANES)
        store_i16(y + row + r,
                  clamped(requantized(dense, row + r, sum + r), INT16_MIN, INT16_MAX));
}

/* For a tile of weights all frames are computed, four at a time, so that it is read from the
   nearest cache. */
#define DENSE(name, number, finish)                                                                \
    static void name(const struct dense *dense, const struct activations *in, number *y,           \
                     size_t y_step)                                                                \
    {                                                                                              \
        int32_t sum[4 * TILE_4 > TILE_1 ? 4 * TILE_4 : TILE_1];                                    \
        size_t n_4 = in->n / 4 * 4;                                                                \
        for (size_t row = 0; n_4 && row < dense->n_row; row += TILE_4)                             \
            for (size_t i = 0; i < n_4; i += 4) {                                                  \
                sums_of_4(dense, weights_of(dense, row), in, in->x + i * in->frame_step, sum);     \
                for (size_t f = 0; f < 4; f++)                                                     \
                    finish(dense, row, TILE_4, sum + f * TILE_4, y + (i + f) * y_step);            \
            }                                                                                      \
        for (size_t row = 0; n_4 < in->n && row < dense->n_row; row += TILE_1)                     \
            for (size_t i = n_4; i < in->n; i++) {                                                 \
                sums_of_1(dense, weights_of(dense, row), in, in->x + i * in->frame_step, sum);     \
                finish(dense, row, TILE_1, sum, y + i * y_step);                                   \
            }                                                                                      \
    }
DENSE(dense_i8, int8_t, finish_i8)
DENSE(dense_i16, int16_t, finish_i16)

/* S(p) of the definition. */
static ivec logistic(ivec p)
{
    ivec q = clamped(p, -16384, 16383) + 16384, pair = pair_of(q >> 7);
    ivec low = (ivec)((uvec)pair << 16) >> 16, high = pair >> 16;
    return low + (((high - low) * (q & 127) + 64) >> 7);
}

static void gates(const int16_t *gi, const int16_t *gh, size_t n, int16_t *h, int8_t *h8)
{
    for (size_t i = 0; i < n; i += LANES) {
        ivec r = logistic(load_i16(gi + i) + load_i16(gh + i));
        ivec z = logistic(load_i16(gi + n + i) + load_i16(gh + n + i));
        ivec p = load_i16(gi + 2 * n + i) + ((r * load_i16(gh + 2 * n + i) + 16384) >> 15);
        ivec candidate = logistic(p + p) - 16384;
        ivec state = candidate + ((z * (load_i16(h + i) - candidate) + 16384) >> 15);
        store_i16(h + i, state);
        store_i8(h8 + i, clamped((state + 64) >> 7, -127, 127));
    }
}

static void latent(const int16_t *p, size_t n, float *z)
{
    for (size_t i = 0; i < n; i += LANES) {
        ivec x = load_i16(p + i);
        vec latents = vec_from_int(logistic(x + x) - 16384) * vec_splat(1.0f / 16384.0f);
        size_t n_now = n - i < LANES ? n - i : LANES;
        memcpy(z + i, &latents, n_now * sizeof *z);
    }
}

/* Adding 1.5 * 2^23 rounds to the nearest integer, ties to even, and leaves it in the low bits. */
static ivec rounded(vec x)
{
    x = vec_select(vec_less(vec_splat(-127.0f), x), x, vec_splat(-127.0f));
    x = vec_select(vec_less(x, vec_splat(127.0f)), x, vec_splat(127.0f));
    return (ivec)vec_bits(x + vec_splat(12582912.0f)) - 0x4b400000;
}

static void input(const float *v, size_t n, int8_t *a)
{
    for (size_t i = 0; i < n; i += LANES) {
        float x[LANES] = {0};
        memcpy(x, v + i, (n - i < LANES ? n - i : LANES) * sizeof *x);
        store_i8(a + i, rounded(vec_load(x) * vec_splat(32.0f)));
    }
}

#define ENCODER_PASTE(isa) voq_encoder_##isa
#define ENCODER_EXPAND(isa) ENCODER_PASTE(isa)
#define ENCODER_STRING_PASTE(isa) #isa
#define ENCODER_STRING(isa) ENCODER_STRING_PASTE(isa)

extern const struct encoder_kernel ENCODER_EXPAND(ISA);
const struct encoder_kernel ENCODER_EXPAND(ISA) = {
    .name = ENCODER_STRING(ISA),
    .group_rows = DENSE_GROUP,
    .offset = OFFSET,
    .input = input,
    .dense_i8 = dense_i8,
    .dense_i16 = dense_i16,
    .gates = gates,
    .latent = latent,
};
