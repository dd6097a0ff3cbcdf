import type { NftVerdictElement } from '../../../lang/nftables/elements/element.ts';
import type { NftChain } from '../../../lang/nftables/ruleset.ts';
import type { AdmittedSources, NodeState } from '../../../model/node-state.ts';
import { sha256Base32Prefix } from '../../../model/sha256.ts';
import { firewallOf } from '../../netfilter/conditions.ts';
import { goTo } from '../expressions.ts';
import { toPort } from '../map-elements.ts';
import { dropOthers } from '../service-rules.ts';

/** Addresses that are for source ranges alone. */
export function* firewalledAddresses({ servicePorts }: NodeState): Generator<NftVerdictElement> {
  for (const servicePort of servicePorts) {
    const admitted = firewallOf(servicePort);
    if (admitted === undefined) continue;
    const verdict = goTo(firewallChain(admitted));
    for (const ip of servicePort.loadBalancerIPs) yield toPort(servicePort, ip, verdict);
  }
}

/** One chain for each list of source ranges: Services often have the same. */
export function* firewallChains({ servicePorts }: NodeState): Generator<NftChain> {
  const seen = new Set<string>();
  for (const servicePort of servicePorts) {
    const admitted = firewallOf(servicePort);
    if (admitted === undefined) continue;
    const name = firewallChain(admitted);
    if (seen.has(name)) continue;
    seen.add(name);
    yield { name, rules: [dropOthers(admitted)] };
  }
}

function firewallChain({ ranges, ofNode }: AdmittedSources): string {
  return `firewall-${sha256Base32Prefix([...ranges, ...ofNode].join(' '))}`;
}
