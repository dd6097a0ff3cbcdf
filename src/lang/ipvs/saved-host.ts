import { IPVS_SCHEDULERS } from '../../model/ipvs-settings.ts';
import type { Host, HostServer } from '../packet/host.ts';
import type { IPSet, IPSetList, SavedIPVS, SavedRealServer, SavedServer, SavedSet } from './ruleset.ts';

/**
 * What rules can ask of a node whose sets and virtual servers are in its text. Addresses of the dummy device are not: the
 * sets in `addressSets`, which have all of them, tell, and a virtual server is of no use to others.
 */
export function savedHost(
  { sets, virtualServers = [] }: SavedIPVS,
  { nodeIPs, addressSets }: { readonly nodeIPs: readonly string[]; readonly addressSets: readonly string[] },
): Host {
  const dummyIPs = addressSets
    .flatMap((name) => sets?.get(name)?.elements ?? [])
    .flatMap(({ entry }) => (entry?.kind === 'ip' ? entry.ip : []));
  return {
    localAddresses: new Set([...nodeIPs, ...dummyIPs, ...virtualServers.map(({ ip }) => ip)]),
    sets: sets === undefined ? undefined : new Map([...sets.values()].flatMap(knownSet)),
    virtualServers: virtualServers.map(hostServer),
  };
}

/** What svcgen does not read all of, nobody knows anything of. */
function knownSet(set: SavedSet): readonly (readonly [string, IPSet | IPSetList])[] {
  const { name, type, family, elements, members } = set;
  if (members !== undefined) return [[name, { type: 'list:set', members }]];
  if (type === undefined || !isUnderstood(set)) return [];
  return [[name, { name, type, family, entries: elements.flatMap(({ entry }) => entry ?? []) }]];
}

/** Whether it can be told of every connection whether a set holds it. */
export function isUnderstood({ type, options, elements }: SavedSet): boolean {
  return type !== undefined && isOfNoMatter(options) && elements.every((each) => isOfNoMatter(each.options));
}

/** What is counted, noted, or said of how long an element stays, and nothing of what the set holds now. */
const OF_NO_MATTER =
  /(?:^| )(?:counters|comment(?: "[^"]*")?|skbinfo|forceadd|(?:timeout|packets|bytes|skbmark|skbprio|skbqueue) \S+)(?= |$)/g;

function isOfNoMatter(options: string): boolean {
  return options.replaceAll(OF_NO_MATTER, '').trim() === '';
}

function hostServer(server: SavedServer): HostServer {
  const { protocol, ip, port, persistenceSeconds, realServers } = server;
  const scheduler = IPVS_SCHEDULERS.find((each) => each === server.scheduler);
  const isActive = ({ weight }: SavedRealServer) => weight > 0;
  const active = realServers.every(isActive) ? realServers : realServers.filter(isActive);
  const untranslated = active.find(({ isTranslated }) => !isTranslated);
  const unclear =
    scheduler === undefined
      ? `svcgen does not know the scheduler ${server.scheduler} (line ${server.line})`
      : untranslated && `svcgen does not follow what is sent on without translation: ${untranslated.text}`;
  return {
    protocol,
    ip,
    port,
    scheduler,
    persistenceSeconds,
    // Large nodes have a million: they are not copied.
    realServers: active,
    ...(active === realServers ? {} : { drained: realServers.length - active.length }),
    ...(unclear === undefined ? {} : { unclear }),
  };
}
