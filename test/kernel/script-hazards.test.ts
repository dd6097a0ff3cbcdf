import { beforeAll, describe, expect, test as plainTest } from 'vitest';
import type { IptablesVariant } from '../support/kernel/backend.ts';
import { renderCleanupScript } from '../support/kernel/cleanup-host.ts';
import { foreignRules } from '../support/kernel/foreign-rules.ts';
import { describeKernel } from '../support/kernel/kernel-support.ts';
import { type Namespace, startNamespace } from '../support/kernel/namespace.ts';
import { renderRules } from '../support/kernel/render-rules.ts';
import {
  interceptPrograms,
  runScriptFile,
  saveVariant,
  startsOfLastRun,
  temporaryFilesOn,
  variantOf,
  WITHOUT_PERMISSION,
} from '../support/kernel/script-host.ts';
import { scriptFlags, shopService, webService } from '../support/kernel/script-services.ts';
import { isLong } from '../support/share.ts';

const VARIANTS: readonly IptablesVariant[] = ['legacy', 'nft'];
const OK = { exitCode: 0, stdout: '', stderr: '' };

/** Each test has a host of its own, and mostly waits. */
const test = plainTest.extend<{ host: Namespace }>({
  host: async ({ task }, use) => {
    const host = await startNamespace(task.name);
    await use(host);
    await host.stop();
  },
}).concurrent;

