import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { aboutRun, listNames } from '../diagnostic/report.ts';
import type { SavedRulesCode } from '../lang/text/codes.ts';
import type { IPFamily } from '../model/cluster.ts';
import { parseCIDR } from '../model/ip.ts';
import type { NodeStates } from '../model/node-state.ts';
import type { NodeDump } from './node-dump.ts';

/** Where rules of kube-proxy ask whether a client is a pod, by its `--cluster-cidr`. */
export const POD_RANGES: readonly RegExp[] = [
  /^-A KUBE-S\S+ ! -s (\S+) .*-j KUBE-MARK-MASQ$/,
  /^-A KUBE-EXT-\S+ -s (\S+) .*--comment "pod traffic for /,
  /\bip6? saddr != (\S+) (?:jump mark-for-masquerade|meta mark set )/,
];

/** Rules of one kind are alike, and the first ones tell. */
const CHAINS_LOOKED_AT = 200;
const RULES_LOOKED_AT = 20;

const CHAINS = /^(?:KUBE-S|KUBE-EXT-|FLANNEL-|KIND-|POSTROUTING$)/;

/** Ranges of addresses, or single ones, that the first rules of a dump ask for. @param signs each takes one range */
export function rangesIn(dump: NodeDump, family: IPFamily, signs: readonly RegExp[]): readonly string[] {
  const found = new Set<string>();
  for (const text of ruleTexts(dump, family)) {
    for (const sign of signs) {
      const range = parseCIDR(sign.exec(text)?.[1] ?? '');
      if (range?.family === family) found.add(range.cidr);
    }
  }
  return [...found];
}

function* ruleTexts(dump: NodeDump, family: IPFamily): Generator<string> {
  const tables =
    dump.kind === 'saved' ? [...dump.tables, ...(dump.listed?.tables ?? [])] : dump.ruleset.tables;
  let chains = 0;
  for (const each of tables) {
    if ('family' in each && each.family !== family) continue;
    for (const [name, chain] of each.chains) {
      if (!('family' in each) && !CHAINS.test(name)) continue;
      chains += 1;
      if (chains > CHAINS_LOOKED_AT) return;
      let rules = 0;
      for (const { text } of chain.lines) {
        rules += 1;
        if (rules > RULES_LOOKED_AT) break;
        yield text;
      }
    }
  }
}

/** A warning where rules of a node tell pods from others, and those that they are compared with do not. */
export function checkPodRanges(dump: NodeDump, states: NodeStates | undefined): readonly Diagnostic[] {
  const untold = [...(states?.values() ?? [])].filter(({ localDetector }) => localDetector.kind === 'none');
  const ranges = untold.flatMap(({ family }) => rangesIn(dump, family, POD_RANGES));
  if (ranges.length === 0) return [];
  return [
    aboutRun<SavedRulesCode>({
      code: 'saved-rules-pods',
      severity: 'warning',
      message: `the rules of the node tell pods by ${listNames(ranges)}, and no --cluster-cidr is given: they differ wherever they ask for that`,
      hint: `add --cluster-cidr ${ranges.join(',')}, or what else tells pods there: --detect-local-mode, or --config with the configuration of kube-proxy`,
    }),
  ];
}
