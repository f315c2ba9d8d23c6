/* SPDX-License-Identifier: MIT */
#include "tools/formats/feature_shard_place.h"

#include "tools/base/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

static size_t n_before_suffix(const char *path)
{
    size_t n = strlen(path);
    return n > 4 && strcasecmp(path + n - 4, ".npy") == 0 ? n - 4 : 0;
}

bool feature_shard_place(const char *path, struct feature_shard_place *place)
{
    char digits[2][16];
    const char *end = path + n_before_suffix(path);
    for (int i = 1; i >= 0; i--) {
        const char *begin = end;
        while (begin > path && begin[-1] >= '0' && begin[-1] <= '9') begin--;
        if (begin == path || begin[-1] != '_' || begin == end || end - begin > 9) return false;
        memcpy(digits[i], begin, (size_t)(end - begin));
        digits[i][end - begin] = '\0';
        end = begin - 1;
    }
    place->n_prefix = (size_t)(end - path);
    return parse_u32(digits[0], &place->rank) && parse_u32(digits[1], &place->n_shard) &&
           place->rank < place->n_shard;
}

size_t feature_shard_begin(size_t n, uint32_t rank, uint32_t n_shard)
{
    return (size_t)rint((double)n / n_shard * rank);
}

char *feature_lengths_beside(const char *path)
{
    size_t n = strlen(path);
    char *lengths = n > 4 ? strdup(path) : NULL;
    if (!lengths) return NULL;
    strcpy(lengths + n - 4, ".len");
    struct stat status;
    if (stat(lengths, &status) == 0 && S_ISREG(status.st_mode)) return lengths;
    free(lengths);
    return NULL;
}

bool feature_shard_has_lengths(const char *path)
{
    char *lengths = n_before_suffix(path) ? feature_lengths_beside(path) : NULL;
    free(lengths);
    return lengths != NULL;
}

bool feature_path_is_shard(const char *path)
{
    struct feature_shard_place unused;
    return feature_shard_place(path, &unused) && feature_shard_has_lengths(path);
}
