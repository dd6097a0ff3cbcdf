import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { runQuietly } from '../support/run-program.ts';

const INPUT = 'fixtures/valid/ipvs/input.yaml';
const COMPACT = readFileSync('fixtures/explain/node-nftables/compact.rules', 'utf8');
const KUBE_PROXY = readFileSync('fixtures/explain/node-nftables/kube-proxy.rules', 'utf8');
const NODE = [
  '--mode',
  'nftables',
  '--node',
  'node-a',
  '--cluster-cidr',
  '10.244.0.0/16,fd00:10:244::/48',
  '--nodeport-addresses',
  '0.0.0.0/0,::/0',
] as const;

interface Way {
  readonly result: string;
  readonly to: string;
  readonly share: string;
}

async function explain(text: string, ...args: readonly string[]) {
  const defaults = ['--from', '192.0.2.7', '--to', '10.96.0.80:80', '--output', 'json'];
  const { exitCode, stdout, stderr } = await runQuietly(
    ['explain', '--rules', '-', ...defaults, ...args],
    text,
  );
  return { exitCode, stderr, answer: stdout === '' ? undefined : JSON.parse(stdout) };
}

const drift = (text: string, ...args: readonly string[]) =>
  runQuietly(['diff', INPUT, '--rules', '-', ...NODE, ...args], text);

