/* SPDX-License-Identifier: MIT */
/* Labels for the codewords of test models. */
#ifndef VOQ_TESTS_LABELS_H
#define VOQ_TESTS_LABELS_H

static const char *const some_label[] = {"AH", "", "\xc3\xb8", "sil"};
static const float some_probability[] = {0.75f, 0.0f, 1.0f, 0.125f};

#endif
