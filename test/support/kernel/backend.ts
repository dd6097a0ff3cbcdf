import { NEWEST_KUBERNETES } from '../../../src/kubernetes/versions.ts';
import type { IPFamily } from '../../../src/model/cluster.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import type { RuleLayout } from '../../../src/model/proxy-config.ts';
import { TOOLS_FOLDER } from './agent-process.ts';
import { HEALTH_CHECK_PORT, type Lab } from './lab.ts';
import type { Namespace } from './namespace.ts';
import { renderRules } from './render-rules.ts';

/** How what svcgen prints gets into the kernel of the lab's node. */
export interface Backend {
  readonly name: string;
  /** Scenarios that this backend is known to fail, by name, and why. */
  readonly knownDifferences: ReadonlyMap<string, string>;
  /** Servers see the node in place of clients. */
  readonly hidesClients?: boolean;
  /** Once for each lab. */
  prepare(lab: Lab): Promise<void>;
  /** Makes the node serve what the manifests say, and nothing that was there before. */
  apply(lab: Lab, input: BackendInput): Promise<void>;
}

interface BackendInput {
  readonly manifests: readonly JsonObject[];
  readonly family: IPFamily;
  readonly flags: readonly string[];
}

export type IptablesVariant = 'legacy' | 'nft';

const NAMES = [
  'iptables',
  'iptables-save',
  'iptables-restore',
  'ip6tables',
  'ip6tables-save',
  'ip6tables-restore',
];

/** `svcgen render | iptables-restore`, with one of the two implementations of iptables. */
export function iptablesBackend(variant: IptablesVariant, layout: RuleLayout = 'kube-proxy'): Backend {
  return {
    name: layout === 'kube-proxy' ? `iptables-${variant}` : `iptables-${variant}, layout ${layout}`,
    knownDifferences: new Map(),
    prepare: async ({ node }) => {
      await chooseIptables(node, variant);
      // The rules alone do not make 127.0.0.1 answer: kube-proxy sets this as well.
      await node.sysctl([['net/ipv4/conf/all/route_localnet', '1']]);
    },
    apply: async ({ node }, { manifests, family, flags }) => {
      const rules = await renderRules(manifests, [
        '--family',
        family.toLowerCase(),
        '--layout',
        layout,
        ...flags,
      ]);
      await node.must([family === 'IPv4' ? 'iptables-restore' : 'ip6tables-restore'], rules);
    },
  };
}

/** `svcgen render --mode nftables | nft -f -`, in one of its layouts, as a version of kube-proxy has it. */
export function nftablesBackend(layout: RuleLayout, version = NEWEST_KUBERNETES.name): Backend {
  const isCompact = layout === 'compact';
  return {
    name: `nftables, layout ${layout}, ${version}`,
    knownDifferences: isCompact ? new Map() : KUBE_PROXY_NFTABLES_DIFFERENCES,
    prepare: async ({ node }) => {
      if (isCompact) await node.sysctl([['net/ipv4/conf/all/route_localnet', '1']]);
    },
    apply: async ({ node }, { manifests, family, flags }) => {
      const mode = ['--mode', 'nftables', '--layout', layout, '--family', family.toLowerCase()];
      // Scenarios are for iptables mode too, whose NodePorts answer at every address.
      const defaults = ['--kubernetes-version', version, '--nodeport-addresses', '0.0.0.0/0,::/0'];
      // kube-proxy's nftables mode has no localhost NodePorts, so they have to be asked for.
      const localhost = isCompact && family === 'IPv4' ? ['--iptables-localhost-nodeports'] : [];
      const rules = await renderRules(manifests, [...mode, ...defaults, ...localhost, ...flags]);
      await node.must(['nft', '-f', '-'], rules);
    },
  };
}

/** The script of userspace mode, with real nginx. */
export function userspaceBackend(): Backend {
  return {
    name: 'userspace',
    hidesClients: true,
    knownDifferences: USERSPACE_DIFFERENCES,
    prepare: ({ node }) => chooseIptables(node, 'nft'),
    apply: async ({ node }, { manifests, flags }) => {
      const script = await renderRules(manifests, ['--mode', 'userspace', ...flags]);
      // The lab answers health checks itself.
      const moved = script.replaceAll(
        new RegExp(`^( +listen .*?)${HEALTH_CHECK_PORT};$`, 'gm'),
        (_, start: string) => `${start}32901;`,
      );
      await node.must(['sh', '-s'], moved);
    },
  };
}

const USERSPACE_DIFFERENCES: ReadonlyMap<string, string> = new Map([
  ['SCTP is delivered', 'nginx knows no SCTP, which is an error'],
  [
    'session affinity keeps a client at its endpoint until the timeout',
    'nginx chooses by a hash of the client, which knows no time',
  ],
]);

/** Where kube-proxy's nftables mode differs from its iptables mode. */
const KUBE_PROXY_NFTABLES_DIFFERENCES: ReadonlyMap<string, string> = new Map([
  ["a port that a ClusterIP does not serve is nobody's", 'ports that a ClusterIP does not serve are refused'],
  [
    "a port that no Service has is nobody's, among many ports",
    'ports that a ClusterIP does not serve are refused',
  ],
  ['a NodePort answers on localhost (IPv4)', 'kube-proxy has no localhost NodePorts in nftables mode'],
]);

/** Makes `iptables` and its kin mean one implementation in a namespace. */
export async function chooseIptables(namespace: Namespace, variant: IptablesVariant): Promise<void> {
  const links = NAMES.map((name) => {
    const program = name.replace('tables', `tables-${variant}`);
    return `ln -s "$(command -v ${program})" ${TOOLS_FOLDER}/${name}`;
  });
  await namespace.must(['sh', '-ec', [`mkdir -p ${TOOLS_FOLDER}`, ...links].join('\n')]);
}
