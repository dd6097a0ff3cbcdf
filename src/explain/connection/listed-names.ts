import type { ListedContents, ListedRuleset, ListedTable } from '../../lang/nftables/ruleset.ts';
import { l4Protocol } from '../../lang/packet/l4-protocol.ts';
import { familyOf } from '../../model/ip.ts';
import { chainNamed, type NamedService, serviceNamed } from '../../render/nftables/known-names.ts';
import { NFT_CHAINS } from '../../render/nftables/vocabulary.ts';
import type { Connection } from '../explanation.ts';
import type { DumpedName } from './dumped-names.ts';

/** What elements without endpoints are about, by their comments: `default/web:http`. */
const LABEL = /^([^ :]+)(?::([^ ]+))?$/;

/**
 * The addresses and ports of a Service in the rules of a node, as far as names of chains or comments tell. Of what is
 * refused, clusterIPs come before external addresses, and only the first one of a port counts.
 */
export function findListedNames({ sets }: ListedTable, label: string): readonly DumpedName[] {
  const found = new Map<string, DumpedName>();
  for (const { contents } of sets.values()) {
    if (contents?.values !== 'verdict') continue;
    for (const { key, comment, verdict } of contents.elementsWith(label)) {
      const internal = 'chain' in verdict ? internalService(verdict.chain) : undefined;
      const { service, portName } = internal ?? labelled(comment);
      const [destination, word, port] = key;
      const protocol = l4Protocol(`${word}`);
      if (service !== label || protocol === undefined) continue;
      if (typeof destination !== 'string' || typeof port !== 'number' || found.has(portName)) continue;
      found.set(portName, { portName, destination, port, protocol });
    }
  }
  return [...found.values()];
}

/** The Services that chains or comments of a table name: `default/web`. */
export function* listedLabels({ sets }: ListedTable): Generator<string> {
  for (const { contents } of sets.values()) {
    if (contents?.values !== 'verdict') continue;
    for (const { comment, verdict } of contents.elements) {
      const { service } = ('chain' in verdict ? serviceNamed(verdict.chain) : undefined) ?? labelled(comment);
      if (service !== undefined) yield service;
    }
  }
}

/** The Service whose address or nodePort a connection goes to: `default/web:http`. undefined: none that names or comments tell. */
export function findListedService(
  { tables }: ListedRuleset,
  { destination, port, protocol }: Pick<Connection, 'destination' | 'port' | 'protocol'>,
): string | undefined {
  const table = tables.find(({ family }) => family === familyOf(destination));
  let ofNodePort: string | undefined;
  for (const { contents } of table?.sets.values() ?? []) {
    if (contents?.values !== 'verdict') continue;
    for (const { key, comment, verdict } of contents.elementsWith(
      wordsFor(contents, { destination, port, protocol }),
    )) {
      if (key.at(-1) !== port || key.at(-2) !== protocol) continue;
      const { service, portName } =
        ('chain' in verdict ? serviceNamed(verdict.chain) : undefined) ?? labelled(comment);
      if (service === undefined) continue;
      const label = portName === '' ? service : `${service}:${portName}`;
      if (key.length === 3 && key[0] === destination) return label;
      if (key.length === 2) ofNodePort ??= label;
    }
  }
  return ofNodePort;
}

/** What is in the lines of a map that may be about a connection: maps of nodePorts have no addresses. */
export function wordsFor(
  { elements }: Extract<ListedContents, { readonly values: 'verdict' }>,
  { destination, port, protocol }: Pick<Connection, 'destination' | 'port' | 'protocol'>,
): string {
  for (const { key } of elements) return key.length === 2 ? `${protocol} . ${port}` : destination;
  return destination;
}

/** Chains for internal traffic have the names of their Services. */
function internalService(chain: string): NamedService | undefined {
  const row = chainNamed(chain);
  return row === NFT_CHAINS.service || row === NFT_CHAINS.local ? serviceNamed(chain) : undefined;
}

function labelled(comment = ''): Partial<NamedService> & { readonly portName: string } {
  const [, service, portName = ''] = LABEL.exec(comment) ?? [];
  return service === undefined ? { portName } : { service, portName };
}
