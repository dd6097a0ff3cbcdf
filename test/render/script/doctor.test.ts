import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { DOCTOR_END, DOCTOR_SCRIPT, DOCTOR_TITLE } from '../../../src/render/script/doctor.ts';

test.each(['sh', 'dash', 'bash'])('is a shell script for %s', (shell) => {
  const { status, stderr } = spawnSync(shell, ['-n'], { input: DOCTOR_SCRIPT, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('does nothing when it was cut off anywhere', () => {
  const lines = DOCTOR_SCRIPT.replace(/^main$/m, 'echo REACHED').split('\n');
  expect(spawnSync('sh', [], { input: lines.join('\n'), encoding: 'utf8' }).stdout).toBe('REACHED\n');
  for (let count = 1; count < lines.length - 1; count += 3) {
    const { stdout } = spawnSync('sh', [], { input: lines.slice(0, count).join('\n'), encoding: 'utf8' });
    expect(stdout).toBe('');
  }
});

test('says what a host lacks, and still comes to its end', () => {
  // Nothing but what every POSIX system has.
  const script = DOCTOR_SCRIPT.replace(/^PATH=.*$/m, '').replace(
    /command -v "\$1"/,
    'case $1 in iptables* | ip6tables* | nft | ip | ipset | ipvsadm | conntrack) false ;; *) true ;; esac',
  );
  const { stdout, stderr, status } = spawnSync('sh', [], { input: script, encoding: 'utf8' });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toContain(`${DOCTOR_TITLE} 1`);
  expect(lines.at(-1)).toBe(DOCTOR_END);
  expect(stdout).toMatch(
    /^# svcgen doctor: lacking: rules of iptables: there is no command iptables-save; .* -- iptables-save$/m,
  );
  expect(stdout).toContain('# svcgen doctor: lacking: addresses and routes: there is no command ip\n');
});

test('writes no file, and runs nothing that changes a host', () => {
  const code = DOCTOR_SCRIPT.split('\n').filter((line) => !/^\s*#/.test(line));
  for (const line of code) {
    expect(line.replaceAll(/[0-9]?>&[0-9]|[0-9]?>\/dev\/null/g, '').replaceAll(/'[^']*'/g, '')).not.toMatch(
      />/,
    );
    expect(line).not.toMatch(
      /-restore|modprobe|sysctl -w|ipset (?!save)|ipvsadm (?!-S|-L -n -c)|\b(?:rm|mv|cp|tee|mktemp)\b/,
    );
    expect(line).not.toMatch(/nft (?!list ruleset)[a-z]+ /);
  }
});
