import type { NftChain, NftVerdictElement } from '../../../lang/nftables/ruleset.ts';
import type { NodeState, ServicePort } from '../../../model/node-state.ts';
import { sha256Base32Prefix } from '../../../model/sha256.ts';
import { usesFirewall } from '../../netfilter/conditions.ts';
import { DROP, goTo, notFrom, rule } from '../expressions.ts';
import { toPort } from '../map-elements.ts';
import { admittedSources } from '../service-rules.ts';

/** Addresses that are for source ranges alone. */
export function* firewalledAddresses({ servicePorts }: NodeState): Generator<NftVerdictElement> {
  for (const servicePort of servicePorts) {
    if (!usesFirewall(servicePort)) continue;
    const verdict = goTo(firewallChain(servicePort));
    for (const ip of servicePort.loadBalancerIPs) yield toPort(servicePort, ip, verdict);
  }
}

/** One chain for each list of source ranges: Services often have the same. */
export function* firewallChains({ servicePorts }: NodeState): Generator<NftChain> {
  const seen = new Set<string>();
  for (const servicePort of servicePorts) {
    if (!usesFirewall(servicePort)) continue;
    const name = firewallChain(servicePort);
    if (seen.has(name)) continue;
    seen.add(name);
    yield { name, rules: [rule([notFrom(admittedSources(servicePort))], [DROP])] };
  }
}

function firewallChain(servicePort: ServicePort): string {
  return `firewall-${sha256Base32Prefix(admittedSources(servicePort).join(' '))}`;
}
