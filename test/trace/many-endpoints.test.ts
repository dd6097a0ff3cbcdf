import { expect, test } from 'vitest';
import { UNKNOWN_INTERFACE } from '../../src/lang/packet/packet.ts';
import { MODES } from '../../src/modes/index.ts';
import { deliverTo, endpoint, nodeState, pool, servicePort } from '../support/node-state.ts';
import { waysOf } from '../support/walk/ways-of.ts';

const COUNT = 5000;
const endpoints = Array.from({ length: COUNT }, (_, index) =>
  endpoint(`10.244.${index >> 8}.${index & 255}`),
);
const all = pool('cluster', ...endpoints);
const state = nodeState({
  servicePorts: [servicePort({ internal: deliverTo(all), reachable: endpoints })],
  isLargeCluster: true,
});

test.each([
  { mode: 'iptables', layout: 'kube-proxy' },
  { mode: 'iptables', layout: 'compact' },
  { mode: 'nftables', layout: 'kube-proxy' },
  { mode: 'nftables', layout: 'compact' },
] as const)('$mode mode, layout $layout: each of 5,000 endpoints has exactly one in 5,000', (setting) => {
  const host = MODES[setting.mode].host(state, []);
  const ways = waysOf(MODES[setting.mode].firewall(state, setting, host), host, {
    family: 'IPv4',
    protocol: 'tcp',
    source: '192.0.2.5',
    destination: '10.96.0.80',
    port: 80,
    inInterface: UNKNOWN_INTERFACE,
    outInterface: UNKNOWN_INTERFACE,
    mark: 0,
  });
  expect(new Set(ways.map(({ packet }) => packet.destination)).size).toBe(COUNT);
  expect(new Set(ways.map(({ share }) => `${share.numerator}/${share.denominator}`))).toEqual(
    new Set(['1/5000']),
  );
});
