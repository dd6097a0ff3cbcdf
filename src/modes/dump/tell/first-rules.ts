import type { IPFamily } from '../../../model/cluster.ts';
import type { NodeDump } from '../node-dump.ts';

/** Where rules stand that tell something about a node. */
export interface TellingChains {
  /** By their names, in tables of iptables. */
  readonly saved: RegExp;
  /** Of what nft lists: our tables and kube-proxy's, or those of others. */
  readonly listed: 'own' | 'others';
}

/** Rules of one kind are alike, and the first ones tell; there may be hundreds of thousands. */
const OF_A_CHAIN = 1000;
const IN_ALL = 4000;

/** The first rules of chains of a family, as their tools spell them. */
export function* firstRules(dump: NodeDump, family: IPFamily, wanted: TellingChains): Generator<string> {
  let all = 0;
  for (const { lines } of chainsOf(dump, family, wanted)) {
    let ofChain = 0;
    for (const { text } of lines) {
      if (all === IN_ALL) return;
      if (ofChain === OF_A_CHAIN) break;
      all += 1;
      ofChain += 1;
      yield text;
    }
  }
}

interface ChainText {
  readonly lines: Iterable<{ readonly text: string }>;
}

function* chainsOf(dump: NodeDump, family: IPFamily, { saved, listed }: TellingChains): Generator<ChainText> {
  for (const { chains } of dump.kind === 'saved' ? dump.tables : [])
    for (const [name, chain] of chains) if (saved.test(name)) yield chain;
  const { tables = [], others = [] } = (dump.kind === 'saved' ? dump.listed : dump.ruleset) ?? {};
  const wanted =
    listed === 'own'
      ? tables.filter((table) => table.family === family)
      : others.flatMap((table) => table.of(family) ?? []);
  for (const { chains } of wanted) yield* chains.values();
}
