/* SPDX-License-Identifier: MIT */
/* What one line of a JSON Lines manifest states about an utterance, under any of the known keys. */
#ifndef VOQ_TOOLS_JSON_ENTRY_H
#define VOQ_TOOLS_JSON_ENTRY_H

#include "tools/base/json.h"
#include "tools/corpus/utterance_list.h"

struct json_manifest {
    struct corpus *corpus;
    struct line_reader *reader;
    const char *list;
    struct failure *failure;
};

struct json_entry {
    const char *file;
    const char *id, *speaker; /* NULL: not stated */
    double offset, duration;  /* seconds; NAN: not stated */
    int16_t channel;          /* as in struct utterance */
};

/* Fails with "LIST:LINE: ...". */
#define json_manifest_fail(m, ...) line_reader_fail((m)->reader, (m)->failure, __VA_ARGS__)

/* *text = the text of a string or number; NULL if the key is absent or null. */
bool json_entry_text(const struct json_manifest *m, const struct json *object, const char *key,
                     const char **text);

/* *seconds = NAN if the key is absent or null. */
bool json_entry_seconds(const struct json_manifest *m, const struct json *object, const char *key,
                        double *seconds);

/* Whether the line is a recording or cut of Lhotse, and its entry. */
bool lhotse_is_entry(const struct json *object);
bool lhotse_read_entry(const struct json_manifest *m, const struct json *object,
                       struct json_entry *entry);

#endif
