import type { NftMatch } from '../../../lang/nftables/expressions/match.ts';
import type { NftStatement } from '../../../lang/nftables/expressions/statement.ts';
import type { ListedChain, ListedRule, ListedTable } from '../../../lang/nftables/ruleset.ts';
import type { NftablesFacts } from '../../../model/kubernetes-version.ts';
import { chainNamed, isAffinitySet, layoutTold, setNamed } from '../../../render/nftables/known-names.ts';
import { type ChainRow, NFT_CHAINS, NFT_MAPS, NFT_SETS } from '../../../render/nftables/vocabulary.ts';
import { tellVersion, type VersionSign, type VersionTold } from './version-told.ts';

/** Services are many, and alike: so many chains of theirs tell enough. */
const MAX_CHAINS = 1000;

/** What tables of nftables tell of the kube-proxy that made them; undefined: they are not kube-proxy's. */
export function tellNftablesVersion(tables: readonly ListedTable[]): VersionTold | undefined {
  const signs = new Map<string, VersionSign>();
  for (const table of tables.filter(({ sets }) => layoutTold(sets) === 'kube-proxy')) {
    for (const { facts, ...sign } of signsOf(table)) {
      const key = JSON.stringify(facts);
      if (!signs.has(key))
        signs.set(key, {
          ...sign,
          fits: (release) => 'proxy' in release && hasFacts(release.proxy.nftables, facts),
        });
    }
  }
  return tellVersion([...signs.values()]);
}

function hasFacts(all: NftablesFacts, wanted: Partial<NftablesFacts>): boolean {
  const values: Readonly<Record<string, unknown>> = { ...all };
  return Object.entries(wanted).every(([name, value]) => values[name] === value);
}

/** Something that is there in versions with these facts alone. */
interface Sign extends Pick<VersionSign, 'what' | 'line' | 'isDoubtful'> {
  readonly facts: Partial<NftablesFacts>;
}

function* signsOf(table: ListedTable): Generator<Sign> {
  for (const { name, line } of table.sets.values()) {
    const facts = setNamed(name)?.when;
    if (facts !== undefined) yield { facts, what: `set ${name}`, line };
  }
  yield* elementSigns(table);
  const known = new Set<string>();
  let rest = MAX_CHAINS;
  for (const chain of table.chains.values()) {
    const row = chainNamed(chain.name);
    if (row?.isPrefix === true) rest -= 1;
    const form = row === undefined || rest < 0 ? undefined : formOf(chain, row);
    if (row === undefined || form === undefined || known.has(form)) continue;
    const rules = [...chain.rules];
    if (rules.every(isUnderstood)) known.add(form);
    yield* chainSigns(chain, row, rules);
  }
}

/**
 * What tells a version in the rules of a chain: their text, but for the endpoints among which they choose. Another chain with the same
 * has the same signs, and nearly all Services are alike: to read their rules was a fifth of `svcgen explain --rules`.
 */
function formOf({ lines }: ListedChain, { name }: ChainRow): string {
  return Array.from(lines, ({ text }) => `${name} ${text.replace(CHOSEN, '$1 {}')}`).join('\n');
}

