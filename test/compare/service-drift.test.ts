import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { runQuietly } from '../support/run-program.ts';

const INPUT = 'fixtures/diff/drift-jumps/input.yaml';
const NODE = ['--node', 'n1', '--cluster-cidr', '10.244.0.0/16'];

/** A node that has what is wanted, with an edit. @returns the first line of what `diff --rules` says */
async function verdict(edit: (rules: string) => string, ...flags: readonly string[]): Promise<string> {
  const rules = (await runQuietly(['render', INPUT, ...NODE, ...flags])).stdout;
  const edited = edit(rules);
  expect(edited).not.toBe(rules);
  const { stdout } = await runQuietly(['diff', INPUT, '--rules', '-', ...NODE, ...flags], edited);
  return stdout.split('\n')[0] ?? '';
}

const without = (pattern: RegExp) => (rules: string) =>
  rules
    .split('\n')
    .filter((line) => !pattern.test(line))
    .join('\n');

const ALL = 'all 4 Services are as wanted on node n1 (iptables mode, IPv4)';

describe('the verdict', () => {
  test.each([
    [
      /^-A PREROUTING .* KUBE-SERVICES$/,
      'jumps from PREROUTING are missing, so pods and clients outside reach none',
    ],
    [
      /^-A OUTPUT .*portals" -j KUBE-SERVICES$/,
      'jumps from OUTPUT are missing, so the node itself reaches none',
    ],
    [
      /^-A (?:PREROUTING|OUTPUT) .*-j KUBE-SERVICES$/,
      'jumps from PREROUTING and OUTPUT are missing, so none is reached',
    ],
    [/^-A POSTROUTING /, 'jumps from POSTROUTING are missing, so no source is rewritten'],
    [
      /^-A FORWARD .* KUBE-FORWARD$/,
      'jumps from FORWARD are missing, so a firewall may drop what is forwarded',
    ],
  ])('says which jumps are missing: %s', async (pattern, said) => {
    expect(await verdict(without(pattern))).toBe(`${ALL}; ${said}`);
  });

  test.each(['kube-proxy', 'compact'])('counts Services (layout %s)', async (layout) => {
    const edit = (rules: string) => rules.replaceAll('10.244.2.8', '10.244.2.9');
    expect(await verdict(edit, '--layout', layout)).toMatch(/^3 of 4 Services are .*: default\/api differs$/);
  });

  test.each(['kube-proxy', 'compact'])('tells Services that nobody wants (layout %s)', async (layout) => {
    const edit = (rules: string) =>
      rules.replace(
        /^COMMIT\n(?=[^*]*$)/m,
        ':KUBE-SVC-AAAAAAAAAAAAAAAA - [0:0]\n' +
          '-A KUBE-SERVICES -d 10.96.0.99/32 -p tcp -m comment --comment "old/shop:http cluster IP" -m tcp --dport 80 -j KUBE-SVC-AAAAAAAAAAAAAAAA\n' +
          '-A KUBE-SVC-AAAAAAAAAAAAAAAA -p tcp -j DNAT --to-destination 10.244.9.9:80\nCOMMIT\n',
      );
    expect(await verdict(edit, '--layout', layout)).toMatch(
      /^all 4 Services .*; old\/shop is not in the manifests$/,
    );
  });

  test('of a node without any of our rules', async () => {
    expect(await verdict(() => '*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n')).toMatch(
      /^none of 4 Services is as wanted .*: 4 are missing; jumps from PREROUTING and OUTPUT are missing/,
    );
  });
});

test('an address that leads nowhere is named, and so is one that should not be there', async () => {
  const rules = (await runQuietly(['render', INPUT, ...NODE])).stdout.replaceAll(
    '10.96.0.81/32',
    '10.96.0.99/32',
  );
  const { stdout } = await runQuietly(['diff', INPUT, '--rules', '-', ...NODE], rules);
  expect(stdout).toContain(
    '\n~ default/api differs: address 10.96.0.81:80/tcp is missing, address 10.96.0.99:80/tcp is not wanted\n',
  );
});

test('markdown and JSON have the same verdict', async () => {
  const rules = readFileSync('fixtures/diff/drift-jumps/node.rules', 'utf8');
  const run = async (output: string) =>
    (await runQuietly(['diff', INPUT, '--rules', '-', ...NODE, '--output', output], rules)).stdout;
  const [pretty = ''] = (await run('pretty')).split('\n');
  expect(JSON.parse(await run('json')).verdict).toBe(pretty);
  expect((await run('markdown')).replaceAll('`', '').split('\n')[0]).toBe(`**${pretty}**`);
});
