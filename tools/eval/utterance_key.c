/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* strndup, strcasecmp */
#include "tools/eval/utterance_key.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

static const char *without_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

char *utterance_stem(const char *path)
{
    const char *name = without_folder(path), *dot = strrchr(name, '.');
    return strndup(name, dot && dot > name ? (size_t)(dot - name) : strlen(name));
}

char *utterance_key(const char *name)
{
    static const char *const suffix[] = {".wav", ".flac", ".ogg",  ".opus", ".mp3", ".sph",
                                         ".m4a", ".aiff", ".aif",  ".au",   ".caf", ".w64",
                                         ".raw", ".pcm",  ".oga",  ".rf64", ".nist"};
    const char *base = without_folder(name), *dot = strrchr(base, '.');
    if (dot && dot > base)
        for (size_t i = 0; i < sizeof suffix / sizeof *suffix; i++)
            if (strcasecmp(dot, suffix[i]) == 0) return strndup(base, (size_t)(dot - base));
    return strdup(base);
}

char *utterance_speaker(const char *name)
{
    return strndup(name, strcspn(name, "-"));
}
