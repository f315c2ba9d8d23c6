/* SPDX-License-Identifier: MIT */
#include "tools/eval/utterance_key.h"

#include "tools/base/path.h"
#include "tools/corpus/utterance_name.h"

#include <string.h>

char *utterance_key(const char *name)
{
    struct text_part stem = path_stem(name);
    return path_audio(name) ? strndup(stem.start, stem.length) : strdup(stem.start);
}

char *utterance_speaker(const char *name)
{
    struct text_part speaker = name_speaker((struct text_part){name, strlen(name)}, NULL);
    return speaker.start ? strndup(speaker.start, speaker.length) : strdup(name);
}
