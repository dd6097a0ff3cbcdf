import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { renderCleanup } from '../../../src/modes/index.ts';

const script = [...renderCleanup()].join('');

test.each(['sh', 'dash', 'bash'])('is a shell script for %s', (shell) => {
  const { status, stderr } = spawnSync(shell, ['-n'], { input: script, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('does nothing when it was cut off anywhere', () => {
  const lines = script.replace(/^main$/m, 'echo REACHED').split('\n');
  expect(spawnSync('sh', [], { input: lines.join('\n'), encoding: 'utf8' }).stdout).toBe('REACHED\n');
  for (let count = 1; count < lines.length - 1; count += 3) {
    const { stdout } = spawnSync('sh', [], { input: lines.slice(0, count).join('\n'), encoding: 'utf8' });
    expect(stdout).toBe('');
  }
});

test('needs root', () => {
  const { status, stderr } = spawnSync('sh', [], {
    input: script.replace('$(id -u)', '1000'),
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 1, stderr: 'svcgen: this script needs root\n' });
});

test('knows every set and table of ours', () => {
  const words = script.split(/\s/);
  for (const name of ['KUBE-CLUSTER-IP', 'KUBE-6-LOAD-BALANCER-SOURCE-CID']) expect(words).toContain(name);
  expect(script).toContain('\nip kube-proxy\nip6 kube-proxy\n');
});
