import { readNumber } from '../../text/numbers.ts';
import type { Match } from '../ruleset.ts';
import { type Option, readOptions } from './options.ts';

/** What `iptables-save` adds: the whole source address counts. */
const WHOLE_ADDRESS: ReadonlySet<string> = new Set([
  '255.255.255.255',
  'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
]);

/** `-m recent`, as session affinity uses it. */
export function readRecent(words: readonly string[]): Match | undefined {
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
}

function readCheck(known: Map<string, Option>, name: string): Match | undefined {
  const renews = take(known, '--update')?.values.length === 0;
  const checks = take(known, '--rcheck')?.values.length === 0;
  const seconds = readNumber(take(known, '--seconds')?.values.join(), 0xffffffff);
  const reaps = take(known, '--reap')?.values.length === 0;
  if (renews === checks || !reaps || seconds === undefined || known.size > 0) return undefined;
  return { kind: 'recently-seen', name, seconds, ...(renews ? { renews } : {}) };
}

function take(options: Map<string, Option>, name: string): Option | undefined {
  const option = options.get(name);
  options.delete(name);
  return option;
}
