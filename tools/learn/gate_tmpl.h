/* SPDX-License-Identifier: MIT */
/* The gates of a GRU, one step of one piece: r and z from logistic functions, and
       n = tanh(gate_n + r inner),  h = n + z (h_before - n),  inner = c + (U h_before)_n. */
static void gates_row(float *gate, const float *state, const float *c, const float *h_before,
                      size_t n, float *inner, float *h)
{
    for EACH_PART (i, n) {
        size_t left = n - i;
        vec r = logistic_of(part_load(gate + i, left) + part_load(state + i, left));
        vec z = logistic_of(part_load(gate + n + i, left) + part_load(state + n + i, left));
        vec in = part_load(c + i, left) + part_load(state + 2 * n + i, left);
        vec new = tanh_of(part_load(gate + 2 * n + i, left) + r * in);
        part_store(gate + i, r, left);
        part_store(gate + n + i, z, left);
        part_store(gate + 2 * n + i, new, left);
        part_store(inner + i, in, left);
        part_store(h + i, new + z * (part_load(h_before + i, left) - new), left);
    }
}

static void gates_back_row(float *gate, float *inner, const float *h_before, size_t n, float *d)
{
    vec one = vec_splat(1.0f);
    for EACH_PART (i, n) {
        size_t left = n - i;
        vec r = part_load(gate + i, left), z = part_load(gate + n + i, left);
        vec new = part_load(gate + 2 * n + i, left), in = part_load(inner + i, left);
        vec dh = part_load(d + i, left), before = part_load(h_before + i, left);
        vec d_new = dh * (one - z) * (one - new * new);
        vec d_z = dh * (before - new) * (z * (one - z));
        vec d_r = d_new * in * (r * (one - r));
        part_store(gate + i, d_r, left);
        part_store(gate + n + i, d_z, left);
        part_store(gate + 2 * n + i, d_new, left);
        part_store(inner + i, d_new * r, left);
        part_store(d + i, dh * z, left);
    }
}
