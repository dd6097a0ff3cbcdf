import { bug } from '../diagnostic/invariant.ts';
import type { WantedRules } from '../lang/iptables/compare/compare-rules.ts';
import { checkTables } from '../lang/iptables/read/check-saved-rules.ts';
import { formatSetEntry } from '../lang/ipvs/print.ts';
import { checkIPVSParts } from '../lang/ipvs/read/read-saved-ipvs.ts';
import type { IPVSRuleset } from '../lang/ipvs/ruleset.ts';
import type { Host } from '../lang/packet/host.ts';
import type { RulePart } from '../lang/text/rule-parts.ts';
import type { IPFamily } from '../model/cluster.ts';
import { defaultIPVSSettings } from '../model/ipvs-settings.ts';
import type { NodeState, NodeStates } from '../model/node-state.ts';
import { buildIPVS } from '../render/ipvs/build.ts';
import { IPVS_JUMPS } from '../render/ipvs/jumps.ts';
import { ipvsMemory } from '../render/ipvs/memory.ts';
import {
  renderAddresses,
  renderAddressList,
  renderIPSets,
  renderIPVSAdm,
  renderIPVSTables,
  renderSysctls,
  renderVirtualServers,
} from '../render/ipvs/render.ts';
import { ipvsSysctls } from '../render/ipvs/sysctls.ts';
import { buildIPVSTables } from '../render/ipvs/tables.ts';
import type { RestoreForm } from '../render/netfilter/restore-form.ts';
import { ALL_SET_NAMES } from '../render/netfilter/sets.ts';
import { createRuleMemory, memoryOfFamilies } from '../render/rule-memory.ts';
import { endpointFlows } from '../render/script/flows-text.ts';
import { type IPVSScriptInput, renderIPVSScript } from '../render/script/ipvs/render.ts';
import { savedDump } from './dump/node-dump.ts';
import { readSavedDump } from './dump/read/read-node-dump.ts';
import { HEALTH_ARTIFACT, type HealthArtifact, healthNginx, renderHealthArtifact } from './health.ts';
import { builtFirewall, iptablesDrift, isOwnChain, spellJumps, tableParts } from './iptables-rules.ts';
import { ipvsDrift } from './ipvs-drift.ts';
import type { Mode, RenderOptions, WrittenOptions } from './mode.ts';
import { tableArtifacts } from './table-artifacts.ts';

const FILES = [
  ['sysctl', 'sysctl.conf'],
  ['ip', 'ip.batch'],
  ['ipset', 'ipset.rules'],
  ['ipvsadm', 'ipvsadm.rules'],
] as const;

const BOTH = ['IPv4', 'IPv6'] as const;

/** The artifacts of the mode. */
export type IPVSArtifact = (typeof FILES)[number][0] | 'iptables' | 'ip6tables' | 'script' | HealthArtifact;

/** Virtual servers of IPVS, with rules of iptables around them that look into sets. */
export const ipvsMode: Mode<IPVSArtifact> = {
  name: 'ipvs',
  layouts: ['kube-proxy'],
  layoutsByPort: [],
  layoutsByPlace: [],
  artifacts: [
    ...FILES.map(([name, fileName]) => ({
      name,
      fileName,
      isExecutable: false,
      families: BOTH,
      needs: [],
      isMain: false,
    })),
    ...tableArtifacts({ isMain: false, needs: ['IPv6'] }),
    { name: 'script', fileName: 'apply.sh', isExecutable: true, families: BOTH, needs: [], isMain: true },
    HEALTH_ARTIFACT,
  ],
  defaults: { ipvs: defaultIPVSSettings },
  configurationSection: 'iptables',
  current: {
    kind: 'replaced',
    why: 'the script of ipvs mode looks itself what the host has, and changes what differs',
  },
  remains: { setNames: ALL_SET_NAMES, tables: [] },
  findsServicesBy: 'virtual servers',
  outputProblem,
  renderers,
  firewall: (state, _, host) => builtFirewall(buildIPVSTables(state, 'tables'), host),
  host,
  ruleParts: (state) => ({
    chains: tableParts(buildIPVSTables(state, 'tables')),
    maps: setAndServerParts(state),
  }),
  dumpFamilies: ['IPv4'],
  readDump: readSavedDump,
  tellLayout: () => undefined,
  checkDump(dump) {
    const { tables, ipvs } = savedDump(dump);
    return [...checkTables(tables), ...checkIPVSParts(ipvs, tables)];
  },
  drift: (dump, state) => [
    ...iptablesDrift(savedDump(dump).tables, wantedIPVSRules(state), state),
    ...ipvsDrift(savedDump(dump).ipvs, state),
  ],
};

