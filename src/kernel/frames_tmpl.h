/* SPDX-License-Identifier: MIT */
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

static void kernel_frames(const struct frame_spec *spec, const float *const *frame, size_t n_frame,
                          float *x, float *energy_raw, float *energy_windowed)
{
    const float *source[LANES];
    for (size_t lane = 0; lane < LANES; lane++) source[lane] = frame[lane < n_frame ? lane : 0];

    size_t n = spec->n_window;
    vec scale = vec_splat(spec->scale), sum = vec_splat(0.0f);
    for (size_t s = 0; s < n; s++) {
        vec v = gather(source, s) * scale;
        vec_store(x + s * LANES, v);
        sum = sum + v;
    }

    vec mean = spec->remove_dc ? sum / vec_splat((float)n) : vec_splat(0.0f);
    vec preemphasis = vec_splat(spec->preemphasis), previous = vec_load(x) - mean;
    vec raw = vec_splat(0.0f), windowed = vec_splat(0.0f);
    for (size_t s = 0; s < n; s++) {
        vec v = vec_load(x + s * LANES) - mean;
        vec y = (v - preemphasis * previous) * vec_splat(spec->window[s]);
        vec_store(x + s * LANES, y);
        raw = raw + v * v;
        windowed = windowed + y * y;
        previous = v;
    }
    vec_store(energy_raw, raw);
    vec_store(energy_windowed, windowed);
    memset(x + n * LANES, 0, (spec->n_fft - n) * LANES * sizeof *x);
}
