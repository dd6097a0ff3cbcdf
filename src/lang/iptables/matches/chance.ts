import { fractionOf, oneIn, shareOf } from '../../packet/fraction.ts';
import { readNumber, readProbability } from '../../text/numbers.ts';
import { type Option, readOptions } from '../read/options.ts';
import { type MatchFamily, type MatchKind, type ModuleReader, NOTHING } from './match-kind.ts';

/** `-m statistic --mode random`: holds for this share of packets, 0 to 1. */
interface RandomMatch {
  readonly kind: 'random';
  readonly probability: number;
}

const RANDOM: MatchKind<RandomMatch> = {
  print: (match, { probability }) =>
    ` -m statistic --mode random --probability ${probability(match.probability)}`,
  asks: ({ probability }) => ({ kind: 'chance', share: fractionOf(probability) }),
};

/**
 * `-m statistic --mode nth`: holds for one in `every` of the packets that reach the rule, in turn (net/netfilter/xt_statistic.c).
 * `packet`: how many of them are let by first.
 */
interface NthMatch {
  readonly kind: 'nth';
  readonly every: number;
  readonly packet: number;
  readonly negated?: boolean;
}

const NTH: MatchKind<NthMatch> = {
  print: ({ every, packet, negated }) =>
    ` -m statistic --mode nth${negated === true ? ' !' : ''} --every ${every} --packet ${packet}`,
  // Whose turn a new connection is, nobody knows.
  asks: ({ every, negated }) => ({
    kind: 'chance',
    share: negated === true ? shareOf(every - 1, every) : oneIn(every),
  }),
};

const readStatistic: ModuleReader<RandomMatch | NthMatch> = (words) => {
  const [mode, ...rest] = readOptions(words) ?? [];
  if (mode?.name !== '--mode' || mode.negated) return undefined;
  if (mode.values.join() === 'nth') return readNth(rest);
  return mode.values.join() === 'random' ? readRandom(rest) : undefined;
};

function readRandom([share, ...rest]: readonly Option[]): RandomMatch | undefined {
  if (share?.name !== '--probability' || share.negated || rest.length > 0) return undefined;
  const probability = readProbability(share.values.join());
  return probability === undefined ? undefined : { kind: 'random', probability };
}

function readNth([first, second, ...rest]: readonly Option[]): NthMatch | undefined {
  if (first?.name !== '--every' || rest.length > 0) return undefined;
  if (second !== undefined && (second.name !== '--packet' || second.negated)) return undefined;
  const every = readNumber(first.values.join(), MAX_COUNT);
  const packet = second === undefined ? 0 : readNumber(second.values.join(), MAX_COUNT);
  if (every === undefined || every === 0 || packet === undefined || packet >= every) return undefined;
  return { kind: 'nth', every, packet, ...(first.negated ? { negated: true } : {}) };
}

const MAX_COUNT = 0xffffffff;

/**
 * `-m recent`: the source address was put on the list `name` in the last `seconds` seconds. `renews`: where it holds,
 * that counts as put on the list again.
 */
interface RecentMatch {
  readonly kind: 'recently-seen';
  readonly name: string;
  readonly seconds: number;
  readonly renews?: boolean;
}

const RECENTLY_SEEN: MatchKind<RecentMatch> = {
  print: ({ name, seconds, renews }, { word }) =>
    ` -m recent --name ${word(name)} ${renews === true ? '--update' : '--rcheck'} --seconds ${seconds} --reap`,
  asks: ({ seconds }) => ({ kind: 'affinity', seconds }),
};

/** `-m recent --set`: always holds, and puts the source address on the list `name`. */
interface RememberMatch {
  readonly kind: 'remember';
  readonly name: string;
}

const REMEMBER: MatchKind<RememberMatch> = {
  print: ({ name }, { word }) => ` -m recent --name ${word(name)} --set`,
  asks: () => NOTHING,
};

/** What `iptables-save` adds: the whole source address counts. */
const WHOLE_ADDRESS: ReadonlySet<string> = new Set([
  '255.255.255.255',
  'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
]);

/** As session affinity uses it. */
const readRecent: ModuleReader<RecentMatch | RememberMatch> = (words) => {
  const options = readOptions(words) ?? [];
  const known = new Map(options.map((option) => [option.name, option]));
  if (known.size !== options.length || options.some(({ negated }) => negated)) return undefined;
  const mask = take(known, '--mask');
  if (mask !== undefined && !WHOLE_ADDRESS.has(mask.values.join())) return undefined;
  if (take(known, '--rsource')?.values.length) return undefined;
  const [name, ...otherNames] = take(known, '--name')?.values ?? [];
  if (name === undefined || otherNames.length > 0) return undefined;
  const isSet = take(known, '--set')?.values.length === 0;
  if (isSet) return known.size === 0 ? { kind: 'remember', name } : undefined;
  return readCheck(known, name);
};

function readCheck(known: Map<string, Option>, name: string): RecentMatch | undefined {
  const renews = take(known, '--update')?.values.length === 0;
  const checks = take(known, '--rcheck')?.values.length === 0;
  const seconds = readNumber(take(known, '--seconds')?.values.join(), MAX_COUNT);
  const reaps = take(known, '--reap')?.values.length === 0;
  if (renews === checks || !reaps || seconds === undefined || known.size > 0) return undefined;
  return { kind: 'recently-seen', name, seconds, ...(renews ? { renews } : {}) };
}

function take(options: Map<string, Option>, name: string): Option | undefined {
  const option = options.get(name);
  options.delete(name);
  return option;
}

/** Chance, and who was here before. */
export type ChanceMatch = RandomMatch | NthMatch | RecentMatch | RememberMatch;

/** The same, with all that is known of each. */
export const CHANCE_MATCHES: MatchFamily<ChanceMatch> = {
  kinds: { random: RANDOM, nth: NTH, 'recently-seen': RECENTLY_SEEN, remember: REMEMBER },
  modules: { statistic: readStatistic, recent: readRecent },
};
