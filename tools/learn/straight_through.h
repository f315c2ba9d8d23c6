/* SPDX-License-Identifier: MIT */
/* The gradient past the search: van den Oord, Vinyals and Kavukcuoglu (2017), "Neural discrete
   representation learning", section 3.2, equation 3. With sg() for "constant in the gradient":

       z_q = z_e + sg(z_q - z_e)          straight-through: dL/dz_e = dL/dz_q
       commitment = beta |z_e - sg(z_q)|^2
       codebook loss = |sg(z_e) - z_q|^2  where the codebook is not a moving average

   With residual codebooks, level l is measured by what is left of z_e behind it, r_l = z_e - (c_1 +
   ... + c_l): Lee, Kim, Kim, Cho and Han (2022), "Autoregressive image generation using residual
   quantization", section 3.1. Norms are sums over the dimensions; losses are means over the rows,
   which all count alike.
   The straight-through gradient itself is a copy: the caller adds these gradients to dL/dz_q. */
#ifndef VOQ_LEARN_STRAIGHT_THROUGH_H
#define VOQ_LEARN_STRAIGHT_THROUGH_H

#include "tools/learn/code_sums.h"

/* Residuals of n rows behind one level: r -= codeword[id[i * stride]], as the library has them. */
void residual_behind(float *r, size_t n, uint32_t dim, const float *codeword, const uint32_t *id,
                     size_t stride);

/* row[i] = |r_i|^2 */
void commitment_rows(const float *r, size_t n, uint32_t dim, double *row);

/* dz += scale * r, where scale = 2 beta / n. */
void commitment_gradient(const float *r, size_t n, uint32_t dim, float scale, float *dz);

/* gradient[n_code][dim] -= scale * (sums of r), where scale = 2 / n. */
void codebook_loss_gradient(const struct code_sums *sums, double scale, float *gradient);

#endif
