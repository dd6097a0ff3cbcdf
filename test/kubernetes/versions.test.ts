import { expect, test } from 'vitest';
import {
  KUBERNETES_VERSIONS,
  NEWEST_KUBERNETES,
  parseKubernetesVersion,
} from '../../src/kubernetes/versions.ts';

test.each(['1.29', '1.38', '1', '1.34.', '1.34.x', '2.34', 'latest', '', '1.34\n', '1.3412'])(
  '%j is no version that svcgen knows',
  (text) => {
    expect(parseKubernetesVersion(text)).toBeUndefined();
  },
);

test('a minor version stands for its first release', () => {
  const chains = ['1.33', '1.33.5', '1.33.6'].map(
    (text) => parseKubernetesVersion(text)?.proxy.nftables.baseChains,
  );
  expect(chains).toEqual(['early', 'early', 'late']);
  expect(parseKubernetesVersion('v1.33.6')).toMatchObject({ name: '1.33.6', minor: 33, patch: 6 });
});

test('interfaces are matched by index again in 1.34.0 and 1.34.1 only', () => {
  const matches = ['1.33.5', '1.33.6', '1.34', '1.34.1', '1.34.2', '1.35'].map(
    (text) => parseKubernetesVersion(text)?.proxy.nftables.interfaceMatch,
  );
  expect(matches).toEqual(['iif', 'iifname', 'iif', 'iif', 'iifname', 'iifname']);
});

test('every version of the list is known, the last one being the default', () => {
  expect(KUBERNETES_VERSIONS.map((text) => parseKubernetesVersion(text)?.name)).toEqual(KUBERNETES_VERSIONS);
  expect(parseKubernetesVersion(KUBERNETES_VERSIONS.at(-1) ?? '')).toEqual(NEWEST_KUBERNETES);
});
