import type { Purpose } from '../../lang/iptables/compare/drift.ts';
import type { RuleLayout } from '../../model/proxy-config.ts';
import { CHAINS } from '../netfilter/chains.ts';
import {
  type ChainRow,
  type MapRow,
  NFT_CHAINS,
  NFT_MAPS,
  NFT_SETS,
  type SetRow,
  TABLE_NAME,
} from './vocabulary.ts';

/** What names of our tables mean, wherever they are met: whole ones are in the vocabulary, others begin as it says. */

export const chainNamed = finder<ChainRow>(Object.values(NFT_CHAINS));
export const setNamed = finder<SetRow>(Object.values(NFT_SETS));
export const mapNamed = finder<MapRow>(Object.values(NFT_MAPS));

function finder<Row extends ChainRow | SetRow | MapRow>(
  rows: readonly Row[],
): (name: string) => Row | undefined {
  const whole = new Map(rows.filter(({ isPrefix }) => isPrefix === undefined).map((row) => [row.name, row]));
  const prefixes = rows.filter(({ isPrefix }) => isPrefix === true);
  return (name) => whole.get(name) ?? prefixes.find((row) => name.startsWith(row.name));
}

/** What tells that a table of a node is ours or kube-proxy's. */
export const OWN_NAMES = { table: TABLE_NAME, iptablesServices: CHAINS.services.name } as const;

/** Whether rules fill a set with the clients that were at an endpoint not long ago: in all layouts. */
export function isAffinitySet(name: string): boolean {
  return setNamed(name) === NFT_SETS.affinity;
}

/** The Service that the name of a chain tells. */
export interface NamedService {
  /** `default/web` */
  readonly service: string;
  readonly portName: string;
}

/** `service-3NEXC4QR-default/web/tcp/http`, `endpoint-3NEXC4QR-default/web/tcp/http__10.0.0.1/80`. */
const NAME = /^[a-z]+-[A-Z2-7]{8}-([^/]+\/[^/]+)\/[a-z]+\/([^/]*?)(?:__.*\/\d+)?$/;

/** Reads the name of a chain or set of a service port. @returns undefined: it is of none, or of several */
export function serviceNamed(name: string): NamedService | undefined {
  const [, service, portName] = NAME.exec(name) ?? [];
  return service === undefined || portName === undefined ? undefined : { service, portName };
}

const FINDERS = { chain: chainNamed, set: setNamed, map: mapNamed } as const;

/** What a chain, set or map of our tables is for; undefined: it is not ours. */
export function purposeOf(kind: keyof typeof FINDERS, name: string): Purpose | undefined {
  const row = FINDERS[kind](name);
  if (row === undefined) return undefined;
  const { role } = row;
  const named = row.isPrefix === true ? serviceNamed(name) : undefined;
  if (named === undefined) return { role };
  const { service, portName } = named;
  return { role, of: portName === '' ? service : `${service}:${portName}` };
}

/** A set that each layout has, and no other. */
const TELLING: readonly { readonly set: SetRow; readonly layout: RuleLayout }[] = [
  { set: NFT_SETS.hairpin, layout: 'compact' },
  { set: NFT_SETS.clusterIPs, layout: 'kube-proxy' },
];

/** The layout of a table, by its sets; undefined: none of them tells. */
export function layoutTold(sets: { readonly has: (name: string) => boolean }): RuleLayout | undefined {
  return TELLING.find(({ set }) => sets.has(set.name))?.layout;
}
