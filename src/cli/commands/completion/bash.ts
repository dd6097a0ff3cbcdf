import { quoteShell } from '../../../lang/text/quote.ts';
import type { CommandSpec, OptionSpec, ProgramSpec, ValueSpec } from './describe-program.ts';

/**
 * A script for bash 3.2 and later. When it offers nothing, readline completes files; `compopt`, which turns that off
 * where a value is no file, came with bash 4.
 */
export function bashCompletion({ options, commands }: ProgramSpec): string {
  const first = [...commands.map(({ name }) => name), ...allFlags(options)];
  return `# Completion of svcgen for bash. To have it in every shell:
#   svcgen completion bash > ~/.local/share/bash-completion/completions/svcgen
# or, without the package bash-completion, in ~/.bashrc:
#   source <(svcgen completion bash)

_svcgen_words() {
    compopt +o default 2>/dev/null
    COMPREPLY=($(compgen -W "$1" -- "$current"))
}

_svcgen_folders() {
    compopt +o default -o dirnames 2>/dev/null
}

_svcgen() {
    local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} index
    COMPREPLY=()
    # --option=value comes as three words.
    if [ "$current" = '=' ]; then
        current=
    elif [ "$previous" = '=' ]; then
        previous=\${COMP_WORDS[COMP_CWORD - 2]}
    fi
    if [ "$COMP_CWORD" -eq 1 ]; then
        _svcgen_words ${words(first)}
        return
    fi
    # Behind -- there are no options.
    for ((index = 2; index < COMP_CWORD; index++)); do
        if [ "\${COMP_WORDS[index]}" = -- ]; then
            previous=--
            break
        fi
    done
    case "\${COMP_WORDS[1]} $previous" in
${commands.map(valueCases).join('')}    *)
        case "\${COMP_WORDS[1]} $current" in
${commands.map(({ name, options: own }) => `        ${quoteShell(`${name} -`)}*) _svcgen_words ${words(allFlags(own))} ;;\n`).join('')}${commands.map(({ name, operand }) => `        ${quoteShell(`${name} `)}*) ${complete(operand)} ;;\n`).join('')}        esac
        ;;
    esac
}

complete -o default -F _svcgen svcgen
`;
}

function valueCases({ name, options }: CommandSpec): string {
  return options
    .flatMap(({ flags, value }) => (value === undefined ? [] : [{ flags, value }]))
    .map(({ flags, value }) => {
      const patterns = flags.map((flag) => quoteShell(`${name} ${flag}`)).join(' | ');
      return `    ${patterns}) ${complete(value)} ;;\n`;
    })
    .join('');
}

function complete(value: ValueSpec | undefined): string {
  switch (value?.kind) {
    case 'choices':
      return `_svcgen_words ${words(value.choices)}`;
    case 'file':
      return ':';
    case 'folder':
      return '_svcgen_folders';
    default:
      return "_svcgen_words ''";
  }
}

function words(list: readonly string[]): string {
  return quoteShell(list.join(' '));
}

function allFlags(options: readonly OptionSpec[]): readonly string[] {
  return options.flatMap(({ flags }) => flags);
}
