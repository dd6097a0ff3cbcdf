import type { NodeState } from '../../model/node-state.ts';
import { OWN_CHAINS } from '../restore/own-chains.ts';
import { hereDocument, jumpsFunction, type ScriptJump } from './parts.ts';
import { removalsFunction } from './removals-text.ts';
import { SHELL_BASICS, SHELL_HEADER, SHELL_RULES } from './shell-text.ts';
import { neededSysctls } from './sysctls.ts';

/** What the script programs in one family. */
export interface ScriptFamily {
  readonly state: NodeState;
  /** Text for `iptables-restore --noflush`: our chains, no jumps. Read once. */
  readonly rules: Iterable<string>;
}

export interface ScriptInput {
  readonly ipv4: ScriptFamily;
  readonly ipv6: ScriptFamily;
  /** The same in both families, in the order that they have in their chains. */
  readonly jumps: readonly ScriptJump[];
}

/**
 * A POSIX shell script that programs both families beside the rules of others, in pieces to be written one after
 * the other. Rules stand in here-documents that the shell does not look into; nothing else comes from manifests.
 */
export function* renderScript({ ipv4, ipv6, jumps }: ScriptInput): Generator<string> {
  yield SHELL_HEADER;
  yield* hereDocument('ipv4_rules', ipv4.rules);
  yield* hereDocument('ipv6_rules', ipv6.rules);
  yield jumpsFunction(jumps);
  yield SHELL_BASICS;
  yield SHELL_RULES;
  yield removalsFunction({ ours: OWN_CHAINS });
  yield APPLY;
  yield mainFunction(ipv4.state, ipv6.state);
}

const APPLY = `
# apply FAMILY COMMAND RULES: programs one family.
apply() {
    plan "$@"
    program "$@"
    ensure_jumps
}

# apply_if_present FAMILY COMMAND RULES: for a family without Services. It is left alone unless it once had some.
apply_if_present() {
    has_rules "$2" || return 0
    apply "$@"
}
`;

function mainFunction(ipv4: NodeState, ipv6: NodeState): string {
  const sysctls = neededSysctls(ipv4, ipv6).map(
    ({ name, value, reason }) => `    # ${reason}\n    set_sysctl ${name.replaceAll('.', '/')} ${value}\n`,
  );
  return `
main() {
    prepare
    ${familyStep(ipv4)} IPv4 "$IPTABLES" ipv4_rules
    ${familyStep(ipv6)} IPv6 "$IP6TABLES" ipv6_rules
${sysctls.join('')}}

main
`;
}

function familyStep({ servicePorts }: NodeState): string {
  return servicePorts.length === 0 ? 'apply_if_present' : 'apply';
}
