/* SPDX-License-Identifier: MIT */
/* Keys and speakers from the names of utterances. */
#ifndef VOQ_TOOLS_UTTERANCE_KEY_H
#define VOQ_TOOLS_UTTERANCE_KEY_H

/* Copies the name without folder and audio suffix (.wav, .flac ...); other dots stay: "s1.take2".
   Lists are matched by these keys. NULL: no memory. */
char *utterance_key(const char *name);

/* Copies the speaker from the name, by the rule of the corpus, or else the name. NULL: no
   memory. */
char *utterance_speaker(const char *name);

#endif
