/* SPDX-License-Identifier: MIT */
/* Names that files and lists give to utterances. */
#ifndef VOQ_TOOLS_UTTERANCE_KEY_H
#define VOQ_TOOLS_UTTERANCE_KEY_H

/* A copy without folder and without an audio suffix (.wav, .flac ...); a name with another dot in
   it keeps it: "s1.take2" stays. What two lists must agree on. NULL: no memory. */
char *utterance_key(const char *name);

/* A copy of the speaker that the name tells, as the corpus reads it, else of the name. NULL: no
   memory. */
char *utterance_speaker(const char *name);

#endif
