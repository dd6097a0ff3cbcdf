import { invariant } from '../../diagnostic/invariant.ts';
import type { NodeState } from '../../model/node-state.ts';
import { SHELL_FUNCTIONS, SHELL_HEADER } from './shell-text.ts';
import { neededSysctls } from './sysctls.ts';

/** One rule of a built-in chain that leads into one of ours. */
export interface ScriptJump {
  readonly table: string;
  /** The built-in chain. */
  readonly from: string;
  /** Matches and action as arguments of iptables, each behind a space; comments in double quotes. */
  readonly rule: string;
}

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

const DELIMITER = 'END_OF_RULES';

/** Nothing that a shell would expand, inside double quotes or outside. */
const JUMP_ARGUMENTS = /^(?: [A-Za-z0-9,._:/=-]+| "[A-Za-z0-9 ,._:/=-]+")+$/;

/**
 * A POSIX shell script that programs both families beside the rules of others, in pieces to be written one after
 * the other. Rules stand in here-documents that the shell does not look into; nothing else comes from manifests.
 */
export function* renderScript({ ipv4, ipv6, jumps }: ScriptInput): Generator<string> {
  yield SHELL_HEADER;
  yield* rulesFunction('ipv4_rules', ipv4.rules);
  yield* rulesFunction('ipv6_rules', ipv6.rules);
  yield jumpsFunction(jumps);
  yield SHELL_FUNCTIONS;
  yield mainFunction(ipv4.state, ipv6.state);
}

function* rulesFunction(name: string, rules: Iterable<string>): Generator<string> {
  yield `\n${name}() {\n    cat <<'${DELIMITER}'\n`;
  for (const piece of rules) {
    invariant(!piece.includes(DELIMITER), 'the end of a here-document stands in a rule');
    yield piece;
  }
  yield `${DELIMITER}\n}\n`;
}

/** Each goes to the top of its chain: inserted last to first, they end up in their order. */
function jumpsFunction(jumps: readonly ScriptJump[]): string {
  const lines = jumps.toReversed().map(({ table, from, rule }) => {
    invariant(JUMP_ARGUMENTS.test(rule), `unsafe jump ${JSON.stringify(rule)}`);
    return `    ensure_jump ${table} ${from}${rule}\n`;
  });
  return `\n# The ways from the kernel's own chains into ours, for both families. The last one ends up on top.\nensure_jumps() {\n${lines.join('')}}\n`;
}

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
