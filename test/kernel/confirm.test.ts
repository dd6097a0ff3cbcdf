import { describe, expect, test as plainTest } from 'vitest';
import type { JsonObject } from '../../src/model/json.ts';
import { chooseIptables, type IptablesVariant } from '../support/kernel/backend.ts';
import { foreignRules } from '../support/kernel/foreign-rules.ts';
import { type HostState, readHost } from '../support/kernel/host-state.ts';
import { describeKernel } from '../support/kernel/kernel-support.ts';
import { type Namespace, startNamespace } from '../support/kernel/namespace.ts';
import { renderRules } from '../support/kernel/render-rules.ts';
import { runScriptFile, saveVariant } from '../support/kernel/script-host.ts';
import { scriptFlags, shopService, webService } from '../support/kernel/script-services.ts';

const MODES: readonly (readonly [name: string, flags: readonly string[], variant: IptablesVariant])[] = [
  ['iptables mode, legacy', [], 'legacy'],
  ['iptables mode, nft', [], 'nft'],
  ['nftables mode', ['--mode', 'nftables'], 'nft'],
  ['userspace mode', ['--mode', 'userspace'], 'nft'],
];

/** Health checks are answered at addresses of the node. */
const NODE_ADDRESSES = 'ip address add 192.168.7.11/32 dev lo; ip address add fd00:7::11/128 dev lo nodad';
const SYSCTLS = 'cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/conf/all/route_localnet';
/** What runs on this host: other hosts have processes too. */
const PROCESSES = `own=$(readlink /proc/self/ns/net)
for process in /proc/[0-9]*; do
  [ "$(readlink "$process/ns/net")" != "$own" ] || { tr '\\0' ' ' <"$process/cmdline"; echo; }
done 2>/dev/null`;
const PATIENCE_MS = 60_000;

/** iptables-nft makes built-in chains as it likes: here this one is there from the start. */
function withInput(rules: string): string {
  return rules.replace('*nat\n', '*nat\n:INPUT ACCEPT [0:0]\n');
}

