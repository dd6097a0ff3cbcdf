import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runProgram } from '../support/run-program.ts';

const INPUT = 'fixtures/valid/ipvs/input.yaml';
const NODE = ['--mode', 'ipvs', '--node', 'node-a', '--cluster-cidr', '10.244.0.0/16,fd00:10:244::/48'];
const SAVED = {
  ipv4: readFileSync('fixtures/explain/node-ipvs/node-a.rules', 'utf8'),
  ipv6: readFileSync('fixtures/explain/node-ipvs/node-a-ipv6.rules', 'utf8'),
};

const drift = (text: string, ...args: readonly string[]) =>
  runProgram(['diff', INPUT, '--rules', '-', '-v', ...NODE, ...args], text);

/** Parts of the text: tables, sets, virtual servers. */
const TABLES = `${SAVED.ipv4.slice(0, SAVED.ipv4.lastIndexOf('COMMIT'))}COMMIT\n`;
const linesOf = (start: RegExp) =>
  SAVED.ipv4
    .split('\n')
    .filter((line) => start.test(line))
    .map((line) => `${line}\n`)
    .join('');
const SETS = linesOf(/^(?:create|add) /);
const SERVERS = linesOf(/^-[Aa] (?:-[tu]|--sctp-service) /);

test.each([
  [[0, 0], 'sends no new connection to its 2 real servers, since their weights are 0'],
  [[0], 'sends no new connection to its 1 real server, since its weight is 0'],
  [[], 'has no real servers'],
])('explain says why a virtual server refuses everybody: weights %j', async (weights, words) => {
  const servers = weights.map((weight, at) => `-a -t 10.96.0.10:80 -r 10.244.0.${at}:8080 -m -w ${weight}\n`);
  const text = `-A -t 10.96.0.10:80 -s rr\n${servers.join('')}`;
  const argv = ['explain', '--rules', '-', '--from', '10.244.0.9', '--to', '10.96.0.10:80'];
  const { stdout } = await runProgram(argv, text);
  expect(stdout.replace(/\s+/g, ' ')).toContain(`rejected: IPVS: virtual server 10.96.0.10:80 ${words}`);
});

