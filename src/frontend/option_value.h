/* SPDX-License-Identifier: MIT */
/* Values of options as text: words, counts, real numbers. */
#ifndef VOQ_OPTION_VALUE_H
#define VOQ_OPTION_VALUE_H

#include "voq.h"

/* A word and what it stands for; a table ends with a NULL text. */
struct word {
    const char *text;
    uint32_t value;
};

extern const struct word voq_boolean_words[], voq_mel_norm_words[];

/* Read a value, or reject it with a sentence that names key, value and what is accepted. */
voq_status voq_read_word(const char *key, const char *value, const struct word *words,
                         uint32_t *choice, voq_error *error);
voq_status voq_read_count(const char *key, const char *value, uint32_t *count, voq_error *error);
voq_status voq_read_real(const char *key, const char *value, float *real, voq_error *error);
voq_status voq_refuse_value(voq_error *error, const char *key, const char *value,
                            const char *accepts);

#endif
