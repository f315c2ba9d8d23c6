/* SPDX-License-Identifier: MIT */
/* The file that an output is until it is whole: `.voq-TARGET-TAG.tmp` beside it, where TARGET is a
   hash of the output's name, so that the length of that name does not matter, and TAG is drawn at
   random, so that no file of anybody's has it. No link is followed on the way to it. */
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

/* 16 hex digits; false with errno. */
bool part_tag_draw(char tag[PART_TAG]);

/* A new file for the output at `path` (which is no link), whose mode is what the umask leaves of
   `mode`. A file of this name that a killed run left is replaced. False with errno, and with
   *part as part_close leaves it. */
bool part_create(struct part_file *part, const char *path, const char *tag, mode_t mode);

/* Opens the file that an earlier process created and locks it; where it was renamed already, the
   output itself, and *renamed says so. EEXIST: something else has the name. */
bool part_reopen(struct part_file *part, const char *path, const char *tag, bool *renamed);

/* Gives a renamed file its first name again. */
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
   others may write to the folder, of this user. */
bool part_is_own(int folder, const struct stat *status);

/* Opens the folder of a path; *name is the path's last part. -1 with errno. */
int part_open_folder(const char *path, const char **name);

#endif
