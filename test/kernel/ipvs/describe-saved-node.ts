import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addressesOf, bothFamilies } from '../../support/kernel/addresses.ts';
import { NODE_NAME } from '../../support/kernel/manifests.ts';
import type { Namespace } from '../../support/kernel/namespace.ts';
import { scriptFlags, shopService, webService } from '../../support/kernel/script-services.ts';
import { runQuietly } from '../../support/run-program.ts';
import { emptyIPVSHost, runIPVSScript } from '../../support/uml/ipvs-host.ts';
import type { SharedUML } from '../../support/uml/uml-place.ts';
import { describeUML } from '../../support/uml/uml-support.ts';

const everything = [...webService, ...shopService];
const FLAGS = ['--mode', 'ipvs', ...scriptFlags.filter((flag) => flag !== '--script')];

const CHANGES = [
  ['ipset del KUBE-LOOP-BACK 10.244.1.10,tcp:8080,10.244.1.10', 'add KUBE-LOOP-BACK'],
  ['ipset add KUBE-6-NODE-PORT-TCP 31999', 'add KUBE-6-NODE-PORT-TCP 31999'],
  ['ipvsadm -E -t 10.96.0.1:80 -s rr -p 60', '-A -t 10.96.0.1:80 -s rr -p 60'],
  ['ipvsadm -e -t 10.96.0.1:80 -r 10.244.1.10:8080 -m -w 0', '-r 10.244.1.10:8080 -m -w 0'],
  ['ipvsadm -A -t 10.96.0.1:81 -s rr', '10.96.0.1:81/tcp'],
  ['ipvsadm -D -t "[fd00:96::1]:80"', '[fd00:96::1]:80/tcp'],
] as const;

interface ExplainedJSON {
  readonly scheduler: string;
  readonly ways: readonly { readonly to: string; readonly share: string; readonly source: unknown }[];
}

/** Where a connection can go. */
function waysOf(text: string): ExplainedJSON {
  const { scheduler, ways }: ExplainedJSON = JSON.parse(text);
  return { scheduler, ways: ways.map(({ to, share, source }) => ({ to, share, source })) };
}

/** What the tools print on a node is read, compared with manifests, and explained. */
export function describeSavedNode({ start }: SharedUML): void {
  describeUML('all that a node of ipvs mode has', () => {
    let host: Namespace;
    const folder = mkdtempSync(join(tmpdir(), 'svcgen-saved-node-'));
    const input = join(folder, 'input.json');
    beforeAll(async () => {
      writeFileSync(input, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: everything }));
      host = await emptyIPVSHost(start);
      for (const { node } of bothFamilies) await host.must(['ip', 'addr', 'add', node, 'dev', 'lo']);
      await runIPVSScript(host, everything);
    });

    afterAll(async () => {
      await host?.stop();
      rmSync(folder, { recursive: true });
    });

    async function save(family: 'IPv4' | 'IPv6'): Promise<string> {
      const rules = family === 'IPv4' ? 'iptables-save' : 'ip6tables-save';
      return host.must(['sh', '-ec', `${rules}; ipset save; ipvsadm --save --numeric`]);
    }

    async function drift(family: 'IPv4' | 'IPv6', ...more: readonly string[]) {
      const rules = await save(family);
      const flags = ['--rules', '-', '--family', family.toLowerCase(), ...FLAGS, ...more];
      return runQuietly(['diff', input, ...flags], rules);
    }

    test.each(['IPv4', 'IPv6'] as const)('is what the manifests want (%s)', async (family) => {
      const { exitCode, stdout, stderr } = await drift(family);
      expect({ stdout, stderr }).toEqual({
        stdout: `no drift: the rules of node ${NODE_NAME} (ipvs mode, ${family}) are those of the manifests\n`,
        stderr: '',
      });
      expect(exitCode).toBe(0);
    });

    test.each(bothFamilies)('is explained as the manifests are ($family)', async ({ family, node }) => {
      const rules = await save(family);
      const client = family === 'IPv4' ? '203.0.113.9' : '2001:db8::9';
      const web = family === 'IPv4' ? '10.96.0.1:80' : '[fd00:96::1]:80';
      const port = family === 'IPv4' ? `${node}:30080` : `[${node}]:30080`;
      for (const to of [web, port]) {
        const args = ['explain', input, '--from', client, '--to', to, '--output', 'json', ...FLAGS];
        const own = waysOf((await runQuietly(args)).stdout);
        expect(waysOf((await runQuietly([...args, '--rules', '-'], rules)).stdout)).toEqual(own);
        expect(own.ways).toHaveLength(2);
      }
    });

    test.each(CHANGES)('%s is found', async (command, said) => {
      await host.must(['sh', '-ec', command]);
      const family = command.includes('fd00') || command.includes('KUBE-6') ? 'IPv6' : 'IPv4';
      const { exitCode, stdout } = await drift(family, '-v');
      expect(stdout).toContain(said);
      expect(exitCode).toBe(1);
      await runIPVSScript(host, everything);
      expect((await drift(family)).exitCode).toBe(0);
    });

    test('addresses of others and their sets are nobody’s business', async () => {
      const { node } = addressesOf('IPv4');
      await host.must(['ipvsadm', '--restore'], `-A -t ${node}:9999 -s rr\n-A -t 192.0.2.1:80 -s rr\n`);
      await host.must(['ipset', 'restore'], 'create OTHERS hash:ip\nadd OTHERS 192.0.2.9\n');
      expect((await drift('IPv4')).exitCode).toBe(0);
    });
  });
}
