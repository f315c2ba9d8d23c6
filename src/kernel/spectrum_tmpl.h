/* SPDX-License-Identifier: MIT */
/* The power or the magnitude of each bin, for a group of frames, one per lane.

   The FFT leaves [bin][re, im][lane], so both parts of a bin are loads of whole vectors. Power is
   re*re + im*im: two products and a sum, never fused. The magnitude is its square root, which IEEE
   arithmetic rounds correctly, so that a lane at a time has the bits of a vector instruction. Bin k
   is written where bins up to k were read, so the result may overwrite the spectrum. */
static vec square_root(vec x)
{
#if LANES == 1
    return __builtin_sqrtf(x);
#else
    for (size_t lane = 0; lane < LANES; lane++) x[lane] = __builtin_sqrtf(x[lane]);
    return x;
#endif
}

static inline vec power_of(vec re, vec im, bool magnitude)
{
    vec p = re * re + im * im;
    return magnitude ? square_root(p) : p;
}

static inline void power_store(float *power, vec re, vec im, bool magnitude)
{
    vec_store(power, power_of(re, im, magnitude));
}

static void power_of_spectrum(const float *spectrum, size_t n_bin, bool magnitude, float *power)
{
    for (size_t k = 0; k < n_bin; k++)
        power_store(power + k * LANES, vec_load(spectrum + 2 * k * LANES),
                    vec_load(spectrum + (2 * k + 1) * LANES), magnitude);
}
