/* SPDX-License-Identifier: MIT */
#include "tools/report/phone_class.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

const char *const phone_class_name[PHONE_CLASSES] = {
    "vowels", "diphthongs", "approximants", "nasals", "fricatives", "affricates", "stops",
    "other", "silence"};

/* Labels of ARPAbet and TIMIT, by place of articulation. */
static const char *const arpabet[PHONE_CLASSES] = {
    [PHONE_VOWEL] = "IY IH IX EH AE AH AX AX-H AA AO UH UW UX ER AXR",
    [PHONE_DIPHTHONG] = "EY AY OY AW OW",
    [PHONE_APPROXIMANT] = "W L EL R Y HH HV H",
    [PHONE_NASAL] = "M EM N EN NX NG ENG",
    [PHONE_FRICATIVE] = "F V TH DH S Z SH ZH",
    [PHONE_AFFRICATE] = "CH JH",
    [PHONE_STOP] = "P B T D DX K G Q PCL BCL TCL DCL KCL GCL"};

/* First characters of labels of the IPA. A second vowel makes a diphthong, a fricative behind a
   stop an affricate. */
static const char *const ipa[PHONE_CLASSES] = {
    [PHONE_VOWEL] = "i y ɨ ʉ ɯ u ɪ ʏ ʊ e ø ɘ ɵ ɤ o ə ɛ œ ɜ ɞ ʌ ɔ æ ɐ a ɶ ɑ ɒ ɝ ɚ",
    [PHONE_APPROXIMANT] = "w ʍ ɥ l ɫ ɭ ʎ ʟ r ɹ ɻ ɾ ɽ ʀ j ɰ ʋ h ɦ",
    [PHONE_NASAL] = "m ɱ n ɳ ɲ ŋ ɴ",
    [PHONE_FRICATIVE] = "f v ɸ β θ ð s z ʃ ʒ ʂ ʐ ɕ ʑ ç ʝ x ɣ χ ʁ ħ ʕ",
    [PHONE_STOP] = "p b t d ʈ ɖ c ɟ k g ɡ q ɢ ʔ"};

typedef bool is_match(const char *word, size_t n, const char *label);

/* The number of the first word of the list that `is` accepts, from 1; 0: none. */
static unsigned find(const char *list, const char *label, is_match *is)
{
    for (unsigned i = 1; list && *list; i++) {
        size_t n = strcspn(list, " ");
        if (is(list, n, label)) return i;
        list += n + strspn(list + n, " ");
    }
    return 0;
}

static bool is_whole(const char *word, size_t n, const char *label)
{
    return strlen(label) == n && strncasecmp(word, label, n) == 0;
}

static bool is_beginning(const char *word, size_t n, const char *label)
{
    return strncmp(word, label, n) == 0;
}

static enum phone_class ipa_class(const char *label)
{
    for (unsigned c = 0; c < PHONE_CLASSES; c++)
        if (find(ipa[c], label, is_beginning)) return c;
    return PHONE_OTHER;
}

/* Behind the first character of UTF-8 and marks such as length. */
static const char *behind_first(const char *label)
{
    label++;
    while ((*label & 0xC0) == 0x80) label++;
    while (strncmp(label, "\xcd\xa1", 2) == 0) label += 2; /* a tie bar */
    return label;
}

enum phone_class phone_class_of(const char *label, bool is_silence)
{
    if (is_silence) return PHONE_SILENCE;
    for (unsigned c = 0; c < PHONE_CLASSES; c++)
        if (find(arpabet[c], label, is_whole)) return c;
    enum phone_class first = ipa_class(label);
    if (first != PHONE_VOWEL && first != PHONE_STOP) return first;
    const char *rest = behind_first(label);
    enum phone_class second = ipa_class(rest);
    bool glides = second == PHONE_VOWEL || strcmp(rest, "j") == 0 || strcmp(rest, "w") == 0;
    if (first == PHONE_VOWEL && glides) return PHONE_DIPHTHONG;
    if (first == PHONE_STOP && second == PHONE_FRICATIVE) return PHONE_AFFRICATE;
    return first;
}

unsigned phone_class_place(const char *label)
{
    unsigned place;
    for (unsigned c = 0; c < PHONE_CLASSES; c++) {
        if ((place = find(arpabet[c], label, is_whole))) return place;
        if ((place = find(ipa[c], label, is_beginning))) return 100 + place;
    }
    return 1000;
}