describe('explain', () => {
  test.each([
    ['compact', COMPACT],
    ['kube-proxy', KUBE_PROXY],
  ])('layout %s: a Service has the name that its chains have', async (_, text) => {
    const { exitCode, answer } = await explain(text, '--to', 'default/shop:http');
    expect(exitCode).toBe(0);
    expect(answer.connection.to).toBe('10.96.0.80:80');
    const refused = await explain(text, '--to', 'default/web');
    expect(refused.answer.ways).toContainEqual(
      expect.objectContaining({ result: 'rejected', to: '10.96.0.82:80' }),
    );
    const other = await explain(text, '--to', 'default/web', '--family', 'ipv6', '--from', '2001:db8::7');
    expect(other.answer.ways).toMatchObject([{ result: 'endpoint', to: '[fd00:10:244:1::5]:8080' }]);
  });

  test('a Service that no chain is named after', async () => {
    const { exitCode, stderr } = await explain(COMPACT, '--to', 'default/unknown');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('no chain or comment in these rules names Service default/unknown');
    const near = await explain(COMPACT, '--to', 'default/shopp');
    expect(near.stderr).toContain('hint: did you mean default/shop? ');
  });

  test('the rules are those of the family that the packet has', async () => {
    const { answer } = await explain(COMPACT, '--from', '2001:db8::7', '--to', '[fd00:10:96::52]:80');
    expect(answer.ways).toMatchObject([{ result: 'endpoint', to: '[fd00:10:244:1::5]:8080' }]);
  });

  test('without our table, it says which there are', async () => {
    const text = 'table ip nat {\n\tchain KUBE-SERVICES {\n\t}\n}\ntable inet x {\n}\n';
    const { answer } = await explain(text);
    expect(answer.ways).toMatchObject([{ result: 'elsewhere' }]);
    expect(answer.notes).toEqual([
      'these rules have no table ip kube-proxy, which is where Services are: there are ip nat, inet x',
      'table ip nat is kube-proxy\'s in iptables mode: give "iptables-save" instead',
    ]);
  });

  test('tables of others count where packets meet them', async () => {
    const ended = async (...args: string[]) => (await explain(COMPACT, ...args)).answer.ways;
    expect(await ended('--to', '10.96.0.82:80')).toMatchObject([{ result: 'rejected' }]);
    expect(await ended()).toMatchObject([{ result: 'endpoint' }, { result: 'endpoint' }]);
    const stranger = await ended('--from', '203.0.113.9');
    expect(JSON.stringify(stranger)).toContain('inet firewall forward');
    expect(stranger).toMatchObject([{ result: 'dropped' }, { result: 'dropped' }]);
    expect(await ended('--to', '192.0.2.99:81', '--node-ip', '192.0.2.99')).toMatchObject([
      { result: 'node' },
    ]);
  });

  test('rules on bridges and devices are named', async () => {
    const text = `${COMPACT}table netdev guard {\n\tchain in {\n\t\ttype filter hook ingress device "eth0" priority filter; policy drop;\n\t}\n}\n`;
    expect(JSON.stringify((await explain(text)).answer.notes)).toContain(
      'table netdev guard (line 272: ingress)',
    );
  });

  test('what nft prints as JSON says the same, alone and among other texts', async () => {
    const json = readFileSync('fixtures/explain/node-nftables/compact-json.rules', 'utf8');
    const pretty = JSON.stringify(JSON.parse(json), undefined, 2);
    for (const to of ['10.96.0.80:80', '10.96.0.82:80', '203.0.113.80:443/udp', '192.168.7.11:30080']) {
      const args = ['--to', to, '--node-ip', '192.168.7.11'];
      const endsOf = async (text: string) =>
        (await explain(text, ...args)).answer.ways.map(({ result, to: end, share }: Way) => [
          result,
          end,
          share,
        ]);
      const ends = await endsOf(COMPACT);
      expect(await endsOf(json)).toEqual(ends);
      expect(await endsOf(pretty)).toEqual(ends);
      expect(await endsOf(`# node\n${json}\n$ nft -j list ruleset\n`)).toEqual(ends);
    }
    expect(JSON.stringify((await explain(json)).answer.notes)).toContain('lines are counted');
    expect(await drift(json)).toMatchObject({ exitCode: 0, stderr: '' });
    const changes = (text: string) => runQuietly(['render', INPUT, ...NODE, '--current', '-'], text);
    expect(await changes(json)).toEqual(await changes(COMPACT));
    expect(await changes(json)).toMatchObject({ exitCode: 0, stdout: '' });
    const { exitCode, stderr } = await explain(json.slice(0, 5000));
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('cut off') });
  });

  test('no name of a table or chain acts on a terminal', async () => {
    const text = COMPACT.replaceAll('ip kube-proxy', 'ip \u001b[2Jkube-proxy').replaceAll(
      'services',
      'ser\u0007vices',
    );
    const args = ['--rules', '-', '--from', '192.0.2.7', '--to', '10.96.0.80:80', '-v'];
    const { stdout, stderr } = await runQuietly(['explain', ...args], text);
    expect(`${stdout}${stderr}`).not.toBe('');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(`${stdout}${stderr}`).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  test('an element that no rule leads to is named', async () => {
    const text = COMPACT.replace(/^\t\tip daddr \. meta l4proto \. th dport vmap @service-ips\n/gm, '');
    const { answer } = await explain(text);
    expect(answer.ways).toMatchObject([{ result: 'elsewhere' }]);
    expect(JSON.stringify(answer.notes)).toContain('elements for 10.96.0.80: 80/tcp (service-ips, line 12)');
  });

  test('what nft -t leaves out is not taken for missing', async () => {
    const text = COMPACT.replace(/^\t\telements = \{[^}]*\}\n/gm, '');
    const { exitCode, stdout, stderr } = await runQuietly(
      ['explain', '--rules', '-', '--to', '10.96.0.1:80'],
      text,
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('nft -t');
  });

  test('a set of others holds what it holds, even for a time', async () => {
    const banned =
      '\tset banned {\n\t\ttype ipv4_addr\n\t\ttimeout 1h\n\t\telements = { 192.0.2.7 expires 5m }\n\t}\n\n';
    const text = KUBE_PROXY.replace(
      '\tchain services {\n',
      `${banned}\tchain services {\n\t\tip saddr @banned drop\n`,
    );
    expect((await explain(text)).answer.ways).toMatchObject([{ result: 'dropped' }]);
    expect((await explain(text, '--from', '192.0.2.8')).answer.ways[0]).toMatchObject({ result: 'endpoint' });
  });

  test('ways that double with each chain are one', async () => {
    const chains = Array.from(
      { length: 40 },
      (_, index) =>
        `\tchain c${index} {\n\t\tnumgen random mod 2 vmap { 0 : jump c${index + 1}, 1 : jump c${index + 1} }\n\t}\n`,
    );
    const base = '\tchain a {\n\t\ttype nat hook prerouting priority dstnat;\n\t\tjump c0\n\t}\n';
    const text = `table ip kube-proxy {\n${base}${chains.join('')}\tchain c40 {\n\t}\n}\n`;
    for (const output of ['json', 'pretty']) {
      const { exitCode, stdout } = await runQuietly(
        ['explain', '--rules', '-', '--to', '10.96.0.1:80', '--output', output],
        text,
      );
      expect(exitCode).toBe(0);
      expect(stdout).toContain('no rule of any Service matches');
    }
  });

  test('the end of a base chain may drop', async () => {
    const text = KUBE_PROXY.replace(
      'hook forward priority -110; policy accept',
      'hook forward priority -110; policy drop',
    );
    const { answer } = await explain(text);
    expect(answer.ways[0]).toMatchObject({ result: 'dropped' });
    expect(answer.ways[0].reason).toContain('its policy is DROP');
  });
});

