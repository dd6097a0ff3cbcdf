import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import { aboutRun, listNames } from '../../../diagnostic/report.ts';
import type { SavedRulesCode } from '../../../lang/text/codes.ts';
import type { IPFamily } from '../../../model/cluster.ts';
import { parseCIDR } from '../../../model/ip.ts';
import type { NodeStates } from '../../../model/node-state.ts';
import type { NodeDump } from '../node-dump.ts';
import { firstRules } from './first-rules.ts';

/** Where rules of kube-proxy ask whether a client is a pod, by its `--cluster-cidr`. */
export const POD_RANGES: readonly RegExp[] = [
  /^-A KUBE-S\S+ ! -s (\S+) .*-j KUBE-MARK-MASQ$/,
  /^-A KUBE-EXT-\S+ -s (\S+) .*--comment "pod traffic for /,
  /\bip6? saddr != (\S+) (?:jump mark-for-masquerade|meta mark set )/,
];

/** Those that have such rules, also of network plugins: not those of endpoints, which are the most. */
const CHAINS = /^(?:KUBE-S(?!EP-)|KUBE-EXT-|FLANNEL-|KIND-|POSTROUTING$)/;

/** Ranges of addresses, or single ones, that the first rules of a dump ask for. @param signs each takes one range */
export function rangesIn(dump: NodeDump, family: IPFamily, signs: readonly RegExp[]): readonly string[] {
  const found = new Set<string>();
  for (const text of firstRules(dump, family, { saved: CHAINS, listed: 'own' })) {
    for (const sign of signs) {
      const range = parseCIDR(sign.exec(text)?.[1] ?? '');
      if (range?.family === family) found.add(range.cidr);
    }
  }
  return [...found];
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
