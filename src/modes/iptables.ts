import type { WantedRules } from '../lang/iptables/compare/compare-rules.ts';
import { printChanges } from '../lang/iptables/print/print-changes.ts';
import { printTables } from '../lang/iptables/print/print-tables.ts';
import { checkTables } from '../lang/iptables/read/check-saved-rules.ts';
import { plainHost } from '../lang/packet/host.ts';
import type { IPFamily } from '../model/cluster.ts';
import type { NodeState, NodeStates } from '../model/node-state.ts';
import { buildTables, renderIptables } from '../render/iptables/build.ts';
import { hairpinProbe } from '../render/iptables/compact/hairpin.ts';
import { countedBy } from '../render/iptables/counters.ts';
import { JUMPS } from '../render/iptables/jumps.ts';
import { iptablesMemory } from '../render/iptables/memory.ts';
import { isLastOfList } from '../render/iptables/nat-chains.ts';
import type { RestoreForm } from '../render/netfilter/restore-form.ts';
import { isList } from '../render/own-chains.ts';
import { createRuleMemory, memoryOfFamilies } from '../render/rule-memory.ts';
import { endpointFlows } from '../render/script/flows-text.ts';
import { renderScript, type ScriptFamily } from '../render/script/render.ts';
import { savedDump } from './dump/node-dump.ts';
import { readRulesDump } from './dump/read/read-node-dump.ts';
import { checkLayout, iptablesLayoutOf } from './dump/tell/layout-told.ts';
import { HEALTH_ARTIFACT, type HealthArtifact, healthNginx, renderHealthArtifact } from './health.ts';
import {
  builtFirewall,
  iptablesChanges,
  iptablesDrift,
  isOwnChain,
  spellJumps,
  stateOf,
  tableParts,
} from './iptables-rules.ts';
import type { CurrentRules, Mode, RenderOptions, RuleSetting, WrittenOptions } from './mode.ts';
import { tableArtifacts } from './table-artifacts.ts';

/** The artifacts of the mode. */
export type IptablesArtifact = 'iptables' | 'ip6tables' | 'script' | HealthArtifact;

/** Rules of iptables, for each family by itself. */
export const iptablesMode: Mode<IptablesArtifact> = {
  name: 'iptables',
  layouts: ['kube-proxy', 'compact'],
  layoutsByPort: ['kube-proxy'],
  layoutsByPlace: [],
  artifacts: [
    ...tableArtifacts({ isMain: true, needs: ['IPv4', 'IPv6'] }),
    {
      name: 'script',
      fileName: 'apply.sh',
      isExecutable: true,
      families: ['IPv4', 'IPv6'],
      needs: ['IPv4', 'IPv6'],
      isMain: false,
    },
    HEALTH_ARTIFACT,
  ],
  defaults: {},
  configurationSection: 'iptables',
  current: iptablesCurrent(wantedIptablesRules),
  remains: { setNames: [], tables: [] },
  findsServicesBy: 'chains of nat',
  outputProblem,
  renderers,
  firewall: (state, setting, host) => builtFirewall(wholeTables(state, setting), host),
  host: (_, nodeIPs) => plainHost(nodeIPs),
  ruleParts: (state, setting) => ({ chains: tableParts(wholeTables(state, setting)), maps: [] }),
  dumpFamilies: ['IPv4'],
  readDump: readRulesDump,
  tellLayout: (dump) => iptablesLayoutOf(savedDump(dump).tables),
  checkDump: (dump, { layout }) => {
    const { tables } = savedDump(dump);
    return [...checkTables(tables), ...checkLayout(iptablesLayoutOf(tables), layout)];
  },
  drift: (dump, state, setting) =>
    iptablesDrift(savedDump(dump).tables, wantedIptablesRules(state, setting), state),
};

function outputProblem({ family, artifact, outputDir, script }: WrittenOptions): string | undefined {
  if (family === undefined) return undefined;
  const rivals = [
    { option: '--artifact <name>', isGiven: artifact !== undefined },
    { option: '--output-dir <dir>', isGiven: outputDir !== undefined },
    { option: '--script', isGiven: script === true },
  ];
  // They stand for both families, or name one themselves.
  const rival = rivals.find(({ isGiven }) => isGiven);
  return rival && `option '--family <family>' cannot be used with option '${rival.option}'`;
}

function renderers({
  layout,
  form,
  alike,
  withHealth,
  confirmSeconds,
}: RenderOptions): ReturnType<Mode<IptablesArtifact>['renderers']> {
  const memories = memoryOfFamilies(() => iptablesMemory(createRuleMemory(alike)));
  const restoreText = (family: IPFamily, states: NodeStates, as: RestoreForm) =>
    renderIptables(stateOf(family, states), { form: as, layout, memory: memories[family] });
  const scriptFamily = (family: IPFamily, states: NodeStates): ScriptFamily => {
    const state = stateOf(family, states);
    return {
      state,
      rules: restoreText(family, states, 'noflush'),
      probe: layout === 'compact' ? printTables([hairpinProbe(state)]) : undefined,
    };
  };
  return {
    iptables: (states) => restoreText('IPv4', states, form),
    ip6tables: (states) => restoreText('IPv6', states, form),
    script: (states) =>
      renderScript({
        ipv4: scriptFamily('IPv4', states),
        ipv6: scriptFamily('IPv6', states),
        jumps: spellJumps(JUMPS),
        flows: endpointFlows([...states.values()]),
        nginx: healthNginx(states, { withHealth }),
        confirmSeconds,
      }),
    health: renderHealthArtifact,
  };
}

function wholeTables(state: NodeState, { layout }: RuleSetting) {
  return buildTables(state, { form: 'tables', layout });
}

/** Our rules on a node, with what one has to know to compare them with others. */
export function wantedIptablesRules(state: NodeState, { layout }: RuleSetting): WantedRules {
  return {
    tables: buildTables(state, { form: 'noflush', layout }),
    jumps: JUMPS,
    isOwnChain,
    isList: (table, chain) => isList(table, chain, `iptables/${layout}`),
    isLast: isLastOfList,
    countedBy,
  };
}

/** Changes of rules of iptables, as text for `iptables-restore --noflush`. */
export function iptablesCurrent(
  wantedRules: (state: NodeState, setting: RuleSetting) => WantedRules,
): CurrentRules {
  return {
    kind: 'changed',
    fileName: 'changes.rules',
    changes: (dump, states, setting) => {
      const { tables } = savedDump(dump);
      const changes = [...states.values()].flatMap((state) =>
        iptablesChanges(tables, wantedRules(state, setting)),
      );
      return { isEmpty: changes.length === 0, pieces: () => printChanges(changes) };
    },
  };
}
