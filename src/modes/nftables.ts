import { FAMILIES } from '../lang/nftables/family.ts';
import { printTableChanges } from '../lang/nftables/print/print-changes.ts';
import { printNftRule } from '../lang/nftables/print/print-rule.ts';
import { printRemoval } from '../lang/nftables/print/print-table.ts';
import type { ListedTable, NftTable } from '../lang/nftables/ruleset.ts';
import { nftablesFirewall } from '../lang/nftables/walk/firewall.ts';
import { plainHost } from '../lang/packet/host.ts';
import { inPieces } from '../lang/text/in-pieces.ts';
import type { RulePart, RuleParts } from '../lang/text/rule-parts.ts';
import type { NodeState, NodeStates } from '../model/node-state.ts';
import type { RuleLayout } from '../model/proxy-config.ts';
import { nftablesMemory } from '../render/nftables/memory.ts';
import { buildTable, hasTable, renderNftables } from '../render/nftables/render.ts';
import { NFT_CHAINS, TABLE_NAME } from '../render/nftables/vocabulary.ts';
import { createRuleMemory, memoryOfFamilies } from '../render/rule-memory.ts';
import { renderNftablesScript } from '../render/script/nftables/render.ts';
import { listedDump } from './dump/node-dump.ts';
import { readListedDump } from './dump/read/read-node-dump.ts';
import { HEALTH_ARTIFACT, type HealthArtifact, healthNginx, renderHealthArtifact } from './health.ts';
import type {
  LocalhostSetting,
  Mode,
  RenderOptions,
  RenderStates,
  RuleSetting,
  WrittenOptions,
} from './mode.ts';
import { checkRuleset, layoutOf, nftablesDrift } from './nftables-drift.ts';

/** The artifacts of the mode. */
export type NftablesArtifact = 'nftables' | 'script' | HealthArtifact;

const BOTH = ['IPv4', 'IPv6'] as const;

/** Tables of nftables, which are nobody else's. */
export const nftablesMode: Mode<NftablesArtifact> = {
  name: 'nftables',
  layouts: ['compact', 'kube-proxy'],
  layoutsByPort: [],
  layoutsByPlace: ['compact', 'kube-proxy'],
  artifacts: [
    {
      name: 'nftables',
      fileName: 'nftables.nft',
      isExecutable: false,
      families: BOTH,
      needs: [],
      isMain: true,
    },
    { name: 'script', fileName: 'apply.sh', isExecutable: true, families: BOTH, needs: [], isMain: false },
    HEALTH_ARTIFACT,
  ],
  // kube-proxy has no localhost NodePorts in this mode; we have them when they are asked for.
  defaults: { localhostNodePorts: false, nodePortAddresses: { kind: 'primary' } },
  configurationSection: 'nftables',
  current: {
    kind: 'changed',
    fileName: 'changes.nft',
    changes: (dump, states, { layout }) => {
      const { tables } = listedDump(dump).ruleset;
      const texts = [...states.values()].flatMap((state) => nftablesChanges(tables, state, layout));
      return { isEmpty: texts.length === 0, pieces: () => inPieces(texts) };
    },
  },
  remains: { setNames: [], tables: [`ip ${TABLE_NAME}`, `ip6 ${TABLE_NAME}`] },
  findsServicesBy: 'chains of nat',
  outputProblem,
  renderers,
  firewall(state, { layout }, host) {
    const family = FAMILIES[state.family];
    return nftablesFirewall(buildTable(state, layout), host, (rule) => printNftRule(rule, family));
  },
  host: (_, nodeIPs) => plainHost(nodeIPs),
  ruleParts,
  dumpFamilies: BOTH,
  readDump: readListedDump,
  tellLayout: (dump) => layoutOf(listedDump(dump).ruleset.tables),
  checkDump: (dump, { states, layout }) =>
    checkRuleset(listedDump(dump).ruleset, { states: [...(states?.values() ?? [])], layout }),
  drift: (dump, state, { layout }) => nftablesDrift(listedDump(dump).ruleset.tables, state, layout),
};

/** What brings the table of one family up to date, as text for `nft -f`. */
export function nftablesChanges(
  tables: readonly ListedTable[],
  state: NodeState,
  layout: RuleLayout,
): readonly string[] {
  const listed = tables.find(({ family }) => family === state.family);
  if (hasTable(state, layout)) return printTableChanges(listed, () => buildTable(state, layout));
  return listed === undefined ? [] : [printRemoval(state.family, TABLE_NAME)];
}

function outputProblem(
  { noflush, layout }: WrittenOptions,
  { localhostNodePorts }: LocalhostSetting,
): string | undefined {
  if (layout === 'kube-proxy' && localhostNodePorts) {
    return "kube-proxy's layout of nftables mode has no localhost NodePorts: take --layout compact for them";
  }
  if (noflush !== true) return undefined;
  return '--noflush is for iptables-restore: in nftables mode we have tables of our own, and touch no others';
}

function renderers({
  layout,
  alike,
  withHealth,
  confirmSeconds,
}: RenderOptions): ReturnType<Mode<NftablesArtifact>['renderers']> {
  const memories = memoryOfFamilies(() => nftablesMemory(createRuleMemory(alike)));
  const text: RenderStates = (states) => renderNftables([...states.values()], layout, memories);
  const tables = alike === undefined ? text : kept(text);
  return {
    nftables: tables,
    script: (states) =>
      renderNftablesScript({
        states: [...states.values()],
        guard: NFT_CHAINS.localnetCheck.name,
        tables: tables(states),
        nginx: healthNginx(states, { withHealth }),
        confirmSeconds,
      }),
    health: renderHealthArtifact,
  };
}

/** Both artifacts of a node hold the same text, which is kept for the second one. */
function kept(render: RenderStates): RenderStates {
  const texts = new WeakMap<NodeStates, readonly string[]>();
  function* keep(states: NodeStates): Generator<string> {
    const pieces: string[] = [];
    for (const piece of render(states)) {
      yield piece;
      pieces.push(piece);
    }
    texts.set(states, pieces);
  }
  return (states) => texts.get(states) ?? keep(states);
}

/** The same builder makes both sides, so that equal objects have equal texts. */
function ruleParts(state: NodeState, { layout }: RuleSetting): RuleParts {
  if (!hasTable(state, layout)) return { chains: [], maps: [] };
  const table = buildTable(state, layout);
  return { chains: chainParts(table), maps: mapParts(table) };
}

function* chainParts({ chains }: NftTable): Generator<RulePart> {
  for (const { name, rules } of chains) {
    yield { name, lines: Array.from(rules, (rule) => JSON.stringify(rule)) };
  }
}

function* mapParts({ sets, maps }: NftTable): Generator<RulePart> {
  for (const { name, elements } of [...sets, ...maps]) {
    yield { name, lines: Array.from<object, string>(elements, (element) => JSON.stringify(element)) };
  }
}
