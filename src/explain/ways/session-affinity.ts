import { count } from '../../diagnostic/report.ts';
import { readNftDuration } from '../../lang/nftables/elements/values.ts';
import { ALL, areEqual } from '../../lang/packet/fraction.ts';
import type { KernelFacts } from '../../lang/packet/kernel-facts.ts';
import { familyOf, joinHostPort } from '../../model/ip.ts';
import type { NodeDump } from '../../modes/dump/node-dump.ts';
import { isAffinitySet } from '../../render/nftables/known-names.ts';
import { NFT_CHAINS, NFT_SETS } from '../../render/nftables/vocabulary.ts';
import type { Connection, ConnectionVerdict, ExplainedWay, RememberedClient } from '../explanation.ts';

/** Where a node has its memory of clients. */
export interface Memory {
  readonly kernel: Pick<KernelFacts, 'remembered' | 'persistent'> | undefined;
  /** undefined: the rules are ours. */
  readonly dump: NodeDump | undefined;
  /** How long session affinity lasts; undefined: there is none. */
  readonly affinitySeconds: number | undefined;
}

interface Kept {
  readonly isWay: (way: ExplainedWay) => boolean;
  readonly howLong: string;
}

/** The endpoint at which session affinity keeps a client; undefined: it does not know the client, or there is no choice. */
export function rememberedClient(
  memory: Memory,
  connection: Connection,
  ways: readonly ExplainedWay[],
): RememberedClient | undefined {
  if (memory.affinitySeconds === undefined) return undefined;
  for (const { isWay, howLong } of keptAt(memory, connection)) {
    const kept = ways.filter(isWay);
    const [first] = kept;
    if (first === undefined || kept.length === ways.length) continue;
    const isOneShare = kept.every(({ share }) => areEqual(share, first.share));
    return {
      endpoint: joinHostPort(first.destination, first.port),
      howLong,
      ways: isOneShare ? kept.map((way) => ({ ...way, share: ALL })) : kept,
    };
  }
  return undefined;
}

/** Whether the text of a node has its memory, so that who is not in it is new. */
export function knowsClients({
  kernel,
  dump,
}: Pick<Memory, 'dump'> & { readonly kernel: KernelFacts | undefined }): boolean {
  if (dump?.kind === 'listed') return true;
  if (kernel === undefined) return false;
  return kernel.settings.size + kernel.remembered.length + kernel.persistent.length > 0;
}

/** Says why a verdict is that of one endpoint alone. */
export function keptVerdict(
  { kind, text }: ConnectionVerdict,
  { howLong }: RememberedClient,
  { source }: Pick<Connection, 'source'>,
): ConnectionVerdict {
  return { kind, text: `${text}, where session affinity keeps ${source} ${howLong}` };
}

function keptAt(memory: Memory, connection: Connection): readonly Kept[] {
  return [...inSets(memory, connection), ...inLists(memory, connection), ...inIPVS(memory, connection)];
}

/** Of nftables mode: each endpoint has a set of its clients, which is named like its chain. */
function inSets({ dump }: Memory, { source }: Connection): readonly Kept[] {
  if (dump?.kind !== 'listed') return [];
  const table = dump.ruleset.tables.find(({ family }) => family === familyOf(source));
  return [...(table?.sets.values() ?? [])].flatMap(({ name, contents }) => {
    if (!isAffinitySet(name) || contents?.values !== 'none') return [];
    for (const { key, text } of contents.elementsWith(source)) {
      if (key[0] !== source) continue;
      const chain = NFT_CHAINS.endpoint.name + name.slice(NFT_SETS.affinity.name.length);
      const seconds = readNftDuration(/\bexpires (\S+)/.exec(text)?.[1] ?? '');
      return [{ isWay: passes(chain), howLong: seconds === undefined ? 'for now' : another(seconds) }];
    }
    return [];
  });
}

/** Of iptables mode: lists of `-m recent` are named after the chains of endpoints. They tell no time that svcgen could read. */
function inLists({ kernel, affinitySeconds = 0 }: Memory, { source }: Connection): readonly Kept[] {
  return (kernel?.remembered ?? []).flatMap(({ list, client }) =>
    client === source
      ? [{ isWay: passes(list), howLong: `for ${formatDuration(affinitySeconds)} after it last connected` }]
      : [],
  );
}

/** Of ipvs mode: templates of connections to a persistent virtual server. */
function inIPVS({ kernel }: Memory, { source, destination, port, protocol }: Connection): readonly Kept[] {
  const found = kernel?.persistent.filter(
    (each) =>
      each.client === source &&
      each.destination === destination &&
      each.port === port &&
      each.protocol === protocol,
  );
  return (found ?? []).map(({ endpoint, endpointPort, seconds }) => ({
    isWay: (way) => way.destination === endpoint && way.port === endpointPort,
    howLong: another(seconds),
  }));
}

function passes(chain: string): Kept['isWay'] {
  return ({ path }) => path.some(({ place }) => place?.chain === chain);
}

function another(seconds: number): string {
  return `for another ${formatRest(seconds)}`;
}

/** `3 hours`, `90 seconds`. */
export function formatDuration(seconds: number): string {
  if (seconds >= 3600 && seconds % 3600 === 0) return count(seconds / 3600, 'hour');
  if (seconds >= 60 && seconds % 60 === 0) return count(seconds / 60, 'minute');
  return count(seconds, 'second');
}

/** `2 h 59 min`, `45 s`: how long something still lasts, of which nobody wants to know more. */
function formatRest(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes >= 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return minutes > 0 ? `${minutes} min` : `${seconds} s`;
}
