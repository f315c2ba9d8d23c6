/* SPDX-License-Identifier: MIT */
#include "tools/base/libarchive.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    size_t place; /* in struct libarchive */
} functions[] = {
    {"archive_read_new", offsetof(struct libarchive, read_new)},
    {"archive_read_free", offsetof(struct libarchive, read_free)},
    {"archive_read_support_format_tar", offsetof(struct libarchive, support_tar)},
    {"archive_read_support_format_raw", offsetof(struct libarchive, support_raw)},
    {"archive_read_support_filter_gzip", offsetof(struct libarchive, support_gzip)},
    {"archive_read_support_filter_bzip2", offsetof(struct libarchive, support_bzip2)},
    {"archive_read_support_filter_xz", offsetof(struct libarchive, support_xz)},
    {"archive_read_support_filter_zstd", offsetof(struct libarchive, support_zstd)},
    {"archive_read_support_filter_lz4", offsetof(struct libarchive, support_lz4)},
    {"archive_read_set_options", offsetof(struct libarchive, set_options)},
    {"archive_read_open_filename", offsetof(struct libarchive, open_filename)},
    {"archive_read_next_header", offsetof(struct libarchive, next_header)},
    {"archive_read_data", offsetof(struct libarchive, read_data)},
    {"archive_filter_bytes", offsetof(struct libarchive, filter_bytes)},
    {"archive_filter_code", offsetof(struct libarchive, filter_code)},
    {"archive_error_string", offsetof(struct libarchive, error_string)},
    {"archive_entry_pathname", offsetof(struct libarchive, pathname)},
    {"archive_entry_size", offsetof(struct libarchive, size)},
    {"archive_entry_filetype", offsetof(struct libarchive, filetype)},
    {"archive_entry_hardlink", offsetof(struct libarchive, hardlink)},
    {"archive_entry_sparse_count", offsetof(struct libarchive, sparse_count)},
};

static bool find_functions(struct libarchive *library)
{
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        void *function = dlsym(library->handle, functions[i].name);
        if (!function) return false;
        memcpy((char *)library + functions[i].place, &function, sizeof function);
    }
    return true;
}

bool libarchive_load(struct libarchive **library, const char *path, struct failure *failure)
{
    struct libarchive *l = calloc(1, sizeof *l);
    if (!l) return fail_memory(failure);
    l->handle = dlopen("libarchive.so.13", RTLD_NOW | RTLD_LOCAL);
    if (l->handle && find_functions(l)) {
        *library = l;
        return true;
    }
    libarchive_unload(l);
    return fail(failure, EXIT_INPUT,
                "%s: a tar is read by libarchive, which is not installed; install it (Debian and "
                "Ubuntu: the package libarchive13) or unpack the tar", path);
}

void libarchive_unload(struct libarchive *library)
{
    if (!library) return;
    if (library->handle) dlclose(library->handle);
    free(library);
}

static void choose(const struct libarchive *library, struct archive *archive,
                   enum libarchive_content content)
{
    library->support_gzip(archive);
    library->support_bzip2(archive);
    library->support_xz(archive);
    library->support_zstd(archive);
    library->support_lz4(archive);
    if (content == LIBARCHIVE_BYTES) {
        library->support_raw(archive);
        return;
    }
    library->support_tar(archive);
    library->set_options(archive, "tar:read_concatenated_archives");
}

bool libarchive_open(const struct libarchive *library, const char *path,
                     enum libarchive_content content, struct archive **archive,
                     struct failure *failure)
{
    enum { BLOCK_SIZE = 1 << 14 };
    struct archive *a = library->read_new();
    if (!a) return fail_memory(failure);
    choose(library, a, content);
    if (library->open_filename(a, path, BLOCK_SIZE) == LIBARCHIVE_OK) {
        *archive = a;
        return true;
    }
    const char *reason = library->error_string(a);
    fail(failure, EXIT_INPUT, "%s: cannot be read as a tar: %s", path, reason ? reason : "no tar");
    library->read_free(a);
    return false;
}
