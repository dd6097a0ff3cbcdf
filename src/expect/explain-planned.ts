import { firstPacket, planConnection } from '../explain/connection/plan-connection.ts';
import type { TargetAddress } from '../explain/connection/targets.ts';
import type { Explanation } from '../explain/explanation.ts';
import { collectNotes } from '../explain/notes/collect-notes.ts';
import { lackOf } from '../explain/notes/missing-endpoints.ts';
import { verdictOn } from '../explain/verdict/verdict.ts';
import { explainWays } from '../explain/ways/explain-ways.ts';
import { follow } from '../trace/follow.ts';
import type { Fault } from './expectation.ts';
import type { PlannedConnection } from './find-targets.ts';
import { describeTo } from './plan-case.ts';
import type { World } from './world/world.ts';

/** The way of a connection in words, through all rules of its node; undefined: there is nothing to tell. */
export function explainPlanned(
  planned: PlannedConnection,
  { cluster, known }: Pick<World, 'cluster' | 'known'>,
): Explanation | undefined {
  const { address, client, site, target } = planned;
  if (address === undefined) return undefined;
  const connection = planConnection(client, address, site.facts);
  if (connection === undefined) return undefined;
  const followed = follow(site.firewall(), site.host, firstPacket(connection, client, site.facts));
  if (followed.kind === 'too-many') return undefined;
  const explained = explainWays(followed.ways, known.ownerOf);
  const named = { ...connection, target: describeTo(planned) };
  const lack = target && lackOf(target.servicePort, cluster);
  const verdict = verdictOn({ ...explained, remembered: undefined }, named, {
    cause: undefined,
    isFar: false,
    lack,
    doubt: undefined,
  });
  const notes = notesOn({ planned, address, lack }, named, explained);
  return { connection: named, verdict, ...explained, notes };
}

/** Why nobody can tell what becomes of a connection, of which an OutcomeFinder told nothing. */
export function whyUntold({ address, client, site: { spot, facts } }: PlannedConnection): Fault {
  if (address === undefined || planConnection(client, address, facts) !== undefined)
    return { message: 'it has too many ways to follow them all', hint: 'see svcgen explain' };
  const node = spot.node === undefined ? 'the node' : `node ${spot.node}`;
  return {
    message: `the ${spot.family} address of ${node} is not known, so what it sends cannot be followed`,
    hint: 'add the Node object to the manifests, or --node with --node-ip',
  };
}

interface Followed {
  readonly planned: PlannedConnection;
  readonly address: TargetAddress;
  /** Why the Service has no endpoints; undefined: it has some, or manifests do not tell. */
  readonly lack: string | undefined;
}

/** What svcgen explain says beside the way, as far as it is about manifests and not about its own flags. */
function notesOn(
  { planned: { client, target, site }, address, lack }: Followed,
  connection: Explanation['connection'],
  { ways, path }: Pick<Explanation, 'ways' | 'path'>,
): readonly string[] {
  return collectNotes({
    client: { ...client, ip: connection.source },
    connection,
    whereabouts: undefined,
    ways,
    path,
    isLive: false,
    host: site.host,
    state: site.state,
    target: target && { ...target, ip: address.destination, port: address.port },
    chosen: undefined,
    lack,
    versions: undefined,
    hints: () => [],
    gaps: [],
  });
}
