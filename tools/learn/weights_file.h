/* SPDX-License-Identifier: MIT */
/* The weights of a training before they become integers, as a safetensors file with PyTorch's names
   (torch_weights.h), which voq convert reads, and a later training can start from. Beside the
   encoder's layers: codebook [codebooks][codes][dim], mean [in] and std [in] of speech, and what
   the objective has: heads.N.weight and .bias, decoder.N.weight and .bias. */
#ifndef VOQ_LEARN_WEIGHTS_FILE_H
#define VOQ_LEARN_WEIGHTS_FILE_H

#include "tools/learn/learn_data.h"

bool weights_file_write(const char *path, struct learner *learner, const struct learn_data *data,
                        struct failure *failure);

/* Sets the weights that the files have: all of the encoder's, and heads or decoder if they are
   there; of several files that have one, the mean. The codebook is not read; it starts from the
   latents. EXIT_INPUT: a tensor of the encoder is missing, or one has another shape. */
bool weights_files_read(const struct option_texts *paths, struct learner *learner,
                        struct failure *failure);

/* Sets the mean and the standard deviation of the features [dim] to those that the networks of the
   files were trained with; of several files, their means. Files without them change nothing. */
bool weights_files_statistics(const struct option_texts *paths, uint32_t dim, float *mean,
                              float *deviation, struct failure *failure);

#endif
