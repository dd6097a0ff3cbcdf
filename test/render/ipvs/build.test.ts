import { describe, expect, test } from 'vitest';
import { formatSetEntry } from '../../../src/lang/ipvs/print.ts';
import { lengthOf } from '../../../src/lang/text/in-parts.ts';
import type { NodeState } from '../../../src/model/node-state.ts';
import { buildIPVS } from '../../../src/render/ipvs/build.ts';
import { ipvsNode, ipvsServicePort, ipvsState, NODE_IP } from '../../support/ipvs-state.ts';
import { nodeState } from '../../support/node-state.ts';

/** The sets that have entries. */
function entries(state: NodeState): Record<string, readonly string[]> {
  const filled = buildIPVS(state).sets.filter((set) => lengthOf(set.entries) > 0);
  return Object.fromEntries(filled.map((set) => [set.name, Array.from(set.entries, formatSetEntry)]));
}

function servers(state: NodeState): readonly string[] {
  return [...buildIPVS(state).virtualServers].map(({ protocol, ip, port }) => `${protocol} ${ip} ${port}`);
}

describe('sets', () => {
  test('hold clusterIP, dummy addresses and what may reach itself', () => {
    expect(entries(ipvsState([ipvsServicePort()]))).toEqual({
      'KUBE-CLUSTER-IP': ['10.96.0.80,tcp:80'],
      'KUBE-IPVS-IPS': ['10.96.0.80'],
      'KUBE-LOOP-BACK': ['10.244.1.5,tcp:8080,10.244.1.5'],
    });
  });

  test('hold source ranges as the kernel knows them: no length 0, no length of a single address', () => {
    const ranges = ['0.0.0.0/0', '192.0.2.7/32', '10.0.0.0/8'];
    const servicePort = ipvsServicePort({
      loadBalancerIPs: ['203.0.113.1'],
      admitted: { ranges, ofNode: ['203.0.113.1'] },
    });
    expect(entries(ipvsState([servicePort]))).toMatchObject({
      'KUBE-LOAD-BALANCER-FW': ['203.0.113.1,tcp:80'],
      'KUBE-LOAD-BALANCER-SOURCE-CIDR': [
        '203.0.113.1,tcp:80,0.0.0.0/1',
        '203.0.113.1,tcp:80,128.0.0.0/1',
        '203.0.113.1,tcp:80,192.0.2.7',
        '203.0.113.1,tcp:80,10.0.0.0/8',
      ],
      'KUBE-LOAD-BALANCER-SOURCE-IP': ['203.0.113.1,tcp:80,203.0.113.1'],
    });
  });

  test('IPv6 ranges likewise', () => {
    const servicePort = ipvsServicePort({
      clusterIP: 'fd00:96::1',
      loadBalancerIPs: ['2001:db8::1'],
      admitted: { ranges: ['::/0', 'fd00::/32', 'fd00::7/128'], ofNode: [] },
    });
    expect(entries(ipvsState([servicePort], { family: 'IPv6' }))['KUBE-6-LOAD-BALANCER-SOURCE-CID']).toEqual([
      '2001:db8::1,tcp:80,::/1',
      '2001:db8::1,tcp:80,8000::/1',
      '2001:db8::1,tcp:80,fd00::/32',
      '2001:db8::1,tcp:80,fd00::7',
    ]);
  });

  test('of NodePorts hold ports, but for SCTP, whose hold addresses too', () => {
    const tcp = ipvsServicePort({ nodePort: 30080 });
    const sctp = ipvsServicePort({ protocol: 'SCTP', nodePort: 30090 });
    expect(entries(ipvsState([tcp, sctp]))).toMatchObject({
      'KUBE-NODE-PORT-TCP': ['30080'],
      'KUBE-NODE-PORT-SCTP-HASH': [`${NODE_IP},sctp:30090`],
    });
  });

  test('hold nothing of NodePorts, nor of health checks, where NodePorts answer nowhere', () => {
    const servicePort = ipvsServicePort({ nodePort: 30080, healthCheckNodePort: 30081 });
    const state = ipvsState([servicePort], { ipvs: ipvsNode({ nodePortAddresses: [] }) });
    expect(Object.keys(entries(state)).filter((name) => name.includes('PORT'))).toEqual([]);
    expect(servers(state)).toEqual(['TCP 10.96.0.80 80']);
  });

  test('are all there, whatever they hold', () => {
    expect(buildIPVS(ipvsState([])).sets).toHaveLength(17);
  });
});

describe('addresses', () => {
  test('that the node has itself are not for the dummy device', () => {
    const servicePort = ipvsServicePort({
      externalIPs: [NODE_IP, '198.51.100.1'],
      loadBalancerIPs: ['198.51.100.1'],
    });
    const state = ipvsState([servicePort]);
    expect([...buildIPVS(state).addresses]).toEqual(['10.96.0.80', '198.51.100.1']);
    expect(entries(state)['KUBE-IPVS-IPS']).toEqual(['10.96.0.80', '198.51.100.1']);
    expect(servers(state)).toContain(`TCP ${NODE_IP} 80`);
  });
});

describe('virtual servers', () => {
  test('of one address and port go to the first Service, those of NodePorts last', () => {
    const first = ipvsServicePort({ nodePort: 80, sessionAffinitySeconds: 60 });
    const second = ipvsServicePort({ clusterIP: '10.96.0.81', externalIPs: [NODE_IP, '10.96.0.80'] });
    const virtualServers = [...buildIPVS(ipvsState([first, second])).virtualServers];
    expect(virtualServers.map(({ ip, port, persistenceSeconds }) => [ip, port, persistenceSeconds])).toEqual([
      ['10.96.0.80', 80, 60],
      ['10.96.0.81', 80, undefined],
      [NODE_IP, 80, undefined],
    ]);
  });

  test('need a state of ipvs mode', () => {
    expect(() => buildIPVS(nodeState())).toThrow('svcgen bug');
  });
});
