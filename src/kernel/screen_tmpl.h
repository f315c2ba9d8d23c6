/* SPDX-License-Identifier: MIT */
/* The screen of one instruction set. A screen_*.c file defines ISA, its name, LANES and

       dot              per lane: sum + the two products of two pairs of 16-bit numbers
       least, greatest  per lane
       least_lane       the least of all lanes
       below            one bit per lane: whether a < b
       store_i16        writes LANES numbers that fit

   with ivec of lanes.h, and includes this file. Accumulators are named variables, as in
   nearest_tmpl.h. */
enum { PAIR_STEP = 2 * CODE_GROUP, MOST_SHIFT = 14 };

static inline ivec splat(int32_t x)
{
    return x - (ivec){0};
}

static inline ivec load(const void *p)
{
    ivec v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline ivec splat_pair(const int16_t *x)
{
    int32_t pair;
    memcpy(&pair, x, sizeof pair);
    return splat(pair);
}

/* The least score of every lane, and the one after it. The low bits of a score hold its place, the
   number of its codeword / LANES. */
struct least_two {
    ivec first, second;
};

static inline void put(struct least_two *two, ivec score, size_t place, ivec no_place)
{
    ivec key = (score & no_place) | splat((int32_t)place);
    two->second = least(two->second, greatest(two->first, key));
    two->first = least(two->first, key);
}

static inline ivec no_place_of(const struct screen *s)
{
    return splat((int32_t)(UINT32_MAX << s->place_bits));
}

static inline const int16_t *row(const struct rounded *r, size_t i)
{
    return r->x + r->row[i] * r->stride;
}

static inline int32_t used_shift(const struct rounded *r, size_t i)
{
    int32_t shift = r->shift[r->row[i]];
    return shift < 0 ? 0 : shift;
}

/* Two vectors of codewords times four frames. */
static void scan_4(const struct screen *s, const struct rounded *r, size_t i,
                   struct least_two *two)
{
    struct least_two none = {splat(INT32_MAX), splat(INT32_MAX)};
    struct least_two b0 = none, b1 = none, b2 = none, b3 = none;
    const int16_t *x0 = row(r, i), *x1 = row(r, i + 1), *x2 = row(r, i + 2), *x3 = row(r, i + 3);
    const int16_t *packed = s->packed;
    int32_t h0 = used_shift(r, i), h1 = used_shift(r, i + 1);
    int32_t h2 = used_shift(r, i + 2), h3 = used_shift(r, i + 3);
    ivec no_place = no_place_of(s);
    for (size_t g = 0; g < s->n_group; g++, packed += s->n_pair * PAIR_STEP)
        for (size_t k = 0; k < CODE_GROUP; k += 2 * LANES) {
            size_t code = g * CODE_GROUP + k, place = code / LANES;
            ivec p = load(s->start + code), q = load(s->start + code + LANES);
            ivec s0 = p >> h0, s1 = p >> h1, s2 = p >> h2, s3 = p >> h3;
            ivec t0 = q >> h0, t1 = q >> h1, t2 = q >> h2, t3 = q >> h3;
            const int16_t *c = packed + 2 * k;
            for (size_t d = 0; d < 2 * s->n_pair; d += 2, c += PAIR_STEP) {
                p = load(c), q = load(c + 2 * LANES);
                ivec a = splat_pair(x0 + d);
                s0 = dot(s0, a, p);
                t0 = dot(t0, a, q);
                a = splat_pair(x1 + d);
                s1 = dot(s1, a, p);
                t1 = dot(t1, a, q);
                a = splat_pair(x2 + d);
                s2 = dot(s2, a, p);
                t2 = dot(t2, a, q);
                a = splat_pair(x3 + d);
                s3 = dot(s3, a, p);
                t3 = dot(t3, a, q);
            }
            put(&b0, s0, place, no_place);
            put(&b1, s1, place, no_place);
            put(&b2, s2, place, no_place);
            put(&b3, s3, place, no_place);
            put(&b0, t0, place + 1, no_place);
            put(&b1, t1, place + 1, no_place);
            put(&b2, t2, place + 1, no_place);
            put(&b3, t3, place + 1, no_place);
        }
    two[0] = b0;
    two[1] = b1;
    two[2] = b2;
    two[3] = b3;
}

/* Two vectors of codewords times two pairs of dimensions of one frame, to hide the latency. */
static void scan_1(const struct screen *s, const struct rounded *r, size_t i,
                   struct least_two *two)
{
    struct least_two best = {splat(INT32_MAX), splat(INT32_MAX)};
    const int16_t *x = row(r, i), *packed = s->packed;
    int32_t shift = used_shift(r, i);
    ivec no_place = no_place_of(s);
    for (size_t g = 0; g < s->n_group; g++, packed += s->n_pair * PAIR_STEP)
        for (size_t k = 0; k < CODE_GROUP; k += 2 * LANES) {
            size_t code = g * CODE_GROUP + k, place = code / LANES, d = 0;
            ivec s0 = load(s->start + code) >> shift, t0 = splat(0);
            ivec s1 = load(s->start + code + LANES) >> shift, t1 = t0;
            const int16_t *c = packed + 2 * k;
            for (; d + 2 < 2 * s->n_pair; d += 4, c += 2 * PAIR_STEP) {
                ivec a = splat_pair(x + d), b = splat_pair(x + d + 2);
                s0 = dot(s0, a, load(c));
                s1 = dot(s1, a, load(c + 2 * LANES));
                t0 = dot(t0, b, load(c + PAIR_STEP));
                t1 = dot(t1, b, load(c + PAIR_STEP + 2 * LANES));
            }
            if (d < 2 * s->n_pair) {
                ivec a = splat_pair(x + d);
                s0 = dot(s0, a, load(c));
                s1 = dot(s1, a, load(c + 2 * LANES));
            }
            put(&best, s0 + t0, place, no_place);
            put(&best, s1 + t1, place + 1, no_place);
        }
    *two = best;
}

static float squared_norm(const float *x, size_t width)
{
    float part[LANES];
    vec sum = vec_splat(0.0f);
    for (size_t d = 0; d < width; d += LANES) {
        vec v = vec_load(x + d);
        sum = sum + v * v;
    }
    vec_store(part, sum);
    float a = part[0], b = part[1], c = part[2], d = part[3];
    for (size_t i = 4; i < LANES; i += 4)
        a += part[i], b += part[i + 1], c += part[i + 2], d += part[i + 3];
    return (a + b) + (c + d);
}

/* Adding 1.5 * 2^23 rounds to the nearest integer and leaves it in the low bits. */
static inline ivec rounded(vec x)
{
    return (ivec)vec_bits(x + vec_splat(12582912.0f)) - 0x4b400000;
}

/* Rounds x to whole steps of 2^shift, in place, and returns the shift; -1, with zeros, if no shift
   makes its norm small enough. The norm is allowed to be 2^-12 too small by its rounding. */
static int32_t round_in_place(const struct screen *s, float *x)
{
    static const float most = (float)SCREEN_NORM * SCREEN_NORM * (1.0f - 0x1p-12f);
    float scale = s->per_step, square = squared_norm(x, s->width) * scale * scale;
    int32_t shift = 0;
    for (; !(square <= most) && shift < MOST_SHIFT; shift++) {
        square *= 0.25f;
        scale *= 0.5f;
    }
    bool is_small = square <= most;
    int16_t *to = (int16_t *)(void *)x;
    for (size_t d = 0; d < s->width; d += LANES) {
        vec v = vec_load(x + d) * vec_splat(scale);
        store_i16(to + d, is_small ? rounded(v) : splat(0));
    }
    return is_small ? shift : -1;
}

static inline void find_survivors(const struct screen *s, const struct least_two *two,
                                  int32_t shift, struct survivors *survivors)
{
    int32_t key[LANES], least = least_lane(two->first);
    ivec limit = splat(least + s->margin);
    uint32_t left = below(two->first, limit), n = 0, place = ~(UINT32_MAX << s->place_bits);
    memcpy(key, &two->first, sizeof key);
    bool is_certain = shift >= 0 && !below(two->second, limit);
    for (; is_certain && left; left &= left - 1) {
        uint32_t lane = (uint32_t)__builtin_ctz(left);
        uint32_t id = ((uint32_t)key[lane] & place) * LANES + lane;
        survivors->id[n++] = id;
        is_certain = id < s->n_code;
    }
    survivors->n = is_certain ? n : 0;
    survivors->least = shift < 0 ? INT32_MIN : least;
}

static void round_rows(const struct screen *s, float *x, size_t n, int32_t *shift)
{
    for (size_t i = 0; i < n; i++) shift[i] = round_in_place(s, x + i * s->width);
}

static void search(const struct screen *s, const struct rounded *r, struct survivors *survivors)
{
    struct least_two two[4];
    size_t n_4 = r->n / 4 * 4;
    for (size_t i = 0; i < n_4; i += 4) {
        scan_4(s, r, i, two);
        for (size_t k = 0; k < 4; k++)
            find_survivors(s, &two[k], r->shift[r->row[i + k]], &survivors[i + k]);
    }
    for (size_t i = n_4; i < r->n; i++) {
        scan_1(s, r, i, two);
        find_survivors(s, two, r->shift[r->row[i]], &survivors[i]);
    }
}

#define SCREEN_PASTE(isa) voq_screen_##isa
#define SCREEN_EXPAND(isa) SCREEN_PASTE(isa)
#define SCREEN_STRING_PASTE(isa) #isa
#define SCREEN_STRING(isa) SCREEN_STRING_PASTE(isa)
const struct screen_kernel SCREEN_EXPAND(ISA) = {
    .name = SCREEN_STRING(ISA), .lanes = LANES, .round = round_rows, .search = search};
