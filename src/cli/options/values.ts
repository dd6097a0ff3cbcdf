import type { PortRange } from '../../kubernetes/ranges.ts';
import type { IPFamily } from '../../model/cluster.ts';
import {
  type NodePortAddresses,
  PROXY_MODES,
  type ProxyMode,
  RULE_LAYOUTS,
  type RuleLayout,
} from '../../model/proxy-config.ts';
import {
  readCIDRs,
  readDualStackCIDRs,
  readInterfaceName,
  readIP,
  readMilliseconds,
  readNodePortAddresses,
  readSeconds,
  type ValueResult,
} from '../../validate/proxy-values.ts';
import { codeRecords } from '../describe-code/code-records.ts';
import { invalidValue } from './invalid-value.ts';

/** Readers of option values. What they throw becomes a usage error that names the option. */

/** Addresses of an option that may be given several times, or hold several separated by commas. */
export function collectIPs(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, ...value.split(',').map((text) => accept(readIP(text)))];
}

export function parseDualStackCIDRs(value: string): readonly string[] {
  return accept(readDualStackCIDRs(value));
}

export function parseNodePortAddresses(value: string): NodePortAddresses {
  return accept(readNodePortAddresses(value.split(',')));
}

export function parseCIDRs(value: string): readonly string[] {
  return accept(readCIDRs(value.split(',')));
}

/** A Go duration. */
export function parseSeconds(value: string): number {
  return accept(readSeconds(value));
}

/** A Go duration, more than nothing. */
export function parseMilliseconds(value: string): number {
  return accept(readMilliseconds(value));
}

export function parseInterfaceName(value: string): string {
  return accept(readInterfaceName(value));
}

/** A whole number; both ends are allowed. */
export function parseInteger(first: number, last: number): (value: string) => number {
  return (value) => {
    const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= first && number <= last) return number;
    throw invalidValue(`it takes a whole number from ${first} to ${last}`);
  };
}

/** A proxy mode. */
export function parseMode(value: string): ProxyMode {
  const mode = PROXY_MODES.find((each) => each === value);
  if (mode === undefined)
    throw invalidValue(`the modes are ${PROXY_MODES.join(', ')}`, { word: value, choices: PROXY_MODES });
  return mode;
}

/** A layout, be it one of the mode or not. */
export function parseLayout(value: string): RuleLayout {
  const layout = RULE_LAYOUTS.find((each) => each === value);
  if (layout === undefined)
    throw invalidValue(`the layouts are ${RULE_LAYOUTS.join(' and ')}`, {
      word: value,
      choices: RULE_LAYOUTS,
    });
  return layout;
}

const FAMILIES: ReadonlyMap<string, IPFamily> = new Map([
  ['ipv4', 'IPv4'],
  ['ipv6', 'IPv6'],
]);

export function parseFamily(value: string): IPFamily {
  const family = FAMILIES.get(value.toLowerCase());
  if (family === undefined)
    throw invalidValue('it takes ipv4 or ipv6', { word: value, choices: FAMILIES.keys() });
  return family;
}

/** What values of this name can be, for options whose parser decides; undefined: it is none of those names. */
export function choicesOfValue(name: string): readonly string[] | undefined {
  switch (name) {
    case 'mode':
      return PROXY_MODES;
    case 'layout':
      return RULE_LAYOUTS;
    case 'family':
      return [...FAMILIES.keys()];
    case 'code':
      return [...codeRecords().keys()];
    default:
      return undefined;
  }
}

export function accept<Value>(result: ValueResult<Value>): Value {
  if (result.kind === 'problem') throw invalidValue(result.message);
  return result.value;
}

/** `30000-32767`, `30000+2767`, `30000`, as flags of kube-proxy and the API server take them (port_range.go of apimachinery). */
export function parsePortRange(value: string): PortRange {
  const [, begin = '', sign, end = begin] = /^ *(\d+)(?:([+-])(\d+))? *$/.exec(value) ?? [];
  const first = parsePort(begin);
  const last = sign === '+' ? parsePort(`${first + Number(end)}`) : parsePort(end);
  if (first <= last) return { first, last };
  throw invalidValue(
    'It takes two ports, the lower one first (like 30000-32767), a port and how many come after it (30000+2767), or one port.',
  );
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65535 ? port : Number.NaN;
}
