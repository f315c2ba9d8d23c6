/* SPDX-License-Identifier: MIT */
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
