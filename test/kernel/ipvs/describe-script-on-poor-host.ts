import { expect, test } from 'vitest';
import { TOOLS_FOLDER } from '../../support/kernel/agent-process.ts';
import { shopService, webService } from '../../support/kernel/script-services.ts';
import { emptyIPVSHost, renderIPVSScript } from '../../support/uml/ipvs-host.ts';
import { readState } from '../../support/uml/ipvs-state.ts';
import type { SharedUML } from '../../support/uml/uml-place.ts';
import { describeUML } from '../../support/uml/uml-support.ts';

const everything = [...webService, ...shopService];

/** A folder that lacks ip, ipset and ipvsadm. */
const LIMITED_PATH = `mkdir /run/few
for tool in awk cat grep head id mkdir mktemp rm sh sleep tr uname; do ln -s "$(command -v $tool)" /run/few/$tool; done`;
const RUN_IN_LIMITED_PATH = '[ ! -d /run/few ] || PATH=/run/few; exec sh -s';

/** Overlooks part of what it is told, as ipvsadm does with lines that the kernel refuses. */
const FORGETFUL_IPVSADM = `case $* in
--restore) grep -v -e 30080 | /usr/sbin/ipvsadm "$@" ;;
*) exec /usr/sbin/ipvsadm "$@" ;;
esac`;

/** Puts a program in the place of another one. */
function fake(program: string, body: string): string {
  const path = `${TOOLS_FOLDER}/${program}`;
  return `rm -f ${path}\ncat >${path} <<'EOF'\n#!/bin/sh\n${body}\nEOF\nchmod +x ${path}`;
}

/** What goes wrong is said, with what to do, before anything has changed. */
export function describeScriptOnPoorHost({ start }: SharedUML): void {
  describeUML('the ipvs script on a host that lacks something', () => {
    const cases: readonly { name: string; prepare: string; flags?: readonly string[]; says: RegExp }[] = [
      {
        name: 'a set of another type',
        prepare: 'ipset create KUBE-CLUSTER-IP hash:ip',
        says: /svcgen: these sets are there already, but of another type: KUBE-CLUSTER-IP \(hash:ip inet\)/,
      },
      {
        name: 'a scheduler that the kernel does not have',
        prepare: ':',
        flags: ['--ipvs-scheduler', 'dh'],
        says: /svcgen: the kernel has no IPVS scheduler dh: .*modprobe ip_vs_dh.*--ipvs-scheduler/s,
      },
      {
        name: 'tools that are missing',
        prepare: LIMITED_PATH,
        says: /svcgen: missing: ipset ipvsadm ip \(of iproute2\) \(Debian, Ubuntu: apt-get install ipvsadm ipset/,
      },
      {
        name: 'rules that iptables-restore does not take',
        prepare: fake('iptables-restore', 'echo cannot >&2; exit 2'),
        says: /cannot\nsvcgen: IPv4: iptables-restore would not take the rules; nothing was changed/,
      },
    ];

    test.each(cases)('$name', async ({ prepare, flags = [], says }) => {
      const host = await emptyIPVSHost(start);
      await host.must(['sh', '-ec', prepare]);
      const before = await readState(host);
      const { exitCode, stderr } = await host.run(
        ['sh', '-c', RUN_IN_LIMITED_PATH],
        await renderIPVSScript(everything, flags),
      );
      expect(stderr).toMatch(says);
      expect(exitCode).toBe(1);
      expect(await readState(host)).toEqual(before);
      await host.stop();
    });

    test('a virtual server that ipvsadm does not take is noticed, though its exit code is 0', async () => {
      const host = await emptyIPVSHost(start);
      await host.must(['sh', '-ec', fake('ipvsadm', FORGETFUL_IPVSADM)]);
      const { exitCode, stderr } = await host.run(['sh', '-s'], await renderIPVSScript(webService));
      expect({ exitCode, stderr }).toEqual({
        exitCode: 1,
        stderr: expect.stringContaining(
          'svcgen: ipvsadm did not take all virtual servers; missing: -A -t 192.168.7.11:30080',
        ),
      });
      await host.stop();
    });
  });
}
