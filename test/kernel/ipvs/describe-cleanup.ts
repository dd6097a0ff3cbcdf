import { expect, test } from 'vitest';
import { addressesOf, bothFamilies } from '../../support/kernel/addresses.ts';
import { renderCleanupScript, runCleanup } from '../../support/kernel/cleanup-host.ts';
import { foreignRules } from '../../support/kernel/foreign-rules.ts';
import type { Namespace } from '../../support/kernel/namespace.ts';
import { shopService, webService } from '../../support/kernel/script-services.ts';
import { emptyIPVSHost, newHost, runIPVSScript } from '../../support/uml/ipvs-host.ts';
import { type IPVSState, readState } from '../../support/uml/ipvs-state.ts';
import type { SharedUML } from '../../support/uml/uml-place.ts';
import { describeUML } from '../../support/uml/uml-support.ts';

const everything = [...webService, ...shopService];

const ADDRESS = addressesOf('IPv4').node;

const SERVERS_OF_OTHERS = `-A -t 192.0.2.1:80 -s rr
-A -t ${ADDRESS}:9999 -s rr -p 60
-A -u [2001:db8:ffff::1]:53 -s rr
-a -t 192.0.2.1:80 -r 192.0.2.7:80 -g -w 3
`;

const SETS_OF_OTHERS = `create OTHERS hash:ip family inet
add OTHERS 192.0.2.9
create KUBE-OTHERS hash:ip
create KUBE-LARGER hash:ip
`;

/** To be called while the kernel has no IPVS yet. */
export function describeCleanupWithoutModules({ start }: SharedUML): void {
  describeUML('svcgen cleanup in a kernel without IPVS', () => {
    test('finds nothing', async () => {
      const host = await newHost(start);
      expect(await runCleanup(host)).toEqual({ exitCode: 0, stdout: '', stderr: '' });
      await host.stop();
    });
  });
}

/** What is left when ipvs mode was there. */
export function describeCleanup({ start }: SharedUML): void {
  describeUML('svcgen cleanup after ipvs mode', () => {
    /** With the addresses that NodePorts answer on: virtual servers there may be of others, too. */
    async function startHost(): Promise<Namespace> {
      const host = await emptyIPVSHost(start);
      for (const { node } of bothFamilies) await host.must(['ip', 'addr', 'add', node, 'dev', 'lo']);
      return host;
    }

    async function expectCleaned(host: Namespace, untouched: IPVSState): Promise<void> {
      expect(await runCleanup(host)).toEqual({ exitCode: 0, stdout: '', stderr: '' });
      expect(await readState(host)).toEqual(untouched);
    }

    test('beside things of others', async () => {
      const host = await startHost();
      await host.must(['iptables-restore'], foreignRules('IPv4'));
      await host.must(['ip6tables-restore'], foreignRules('IPv6'));
      await host.must(['ipvsadm', '--restore'], SERVERS_OF_OTHERS);
      await host.must(['ipset', 'restore'], SETS_OF_OTHERS);
      const untouched = await readState(host);
      await runIPVSScript(host, everything);
      // What a run that was broken off leaves behind.
      await host.must(['ipset', 'create', 'KUBE-LARGER-1', 'hash:ip']);
      const applied = await readState(host);
      expect(applied.servers.filter((line) => line.includes(`${ADDRESS}:30080`))).not.toEqual([]);
      await expectCleaned(host, untouched);
      await expectCleaned(host, untouched);
      await host.stop();
    });

    test('on a host that had nothing', async () => {
      const host = await startHost();
      const untouched = await readState(host);
      await expectCleaned(host, untouched);
      await runIPVSScript(host, everything);
      await expectCleaned(host, untouched);
      await host.stop();
    });

    test('when the tools are missing that it takes, says which, and goes on when they are there', async () => {
      const host = await startHost();
      const untouched = await readState(host);
      await runIPVSScript(host, everything);
      const { servers, addresses, sets } = await readState(host);
      const script = await renderCleanupScript();
      const withoutTool = (tool: string) =>
        script.replaceAll(`command -v "$missing_tool"`, `[ "$missing_tool" != ${tool} ] && $&`);
      const first = await host.run(['sh', '-s'], withoutTool('ipvsadm'));
      expect(first.stderr).toBe(
        'svcgen: there may be virtual servers of ours, but there is no command ipvsadm to remove them\n',
      );
      expect(first.exitCode).toBe(1);
      expect(await readState(host)).toMatchObject({ servers, addresses, sets });
      const second = await host.run(['sh', '-s'], withoutTool('ipset'));
      expect(second.stderr).toBe('svcgen: there are IP sets of ours, but no command ipset to remove them\n');
      expect(second.exitCode).toBe(1);
      await host.must(['sh', '-s'], script);
      expect(await readState(host)).toEqual(untouched);
      await host.stop();
    });

    test('a set that rules of others use is named, and goes when they are gone', async () => {
      const host = await startHost();
      const untouched = await readState(host);
      await runIPVSScript(host, everything);
      const rule = ['INPUT', '-m', 'set', '--match-set', 'KUBE-CLUSTER-IP', 'dst,dst', '-j', 'ACCEPT'];
      await host.must(['iptables', '-A', ...rule]);
      const script = (await renderCleanupScript()).replace('WAIT=5', 'WAIT=1');
      const { exitCode, stderr } = await host.run(['sh', '-s'], script);
      expect(stderr).toMatch(/^svcgen: ipset .*Set cannot be destroyed: .*in use.* \(KUBE-CLUSTER-IP\)\n$/);
      expect(exitCode).toBe(1);
      expect((await readState(host)).sets.map((line) => line.split(' ')[1])).toEqual([
        'KUBE-CLUSTER-IP',
        'KUBE-CLUSTER-IP',
        'KUBE-CLUSTER-IP',
      ]);
      await host.must(['iptables', '-D', ...rule]);
      await expectCleaned(host, untouched);
      await host.stop();
    });
  });
}
