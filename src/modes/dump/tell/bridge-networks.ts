import type { IPFamily } from '../../../model/cluster.ts';
import { parseCIDR } from '../../../model/ip.ts';
import type { NodeDump } from '../node-dump.ts';
import { firstRules } from './first-rules.ts';

/** Bridges that container engines and managers of virtual machines make for machines of their own; pods are never on them. */
const BRIDGE =
  '(?:docker0|docker_gwbridge|br-[0-9a-f]{12}|virbr\\d{1,4}|lxdbr\\d{1,4}|incusbr\\d{1,4}|(?:cni-)?podman\\d{1,4})';

/** Rules that tell the network of such a bridge, whose machines have addresses of it: what leaves it is masqueraded, or accepted. */
const SIGNS: readonly RegExp[] = [
  new RegExp(`^-A POSTROUTING -s (?<cidr>\\S{1,50}) ! -o (?<bridge>${BRIDGE}) -j MASQUERADE$`),
  new RegExp(`^-A LIBVIRT_FWO -s (?<cidr>\\S{1,50}) -i (?<bridge>${BRIDGE}) -j ACCEPT$`),
  new RegExp(`^oifname != "(?<bridge>${BRIDGE})" ip6? saddr (?<cidr>\\S{1,50}) .{0,60}\\bmasquerade\\b`),
  new RegExp(`^ip6? saddr (?<cidr>\\S{1,50}) oifname != "(?<bridge>${BRIDGE})" .{0,60}\\bmasquerade\\b`),
];

const CHAINS = /^(?:POSTROUTING|LIBVIRT_FWO)$/;

/** The networks of bridges that pods are never on, by the bridge, as far as the rules of a node tell. */
export function bridgeNetworks(dump: NodeDump, family: IPFamily): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const text of firstRules(dump, family, { saved: CHAINS, listed: 'others' })) {
    const groups = SIGNS.map((sign) => sign.exec(text)?.groups).find((each) => each !== undefined);
    const network = parseCIDR(groups?.cidr ?? '');
    if (groups?.bridge === undefined || network?.family !== family) continue;
    found.set(groups.bridge, [...(found.get(groups.bridge) ?? []), network.cidr]);
  }
  return found;
}
