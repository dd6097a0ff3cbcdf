import { cidrContains, familyOf } from '../../model/ip.ts';

/** Clusters take clusterIPs from one range: rules name some of them, but no dump names the range. */
const SAME_RANGE = { IPv4: 16, IPv6: 108 } as const;

/** The range is told by any of them: nodes have thousands. */
const LOOKED_AT = 200;

/**
 * What to look at where no rule has an address that looks like a clusterIP.
 * @param known addresses of Services that rules have
 */
export function absentServiceNotes(destination: string, known: Iterable<string>): readonly string[] {
  const family = familyOf(destination);
  let count = 0;
  for (const ip of known) {
    count += 1;
    if (count > LOOKED_AT) break;
    if (familyOf(ip) !== family || !cidrContains(`${ip}/${SAME_RANGE[family]}`, destination)) continue;
    return [
      `no rule has ${destination}, and Services have addresses like it (${ip}): kubectl get services -A | grep -wF ${destination} tells if one has it; then kube-proxy is behind, and its log says why`,
    ];
  }
  return [];
}
