import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, realpathSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** iptables loads each match and target as a library of its own. */
const EXTENSIONS = '/usr/lib/x86_64-linux-gnu/xtables';

/** Makes a root folder with programs, given by name or path, what they load, and nothing else. */
export function makeRoot(root: string, programs: readonly string[]): void {
  for (const folder of ['dev', 'proc', 'run', 'tmp', 'root', 'usr/bin'])
    mkdirSync(join(root, folder), { recursive: true });
  for (const folder of ['bin', 'sbin', 'lib', 'lib64']) {
    mkdirSync(join(root, 'usr', folder), { recursive: true });
    symlinkSync(`usr/${folder}`, join(root, folder));
  }
  for (const program of programs) installProgram(root, whereIs(program));
  if (!existsSync(EXTENSIONS) || !programs.some((program) => program.includes('iptables'))) return;
  for (const name of readdirSync(EXTENSIONS)) copyFile(root, join(EXTENSIONS, name));
}

/** Copies a program, to `target` where that is another path, and the libraries that it names. */
export function installProgram(root: string, program: string, target = program): void {
  copyFile(root, program, target);
  const { stdout } = spawnSync('ldd', [program], { encoding: 'utf8' });
  for (const [, path = ''] of stdout.matchAll(/(\/\S+) \(0x/g)) copyFile(root, path);
}

function copyFile(root: string, path: string, target = path): void {
  const copy = join(root, target);
  if (existsSync(copy)) return;
  mkdirSync(dirname(copy), { recursive: true });
  cpSync(realpathSync(path), copy);
}

function whereIs(program: string): string {
  const folders = ['/usr/bin', '/usr/sbin', '/bin', '/sbin'];
  const found = program.includes('/')
    ? program
    : folders.map((folder) => join(folder, program)).find(existsSync);
  if (found === undefined) throw new Error(`there is no ${program}`);
  return found;
}
