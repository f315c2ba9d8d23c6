/* SPDX-License-Identifier: MIT */
/* Phone labels as alignments spell them. */
#ifndef VOQ_TOOLS_LABEL_H
#define VOQ_TOOLS_LABEL_H

#include <stdbool.h>

/* Cleans in place: drops white space at both ends, as somebody leaves it in a label in Praat, and
   turns control characters inside, line breaks too, into blanks. Then drops Kaldi's word position
   (_B _I _E _S), then one final stress digit 0 to 2 after a letter. AH1_B becomes AH. */
void label_clean(char *label);

/* Case ignored: empty, sil sp spn nsn pau h# #h epi <eps> <sil> <p:>. */
bool label_is_silence(const char *label);

#endif
