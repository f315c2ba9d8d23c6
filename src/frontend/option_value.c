/* SPDX-License-Identifier: MIT */
#include "src/frontend/option_value.h"

#include "src/base/error.h"
#include "src/frontend/decimal.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

const struct word voq_boolean_words[] = {{"true", 1}, {"false", 0}, {"1", 1}, {"0", 0}, {NULL, 0}};
const struct word voq_mel_norm_words[] = {{"peak", VOQ_MEL_PEAK},
                                          {"area", VOQ_MEL_AREA},
                                          {"none", VOQ_MEL_PEAK},
                                          {"slaney", VOQ_MEL_AREA},
                                          {NULL, 0}};

voq_status voq_refuse_value(voq_error *error, const char *key, const char *value,
                            const char *accepts)
{
    return voq_refuse(error, VOQ_ERROR_ARGUMENT, VOQ_NO_OFFSET,
                      "%.40s cannot be '%.40s'; it is %.90s", key, value, accepts);
}

static void list_words(const struct word *words, char *text, size_t size)
{
    size_t used = 0;
    for (text[0] = 0; words->text && used < size; words++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", used ? ", " : "", words->text);
}

voq_status voq_read_count(const char *key, const char *value, uint32_t *count, voq_error *error)
{
    double x;
    if (!voq_decimal_read(value, &x) || !(x >= 0 && x <= 4e9) || x != (double)(uint32_t)x)
        return voq_refuse_value(error, key, value, "a count");
    *count = (uint32_t)x;
    return VOQ_OK;
}

voq_status voq_read_real(const char *key, const char *value, float *real, voq_error *error)
{
    double x;
    if (strcmp(value, "none") == 0) {
        *real = strcmp(key, "log_floor") == 0 ? -FLT_MAX : 0.0f;
        return VOQ_OK;
    }
    float rounded = voq_decimal_read(value, &x) ? (float)x : INFINITY;
    if (!(rounded >= -FLT_MAX && rounded <= FLT_MAX))
        return voq_refuse_value(error, key, value, "a number");
    *real = rounded;
    return VOQ_OK;
}

voq_status voq_read_word(const char *key, const char *value, const struct word *words,
                         uint32_t *choice, voq_error *error)
{
    for (const struct word *w = words; w->text; w++)
        if (strcmp(value, w->text) == 0) {
            *choice = w->value;
            return VOQ_OK;
        }
    char accepts[90];
    list_words(words, accepts, sizeof accepts);
    return voq_refuse_value(error, key, value, accepts);
}
