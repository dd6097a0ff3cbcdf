import { quoteShell } from '../../../lang/text/quote.ts';
import type { CommandSpec, OptionSpec, ProgramSpec, ValueSpec } from './describe-program.ts';

/** A script for zsh: to be found as `_svcgen` in fpath, or to be sourced behind compinit. */
export function zshCompletion({ options, commands }: ProgramSpec): string {
  return `#compdef svcgen
# Completion of svcgen for zsh. To have it in every shell, put it into a folder of $fpath:
#   svcgen completion zsh > ~/.zfunc/_svcgen
# and have in ~/.zshrc, before compinit: fpath+=(~/.zfunc)
# Or, behind compinit: source <(svcgen completion zsh)

_svcgen() {
    local curcontext=$curcontext state line
    local -A opt_args
    local -a commands
    commands=(
${commands.map(({ name, summary }) => `        ${quoteShell(`${name}:${summary.replaceAll(':', '\\:')}`)}\n`).join('')}    )
    _arguments -C \\
${lines(options.map(optionSpec), 8)}        '1:command:->command' \\
        '*:: :->arguments'
    case $state in
    command) _describe -t commands 'svcgen command' commands ;;
    arguments)
        case $words[1] in
${commands.map(commandCase).join('')}        esac
        ;;
    esac
}

if [ "$funcstack[1]" = _svcgen ]; then
    _svcgen "$@"
else
    compdef _svcgen svcgen
fi
`;
}

function commandCase({ name, options, operand, operandName }: CommandSpec): string {
  const operands =
    operand === undefined ? [] : [quoteShell(`*:${escapeText(operandName)}:${action(operand)}`)];
  const specs = [...options.map(optionSpec), ...operands];
  return `        ${name})
            _arguments -S \\
${lines(specs, 16).replace(/ \\\n$/, '\n')}            ;;
`;
}

function lines(specs: readonly string[], indent: number): string {
  return specs.map((spec) => `${' '.repeat(indent)}${spec} \\\n`).join('');
}

/** `'*--mode=[proxy mode]:mode:(iptables ipvs)'`, and for two flags `{'*-o+','*--output-file='}'[...]'`. */
function optionSpec({ flags, description, value, valueName }: OptionSpec): string {
  const names = flags.map((flag) => (value === undefined ? flag : `*${flag}${suffix(flag)}`));
  const rest = value === undefined ? '' : `:${escapeText(valueName)}:${action(value)}`;
  const text = `[${escapeText(description)}]${rest}`;
  const [name = ''] = names;
  return names.length === 1
    ? quoteShell(`${name}${text}`)
    : `{${names.map(quoteShell).join(',')}}${quoteShell(text)}`;
}

/** How a value may follow: `-o file` or `-ofile`, `--option file` or `--option=file`. */
function suffix(flag: string): string {
  return flag.startsWith('--') ? '=' : '+';
}

function action(value: ValueSpec): string {
  switch (value.kind) {
    case 'choices':
      return `(${value.choices.join(' ')})`;
    case 'file':
      return '_files';
    case 'folder':
      return '_files -/';
    case 'other':
      return ' ';
  }
}

function escapeText(text: string): string {
  return text.replace(/[\\[\]:]/g, '\\$&');
}
