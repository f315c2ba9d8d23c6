/* SPDX-License-Identifier: MIT */
/* The decoder of a VQ-VAE as the section DECD of its model, which models/README.md describes byte
   by byte. The library keeps the section; tools write and read it here. */
#ifndef VOQ_LEARN_DECODER_SECTION_H
#define VOQ_LEARN_DECODER_SECTION_H

#include "tools/learn/float_network.h"
#include "tools/learn/network.h"

#define DECODER_SECTION "DECD"

/* Makes the bytes of a decoder that was learned; the caller frees them. */
bool decoder_section_make(const struct network *decoder, unsigned char **bytes, size_t *n_byte,
                          struct failure *failure);

/* Reads bytes of unknown origin. A layer of speakers becomes the mean of their vectors. EXIT_USAGE:
   what is wrong with them. The caller frees *network. */
bool decoder_section_read(struct float_network *network, const unsigned char *bytes, size_t n_byte,
                          struct failure *failure);

#endif
