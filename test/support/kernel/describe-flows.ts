import { beforeAll, expect, test } from 'vitest';
import { type Addresses, bothFamilies, type PodName } from './addresses.ts';
import type { Lab } from './lab.ts';
import { NODE_NAME } from './manifests.ts';
import type { Namespace } from './namespace.ts';
import { renderRules } from './render-rules.ts';
import { serversOn } from './scenario.ts';
import { dualStack } from './script-services.ts';

/** A Service over UDP; its NodePort is one more that a server outside of the cluster has as well. */
const DNS = { name: 'dns', protocol: 'UDP', port: 53, targetPort: 8080 };
const SLICE = { name: 'dns', protocol: 'UDP', port: 8080 };
/** One of the lab's servers: what goes there is nobody's business. */
const NODE_PORT = 30053;

/** One for each port: IPVS does not tell two flows of one client apart that have the same endpoint. */
function fromPort(port: number): number {
  return 20_000 + port;
}

function dns(number: number, pods: readonly PodName[]) {
  const spec = { type: 'NodePort', ports: [{ ...DNS, nodePort: NODE_PORT }] };
  const objects = dualStack({ name: 'dns', number, pods, spec });
  return objects.map((object) => (object.kind === 'EndpointSlice' ? { ...object, ports: [SLICE] } : object));
}

/** Tests what the script of a mode does to clients over UDP that keep their source port. Each test builds on those above. */
export function describeFlows(mode: readonly string[], startLab: () => Promise<Lab>): void {
  let lab: Lab;

  async function run(pods: readonly PodName[]): Promise<string> {
    const everywhere = ['--nodeport-addresses', '0.0.0.0/0,::/0'];
    const addresses = bothFamilies.flatMap((net) => ['--node-ip', net.node]);
    const script = await renderRules(dns(7, pods), [
      ...mode,
      '--script',
      '--node',
      NODE_NAME,
      ...everywhere,
      ...addresses,
    ]);
    const { exitCode, stderr } = await lab.node.run(['sh', '-s'], script);
    expect(exitCode, stderr).toBe(0);
    return stderr;
  }

  /** @returns the server that answers; none: nobody does */
  async function exchange(from: Namespace, to: string, port: number): Promise<readonly string[]> {
    const flow = {
      to,
      port,
      protocol: 'udp',
      from: [],
      fromPort: fromPort(port),
      count: 1,
      patience: 1500,
    } as const;
    const outcomes = await from.connect(flow);
    return outcomes.flatMap((outcome) => (outcome.kind === 'answered' ? [outcome.server] : []));
  }

  /** A flow that is dead may take its first packet with it. */
  async function exchangeTwice(from: Namespace, to: string, port: number): Promise<readonly string[]> {
    await exchange(from, to, port);
    return exchange(from, to, port);
  }

  /** Whether conntrack remembers what goes from the client to a port of an address. */
  async function remembers({ family }: Addresses, to: string, port: number): Promise<boolean> {
    const kind = family.toLowerCase();
    const found = await lab.node.run([
      'conntrack',
      '-L',
      '-f',
      kind,
      '-p',
      'udp',
      '-d',
      to,
      '--dport',
      String(port),
    ]);
    return found.stdout.includes(`sport=${fromPort(port)}`);
  }

  beforeAll(async () => {
    lab = await startLab();
    await lab.node.must(['conntrack', '--flush']);
  });

  test.each(bothFamilies.map((net) => [net.family, net] as const))(
    '%s: who asked before there was a Service gets an answer',
    async (_, net) => {
      await exchange(lab.client, net.clusterIP(7), 53);
      await exchange(lab.client, net.node, NODE_PORT);
      await run(['a']);
      expect(await exchange(lab.client, net.clusterIP(7), 53)).toEqual(serversOn(net, ['a']));
      expect(await exchange(lab.client, net.node, NODE_PORT)).toEqual(serversOn(net, ['a']));
      await lab.node.must(['conntrack', '--flush']);
    },
  );

  test.each(bothFamilies.map((net) => [net.family, net] as const))(
    '%s: clients move to an endpoint that lives, and nothing else goes',
    async (_, net) => {
      await run(['a']);
      for (const [to, port] of [
        [net.clusterIP(7), 53],
        [net.node, NODE_PORT],
      ] as const) {
        expect(await exchange(lab.client, to, port)).toEqual(serversOn(net, ['a']));
      }
      // The same port at an address of somebody else, and a server of the node itself.
      await exchange(lab.client, net.peer, NODE_PORT);
      await exchange(lab.client, net.node, 6443);
      await run(['a', 'd']);
      expect(await remembers(net, net.clusterIP(7), 53)).toBe(true);
      await run(['d']);
      expect(await remembers(net, net.peer, NODE_PORT)).toBe(true);
      expect(await remembers(net, net.node, 6443)).toBe(true);
      for (const [to, port] of [
        [net.clusterIP(7), 53],
        [net.node, NODE_PORT],
      ] as const) {
        expect(await exchangeTwice(lab.client, to, port)).toEqual(serversOn(net, ['d']));
      }
      await lab.node.must(['conntrack', '--flush']);
    },
  );

  test('a host without conntrack gets one note, which names the package', async () => {
    await lab.node.must(['sh', '-c', `mount --bind /dev/null "$(command -v conntrack)"`]);
    const stderr = await run(['a']);
    expect(stderr.match(/^svcgen: .*conntrack.*/gm)).toHaveLength(1);
    expect(stderr).toContain('apt-get install conntrack');
  });
}
