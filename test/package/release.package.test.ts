import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyWorkTree } from '../support/copy-work-tree.ts';

const dir = mkdtempSync(join(tmpdir(), 'svcgen-release-'));
const clone = join(dir, 'clone');
afterAll(() => rmSync(dir, { recursive: true }));

const git = (...args: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: clone });

/** `npm run release -- --dry-run` in the copy. */
function release() {
  const result = spawnSync(process.execPath, ['scripts/release.mjs', '--dry-run'], {
    cwd: clone,
    encoding: 'utf8',
    env: { ...process.env, SVCGEN_TESTS: undefined },
  });
  return { status: result.status, stdout: result.stdout, stderr: result.stderr };
}

function edit(path: string, change: (text: string) => string): void {
  const file = join(clone, path);
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

beforeAll(() => {
  copyWorkTree(clone);
  git('init', '-q');
  git('add', '-A');
  git('commit', '-q', '-m', 'a release');
});

function versionOf(): string {
  const { version }: { version: string } = JSON.parse(readFileSync(join(clone, 'package.json'), 'utf8'));
  return version;
}

describe('npm run release -- --dry-run', () => {
  test('makes all that is published, with checksums that are right', () => {
    const { status, stdout, stderr } = release();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('nothing is published');
    const folder = join(clone, 'release');
    const sums = readFileSync(join(folder, 'SHA256SUMS'), 'utf8').trimEnd().split('\n');
    expect(sums).toHaveLength(readdirSync(folder).length - 1);
    for (const line of sums) {
      const [digest, name = ''] = line.split('  ');
      const bytes = readFileSync(join(folder, name));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(digest);
    }
    expect(git('tag').toString()).toBe('');
  });

  test('refuses a tree that is not clean', () => {
    writeFileSync(join(clone, 'left-over'), '');
    expect(release()).toMatchObject({ status: 1, stderr: expect.stringContaining('left-over') });
    rmSync(join(clone, 'left-over'));
  });

  test('refuses a version that is released', () => {
    git('tag', `v${versionOf()}`);
    expect(release()).toMatchObject({ status: 1, stderr: expect.stringContaining('raise the version') });
    git('tag', '-d', `v${versionOf()}`);
  });

  test('refuses a version that the changelog does not know', () => {
    edit('package.json', (text) => text.replace(/"version": "[^"]+"/, '"version": "9.9.9"'));
    git('commit', '-qam', 'another version');
    expect(release()).toMatchObject({ status: 1, stderr: expect.stringContaining('no section "## 9.9.9"') });
  });
});
