# SPDX-License-Identifier: MIT
# bash completion for voq. The options come from the commands themselves: voq COMMAND
# --list-options prints "-l TAB --long TAB ARGUMENT TAB choice|choice TAB help TAB reads or writes".

_voq_models()
{
    local folder file
    for folder in "$VOQ_MODELS" "$(dirname "$(command -v voq)")/../share/voq/models"; do
        for file in "$folder"/*.voq; do
            [[ -e $file ]] && basename "$file" .voq
        done
    done
}

# What may follow the option $1 of the command $2.
_voq_argument()
{
    local letter name argument choices help
    while IFS=$'\x1f' read -r letter name argument choices help; do
        [[ $1 == "$letter" || $1 == "$name" ]] || continue
        [[ -n $argument ]] || return 1
        if [[ -n $choices ]]; then
            COMPREPLY=($(compgen -W "${choices//|/ }" -- "$cur"))
        elif [[ $argument == MODEL ]]; then
            compopt -o filenames
            COMPREPLY=($(compgen -W "$(_voq_models)" -- "$cur") $(compgen -f -- "$cur"))
        elif [[ $argument == DIR ]]; then
            compopt -o filenames
            COMPREPLY=($(compgen -d -- "$cur"))
        elif [[ $argument == @(FILE|OUT|CORPUS) ]]; then
            compopt -o filenames
            COMPREPLY=($(compgen -f -- "$cur"))
        fi
        return 0
    done < <(voq "$2" --list-options 2>/dev/null | tr '\t' '\037')
    return 1
}

_voq()
{
    local cur=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
    local command=${COMP_WORDS[1]}
    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        COMPREPLY=($(compgen -W "$(voq --list-commands | cut -f1) --help --version" -- "$cur"))
        return
    fi
    if [[ $cur == = ]]; then
        cur=
    elif [[ $previous == = ]]; then
        previous=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    [[ $previous == -* ]] && _voq_argument "$previous" "$command" && return
    if [[ $cur == -* ]]; then
        COMPREPLY=($(compgen -W "$(voq "$command" --list-options 2>/dev/null | cut -f2)" -- "$cur"))
    else
        compopt -o filenames
        COMPREPLY=($(compgen -f -- "$cur"))
        [[ $command =~ ^(convert|eval|info|report)$ ]] &&
            COMPREPLY=($(compgen -W "$(_voq_models)" -- "$cur") "${COMPREPLY[@]}")
    fi
}

complete -F _voq voq
