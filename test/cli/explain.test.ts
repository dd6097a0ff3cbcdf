import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runProgram } from '../support/run-program.ts';

const dir = mkdtempSync(join(tmpdir(), 'svcgen-explain-'));
afterAll(() => rmSync(dir, { recursive: true }));

const QUICKSTART = ['explain', 'fixtures/quickstart', '--node', 'node-a'];
const FROM_POD = ['--from', '10.244.1.10'];

/** Rules of a node that send 10.96.0.1:80 to one endpoint, and more lines of the filter table. */
function rules(...filter: readonly string[]): string {
  const nat = [
    ':PREROUTING ACCEPT [0:0]',
    '-A PREROUTING -d 10.96.0.1/32 -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.244.1.5:8080',
  ];
  const tables = { nat, filter };
  const text = Object.entries(tables).map(([name, lines]) => `*${name}\n${lines.join('\n')}\nCOMMIT\n`);
  return text.join('').replaceAll('\n\n', '\n');
}

async function explainRules(text: string, ...args: readonly string[]) {
  const defaults = ['--from', '192.0.2.7', '--to', '10.96.0.1:80', '--output', 'json'];
  const { exitCode, stdout, stderr } = await runProgram(
    ['explain', '--rules', '-', ...defaults, ...args],
    text,
  );
  return { exitCode, stderr, answer: stdout === '' ? undefined : JSON.parse(stdout) };
}

/** Services have no dots in their names, and nodes of clouds do. */
test('a host name is that of a node', async () => {
  const { exitCode, stderr } = await runProgram([...QUICKSTART, '--to', 'www.example.com:80', '-q']);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('there is no node www.example.com in the input');
});

