import { afterEach, beforeEach, expect, test } from 'vitest';
import { chooseIptables, type IptablesVariant } from '../support/kernel/backend.ts';
import { renderCleanupScript, runCleanup } from '../support/kernel/cleanup-host.ts';
import { foreignRules } from '../support/kernel/foreign-rules.ts';
import { type HostState, readHost } from '../support/kernel/host-state.ts';
import { describeKernel } from '../support/kernel/kernel-support.ts';
import { type Namespace, startNamespace } from '../support/kernel/namespace.ts';
import { renderRules } from '../support/kernel/render-rules.ts';
import { scriptFlags, shopService, webService } from '../support/kernel/script-services.ts';

const VARIANTS: readonly IptablesVariant[] = ['legacy', 'nft'];
const FAMILIES = [
  ['iptables', 'IPv4'],
  ['ip6tables', 'IPv6'],
] as const;

const CANARY = ':KUBE-KUBELET-CANARY - [0:0]\n';

const OTHERS_IN_NFT = `
table inet kube-proxy { set kept { type ipv4_addr; elements = { 192.0.2.1 } }; chain kept { ip saddr @kept drop; }; }
table ip kube-proxy-2 { chain kept { type filter hook input priority 5; policy accept; tcp dport 22 accept; }; }
table ip6 mine { map kept { type inet_service : verdict; elements = { 80 : drop } }; }
`;

const SETS_OF_OTHERS =
  'create OTHERS hash:ip family inet\nadd OTHERS 192.0.2.9\ncreate KUBE-OTHERS hash:ip\n';

describeKernel('svcgen cleanup', () => {
  let host: Namespace;
  let untouched: HostState;

  beforeEach(async () => {
    host = await startNamespace('host');
  });
  afterEach(() => host.stop());

  /** Gives the host things of others: in both variants of iptables, in nftables, and sets. */
  async function addOthers(change: (rules: string) => string = (rules) => rules): Promise<void> {
    for (const variant of VARIANTS) {
      for (const [name, family] of FAMILIES)
        await host.must([`${name}-${variant}-restore`], change(foreignRules(family)));
    }
    await host.must(['nft', '-f', '-'], OTHERS_IN_NFT);
    await host.must(['ipset', 'restore'], SETS_OF_OTHERS);
  }

  async function apply(variant: IptablesVariant, flags: readonly string[] = []): Promise<void> {
    const env = `IPTABLES=iptables-${variant} IP6TABLES=ip6tables-${variant}`;
    const script = await renderRules([...webService, ...shopService], [...scriptFlags, ...flags]);
    await host.must(['sh', '-c', `${env} exec sh -s`], script);
  }

  async function expectUntouched(): Promise<void> {
    expect(await readHost(host)).toEqual(untouched);
    const again = await runCleanup(host);
    expect(again).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(await readHost(host)).toEqual(untouched);
  }

  test.each([[['legacy']], [['nft']], [['legacy', 'nft']]] as const)(
    'beside things of others, after iptables mode in %j',
    async (variants) => {
      await addOthers((rules) => rules.replace(CANARY, ''));
      untouched = await readHost(host);
      for (const variant of variants) await apply(variant);
      expect(await readHost(host)).not.toEqual(untouched);
      const { exitCode, stdout, stderr } = await runCleanup(host);
      expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
      expect(stderr).toMatch(/^svcgen: note: net\.ipv4\.conf\.all\.route_localnet is still 1.*\n$/);
      await expectUntouched();
    },
  );

  test.each(VARIANTS)('beside a kubelet, whose chains stay (%s)', async (variant) => {
    await addOthers((rules) => withKubelet(rules));
    untouched = await readHost(host);
    await apply(variant);
    expect(await runCleanup(host)).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    await expectUntouched();
  });

  test.each([[[]], [['legacy']], [['nft']], [['legacy', 'nft']]] as const)(
    'on a clean host, after iptables mode in %j',
    async (variants) => {
      untouched = await readHost(host);
      for (const variant of variants) await apply(variant);
      expect((await runCleanup(host)).exitCode).toBe(0);
      await expectUntouched();
    },
  );

  test.each(['compact', 'kube-proxy'])('after nftables mode, layout %s', async (layout) => {
    await addOthers();
    untouched = await readHost(host);
    const flags = ['--mode', 'nftables', '--layout', layout, ...scriptFlags];
    await host.must(['sh', '-s'], await renderRules([...webService, ...shopService], flags));
    expect((await readHost(host)).nft).not.toEqual(untouched.nft);
    expect(await runCleanup(host)).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    await expectUntouched();
  });

  test('after all of them, one on top of the other', async () => {
    await addOthers((rules) => rules.replace(CANARY, ''));
    untouched = await readHost(host);
    await apply('legacy', ['--layout', 'compact']);
    await apply('nft', ['--layout', 'compact']);
    await apply('nft');
    await apply('legacy', ['--mode', 'nftables']);
    expect((await runCleanup(host)).exitCode).toBe(0);
    await expectUntouched();
  });

  test('after a real kube-proxy: canaries, and what old versions made', async () => {
    await addOthers();
    untouched = await readHost(host);
    for (const variant of VARIANTS) {
      for (const [name] of FAMILIES)
        await host.must([`${name}-${variant}-restore`, '--noflush'], CHAINS_OF_KUBE_PROXY);
    }
    expect(await runCleanup(host)).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    await expectUntouched();
  });

  test('a rule of others that leads into a chain of ours goes with it, and is named', async () => {
    await addOthers();
    untouched = await readHost(host);
    await apply('nft');
    const hostile = ['-m', 'comment', '--comment', 'x\u001b]0;y\u0007\u009bz ##[error]'];
    await host.must([...'iptables-nft -t nat -A DOCKER'.split(' '), ...hostile, '-j', 'KUBE-MARK-MASQ']);
    const { exitCode, stderr } = await runCleanup(host);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr:
        'svcgen: note: IPv4: this rule of others led into a chain of ours, and goes with it (iptables-nft): ' +
        'DOCKER -m comment --comment "x?]0;y???z ?[error]" -j KUBE-MARK-MASQ\n',
    });
  });

  test.each([
    [
      ['ipvsadm', 'ipset', 'ip'],
      0,
      /^(svcgen: note: there is no command ipset: .*\n)?(svcgen: note: net.*\n)?$/,
    ],
    [['nft'], 0, /nft: tables of nftables were not looked at|^svcgen: note: net/],
    [['iptables-nft', 'iptables', 'ip6tables-nft', 'ip6tables'], 0, /^svcgen: note: net/],
    [
      ['iptables-legacy'],
      1,
      /svcgen: IPv4: there are legacy tables \([a-z ]+\), but no command iptables-legacy/,
    ],
  ] as const)('on a host without %j', async (missing, exitCode, says) => {
    await apply('legacy');
    const path = `/run/few`;
    await host.must(['sh', '-ec', withoutTools(path, missing)]);
    const result = await host.run(['sh', '-c', `PATH=${path} exec sh -s`], await renderCleanupScript());
    expect(result).toMatchObject({ exitCode, stdout: '' });
    expect(result.stderr).toMatch(says);
  });

  test('rules that iptables-nft made, where only nft is left to see them', async () => {
    await apply('nft');
    const missing = ['iptables-nft', 'iptables', 'ip6tables-nft', 'ip6tables'];
    await host.must(['sh', '-ec', withoutTools('/run/few', missing)]);
    const { exitCode, stderr } = await host.run(
      ['sh', '-c', 'PATH=/run/few exec sh -s'],
      await renderCleanupScript(),
    );
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /svcgen: IPv4: there are rules of ours, but no command iptables-nft to remove them/,
    );
  });

  test('plain iptables will do, whichever it is', async () => {
    await apply('nft');
    await chooseIptables(host, 'nft');
    const missing = ['iptables-nft', 'ip6tables-nft'];
    await host.must(['sh', '-ec', withoutTools('/run/few', missing)]);
    const { exitCode } = await host.run(
      ['sh', '-c', 'PATH=/run/few exec sh -s'],
      await renderCleanupScript(),
    );
    expect(exitCode).toBe(0);
    expect((await readHost(host)).nft).toEqual(['']);
  });
});

