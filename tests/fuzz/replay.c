/* SPDX-License-Identifier: MIT */
/* Feeds the files of folders to a fuzz target: replay FOLDER... If one fails, a file that somebody
   sends can crash a program that opens it. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static int replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) return -1;
    static uint8_t bytes[1 << 20];
    size_t n = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    return LLVMFuzzerTestOneInput(bytes, n);
}

int main(int argc, char **argv)
{
    int n_file = 0, n_failed = 0;
    for (int i = 1; i < argc; i++) {
        DIR *folder = opendir(argv[i]);
        if (!folder) return 99;
        for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
            char path[4096];
            if (entry->d_name[0] == '.') continue;
            snprintf(path, sizeof path, "%s/%s", argv[i], entry->d_name);
            int status = replay_file(path);
            n_failed += status != 0;
            printf("%sok %d - %s\n", status ? "not " : "", ++n_file, entry->d_name);
            fflush(stdout);
        }
        closedir(folder);
    }
    printf("1..%d\n", n_file);
    return n_file == 0 || n_failed ? 1 : 0;
}
