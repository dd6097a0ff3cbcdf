import { describe, expect, it } from 'vitest';
import type { Cluster, Workload } from '../../../src/model/cluster.ts';
import { resolve } from '../../../src/resolve/proxy/resolve.ts';
import { type SynthesizeOptions, synthesizePods } from '../../../src/resolve/synthesis/synthesize-pods.ts';
import {
  cluster,
  containerPort,
  node,
  pod,
  proxyConfig,
  service,
  servicePort,
  workload,
} from '../../support/cluster.ts';

const DEFAULTS: SynthesizeOptions = { podCIDRs: undefined, nodeName: undefined, nodeIPs: [] };

function run(parts: Partial<Cluster>, options: Partial<SynthesizeOptions> = {}) {
  const { cluster: result, diagnostics } = synthesizePods(cluster(parts), { ...DEFAULTS, ...options });
  const made = result.pods.filter(({ name }) => !parts.pods?.some((each) => each.name === name));
  return { result, made, diagnostics };
}

const names = (pods: readonly { readonly name: string }[]) => pods.map(({ name }) => name);
const places = (pods: readonly { readonly nodeName: string | undefined }[]) =>
  pods.map(({ nodeName }) => nodeName);
const deployment = (replicas: number, template: Partial<Workload['template']> = {}) =>
  workload({ name: 'web', replicas, template });

describe('synthesizePods', () => {
  it('makes running, ready pods of a template', () => {
    const template = {
      labels: { app: 'web' },
      containerPorts: [containerPort('http', 8080)],
      subdomain: 'sub',
    };
    const { made, diagnostics } = run({ workloads: [deployment(1, template)] });
    expect(diagnostics).toEqual([]);
    expect(made).toMatchObject([
      {
        namespace: 'default',
        name: expect.stringMatching(/^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/),
        labels: { app: 'web' },
        phase: 'Running',
        isReady: true,
        isTerminating: false,
        subdomain: 'sub',
        containerPorts: [{ name: 'http', containerPort: 8080 }],
        podIPs: [expect.stringMatching(/^10\.244\./), expect.stringMatching(/^fd00:10:244::/)],
      },
    ]);
  });

  it('finds fields of pods in their template', () => {
    const [made] = run({ workloads: [deployment(1)] }).made;
    expect(made?.locate(['spec', 'containers', 0]).excerpt.text).toBe('spec.template.spec.containers[0]');
  });

  it('makes as many as are wanted, each with its own name and address', () => {
    const { made } = run({ workloads: [deployment(500)] });
    expect(made).toHaveLength(500);
    expect(new Set(names(made)).size).toBe(500);
    expect(new Set(made.flatMap(({ podIPs }) => podIPs)).size).toBe(1000);
    expect(run({ workloads: [deployment(0)] }).made).toEqual([]);
  });

  it('gives pods of a StatefulSet their ordinal', () => {
    const workloads = [
      workload({ name: 'db', kind: 'StatefulSet', replicas: 2, template: { subdomain: 'db' } }),
    ];
    expect(run({ workloads }).made).toMatchObject([
      {
        name: 'db-0',
        hostname: 'db-0',
        subdomain: 'db',
        labels: { 'statefulset.kubernetes.io/pod-name': 'db-0' },
      },
      { name: 'db-1', hostname: 'db-1', labels: { app: 'db', 'apps.kubernetes.io/pod-index': '1' } },
    ]);
  });

  it('spreads pods over nodes, one a node for a DaemonSet', () => {
    const nodes = ['a', 'b', 'c'].map((name) => node({ name }));
    const spread = places(run({ nodes, workloads: [deployment(6)] }).made);
    expect(spread.sort()).toEqual(['a', 'a', 'b', 'b', 'c', 'c']);
    const daemons = [workload({ name: 'd', kind: 'DaemonSet', replicas: 1 })];
    expect(places(run({ nodes, workloads: daemons }).made).sort()).toEqual(['a', 'b', 'c']);
    expect(places(run({ nodes, workloads: [deployment(2, { nodeName: 'x' })] }).made)).toEqual(['x', 'x']);
  });

  it('puts them on the one node that is known, or on none', () => {
    const daemons = [workload({ name: 'd', kind: 'DaemonSet', replicas: 7 })];
    expect(places(run({ workloads: [deployment(2)] }, { nodeName: 'me' }).made)).toEqual(['me', 'me']);
    expect(places(run({ workloads: daemons }, { nodeName: 'me' }).made)).toEqual(['me']);
    expect(places(run({ workloads: daemons }).made)).toEqual([undefined]);
  });

  it('does not depend on other workloads', () => {
    const nodes = ['a', 'b', 'c'].map((name) => node({ name }));
    const alone = run({ nodes, workloads: [deployment(3)] }).made;
    const others = ['a', 'x', 'z'].map((name) => workload({ name, replicas: 3 }));
    const among = run({ nodes, workloads: [...others, deployment(3)] }).made;
    expect(among.filter(({ labels }) => labels.app === 'web')).toMatchObject(
      alone.map(({ name, nodeName, podIPs }) => ({ name, nodeName, podIPs })),
    );
  });

  it('serves services like pods of the input', () => {
    const services = [
      service({ name: 'web', selector: { app: 'web' }, ports: [servicePort({ targetPort: 'http' })] }),
    ];
    const template = { containerPorts: [containerPort('http', 8080)] };
    const { result } = run({ services, workloads: [deployment(3, template)] });
    const { state } = resolve(result, { config: proxyConfig(), family: 'IPv4' });
    expect(state.servicePorts[0]?.reachable).toHaveLength(3);
    expect(state.servicePorts[0]?.reachable[0]?.port).toBe(8080);
  });
});

