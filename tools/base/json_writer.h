/* SPDX-License-Identifier: MIT */
/* Writes one JSON value. Inside an object every call has a key; inside an array the key is NULL. */
#ifndef VOQ_TOOLS_JSON_WRITER_H
#define VOQ_TOOLS_JSON_WRITER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum json_layout {
    JSON_INDENTED, /* each entry on its own line */
    JSON_SPACED,   /* one line: {"a": 1, "b": 2} */
    JSON_COMPACT   /* one line: {"a":1,"b":2} */
};

struct json_writer {
    FILE *file;
    enum json_layout layout;
    int depth;
    bool has_entry; /* the open object or array already has an entry */
};

void json_open(struct json_writer *json, const char *key, char bracket); /* '{' or '[' */
void json_close(struct json_writer *json, char bracket);                 /* '}' or ']' */
void json_count(struct json_writer *json, const char *key, uint64_t value);
void json_number(struct json_writer *json, const char *key, double value); /* NaN: null */
void json_float(struct json_writer *json, const char *key, float value);
void json_decimals(struct json_writer *json, const char *key, double value, int decimals);
void json_text(struct json_writer *json, const char *key, const char *value); /* NULL: null */
void json_null(struct json_writer *json, const char *key);
void json_truth(struct json_writer *json, const char *key, bool value);

#endif
