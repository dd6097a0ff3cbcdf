import type { ChainDrift } from '../lang/iptables/compare/drift.ts';
import { formatSetEntry, serverLines, setKind } from '../lang/ipvs/print.ts';
import type {
  IPSet,
  SavedIPVS,
  SavedPart,
  SavedServer,
  SavedSet,
  VirtualServer,
} from '../lang/ipvs/ruleset.ts';
import {
  compareParts,
  type ListedLine,
  type ListedPart,
  type PartDrift,
  type PartLine,
  type WantedPart,
} from '../lang/text/compare-parts.ts';
import type { NodeState } from '../model/node-state.ts';
import { buildIPSets, buildIPVS } from '../render/ipvs/build.ts';
import { ownServers, serverName, serverOwners } from '../render/ipvs/own-servers.ts';
import { SETS } from '../render/netfilter/sets.ts';

/** How the sets and virtual servers of a node differ from those that are wanted; nothing when its text has neither. */
export function ipvsDrift(saved: SavedIPVS, state: NodeState): readonly ChainDrift[] {
  if (saved.sets === undefined && saved.virtualServers === undefined) return [];
  return [...setDrift(saved, state), ...serverDrift(saved, state)];
}

function setDrift({ sets }: SavedIPVS, state: NodeState): readonly ChainDrift[] {
  const own = [...buildIPSets(state)];
  const purposes = new Map(own.map(([name, set]) => [set.name, { role: SETS[name].role }]));
  const listed = {
    find: (_: WantedPart['kind'], name: string) => {
      const set = sets?.get(name);
      return set === undefined ? undefined : savedSet(set);
    },
    active: [],
  };
  const drift = compareParts(
    listed,
    own.map(([, set]) => wantedSet(set)),
  );
  return Array.from(drift, (part) => inWords(part, purposes.get(part.name)));
}

function wantedSet(set: IPSet): WantedPart {
  const { name, entries } = set;
  function* lines(): Generator<PartLine> {
    yield plainLine(`create ${name} ${setKind(set)}`);
    for (const entry of entries) yield plainLine(`add ${name} ${formatSetEntry(entry)}`);
  }
  return { kind: 'set', name, lines: { [Symbol.iterator]: lines } };
}

function savedSet(set: SavedSet): ListedPart {
  const { name, type, family, options, elements } = set;
  function* lines(): Generator<ListedLine> {
    const kind = type === undefined ? '' : `create ${name} ${setKind({ type, family })}`;
    yield listedLine(set, kind === '' || options !== '' ? set.text : kind);
    for (const element of elements) {
      const { entry, text, options } = element;
      const isPlain = entry !== undefined && options === '';
      yield listedLine(element, isPlain ? `add ${name} ${formatSetEntry(entry)}` : text);
    }
  }
  return { kind: 'set', name, lines: { [Symbol.iterator]: lines } };
}

function serverDrift(saved: SavedIPVS, state: NodeState): readonly ChainDrift[] {
  const wanted = buildIPVS(state);
  const present = new Map((saved.virtualServers ?? []).map((server) => [serverName(server), server]));
  const listed = {
    find: (_: WantedPart['kind'], name: string) => {
      const server = present.get(name);
      return server === undefined ? undefined : savedServer(server);
    },
    active: ownServers({ state, wanted, saved }).map(savedServer),
  };
  const owners = serverOwners(state);
  const drift = compareParts(listed, Array.from(wanted.virtualServers, wantedServer));
  return Array.from(drift, (part) => {
    const of = owners.get(part.name);
    return inWords(part, of === undefined ? undefined : { role: 'an address', of });
  });
}

function wantedServer(server: VirtualServer): WantedPart {
  const lines = Array.from(serverLines(server), (text) => ({ text, key: () => withoutService(text) }));
  return { kind: 'virtual server', name: serverName(server), lines };
}

function savedServer(server: SavedServer): ListedPart {
  const lines = [server, ...server.realServers].map((part) => listedLine(part, withoutService(part.text)));
  return { kind: 'virtual server', name: serverName(server), lines };
}

/** What a line of ipvsadm says of its virtual server, or real server. */
function withoutService(text: string): string {
  const [command, , , ...rest] = text.split(/\s+/);
  return [command, ...rest].join(' ');
}

function plainLine(text: string): PartLine {
  return { text, key: () => text };
}

function listedLine({ line, text }: SavedPart, key: string): ListedLine {
  return { line, text, key: () => key };
}

function inWords(part: PartDrift, purpose: ChainDrift['purpose']): ChainDrift {
  return { table: 'ipvs', ...part, purpose };
}
