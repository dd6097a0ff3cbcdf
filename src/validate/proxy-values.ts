import { parseCIDR, parseIP } from '../model/ip.ts';
import type { KubernetesVersion } from '../model/kubernetes-version.ts';
import type { NodePortAddresses } from '../model/proxy-config.ts';

/** A setting as read, or what is wrong with its text: flags and `--config` files share these readers. */
export type ValueResult<Value> =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'problem'; readonly message: string };

/** Linux limits names of interfaces to 15 characters; those with other characters than these don't reach rules. */
const INTERFACE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/;

const MILLISECONDS: ReadonlyMap<string, number> = new Map([
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
]);

/** INT_MAX / HZ, with the highest HZ there is. */
export const MAX_SECONDS = 2_147_483;

/** The same in milliseconds: nginx counts time in them, and on some machines with 32 bits. */
export const MAX_MILLISECONDS = MAX_SECONDS * 1000;

const LOOPBACK = ['127.0.0.0/8', '::1/128'];

/** An address, canonical. */
export function readIP(text: string): ValueResult<string> {
  const parsed = parseIP(text.trim());
  return parsed === undefined ? problem(`${quote(text)} is no IP address`) : value(parsed.ip);
}

/** One CIDR, or one of each family separated by a comma; canonical. */
export function readDualStackCIDRs(text: string): ValueResult<readonly string[]> {
  const cidrs: string[] = [];
  const families = new Set<string>();
  for (const part of text.split(',')) {
    const parsed = parseCIDR(part.trim());
    if (parsed === undefined) return notACIDR(part);
    cidrs.push(parsed.cidr);
    families.add(parsed.family);
  }
  return families.size === cidrs.length
    ? value(cidrs)
    : problem('at most one IPv4 and one IPv6 CIDR are taken');
}

/** CIDRs of any family, canonical. */
export function readCIDRs(entries: readonly string[]): ValueResult<readonly string[]> {
  const cidrs: string[] = [];
  for (const entry of entries) {
    const parsed = parseCIDR(entry.trim());
    if (parsed === undefined) return notACIDR(entry);
    cidrs.push(parsed.cidr);
  }
  return value(cidrs);
}

/**
 * A duration as Go spells it (`15m`, `1h30m`, `900s`, `0`), as whole seconds. The kernel keeps timeouts of IPVS in
 * ticks of a signed 32-bit number.
 */
export function readSeconds(text: string): ValueResult<number> {
  const wrong = `${quote(text)} is no duration of whole seconds like 15m or 1h30m`;
  if (text === '0') return value(0);
  if (!/^(?:\d{1,12}(?:h|m|s|ms))+$/.test(text)) return problem(wrong);
  let milliseconds = 0;
  for (const [, digits, unit = ''] of text.matchAll(/(\d+)(h|ms|m|s)/gy)) {
    milliseconds += Number(digits) * (MILLISECONDS.get(unit) ?? Number.NaN);
  }
  const seconds = milliseconds / 1000;
  if (!Number.isSafeInteger(seconds)) return problem(wrong);
  return seconds <= MAX_SECONDS ? value(seconds) : problem(`${quote(text)} is over ${MAX_SECONDS} seconds`);
}

