import { Argument, Command } from 'commander';
import type { CommandContext } from '../../context.ts';
import { emit } from '../../output/emit.ts';
import { bashCompletion } from './bash.ts';
import { describeLoaded } from './describe-program.ts';
import { fishCompletion } from './fish.ts';
import { zshCompletion } from './zsh.ts';

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

const AFTER = `
To have it in every shell:
  svcgen completion bash > ~/.local/share/bash-completion/completions/svcgen
      or, without the package bash-completion, in ~/.bashrc: source <(svcgen completion bash)
  svcgen completion zsh > ~/.zfunc/_svcgen
      with "fpath+=(~/.zfunc)" in ~/.zshrc, before compinit
  svcgen completion fish > ~/.config/fish/completions/svcgen.fish`;

/** `svcgen completion`. */
export function completionCommand({ terminal, finish, loadProgram }: CommandContext): Command {
  return new Command('completion')
    .description('Prints a script that makes a shell complete commands, options, their values and files.')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(SHELLS)))
    .addHelpText('after', AFTER)
    .action(async (shell: keyof typeof SHELLS) => {
      const text = SHELLS[shell](await describeLoaded(loadProgram));
      finish(await emit({ files: [], stdout: [text] }, terminal));
    });
}