/** What can go wrong on a host while a script runs, or before it does. */
describeKernel('scripts on hosts with something going on', () => {
  let dual: string;
  let ipv4: string;
  let nftables: string;
  let cleanup: string;

  beforeAll(async () => {
    const everything = [...webService, ...shopService];
    dual = await renderRules(everything, scriptFlags);
    ipv4 = await renderRules([PLAIN_SERVICE], scriptFlags);
    nftables = await renderRules(everything, ['--mode', 'nftables', ...scriptFlags]);
    cleanup = await renderCleanupScript();
  });

  /** What one run makes, on a host with rules of others. */
  async function applyOnce(host: Namespace, variant: IptablesVariant): Promise<readonly string[]> {
    await host.must([`iptables-${variant}-restore`], foreignRules('IPv4'));
    await host.must([`ip6tables-${variant}-restore`], foreignRules('IPv6'));
    expect(await runScriptFile(host, dual, { env: variantOf(variant) })).toEqual(OK);
    return saveVariant(host, variant);
  }

  describe.concurrent.each(VARIANTS)('%s', (variant) => {
    const env = variantOf(variant);

    test.for([
      ['with a lock', 'sh', (script: string) => script],
      [
        'without one, and then once more',
        'bash',
        (script: string) => script.replace('command -v flock', 'false'),
      ],
    ] as const)('runs at a time end like one (%s)', async ([, shell, change], { host }) => {
      const applied = await applyOnce(host, variant);
      expect((await runScriptFile(host, cleanup)).exitCode).toBe(0);
      const run = `sh -c 'for i in 1 2 3 4; do ${shell} /run/script & done; wait; ${shell} /run/script' /run/script`;
      const { exitCode } = await runScriptFile(host, change(dual), {
        env,
        shell: run.replace(/ \/run\/script$/, ''),
      });
      expect(exitCode).toBe(0);
      expect((await saveVariant(host, variant)).toSorted()).toEqual(applied.toSorted());
      expect(await temporaryFilesOn(host)).toEqual([]);
    });

    test('jumps that are there twice, or in the wrong order, are put right', async ({ host }) => {
      const applied = await applyOnce(host, variant);
      const first = 'iptables-save -t filter | grep -m 1 -e "^-A FORWARD .* KUBE-PROXY-FIREWALL"'.replace(
        'iptables',
        `iptables-${variant}`,
      );
      await host.must(['sh', '-ec', `rule=$(${first}); eval "iptables-${variant} $rule"`]);
      for (const family of ['iptables', 'ip6tables']) {
        await host.must([`${family}-${variant}`, '-A', 'INPUT', '-j', 'KUBE-FIREWALL']);
        await host.must([`${family}-${variant}`, '-I', 'OUTPUT', '-j', 'KUBE-FIREWALL']);
      }
      expect(await saveVariant(host, variant)).not.toEqual(applied);
      expect(await runScriptFile(host, dual, { env })).toEqual(OK);
      expect(await saveVariant(host, variant)).toEqual(applied);
    });

    test('comments of others that look like jumps of ours are none', async ({ host }) => {
      const comments = [
        'x -j KUBE-FIREWALL',
        'x\n-A INPUT -j KUBE-FIREWALL\ny',
        'x\n:KUBE-SVC-L65ENXXZWWSAPRCR - [0:0]\ny',
        'x\nCOMMIT\n*nat\ny',
        "x\n# Table `nat' is incompatible, use 'nft' tool.\ny",
        `it's "kubernetes \\ service`,
      ];
      for (const comment of comments) {
        await host.must([`iptables-${variant}`, '-A', 'INPUT', '-m', 'comment', '--comment', comment]);
      }
      expect(await runScriptFile(host, dual, { env })).toEqual(OK);
      const applied = await saveVariant(host, variant);
      // One of ours in each family, and one in a comment.
      const jumps = (lines: readonly string[]) =>
        lines.filter((line) => line === '-A INPUT -j KUBE-FIREWALL');
      expect(jumps(applied)).toHaveLength(3);
      expect(await runScriptFile(host, dual, { env })).toEqual(OK);
      expect(await saveVariant(host, variant)).toEqual(applied);
      expect((await runScriptFile(host, cleanup)).exitCode).toBe(0);
      expect(jumps(await saveVariant(host, variant))).toHaveLength(1);
    });

    test('without the permission nothing is taken for a host without rules', async ({ host }) => {
      await applyOnce(host, variant);
      const applied = await saveVariant(host, variant);
      for (const script of [dual, ipv4, nftables, cleanup]) {
        const { exitCode, stderr } = await runScriptFile(host, script, { env, through: WITHOUT_PERMISSION });
        expect(stderr).toMatch(/[Pp]ermi/);
        expect(exitCode).toBe(1);
      }
      // Nor where it is only the tables that the kernel tells about.
      const few = 'mkdir -p /run/few; ln -sf /bin/false /run/few/ipset; export PATH=/run/few:$PATH';
      const { exitCode } = await runScriptFile(host, cleanup, { env: few, through: WITHOUT_PERMISSION });
      expect(exitCode).toBe(1);
      expect(await saveVariant(host, variant)).toEqual(applied);
    });
  });

  test('a table of which iptables-nft shows nothing is not one without rules', async ({ host }) => {
    const applied = await applyOnce(host, 'nft');
    await host.must(['nft', 'add rule ip filter INPUT ct state established accept']);
    expect(await saveVariant(host, 'nft')).not.toEqual(applied);
    const before = await host.must(['nft', 'list', 'ruleset']);
    for (const script of [dual, cleanup, nftables]) {
      const { exitCode, stderr } = await runScriptFile(host, script, { env: variantOf('nft') });
      expect(stderr).toMatch(/IPv4: .*table filter has .*rules that (?:iptables cannot|only nft can) show/);
      expect(exitCode).toBe(1);
      if (script === dual) expect(await host.must(['nft', 'list', 'ruleset'])).toBe(before);
    }
    await host.must(['nft', 'flush ruleset']);
    await host.must(['nft', '-f', '-'], NATIVE_FILTER);
    // Where nothing of ours is in it, it is no matter.
    for (const script of [nftables, cleanup])
      expect(await runScriptFile(host, script, { env: variantOf('nft') })).toEqual(OK);
    expect(await host.must(['nft', 'list', 'ruleset'])).toBe(NATIVE_FILTER);
  });

  test('killed or interrupted anywhere, and run again', async ({ host }) => {
    const applied = await applyOnce(host, 'nft');
    const programs = ['awk', 'mkdir', 'mktemp', 'flock', 'grep', 'nft'].concat(
      ['iptables', 'ip6tables'].flatMap((name) => ['save', 'restore'].map((part) => `${name}-nft-${part}`)),
    );
    const interrupting = await interceptPrograms(host, programs);
    await runScriptFile(host, dual, { env: `${variantOf('nft')}; ${interrupting(0, 'KILL')}` });
    const starts = await startsOfLastRun(host);
    expect(starts).toBeGreaterThan(15);
    const step = isLong() ? 1 : 3;
    for (let at = 1; at <= starts; at += step) {
      expect((await runScriptFile(host, cleanup)).exitCode).toBe(0);
      const [trapped = ''] = ['TERM', 'INT', 'HUP'].slice(((at - 1) / step) % 3);
      for (const signal of ['KILL', 'after-KILL', `after-${trapped}`]) {
        await runScriptFile(host, dual, { env: `${variantOf('nft')}; ${interrupting(at, signal)}` });
      }
      expect(await temporaryFilesOn(host)).toEqual([]);
      expect(await runScriptFile(host, dual, { env: variantOf('nft') })).toEqual(OK);
      expect((await saveVariant(host, 'nft')).toSorted()).toEqual(applied.toSorted());
    }
  });

  test('who has gone that read what is said ends no run in the middle', async ({ host }) => {
    const applied = await applyOnce(host, 'nft');
    await host.must(['iptables-nft', '-N', 'OTHER']);
    await host.must(['iptables-nft', '-A', 'OTHER', '-j', 'KUBE-SERVICES']);
    // Both have something to say on their way.
    for (const script of [cleanup, dual.replace('command -v flock', 'false')]) {
      const piped = '{ sleep 0.2; sh /run/script; echo "$?" >/run/status; } 2>&1 | true';
      const run = { env: variantOf('nft'), through: `sh -c '${piped}' #` };
      expect((await runScriptFile(host, script, run)).exitCode).toBe(0);
      expect(await host.must(['cat', '/run/status'])).toBe('0\n');
      expect(await temporaryFilesOn(host)).toEqual([]);
    }
    const left = (await saveVariant(host, 'nft')).filter((line) => !line.includes('OTHER'));
    expect(left.toSorted()).toEqual(applied.toSorted());
  });

  test('a lock that others hold is an error, not a host without rules', async ({ host }) => {
    await runScriptFile(host, dual, { env: variantOf('nft', 'legacy') });
    const held = ipv4.replace('WAIT=5', 'WAIT=1');
    const holding = 'exec 8>/run/xtables.lock; flock 8';
    const run = { env: `${variantOf('nft', 'legacy')}; ${holding}` };
    const { exitCode, stderr } = await runScriptFile(host, held, run);
    expect(stderr).toMatch(/svcgen: IPv6: ip6tables-legacy-restore did not take the rules/);
    expect(exitCode).toBe(1);
    const cleaned = await runScriptFile(host, cleanup.replace('WAIT=5', 'WAIT=1'), { env: holding });
    expect(cleaned.stderr).toMatch(/svcgen: IPv6: ip6tables-legacy-restore could not remove the chains/);
    expect(cleaned.exitCode).toBe(1);
    const hasServices = async () =>
      (await saveVariant(host, 'legacy')).some((line) => line.includes('KUBE-SVC-'));
    expect(await hasServices()).toBe(true);
    expect(await runScriptFile(host, ipv4, { env: variantOf('nft', 'legacy') })).toEqual(OK);
    expect(await hasServices()).toBe(false);
  });

  test('a run that waits in vain for another one gives up', async ({ host }) => {
    const { exitCode, stderr } = await runScriptFile(host, dual.replace('PATIENCE=600', 'PATIENCE=1'), {
      env: 'exec 8>>/run/svcgen.lock; flock 8',
    });
    expect(stderr).toBe(
      'svcgen: note: waiting for another run to end\n' +
        'svcgen: another run has not ended in 1 seconds (it holds /run/svcgen.lock)\n',
    );
    expect(exitCode).toBe(1);
  });

  test.for([`b\\nc\\\\d space  \ttab\nline '"$(touch /run/oops)\`x\`*?[a]ünï\n`, '-rf', '-', 'a=b'])(
    'TMPDIR %j',
    async (name, { host }) => {
      const env = `mkdir /run/t; cd /run/t; export ${variantOf('nft').slice('export '.length)}`;
      for (const spelled of [`/run/t/${name}`, name]) {
        const quoted = `'${spelled.replaceAll("'", "'\\''")}'`;
        const run = {
          env: `${env.replace('mkdir', 'mkdir -p')}; export TMPDIR=${quoted}; mkdir -p -- "$TMPDIR"`,
        };
        for (const script of [dual, dual, nftables, cleanup])
          expect((await runScriptFile(host, script, run)).exitCode).toBe(0);
        expect(
          await host.must([
            'sh',
            '-c',
            'find /run/t -type f; ls -A /run/t/* | grep svcgen; ls /run/oops || :',
          ]),
        ).toBe('');
      }
    },
  );

  test.for(['/proc/nowhere', '/run/no/such/folder'])('TMPDIR %s cannot be used', async (folder, { host }) => {
    const { exitCode, stderr } = await runScriptFile(host, dual, { env: `export TMPDIR=${folder}` });
    expect(stderr).toContain(`svcgen: cannot make a temporary folder in ${folder}\n`);
    expect(exitCode).toBe(1);
  });
});

/** As nft lists it. */
const NATIVE_FILTER = `table ip filter {
	chain INPUT {
		type filter hook input priority filter; policy accept;
		ct state established accept
	}
}
`;

const PLAIN_SERVICE = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'plain', namespace: 'default' },
  spec: { clusterIP: '10.96.0.9', ports: [{ port: 80 }] },
};
