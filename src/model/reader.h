/* SPDX-License-Identifier: MIT */
#ifndef VOQ_READER_H
#define VOQ_READER_H

#include "src/model/layout.h"

/* Parses the bytes of a model file in place. Where they are not aligned to 8, the pointers to
   floats in *parsed must not be dereferenced. The one parser of untrusted bytes: any input returns
   a status, never crashes; errors hold the byte's offset. */
voq_status voq_parse_model(const unsigned char *bytes, size_t n_byte, struct parsed *parsed,
                           voq_error *error);

/* Returns the section whose type the 4 bytes are, or -1. */
int voq_section_of(const void *type);

/* Writes section[parsed.n_other], those that are not read, of bytes that have been parsed. */
void voq_find_other_sections(const unsigned char *bytes, voq_section *section);

/* Returns the first 8 bytes of SHA-256 over the hashed sections, the first as the highest. */
uint64_t voq_hash_model(const struct parsed *parsed);

#endif
