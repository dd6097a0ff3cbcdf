import { expect, test } from 'vitest';
import { checkManifests } from '../../src/compile.ts';
import { defaultValidateOptions } from '../../src/validate/options.ts';

function service(name: string, addresses: number, ports: readonly number[]) {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'default' },
    spec: {
      externalIPs: Array.from({ length: addresses }, (_, index) => `203.0.${index >> 8}.${index & 255}`),
      ports: ports.map((port) => ({ name: `p${port}`, port })),
    },
  };
}

function conflictsOf(items: readonly object[]) {
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  const file = { path: 'input.json', bytes: new TextEncoder().encode(text) };
  const { diagnostics } = checkManifests([file], defaultValidateOptions);
  return diagnostics.filter(({ code }) => code === 'external-ip-not-taken');
}

test('ports that two Services want of one address are told together, by whose they are', () => {
  const conflicts = conflictsOf([
    service('a', 1, [1, 2, 3, 4, 5]),
    service('b', 1, [8]),
    service('c', 1, [8, 5, 7, 4, 3, 2, 1]),
  ]);
  expect(conflicts.map(({ message }) => message)).toEqual([
    'external IP 203.0.0.0 with port 8/TCP leads to Service default/b already',
    'external IP 203.0.0.0 with ports 5/TCP, 4/TCP, 3/TCP and 2 more leads to Service default/a already',
  ]);
});

test('many ports on many addresses are as many conflicts as addresses', () => {
  const ports = Array.from({ length: 3000 }, (_, index) => index + 1);
  const conflicts = conflictsOf([service('a', 3000, ports), service('b', 3000, ports)]);
  expect(conflicts.length).toBeLessThanOrEqual(3000);
  expect(conflicts.length).toBeGreaterThan(100);
});
