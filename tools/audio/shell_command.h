/* SPDX-License-Identifier: MIT */
/* A shell command whose output is read through a pipe. Unlike with popen, the command starts with
   default signals: Ctrl-C and a closed pipe end it, whatever this process blocks or ignores. */
#ifndef VOQ_TOOLS_SHELL_COMMAND_H
#define VOQ_TOOLS_SHELL_COMMAND_H

#include <stdbool.h>
#include <sys/types.h>

/* Runs `sh -c command`; *fd is its output. False with errno set. */
bool shell_command_start(const char *command, pid_t *process, int *fd);

/* Waits for its end and returns the status of waitpid. Close fd first. */
int shell_command_wait(pid_t process);

#endif
