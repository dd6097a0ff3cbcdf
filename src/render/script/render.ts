import type { NodeState } from '../../model/node-state.ts';
import { CHAINS } from '../netfilter/chains.ts';
import { OWN_CHAINS } from '../own-chains.ts';
import { confirmFunctions, confirmSteps } from './confirm-text.ts';
import { type FlowTarget, flowsFunctions, flowsStep } from './flows-text.ts';
import { SHELL_BASICS } from './host-text.ts';
import { jumpsFunctions, type ScriptJump } from './jumps-text.ts';
import { nginxFunctions, nginxSteps, type ScriptNginx } from './nginx-text.ts';
import { ownRulesFunctions } from './own-rules-text.ts';
import { hereDocument, sysctlLines } from './parts.ts';
import { IPTABLES_HEADER, SHELL_FAMILY, SHELL_PLAN, SHELL_TABLES_REMOVAL } from './shell-text.ts';
import { neededSysctls } from './sysctls.ts';

/** What the script programs in one family. */
export interface ScriptFamily {
  readonly state: NodeState;
  /** Text for `iptables-restore --noflush`: our chains, no jumps. Read once. */
  readonly rules: Iterable<string>;
  /** Text for `iptables-restore --test`, of the kinds of rules that not every host takes; undefined: there are none. */
  readonly probe: Iterable<string> | undefined;
}

export interface ScriptInput {
  readonly ipv4: ScriptFamily;
  readonly ipv6: ScriptFamily;
  /** The same in both families, in the order that they have in their chains. */
  readonly jumps: readonly ScriptJump[];
  readonly flows: readonly FlowTarget[];
  readonly nginx: ScriptNginx;
  /** What was there comes back unless somebody confirms in time; undefined: nobody has to. */
  readonly confirmSeconds?: number | undefined;
}

/**
 * A POSIX shell script that programs both families beside the rules of others, in pieces to be written one after
 * the other. Rules stand in here-documents that the shell does not look into; nothing else comes from manifests.
 */
export function* renderScript({
  ipv4,
  ipv6,
  jumps,
  flows,
  nginx,
  confirmSeconds,
}: ScriptInput): Generator<string> {
  yield IPTABLES_HEADER;
  yield* hereDocument('ipv4_rules', ipv4.rules);
  yield* hereDocument('ipv6_rules', ipv6.rules);
  const hasProbes = ipv4.probe !== undefined && ipv6.probe !== undefined;
  if (hasProbes) {
    yield* hereDocument('ipv4_rules_probe', ipv4.probe);
    yield* hereDocument('ipv6_rules_probe', ipv6.probe);
    yield CHECK;
  }
  yield* jumpsFunctions(jumps);
  yield SHELL_BASICS;
  yield ownRulesFunctions({ ours: OWN_CHAINS });
  yield SHELL_FAMILY;
  yield SHELL_PLAN;
  yield applyFunctions(hasProbes ? CHECK_STEP : '');
  yield SHELL_TABLES_REMOVAL;
  yield* flowsFunctions(flows);
  yield* nginxFunctions(nginx);
  yield* confirmFunctions(confirmSeconds);
  const { check, change } = nginxSteps(nginx);
  const confirm = confirmSteps(confirmSeconds);
  yield mainFunction([ipv4.state, ipv6.state], {
    first: [...confirm.first, ...check],
    last: [...change, ...flowsStep(flows), ...confirm.last],
  });
}

const CHECK = `
# check_host FAMILY COMMAND RULES: whether this host takes the rules that not every host takes. It changes nothing.
check_host() {
    "$3_probe" | "$2-restore" -w "$WAIT" --noflush --test >/dev/null 2>"$work/refusal" && return 0
    cat "$work/refusal" >&2
    fail "$1: see above: $2 or the kernel seems to lack the match bpf (module xt_bpf); --layout kube-proxy does without"
}
`;

const CHECK_STEP = `    check_host "$@"
`;

/** With a step between what is planned and what is done. */
function applyFunctions(step: string): string {
  return `
# apply FAMILY COMMAND RULES: programs one family.
apply() {
    plan "$@"
${step}    program "$@"
}

# apply_if_present FAMILY COMMAND RULES: for a family without Services. It is left alone unless it once had some.
apply_if_present() {
    has_rules "$1" "$2" || return 0
    apply "$@"
}
`;
}

/** What a script does besides programming rules. */
interface OtherSteps {
  readonly first: readonly string[];
  readonly last: readonly string[];
}

function mainFunction(states: readonly [NodeState, NodeState], { first, last }: OtherSteps): string {
  const [ipv4, ipv6] = states;
  const sysctls = neededSysctls(states, { guard: CHAINS.loopbackGuard.name }).map(sysctlLines);
  const lines = (steps: readonly string[]) => steps.map((step) => `    ${step}\n`).join('');
  return `
main() {
    prepare
${lines(first)}    ${familyStep(ipv4)} IPv4 "$IPTABLES" ipv4_rules
    ${familyStep(ipv6)} IPv6 "$IP6TABLES" ipv6_rules
    remove_tables
${sysctls.join('')}${lines(last)}}

main
`;
}

function familyStep({ servicePorts }: NodeState): string {
  return servicePorts.length === 0 ? 'apply_if_present' : 'apply';
}
