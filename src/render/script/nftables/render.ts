import type { IPFamily } from '../../../model/cluster.ts';
import type { NodeState } from '../../../model/node-state.ts';
import { OWN_CHAINS } from '../../netfilter/own-chains.ts';
import { endpointFlows, flowsFunctions, flowsStep } from '../flows-text.ts';
import { SHELL_BASICS } from '../host-text.ts';
import { nginxFunctions, nginxSteps, type ScriptNginx } from '../nginx-text.ts';
import { ownRulesFunctions } from '../own-rules-text.ts';
import { hereDocument, sysctlLines } from '../parts.ts';
import { SHELL_FAMILY } from '../shell-text.ts';
import { neededSysctls } from '../sysctls.ts';
import { NFTABLES_HEADER, SHELL_TABLES } from './shell-text.ts';

export interface NftablesScriptInput {
  /** Of the families that are wanted. */
  readonly states: readonly NodeState[];
  /** The chain that drops what others send to loopback addresses. */
  readonly guard: string;
  /** Text for `nft -f`: our tables of these families. Read once. */
  readonly tables: Iterable<string>;
  readonly nginx: ScriptNginx;
}

/**
 * A POSIX shell script that programs our tables of nftables, in pieces to be written one after the other. Rules stand
 * in a here-document that the shell does not look into; nothing else comes from manifests.
 */
export function* renderNftablesScript({
  states,
  guard,
  tables,
  nginx,
}: NftablesScriptInput): Generator<string> {
  yield NFTABLES_HEADER;
  yield* hereDocument('wanted_tables', tables);
  yield SHELL_BASICS;
  yield SHELL_TABLES;
  yield ownRulesFunctions({ ours: OWN_CHAINS });
  yield SHELL_FAMILY;
  const flows = endpointFlows(states);
  yield* flowsFunctions(flows);
  yield* nginxFunctions(nginx);
  const { check, change } = nginxSteps(nginx);
  yield mainFunction(states, { guard, first: check, last: [...change, ...flowsStep(flows)] });
}

const FAMILIES: Readonly<Record<IPFamily, { readonly nft: string; readonly iptables: string }>> = {
  IPv4: { nft: 'ip', iptables: '"$IPTABLES"' },
  IPv6: { nft: 'ip6', iptables: '"$IP6TABLES"' },
};

type Steps = readonly string[];

/** What serves is made first, what nobody needs any more goes then. */
function mainFunction(
  states: readonly NodeState[],
  { guard, first, last }: { readonly guard: string; readonly first: Steps; readonly last: Steps },
): string {
  const stale = states
    .filter(({ servicePorts }) => servicePorts.some(hasAffinity))
    .map(({ family }) => `    remove_stale ${FAMILIES[family].nft}\n`);
  const sysctls = neededSysctls(states, { guard }).map(sysctlLines);
  const iptables = states.map(({ family }) => `    clear_rules ${family} ${FAMILIES[family].iptables}\n`);
  const lines = (steps: Steps) => steps.map((step) => `    ${step}\n`).join('');
  return `
main() {
    prepare
${lines(first)}    check_versions
    program_tables
${stale.join('')}${sysctls.join('')}${iptables.join('')}${lines(last)}}

main
`;
}

function hasAffinity({ sessionAffinitySeconds }: NodeState['servicePorts'][number]): boolean {
  return sessionAffinitySeconds !== undefined;
}
