/* SPDX-License-Identifier: MIT */
#include "tools/base/json_get.h"

#include "tools/base/number.h"

bool json_whole(const struct json *value, uint64_t most, uint64_t *whole)
{
    return value && value->type == JSON_NUMBER && parse_u64(value->string, whole) &&
           *whole <= most;
}

bool json_get_whole(const struct json *object, const char *key, uint64_t most, uint64_t *whole)
{
    return json_whole(json_get(object, key), most, whole);
}

bool json_get_u32(const struct json *object, const char *key, uint32_t *whole)
{
    uint64_t value;
    if (!json_get_whole(object, key, UINT32_MAX, &value)) return false;
    *whole = (uint32_t)value;
    return true;
}

bool json_get_truth(const struct json *object, const char *key, bool *truth)
{
    const struct json *value = json_get(object, key);
    if (!value || value->type != JSON_BOOL) return false;
    *truth = value->boolean;
    return true;
}

bool json_get_text(const struct json *object, const char *key, const char **text)
{
    const struct json *value = json_get(object, key);
    if (!value || (value->type != JSON_STRING && value->type != JSON_NULL)) return false;
    *text = value->type == JSON_STRING ? value->string : NULL;
    return true;
}

const struct json *json_get_array(const struct json *object, const char *key)
{
    const struct json *value = json_get(object, key);
    return value && value->type == JSON_ARRAY ? value : NULL;
}
