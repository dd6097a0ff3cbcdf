import { afterAll, beforeAll, expect, test } from 'vitest';
import { addressesOf, bothFamilies } from '../support/kernel/addresses.ts';
import { chooseIptables } from '../support/kernel/backend.ts';
import { runCleanup } from '../support/kernel/cleanup-host.ts';
import { describeKernel } from '../support/kernel/kernel-support.ts';
import { HEALTH_CHECK_PORT } from '../support/kernel/lab.ts';
import { type Namespace, startNamespace } from '../support/kernel/namespace.ts';
import { renderRules } from '../support/kernel/render-rules.ts';
import { scriptFlags, shopService, webService } from '../support/kernel/script-services.ts';

const everything = [...webService, ...shopService];

describeKernel('scripts with --with-health', () => {
  let host: Namespace;

  async function run(flags: readonly string[], change = (script: string) => script): Promise<string> {
    const script = change(await renderRules(everything, [...scriptFlags, ...flags]));
    const { exitCode, stderr } = await host.run(['sh', '-s'], script);
    return exitCode === 0 ? '' : `exit code ${exitCode}: ${stderr}`;
  }

  async function ask(): Promise<string> {
    const { stdout } = await host.run([
      'curl',
      '-s',
      '-m',
      '5',
      `http://${addressesOf('IPv4').node}:${HEALTH_CHECK_PORT}/`,
    ]);
    return stdout;
  }

  async function processes(): Promise<string> {
    return host.must([
      'sh',
      '-c',
      'cat /run/svcgen/nginx.pid; cat /proc/$(cat /run/svcgen/nginx.pid)/task/*/children',
    ]);
  }

  beforeAll(async () => {
    host = await startNamespace('host');
    await chooseIptables(host, 'nft');
    for (const { node } of bothFamilies) await host.must(['ip', 'addr', 'add', node, 'dev', 'lo']);
  });
  afterAll(async () => {
    await host?.run(['sh', '-c', 'kill $(cat /run/svcgen/nginx.pid)']);
    await host?.stop();
  });

  test.each([['iptables'], ['nftables']])(
    '%s mode answers, and a second run changes nothing',
    async (mode) => {
      const flags = ['--mode', mode, '--with-health'];
      expect(await run(flags)).toBe('');
      expect(await ask()).toContain('"localEndpoints": 2');
      const before = await processes();
      expect(await run(flags)).toBe('');
      expect(await processes()).toBe(before);
    },
  );

  test('reads what is new', async () => {
    expect(
      await run(['--with-health'], (script) =>
        script.replaceAll('localEndpoints\\": 2', 'localEndpoints\\": 7'),
      ),
    ).toBe('');
    await expect.poll(ask, { timeout: 120_000 }).toContain('"localEndpoints": 7');
  });

  test('changes nothing when nginx does not take the configuration', async () => {
    // Its comments say when.
    const save = () => host.must(['sh', '-c', 'iptables-save | grep -v "^#"']);
    const rules = await save();
    const stderr = await run(['--with-health'], (script) =>
      script.replace('server_tokens off', 'server_tokens maybe').replaceAll('-p tcp ', '-p udp '),
    );
    expect(stderr).toContain('svcgen: nginx does not take its configuration');
    expect(await save()).toBe(rules);
    expect(await ask()).toContain('"localEndpoints": 7');
  });

  test('says so when a port is taken, and makes up for it afterwards', async () => {
    const listener =
      'exec 9<&-; perl -MIO::Socket::INET -e \'$s = IO::Socket::INET->new(LocalPort => 32999, Listen => 1); print "up\\n"; close STDOUT; close STDERR; sleep 60\' >/run/up 2>/dev/null & echo $! >/run/listener; until [ -s /run/up ]; do sleep 0.1; done';
    await host.must(['sh', '-c', listener]);
    const moved = (script: string) => script.replaceAll(`listen ${HEALTH_CHECK_PORT}`, 'listen 32999');
    expect(await run(['--with-health'], moved)).toContain('nginx did not read its configuration');
    expect(await ask()).toContain('"localEndpoints": 7');
    await host.must(['sh', '-c', 'kill $(cat /run/listener)']);
    expect(await run(['--with-health'])).toBe('');
    await expect.poll(ask, { timeout: 120_000 }).toContain('"localEndpoints": 2');
  });

  test('ends it when it is not wanted any more, and so does cleanup', async () => {
    expect(await run([])).toBe('');
    expect(await ask()).toBe('');
    expect(await run(['--with-health'])).toBe('');
    expect((await runCleanup(host)).exitCode).toBe(0);
    expect(await ask()).toBe('');
    expect(await host.must(['sh', '-c', 'ls /run | grep -x svcgen || :'])).toBe('');
  });
});
