/* SPDX-License-Identifier: MIT */
#include "tools/base/digest.h"

#include "src/model/sha256.h"
#include "tools/base/folder_walk.h"
#include "tools/base/number.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static bool add_file(struct sha256 *sha, const char *path, struct failure *failure)
{
    char bytes[4096];
    size_t n;
    FILE *file = fopen(path, "rb");
    if (!file) return fail(failure, EXIT_INPUT, "%s: cannot be read: %s", path, strerror(errno));
    while ((n = fread(bytes, 1, sizeof bytes, file)) > 0) voq_sha256_add(sha, bytes, n);
    bool good = !ferror(file);
    fclose(file);
    return good || fail(failure, EXIT_INPUT, "%s: cannot be read", path);
}

static bool takes_all(const void *context, const char *name)
{
    (void)context;
    (void)name;
    return true;
}

static bool add_folder(struct sha256 *sha, const char *path, struct failure *failure)
{
    const struct folder_filter all = {.takes = takes_all};
    struct folder_paths paths = {0};
    bool good = folder_walk(&paths, path, all, failure);
    for (size_t i = 0; good && i < paths.n; i++) {
        const char *name = paths.path[i] + strlen(path);
        voq_sha256_add(sha, name, strlen(name) + 1);
        good = add_file(sha, paths.path[i], failure);
    }
    folder_paths_free(&paths);
    return good;
}

static void end(struct sha256 *sha, char hex[DIGEST_HEX])
{
    unsigned char digest[DIGEST_HEX / 2];
    voq_sha256_end(sha, digest);
    format_hex(hex, digest, sizeof digest);
}

void text_digest(const char *text, char hex[DIGEST_HEX])
{
    struct sha256 sha;
    voq_sha256_begin(&sha);
    voq_sha256_add(&sha, text, strlen(text));
    end(&sha, hex);
}

bool file_has_digest(const char *path, struct failure *failure)
{
    struct stat status;
    bool exists = stat(path, &status) == 0;
    bool is_kept = exists ? S_ISREG(status.st_mode) || S_ISDIR(status.st_mode)
                          : strcmp(path, "-") != 0;
    return is_kept || fail(failure, EXIT_INPUT, "%s: is a pipe or a device, but it is read more "
                           "than once; give a file", path);
}

bool file_digest(const char *path, char hex[DIGEST_HEX], struct failure *failure)
{
    struct sha256 sha;
    struct stat status;
    if (!file_has_digest(path, failure)) return false;
    voq_sha256_begin(&sha);
    bool is_folder = stat(path, &status) == 0 && S_ISDIR(status.st_mode);
    if (!(is_folder ? add_folder(&sha, path, failure) : add_file(&sha, path, failure)))
        return false;
    end(&sha, hex);
    return true;
}
