/* SPDX-License-Identifier: MIT */
/* Values of an object of JSON that must have a type; false or NULL: absent, or of another type. */
#ifndef VOQ_TOOLS_JSON_GET_H
#define VOQ_TOOLS_JSON_GET_H

#include "tools/base/json.h"

#include <stdint.h>

bool json_whole(const struct json *value, uint64_t most, uint64_t *whole); /* from 0 to most */
bool json_get_whole(const struct json *object, const char *key, uint64_t most, uint64_t *whole);
bool json_get_u32(const struct json *object, const char *key, uint32_t *whole);
bool json_get_truth(const struct json *object, const char *key, bool *truth);

/* The text is the object's; *text NULL where the value is null. */
bool json_get_text(const struct json *object, const char *key, const char **text);
const struct json *json_get_array(const struct json *object, const char *key);

#endif
