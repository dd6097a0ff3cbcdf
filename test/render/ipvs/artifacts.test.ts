import { describe, expect, test } from 'vitest';
import { defaultIPVSSettings } from '../../../src/model/ipvs-settings.ts';
import type { NodeState } from '../../../src/model/node-state.ts';
import { type ArtifactName, renderArtifact } from '../../../src/modes/index.ts';
import { ipvsNode, ipvsServicePort, ipvsState } from '../../support/ipvs-state.ts';

const ipv4 = ipvsState([ipvsServicePort()]);
const ipv6 = ipvsState([ipvsServicePort({ clusterIP: 'fd00:96::1' })], { family: 'IPv6' });

function render(name: ArtifactName, ...states: readonly NodeState[]): string {
  const input = {
    mode: 'ipvs',
    states: new Map(states.map((state) => [state.family, state])),
    layout: 'kube-proxy',
    form: 'tables',
  } as const;
  return [...renderArtifact(name, input)].join('');
}

describe('sysctl', () => {
  test('what kube-proxy sets, and forwarding of the families that are served', () => {
    expect(render('sysctl', ipv4)).toMatchInlineSnapshot(`
      "# iptables rules see the connections that IPVS handles.
      net.ipv4.vs.conntrack = 1
      # A client that uses a port again is not kept waiting a second (kubernetes/kubernetes#93297).
      # Before Linux 5.9: net.ipv4.vs.conn_reuse_mode = 0
      # Connections to an endpoint that is gone end at once.
      net.ipv4.vs.expire_nodest_conn = 1
      # Session affinity to an endpoint that is gone ends too.
      net.ipv4.vs.expire_quiescent_template = 1
      # Endpoints are on other hosts.
      net.ipv4.ip_forward = 1
      "
    `);
    expect(render('sysctl', ipv4, ipv6)).toContain('\nnet.ipv6.conf.all.forwarding = 1\n');
    expect(render('sysctl', ipv4, { ...ipv6, servicePorts: [] })).not.toContain('ipv6');
  });

  test('strict ARP', () => {
    const state = { ...ipv4, ipvs: ipvsNode({ settings: { ...defaultIPVSSettings, strictARP: true } }) };
    expect(render('sysctl', state)).toContain('\nnet.ipv4.conf.all.arp_ignore = 1\n');
    expect(render('sysctl', state)).toContain('\nnet.ipv4.conf.all.arp_announce = 2\n');
  });
});

describe('iptables and ip6tables', () => {
  test('are of their families; with one family alone, iptables is of that', () => {
    expect(render('iptables', ipv4, ipv6)).toContain('KUBE-CLUSTER-IP');
    expect(render('ip6tables', ipv4, ipv6)).toContain('KUBE-6-CLUSTER-IP');
    expect(render('iptables', ipv6)).toBe(render('ip6tables', ipv6));
    expect(() => render('ip6tables', ipv4)).toThrow('svcgen bug');
  });

  test('rules of sets that are empty are left out, sets that rules name are all there', () => {
    const rules = render('iptables', ipvsState([]));
    const names = [...rules.matchAll(/--match-set (\S+)/g)].map(([, name]) => name);
    expect(rules).not.toContain('KUBE-LOOP-BACK');
    expect(names.length).toBeGreaterThan(0);
    const created = [...render('ipset', ipvsState([])).matchAll(/^create (\S+)/gm)].map(([, name]) => name);
    expect(created).toEqual(expect.arrayContaining(names));
  });
});

test('a family without Services has sets of its own, as on a node', () => {
  const sets = render('ipset', ipv4, { ...ipv6, servicePorts: [] });
  expect(sets).toContain('create KUBE-6-CLUSTER-IP hash:ip,port family inet6\n');
});
