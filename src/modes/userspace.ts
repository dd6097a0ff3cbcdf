import type { WantedRules } from '../lang/iptables/compare/compare-rules.ts';
import { checkTables } from '../lang/iptables/read/check-saved-rules.ts';
import type { Host, HostServer } from '../lang/packet/host.ts';
import { plainHost } from '../lang/packet/host.ts';
import type { IPFamily } from '../model/cluster.ts';
import { type NodeState, type NodeStates, proxyPortOf } from '../model/node-state.ts';
import type { RestoreForm } from '../render/netfilter/restore-form.ts';
import { renderProxy } from '../render/nginx/configuration.ts';
import { isList } from '../render/own-chains.ts';
import { proxyFlows } from '../render/script/flows-text.ts';
import { renderScript } from '../render/script/render.ts';
import { buildUserspaceTables, renderUserspaceTables, USERSPACE_JUMPS } from '../render/userspace/build.ts';
import { savedDump } from './dump/node-dump.ts';
import { readRulesDump } from './dump/read/read-node-dump.ts';
import { HEALTH_ARTIFACT, type HealthArtifact, renderHealthArtifact } from './health.ts';
import { iptablesCurrent } from './iptables.ts';
import {
  builtFirewall,
  iptablesDrift,
  isOwnChain,
  spellJumps,
  stateOf,
  tableParts,
} from './iptables-rules.ts';
import type { Mode, RenderOptions, WrittenOptions } from './mode.ts';
import { tableArtifacts } from './table-artifacts.ts';

const BOTH = ['IPv4', 'IPv6'] as const;

/** The artifacts of the mode. */
export type UserspaceArtifact = 'iptables' | 'ip6tables' | 'nginx' | 'script' | HealthArtifact;

/** Packages of Debian that have the proxy. */
const PACKAGES = 'nginx-light libnginx-mod-stream';

/** A proxy on the node, which tries another endpoint when one does not answer, and rules of iptables that lead there. */
export const userspaceMode: Mode<UserspaceArtifact> = {
  name: 'userspace',
  layouts: ['kube-proxy'],
  layoutsByPort: [],
  layoutsByPlace: [],
  artifacts: [
    ...tableArtifacts({ isMain: false, needs: BOTH }),
    { name: 'nginx', fileName: 'nginx.conf', isExecutable: false, families: BOTH, needs: [], isMain: false },
    { name: 'script', fileName: 'apply.sh', isExecutable: true, families: BOTH, needs: BOTH, isMain: true },
    HEALTH_ARTIFACT,
  ],
  defaults: {
    userspace: { proxyPortRange: { first: 20_000, last: 29_999 }, udpTimeoutMilliseconds: 250 },
  },
  configurationSection: 'iptables',
  current: iptablesCurrent(wantedRules),
  remains: { setNames: [], tables: [] },
  findsServicesBy: 'chains of nat',
  outputProblem,
  renderers,
  firewall: (state, _, host) => builtFirewall(buildUserspaceTables(state, 'tables'), host),
  host,
  ruleParts: (state) => ({ chains: tableParts(buildUserspaceTables(state, 'tables')), maps: [] }),
  dumpFamilies: ['IPv4'],
  readDump: readRulesDump,
  tellLayout: () => undefined,
  checkDump: (dump) => checkTables(savedDump(dump).tables),
  drift: (dump, state) => iptablesDrift(savedDump(dump).tables, wantedRules(state), state),
};

function outputProblem({ family, artifact, noflush, outputDir }: WrittenOptions): string | undefined {
  const hasRules = artifact === 'iptables' || artifact === 'ip6tables' || outputDir !== undefined;
  if (family !== undefined && !hasRules) return '--family is for rules: add --artifact iptables or ip6tables';
  if (noflush !== true || hasRules) return undefined;
  return '--noflush is for rules: add --artifact iptables, --artifact ip6tables or --output-dir';
}

/** Health checks are always answered: the nginx is there anyway. */
function renderers({
  form,
  confirmSeconds,
}: RenderOptions): ReturnType<Mode<UserspaceArtifact>['renderers']> {
  const restoreText = (family: IPFamily, states: NodeStates, as: RestoreForm) =>
    renderUserspaceTables(stateOf(family, states), as);
  const scriptFamily = (family: IPFamily, states: NodeStates) => ({
    state: stateOf(family, states),
    rules: restoreText(family, states, 'noflush'),
    probe: undefined,
  });
  const served = (states: NodeStates) =>
    [...states.values()].filter(({ servicePorts }) => servicePorts.length > 0);
  return {
    iptables: (states) => restoreText('IPv4', states, form),
    ip6tables: (states) => restoreText('IPv6', states, form),
    nginx: (states) => renderProxy([...states.values()]),
    script: (states) =>
      renderScript({
        ipv4: scriptFamily('IPv4', states),
        ipv6: scriptFamily('IPv6', states),
        jumps: spellJumps(USERSPACE_JUMPS),
        flows: proxyFlows([...states.values()]),
        confirmSeconds,
        nginx: {
          configuration: served(states).length > 0 ? renderProxy(served(states)) : undefined,
          packages: PACKAGES,
          isFirst: true,
        },
      }),
    health: renderHealthArtifact,
  };
}

/** The proxy is to packets what virtual servers are. */
function host(state: NodeState, nodeIPs: readonly string[]): Host {
  const loopback = state.family === 'IPv4' ? '127.0.0.1' : '::1';
  const addresses = new Set([loopback, ...nodeIPs, ...(state.nodeIP === undefined ? [] : [state.nodeIP])]);
  const servers = state.servicePorts.flatMap((servicePort) =>
    servicePort.pools.flatMap(({ scope, endpoints }): HostServer[] => {
      const port = proxyPortOf(state, servicePort, scope);
      if (port === undefined) return [];
      return [...addresses].map((ip) => ({
        protocol: servicePort.protocol,
        ip,
        port,
        scheduler: servicePort.sessionAffinitySeconds === undefined ? 'rr' : 'sh',
        persistenceSeconds: undefined,
        realServers: endpoints,
        isProxy: true,
      }));
    }),
  );
  return { ...plainHost(nodeIPs), virtualServers: servers };
}

/** Our rules on a node, with what one has to know to compare them with others. */
function wantedRules(state: NodeState): WantedRules {
  return {
    tables: buildUserspaceTables(state, 'noflush'),
    jumps: USERSPACE_JUMPS,
    isOwnChain,
    isList: (table, chain) => isList(table, chain, 'userspace/kube-proxy'),
    isLast: () => false,
    countedBy: () => undefined,
  };
}
