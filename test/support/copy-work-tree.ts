import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Copies the work tree without what Git ignores, with the packages that `npm ci` installs. */
export function copyWorkTree(folder: string): void {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const paths = execFileSync('git', args, { encoding: 'utf8' }).split('\0').filter(existsSync);
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(path, join(folder, path));
  }
  execFileSync('cp', ['-r', '--reflink=auto', join(process.cwd(), 'node_modules'), folder]);
}
