import { describe, expect, test } from 'vitest';
import { HOST_LIMITS } from '../../../src/lang/packet/host-limits.ts';
import { overLimit, type SizeLimit } from '../../../src/lang/text/size-limit.ts';
import { sourceText } from '../../../src/model/source-text.ts';
import { DUMP_LIMITS } from '../../../src/modes/dump/read/dump-limits.ts';

/** Counts as the limits do, of which these have few. */
function withMost(limits: readonly SizeLimit[], most: number): readonly SizeLimit[] {
  return limits.map((limit) => ({ ...limit, most }));
}

const ROUTE = '{"dst":"10.0.0.0/30","gateway":"192.168.1.1","dev":"eth0","protocol":"static","flags":[]}';
const ADDRESS = '{"family":"inet","local":"10.0.0.1","prefixlen":32,"scope":"global"}';

/** What stands before, what there may be three of, and the line of the fourth. */
const TEXTS: readonly (readonly [string, string, string, readonly SizeLimit[]])[] = [
  [
    'real servers of "ipvsadm -Ln"',
    'IP Virtual Server version 1.2.1 (size=4096)\n  -> RemoteAddress:Port  Forward Weight\nTCP  10.0.0.1:80 rr\n',
    '  -> 10.76.75.64:8080         Masq    1      0          0\n',
    DUMP_LIMITS,
  ],
  [
    'real servers of "ipvsadm-save -n"',
    '-A -t 10.0.0.1:80 -s rr\n',
    '-a -t 10.0.0.1:80 -r 10.76.75.64:8080 -m -w 1\n',
    DUMP_LIMITS,
  ],
  ['members of sets of ipset', 'create S hash:ip\n', 'add S 10.0.0.1\n', DUMP_LIMITS],
  ['members of sets of ipset', 'Name: S\nMembers:\n', '10.0.0.1,tcp:80 timeout 5\n', DUMP_LIMITS],
  ['members of sets of ipset', 'Name: S\nMembers:\n', 'fd00::/64\n', DUMP_LIMITS],
  ['routes', '', '10.0.0.0/30 via 192.168.1.0 dev eth0 proto static\n', HOST_LIMITS],
  ['routes', '# ip route\n', 'blackhole 10.0.0.0/30 proto bird\n', HOST_LIMITS],
  ['routes', '# ip route\n', 'unreachable fd00::/64 dev lo metric 1024\n', HOST_LIMITS],
  ['routes', '# ip -j route\n', `[${ROUTE}]\n`, HOST_LIMITS],
  ['addresses of interfaces', '2: eth0: <UP>\n', '    inet 10.0.0.1/32 scope global eth0\n', HOST_LIMITS],
  ['addresses of interfaces', '# ip -o addr\n', '2: eth0    inet6 fd00::1/64 scope global\n', HOST_LIMITS],
  ['addresses of interfaces', '# ip -j addr\n', `[{"addr_info":[${ADDRESS}]}]\n`, HOST_LIMITS],
];

describe('of too many', () => {
  test.each(TEXTS)('%s, the line of the first one too many is named: %j%j', (what, before, each, limits) => {
    const most = 3;
    const read = (count: number) =>
      overLimit(sourceText('node.txt', before + each.repeat(count)), withMost(limits, most));
    expect(read(most)).toBeUndefined();
    const found = read(most + 1);
    expect(found?.message).toContain(`more than ${most} ${what}`);
    expect(found?.hint).toMatch(/^give only|or only/);
    expect(found?.span?.line).toBe(before.split('\n').length + most);
  });
});

test('rules of iptables are none of that', () => {
  const rules =
    '*nat\n:A - [0:0]\n-A A -d 10.0.0.0/30 -i eth0 -m comment --comment "add dev" -j RETURN\nCOMMIT\n';
  const none = withMost([...DUMP_LIMITS, ...HOST_LIMITS], 0);
  expect(overLimit(sourceText('node.txt', rules), none)).toBeUndefined();
});
