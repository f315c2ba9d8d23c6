/* SPDX-License-Identifier: MIT */
/* Mel filters, for a group of frames, one per lane.

   The nonzero bins of a filter are one run of neighbours, so it is stored as the first bin, the
   number of bins, and the weights of the run; `weight` holds all runs one after another. The
   energy of a filter is the sum of weight * power over its run, bins ascending, a product and a sum
   per step, never fused. The sum starts at 0: an empty filter has energy 0, which the floor of the
   logarithm raises.

   Each step waits for the sum of the one before, so four filters take their steps together as long
   as all four have any. */
static inline vec mel_step(vec sum, const float *weight, const float *power, size_t k)
{
    return sum + vec_splat(weight[k]) * vec_load(power + k * LANES);
}

static inline vec mel_rest(vec sum, const float *weight, const float *power, size_t k, size_t n)
{
    for (; k < n; k++) sum = mel_step(sum, weight, power, k);
    return sum;
}

static const float *mel_of_4(const uint32_t *first, const uint32_t *count, const float *weight,
                             const float *power, float *mel)
{
    const float *w0 = weight, *w1 = w0 + count[0], *w2 = w1 + count[1], *w3 = w2 + count[2];
    const float *p0 = power + first[0] * LANES, *p1 = power + first[1] * LANES;
    const float *p2 = power + first[2] * LANES, *p3 = power + first[3] * LANES;
    size_t n = count[0], k = 0;
    for (size_t i = 1; i < 4; i++) n = count[i] < n ? count[i] : n;
    vec s0 = vec_splat(0.0f), s1 = s0, s2 = s0, s3 = s0;
    for (; k < n; k++) {
        s0 = mel_step(s0, w0, p0, k);
        s1 = mel_step(s1, w1, p1, k);
        s2 = mel_step(s2, w2, p2, k);
        s3 = mel_step(s3, w3, p3, k);
    }
    vec_store(mel, mel_rest(s0, w0, p0, k, count[0]));
    vec_store(mel + LANES, mel_rest(s1, w1, p1, k, count[1]));
    vec_store(mel + 2 * LANES, mel_rest(s2, w2, p2, k, count[2]));
    vec_store(mel + 3 * LANES, mel_rest(s3, w3, p3, k, count[3]));
    return w3 + count[3];
}

static void kernel_mel(const struct mel_spec *spec, const float *power, float *mel)
{
    const float *weight = spec->weight;
    size_t m = 0;
    for (; m + 4 <= spec->n_mel; m += 4)
        weight = mel_of_4(spec->first + m, spec->count + m, weight, power, mel + m * LANES);
    for (; m < spec->n_mel; m++) {
        const float *p = power + spec->first[m] * LANES;
        vec_store(mel + m * LANES, mel_rest(vec_splat(0.0f), weight, p, 0, spec->count[m]));
        weight += spec->count[m];
    }
}
