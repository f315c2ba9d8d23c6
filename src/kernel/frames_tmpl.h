/* SPDX-License-Identifier: MIT */
static void kernel_frames(const struct frame_spec *spec, const float *const *frame, size_t n_frame,
                          float *x, float *energy_raw, float *energy_windowed)
{
    size_t n = spec->n_window;
    for (size_t lane = 0; lane < LANES; lane++)
        for (size_t s = 0; s < n; s++)
            x[s * LANES + lane] = lane < n_frame ? frame[lane][s] : 0.0f;

    vec scale = vec_splat(spec->scale), sum = vec_splat(0.0f);
    for (size_t s = 0; s < n; s++) {
        vec v = vec_load(x + s * LANES) * scale;
        vec_store(x + s * LANES, v);
        sum = sum + v;
    }
    vec mean = spec->remove_dc ? sum / vec_splat((float)n) : vec_splat(0.0f);
    vec raw = vec_splat(0.0f);
    for (size_t s = 0; s < n; s++) {
        vec v = vec_load(x + s * LANES) - mean;
        vec_store(x + s * LANES, v);
        raw = raw + v * v;
    }
    vec_store(energy_raw, raw);

    vec preemphasis = vec_splat(spec->preemphasis), windowed = vec_splat(0.0f);
    vec previous = vec_load(x);
    for (size_t s = 0; s < n; s++) {
        vec v = vec_load(x + s * LANES);
        vec y = (v - preemphasis * previous) * vec_splat(spec->window[s]);
        vec_store(x + s * LANES, y);
        windowed = windowed + y * y;
        previous = v;
    }
    vec_store(energy_windowed, windowed);
    memset(x + n * LANES, 0, (spec->n_fft - n) * LANES * sizeof *x);
}
