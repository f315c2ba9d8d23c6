/* SPDX-License-Identifier: MIT */
/* Frames to lanes: samples of each frame, which are neighbours in memory, become vectors of one
   sample of every frame; then DC removal, pre-emphasis and window.

   Four samples are transposed at a time. A vector is put together from four neighbours of every
   fourth frame, so that only pieces of 16 bytes are exchanged, which every instruction set does
   well. Frame and sample numbers of the pieces, for 8 lanes:

       a = 0:0 0:1 0:2 0:3  4:0 4:1 4:2 4:3      sample 0 = 0:0 1:0 2:0 3:0  4:0 5:0 6:0 7:0
       b = 1:0 1:1 1:2 1:3  5:0 5:1 5:2 5:3  ->  sample 1 = 0:1 1:1 2:1 3:1  4:1 5:1 6:1 7:1
       c = 2:0 ...                               ... */

/* Sample s of every frame. Written out, because gcc turns a loop into stores and reloads. */
static inline vec gather(const float *const *frame, size_t s)
{
#if LANES == 1
    return frame[0][s];
#elif LANES == 4
    return (vec){frame[0][s], frame[1][s], frame[2][s], frame[3][s]};
#elif LANES == 8
    return (vec){frame[0][s], frame[1][s], frame[2][s], frame[3][s],
                 frame[4][s], frame[5][s], frame[6][s], frame[7][s]};
#else
    return (vec){frame[0][s],  frame[1][s],  frame[2][s],  frame[3][s], frame[4][s],  frame[5][s],
                 frame[6][s],  frame[7][s],  frame[8][s],  frame[9][s], frame[10][s], frame[11][s],
                 frame[12][s], frame[13][s], frame[14][s], frame[15][s]};
#endif
}

#if defined(__has_builtin)
#if LANES > 1 && __has_builtin(__builtin_shufflevector)
#define HAS_QUADS
#endif
#endif

#ifdef HAS_QUADS
typedef float quad __attribute__((vector_size(16)));

static inline quad quad_load(const float *p)
{
    quad q;
    memcpy(&q, p, sizeof q);
    return q;
}

/* Samples s to s+3 of every fourth frame. */
static inline vec pieces(const float *const *frame, size_t s)
{
#if LANES == 4
    return quad_load(frame[0] + s);
#elif LANES == 8
    return __builtin_shufflevector(quad_load(frame[0] + s), quad_load(frame[4] + s), 0, 1, 2, 3, 4,
                                   5, 6, 7);
#else
    typedef float half __attribute__((vector_size(32)));
    half low = __builtin_shufflevector(quad_load(frame[0] + s), quad_load(frame[4] + s), 0, 1, 2, 3,
                                       4, 5, 6, 7);
    half high = __builtin_shufflevector(quad_load(frame[8] + s), quad_load(frame[12] + s), 0, 1, 2,
                                        3, 4, 5, 6, 7);
    return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
#endif
}

/* Four lanes each of a and b, by their numbers in a piece, the same in every piece; those of b are
   given plus LANES. */
#if LANES == 4
#define EXCHANGE(a, b, i, j, k, l) __builtin_shufflevector(a, b, i, j, k, l)
#elif LANES == 8
#define EXCHANGE(a, b, i, j, k, l)                                                                 \
    __builtin_shufflevector(a, b, i, j, k, l, i + 4, j + 4, k + 4, l + 4)
#else
#define EXCHANGE(a, b, i, j, k, l)                                                                 \
    __builtin_shufflevector(a, b, i, j, k, l, i + 4, j + 4, k + 4, l + 4, i + 8, j + 8, k + 8,     \
                            l + 8, i + 12, j + 12, k + 12, l + 12)
#endif

/* x[s] to x[s + 3], scaled, from the frames; returns sum plus them, in their order. */
static inline vec take_four(const float *const *frame, size_t s, vec scale, float *x, vec sum)
{
    vec a = pieces(frame, s) * scale, b = pieces(frame + 1, s) * scale;
    vec c = pieces(frame + 2, s) * scale, d = pieces(frame + 3, s) * scale;
    vec ab = EXCHANGE(a, b, 0, LANES, 1, LANES + 1), cd = EXCHANGE(c, d, 0, LANES, 1, LANES + 1);
    vec AB = EXCHANGE(a, b, 2, LANES + 2, 3, LANES + 3);
    vec CD = EXCHANGE(c, d, 2, LANES + 2, 3, LANES + 3);
    a = EXCHANGE(ab, cd, 0, 1, LANES, LANES + 1);
    b = EXCHANGE(ab, cd, 2, 3, LANES + 2, LANES + 3);
    c = EXCHANGE(AB, CD, 0, 1, LANES, LANES + 1);
    d = EXCHANGE(AB, CD, 2, 3, LANES + 2, LANES + 3);
    x += s * LANES;
    vec_store(x, a);
    vec_store(x + LANES, b);
    vec_store(x + 2 * LANES, c);
    vec_store(x + 3 * LANES, d);
    return sum + a + b + c + d;
}
#endif

/* x[n][lane] from the frames, scaled; returns their sum. */
static vec take_samples(const float *const *frame, size_t n, vec scale, float *x)
{
    vec sum = vec_splat(0.0f);
    size_t s = 0;
#ifdef HAS_QUADS
    for (; s + 4 <= n; s += 4) sum = take_four(frame, s, scale, x, sum);
#endif
    for (; s < n; s++) {
        vec v = gather(frame, s) * scale;
        vec_store(x + s * LANES, v);
        sum = sum + v;
    }
    return sum;
}

/* DC removal, pre-emphasis, window; the energies only if they are asked for. */
static inline void shape(const struct frame_spec *spec, vec mean, float *x, float *energy_raw,
                         float *energy_windowed)
{
    vec preemphasis = vec_splat(spec->preemphasis), previous = vec_load(x) - mean;
    vec raw = vec_splat(0.0f), windowed = raw;
    for (size_t s = 0; s < spec->n_window; s++) {
        vec v = vec_load(x + s * LANES) - mean;
        vec y = (v - preemphasis * previous) * vec_splat(spec->window[s]);
        vec_store(x + s * LANES, y);
        if (energy_raw) raw = raw + v * v;
        if (energy_raw) windowed = windowed + y * y;
        previous = v;
    }
    if (!energy_raw) return;
    vec_store(energy_raw, raw);
    vec_store(energy_windowed, windowed);
}

static void kernel_frames(const struct frame_spec *spec, const float *const *frame, size_t n_frame,
                          float *x, float *energy_raw, float *energy_windowed)
{
    const float *source[LANES];
    for (size_t lane = 0; lane < LANES; lane++) source[lane] = frame[lane < n_frame ? lane : 0];

    size_t n = spec->n_window;
    vec sum = take_samples(source, n, vec_splat(spec->scale), x);
    vec mean = spec->remove_dc ? sum / vec_splat((float)n) : vec_splat(0.0f);
    if (energy_raw)
        shape(spec, mean, x, energy_raw, energy_windowed);
    else
        shape(spec, mean, x, NULL, NULL);
    memset(x + n * LANES, 0, (spec->n_fft - n) * LANES * sizeof *x);
}
