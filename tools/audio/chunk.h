/* SPDX-License-Identifier: MIT */
/* Containers that are a sequence of chunks: an id, a size, the content. */
#ifndef VOQ_TOOLS_CHUNK_H
#define VOQ_TOOLS_CHUNK_H

#include "tools/audio/byte_source.h"

struct chunk_layout {
    char magic[5], data_id[5]; /* the file's first four bytes; the chunk that holds the audio */
    unsigned first;            /* position of the first chunk */
    unsigned id_bytes;         /* the first four identify a chunk */
    unsigned size_bytes;
    bool is_big_endian;
    bool counts_itself;        /* the size includes id and size */
    unsigned alignment;
    unsigned not_audio;        /* bytes before the audio in the data chunk */
    bool has_more_behind;      /* chunks that describe the audio may follow it */
};

struct chunk {
    bool is_there;             /* false: the bytes end first; the rest is not filled */
    char id[5];
    uint64_t size;             /* of the content, as stated */
    uint64_t size_position;    /* of the field that states it */
    uint64_t content, next;    /* positions; next: UINT64_MAX if it is beyond every file */
};

/* Returns the layout of a file with these first four bytes; NULL: it has no chunks. */
const struct chunk_layout *chunk_layout_find(const unsigned char *magic);

bool chunk_read(struct byte_source *source, const struct chunk_layout *layout, uint64_t position,
                struct chunk *chunk, struct failure *failure);

/* Returns the number that n <= 8 bytes hold. */
uint64_t chunk_number(const unsigned char *bytes, unsigned n, bool is_big_endian);

#endif
