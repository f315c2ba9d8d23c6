/* SPDX-License-Identifier: MIT */
#ifndef VOQ_WRITER_H
#define VOQ_WRITER_H

#include "src/model/layout.h"

/* Writes parts as the bytes of a model file; the caller frees *bytes. */
voq_status voq_serialise_parts(const voq_parts *parts, unsigned char **bytes, size_t *n_byte,
                               voq_error *error);

#endif