describe('diff', () => {
  const OWN = { ipv4: /^add KUBE-(?!6-)|^-[Aa] \S+ (?!198\.18|\[)\d/, ipv6: /^add KUBE-6-|^-[Aa] \S+ \[/ };

  test.each(['ipv4', 'ipv6'] as const)('each line that is lost is found (%s)', async (family) => {
    const lines = SAVED[family].split('\n');
    const own = lines.filter((line) => OWN[family].test(line));
    expect(own.length).toBeGreaterThan(5);
    for (const line of own) {
      const isServer = line.startsWith('-A ');
      const service = line.split(' ').slice(1, 3).join(' ');
      const isLost = (each: string) => each === line || (isServer && each.startsWith(`-a ${service} `));
      const { exitCode, stdout } = await drift(
        lines.filter((each) => !isLost(each)).join('\n'),
        '--family',
        family,
      );
      expect({ line, exitCode }).toEqual({ line, exitCode: 1 });
      if (!isServer) expect(stdout).toContain(`+ ${line}\n`);
    }
  });

  test('what is changed or added is found, and where', async () => {
    const changes = [
      ['-m -w 1', '-m -w 2'],
      ['-m -w 1', '-g -w 1'],
      ['-s rr -p 10800', '-s rr -p 60'],
      ['-s rr\n', '-s sh\n'],
      ['-s rr\n', '-s rr -b flag-1\n'],
      ['add KUBE-CLUSTER-IP 10.96.0.80,tcp:80', 'add KUBE-CLUSTER-IP 10.96.0.80,tcp:80 timeout 9'],
      [
        'create KUBE-CLUSTER-IP hash:ip,port family inet',
        'create KUBE-CLUSTER-IP hash:ip,port family inet counters',
      ],
    ] as const;
    for (const [from, to] of changes) {
      const text = SAVED.ipv4.replace('-A -t 198.18.0.1:9999 -s rr\n', '').replace(from, to);
      const { exitCode, stdout } = await drift(text);
      expect({ to, exitCode }).toEqual({ to, exitCode: 1 });
      expect(stdout).toMatch(/^ {4}- line \d+: /m);
    }
  });

  test.each([
    ['of others', '-A -t 198.18.0.2:80 -s rr\n', 0],
    ['on an address of a Service', '-A -t 10.96.0.80:81 -s rr\n', 1],
    [
      'on an address that the dummy device has',
      'add KUBE-IPVS-IPS 198.18.0.2\n-A -t 198.18.0.2:80 -s rr\n',
      1,
    ],
    ['of the other family', '-A -t [fd00:10:96::52]:81 -s rr\n', 0],
    ['of a nodePort of old', 'add KUBE-NODE-PORT-TCP 31999\n-A -t 192.0.2.1:31999 -s rr\n', 1],
    ['on an address of the node', '-A -t 192.0.2.1:31999 -s rr\n', 0],
    ['that a set names', 'add KUBE-EXTERNAL-IP 198.18.0.3,tcp:80\n-A -t 198.18.0.3:80 -s rr\n', 1],
  ])('a virtual server more: %s', async (_, more, exitCode) => {
    const run = await drift(SAVED.ipv4 + more);
    expect(run.exitCode).toBe(exitCode);
    if (exitCode === 1) expect(run.stdout).toContain('- ipvs virtual server ');
  });

  test('those in excluded CIDRs are of others', async () => {
    const text = `${SAVED.ipv4}-A -t 10.96.0.80:81 -s rr\n`;
    expect((await drift(text, '--ipvs-exclude-cidrs', '10.96.0.80/32')).exitCode).toBe(0);
  });

  test('rules alone are compared alone, and that is said', async () => {
    const { exitCode, stdout, stderr } = await drift(TABLES);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^no drift/);
    expect(stderr).toContain('holds neither sets nor virtual servers, so only rules are compared');
  });

  test.each([
    ['rules', SETS + SERVERS, '+ filter KUBE-FORWARD is missing'],
    ['sets', TABLES + SERVERS, '+ ipvs set KUBE-CLUSTER-IP is missing'],
    ['virtual servers', SETS + TABLES, '+ ipvs virtual server 10.96.0.80:80/tcp is missing'],
  ])('%s that all are lost are not taken for well, and the reason is said', async (what, text, said) => {
    const { exitCode, stdout, stderr } = await drift(text);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(said);
    expect(stderr).toContain(`holds no ${what}: all of ours are taken to be missing`);
  });

  test('other modes have neither', async () => {
    const { exitCode, stderr } = await runProgram(
      ['diff', INPUT, '--rules', '-', '--mode', 'iptables', '--node', 'node-a'],
      SETS,
    );
    expect(exitCode).toBe(2);
    expect(stderr).toContain('<stdin>:1:1: error[saved-rules-text]');
    expect(stderr).toContain('"ipset save"');
  });

  test('all of a node that is taken out of the text at random is missed', async () => {
    const lines = SAVED.ipv4.split('\n');
    const own = lines.flatMap((line, index) => (OWN.ipv4.test(line) && !line.startsWith('-A ') ? index : []));
    await fc.assert(
      fc.asyncProperty(fc.subarray(own, { minLength: 1 }), async (lost) => {
        const text = lines.filter((_, index) => !lost.includes(index)).join('\n');
        const { stdout } = await drift(text, '--output', 'json');
        expect(JSON.parse(stdout).summary.rules).toEqual({ missing: lost.length, extra: 0 });
      }),
      { numRuns: 30 },
    );
  });
});

describe('explain', () => {
  async function ways(text: string, ...args: readonly string[]) {
    const flags = ['--rules', '-', '--from', '10.244.1.9', '--to', '10.96.0.80:80', '--output', 'json'];
    const { stdout } = await runProgram(['explain', ...flags, ...args], text);
    return JSON.parse(stdout);
  }

  test('as on manifests, wherever it goes', async () => {
    const places = new Set(
      [...SERVERS.matchAll(/^-A (-t|-u|--sctp-service) ([\d.]+:\d+)/gm)].map(
        ([, option, place]) => `${place}${option === '-t' ? '' : option === '-u' ? '/udp' : '/sctp'}`,
      ),
    );
    places.delete('198.18.0.1:9999');
    expect(places.size).toBeGreaterThan(8);
    for (const to of [...places, '10.96.0.80:81']) {
      for (const from of ['10.244.1.9', '10.244.1.5', '203.0.113.9', '192.0.9.9']) {
        const args = [INPUT, '--node', 'node-a', '--from', from, '--to', to];
        const saved = await ways(SAVED.ipv4, ...args);
        const own = JSON.parse((await runProgram(['explain', ...args, ...NODE, '--output', 'json'])).stdout);
        const endsOf = (answer: { readonly ways: readonly object[] }) =>
          answer.ways.map((way) => ({ ...way, path: undefined, refusedBy: undefined }));
        expect({ to, from, ways: endsOf(saved) }).toEqual({ to, from, ways: endsOf(own) });
        expect(saved.scheduler).toBe(own.scheduler);
      }
    }
  });

  test('what the text has not got is said', async () => {
    const note = (answer: { readonly notes: readonly string[] }) =>
      answer.notes.filter((each) => each.includes('ipvs mode'));
    expect(note(await ways(SAVED.ipv4))).toEqual([]);
    expect(note(await ways(TABLES + SETS))).toEqual([expect.stringContaining('has no virtual servers')]);
    expect(note(await ways(TABLES + SERVERS))).toEqual([expect.stringContaining('has no sets')]);
    expect(note(await ways(TABLES))).toEqual([expect.stringMatching(/no sets .* and no virtual servers/)]);
  });

  test('nothing is guessed of a scheduler that is not known', async () => {
    const text = SAVED.ipv4.replace('-A -t 10.96.0.80:80 -s rr', '-A -t 10.96.0.80:80 -s fo');
    expect((await ways(text)).ways).toMatchObject([
      { result: 'unknown', reason: expect.stringContaining('the scheduler fo') },
    ]);
  });

  test.each([
    ['less than the set has', 'dst', []],
    ['the port of the client', 'dst,src', [true, false]],
  ])('a set that is asked for %s', async (_, dimensions, holds) => {
    const text = SAVED.ipv4.replace(
      '-A KUBE-SERVICES',
      `-A KUBE-SERVICES -m set --match-set KUBE-CLUSTER-IP ${dimensions} -j DROP\n-A KUBE-SERVICES`,
    );
    const { ways: found } = await ways(text);
    const conditions = found.flatMap(
      (way: { readonly conditions: readonly (readonly { holds: boolean }[])[] }) =>
        way.conditions.flat().map((condition) => condition.holds),
    );
    expect([...new Set(conditions)].sort().reverse()).toEqual(holds);
  });

  test('1: sets without rules', async () => {
    const run = await runProgram(['explain', '--rules', '-', '--to', '10.96.0.80:80'], SETS);
    expect({ exitCode: run.exitCode, stdout: run.stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(run.stderr).toContain('saved-rules-given');
  });
});
