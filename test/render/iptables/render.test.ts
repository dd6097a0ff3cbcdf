import { describe, expect, test } from 'vitest';
import type { NodeState, ServicePort } from '../../../src/model/node-state.ts';
import { renderIptables } from '../../../src/render/iptables/build.ts';
import {
  deliverExternally,
  deliverTo,
  endpoint,
  nodeState,
  pool,
  servicePort,
} from '../../support/node-state.ts';

function lines(state: NodeState, form: 'tables' | 'noflush' = 'tables'): string[] {
  return [...renderIptables(state, { form })].join('').split('\n');
}

/** The rules of the chains whose name starts like this, without `-A`, in order, both tables. */
function rulesOf(state: NodeState, chain: string): string[] {
  return lines(state)
    .filter((line) => line.startsWith(`-A ${chain}`))
    .map((line) => line.slice(3));
}

function withPort(overrides: Partial<ServicePort>): NodeState {
  return nodeState({ servicePorts: [servicePort(overrides)] });
}

const clusterPool = pool('cluster', endpoint('10.244.1.5'), endpoint('10.244.2.5'));
const localPool = pool('local', endpoint('10.244.1.5', 8080, true));
const REJECT = { kind: 'reject' } as const;
const DROP = { kind: 'drop' } as const;
const openToAll = deliverExternally({
  fromOutside: deliverTo(clusterPool),
  fromInside: deliverTo(clusterPool),
  keepsClientIP: false,
});

