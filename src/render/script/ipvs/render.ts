import { invariant } from '../../../diagnostic/invariant.ts';
import { restoreWord } from '../../../lang/text/quote.ts';
import { bitsOf, ipToBigInt, parseCIDR } from '../../../model/ip.ts';
import type { IPVSSettings } from '../../../model/ipvs-settings.ts';
import { OWN_CHAINS } from '../../own-chains.ts';
import { confirmFunctions, confirmSteps } from '../confirm-text.ts';
import { type FlowTarget, flowsFunctions, flowsStep } from '../flows-text.ts';
import { SHELL_BASICS } from '../host-text.ts';
import { jumpsFunctions, type ScriptJump } from '../jumps-text.ts';
import { nginxFunctions, nginxSteps, type ScriptNginx } from '../nginx-text.ts';
import { ownRulesFunctions } from '../own-rules-text.ts';
import { hereDocument } from '../parts.ts';
import { SHELL_FAMILY, SHELL_PLAN, SHELL_TABLES_REMOVAL } from '../shell-text.ts';
import type { Sysctl } from '../sysctls.ts';
import { IPVS_HEADER, SHELL_CHECKS } from './checks-text.ts';
import { SHELL_ADDRESSES, SHELL_SERVERS } from './servers-text.ts';
import { SHELL_SETS } from './sets-text.ts';

/** A setting that may be only for kernels before a version like `5.9`. */
export interface IPVSScriptSysctl extends Sysctl {
  readonly before?: string;
}

/** What the script makes of a host. Texts are those of the artifacts, of families that have Services. */
export interface IPVSScriptInput {
  /** Text for `iptables-restore --noflush`; undefined: no Services in the family, so nothing of ours is to stay. */
  readonly ipv4Rules: Iterable<string> | undefined;
  readonly ipv6Rules: Iterable<string> | undefined;
  /** The same in both families, in the order that they have in their chains. */
  readonly jumps: readonly ScriptJump[];
  readonly sets: Iterable<string>;
  readonly virtualServers: Iterable<string>;
  /** `address/length`, one a line. */
  readonly addresses: Iterable<string>;
  /** The names of all sets that can be ours, in both families. */
  readonly setNames: readonly string[];
  readonly sysctls: readonly IPVSScriptSysctl[];
  readonly settings: IPVSSettings;
  readonly flows: readonly FlowTarget[];
  readonly nginx: ScriptNginx;
  /** What was there comes back unless somebody confirms in time; undefined: nobody has to. */
  readonly confirmSeconds?: number | undefined;
}

/**
 * A POSIX shell script that brings a host to what is wanted in ipvs mode, both families at once, in pieces to be
 * written one after the other. What comes from manifests stands in here-documents that the shell does not look into.
 */
export function* renderIPVSScript(input: IPVSScriptInput): Generator<string> {
  yield IPVS_HEADER;
  yield* hereDocument('ipv4_rules', input.ipv4Rules ?? []);
  yield* hereDocument('ipv6_rules', input.ipv6Rules ?? []);
  yield* hereDocument('wanted_sets', input.sets);
  yield* hereDocument('wanted_servers', input.virtualServers);
  yield* hereDocument('wanted_addresses', input.addresses);
  yield* hereDocument('own_set_names', lines(input.setNames.map(restoreWord)));
  yield '\n# Virtual servers with such addresses are never removed: CIDRs as the family and the first bits.';
  yield* hereDocument('excluded_prefixes', lines(input.settings.excludeCIDRs.map(cidrBits)));
  yield* jumpsFunctions(input.jumps);
  yield SHELL_BASICS;
  yield ownRulesFunctions({ ours: OWN_CHAINS });
  yield SHELL_FAMILY;
  yield SHELL_PLAN;
  yield SHELL_CHECKS;
  yield SHELL_TABLES_REMOVAL;
  yield SHELL_SETS;
  yield SHELL_SERVERS;
  yield SHELL_ADDRESSES;
  yield* flowsFunctions(input.flows);
  yield* nginxFunctions(input.nginx);
  yield* confirmFunctions(input.confirmSeconds);
  yield mainFunction(input);
}

function lines(words: readonly string[]): readonly string[] {
  return words.map((word) => `${word}\n`);
}

/** What new connections need is made first, from the rules to the addresses; then what nobody needs any more goes. */
function mainFunction(input: IPVSScriptInput): string {
  const families = [
    { name: 'IPv4', command: '"$IPTABLES"', print: 'ipv4_rules', rules: input.ipv4Rules },
    { name: 'IPv6', command: '"$IP6TABLES"', print: 'ipv6_rules', rules: input.ipv6Rules },
  ];
  const served = families.filter(({ rules }) => rules !== undefined);
  const others = families.filter(({ rules }) => rules === undefined);
  const confirm = confirmSteps(input.confirmSeconds);
  const steps = [
    'prepare',
    ...confirm.first,
    'check_tools',
    ...nginxSteps(input.nginx).check,
    ...(served.length > 0 ? [`check_kernel ${restoreWord(input.settings.scheduler)}`] : []),
    'plan_sets',
    'plan_servers',
    ...served.map(({ name, command, print }) => `plan ${name} ${command} ${print}`),
    'make_sets',
    ...served.map(({ name, command }) => `try_rules ${name} ${command}`),
    'keep_sets',
    ...(served.length > 0 ? settingSteps(input) : []),
    'change_sets sets.add',
    ...served.map(({ name, command }) => `program ${name} ${command}`),
    'change_servers',
    'change_addresses',
    'remove_tables',
    ...others.map(({ name, command }) => `clear_rules ${name} ${command}`),
    'change_sets sets.remove',
    ...nginxSteps(input.nginx).change,
    ...flowsStep(input.flows),
    ...confirm.last,
  ];
  return `\nmain() {\n${steps.map((step) => `    ${step}\n`).join('')}}\n\nmain\n`;
}

function settingSteps({ sysctls, settings }: IPVSScriptInput): readonly string[] {
  const timeouts = [settings.tcpTimeoutSeconds, settings.tcpFinTimeoutSeconds, settings.udpTimeoutSeconds];
  const steps = sysctls.flatMap((sysctl) => [`# ${sysctl.reason}`, sysctlStep(sysctl)]);
  if (timeouts.every((seconds) => seconds === 0)) return steps;
  return [...steps, `ipvsadm --set ${timeouts.join(' ')} || fail 'ipvsadm did not take the timeouts'`];
}

function sysctlStep({ name, value, before }: IPVSScriptSysctl): string {
  const step = `set_sysctl ${restoreWord(name.replaceAll('.', '/'))} ${value}`;
  if (before === undefined) return step;
  invariant(/^\d+\.\d+$/.test(before), 'the version of a kernel is none');
  return `! kernel_before ${before.replace('.', ' ')} || ${step}`;
}

/** A CIDR as the digit of its family and the bits of its prefix, for awk: `4` and `00001010` for 10.0.0.0/8. */
export function cidrBits(cidr: string): string {
  const parsed = parseCIDR(cidr);
  invariant(parsed !== undefined, 'a setting holds a CIDR that is none');
  const { network, prefixLength, family } = parsed;
  const bits = ipToBigInt(network).toString(2).padStart(bitsOf(family), '0');
  return `${family === 'IPv4' ? '4' : '6'}${bits.slice(0, prefixLength)}`;
}
