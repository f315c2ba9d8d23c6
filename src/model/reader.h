/* SPDX-License-Identifier: MIT */
#ifndef VOQ_READER_H
#define VOQ_READER_H

#include "src/model/layout.h"

/* Takes the bytes of a model file apart; they stay in place. Where they are not aligned to 8, the
   floats that parsed points at must not be followed. The one parser of untrusted bytes: any input
   gives a status, never a crash; errors carry the byte's offset. */
voq_status voq_parse_model(const unsigned char *bytes, size_t n_byte, struct parsed *parsed,
                           voq_error *error);

/* The first 8 bytes of SHA-256 over the hashed sections as 16 hex digits. */
void voq_hash_model(const struct parsed *parsed, char hash[17]);

#endif
