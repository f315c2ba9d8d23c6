/* SPDX-License-Identifier: MIT */
/* Any bytes as a file that may be packed by gzip. Read in pieces of any size it holds the same. */
#define _GNU_SOURCE
#include "tests/fuzz/memory_file.h"
#include "tools/base/unpacked_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { MOST = 1 << 16 }; /* what is looked at of a file that unpacks to much more */

struct content {
    size_t n;
    bool is_good;
    uint8_t byte[MOST];
};

static void read_in_pieces(struct content *content, const char *path, size_t piece)
{
    struct unpacked_file *file;
    struct failure failure = {0};
    size_t got = 1;
    content->n = 0;
    if (!unpacked_file_open(&file, path, &failure)) abort();
    do {
        size_t room = MOST - content->n;
        content->is_good = unpacked_file_read(file, content->byte + content->n,
                                              piece < room ? piece : room, &got, &failure);
        if (!content->is_good && (failure.code != EXIT_INPUT || !failure.text[0])) abort();
        if (content->is_good) content->n += got;
    } while (content->is_good && got > 0 && content->n < MOST);
    unpacked_file_close(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct content whole, part;
    struct memory_file file = memory_file_open(data, n);
    read_in_pieces(&whole, file.path, MOST);
    read_in_pieces(&part, file.path, 7);
    bool is_packed = n >= 2 && data[0] == 0x1F && data[1] == 0x8B;
    if (!is_packed && (!whole.is_good || whole.n != (n < MOST ? n : MOST))) abort();
    if (whole.is_good && (!part.is_good || part.n != whole.n)) abort();
    if (memcmp(whole.byte, part.byte, whole.n < part.n ? whole.n : part.n) != 0) abort();
    memory_file_close(&file);
    return 0;
}