/** As the kubelet of a node has it. */
function withKubelet(rules: string): string {
  const chain = rules.includes('172.17.0.0/16')
    ? '-A KUBE-FIREWALL ! -s 127.0.0.0/8 -d 127.0.0.0/8 -m comment --comment "block incoming localnet connections" ' +
      '-m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP\n'
    : '';
  return rules
    .replace(':KUBE-ROUTER-INPUT', ':KUBE-FIREWALL - [0:0]\n:KUBE-ROUTER-INPUT')
    .replace(
      '-A INPUT -j KUBE-ROUTER-INPUT\n',
      `$&-A INPUT -j KUBE-FIREWALL\n-A OUTPUT -j KUBE-FIREWALL\n${chain}`,
    )
    .replace(':KUBE-HOSTPORTS', ':KUBE-MARK-DROP - [0:0]\n:KUBE-HOSTPORTS')
    .replace('-A DOCKER -i docker0 -j RETURN\n', '$&-A KUBE-MARK-DROP -j MARK --set-xmark 0x8000/0x8000\n');
}

const CHAINS_OF_KUBE_PROXY = `*mangle
:KUBE-PROXY-CANARY - [0:0]
COMMIT
*nat
:KUBE-PROXY-CANARY - [0:0]
:KUBE-XLB-L65ENXXZWWSAPRCR - [0:0]
:KUBE-NODEPORTS - [0:0]
:KUBE-PORTALS-HOST - [0:0]
-A KUBE-NODEPORTS -j KUBE-XLB-L65ENXXZWWSAPRCR
-A PREROUTING -m comment --comment "handle ClusterIPs; NOTE: this must be before the NodePort rules" -j KUBE-PORTALS-HOST
-A OUTPUT -g KUBE-NODEPORTS
COMMIT
*filter
:KUBE-PROXY-CANARY - [0:0]
:KUBE-NODEPORT-NON-LOCAL - [0:0]
-A INPUT -m comment --comment "Ensure that non-local NodePort traffic can flow" -j KUBE-NODEPORT-NON-LOCAL
COMMIT
`;

/** A folder with all programs of the usual ones, but for some. One `ln` a folder: for each of 2,000 programs, they take seconds. */
function withoutTools(folder: string, missing: readonly string[]): string {
  const names = missing.flatMap((name) => [name, `${name}-save`, `${name}-restore`]);
  // The first of a name is the one that is found, so that its link stays.
  return `mkdir ${folder}
for bin in $(echo "$PATH" | tr : ' '); do
  ln -s "$bin"/* ${folder}/ 2>/dev/null || :
done
[ "$(ls ${folder} | wc -l)" -gt 100 ]
cd ${folder} && rm -f ${names.join(' ')}`;
}