/** Strings, which might look like it, have quotes. */
const CHOSEN = /\b(v?map) \{[^{}"]*\}/;

/** Endpoints may be spelled in a way that nobody can read. */
function isUnderstood({ statements }: ListedRule): boolean {
  return statements.every(({ kind }) => kind !== 'unknown');
}

function* elementSigns({ sets }: ListedTable): Generator<Sign> {
  const nodePortIPs = sets.get(NFT_SETS.nodePortIPs.name);
  if (nodePortIPs?.contents !== undefined && isEmpty(nodePortIPs.contents.elements)) {
    // CIDRs that no address of the node lies in leave it empty too.
    const facts = { familyWithoutCIDR: 'primary' } as const;
    yield { facts, what: `set ${nodePortIPs.name}`, line: nodePortIPs.line, isDoubtful: true };
  }
  const { name } = NFT_MAPS.firewallIPs;
  for (const { comment, line } of sets.get(name)?.contents?.elements ?? []) {
    const which = comment === undefined ? 'without' : 'with';
    const facts = { commentsFirewallElements: comment !== undefined };
    yield { facts, what: `an element of ${name} ${which} comment`, line };
    return;
  }
}

function isEmpty(elements: Iterable<unknown>): boolean {
  for (const _ of elements) return false;
  return true;
}

/** Chains count that have rules: an update leaves some without. */
function* chainSigns(chain: ListedChain, row: ChainRow, rules: readonly ListedRule[]): Generator<Sign> {
  if (rules.length === 0) return;
  const what = `chain ${chain.name}`;
  if (row.when !== undefined) yield { facts: row.when, what, line: chain.line };
  const isSticky = rules.some(asksForClients);
  for (const rule of rules) {
    for (const { in: rows, applies, facts } of RULE_SIGNS) {
      if (rows.includes(row) && applies(rule, isSticky)) {
        yield { facts, what: `a rule of ${what}`, line: rule.line };
      }
    }
  }
  if (row !== clusterIPsCheck) return;
  const drop = rules.find(does('drop'));
  const facts = { dropsUnallocated: drop !== undefined };
  yield { facts, what, line: drop?.line ?? chain.line, isDoubtful: true };
}

interface RuleSign {
  readonly in: readonly ChainRow[];
  /** @param isSticky the chain looks for clients that it has sent somewhere before */
  readonly applies: (rule: ListedRule, isSticky: boolean) => boolean;
  readonly facts: Partial<NftablesFacts>;
}

type TestRule = (rule: ListedRule) => boolean;

const { service, local, external, endpoint, services, masquerading, clusterIPsCheck } = NFT_CHAINS;
const CHOICE: readonly ChainRow[] = [service, local];
const TELLS_PODS: readonly ChainRow[] = [...CHOICE, services, external];

const marksByChain: TestRule = ({ statements }) =>
  statements.some((each) => each.kind === 'jump' && each.chain === NFT_CHAINS.mark.name);

const RULE_SIGNS: readonly RuleSign[] = [
  { in: TELLS_PODS, applies: asks(isInterface({ byIndex: true })), facts: { interfaceMatch: 'iif' } },
  { in: TELLS_PODS, applies: asks(isInterface({ byIndex: false })), facts: { interfaceMatch: 'iifname' } },
  { in: [masquerading], applies: all(asks(isOfKind('mark')), does('return')), facts: { marksBy: 'chain' } },
  { in: [masquerading], applies: all(does('set-mark'), does('masquerade')), facts: { marksBy: 'rule' } },
  { in: [external], applies: marksByChain, facts: { marksBy: 'chain' } },
  { in: [external], applies: does('set-mark'), facts: { marksBy: 'rule' } },
  {
    in: [services],
    applies: all(does('set-mark'), asks(isInSet(NFT_SETS.clusterIPs.name))),
    facts: { masqueradeBy: 'cluster-ips' },
  },
  {
    in: CHOICE,
    applies: all(marksByChain, asks(isOfKind('dport'))),
    facts: { masqueradeBy: 'address-and-port' },
  },
  {
    in: CHOICE,
    applies: (rule) => marksByChain(rule) && !asks(isOfKind('dport'))(rule),
    facts: { masqueradeBy: 'address' },
  },
  { in: [endpoint], applies: marksByChain, facts: { hairpinBy: 'endpoint-chain' } },
  {
    in: CHOICE,
    applies: (rule, isSticky) => !isSticky && does('vmap')(rule),
    facts: { endpointsBy: 'chains' },
  },
  { in: CHOICE, applies: does('dnat'), facts: { endpointsBy: 'map' } },
  {
    in: CHOICE,
    applies: ({ statements }) => statements.some(isDrawnAlone),
    facts: { singleEndpoint: 'as-several' },
  },
  {
    in: CHOICE,
    applies: ({ statements }) => statements.some(isDirect),
    facts: { singleEndpoint: 'address' },
  },
];

function all(...tests: readonly TestRule[]): TestRule {
  return (rule) => tests.every((test) => test(rule));
}

function asks(isWanted: (match: NftMatch) => boolean): TestRule {
  return ({ matches }) => matches.some(isWanted);
}

function does(wanted: NftStatement['kind']): TestRule {
  return ({ statements }) => statements.some(({ kind }) => kind === wanted);
}

function isOfKind(wanted: NftMatch['kind']): (match: NftMatch) => boolean {
  return ({ kind }) => kind === wanted;
}

function isInterface({ byIndex }: { readonly byIndex: boolean }): (match: NftMatch) => boolean {
  return (match) => match.kind === 'in-interface' && (match.byIndex === true) === byIndex;
}

function isInSet(name: string): (match: NftMatch) => boolean {
  return (match) => match.kind === 'in-set' && match.set.kind === 'named' && match.set.name === name;
}

function asksForClients({ matches }: ListedRule): boolean {
  return matches.some(
    (match) => match.kind === 'in-set' && match.set.kind === 'named' && isAffinitySet(match.set.name),
  );
}

/** One endpoint, by a number that can be no other. */
function isDrawnAlone(statement: NftStatement): boolean {
  if (statement.kind !== 'dnat' || statement.to.kind !== 'map') return false;
  return statement.to.key.some((part) => typeof part === 'object' && part.modulus === 1);
}

function isDirect(statement: NftStatement): boolean {
  return statement.kind === 'dnat' && statement.to.kind === 'constant';
}
