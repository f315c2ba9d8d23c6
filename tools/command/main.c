/* SPDX-License-Identifier: MIT */
#include "tools/base/standard_streams.h"
#include "tools/command/command.h"
#include "tools/cli/executable.h"
#include "tools/cli/launcher.h"
#include "tools/cli/options.h"
#include "voq.h"

#include <stdio.h>
#include <string.h>

struct command {
    const char *name;
    int (*run)(int argc, char **argv, struct messages *messages); /* NULL: the program voq-NAME */
    const char *about;
};

static const struct command commands[] = {
    {"encode", command_encode, "write the units of speech files or streams"},
    {"convert", command_convert, "convert unit files, features and codebooks to other formats"},
    {"decode", command_decode, "write the codewords of units as vectors"},
    {"merge", command_merge, "join the shards of an encoding"},
    {"models", command_models, "list the models"},
    {"info", command_info, "describe a model, or compare the units of two models"},
    {"train", NULL, "train a codebook on a corpus"},
    {"eval", command_eval, "measure how phoneme-like units are"},
    {"report", command_report, "write a page that shows units, phones, scores and trainings"},
    {"live", NULL, "write the units of a microphone as they are decided"},
};
#define N_COMMAND (sizeof commands / sizeof commands[0])

static void write_usage(FILE *file)
{
    fputs("Usage: voq COMMAND [OPTION]... [ARGUMENT]...\n\n"
          "Turns speech into a stream of discrete, phoneme-like units.\n\n"
          "Commands:\n",
          file);
    for (size_t i = 0; i < N_COMMAND; i++)
        fprintf(file, "  %-10s%s\n", commands[i].name, commands[i].about);
    fputs("\nOptions:\n"
          "  -h, --help    Print this help; voq COMMAND --help prints that of a command.\n"
          "      --version Print the version.\n\n"
          "Try: voq encode recording.wav\n",
          file);
}

/* For shell completion. */
static void list_commands(void)
{
    for (size_t i = 0; i < N_COMMAND; i++) printf("%s\t%s\n", commands[i].name, commands[i].about);
}

static const struct command *find(const char *name)
{
    for (size_t i = 0; i < N_COMMAND; i++)
        if (strcmp(name, commands[i].name) == 0) return &commands[i];
    return NULL;
}

static int unknown(const char *name, struct messages *messages)
{
    const char *candidate[N_COMMAND];
    for (size_t i = 0; i < N_COMMAND; i++) candidate[i] = commands[i].name;
    const char *near = options_nearest(name, candidate, N_COMMAND);
    const char *what = name[0] == '-' ? "option" : "command";
    if (near)
        messages_error(messages, "unknown %s \"%s\"; did you mean \"voq %s\"?", what, name, near);
    else
        messages_error(messages, "unknown %s \"%s\"; see voq --help", what, name);
    return EXIT_USAGE;
}

/* Handles the words that are not commands. */
static bool answer(const char *word)
{
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
        write_usage(stdout);
    else if (strcmp(word, "--version") == 0)
        printf("voq %s\n", voq_version_string());
    else if (strcmp(word, "--list-commands") == 0)
        list_commands();
    else
        return false;
    return true;
}

static void report_missing(const char *name, struct messages *messages)
{
    if (strcmp(name, "live") == 0)
        messages_error(messages,
                       "voq-live, which needs the machine's sound system, is not installed beside "
                       "voq (a Python package never has it); on Debian, install portaudio19-dev "
                       "and build voq from its source");
    else
        messages_error(messages, "voq-%s is not installed beside voq; install it or build voq with "
                                 "it", name);
}

static int run(int argc, char **argv, struct messages *messages)
{
    const struct command *command = find(argv[0]);
    if (!command) return unknown(argv[0], messages);
    if (command->run) return command->run(argc, argv, messages);
    if (strcmp(command->name, "train") == 0 && launcher_is_mpi())
        executable_run("train-mpi", argc, argv);
    executable_run(command->name, argc, argv);
    report_missing(command->name, messages);
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    struct messages messages;
    standard_streams_hold();
    messages_init(&messages, stderr);
    write_signals_ignore();

    if (argc < 2) {
        write_usage(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "help") == 0) {
        char *help[] = {argc > 2 ? argv[2] : "--help", "--help", NULL};
        if (argc > 2) return run(2, help, &messages);
        answer(help[0]);
        return messages_flush_stdout(&messages);
    }
    if (answer(argv[1])) return messages_flush_stdout(&messages);
    messages_only();
    return run(argc - 1, argv + 1, &messages);
}
