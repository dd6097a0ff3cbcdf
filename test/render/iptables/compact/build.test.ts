import { describe, expect, test } from 'vitest';
import type { NodeState, ServicePort } from '../../../../src/model/node-state.ts';
import { renderIptables } from '../../../../src/render/iptables/build.ts';
import {
  deliverExternally,
  deliverTo,
  endpoint,
  nodeState,
  pool,
  servicePort,
} from '../../../support/node-state.ts';

function lines(state: NodeState, layout: 'kube-proxy' | 'compact' = 'compact'): readonly string[] {
  return [...renderIptables(state, { form: 'tables', layout })].join('').split('\n');
}

/** The rules of the chains whose name starts like this, without `-A` and the hashes of names. */
function rulesOf(state: NodeState, chain: string): readonly string[] {
  return lines(state)
    .filter((line) => line.startsWith(`-A ${chain}`))
    .map((line) => line.slice(3).replaceAll(/-[A-Z2-7]{16}\b/g, ''));
}

function withPort(overrides: Partial<ServicePort>): NodeState {
  return nodeState({ servicePorts: [servicePort(overrides)] });
}

function poolOf(count: number) {
  return pool('cluster', ...Array.from({ length: count }, (_, index) => endpoint(`10.244.0.${index}`)));
}

function chainsOf(text: readonly string[]): readonly string[] {
  return text.filter((line) => line.startsWith(':')).map((line) => line.slice(1).split(' ')[0] ?? '');
}

