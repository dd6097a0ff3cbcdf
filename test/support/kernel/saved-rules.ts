/** Rules by chain, as the kernel gives them back: `filter INPUT` → rules in order. */
export type SavedChains = ReadonlyMap<string, readonly string[]>;

const BUILT_IN_CHAINS = new Set(['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING']);

/**
 * Reads the text of `iptables-save`. Counters, comments and built-in chains that hold nothing are left out; a policy
 * other than ACCEPT shows as a rule.
 */
export function readSavedRules(text: string): SavedChains {
  const chains = new Map<string, string[]>();
  let table = '';
  for (const line of text.split('\n')) {
    const [first = '', second = ''] = line.split(' ', 2);
    if (first.startsWith('*')) table = first.slice(1);
    else if (first.startsWith(':')) {
      const policy = second === 'ACCEPT' || second === '-' ? [] : [`-P ${first.slice(1)} ${second}`];
      chains.set(`${table} ${first.slice(1)}`, policy);
    } else if (first === '-A') {
      chains.get(`${table} ${second}`)?.push(line);
    }
  }
  return new Map([...chains].filter(([chain, rules]) => rules.length > 0 || !isBuiltIn(chain)));
}

/** Whether a key of SavedChains is that of a built-in chain. */
export function isBuiltIn(chain: string): boolean {
  return BUILT_IN_CHAINS.has(chain.slice(chain.indexOf(' ') + 1));
}