describe('what is wrong with a command line', () => {
  test.each([
    ['no --to', FROM_POD, "required option '--to <target>'"],
    ['--to without port', ['--to', '10.0.0.20'], 'It takes ADDRESS:PORT'],
    ['--to with a port that is none', ['--to', '10.0.0.20:70000'], 'It takes ADDRESS:PORT'],
    ['--to with another protocol', ['--to', '10.0.0.20:80/icmp'], 'It takes ADDRESS:PORT'],
    ['--from that is none', ['--to', 'default/api:http', '--from', '10.0.0.300'], 'is no IP address'],
    [
      'two families',
      ['--to', '10.0.0.20:80', '--from', 'fd00::1'],
      '--from fd00::1 is IPv6, and the connection goes to IPv4',
    ],
    ['another family', ['--to', '10.0.0.20:80', '--family', 'ipv6'], '--to 10.0.0.20 is IPv4, not IPv6'],
    ['all nodes', ['--to', '10.0.0.20:80', '--node', '*'], 'a connection is explained on one node'],
    ['two origins', ['--to', '10.0.0.20:80', '--from-node', '--from-outside'], 'cannot be used with'],
    [
      'a layout that the mode lacks',
      ['--to', '10.0.0.20:80', '--mode', 'ipvs', '--layout', 'compact'],
      'no layout',
    ],
  ])('%s', async (_, args, message) => {
    const { exitCode, stdout, stderr } = await runProgram([...QUICKSTART, ...args]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  test('stdin twice', async () => {
    const { exitCode, stderr } = await runProgram(['explain', '-', '--rules', '-', '--to', '10.0.0.20:80']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('stdin can be the rules or manifests, not both');
  });
});

describe('names', () => {
  test.each([
    ['a Service that is not there', 'default/apy:http', 'did you mean default/api?'],
    ['a port that it lacks', 'default/api:https', 'it has http (80/TCP), metrics (9090/TCP)'],
    ['none of several ports', 'api', 'name one, like --to default/api:http'],
  ])('%s', async (_, to, hint) => {
    const { exitCode, stdout, stderr } = await runProgram([...QUICKSTART, '--to', to]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('error[service-known]');
    expect(stderr).toContain(hint);
  });

  test.each(['default/api:http', 'api:http', 'api:80', 'default/api:80/tcp'])('%s', async (to) => {
    const { exitCode, stdout } = await runProgram([...QUICKSTART, ...FROM_POD, '--to', to]);
    expect(exitCode).toBe(0);
    expect(stdout.replace('\n   ', '')).toContain('to 10.0.0.20:80 (the clusterIP of default/api:http)');
  });

  test('are in the comments of rules, too', async () => {
    const text = readFileSync('fixtures/explain/node-rules/node.rules', 'utf8');
    for (const to of ['default/web', 'web:http', 'web:80/tcp']) {
      const { exitCode, answer } = await explainRules(text, '--to', to);
      expect(exitCode).toBe(0);
      expect(answer.connection.to).toBe('10.96.0.80:80');
    }
    const otherPort = await explainRules(text, '--to', 'web:https');
    expect(otherPort).toMatchObject({ exitCode: 1, answer: undefined });
    expect(otherPort.stderr).toContain('these rules are about http (80/tcp)');
  });

  test('of Services that rules refuse, too: their clusterIPs', async () => {
    const flags = ['--node', 'worker-1', '--node-ip', '192.168.7.11'];
    const { stdout } = await runProgram(['render', 'fixtures/explain/refusals/input.yaml', ...flags]);
    const { answer } = await explainRules(stdout, '--to', 'shop/elsewhere');
    expect(answer.connection.to).toBe('10.96.0.2:80');
    expect(answer.ways).toMatchObject([{ result: 'dropped' }]);
  });

  test('that nothing tells, but much like one that is there', async () => {
    const flags = ['--node', 'worker-1', '--node-ip', '192.168.7.11'];
    const { stdout } = await runProgram(['render', 'fixtures/explain/refusals/input.yaml', ...flags]);
    for (const name of ['elsewhere', 'shop/elsewere']) {
      const { stderr } = await explainRules(stdout, '--to', name);
      expect(stderr).toContain('hint: did you mean shop/elsewhere? ');
    }
    const { stderr } = await explainRules(stdout, '--to', 'shop/db');
    expect(stderr).toContain('hint: give manifests as paths too');
  });

  test('that nothing tells', async () => {
    const { exitCode, stderr } = await explainRules(rules(), '--to', 'default/web');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('no comment in these rules names Service default/web');
  });

  test('the node itself needs an address', async () => {
    const args = ['explain', 'fixtures/explain/node-rules/input.yaml', '--from-node', '--to', 'web'];
    const { exitCode, stderr } = await runProgram(args);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('the node itself connects, and none of its addresses is known');
  });

  test('both families: the first, or the one that is asked for', async () => {
    const args = ['explain', 'fixtures/valid/dual-stack/input.yaml', '--to'];
    const { stdout } = await runProgram([...args, 'default/web']);
    const ipv6 = await runProgram([...args, 'default/web', '--family', 'ipv6']);
    expect(stdout).toMatch(/^TCP from 192\.0\.2\.1 /);
    expect(ipv6.stdout).toMatch(/^TCP from 2001:db8::1 .* to \[/);
  });
});

describe('who connects, and what is not looked at', () => {
  const POD = `apiVersion: v1
kind: Pod
metadata: { name: web-0, namespace: shop, labels: { app: web } }
spec: { nodeName: n1, containers: [{ name: web, image: nginx }] }
status: { phase: Running, podIPs: [{ ip: 10.244.1.5 }], conditions: [{ type: Ready, status: "True" }] }`;
  const SHOP = `apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { clusterIP: 10.96.0.10, selector: { app: web }, ports: [{ port: 80 }] }
---
${POD}
---
apiVersion: v1
kind: Node
metadata: { name: n1 }
spec: { podCIDRs: [10.244.1.0/24] }
status: { addresses: [{ type: InternalIP, address: 192.168.7.11 }] }
---
apiVersion: v1
kind: Node
metadata: { name: n2 }
spec: { podCIDRs: [10.244.2.0/24] }
status: { addresses: [{ type: InternalIP, address: 192.168.7.12 }] }`;

  function policy(kind: string, name: string, namespace = ''): string {
    const place = namespace === '' ? '' : `, namespace: ${namespace}`;
    return `\n---\napiVersion: example.org/v1\nkind: ${kind}\nmetadata: { name: ${name}${place} }`;
  }

  async function explainShop(from: readonly string[], more = '') {
    const { stdout } = await runProgram(
      ['explain', '-', '--node', 'n1', '--to', 'shop/web', ...from],
      SHOP + more,
    );
    return stdout;
  }

  test.each([
    ['10.244.1.9', 'a pod of n1'],
    ['10.244.2.9', 'a pod of n2'],
    ['10.244.1.5', 'pod shop/web-0 on n1'],
    ['192.168.7.12', 'node n2'],
    ['192.168.7.11', 'the node itself'],
    ['192.0.2.7', 'from outside the node'],
  ])('%s is %s', async (ip, who) => {
    expect(await explainShop(['--from', ip])).toContain(`TCP from ${ip} (${who}) to`);
    const said = await explainShop(['--from', ip, '--from-outside']);
    expect(said).toContain(`TCP from ${ip} (from outside the node) to`);
  });

  test.each([
    ['shop/web-0', '10.244.1.5 (pod shop/web-0 on n1)'],
    ['web-0', '10.244.1.5 (pod shop/web-0 on n1)'],
    ['pod/web-0', '10.244.1.5 (pod shop/web-0 on n1)'],
    ['pod shop/web-0', '10.244.1.5 (pod shop/web-0 on n1)'],
    ['node', '192.168.7.11 (the node itself)'],
    ['node n1', '192.168.7.11 (the node itself)'],
    ['node/n2', '192.168.7.12 (node n2)'],
    ['outside', '192.0.2.1 (from outside the node)'],
  ])('--from %s', async (name, who) => {
    expect(await explainShop(['--from', name])).toContain(`TCP from ${who} to`);
  });

  test.each([
    ['web-1', 'there is no pod web-1 in the input\n  hint: there are shop/web-0'],
    ['default/web-0', 'there is no pod default/web-0 in the input\n  hint: did you mean shop/web-0?'],
    ['n2', 'there is no pod n2 in the input\n  hint: did you mean node n2?'],
    ['node n3', 'there is no node n3 in the input'],
  ])('--from %s is nobody', async (name, message) => {
    const argv = ['explain', '-', '--node', 'n1', '--to', 'shop/web', '--from', name];
    const { exitCode, stdout, stderr } = await runProgram(argv, SHOP);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(`error[client-known]: ${message}`);
  });

  test('of two pods of one name, the one in default is meant, or none', async () => {
    const inOther = `\n---\n${POD.replace('namespace: shop', 'namespace: other').replace('.5', '.6')}`;
    const argv = ['explain', '-', '--node', 'n1', '--to', 'shop/web', '--from', 'web-0'];
    const several = await runProgram(argv, SHOP + inOther);
    expect(several.stderr).toContain(
      'there are several pods web-0\n  hint: name one of other/web-0, shop/web-0',
    );
    const inDefault = inOther.replace('namespace: other', 'namespace: default');
    expect((await runProgram(argv, SHOP + inDefault)).stdout).toContain('(pod default/web-0 on n1)');
  });

  test('a name needs manifests, and excludes other words', async () => {
    const argv = ['explain', '--rules', '-', '--to', '10.96.0.1:80', '--from', 'shop/web-0'];
    const unknown = await runProgram(argv, rules());
    expect(unknown.stderr).toContain('without manifests, nobody knows which address pod web-0 has');
    const twice = await runProgram([...argv, '--from-node'], rules());
    expect(twice).toMatchObject({ exitCode: 2, stdout: '' });
    expect(twice.stderr).toContain('--from says who connects already: without --from-node');
  });

  test('a client on another node meets the rules of that one first', async () => {
    const note = 'note: node n2 is on n2';
    expect(await explainShop(['--from', 'node n2'])).not.toContain(note);
    const pod = await explainShop(['--from', '10.244.2.9']);
    expect(pod.replaceAll('\n     ', '')).toContain(
      'note: a pod of n2 meets the rules of n2 first, and these are those of n1: --node n2 follows them',
    );
    const toNode = await explainShop(['--from', '10.244.2.9', '--to', '192.168.7.11:30080']);
    expect(toNode).not.toContain('meets the rules of n2');
    expect(await explainShop(['--from', '10.244.1.9'])).not.toContain('meets the rules of');
  });

  test('without --node, the rules are those of the node that the client is on', async () => {
    const argv = ['explain', '-', '--to', 'shop/web', '--from', '10.244.2.9'];
    const { stdout } = await runProgram(argv, SHOP);
    expect(stdout).toContain(
      'note: these are the rules of n2, where the client is: --node chooses another node\n',
    );
  });

  test('addresses of pods are none of the node itself', async () => {
    const stdout = await explainShop(['--from', '10.244.1.9']);
    expect(stdout).toContain('routing: 10.244.1.5 is no address of the node itself\n');
  });

  test('network policies of the namespaces that are concerned, or of the whole cluster', async () => {
    const from = ['--from', '10.244.1.9'];
    expect(await explainShop(from, policy('NetworkPolicy', 'deny'))).not.toContain('NetworkPolic');
    expect(await explainShop(from, policy('NetworkPolicy', 'deny', 'shop'))).toContain(
      'note: NetworkPolicy shop/deny is not looked at: a network plugin enforces it, not these rules\n',
    );
    const several = policy('CiliumNetworkPolicy', 'web', 'shop') + policy('AdminNetworkPolicy', 'all');
    expect(await explainShop(from, several)).toContain(
      'note: network policies are not looked at (all, shop/web): a network plugin enforces them, not these',
    );
    const unready = SHOP.replace('"True"', '"False"') + policy('NetworkPolicy', 'deny', 'shop');
    const { stdout } = await runProgram(['explain', '-', '--to', 'shop/web', '--node', 'n1'], unready);
    expect(stdout).not.toContain('is not looked at');
  });
});

describe('rules of a node', () => {
  test('are followed without manifests', async () => {
    const { exitCode, answer } = await explainRules(rules());
    expect(exitCode).toBe(0);
    expect(answer.ways).toMatchObject([{ share: '1/1', result: 'endpoint', to: '10.244.1.5:8080' }]);
  });

  test.each([
    [
      'kube-proxy',
      '-A KUBE-SERVICES ! -s 10.244.0.0/16 -m comment --comment "x" -j KUBE-MARK-MASQ',
      'a pod of the cluster',
    ],
    [
      'flannel',
      '-A FLANNEL-POSTRTG -s 10.244.0.0/16 ! -d 224.0.0.0/4 -m comment --comment "flanneld masq" -j MASQUERADE',
      'a pod of the cluster',
    ],
    [
      'kindnet',
      '-A KIND-MASQ-AGENT -d 10.244.0.0/16 -m comment --comment "x" -j RETURN',
      'a pod of the cluster',
    ],
    [
      'a bridge of CNI',
      '-A POSTROUTING -s 10.244.2.9/32 -m comment --comment "x" -j CNI-0123456789abcdef',
      'a pod of the node',
    ],
    ['nothing', '-A POSTROUTING -s 10.244.2.8/32 -j MASQUERADE', 'a pod or another machine'],
  ])('tell pods: %s', async (_, rule, who) => {
    const chain = rule.split(' ')[1];
    const text = rules().replace(
      'COMMIT',
      `:${chain} ${chain === 'POSTROUTING' ? 'ACCEPT' : '-'} [0:0]\n:KUBE-MARK-MASQ - [0:0]\n:CNI-0123456789abcdef - [0:0]\n${rule}\nCOMMIT`,
    );
    const argv = ['explain', '--rules', '-', '--to', '10.96.0.1:80', '--from'];
    const { stdout } = await runProgram([...argv, '10.244.2.9'], text);
    expect(stdout).toContain(`TCP from 10.244.2.9 (${who}) to`);
    const outside = await runProgram([...argv, '203.0.113.9'], text);
    expect(outside.stdout).toContain('TCP from 203.0.113.9 (from outside the node) to');
  });

  test('with the routes of the node, pods of the node are known', async () => {
    const routes =
      'default via 192.168.7.1 dev eth0\n10.244.2.0/24 dev cni0 proto kernel scope link src 10.244.2.1\n192.168.7.0/24 dev eth0 proto kernel scope link src 192.168.7.11\n';
    const told = async (from: string) => {
      const argv = ['explain', '--rules', '-', '--to', '10.96.0.1:80', '--from', from];
      return (await runProgram(argv, `${rules()}\n${routes}`)).stdout.split('\n')[0];
    };
    expect(await told('10.244.2.9')).toContain('(a pod of the node)');
    expect(await told('10.244.3.9')).toContain('(a pod or another machine)');
    expect(await told('192.168.7.12')).toContain('(from outside the node)');
  });

  test('a node without a name may have endpoints, whatever manifests say of Local policies', async () => {
    const manifests = 'fixtures/valid/local-policies/input.yaml';
    const flags = ['--node-ip', '192.168.7.13'];
    const { stdout: text } = await runProgram(['render', manifests, '--node', 'node-c', ...flags]);
    const argv = ['explain', manifests, '--rules', '-', '--from', '10.244.1.9', '--to', 'default/internal'];
    expect((await runProgram([...argv, '--node', 'node-c'], text)).stdout).toContain(
      'note: internalTrafficPolicy',
    );
    expect((await runProgram(argv, text)).stdout).not.toContain('note: internalTrafficPolicy');
  });

  test('come from a file too', async () => {
    const path = join(dir, 'node.rules');
    writeFileSync(path, rules());
    const { exitCode, stdout } = await runProgram(['explain', '--rules', path, '--to', '10.96.0.1:80']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('goes to 10.244.1.5:8080');
  });

  test('a match that is not known is named, and what depends on it', async () => {
    const text = rules('-A FORWARD -m string --string "x\u001b[31m" --algo bm -j DROP');
    const { exitCode, answer } = await explainRules(text);
    expect(exitCode).toBe(0);
    expect(answer.ways.map(({ result }: { readonly result: string }) => result).sort()).toEqual([
      'dropped',
      'endpoint',
    ]);
    expect(answer.ways[1].conditions).toMatchObject([[{ holds: true, line: 6, chain: 'FORWARD' }]]);
    const pretty = await runProgram(['explain', '--rules', '-', '--to', '10.96.0.1:80'], text);
    expect(pretty.stdout).toContain('\\u001b[31m');
    expect(pretty.stdout).not.toContain('\u001b');
  });

  test('a target that is not followed is named', async () => {
    const { answer } = await explainRules(rules('-A FORWARD -j XTSTRANGE --to 7'));
    expect(answer.ways).toMatchObject([
      { result: 'unknown', reason: 'svcgen does not follow -j XTSTRANGE --to 7' },
    ]);
  });

  test('the incoming interface can be said', async () => {
    const text = rules('-A FORWARD -i cni0 -j REJECT');
    const conditions = (await explainRules(text)).answer.ways[1].conditions;
    expect(conditions).toMatchObject([[{ unknown: '-i', in: ['cni0'], line: 6 }]]);
    expect((await explainRules(text, '--in-interface', 'cni0')).answer.ways).toMatchObject([
      { result: 'rejected' },
    ]);
    expect((await explainRules(text, '--in-interface', 'eth0')).answer.ways).toMatchObject([
      { result: 'endpoint' },
    ]);
    expect((await explainRules(text, '--from-node')).answer.connection.origin).toBe('node');
  });

  test('without a table nat it says so', async () => {
    const { answer } = await explainRules('*filter\n:FORWARD ACCEPT [0:0]\nCOMMIT\n');
    expect(answer.notes[0]).toBe(
      'these rules have no table nat, which is where Services are: there is only filter',
    );
  });

  test('what it can be about is told where nothing matches', async () => {
    const { answer } = await explainRules(rules(), '--to', '10.96.0.1:81');
    expect(answer.ways).toMatchObject([{ result: 'elsewhere' }]);
    expect(answer.notes).toContain('rules of the nat table for 10.96.0.1: 80/tcp (line 3)');
  });
});

describe('rules that are none', () => {
  test.each([
    ['cut off', rules().slice(0, -20), 'saved-rules-complete', 'cut off here'],
    ['cut off in a line', rules('-A FORWARD -j DROP').slice(0, -15), 'saved-rules-complete', 'cut off here'],
    ['of iptables -L', 'Chain INPUT (policy ACCEPT)\n', 'saved-rules-text', 'iptables -L'],
    ['of nft, cut off', 'table ip kube-proxy {\n', 'saved-rules-complete', 'cut off here'],
    [
      'of nft -j, and empty',
      '{"nftables": [{"metainfo": {}}]}\n',
      'saved-rules-given',
      'is this the right node?',
    ],
    ['manifests', 'apiVersion: v1\nkind: Service\n', 'saved-rules-text', 'look like manifests'],
    ['nothing', '', 'saved-rules-given', 'holds no rules'],
    [
      'of IPv6',
      '*nat\n-A PREROUTING -d fd00::1/128 -j ACCEPT\nCOMMIT\n',
      'saved-rules-family',
      'rules of IPv4 are wanted, and this one is about fd00::1/128',
    ],
    ['binary', '\0\u0001\u0002', 'saved-rules-text', 'not what iptables-save prints'],
  ])('%s', async (_, text, code, message) => {
    const { exitCode, stderr, answer } = await explainRules(text);
    expect({ exitCode, answer }).toEqual({ exitCode: 1, answer: undefined });
    expect(stderr).toContain(`error[${code}]`);
    expect(stderr).toContain(message);
  });

  test('a file that is not there', async () => {
    const args = ['explain', '--rules', join(dir, 'missing'), '--to', '10.96.0.1:80'];
    const { exitCode, stderr } = await runProgram(args);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('error[input-exists]');
  });
});

test('manifests with errors are not explained', async () => {
  const { exitCode, stdout, stderr } = await runProgram(
    ['explain', '-', '--to', '10.0.0.20:80'],
    'apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 0}]}\n',
  );
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toContain('error[');
});

test('colours where they are wanted', async () => {
  const plain = await runProgram([...QUICKSTART, ...FROM_POD, '--to', 'api:http']);
  const coloured = await runProgram([...QUICKSTART, ...FROM_POD, '--to', 'api:http'], '', {
    env: { FORCE_COLOR: '1' },
  });
  expect(plain.stdout).not.toContain('\u001b');
  expect(coloured.stdout).toContain('\u001b');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control sequences
  expect(coloured.stdout.replaceAll(/\u001b\[\d+m/g, '')).toBe(plain.stdout);
});

describe('-n says whose a name without a namespace is', () => {
  const service = (namespace: string, ip: string) =>
    `apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: ${namespace}}\nspec: {clusterIP: ${ip}, selector: {a: b}, ports: [{port: 80}]}\n`;
  const pod = (namespace: string, ip: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: web-0, namespace: ${namespace}, labels: {a: b}}\nspec: {nodeName: w1, containers: [{name: c, image: i}]}\nstatus: {phase: Running, podIPs: [{ip: ${ip}}], conditions: [{type: Ready, status: "True"}]}\n`;
  const node =
    'apiVersion: v1\nkind: Node\nmetadata: {name: w1}\nstatus: {addresses: [{type: InternalIP, address: 192.168.1.1}]}\n';
  const path = join(dir, 'two.yaml');
  const text = [
    service('default', '10.96.0.1'),
    service('shop', '10.96.0.2'),
    pod('default', '10.244.1.1'),
    pod('shop', '10.244.1.2'),
    node,
  ].join('---\n');

  async function explained(...argv: readonly string[]) {
    writeFileSync(path, text);
    return (await runProgram(['explain', path, '-q', ...argv])).stdout.split('\n', 1)[0];
  }

  test.each([
    [[], '(pod default/web-0 on w1) to 10.96.0.1:80'],
    [['-n', 'shop'], '(pod shop/web-0 on w1) to 10.96.0.2:80'],
  ])('%j', async (flags, said) => {
    expect(await explained('--from', 'web-0', '--to', 'web', ...flags)).toContain(said);
    expect(await explained('--from', 'web-0', '--to', 'http://web/', ...flags)).toContain(said);
  });

  test('and changes no other name', async () => {
    const both = await explained('-n', 'shop', '--from', 'default/web-0', '--to', 'web.default:80');
    expect(both).toContain('(pod default/web-0 on w1) to 10.96.0.1:80');
    expect(await explained('-n', 'shop', '--to', 'w1:30080')).toContain(' to 192.168.1.1:30080');
  });

  test('to svcgen dns --why, too', async () => {
    writeFileSync(path, text);
    const why = async (...flags: readonly string[]) =>
      (await runProgram(['dns', path, '-q', '--why', 'web', ...flags])).stdout.split('\n', 1)[0];
    expect(await why()).toBe('web.default.svc.cluster.local has 1 record');
    expect(await why('-n', 'shop')).toBe('web.shop.svc.cluster.local has 1 record');
    const alone = await runProgram(['dns', path, '-n', 'shop']);
    expect(alone).toMatchObject({ exitCode: 2, stdout: '' });
    expect(alone.stderr).toContain('--namespace says where the pod is that asks --why <name>');
  });
});