describe('layout compact', () => {
  test('rewrites the destination where the endpoint is chosen', () => {
    const endpoints = poolOf(3);
    const state = withPort({
      protocol: 'UDP',
      internal: deliverTo(endpoints),
      reachable: endpoints.endpoints,
    });
    expect(rulesOf(state, 'KUBE-SVC-')).toEqual([
      'KUBE-SVC -p udp -m statistic --mode random --probability 0.3333333333 -j DNAT --to-destination 10.244.0.0:8080',
      'KUBE-SVC -p udp -m statistic --mode random --probability 0.5000000000 -j DNAT --to-destination 10.244.0.1:8080',
      'KUBE-SVC -p udp -j DNAT --to-destination 10.244.0.2:8080',
    ]);
  });

  test('masquerades foreign clients as the other layout does', () => {
    const state = nodeState({ localDetector: { kind: 'cidr', cidr: '10.244.0.0/16' } });
    const mark = /-j KUBE-MARK-MASQ$/;
    const marks = (layout: 'kube-proxy' | 'compact') =>
      lines(state, layout).filter((line) => line.startsWith('-A KUBE-SVC') && mark.test(line));
    expect(marks('compact')).toHaveLength(1);
    expect(marks('compact')).toEqual(marks('kube-proxy'));
  });

  test('session affinity: clients that were here come first, and are remembered when they are sent', () => {
    const endpoints = poolOf(2);
    const state = withPort({
      internal: deliverTo(endpoints),
      reachable: endpoints.endpoints,
      sessionAffinitySeconds: 60,
    });
    expect(rulesOf(state, 'KUBE-SVC-')).toEqual([
      'KUBE-SVC -p tcp -m recent --name KUBE-SEP --update --seconds 60 --reap -j DNAT --to-destination 10.244.0.0:8080',
      'KUBE-SVC -p tcp -m recent --name KUBE-SEP --update --seconds 60 --reap -j DNAT --to-destination 10.244.0.1:8080',
      'KUBE-SVC -p tcp -m statistic --mode random --probability 0.5000000000 -m recent --name KUBE-SEP --set -j DNAT --to-destination 10.244.0.0:8080',
      'KUBE-SVC -p tcp -m recent --name KUBE-SEP --set -j DNAT --to-destination 10.244.0.1:8080',
    ]);
  });

  test('lists of clients have the names that they have in the other layout', () => {
    const state = withPort({ sessionAffinitySeconds: 60 });
    const lists = (layout: 'kube-proxy' | 'compact') =>
      new Set(lines(state, layout).flatMap((line) => /--name (KUBE-SEP-\S+)/.exec(line)?.[1] ?? []));
    expect(lists('compact').size).toBe(1);
    expect(lists('compact')).toEqual(lists('kube-proxy'));
  });

  test('of many endpoints a share is chosen first', () => {
    const endpoints = poolOf(100);
    const state = withPort({ internal: deliverTo(endpoints), reachable: endpoints.endpoints });
    const shares = rulesOf(state, 'KUBE-SVC-');
    expect(shares).toHaveLength(10);
    expect(shares[0]).toBe('KUBE-SVC -m statistic --mode random --probability 0.1000000000 -j KUBE-SUB');
    expect(shares.at(-1)).toBe('KUBE-SVC -j KUBE-SUB');
    const targets = rulesOf(state, 'KUBE-SUB-').map((line) => line.replace(/.*--to-destination /, ''));
    expect(targets).toEqual(endpoints.endpoints.map(({ hostPort }) => hostPort));
  });

  test('an endpoint that reaches itself is masqueraded and let through, but no loopback address', () => {
    const hairpin =
      '! -s ::1/128 -m comment --comment "kubernetes endpoints that reach themselves" -m conntrack --ctstate DNAT -m bpf --bytecode "18,';
    const state = nodeState({ family: 'IPv6', servicePorts: [] });
    expect(rulesOf(state, 'KUBE-POSTROUTING')[0]).toContain(hairpin);
    expect(rulesOf(state, 'KUBE-POSTROUTING')[0]).toMatch(/ -j KUBE-MARK-MASQ$/);
    const last = rulesOf(state, 'KUBE-FORWARD').at(-1);
    expect(last).toContain(hairpin);
    expect(last).toMatch(/ -j ACCEPT$/);
  });

  test('declares every chain once, and jumps only to what it declares', () => {
    const endpoints = poolOf(70);
    const ports = Array.from({ length: 200 }, (_, index) =>
      servicePort({
        name: { namespace: 'default', name: `web-${index}`, port: '' },
        clusterIP: `10.96.0.${index}`,
        nodePort: 30_000 + index,
        loadBalancerIPs: [`192.0.2.${index}`],
        admitted: { ranges: ['10.0.0.0/8'], ofNode: [] },
        healthCheckNodePort: 31_000 + index,
        internal: index % 3 === 0 ? { kind: 'reject' } : deliverTo(endpoints),
        external: deliverExternally({
          fromOutside: index % 3 === 1 ? { kind: 'drop' } : deliverTo(endpoints),
          fromInside: deliverTo(endpoints),
          keepsClientIP: true,
        }),
        reachable: endpoints.endpoints,
      }),
    );
    const text = lines(nodeState({ servicePorts: ports }));
    const tables = text.join('\n').split('COMMIT').slice(0, 2);
    for (const table of tables) {
      const declared = chainsOf(table.split('\n'));
      expect(new Set(declared).size).toBe(declared.length);
      expect(Math.max(...declared.map((name) => name.length))).toBeLessThanOrEqual(28);
      const used = [...table.matchAll(/^-A (\S+)|-j (KUBE-\S+)/gm)].map(([, from, to]) => from ?? to ?? '');
      expect(used.filter((name) => !declared.includes(name))).toEqual([]);
    }
    const branches = [...text.join('\n').matchAll(/^-A (\S+) .*-j KUBE-DST-/gm)].map(
      ([, from]) => from ?? '',
    );
    const roots = new Set(branches.filter((name) => !name.startsWith('KUBE-DST-')));
    expect([...roots].sort()).toEqual([
      'KUBE-EXTERNAL-SERVICES',
      'KUBE-NODEPORTS',
      'KUBE-PROXY-FIREWALL',
      'KUBE-SERVICES',
    ]);
  });
});
