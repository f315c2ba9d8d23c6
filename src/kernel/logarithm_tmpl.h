/* SPDX-License-Identifier: MIT */
/* Natural logarithm of a positive normal number, by exact operations only. Shared with training.
   x = 2^e * (1 + f) with 1 + f within sqrt(1/2)..sqrt(2), and with s = f / (2 + f)
       log(1 + f) = 2 atanh(s) = 2s + s R,  R = 2/3 s^2 + 2/5 s^4 + 2/7 s^6 + 2/9 s^8,
   2s written as f - s f. The terms left out are below 1e-9. */
static vec log_of(vec x)
{
    uvec sqrt_half = vec_bits(vec_splat(0.70710677f));
    ivec e = (ivec)(vec_bits(x) - sqrt_half) >> 23;
    vec f = vec_from_bits(vec_bits(x) - ((uvec)e << 23)) - vec_splat(1.0f);
    vec s = f / (f + vec_splat(2.0f));
    vec z = s * s;
    vec r = vec_splat(2.0f / 9.0f) * z + vec_splat(2.0f / 7.0f);
    r = r * z + vec_splat(2.0f / 5.0f);
    r = r * z + vec_splat(2.0f / 3.0f);
    r = r * z;
    vec k = vec_from_int(e);
    /* log(2) in two parts; the first has 9 trailing zero bits, so k times it is exact */
    vec high = k * vec_splat(0.693145751953125f), low = k * vec_splat(1.42860677e-6f);
    return high + (f - (s * (f - r) - low));
}
