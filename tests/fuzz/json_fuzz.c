/* SPDX-License-Identifier: MIT */
/* Any bytes as a JSON value. What is read is UTF-8, and its strings come back when written; what is
   refused has a place and a reason. */
#include "tools/base/json.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_string(const char *string)
{
    size_t n, column;
    const char *reason;
    char *text;
    if (!json_is_utf8(string)) abort();
    FILE *file = open_memstream(&text, &n);
    json_write_string(file, string);
    fclose(file);
    struct json *again = json_parse(text, n, &column, &reason);
    if (!again || again->type != JSON_STRING || strcmp(again->string, string) != 0) abort();
    json_free(again);
    free(text);
}

static void check(const struct json *json)
{
    if (json->type == JSON_STRING) check_string(json->string);
    for (const struct json *child = json->child; child; child = child->next) {
        if (json->type == JSON_OBJECT) {
            check_string(child->key);
            if (!json_get(json, child->key)) abort();
        }
        check(child);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    size_t column = 0;
    const char *reason = NULL;
    char *text = malloc(n ? n : 1); /* no byte to spare, so that a sanitizer sees one over */
    if (!text) abort();
    if (n) memcpy(text, data, n);
    struct json *json = json_parse(text, n, &column, &reason);
    if (json)
        check(json);
    else if (!reason || column < 1 || column > n + 1)
        abort();
    json_free(json);
    free(text);
    return 0;
}
