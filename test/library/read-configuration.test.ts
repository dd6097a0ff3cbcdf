import { expect, test } from 'vitest';
import { readConfiguration } from '../../src/library/read-configuration.ts';
import { growthOf, MAX_GROWTH } from '../support/growth.ts';

test('a ConfigMap takes time like its length, however many of its texts name a configuration', () => {
  const read = (keys: number) => {
    const lines = Array.from({ length: keys }, (_, key) => `  k${key}: "KubeProxyConfiguration: ["\n`);
    const text = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kube-proxy}\ndata:\n${lines.join('')}`;
    const file = { path: 'cm.yaml', bytes: new TextEncoder().encode(text) };
    return () => {
      expect(readConfiguration(file).diagnostics).toHaveLength(keys);
    };
  };
  expect(growthOf(read, 1000)).toBeLessThan(MAX_GROWTH);
});
