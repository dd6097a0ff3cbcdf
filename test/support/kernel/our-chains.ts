import { readSavedRules } from './saved-rules.ts';

/** Chains that svcgen, like kube-proxy, has in every table it touches. */
const BASE_CHAINS = new Set([
  'KUBE-SERVICES',
  'KUBE-EXTERNAL-SERVICES',
  'KUBE-NODEPORTS',
  'KUBE-POSTROUTING',
  'KUBE-MARK-MASQ',
  'KUBE-FORWARD',
  'KUBE-FIREWALL',
  'KUBE-PROXY-FIREWALL',
  // ipvs mode
  'KUBE-IPVS-FILTER',
  'KUBE-IPVS-OUT-FILTER',
  'KUBE-LOAD-BALANCER',
  'KUBE-NODE-PORT',
  'KUBE-SOURCE-RANGES-FIREWALL',
]);

const SERVICE_CHAIN = /^KUBE-(SVC|SVL|EXT|FW|SEP|SUB|DST)-[A-Z2-7]{16}$/;

/** `iptables-save` text without time stamps and counters, which change by themselves. */
export function steadyLines(saved: string): string[] {
  return saved
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.replace(/ \[\d+:\d+\]$/, ''));
}

/** The lines that have nothing to do with our chains: rules of others, as they must stay. */
export function linesOfOthers(lines: readonly string[]): string[] {
  return lines.filter((line) => {
    const [first = '', chain = ''] = line.split(' ', 2);
    const target = / -[jg] (\S+)/.exec(line)?.[1] ?? '';
    return ![first.startsWith(':') ? first.slice(1) : '', chain, target].some(isOurs);
  });
}

/** Our chains, and in built-in chains the jumps into them; in no particular order of chains. */
export function chainsOfOurs(lines: readonly string[]): Record<string, readonly string[]> {
  const others = new Set(linesOfOthers(lines));
  const chains = [...readSavedRules(lines.join('\n'))].map(
    ([chain, rules]) => [chain, rules.filter((rule) => rule.startsWith('-A ') && !others.has(rule))] as const,
  );
  return Object.fromEntries(
    chains.filter(([chain, rules]) => isOurs(chain.split(' ')[1] ?? '') || rules.length > 0),
  );
}

/** Whether a chain belongs to one Service or endpoint. */
export function isServiceChain(name: string): boolean {
  return SERVICE_CHAIN.test(name);
}

function isOurs(name: string): boolean {
  return BASE_CHAINS.has(name) || SERVICE_CHAIN.test(name);
}
