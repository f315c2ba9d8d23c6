/* SPDX-License-Identifier: MIT */
/* Normalises phone labels of alignments. */
#ifndef VOQ_TOOLS_LABEL_H
#define VOQ_TOOLS_LABEL_H

#include <stdbool.h>

/* Cleans in place: removes white space at both ends, which labels of Praat may have, and replaces
   control characters and line breaks by blanks. Then removes Kaldi's word position (_B _I _E _S)
   and one final stress digit 0 to 2 after a letter. AH1_B becomes AH. */
void label_clean(char *label);

/* Ignoring case: empty, sil sp spn nsn pau h# #h epi <eps> <sil> <p:>. */
bool label_is_silence(const char *label);

#endif
