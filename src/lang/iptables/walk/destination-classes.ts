import { cidrTest } from '../../packet/cidr-test.ts';
import { type Host, isLocal } from '../../packet/host.ts';
import type { BaseChain } from '../../packet/rules.ts';
import type { Match } from '../matches/match.ts';
import type { Rule } from '../ruleset.ts';
import { onlyAddress } from './only-address.ts';
import type { RulesOf } from './traced-chain.ts';

/** What rules ask about where packets go. */
interface Asked {
  /** Rules for one address alone say nothing about others. */
  readonly addresses: Set<string>;
  readonly ranges: Set<string>;
  readonly about: Set<'port' | 'local'>;
}

/** More rules are not worth reading. */
const MAX_RULES = 20_000;

/** Reads a chain and those that it leads to, when the first packet asks. */
export function destinationClasses(
  start: string,
  rulesOf: RulesOf,
  host: Host,
): NonNullable<BaseChain['classOf']> {
  let classify: NonNullable<BaseChain['classOf']> | undefined;
  return (packet) => {
    classify ??= classifier(askedFrom(start, rulesOf), host);
    return classify(packet);
  };
}

function classifier(asked: Asked | undefined, host: Host): NonNullable<BaseChain['classOf']> {
  if (asked === undefined) return () => undefined;
  const { addresses, about } = asked;
  const tests = Array.from(asked.ranges, cidrTest);
  return ({ destination, port }) => {
    if (addresses.has(destination)) return `${destination} ${port}`;
    const ranges = tests.map((holds) => (holds(destination) ? 1 : 0)).join('');
    const here = about.has('local') && isLocal(host, destination) ? 'local' : '';
    return `${ranges} ${here} ${about.has('port') ? port : ''}`;
  };
}

/** What need not be read of a rule for one address. */
const NOTHING: Rule = { matches: [] };

/** @returns undefined when they do something with destinations, or ask what is not known here */
function askedFrom(start: string, rulesOf: RulesOf): Asked | undefined {
  const asked: Asked = { addresses: new Set(), ranges: new Set(), about: new Set() };
  const chains = new Set([start]);
  let count = 0;
  for (const chain of chains) {
    const rules = rulesOf(chain);
    if (rules === undefined) continue;
    count += rules.count;
    if (count > MAX_RULES) return undefined;
    for (let place = 0; place < rules.count; place += 1) {
      const shown = rules.addressOf(place);
      const { matches, action } = shown?.side === 'destination' ? NOTHING : rules.read(place);
      const address = shown?.side === 'destination' ? shown : onlyAddress({ matches });
      if (address?.side === 'destination') {
        asked.addresses.add(address.ip);
        continue;
      }
      if (!matches.every((match) => note(match, asked))) return undefined;
      if (action?.kind === 'jump' || action?.kind === 'goto') chains.add(action.chain);
      else if (action !== undefined && !LEAVING_DESTINATIONS.has(action.kind)) return undefined;
    }
  }
  return asked;
}

/** Actions that neither change nor look at where a packet goes. */
const LEAVING_DESTINATIONS: ReadonlySet<string> = new Set([
  'accept',
  'drop',
  'return',
  'reject',
  'set-mark',
  'set-connection-mark',
  'save-mark',
  'restore-mark',
  'masquerade',
]);

/** @returns false when nobody knows what the match looks at */
function note(match: Match, { ranges, about }: Asked): boolean {
  switch (match.kind) {
    case 'destination':
      ranges.add(match.cidr);
      return true;
    case 'local-address':
      if (match.of === 'destination') about.add('local');
      return true;
    case 'l4':
    case 'port-range':
      about.add('port');
      return true;
    case 'source':
    case 'protocol':
    case 'other-protocol':
    case 'in-interface':
    case 'comment':
    case 'counter':
    case 'mark':
    case 'connection-mark':
    case 'ctstate':
      return true;
    default:
      return false;
  }
}