function outputProblem({ artifact, family, noflush, outputDir }: WrittenOptions): string | undefined {
  if (artifact === 'ip6tables' && family === 'IPv4') return 'there is no ip6tables artifact in --family ipv4';
  const hasRules = artifact === 'iptables' || artifact === 'ip6tables' || outputDir !== undefined;
  if (noflush !== true || hasRules) return undefined;
  return '--noflush is for rules: add --artifact iptables, --artifact ip6tables or --output-dir';
}

function renderers({
  form,
  withHealth,
  confirmSeconds,
  alike,
}: RenderOptions): ReturnType<Mode<IPVSArtifact>['renderers']> {
  const memories = memoryOfFamilies(() => ipvsMemory(createRuleMemory(alike)));
  const ruleset = eachOnce((state) => buildIPVS(state, memories[state.family]));
  const ofAll = (render: (rulesets: readonly IPVSRuleset[]) => Iterable<string>) => (states: NodeStates) =>
    render([...states.values()].map(ruleset));
  const tables = (state: NodeState, as: RestoreForm) => renderIPVSTables(state, as, ruleset(state));
  return {
    sysctl: (states) => renderSysctls([...states.values()]),
    ip: ofAll(renderAddresses),
    ipset: ofAll(renderIPSets),
    ipvsadm: (states) => renderIPVSAdm(anyOf(states).ipvs?.settings, [...states.values()].map(ruleset)),
    // With one family alone, it holds its rules, whichever it is.
    iptables: (states) => tables(states.get('IPv4') ?? anyOf(states), form),
    ip6tables: (states) => tables(states.get('IPv6') ?? missing('IPv6'), form),
    script: (states) =>
      renderIPVSScript({
        ...scriptInput([...states.values()], { ruleset, tables }),
        nginx: healthNginx(states, { withHealth }),
        confirmSeconds,
      }),
    health: renderHealthArtifact,
  };
}

/** Several artifacts of a node hold parts of it. */
function eachOnce(build: (state: NodeState) => IPVSRuleset): (state: NodeState) => IPVSRuleset {
  const built = new WeakMap<NodeState, IPVSRuleset>();
  return (state) => {
    const ruleset = built.get(state) ?? build(state);
    built.set(state, ruleset);
    return ruleset;
  };
}

function anyOf(states: NodeStates): NodeState {
  const [state] = states.values();
  return state ?? missing('IPv4');
}

function missing(family: IPFamily): never {
  throw bug(`the state of ${family} was not resolved`);
}

interface ScriptParts {
  readonly ruleset: (state: NodeState) => IPVSRuleset;
  readonly tables: (state: NodeState, as: RestoreForm) => Iterable<string>;
}

/** Families without Services have no part in it, so what is there of ours from earlier goes. */
function scriptInput(
  states: readonly NodeState[],
  { ruleset, tables }: ScriptParts,
): Omit<IPVSScriptInput, 'nginx'> {
  const served = states.filter(({ servicePorts }) => servicePorts.length > 0);
  const rulesets = served.map(ruleset);
  const settings = states[0]?.ipvs?.settings;
  if (settings === undefined) throw bug('the states are not those of ipvs mode');
  const rulesOf = (family: IPFamily) => {
    const state = served.find((each) => each.family === family);
    return state && tables(state, 'noflush');
  };
  return {
    ipv4Rules: rulesOf('IPv4'),
    ipv6Rules: rulesOf('IPv6'),
    jumps: spellJumps(IPVS_JUMPS),
    sets: renderIPSets(rulesets),
    virtualServers: renderVirtualServers(rulesets),
    addresses: renderAddressList(rulesets),
    setNames: ALL_SET_NAMES,
    sysctls: ipvsSysctls(served),
    settings,
    flows: endpointFlows(served),
  };
}

function host(state: NodeState, nodeIPs: readonly string[]): Host {
  const { addresses, sets, virtualServers } = buildIPVS(state);
  return {
    localAddresses: new Set([...nodeIPs, ...addresses]),
    sets: new Map(sets.map((set) => [set.name, set])),
    virtualServers: [...virtualServers],
  };
}

function* setAndServerParts(state: NodeState): Generator<RulePart> {
  const { sets, virtualServers } = buildIPVS(state);
  for (const { name, entries } of sets) yield { name, lines: Array.from(entries, formatSetEntry) };
  for (const { realServers, ...server } of virtualServers) {
    yield { name: JSON.stringify(server), lines: realServers.map(({ hostPort }) => hostPort) };
  }
}

/** Our rules on a node, with what one has to know to compare them with others. */
export function wantedIPVSRules(state: NodeState): WantedRules {
  return {
    tables: buildIPVSTables(state, 'noflush'),
    jumps: IPVS_JUMPS,
    isOwnChain,
    isList: () => false,
    isLast: () => false,
    countedBy: () => undefined,
  };
}
