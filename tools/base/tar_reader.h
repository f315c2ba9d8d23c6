/* SPDX-License-Identifier: MIT */
/* Lists the members of a tar, which may be compressed. */
#ifndef VOQ_TOOLS_TAR_READER_H
#define VOQ_TOOLS_TAR_READER_H

#include "tools/base/libarchive.h"

struct tar_reader;

enum tar_kind {
    TAR_FILE,
    TAR_SPARSE, /* a file whose holes are not stored: its bytes are not in one piece */
    TAR_LINK,   /* hard or symbolic */
    TAR_OTHER   /* folders, devices */
};

struct tar_entry {
    const char *name; /* valid until the next call */
    enum tar_kind kind;
    uint64_t offset, size; /* of the data in the unpacked tar */
};

/* How the tar ended. */
struct tar_end {
    uint64_t position;  /* up to where the unpacked tar could be read */
    const char *reason; /* why no further; NULL: at its end. Valid until it is closed */
    bool is_marked;     /* by the blocks of zeros that end a tar */
    bool is_packed;     /* compressed */
};

bool tar_reader_open(struct tar_reader **reader, const struct libarchive *library,
                     const char *path, struct failure *failure);

/* False: the end, or the rest cannot be read. */
bool tar_reader_next(struct tar_reader *reader, struct tar_entry *entry);

/* Reads up to n bytes of the member that was listed last; returns how many. */
size_t tar_reader_data(struct tar_reader *reader, void *bytes, size_t n);

/* Call after the last member. */
struct tar_end tar_reader_end(const struct tar_reader *reader);

void tar_reader_close(struct tar_reader *reader); /* NULL is allowed */

#endif
