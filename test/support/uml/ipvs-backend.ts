import { addressesOf } from '../kernel/addresses.ts';
import { type Backend, chooseIptables } from '../kernel/backend.ts';
import type { Lab } from '../kernel/lab.ts';
import { renderRules } from '../kernel/render-rules.ts';
import { GUEST_MODULES } from './init-script.ts';

const NO_DROP = 'a virtual server without real servers refuses: it cannot drop';
const LOCAL_FOR_ALL =
  'a virtual server cannot tell its clients apart: a Local policy holds for pods of the node too';
const CLUSTER_INSTEAD = 'a Local policy without local endpoints leaves those of the cluster';

/** What kube-proxy's own two modes do differently, by scenario; `ipvsScenarios` say what ipvs mode does instead. */
export const IPVS_DIFFERENCES: ReadonlyMap<string, string> = new Map([
  [
    "a port that a ClusterIP does not serve is nobody's",
    'the node has the address, so what is not served on it is refused',
  ],
  [
    'session affinity keeps a client at its endpoint until the timeout',
    'affinity ends when the timeout has passed and the last connection is forgotten',
  ],
  ['internalTrafficPolicy Local: endpoints of this node only, silence when it has none', NO_DROP],
  ["externalTrafficPolicy Local: this node's endpoints, with the client's address kept", LOCAL_FOR_ALL],
  ['externalTrafficPolicy Local without local endpoints: silence outside, answers inside', CLUSTER_INSTEAD],
  ['a NodePort answers on localhost (IPv4)', 'IPVS cannot serve connections that come from 127.0.0.1'],
  ["an external IP with policy Local keeps the client's address", LOCAL_FOR_ALL],
  ["a load balancer with policy Local keeps the client's address", LOCAL_FOR_ALL],
  ['a load balancer with policy Local and no local endpoints stays silent', CLUSTER_INSTEAD],
  [
    'source ranges let friends in and keep strangers out, at the load balancer address only',
    'source ranges that hold the node let in all of its processes, whatever address they use',
  ],
]);

/** Loads modules of the guest's kernel. */
export async function loadModules({ node }: Pick<Lab, 'node'>, modules: readonly string[]): Promise<void> {
  await node.must(['modprobe', '-d', GUEST_MODULES, '-a', ...modules]);
}

/** Makes a lab's node one that ipvs mode can run on. */
export async function prepareForIPVS(lab: Lab): Promise<void> {
  await chooseIptables(lab.node, 'legacy');
  await loadModules(lab, ['ip_vs', 'ip_vs_rr', 'ip_vs_sh', 'ip_vs_lc', 'xt_ipvs']);
}

/** `svcgen render --mode ipvs | sh`: each run of the script starts from what the one before has left. */
export const ipvsBackend: Backend = {
  name: 'ipvs',
  knownDifferences: new Map(),
  prepare: async () => undefined,
  apply: async ({ node }, { manifests, family, flags }) => {
    const { nodeOnPeerLink, nodeOnPodLinks } = addressesOf(family);
    const addresses = [nodeOnPeerLink, nodeOnPodLinks].flatMap((ip) => ['--node-ip', ip]);
    const mode = ['--mode', 'ipvs', '--family', family.toLowerCase()];
    await node.must(['sh', '-s'], await renderRules(manifests, [...mode, ...flags, ...addresses]));
  },
};
