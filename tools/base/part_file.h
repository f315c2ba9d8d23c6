/* SPDX-License-Identifier: MIT */
/* An output that is not whole yet: the file `.voq-TARGET-TAG.tmp` beside it. TARGET is a hash of
   the output's name, so that the length of that name does not matter; TAG is random, so that no
   other file has it. No link is followed to reach the file. */
#ifndef VOQ_TOOLS_PART_FILE_H
#define VOQ_TOOLS_PART_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

enum { PART_TAG = 17, PART_NAME = 36 }; /* bytes, the last 0 included */

struct part_file {
    int fd;     /* open and locked */
    int folder; /* of both names */
    char name[PART_NAME];
    char *target; /* the output's name in the folder */
};

/* Draws 16 random hex digits; false with errno. */
bool part_tag_draw(char tag[PART_TAG]);

/* Creates the file for the output at `path` (not a link), with `mode` less the umask. Replaces a
   file of this name that a killed run left. False with errno, and with *part as after
   part_close. */
bool part_create(struct part_file *part, const char *path, const char *tag, mode_t mode);

/* Opens and locks the file that an earlier process created; if that was already renamed, opens the
   output itself and sets *renamed. EEXIST: something else has the name. */
bool part_reopen(struct part_file *part, const char *path, const char *tag, bool *renamed);

/* Renames a renamed file back. */
bool part_take_back(struct part_file *part);

/* Whether another process of this user writes the same output. */
bool part_has_rival(const struct part_file *part);

bool part_rename(struct part_file *part); /* the output appears; false with errno */
void part_remove(struct part_file *part);
void part_close(struct part_file *part);

/* Removes the files with this tag that a killed run left beside `path`, and below it where it is a
   folder; those that are in use stay. */
void part_sweep(const char *path, const char *tag);

/* Whether nobody else could have put the file there: a regular file with one name, and, where
   others may write to the folder, owned by this user. */
bool part_is_own(int folder, const struct stat *status);

/* Opens the folder of a path; *name is the path's last part. Returns -1 with errno on failure. */
int part_open_folder(const char *path, const char **name);

#endif
