import type { Namespace } from './namespace.ts';
import { steadyLines } from './our-chains.ts';

/** Everything of a host that any mode touches. Equal states are equal to the kernel. */
export interface HostState {
  /** `iptables-save` of the legacy tables, both families. */
  readonly legacy: readonly string[];
  /** `nft list ruleset`: what iptables-nft makes, too. */
  readonly nft: readonly string[];
  readonly sets: readonly string[];
  readonly links: readonly string[];
}

/** Legacy tables come into being when somebody looks, and never go: this way they are all there from the start. */
const LOOK = `for family in iptables ip6tables; do
  for table in filter nat mangle raw; do $family-legacy-save -t $table >/dev/null; done
done`;

const SAVE = 'iptables-legacy-save && ip6tables-legacy-save';

/** Reads what a host has. */
export async function readHost(host: Namespace): Promise<HostState> {
  await host.must(['sh', '-ec', LOOK]);
  return {
    legacy: steadyLines(await host.must(['sh', '-c', SAVE])),
    nft: withoutCounts(await host.must(['nft', 'list', 'ruleset'])),
    sets: (await host.must(['ipset', 'save'])).split('\n').sort(),
    links: (await host.must(['ip', '-o', 'addr', 'show'])).split('\n'),
  };
}

function withoutCounts(ruleset: string): readonly string[] {
  return ruleset.split('\n').map((line) => line.replace(/counter packets \d+ bytes \d+/, 'counter'));
}
