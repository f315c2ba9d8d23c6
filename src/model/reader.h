/* SPDX-License-Identifier: MIT */
#ifndef VOQ_READER_H
#define VOQ_READER_H

#include "src/model/layout.h"

/* Takes the bytes of a model file apart; they are aligned to 8 and stay in place. The one parser of
   untrusted bytes: any input gives a status, never a crash; errors carry the byte's offset. */
voq_status parse_model(const unsigned char *bytes, size_t n_byte, struct parsed *parsed,
                       voq_error *error);

/* The first 8 bytes of SHA-256 over the hashed sections as 16 hex digits. */
void hash_model(const struct parsed *parsed, char hash[17]);

#endif
