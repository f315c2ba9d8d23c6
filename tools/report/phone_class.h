/* SPDX-License-Identifier: MIT */
/* Classes of phones, for people who read a chart: vowels beside vowels. */
#ifndef VOQ_TOOLS_PHONE_CLASS_H
#define VOQ_TOOLS_PHONE_CLASS_H

#include <stdbool.h>

enum phone_class {
    PHONE_VOWEL,
    PHONE_DIPHTHONG,
    PHONE_APPROXIMANT,
    PHONE_NASAL,
    PHONE_FRICATIVE,
    PHONE_AFFRICATE,
    PHONE_STOP,
    PHONE_OTHER, /* an unknown label */
    PHONE_SILENCE,
    PHONE_CLASSES
};

extern const char *const phone_class_name[PHONE_CLASSES]; /* "vowels" */

/* Of a label of ARPAbet (also TIMIT's), in any case, or of the IPA. */
enum phone_class phone_class_of(const char *label, bool is_silence);

/* Where a label stands within its class: front vowels first, labial consonants first. */
unsigned phone_class_place(const char *label);

#endif