describe('drift', () => {
  test('0: the node has what is wanted', async () => {
    expect(await drift(COMPACT)).toMatchObject({ exitCode: 0, stderr: '' });
    const unchanged = KUBE_PROXY.replace(/^.*(?:flags syn|queue).*\n/gm, '');
    expect(await drift(unchanged, '--layout', 'kube-proxy')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await drift(unchanged)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('by kube-proxy 1.31 to 1.32'),
      stderr: '',
    });
  });

  test('0: clients that are remembered, counters, handles and chains that are out of use are none', async () => {
    const text = COMPACT.replace(/^\t\t((?:ct|ip|jump|goto).*)$/gm, '\t\t$1 # handle 12')
      .replace(/^\t\tjump/gm, '\t\tcounter packets 12 bytes 700 jump')
      .replace(
        '\tchain services',
        '\tset affinity-old {\n\t\ttype ipv4_addr\n\t}\n\n\tchain old {\n\t}\n\n\tchain services',
      );
    expect(await drift(text)).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('1: a rule that logs', async () => {
    const { exitCode, stdout } = await drift(
      COMPACT.replace('\t\tct state invalid', '\t\tct state invalid log prefix "x"'),
    );
    expect(exitCode).toBe(1);
    expect(stdout).toContain('- line 87: ct state invalid log prefix "x" drop');
  });

  test('1: another layout', async () => {
    const { exitCode, stdout, stderr } = await drift(COMPACT, '--layout', 'kube-proxy');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('warning[saved-rules-layout]');
    expect(stderr).toContain('--layout compact');
    expect((await drift(KUBE_PROXY, '--layout', 'compact')).stderr).toContain('make it --layout kube-proxy');
    expect(stdout).toContain('+ ip kube-proxy set cluster-ips is missing');
  });

  test('1: the table of a family is not there', async () => {
    const text = COMPACT.slice(0, COMPACT.indexOf('table ip6 kube-proxy'));
    const { exitCode, stderr } = await drift(text);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('warning[saved-rules-complete]');
    expect(stderr).toContain('no table ip6 kube-proxy');
    expect(stderr).toContain('--family ipv4');
    expect(await drift(text, '--family', 'ipv4')).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('1: without Services, no table is wanted', async () => {
    const { exitCode, stdout } = await runQuietly(
      ['diff', '-', '--rules', 'fixtures/explain/node-nftables/compact.rules', ...NODE],
      'apiVersion: v1\nkind: Node\nmetadata: {name: node-a}\n',
    );
    expect(exitCode).toBe(1);
    expect(stdout).toContain('- ip kube-proxy services is not wanted');
  });

  test('rules of a node may hold anything', async () => {
    const evil = '\t\tiifname "\u001b[31m\u202e`x`<b>" drop\n';
    const text = COMPACT.replace('\t\tct state invalid drop\n', evil);
    for (const format of ['pretty', 'markdown', 'json']) {
      const { exitCode, stdout } = await drift(text, '--output', format);
      expect({ format, exitCode }).toEqual({ format, exitCode: 1 });
      expect(stdout).toContain('u001b');
      for (const character of ['\u001b', '\u202e']) expect(stdout).not.toContain(character);
    }
  });

  test.each([
    ['cut off', COMPACT.slice(0, -200), [], /<stdin>:\d+:\d+: error\[saved-rules-complete\]/],
    ['nothing', '', [], /error\[saved-rules-given\]/],
    ['iptables-save', '*nat\nCOMMIT\n', [], /<stdin>:1:1: error[\s\S]*"iptables-save" prints/],
    ['JSON without rules', '{"nftables": []}', [], /<stdin>:1:1: error[\s\S]*holds no rules/],
    ['in iptables mode', COMPACT, ['--mode', 'iptables'], /<stdin>:1:1: error[\s\S]*--mode nftables/],
    ['in ipvs mode', COMPACT, ['--mode', 'ipvs'], /<stdin>:1:1: error[\s\S]*--mode nftables/],
  ])('2: %s', async (_, text, args, said) => {
    const { exitCode, stdout, stderr } = await drift(text, ...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(said);
  });
});

test('diff tells the mode from the rules, and says so; --mode overrules them', async () => {
  const argv = ['diff', INPUT, '--rules', '-'];
  const [given, told] = [
    await runQuietly([...argv, ...NODE], COMPACT),
    await runQuietly([...argv, ...NODE.slice(2)], COMPACT),
  ];
  expect(told).toMatchObject({ exitCode: given.exitCode, stdout: given.stdout });
  expect(told.stderr).toContain('the rules of the node are those of nftables mode');
  expect(given.stderr).not.toContain('are those of');
  const overruled = await runQuietly([...argv, ...NODE.slice(2), '--mode', 'iptables'], COMPACT);
  expect(overruled).toMatchObject({ exitCode: 2, stdout: '' });
});

test('a jump that is missing is named: chains of Services that nothing leads to are as good as none', async () => {
  const text = KUBE_PROXY.replace(/(chain nat-prerouting \{\n.*\n)(?:.*\n)*?(\t\}\n)/, '$1$2');
  expect(text).not.toBe(KUBE_PROXY);
  const { stdout } = await runQuietly(
    ['explain', '--rules', '-', '--from', '203.0.113.9', '--to', '10.96.0.80:80'],
    text,
  );
  const unwrapped = stdout.replaceAll(/\n {4}/g, ' ');
  expect(unwrapped).toContain('chain nat-prerouting does not lead there, so none is reached');
});