const GO_DURATION = /^([+-]?)((?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+|0)$/;
const UNIT_SECONDS: ReadonlyMap<string, number> = new Map([
  ['h', 3600],
  ['m', 60],
  ['s', 1],
  ['ms', 1e-3],
  ['us', 1e-6],
  ['µs', 1e-6],
  ['μs', 1e-6],
  ['ns', 1e-9],
]);

/** Go keeps durations as nanoseconds in 63 bits: some 292 years. */
const MAX_GO_SECONDS = 2 ** 63 / 1e9;

/** Any duration that Go can read (`time.ParseDuration`), in seconds; undefined: it is none, or too long. */
export function readDuration(text: string): number | undefined {
  const [, sign, amount] = GO_DURATION.exec(text) ?? [];
  if (amount === undefined) return undefined;
  let seconds = 0;
  for (const [, number, unit = ''] of amount.matchAll(/([\d.]+)([nuµμm]?s|m|h)/gy))
    seconds += Number(number) * (UNIT_SECONDS.get(unit) ?? 0);
  if (seconds >= MAX_GO_SECONDS) return undefined;
  return sign === '-' ? -seconds : seconds;
}

/** A duration as Go spells it (`250ms`, `1.5s`) that is more than nothing, as whole milliseconds, rounded up. */
export function readMilliseconds(text: string): ValueResult<number> {
  const seconds = readDuration(text);
  if (seconds === undefined) return problem(`${quote(text)} is no duration like 250ms or 10s`);
  if (seconds <= 0) return problem(`${quote(text)} is not more than 0`);
  const milliseconds = Math.ceil(Number((seconds * 1000).toFixed(3)));
  if (milliseconds <= MAX_MILLISECONDS) return value(Math.max(milliseconds, 1));
  return problem(`${quote(text)} is over ${MAX_SECONDS} seconds`);
}

/**
 * CIDRs, and the words of KubeProxyConfiguration: `primary` (the node IPs), `localhost`, `all`, which kube-proxy 1.37 takes
 * together. `nodePortAddressesProblem` says whether a version does.
 */
export function readNodePortAddresses(entries: readonly string[]): ValueResult<NodePortAddresses> {
  const words = entries.map((entry) => entry.trim());
  if (words.length === 0) return value({ kind: 'all' });
  if (words.join() === 'primary') return value({ kind: 'primary' });
  const cidrs = new Set<string>();
  for (const word of words) {
    const expanded = WORDS.get(word) ?? [parseCIDR(word)?.cidr];
    for (const cidr of expanded) {
      if (cidr === undefined) return notACIDR(word);
      cidrs.add(cidr);
    }
  }
  const inWords = words.some((word) => WORDS.has(word)) ? { inWords: true as const } : {};
  if (words.includes('all')) return value({ kind: 'all', ...inWords });
  const primary = words.includes('primary') ? { primary: true as const } : {};
  return value({ kind: 'cidrs', cidrs: [...cidrs].sort(), ...primary, ...inWords });
}

/** What the words stand for beside addresses of the node. */
const WORDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['primary', []],
  ['localhost', LOOPBACK],
  ['all', []],
]);

/** Why the kube-proxy of a version does not take these, as text; undefined: it does. */
export function nodePortAddressesProblem(
  addresses: NodePortAddresses,
  { name, proxy: { nodePortAddressWords } }: KubernetesVersion,
): string | undefined {
  if (nodePortAddressWords === 'mixed') return undefined;
  if (addresses.kind === 'primary')
    return nodePortAddressWords === 'none'
      ? `kube-proxy ${name} takes CIDRs as nodePortAddresses, and "primary" only since 1.31`
      : undefined;
  if (addresses.inWords !== true) return undefined;
  return `kube-proxy ${name} takes CIDRs as nodePortAddresses${nodePortAddressWords === 'none' ? '' : ', or "primary" alone'}: "localhost", "all" and several words together only since 1.37`;
}

/** The name of a network interface, or the start of such names. */
export function readInterfaceName(text: string): ValueResult<string> {
  if (INTERFACE_NAME.test(text)) return value(text);
  return problem(`${quote(text)} is no name of an interface: up to 15 of A-Z, a-z, 0-9, ".", "_" and "-"`);
}

function notACIDR(text: string): ValueResult<never> {
  return problem(`${quote(text)} is no CIDR like 10.0.0.0/8`);
}

function value<Value>(read: Value): ValueResult<Value> {
  return { kind: 'value', value: read };
}

function problem(message: string): ValueResult<never> {
  return { kind: 'problem', message };
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}
