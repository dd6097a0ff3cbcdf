import { expect, test } from 'vitest';
import { describeScenarios } from '../../support/kernel/describe-scenarios.ts';
import { IPVS_DIFFERENCES, ipvsBackend, prepareForIPVS } from '../../support/uml/ipvs-backend.ts';
import { shareUML } from '../../support/uml/uml-place.ts';
import { scenarios } from '../scenarios/all.ts';
import { ipvsScenarios } from './ipvs-scenarios.ts';

/** What is decided before a mode comes into play, so the tests of iptables mode are enough. */
const NOTHING_OF_IPVS = new Set([
  'connections spread evenly over endpoints, TCP and UDP',
  'a named target port is resolved pod by pod',
  'among many Services, ports and NodePorts each leads to its own endpoints, or is refused',
  "a port that no Service has is nobody's, among many ports",
  'another masquerade bit works alike',
  'local traffic is told by an interface',
  "local traffic is told by the Node's podCIDR",
  'zone hints keep traffic in the zone',
  'a NodePort does not answer on localhost when that is switched off (IPv4)',
]);

/** What else is nothing of its own in IPv6. */
const LIKE_IPV4 = new Set([
  'TCP and UDP on one port number are two services',
  'a Service without selector serves the addresses of its Endpoints, the node itself among them',
  'when the node does not know which traffic is local, nobody is masqueraded',
  'with masquerade-all even pods are masqueraded',
  'local traffic is told by an interface prefix',
  'endpoints that are not ready get nothing; terminating ones serve when no others are left',
  'a load balancer that is its own destination (ipMode Proxy) gets no rules',
]);

const { place } = shareUML(prepareForIPVS);
const ofIPVS = scenarios.filter(({ name }) => !NOTHING_OF_IPVS.has(name) && !IPVS_DIFFERENCES.has(name));

test('all that is left out is there', () => {
  const leftOut = [...NOTHING_OF_IPVS, ...LIKE_IPV4, ...IPVS_DIFFERENCES.keys()];
  expect(scenarios.map(({ name }) => name)).toEqual(expect.arrayContaining(leftOut));
});

describeScenarios({ scenarios: [...ofIPVS, ...ipvsScenarios], backend: ipvsBackend, family: 'IPv4', place });
describeScenarios({
  scenarios: [...ofIPVS.filter(({ name }) => !LIKE_IPV4.has(name)), ...ipvsScenarios],
  backend: ipvsBackend,
  family: 'IPv6',
  place,
});