/** What a run that nobody confirms does to a host, and what it leaves. */
describeKernel('scripts that somebody has to confirm', () => {
  const withHost = plainTest.extend<{ host: Namespace }>({
    host: async ({ task }, use) => {
      const host = await startNamespace(task.name);
      await host.must(['sh', '-c', NODE_ADDRESSES]);
      await use(host);
      await host.run(['sh', '-c', 'kill $(cat /run/svcgen/nginx.pid)']);
      await host.stop();
    },
  });

  interface Whole extends HostState {
    readonly saved: readonly string[];
    readonly sysctls: string;
    readonly nginx: string;
  }

  async function whole(host: Namespace): Promise<Whole> {
    const configuration = 'cat /run/svcgen/running.conf 2>/dev/null || echo none';
    const state = await readHost(host);
    return {
      ...state,
      // What was restored is the newest, so nft lists it last.
      nft: state.nft
        .join('\n')
        .split(/\n+(?=\t?\}|table |\tchain )/)
        .sort(),
      saved: await saveVariant(host, 'nft'),
      sysctls: await host.must(['sh', '-c', SYSCTLS]),
      nginx: await host.must(['sh', '-c', configuration]),
    };
  }

  /** It comes back within some time, and nothing is left that waits. */
  async function expectBack(host: Namespace, before: Whole): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    const waiting = '[ -e /run/svcgen/undo ] || [ -e /run/svcgen/confirm ]';
    while (Date.now() < end && (await host.run(['sh', '-c', waiting])).exitCode === 0)
      await new Promise((resolve) => setTimeout(resolve, 200));
    const log = await host.run(['cat', '/run/svcgen/undo.log']);
    expect(log.stdout).toMatch(/^svcgen: what was there before the last run is back; .*$/m);
    expect(await whole(host)).toEqual(before);
  }

  // Each test has a host of its own, and mostly waits.
  describe.concurrent.each(MODES)('%s', (_, mode, variant) => {
    const flags = [...mode, ...scriptFlags];
    const render = (objects: readonly JsonObject[], seconds: number) =>
      renderRules(objects, [...flags, '--confirm', String(seconds)]);

    const test = withHost.extend<{ host: Namespace }>({
      host: async ({ host }, use) => {
        await chooseIptables(host, variant);
        for (const [program, family] of [
          ['iptables', 'IPv4'],
          ['ip6tables', 'IPv6'],
        ] as const)
          await host.must([`${program}-restore`], withInput(foreignRules(family)));
        await use(host);
      },
    });

    /** Another run, to be replaced. */
    async function runBefore(host: Namespace): Promise<Whole> {
      const { exitCode, stderr } = await runScriptFile(host, await renderRules(webService, flags));
      expect(exitCode, stderr).toBe(0);
      return whole(host);
    }

    test('what is confirmed stays', async ({ host }) => {
      await runBefore(host);
      const { exitCode, stderr } = await runScriptFile(
        host,
        await render([...webService, ...shopService], 600),
      );
      expect(exitCode, stderr).toBe(0);
      expect(stderr).toContain(
        'svcgen: in 600 seconds what was there before comes back, unless this host is told to keep the new rules:\n    sh /run/svcgen/confirm\n',
      );
      const after = await whole(host);
      // Nobody else may come between.
      const other = await runScriptFile(host, await renderRules(webService, flags));
      expect(other).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('waits for somebody to confirm it'),
      });
      expect(await host.must(['sh', '/run/svcgen/confirm'])).toBe('svcgen: confirmed: the new rules stay\n');
      expect((await host.run(['sh', '-c', 'sh /run/svcgen/confirm'])).exitCode).not.toBe(0);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      expect(await whole(host)).toEqual(after);
      expect(await host.must(['sh', '-c', PROCESSES])).not.toContain('/run/svcgen/undo');
    });

    test('a run that ends while somebody looks whether it has is no failure', async ({ host }) => {
      await runBefore(host);
      const script = await render(shopService, 600);
      const between =
        '[ -e "$undo/applied" ] || { sleep 0.1; continue; }; is_running "$1" && { sleep 0.1; continue; }; break';
      const late = script.replace(
        /^ {8}is_pending "\$1" \|\| exit 0$/m,
        `$&\n        while :; do ${between}; done\n        : >/run/svcgen/looked`,
      );
      expect(late).not.toBe(script);
      const { exitCode, stderr } = await runScriptFile(host, late);
      expect(exitCode, stderr).toBe(0);
      const after = await whole(host);
      await host.must(['sh', '-c', 'until [ -e /run/svcgen/looked ]; do sleep 0.1; done; sleep 2']);
      expect(await whole(host)).toEqual(after);
      expect(await host.must(['sh', '/run/svcgen/confirm'])).toBe('svcgen: confirmed: the new rules stay\n');
    });

    test('what nobody confirms goes back, whether there was something or nothing, and the end of the session is no matter', async ({
      host,
    }) => {
      const nothing = await whole(host);
      const script = await render([...webService, ...shopService], 2);
      const session = { through: "setsid -w sh -c 'sh /run/script; kill -HUP 0' #" };
      await runScriptFile(host, script, session);
      expect(await whole(host)).not.toEqual(nothing);
      await expectBack(host, nothing);
      const before = await runBefore(host);
      await runScriptFile(host, script, session);
      expect(await whole(host)).not.toEqual(before);
      await expectBack(host, before);
    });

    test('what others have stays as it is, also what comes meanwhile and what only nft can say', async ({
      host,
    }) => {
      const native = 'add rule ip filter INPUT ip daddr { 192.0.2.1, 192.0.2.2 } drop';
      if (variant === 'nft') await host.must(['nft', native]);
      const before = await runBefore(host);
      const { exitCode, stderr } = await runScriptFile(host, await render(shopService, 600));
      expect(exitCode, stderr).toBe(0);
      const rule = ['PREROUTING', '-d', '192.0.2.9', '-j', 'ACCEPT'];
      await host.must(['iptables', '-t', 'nat', '-A', ...rule]);
      await host.must(['sh', '/run/svcgen/undo/run']);
      await host.must(['iptables', '-t', 'nat', '-D', ...rule]);
      await expectBack(host, before);
    });

    test('what fails to put things back can be tried again', async ({ host }) => {
      const before = await runBefore(host);
      expect((await runScriptFile(host, await render(shopService, 600))).exitCode).toBe(0);
      const stubs = ['iptables-restore', 'nft'].map((name) => `ln -s /bin/false /run/few/${name}`);
      await host.must(['sh', '-ec', ['mkdir /run/few', ...stubs].join('\n')]);
      const { exitCode, stderr } = await host.run([
        'sh',
        '-c',
        'PATH=/run/few:$PATH sh /run/svcgen/undo/run',
      ]);
      expect(stderr).toContain('(to try again: sh /run/svcgen/undo/run)\n');
      expect(exitCode).toBe(1);
      await host.must(['sh', '/run/svcgen/undo/run']);
      await expectBack(host, before);
    });

    test('what is killed in the middle goes back at once', async ({ host }) => {
      const before = await runBefore(host);
      const script = await render(shopService, 600);
      const killed = script.replace(/^ {4}(?:remove_tables|program_tables)$/m, '$&\n    kill -9 $$$$');
      expect(killed).not.toBe(script);
      expect((await runScriptFile(host, killed)).exitCode).not.toBe(0);
      await expectBack(host, before);
    });

    test('who ends all processes of the run does not end what puts things back', async ({ host }) => {
      const before = await runBefore(host);
      const script = await render(shopService, 600);
      // What a shell does at a signal it does when its command has ended: that may be a sleep that has only begun then.
      const slow = script.replace(
        /^ {4}(?:remove_tables|program_tables)$/m,
        '$&\n    : >/run/slow\n    while :; do sleep 0.5; done',
      );
      expect(slow).not.toBe(script);
      const ending = 'sh /run/script & until [ -e /run/slow ]; do sleep 0.1; done; kill -TERM 0';
      const { exitCode } = await runScriptFile(host, slow, { through: `setsid -w sh -c '${ending}' #` });
      expect(exitCode).not.toBe(0);
      await expectBack(host, before);
    });

    test('to confirm before the end is refused, and changes nothing', async ({ host }) => {
      const before = await runBefore(host);
      const script = await render(shopService, 2);
      const early =
        'for i in 1 2 3 4 5 6 7 8 9; do sh /run/svcgen/confirm 2>>/run/early || :; sleep 0.3; done';
      const confirming = script.replace(/^ {4}(?:remove_tables|program_tables)$/m, `$&\n    ${early}`);
      expect(confirming).not.toBe(script);
      expect((await runScriptFile(host, confirming)).exitCode).toBe(0);
      expect(await host.must(['sort', '-u', '/run/early'])).toBe(
        'svcgen: the run is not at its end yet: confirm it then\n',
      );
      await expectBack(host, before);
    });

    test('what cannot be applied goes back, and it can be put back at once', async ({ host }) => {
      const before = await runBefore(host);
      const script = await render(shopService, 600);
      const failing = script.replace(/^ {4}(?:remove_tables|program_tables)$/m, "$&\n    fail 'no more'");
      expect((await runScriptFile(host, failing)).stderr).toContain('svcgen: no more');
      await expectBack(host, before);
      expect((await runScriptFile(host, script)).exitCode).toBe(0);
      await host.must(['sh', '/run/svcgen/undo/run']);
      await expectBack(host, before);
    });
  });
});