describe('renderIptables', () => {
  test('gives the same text every time', () => {
    expect(lines(nodeState())).toEqual(lines(nodeState()));
  });

  test('jumps only to chains that it declares', () => {
    const state = withPort({
      nodePort: 30080,
      loadBalancerIPs: ['192.0.2.1'],
      admitted: { ranges: ['10.0.0.0/8'], ofNode: [] },
      internal: deliverTo(localPool),
      external: deliverExternally({
        fromOutside: deliverTo(localPool),
        fromInside: deliverTo(clusterPool),
        keepsClientIP: true,
      }),
      reachable: [...clusterPool.endpoints, ...localPool.endpoints],
    });
    const text = lines(state);
    const declared = new Set(
      text.filter((line) => line.startsWith(':')).map((line) => line.slice(1).split(' ')[0]),
    );
    const targets = text.flatMap((line) => / -j (KUBE-\S+)/.exec(line)?.[1] ?? []);
    expect(targets.filter((chain) => !declared.has(chain))).toEqual([]);
  });

  test('leaves built-in chains and jumps out of --noflush text', () => {
    const text = lines(nodeState(), 'noflush');
    expect(text.filter((line) => /^(:|-A )(INPUT|FORWARD|OUTPUT|PREROUTING|POSTROUTING)/.test(line))).toEqual(
      [],
    );
    expect(text).toContain(':KUBE-SERVICES - [0:0]');
  });

  test('rejects what has no endpoints, and makes no chains for it', () => {
    const state = withPort({
      nodePort: 30080,
      internal: REJECT,
      external: deliverExternally({ fromOutside: REJECT, fromInside: REJECT, keepsClientIP: false }),
      reachable: [],
    });
    expect(rulesOf(state, 'KUBE-SERVICES -d')).toEqual([
      'KUBE-SERVICES -d 10.96.0.80/32 -p tcp -m comment --comment "default/web:http has no endpoints" -m tcp --dport 80 -j REJECT',
    ]);
    expect(rulesOf(state, 'KUBE-EXTERNAL-SERVICES')).toEqual([
      'KUBE-EXTERNAL-SERVICES -p tcp -m comment --comment "default/web:http has no endpoints" -m addrtype --dst-type LOCAL -m tcp --dport 30080 -j REJECT',
    ]);
    expect(lines(state).filter((line) => /KUBE-(SVC|SVL|EXT|SEP|FW)-/.test(line))).toEqual([]);
  });

  test('drops outside traffic without local endpoints, and lets pods and the node through', () => {
    const state = nodeState({
      localDetector: { kind: 'cidr', cidr: '10.244.0.0/16' },
      servicePorts: [
        servicePort({
          externalIPs: ['203.0.113.1'],
          internal: deliverTo(clusterPool),
          external: deliverExternally({
            fromOutside: DROP,
            fromInside: deliverTo(clusterPool),
            keepsClientIP: true,
          }),
          reachable: clusterPool.endpoints,
        }),
      ],
    });
    expect(rulesOf(state, 'KUBE-EXTERNAL-SERVICES')).toEqual([
      'KUBE-EXTERNAL-SERVICES -d 203.0.113.1/32 -p tcp -m comment --comment "default/web:http has no local endpoints" -m tcp --dport 80 -j DROP',
    ]);
    const targets = rulesOf(state, 'KUBE-EXT-').map((rule) => rule.replace(/^.* -j /, '').slice(0, 8));
    expect(targets).toEqual(['KUBE-SVC', 'KUBE-MAR', 'KUBE-SVC']);
  });

  test('masquerades external traffic of a Cluster policy', () => {
    const state = withPort({
      nodePort: 30080,
      external: openToAll,
      internal: deliverTo(clusterPool),
      reachable: clusterPool.endpoints,
    });
    expect(rulesOf(state, 'KUBE-EXT-').map((rule) => rule.replace(/^.* -j /, '').slice(0, 9))).toEqual([
      'KUBE-MARK',
      'KUBE-SVC-',
    ]);
  });

  test('leaves comments on rules of endpoints out in a large cluster', () => {
    const comments = (isLargeCluster: boolean) =>
      rulesOf(nodeState({ isLargeCluster }), 'KUBE-SEP-').filter((rule) => rule.includes('--comment')).length;
    expect(comments(false)).toBe(2);
    expect(comments(true)).toBe(0);
  });

  test('spreads over n endpoints by 1/n, 1/(n-1), … and the rest', () => {
    const state = withPort({ internal: deliverTo(clusterPool), reachable: clusterPool.endpoints });
    const rules = rulesOf(state, 'KUBE-SVC-');
    expect(rules[0]).toContain('--probability 0.5000000000');
    expect(rules[1]).not.toContain('statistic');
  });

  test.each([
    ['none', { localDetector: { kind: 'none' } }, undefined],
    ['CIDR', { localDetector: { kind: 'cidr', cidr: '10.244.0.0/16' } }, '! -s 10.244.0.0/16 -d'],
    ['bridge', { localDetector: { kind: 'interface', name: 'cni0' } }, '! -i cni0 -d'],
    ['prefix', { localDetector: { kind: 'interface-prefix', prefix: 'veth' } }, '! -i veth+ -d'],
    ['masquerade all', { masqueraded: { kind: 'all' } }, 'KUBE-SVC-CDGGSHYLG3RE2FKL -d 10.96.0.80/32'],
  ] as const)('marks foreign clusterIP traffic: %s', (_, overrides, expected) => {
    const marking = rulesOf(nodeState(overrides), 'KUBE-SVC-').filter((rule) =>
      rule.endsWith('KUBE-MARK-MASQ'),
    );
    expect(marking.length).toBe(expected === undefined ? 0 : 1);
    if (expected !== undefined) expect(marking[0]).toContain(expected);
  });

  test('puts the jump to KUBE-NODEPORTS last', () => {
    const state = withPort({ nodePort: 30080, external: openToAll, loadBalancerIPs: ['192.0.2.1'] });
    expect(rulesOf(state, 'KUBE-SERVICES').at(-1)).toMatch(
      / -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS$/,
    );
  });

  test('leaves loopback out where localhost NodePorts are off', () => {
    const last = (state: NodeState) => rulesOf(state, 'KUBE-SERVICES').at(-1);
    expect(last(nodeState({ localhostNodePorts: false }))).toContain('! -d 127.0.0.0/8');
    expect(last(nodeState({ family: 'IPv6', localhostNodePorts: false }))).toContain('! -d ::1/128');
    expect(rulesOf(nodeState({ localhostNodePorts: false }), 'KUBE-FIREWALL')).toEqual([]);
  });

  test('drops INVALID packets unless conntrack is to be liberal', () => {
    expect(rulesOf(nodeState({ dropInvalid: true }), 'KUBE-FORWARD')).toHaveLength(3);
    expect(rulesOf(nodeState({ dropInvalid: false }), 'KUBE-FORWARD')).toHaveLength(2);
  });
});