describe('synthesizePods: addresses', () => {
  it('come from --pod-cidr, of its families only', () => {
    const [made] = run({ workloads: [deployment(1)] }, { podCIDRs: ['192.168.0.0/24', '10.0.0.0/8'] }).made;
    expect(made?.podIPs).toEqual([expect.stringMatching(/^192\.168\.0\./)]);
  });

  it('come from the podCIDRs of the node, unless --pod-cidr is given', () => {
    const nodes = [node({ name: 'a', podCIDRs: ['10.7.0.0/24'] })];
    const [made] = run({ nodes, workloads: [deployment(1)] }).made;
    expect(made?.podIPs).toEqual([
      expect.stringMatching(/^10\.7\.0\./),
      expect.stringMatching(/^fd00:10:244::/),
    ]);
    const [other] = run({ nodes, workloads: [deployment(1)] }, { podCIDRs: ['10.8.0.0/24'] }).made;
    expect(other?.podIPs).toEqual([expect.stringMatching(/^10\.8\.0\./)]);
  });

  it('are never those of something else', () => {
    const podCIDRs = ['10.0.0.0/29'];
    const pods = [pod({ name: 'other', podIPs: ['10.0.0.3'] })];
    const nodes = [node({ name: 'a', addresses: ['10.0.0.4'] })];
    const { made } = run({ pods, nodes, workloads: [deployment(4)] }, { podCIDRs });
    expect(made.flatMap(({ podIPs }) => podIPs).sort()).toEqual([
      '10.0.0.1',
      '10.0.0.2',
      '10.0.0.5',
      '10.0.0.6',
    ]);
  });

  it('are an error when there are too few', () => {
    const workloads = [deployment(20), workload({ name: 'z', replicas: 2 })];
    const { diagnostics } = run({ workloads }, { podCIDRs: ['10.0.0.0/28'] });
    expect(diagnostics).toMatchObject([
      {
        code: 'pod-range-has-room',
        severity: 'error',
        object: 'Deployment default/web',
        message:
          '10.0.0.0/28 is full: no address is left for pods of Deployment default/web, Deployment default/z',
      },
    ]);
  });

  it('are those of the node on the host network', () => {
    const nodes = [node({ name: 'a', addresses: ['192.0.2.1', '192.0.2.2', '2001:db8::1'] })];
    const hosted = [workload({ name: 'd', kind: 'DaemonSet', template: { hostNetwork: true } })];
    expect(run({ nodes, workloads: hosted }).made[0]?.podIPs).toEqual(['192.0.2.1', '2001:db8::1']);
    const given = { nodeName: 'me', nodeIPs: ['192.0.2.9'] };
    expect(run({ workloads: hosted }, given).made[0]?.podIPs).toEqual(['192.0.2.9']);
    const { made, diagnostics } = run({ workloads: hosted }, { nodeName: 'me' });
    expect(made).toEqual([]);
    expect(diagnostics).toMatchObject([{ code: 'host-network-address-known', severity: 'warning' }]);
  });
});

describe('synthesizePods: which workloads', () => {
  it('have no pod with all labels of their template in the input', () => {
    const labels = { app: 'web', extra: 'x' };
    expect(run({ workloads: [deployment(3)], pods: [pod({ name: 'p', labels })] }).made).toEqual([]);
    const elsewhere = pod({ name: 'p', namespace: 'other', labels });
    expect(run({ workloads: [deployment(3)], pods: [elsewhere] }).made).toHaveLength(3);
    expect(
      run({ workloads: [deployment(3)], pods: [pod({ name: 'p', labels: { extra: 'x' } })] }).made,
    ).toHaveLength(3);
  });

  it('are no CronJobs, but Jobs', () => {
    const of = (kind: Workload['kind']) => run({ workloads: [workload({ name: 'j', kind })] }).made;
    expect(of('CronJob')).toEqual([]);
    expect(of('Job')).toHaveLength(1);
    expect(of('ReplicaSet')).toHaveLength(1);
  });

  it('are no ReplicaSets of Deployments', () => {
    const labels = { app: 'web', 'pod-template-hash': '6ddfd47c58' };
    const made = workload({ name: 'web-6ddfd47c58', kind: 'ReplicaSet', template: { labels } });
    expect(run({ workloads: [made] }).made).toHaveLength(1);
    expect(run({ workloads: [made, deployment(1)] }).made).toHaveLength(1);
  });

  it('keep names that are taken', () => {
    const other = pod({ name: 'db-0' });
    const workloads = [workload({ name: 'db', kind: 'StatefulSet', replicas: 2 })];
    expect(names(run({ workloads, pods: [other] }).result.pods)).toEqual(['db-0', 'db-1']);
  });

  it('do not ask for more than a cluster can have', () => {
    const workloads = [deployment(100_000), workload({ name: 'z', replicas: 1_000_000_000 })];
    const { made, diagnostics } = run({ workloads });
    expect(made).toEqual([]);
    expect(diagnostics).toMatchObject([
      { code: 'synthesized-pods-limit', severity: 'error', object: 'Deployment default/z' },
    ]);
  });
});
