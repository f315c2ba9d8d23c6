/* SPDX-License-Identifier: MIT */
/* Any bytes as an Ogg, FLAC or MPEG file whose streams are searched for. If the first byte is odd
   the pages get their right checksums first. What is found lies in the file and in order. */
#define _GNU_SOURCE
#include "tests/fuzz/memory_file.h"
#include "tools/audio/link_search.h"

enum { HEAD = 27 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static size_t page_bytes(const uint8_t *page, size_t n)
{
    if (n < HEAD || n < HEAD + (size_t)page[26]) return 0;
    size_t length = HEAD + (size_t)page[26];
    for (size_t i = 0; i < page[26]; i++) length += page[HEAD + i];
    return length <= n ? length : 0;
}

static void seal(uint8_t *page, size_t n)
{
    uint32_t sum = 0;
    memset(page + 22, 0, 4);
    for (size_t i = 0; i < n; i++) {
        sum ^= (uint32_t)page[i] << 24;
        for (int bit = 0; bit < 8; bit++) sum = sum << 1 ^ (sum >> 31 ? 0x04c11db7u : 0);
    }
    for (int i = 0; i < 4; i++) page[22 + i] = (uint8_t)(sum >> 8 * i);
}

static void seal_all(uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n;) {
        uint8_t *page = memmem(bytes + i, n - i, "OggS", 4);
        if (!page) return;
        i = (size_t)(page - bytes);
        size_t length = page_bytes(page, n - i);
        if (length > 0) seal(page, length);
        i += length > 0 ? length : 4;
    }
}

static void check_range(struct byte_range range, uint64_t *least, size_t n)
{
    if (range.begin < *least || range.end < range.begin || range.end > n) abort();
    *least = range.end;
}

static void check_links(const struct stream_links *links, size_t n)
{
    size_t n_run = 0;
    uint64_t run_end = 0;
    if (links->n_link == 0 || links->n_junk > n) abort();
    for (size_t i = 0; i < links->n_link; i++) {
        const struct stream_link *link = &links->link[i];
        uint64_t header_end = link->begin;
        if (link->n_run == 0 || link->first_run != n_run || link->begin > n) abort();
        for (size_t k = 0; k < link->n_header; k++) check_range(link->header[k], &header_end, n);
        for (size_t k = 0; k < link->n_run; k++)
            check_range(links->run[n_run + k].bytes, &run_end, n);
        n_run += link->n_run;
    }
    if (n_run != links->n_run) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n < 2) return 0;
    uint8_t *bytes = malloc(n - 1);
    if (!bytes) return 0;
    memcpy(bytes, data + 1, n - 1);
    if (data[0] & 1) seal_all(bytes, n - 1);
    struct memory_file file = memory_file_open(bytes, n - 1);
    struct audio_request request = {.path = file.path};
    struct byte_source *source;
    struct stream_links links;
    struct failure failure;
    if (byte_source_open(&source, &request, &failure)) {
        if (stream_links_find(&links, source, 0, &failure)) check_links(&links, n - 1);
        stream_links_free(&links);
        byte_source_close(source);
    }
    memory_file_close(&file);
    free(bytes);
    return 0;
}
