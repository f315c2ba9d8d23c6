/* SPDX-License-Identifier: MIT */
/* Mel filters, for a group of frames, one per lane.

   The nonzero bins of a filter are one run of neighbours, so it is stored as the first bin, the
   number of bins, and the weights of the run; `weight` holds all runs one after another. The
   energy of a filter is the sum of weight * power over its run, bins ascending, a product and a sum
   per step, never fused. The sum starts at 0: an empty filter has energy 0, which the floor of the
   logarithm raises. */
static void kernel_mel(const struct mel_spec *spec, const float *power, float *mel)
{
    const float *weight = spec->weight;
    for (size_t m = 0; m < spec->n_mel; m++) {
        const float *p = power + spec->first[m] * LANES;
        vec sum = vec_splat(0.0f);
        for (size_t k = 0; k < spec->count[m]; k++)
            sum = sum + vec_splat(weight[k]) * vec_load(p + k * LANES);
        vec_store(mel + m * LANES, sum);
        weight += spec->count[m];
    }
}
