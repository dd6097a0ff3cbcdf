import type { Host } from '../../lang/packet/host.ts';
import type { Packet } from '../../lang/packet/packet.ts';
import type { IPFamily } from '../../model/cluster.ts';
import { joinHostPort } from '../../model/ip.ts';
import { dumpFirewall, type NodeDump, withOtherOrder } from '../../modes/dump/node-dump.ts';
import { type FollowedWay, follow } from '../../trace/follow.ts';
import { formatShare } from '../ways/format-share.ts';

interface Ordered {
  readonly family: IPFamily;
  readonly host: Host;
  readonly packet: Packet;
  readonly ways: readonly FollowedWay[];
}

/** Where iptables-legacy and iptables-nft both decide, it may matter which the kernel asks first. */
export function orderNotes(
  dump: NodeDump | undefined,
  { family, host, packet, ways }: Ordered,
): readonly string[] {
  const other = dump && withOtherOrder(dump);
  const followed = other && follow(dumpFirewall(other, family, host), host, packet);
  if (followed?.kind !== 'ways') return [];
  const found = new Set(ways.map(endOf));
  const [another] = followed.ways.filter((way) => !found.has(endOf(way)));
  if (another === undefined) return [];
  const { destination, port } = another.packet;
  const verb = another.end.kind === 'delivered' ? 'goes' : 'is refused on its way';
  return [
    `iptables-legacy and iptables-nft disagree about this, and the kernel asks the tables first that were made last, which no text tells: in the other order it ${verb} to ${joinHostPort(destination, port)}; remove the tables that are out of use`,
  ];
}

function endOf({ packet, share, end }: FollowedWay): string {
  return JSON.stringify([end, packet.destination, packet.port, formatShare(share)]);
}
