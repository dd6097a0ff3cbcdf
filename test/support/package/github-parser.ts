import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

export interface GithubParser {
  /** What GitHub would say of the text of an action or a workflow. */
  errorsIn(kind: 'action' | 'workflow', content: string): readonly string[];
}

/** Reads what it is to parse from stdin. */
const PROGRAM = `
import { readFileSync } from 'node:fs';
import { NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { parseAction } from '@actions/workflow-parser/actions/action-parser';
const { kind, content } = JSON.parse(readFileSync(0, 'utf8'));
const parse = kind === 'action' ? parseAction : parseWorkflow;
const { context, value } = parse({ name: kind + '.yml', content }, new NoOperationTraceWriter());
const errors = context.errors.getErrors().map(({ message }) => message);
console.log(JSON.stringify(value === undefined && errors.length === 0 ? ['nothing is read'] : errors));
`;

/** GitHub's own parser of actions and workflows, installed in a folder of its own: only one test has use for it. */
export function githubParser(folder: string): GithubParser {
  const program = join(folder, 'program.cjs');
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    const install = ['install', '--no-save', '--no-audit', '--no-fund', '@actions/workflow-parser@0.3.61'];
    execFileSync('npm', install, { cwd: folder, stdio: 'pipe' });
    writeFileSync(join(folder, 'main.mjs'), PROGRAM);
    // It imports JSON without saying so, as only bundlers allow.
    buildSync({
      entryPoints: [join(folder, 'main.mjs')],
      outfile: program,
      bundle: true,
      format: 'cjs',
      platform: 'node',
    });
  }
  return {
    errorsIn(kind, content) {
      const said = execFileSync(process.execPath, [program], { input: JSON.stringify({ kind, content }) });
      return JSON.parse(said.toString());
    },
  };
}
