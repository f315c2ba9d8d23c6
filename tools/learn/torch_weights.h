/* SPDX-License-Identifier: MIT */
/* An encoder in floats from a safetensors file, with PyTorch's names and shapes. Layer N of the
   description has, counted from 0,

       conv    layers.N.weight [out][in][taps], layers.N.bias [out] (or none), and where a batch
               norm follows: layers.N.norm.weight, .bias, .running_mean, .running_var [out]; its
               eps is 1e-5. It is folded into the weights.
       gru     layers.N.weight_ih_l0 [3 out][in], .weight_hh_l0 [3 out][out], .bias_ih_l0 and
               .bias_hh_l0 [3 out] (both or none): rows in the order r, z, n
       latent  layers.N.weight [out][in], layers.N.bias [out] (or none)

   A conv may also state the value of one step of its output, layers.N.step: one number above 0. */
#ifndef VOQ_LEARN_TORCH_WEIGHTS_H
#define VOQ_LEARN_TORCH_WEIGHTS_H

#include "tools/learn/float_network.h"
#include "tools/learn/safetensors.h"

/* EXIT_INPUT names the tensor that is missing, has another shape or a value that is not finite, and
   a tensor below "layers." that no layer reads. step[n_layer]: 0 where none is stated. */
bool torch_weights_read(struct float_network *network, const struct encoder_spec *spec,
                        const struct safetensors *file, const char *path, double *step,
                        struct failure *failure);

/* Reads a tensor of this shape as floats. *x is NULL if there is no such tensor; the caller frees
   it. A variance must not be below 0, a deviation ("std") must be above it. advice: what to do
   about another shape, or NULL. */
bool torch_weights_array(const struct safetensors *file, const char *path, const char *name,
                         const uint64_t *shape, size_t n_axis, const char *advice, float **x,
                         struct failure *failure);

#endif
