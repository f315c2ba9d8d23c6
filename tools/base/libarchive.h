/* SPDX-License-Identifier: MIT */
/* The functions of libarchive that read tars. The library is loaded when the first tar is read: to
   link it would slow down every start. Its headers are not needed. */
#ifndef VOQ_TOOLS_LIBARCHIVE_H
#define VOQ_TOOLS_LIBARCHIVE_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct archive;
struct archive_entry;

enum { LIBARCHIVE_EOF = 1, LIBARCHIVE_OK = 0, LIBARCHIVE_WARN = -20 };

struct libarchive {
    void *handle;
    struct archive *(*read_new)(void);
    int (*read_free)(struct archive *archive);
    int (*support_tar)(struct archive *archive);
    int (*support_raw)(struct archive *archive);
    int (*support_gzip)(struct archive *archive);
    int (*support_bzip2)(struct archive *archive);
    int (*support_xz)(struct archive *archive);
    int (*support_zstd)(struct archive *archive);
    int (*support_lz4)(struct archive *archive);
    int (*set_options)(struct archive *archive, const char *options);
    int (*open_filename)(struct archive *archive, const char *path, size_t block_size);
    int (*next_header)(struct archive *archive, struct archive_entry **entry);
    ssize_t (*read_data)(struct archive *archive, void *bytes, size_t n);
    int64_t (*filter_bytes)(struct archive *archive, int filter); /* 0: unpacked */
    int (*filter_code)(struct archive *archive, int filter);      /* 0: not compressed */
    const char *(*error_string)(struct archive *archive);
    const char *(*pathname)(struct archive_entry *entry);
    int64_t (*size)(struct archive_entry *entry);
    mode_t (*filetype)(struct archive_entry *entry);
    const char *(*hardlink)(struct archive_entry *entry);
    int (*sparse_count)(struct archive_entry *entry);
};

/* Fails with EXIT_INPUT and the name of the package; path is the tar that needs it. */
bool libarchive_load(struct libarchive **library, const char *path, struct failure *failure);
void libarchive_unload(struct libarchive *library); /* NULL is allowed */

enum libarchive_content {
    LIBARCHIVE_MEMBERS, /* of a tar */
    LIBARCHIVE_BYTES    /* of a compressed file */
};

/* Opens a file that may be compressed. Close it by read_free. */
bool libarchive_open(const struct libarchive *library, const char *path,
                     enum libarchive_content content, struct archive **archive,
                     struct failure *failure);

#endif
