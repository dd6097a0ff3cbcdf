import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProgram } from '../support/run-program.ts';
import { type TypedShell, typeInto } from '../support/typing.ts';

let folder = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'svcgen-completion-'));
  writeFileSync(join(folder, "kube proxy's $(touch pwned).yaml"), '');
  mkdirSync(join(folder, 'out folder'));
  writeFileSync(join(folder, 'out.txt'), '');
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { exitCode, stdout, stderr } = await runProgram(['completion', shell]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    writeFileSync(join(folder, `.completion.${shell}`), stdout);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Lines with a tab at the end, and what they become. The file's name is one that needs quoting. */
const TYPED: readonly (readonly [line: string, becomes: string])[] = [
  ['svcgen rend\t', '<render>'],
  ['svcgen cle\t', '<cleanup>'],
  ['svcgen --vers\t', '<--version>'],
  ['svcgen help end\t', '<help><endpoints>'],
  ['svcgen completion z\t', '<completion><zsh>'],
  ['svcgen render --masq\t', '<render><--masquerade-all>'],
  ['svcgen render kube\t --masq\t', "<render><kube proxy's $(touch pwned).yaml><--masquerade-all>"],
  ['svcgen render --detect-local-mode Br\t', '<render><--detect-local-mode><BridgeInterface>'],
  ['svcgen render --mode ipv\t', '<render><--mode><ipvs>'],
  ['svcgen render --artifact ip6\t', '<render><--artifact><ip6tables>'],
  ['svcgen render --config ku\t', "<render><--config><kube proxy's $(touch pwned).yaml>"],
  ['svcgen validate --explain duplicate-k\t', '<validate><--explain><duplicate-key>'],
  ['svcgen validate ku\t', "<validate><kube proxy's $(touch pwned).yaml>"],
  ['svcgen render --output-dir o\t', '<render><--output-dir><out folder/>'],
  ['svcgen render --lock out.\t', '<render><--lock><out.txt>'],
  ['svcgen render --node ku\t', '<render><--node><ku>'],
  ['svcgen cleanup ku\t', '<cleanup><ku>'],
];

/** One word here, where the shells take it for two. */
const WITH_EQUALS: readonly (readonly [line: string, becomes: string])[] = [
  ['svcgen render --mode=ipv\t', '<render><--mode=ipvs>'],
  ['svcgen dns --output=js\t', '<dns><--output=json>'],
];

const CALL = `svcgen() { printf '<%s>' "$@"; echo; }`;

const SHELLS: Readonly<Record<string, TypedShell>> = {
  bash: {
    command: 'bash --noprofile --norc -i',
    setUp: ["bind 'set bell-style none'", CALL, '. ./.completion.bash', "PS1='READY''>'"],
  },
  zsh: {
    command: 'zsh -f -i',
    setUp: [
      'unsetopt zle_bracketed_paste prompt_cr prompt_sp beep; autoload -Uz compinit && compinit -u -D',
      CALL,
      '. ./.completion.zsh',
      "PS1='READY''>'",
    ],
  },
};

function isThere(shell: string): boolean {
  const found = spawnSync(shell, ['-c', ':']).status === 0;
  if (!found && process.env.SVCGEN_KERNEL === 'required') throw new Error(`there is no ${shell}`);
  return found;
}

describe.each(Object.entries(SHELLS))('%s', (name, shell) => {
  test.runIf(isThere(name))('completes commands, options, their values and files', async () => {
    const cases = [...TYPED, ...WITH_EQUALS];
    const calls = await typeInto(
      shell,
      cases.map(([line]) => line),
      { cwd: folder },
    );
    // zsh takes the final slash of a folder back.
    const withoutSlash = (words: string) => words.replace('/>', '>');
    expect(calls.map(withoutSlash)).toEqual(cases.map(([, becomes]) => withoutSlash(becomes)));
  });
});

describe('fish', () => {
  /** What fish offers for the word at the end of a line, without descriptions. */
  function offers(line: string): readonly string[] {
    const script = 'source .completion.fish; complete -C $argv[1]';
    const { stdout, stderr } = spawnSync('fish', ['--no-config', '-c', script, line], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env.PATH ?? '', HOME: folder },
    });
    expect(stderr).toBe('');
    return stdout
      .trimEnd()
      .split('\n')
      .map((offer) => offer.split('\t')[0] ?? '');
  }

  test.runIf(isThere('fish'))('completes commands, options, their values and files', () => {
    for (const [line, becomes] of [...TYPED, ...WITH_EQUALS]) {
      const typed = line.replace(/^(svcgen render) .* --masq/, '$1 x --masq').trimEnd();
      const last = /<([^<>]*)>$/.exec(becomes)?.[1] ?? '';
      const wanted = typed.endsWith(` ${last}`) ? [''] : [last];
      expect([line, offers(typed)]).toEqual([line, wanted]);
    }
  });

  test.runIf(isThere('fish'))('says what options are for', () => {
    const script = 'source .completion.fish; complete -C "svcgen render --masq"';
    const { stdout } = spawnSync('fish', ['--no-config', '-c', script], { cwd: folder, encoding: 'utf8' });
    expect(stdout).toBe('--masquerade-all\tmasquerade all traffic to cluster IPs\n');
  });
});

test('bash offers every command and every option of the help', async () => {
  const { stdout: help } = await runProgram(['help', 'render']);
  const options = [...help.matchAll(/^ {2}(?:-\w, )?(--[a-z0-9-]+)/gm)].map(([, long]) => long);
  const ask = `. ./.completion.bash; COMP_WORDS=(svcgen render --); COMP_CWORD=2; _svcgen; echo "\${COMPREPLY[@]}"`;
  const { stdout } = spawnSync('bash', ['-c', ask], { cwd: folder, encoding: 'utf8' });
  expect(options.length).toBeGreaterThan(30);
  expect(stdout.trim().split(' ')).toEqual(options);
});

test.each(['bash', 'zsh', 'fish'])(
  'the built script for %s, made without loading commands, is that of the sources',
  async (shell) => {
    const { stdout, stderr } = spawnSync(process.execPath, ['bin/svcgen.js', 'completion', shell], {
      encoding: 'utf8',
    });
    expect({ stdout, stderr }).toEqual({
      stdout: (await runProgram(['completion', shell])).stdout,
      stderr: '',
    });
  },
);

test('another shell is refused', async () => {
  const { exitCode, stdout, stderr } = await runProgram(['completion', 'tcsh']);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain('bash, zsh, fish');
});
