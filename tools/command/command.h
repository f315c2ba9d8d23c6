/* SPDX-License-Identifier: MIT */
/* The subcommands that are part of the executable `voq`. argv[0] is the subcommand's name; the
   result is the exit code. */
#ifndef VOQ_TOOLS_COMMAND_H
#define VOQ_TOOLS_COMMAND_H

#include "tools/cli/messages.h"

int command_encode(int argc, char **argv, struct messages *messages);
int command_convert(int argc, char **argv, struct messages *messages);
int command_decode(int argc, char **argv, struct messages *messages);
int command_merge(int argc, char **argv, struct messages *messages);
int command_models(int argc, char **argv, struct messages *messages);
int command_info(int argc, char **argv, struct messages *messages);
int command_eval(int argc, char **argv, struct messages *messages);
int command_report(int argc, char **argv, struct messages *messages);

#endif
