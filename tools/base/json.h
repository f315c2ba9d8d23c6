/* SPDX-License-Identifier: MIT */
/* JSON: a writer of strings and a strict parser of one value. */
#ifndef VOQ_TOOLS_JSON_H
#define VOQ_TOOLS_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Writes text as a quoted JSON string: `"` `\` and U+0000-001F escaped, U+FFFD for
   each byte that is not UTF-8, the rest literal. */
void json_write_string(FILE *file, const char *text);
bool json_is_utf8(const char *text);

enum json_type { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json {
    enum json_type type;
    bool boolean;
    double number;
    char *string;       /* of a string; of a number its text as written */
    struct json *child; /* first of an array or object */
    struct json *next;  /* sibling */
    char *key;          /* in an object */
};

/* Parses all of text[length]; NULL on error with *column (from 1) and a short *reason set. Depth
   at most 64. Free with json_free. */
struct json *json_parse(const char *text, size_t length, size_t *column, const char **reason);
const struct json *json_get(const struct json *object, const char *key); /* NULL: absent */
void json_free(struct json *json);

#endif
