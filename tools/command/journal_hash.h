/* SPDX-License-Identifier: MIT */
/* The hashes by which a journal and the record of a shard recognise their run. */
#ifndef VOQ_TOOLS_JOURNAL_HASH_H
#define VOQ_TOOLS_JOURNAL_HASH_H

#include <stddef.h>
#include <stdint.h>

/* A 64-bit hash that starts at JOURNAL_HASH_START. */
#define JOURNAL_HASH_START 0xcbf29ce484222325u
uint64_t journal_hash(uint64_t hash, const void *bytes, size_t n_byte);
uint64_t journal_hash_text(uint64_t hash, const char *text); /* NULL differs from "" */

#endif
