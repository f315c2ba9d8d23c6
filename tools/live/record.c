/* SPDX-License-Identifier: MIT */
#include "tools/live/record.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct record {
    int file;
    FILE *gaps; /* NULL until the first gap */
    char *path, *gaps_path;
    uint32_t rate_hz;
    bool begun;
    uint64_t n_sample; /* in the file */
    size_t n_waiting, most_waiting;
    unsigned char waiting[RECORD_WAITING * 4]; /* bytes of samples that are not yet written */
};

static unsigned char *put_tag(unsigned char *at, const char *tag)
{
    memcpy(at, tag, 4);
    return at + 4;
}

static unsigned char *put_bytes(unsigned char *at, uint64_t value, int n)
{
    for (int i = 0; i < n; i++) *at++ = (unsigned char)(value >> (8 * i));
    return at;
}

/* "JUNK" reserves the place of "ds64", which holds 64-bit sizes (EBU Tech 3306). */
void record_header(unsigned char header[RECORD_HEADER_BYTES], uint64_t n_sample, uint32_t rate_hz)
{
    enum { FLOAT = 3, BYTES = 4, DS64_BYTES = 28, FMT_BYTES = 18, FACT_BYTES = 4 };
    uint64_t data = n_sample * BYTES, riff = RECORD_HEADER_BYTES - 8 + data;
    bool large = riff > UINT32_MAX;
    unsigned char *at = header;
    at = put_tag(at, large ? "RF64" : "RIFF");
    at = put_bytes(at, large ? UINT32_MAX : riff, 4);
    at = put_tag(at, "WAVE");

    at = put_tag(at, large ? "ds64" : "JUNK");
    at = put_bytes(at, DS64_BYTES, 4);
    at = put_bytes(at, large ? riff : 0, 8);
    at = put_bytes(at, large ? data : 0, 8);
    at = put_bytes(at, large ? n_sample : 0, 8);
    at = put_bytes(at, 0, 4);

    at = put_tag(at, "fmt ");
    at = put_bytes(at, FMT_BYTES, 4);
    at = put_bytes(at, FLOAT, 2);
    at = put_bytes(at, 1, 2);
    at = put_bytes(at, rate_hz, 4);
    at = put_bytes(at, (uint64_t)rate_hz * BYTES, 4);
    at = put_bytes(at, BYTES, 2);
    at = put_bytes(at, 8 * BYTES, 2);
    at = put_bytes(at, 0, 2);

    at = put_tag(at, "fact");
    at = put_bytes(at, FACT_BYTES, 4);
    at = put_bytes(at, large ? UINT32_MAX : n_sample, 4);

    at = put_tag(at, "data");
    put_bytes(at, large ? UINT32_MAX : data, 4);
}

static bool fail_write(const char *path, struct failure *failure)
{
    return fail(failure, EXIT_OUTPUT, "%s: %s; the recording stops here", path, strerror(errno));
}

static bool write_at(const struct record *record, const void *bytes, size_t n, uint64_t position,
                     struct failure *failure)
{
    const unsigned char *from = bytes;
    while (n > 0) {
        ssize_t written = pwrite(record->file, from, n, (off_t)position);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return fail_write(record->path, failure);
        from += written;
        position += (uint64_t)written;
        n -= (size_t)written;
    }
    return true;
}

static bool write_header(const struct record *record, struct failure *failure)
{
    unsigned char header[RECORD_HEADER_BYTES];
    record_header(header, record->n_sample, record->rate_hz);
    return write_at(record, header, sizeof header, 0, failure);
}

static void record_free(struct record *record)
{
    if (record->file >= 0) close(record->file);
    if (record->gaps) fclose(record->gaps);
    free(record->path);
    free(record->gaps_path);
    free(record);
}

/* Samples and header are written at offsets, which pipes do not support; opening a pipe would even
   wait for a reader. A device may support them. */
static bool has_places(const struct stat *status)
{
    return S_ISREG(status->st_mode) || S_ISCHR(status->st_mode);
}

static bool open_file(struct record *record, struct failure *failure)
{
    struct stat status;
    bool exists = stat(record->path, &status) == 0;
    if (!exists || has_places(&status)) {
        record->file = open(record->path,
                            O_WRONLY | O_CREAT | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0666);
        if (record->file < 0 || fstat(record->file, &status) != 0)
            return fail(failure, EXIT_OUTPUT, "%s: %s", record->path, strerror(errno));
    }
    return has_places(&status) ||
           fail(failure, EXIT_USAGE, "%s: is not a regular file; choose a file for --record",
                record->path);
}

bool record_open(struct record **out, const char *path, uint32_t rate_hz, struct failure *failure)
{
    struct record *record = calloc(1, sizeof *record);
    if (!record) return fail_memory(failure);
    size_t n = strlen(path) + sizeof ".gaps";
    record->rate_hz = rate_hz;
    record->most_waiting = rate_hz < 4 * RECORD_WAITING ? rate_hz / 4 : RECORD_WAITING;
    record->file = -1;
    record->path = strdup(path);
    record->gaps_path = malloc(n);
    bool good = record->path && record->gaps_path;
    if (!good) fail_memory(failure);
    if (good) {
        snprintf(record->gaps_path, n, "%s.gaps", path);
        good = open_file(record, failure);
    }
    if (good)
        *out = record;
    else
        record_free(record);
    return good;
}

/* If no device is found, the previous recording must not be lost. */
static bool begin(struct record *record, struct failure *failure)
{
    if (record->begun) return true;
    record->begun = true;
    if (ftruncate(record->file, 0) != 0 && errno != EINVAL)
        return fail_write(record->path, failure);
    if (unlink(record->gaps_path) != 0 && errno != ENOENT)
        return fail_write(record->gaps_path, failure);
    return write_header(record, failure);
}

/* Samples are written before the header that counts them, so that a run killed in between leaves a
   file that is longer than its header states, never shorter. */
static bool write_waiting(struct record *record, struct failure *failure)
{
    size_t n = record->n_waiting;
    if (n == 0) return true;
    record->n_waiting = 0;
    if (!write_at(record, record->waiting, 4 * n, RECORD_HEADER_BYTES + 4 * record->n_sample,
                  failure))
        return false;
    record->n_sample += n;
    return write_header(record, failure);
}

bool record_samples(struct record *record, const float *x, size_t n, struct failure *failure)
{
    if (!begin(record, failure)) return false;
    for (size_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, &x[i], 4);
        put_bytes(record->waiting + 4 * record->n_waiting++, bits, 4);
        if (record->n_waiting < record->most_waiting) continue;
        if (!write_waiting(record, failure)) return false;
    }
    return true;
}

bool record_gap(struct record *record, uint64_t lost, const char *why, struct failure *failure)
{
    if (!begin(record, failure) || !write_waiting(record, failure)) return false;
    if (!record->gaps) record->gaps = fopen(record->gaps_path, "wxe");
    if (!record->gaps) return fail_write(record->gaps_path, failure);
    fprintf(record->gaps, "%" PRIu64 "\t%" PRIu64 "\t%s\n", record->n_sample, lost, why);
    return fflush(record->gaps) == 0 || fail_write(record->gaps_path, failure);
}

bool record_close(struct record *record, struct failure *failure)
{
    if (!record) return true;
    struct stat status;
    if (!record->begun && fstat(record->file, &status) == 0 && status.st_size == 0)
        unlink(record->path);
    bool good = write_waiting(record, failure);
    if (close(record->file) != 0 && good) good = fail_write(record->path, failure);
    record->file = -1;
    record_free(record);
    return good;
}
