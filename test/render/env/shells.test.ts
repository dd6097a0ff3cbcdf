import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { envFileLine, quoteShell, shellAssignment } from '../../../src/lang/text/quote.ts';
import { type EnvFormat, envFormats } from '../../../src/render/env/print.ts';
import { renderEnv } from '../../../src/render/env/render.ts';
import { clusterOf } from '../../support/read-cluster.ts';
import { kubernetesVersion } from '../../support/versions.ts';

/** Every field that takes any text holds commands; all of it is accepted by the API server up to 1.35. */
const HOSTILE = `
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    note: "$(touch pwned) \`touch pwned\`; touch pwned \\n touch pwned"
    x: "'; touch pwned; '"
  labels: { constructor: proto }
spec:
  clusterIP: 010.096.000.7
  sessionAffinity: None
  externalIPs: ["203.0.113.007"]
  loadBalancerSourceRanges: ["10.0.0.0/08\\n"]
  type: LoadBalancer
  ports:
    - { name: "0", port: 80, appProtocol: "example.com/touch-pwned" }
    - { name: e-o-f, port: 81, protocol: SCTP }
---
apiVersion: v1
kind: Service
metadata: { name: ifs }
spec: { clusterIP: "FD00:0:0::1", ports: [{ port: 1 }] }
---
apiVersion: v1
kind: Service
metadata: { name: path }
spec: { clusterIP: "::ffff:10.96.0.9", ports: [{ port: 65535, protocol: UDP, targetPort: 1 }] }
---
apiVersion: v1
kind: Service
metadata: { name: elsewhere }
spec: { type: ExternalName, externalName: touch.pwned }
`;

/** The kubelet spells addresses as the Services do. */
const EXPECTED = {
  WEB_SERVICE_HOST: '010.096.000.7',
  WEB_SERVICE_PORT_0: '80',
  WEB_SERVICE_PORT_E_O_F: '81',
  WEB_PORT_81_SCTP: 'sctp://010.096.000.7:81',
  IFS_PORT: 'tcp://[FD00:0:0::1]:1',
  PATH_SERVICE_HOST: '::ffff:10.96.0.9',
  PATH_PORT_65535_UDP_PROTO: 'udp',
};

const shells = ['sh', 'bash', 'dash'];
const cluster = clusterOf(HOSTILE, kubernetesVersion('1.35'));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'svcgen-env-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function env(format: EnvFormat): string {
  return [...renderEnv(cluster, { namespace: 'default', format }).text].join('');
}

/** What `env` prints after a script ran in an empty environment and an otherwise empty folder. */
function environmentAfter(shell: string, script: string): Record<string, string> {
  const options = {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '' },
    encoding: 'utf8' as const,
    // bash takes a pipe for a remote login, and reads its start-up files
    stdio: ['ignore', 'pipe', 'pipe'] as const,
  };
  const { stdout, stderr, status } = spawnSync(shell, ['-eu', '-c', script], {
    ...options,
    stdio: [...options.stdio],
  });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  const pairs = stdout.split('\0').filter((line) => line.includes('='));
  return Object.fromEntries(
    pairs.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

describe.each(shells)('%s', (shell) => {
  test('sources the shell format', () => {
    writeFileSync(join(folder, 'web.env'), env('shell'));
    expect(environmentAfter(shell, 'set -a; . ./web.env; env -0')).toMatchObject(EXPECTED);
    expect(readdirSync(folder)).toEqual(['web.env']);
  });

  test('evaluates the export format', () => {
    writeFileSync(join(folder, 'web.env'), env('export'));
    expect(environmentAfter(shell, 'eval "$(cat web.env)"; env -0')).toMatchObject(EXPECTED);
    expect(readdirSync(folder)).toEqual(['web.env']);
  });

  test('reads back any value that is quoted', () => {
    const value = fc.string({ unit: 'grapheme-ascii', maxLength: 40 });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 50 }), (values) => {
        const script = values
          .map((each, index) => `${shellAssignment(`V${index}`, each)}\nexport W${index}=${quoteShell(each)}`)
          .join('\n');
        const names = values.map((_, index) => `"$V${index}" "$W${index}"`).join(' ');
        const output = execFileSync(shell, ['-c', `${script}\nprintf '%s\\0' ${names}`], { cwd: folder });
        expect(output.toString().split('\0').slice(0, -1)).toEqual(values.flatMap((each) => [each, each]));
      }),
      { numRuns: 20 },
    );
  });
});

/** `docker run --env-file` (cli/opts/file.go, 28): comments, blank lines, the name to the first `=`, no quotes. */
function readEnvFile(text: string): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const raw of text.split('\n')) {
    const line = raw.trimStart();
    if (line === '' || line.startsWith('#')) continue;
    const at = line.indexOf('=');
    const name = line.slice(0, at);
    if (at < 1 || /\s/.test(name)) throw new Error(`poorly formatted: ${raw}`);
    variables[name] = line.slice(at + 1);
  }
  return variables;
}

test('docker reads its file', () => {
  expect(readEnvFile(env('docker'))).toMatchObject(EXPECTED);
});

test('all formats say the same', () => {
  const variables = JSON.parse(env('json')) as Record<string, string>;
  expect(readEnvFile(env('docker'))).toEqual(variables);
  const list = parse(env('yaml')) as { name: string; value: string }[];
  expect(Object.fromEntries(list.map(({ name, value }) => [name, value]))).toEqual(variables);
  expect(readEnvFile(env('shell'))).toEqual(variables);
});

test.each(envFormats)('%s holds nothing of what commands could hide in', (format) => {
  expect(env(format)).not.toMatch(/pwned|[$`;\\&|<>()]/);
});

describe('a text that has no place there is a bug of ours', () => {
  test.each([
    () => shellAssignment('A B', 'x'),
    () => shellAssignment('1A', 'x'),
    () => shellAssignment('A', 'x\ny'),
    () => quoteShell('\0'),
    () => envFileLine('A=B', 'x'),
    () => envFileLine('#A', 'x'),
    () => envFileLine('A', 'x\r'),
  ])('%s', (call) => {
    expect(call).toThrow('svcgen bug');
  });
});
