/* SPDX-License-Identifier: MIT */
#include "tools/base/tar_reader.h"

#include <stdlib.h>
#include <sys/stat.h>

struct tar_reader {
    const struct libarchive *library;
    struct archive *archive;
    uint64_t data_end; /* of the last member */
    bool is_broken;
};

bool tar_reader_open(struct tar_reader **reader, const struct libarchive *library,
                     const char *path, struct failure *failure)
{
    struct tar_reader *r = calloc(1, sizeof *r);
    if (!r) return fail_memory(failure);
    r->library = library;
    if (libarchive_open(library, path, LIBARCHIVE_MEMBERS, &r->archive, failure)) {
        *reader = r;
        return true;
    }
    tar_reader_close(r);
    return false;
}

static enum tar_kind kind_of(const struct libarchive *library, struct archive_entry *entry)
{
    if (library->hardlink(entry) || S_ISLNK(library->filetype(entry))) return TAR_LINK;
    if (!S_ISREG(library->filetype(entry))) return TAR_OTHER;
    return library->sparse_count(entry) > 0 ? TAR_SPARSE : TAR_FILE;
}

bool tar_reader_next(struct tar_reader *r, struct tar_entry *entry)
{
    const struct libarchive *library = r->library;
    struct archive_entry *header;
    int status = library->next_header(r->archive, &header);
    r->is_broken = status != LIBARCHIVE_OK && status != LIBARCHIVE_WARN && status != LIBARCHIVE_EOF;
    if (status == LIBARCHIVE_EOF || r->is_broken) return false;
    const char *name = library->pathname(header);
    entry->name = name ? name : "";
    entry->kind = kind_of(library, header);
    entry->offset = (uint64_t)library->filter_bytes(r->archive, 0);
    entry->size = (uint64_t)library->size(header);
    r->data_end = entry->offset + entry->size;
    return true;
}

size_t tar_reader_data(struct tar_reader *r, void *bytes, size_t n)
{
    size_t n_read = 0;
    while (n_read < n) {
        ssize_t k = r->library->read_data(r->archive, (char *)bytes + n_read, n - n_read);
        if (k <= 0) break;
        n_read += (size_t)k;
    }
    return n_read;
}

struct tar_end tar_reader_end(const struct tar_reader *r)
{
    enum { TAR_BLOCK = 512 };
    const char *reason = r->library->error_string(r->archive);
    struct tar_end end = {.position = (uint64_t)r->library->filter_bytes(r->archive, 0),
                          .is_packed = r->library->filter_code(r->archive, 0) != 0};
    if (r->is_broken) end.reason = reason ? reason : "damaged";
    end.is_marked = end.position >= r->data_end + TAR_BLOCK;
    return end;
}

void tar_reader_close(struct tar_reader *r)
{
    if (!r) return;
    if (r->archive) r->library->read_free(r->archive);
    free(r);
}
