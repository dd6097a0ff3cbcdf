import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { copyWorkTree } from '../copy-work-tree.ts';

/** Packs a copy of the work tree in `folder`, as it is published. @returns the tarball */
export function pack(folder: string): string {
  copyWorkTree(folder);
  execFileSync('npm', ['pack'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const tarball = readdirSync(folder).find((each) => each.endsWith('.tgz'));
  if (tarball === undefined) throw new Error('npm pack has made no tarball');
  return join(folder, tarball);
}
