import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { renderEnv } from '../../../src/render/env/render.ts';
import { readCluster } from '../../support/read-cluster.ts';

const folder = 'fixtures/conformance/env';

test.each(readdirSync(folder))('the kubelet says the same: %s', (name) => {
  const { namespace } = JSON.parse(readFileSync(`${folder}/${name}/case.json`, 'utf8')) as {
    namespace: string;
  };
  const cluster = readCluster(`${folder}/${name}/input.yaml`);
  const { text, diagnostics } = renderEnv(cluster, { namespace, format: 'shell' });
  expect([...text].join('')).toBe(readFileSync(`${folder}/${name}/expected.env`, 'utf8'));
  expect(diagnostics).toEqual([]);
});
