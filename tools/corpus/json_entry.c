/* SPDX-License-Identifier: MIT */
#include "tools/corpus/json_entry.h"

#include <math.h>

/* Half a microsecond below 0 is accepted: writers compute times in floating point. */
static const double LEAST_S = -5e-7, MOST_S = 1e9;

bool json_entry_text(const struct json_manifest *m, const struct json *object, const char *key,
                     const char **text)
{
    const struct json *value = json_get(object, key);
    *text = NULL;
    if (!value || value->type == JSON_NULL) return true;
    if ((value->type != JSON_STRING && value->type != JSON_NUMBER) || !*value->string)
        return json_manifest_fail(m, "\"%s\" must be a non-empty text", key);
    *text = value->string;
    return true;
}

bool json_entry_seconds(const struct json_manifest *m, const struct json *object, const char *key,
                        double *seconds)
{
    const struct json *value = json_get(object, key);
    *seconds = NAN;
    if (!value || value->type == JSON_NULL) return true;
    if (value->type != JSON_NUMBER || value->number < LEAST_S || value->number > MOST_S)
        return json_manifest_fail(m, "\"%s\" must be seconds, 0 or more", key);
    *seconds = value->number > 0 ? value->number : 0;
    return true;
}
