/** Where the kernel runs a base chain. */
export interface NftHook {
  readonly type: 'filter' | 'nat';
  readonly at: 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting';
  /** Lower ones run first: destinations are translated at -100, sources at 100. */
  readonly priority: number;
  /** What gets to the end is dropped, instead of accepted; builders make none. */
  readonly policy?: 'drop';
}

export function printHook({ type, at, priority }: NftHook): string {
  return `type ${type} hook ${at} priority ${priority};`;
}

/** `type nat hook prerouting priority dstnat + 5; policy accept;`, maybe with a device before the priority. */
const HOOK =
  /^type (\S+) hook (\S+) (?:devices? (?:= )?(?:\S+|\{[^}]*\}) )?priority ([a-z]+|-?\d+)(?: ([+-]) (\d+))?;(?: policy (accept|drop);)?$/;

/** Priorities that nft has names for, in families ip and ip6. */
const PRIORITIES: ReadonlyMap<string, number> = new Map([
  ['raw', -300],
  ['mangle', -150],
  ['dstnat', -100],
  ['filter', 0],
  ['security', 50],
  ['srcnat', 100],
]);

/** A line that makes a chain a base chain, whatever its type. */
export interface HookLine {
  readonly at: string;
  readonly isDrop: boolean;
  /** undefined: it is of another type, or at another hook, than packets of Services meet. */
  readonly hook: NftHook | undefined;
}

/** @returns undefined when it is no such line */
export function readHook(text: string): HookLine | undefined {
  const found = HOOK.exec(text);
  if (found === null) return undefined;
  const [, type = '', at = '', base = '', sign, offset = '0', policy] = found;
  const start = PRIORITIES.get(base) ?? Number(base);
  const priority = sign === '-' ? start - Number(offset) : start + Number(offset);
  const isDrop = policy === 'drop';
  const kind: NftHook['type'] | undefined = TYPES.get(type);
  if (kind === undefined || !isHook(at) || !Number.isInteger(priority))
    return { at, isDrop, hook: undefined };
  return { at, isDrop, hook: { type: kind, at, priority, ...(isDrop ? { policy: 'drop' } : {}) } };
}

/** Chains of type route are those of type filter that look for another route when a mark changes. */
const TYPES: ReadonlyMap<string, NftHook['type']> = new Map([
  ['nat', 'nat'],
  ['filter', 'filter'],
  ['route', 'filter'],
]);

const HOOKS: ReadonlySet<string> = new Set<NftHook['at']>([
  'prerouting',
  'input',
  'forward',
  'output',
  'postrouting',
]);

function isHook(at: string): at is NftHook['at'] {
  return HOOKS.has(at);
}
