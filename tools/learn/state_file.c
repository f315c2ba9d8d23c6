/* SPDX-License-Identifier: MIT */
/* The file: the mark, the identity, the number of bytes of all parts, the parts one after another,
   SHA-256 of everything before. Numbers are little-endian, as on every machine that voq runs on. */
#include "tools/learn/state_file.h"

#include "src/model/sha256.h"
#include "tools/base/output_file.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { N_MARK = 16, N_IDENTITY = 64, N_DIGEST = 32 };
static const char mark[N_MARK + 1] = "voq encoder run\n";

static uint64_t total(const struct state_part *part, size_t n_part)
{
    uint64_t n = 0;
    for (size_t i = 0; i < n_part; i++) n += part[i].n_byte;
    return n;
}

static void put(FILE *out, struct sha256 *sha, const void *bytes, size_t n)
{
    fwrite(bytes, 1, n, out);
    voq_sha256_add(sha, bytes, n);
}

bool state_file_write(struct checkpoint_file *file, const char identity[65],
                      const struct state_part *part, size_t n_part, struct failure *failure)
{
    struct output_file *output;
    struct sha256 sha;
    unsigned char digest[N_DIGEST];
    uint64_t n = total(part, n_part);
    if (!file->path) return true;
    if (!checkpoint_file_is_own(file, failure) ||
        !output_file_open(&output, file->path, failure))
        return false;
    FILE *out = output_file_stream(output);
    voq_sha256_begin(&sha);
    put(out, &sha, mark, N_MARK);
    put(out, &sha, identity, N_IDENTITY);
    put(out, &sha, &n, sizeof n);
    for (size_t i = 0; i < n_part; i++) put(out, &sha, part[i].bytes, part[i].n_byte);
    voq_sha256_end(&sha, digest);
    fwrite(digest, 1, sizeof digest, out);
    if (!output_file_commit(output, failure)) return false;
    checkpoint_file_written(file);
    return true;
}

static bool take(FILE *in, struct sha256 *sha, void *bytes, size_t n)
{
    if (fread(bytes, 1, n, in) != n) return false;
    voq_sha256_add(sha, bytes, n);
    return true;
}

static bool damaged(const char *path, struct failure *failure)
{
    return fail(failure, EXIT_USAGE,
                "%s: the checkpoint is damaged; delete it and start again", path);
}

static bool read_parts(FILE *in, const char *path, const char identity[65],
                       const struct state_part *part, size_t n_part, struct failure *failure)
{
    char its_mark[N_MARK], its_identity[N_IDENTITY];
    unsigned char digest[N_DIGEST], its_digest[N_DIGEST];
    struct sha256 sha;
    uint64_t n;
    voq_sha256_begin(&sha);
    if (!take(in, &sha, its_mark, N_MARK) || memcmp(its_mark, mark, N_MARK) != 0)
        return fail(failure, EXIT_USAGE,
                    "%s: is not the checkpoint of an encoder's training; choose another "
                    "--checkpoint", path);
    if (!take(in, &sha, its_identity, N_IDENTITY) || !take(in, &sha, &n, sizeof n))
        return damaged(path, failure);
    if (memcmp(its_identity, identity, N_IDENTITY) != 0)
        return fail(failure, EXIT_USAGE,
                    "%s: the checkpoint belongs to other options or another corpus; use those, or "
                    "delete it", path);
    if (n != total(part, n_part)) return damaged(path, failure);
    for (size_t i = 0; i < n_part; i++)
        if (!take(in, &sha, part[i].bytes, part[i].n_byte)) return damaged(path, failure);
    voq_sha256_end(&sha, digest);
    bool same = fread(its_digest, 1, N_DIGEST, in) == N_DIGEST && fgetc(in) == EOF &&
                memcmp(its_digest, digest, N_DIGEST) == 0;
    return same || damaged(path, failure);
}

bool state_file_read(const char *path, const char identity[65], const struct state_part *part,
                     size_t n_part, struct failure *failure)
{
    FILE *in = fopen(path, "rb");
    if (!in) return fail(failure, EXIT_USAGE, "%s: cannot be read: %s", path, strerror(errno));
    bool good = read_parts(in, path, identity, part, n_part, failure);
    fclose(in);
    return good;
}

bool state_file_cannot_help(const struct checkpoint_file *file, struct failure *failure)
{
    size_t n = strlen(failure->text);
    bool is_of_training = failure->code == EXIT_USAGE || failure->code == EXIT_INPUT;
    if (is_of_training && file->path && file->exists)
        snprintf(failure->text + n, sizeof failure->text - n, "; %s holds the last good state, "
                 "which no other rate can continue: delete it or choose another --checkpoint",
                 file->path);
    return false;
}
