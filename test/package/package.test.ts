import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

interface LockFile {
  readonly packages: Readonly<Record<string, { readonly integrity?: string }>>;
}

test('package-lock.json has a hash for every package, those of other systems too', () => {
  const lock: LockFile = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  const packages = Object.entries(lock.packages).filter(([path]) => path !== '');
  expect(packages.length).toBeGreaterThan(100);
  const unpinned = packages.filter(([, { integrity = '' }]) => !/^sha512-[\w+/]{86}==$/.test(integrity));
  expect(unpinned.map(([path]) => path)).toEqual([]);
});

test('a copy that was not built says what to run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'svcgen-package-'));
  try {
    cpSync('bin', join(folder, 'bin'), { recursive: true });
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(folder, 'bin/svcgen.js'), '--version'],
      {
        encoding: 'utf8',
      },
    );
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^svcgen: dist\/cli\/program\.js is missing: .*\nrun "npm run build" .*\n$/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
