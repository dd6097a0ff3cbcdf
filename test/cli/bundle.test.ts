import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProgram } from '../support/run-program.ts';

const FORMS = 'fixtures/explain/dump-forms';
const form = (name: string) => readFileSync(`${FORMS}/${name}.txt`, 'utf8');
const TO = ['--from', '203.0.113.7', '--to', '10.0.0.20:80', '--node-ip', '192.168.1.11'];
const ENDPOINTS = ['endpoint 10.244.1.20:8080', 'endpoint 10.244.2.20:8080'];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'svcgen-bundle-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Makes files of a bundle. @returns its folder */
function bundle(name: string, files: Readonly<Record<string, string | Buffer>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name, path)), { recursive: true });
    writeFileSync(join(folder, name, path), text);
  }
  return join(folder, name);
}

function packed(path: string, ...options: readonly string[]): string {
  const archive = `${path}.tar${options.includes('-z') ? '.gz' : ''}`;
  execFileSync('tar', [
    '-c',
    ...options,
    '-f',
    archive,
    '-C',
    dirname(path),
    path.slice(dirname(path).length + 1),
  ]);
  return archive;
}

interface Answer {
  readonly ways: readonly { readonly result: string; readonly to: string }[];
  readonly notes: readonly string[];
}

async function explain(rules: string, ...more: readonly string[]) {
  const run = await runProgram(['explain', '--rules', rules, '--output', 'json', ...TO, ...more]);
  const answer: Answer | undefined = run.stdout === '' ? undefined : JSON.parse(run.stdout);
  return {
    ...run,
    notes: answer?.notes.join('\n'),
    ends: answer?.ways.map(({ result, to }) => `${result} ${to}`),
  };
}

/** Rules that send the same connection to one endpoint, and no other. */
const onlyTo = (ip: string) =>
  [
    '*nat',
    ':PREROUTING ACCEPT [0:0]',
    `-A PREROUTING -d 10.0.0.20/32 -p tcp --dport 80 -j DNAT --to-destination ${ip}:80`,
    'COMMIT',
    '',
  ].join('\n');

const listedNat = () => form('listed').replace(/^# .*\n/, '');

describe('layouts of collectors', () => {
  test('sosreport: tables by name, configurations and other namespaces passed over', async () => {
    const path = bundle('sosreport-worker-1', {
      'sos_commands/firewall_tables/iptables_-t_nat_-nvL': listedNat(),
      'sos_commands/networking/namespaces/x/ip_netns_exec_x_iptables-save': onlyTo('192.0.2.1'),
      'sos_commands/networking/ip_-o_addr':
        '1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever\n',
      'sos_commands/networking/ip_route_show_table_all':
        'default via 192.168.1.1 dev eth9 table 100 proto static\n10.244.0.0/16 dev cni0 proto kernel scope link\n',
      'etc/sysconfig/iptables': onlyTo('192.0.2.2'),
      'version.txt': 'sos 4.7\n',
    });
    for (const given of [path, packed(path), packed(path, '-z')]) {
      const found = await explain(given, '-v');
      expect({ given, ends: found.ends }).toEqual({ given, ends: ENDPOINTS });
      expect(found.stderr).toMatch(/^read: \S*iptables_-t_nat_-nvL$/m);
      expect(found.stderr).toMatch(/^passed over: \S*etc\/sysconfig\/iptables: it is a configuration/m);
      expect(found.stderr).toMatch(/^passed over: \S*x_iptables-save: it is of another network namespace/m);
      expect(found.notes).not.toContain('passed over');
      expect(found.notes).toMatch(/each file counts its own lines: nat, filter from \S*iptables_-t_nat_-nvL/);
    }
  });

  test('logs of EKS and Rancher: what was saved is preferred to listings of the same table', async () => {
    const path = bundle('rancher', {
      'networking/iptablessave': form('saved'),
      'networking/iptablesnat': `${listedNat()}=======\nTotal Number of Rules: 42\n`,
      'networking/ip6tablessave':
        '*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -d fd00::1/128 -j ACCEPT\nCOMMIT\n',
    });
    const found = await explain(path);
    expect(found.ends).toEqual(ENDPOINTS);
    expect(found.notes).not.toContain('iptablesnat');
  });

  test('a text that is packed alone, from stdin too', async () => {
    const path = join(bundle('alone', { 'rules.gz': gzipSync(form('saved')) }), 'rules.gz');
    expect((await explain(path)).ends).toEqual(ENDPOINTS);
    const stdin = { readStdin: () => [gzipSync(form('saved'))] };
    const argv = ['explain', '--rules', '-', '--output', 'json', ...TO];
    expect(JSON.parse((await runProgram(argv, '', stdin)).stdout).ways).toHaveLength(ENDPOINTS.length);
  });

  test.each(['-c', '-z'])('an archive that comes in pieces of any length (tar %s)', async (option) => {
    const bytes = readFileSync(packed(bundle(`pieces${option}`, { 'rules.txt': form('saved') }), option));
    const readStdin = () => [bytes.subarray(0, 40), bytes.subarray(40, 300), bytes.subarray(300)];
    const { stderr } = await runProgram(['explain', '--rules', '-', '-v', ...TO], '', { readStdin });
    expect(stderr).toContain(`read: pieces${option}/rules.txt`);
  });

  test('links are not followed', async () => {
    const path = bundle('linked', { 'here.txt': 'nothing\n' });
    symlinkSync(join(process.cwd(), FORMS), join(path, 'there'));
    const found = await explain(path);
    expect({ exitCode: found.exitCode, stdout: found.stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(found.stderr).toContain('holds neither rules nor addresses of a node');
  });

  test('a file of it that is cut off is an error, with its own name and line', async () => {
    const path = bundle('cut', { 'ip.txt': form('saved').slice(0, form('saved').lastIndexOf('COMMIT')) });
    const found = await explain(path);
    expect(found.stdout).toBe('');
    expect(found.stderr).toMatch(/^ip\.txt:\d+:\d+: error\[saved-rules-complete\]/m);
  });
});

describe('several nodes', () => {
  const nodes = [
    { layout: 'folders', paths: (name: string) => `nodes/${name}/iptables-save.txt` },
    { layout: 'files', paths: (name: string) => `${name}-iptables-save.txt` },
    { layout: 'plain', paths: (name: string) => `${name}.txt` },
  ];
  test.each(nodes)('told apart by $layout, and asked for', async ({ layout, paths }) => {
    const path = bundle(`several-${layout}`, {
      [paths('worker-1')]: onlyTo('192.0.2.1'),
      [paths('worker-10')]: onlyTo('192.0.2.10'),
    });
    const asked = await explain(path);
    expect(asked.stdout).toBe('');
    expect(asked.stderr).toContain('error[rules-of-one-node]');
    expect(asked.stderr).toContain('worker-1, worker-10');
    expect((await explain(path, '--node', 'worker-1')).ends).toEqual(['endpoint 192.0.2.1:80']);
    expect((await explain(path, '--node', 'worker-10')).ends).toEqual(['endpoint 192.0.2.10:80']);
    expect((await explain(path, '--node', 'worker-2')).stderr).toContain('names none of them');
  });

  test('both variants of iptables and both families are of one node', async () => {
    const path = bundle('variants', {
      'iptables-nft-save.txt': onlyTo('192.0.2.1'),
      'iptables-legacy-save.txt': '*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n',
      'ip6tables-nft-save.txt':
        '*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -d fd00::1/128 -j ACCEPT\nCOMMIT\n',
    });
    expect((await explain(path)).ends).toEqual(['endpoint 192.0.2.1:80']);
  });

  test('tables of both variants that look alike are two', async () => {
    const filter = (policy: string) => `*filter\n:FORWARD ${policy} [0:0]\nCOMMIT\n`;
    const path = bundle('alike', {
      'iptables-legacy-save.txt': onlyTo('192.0.2.1') + filter('ACCEPT'),
      'iptables-save.txt': onlyTo('192.0.2.1') + filter('DROP'),
    });
    expect((await explain(path)).ends).toEqual(['dropped 192.0.2.1:80']);
  });
});

describe('archives that do harm', () => {
  const header = (name: string, size: number, type = '0') => {
    const block = Buffer.alloc(512);
    block.write(name);
    block.write(size.toString(8).padStart(11, '0'), 124);
    block.write('ustar', 257);
    block.write(type, 156);
    block.fill(0x20, 148, 156);
    block.write(
      `${block
        .reduce((sum, byte) => sum + byte)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
    );
    return block;
  };

  test.each([
    ['too many files', Buffer.concat(Array(100_001).fill(header('a', 0))), 'has more than 100000 files'],
    [
      'cut off',
      gzipSync(Buffer.concat([header('a', 4000), Buffer.alloc(2048, 120)])).subarray(0, 60),
      'it is damaged, or was cut off',
    ],
    [
      'damaged',
      Buffer.concat([header('a', 0), Buffer.alloc(512, 7)]),
      '.tar" is no tar archive, or a damaged one',
    ],
    ['cut off in a file', header('a', 0o77777777777), 'it ends in the middle of a file'],
    [
      'cut off in a header',
      Buffer.concat([header('a', 0), Buffer.alloc(500, 7)]),
      'it ends in the middle of',
    ],
    ['cut off behind a name', header('a', 0, 'L'), 'it ends in the middle of a file'],
    [
      'a long path',
      Buffer.concat([header('a', 5000, 'L'), Buffer.alloc(5120, 97)]),
      'a path in it has more than 4096 bytes',
    ],
    [
      'a long path in attributes',
      Buffer.concat([
        header('a', 5014, 'x'),
        Buffer.from(`5014 path=${'a'.repeat(5003)}\n`.padEnd(5120, '\0')),
        header('a', 0),
      ]),
      'a path in it has more than 4096 bytes',
    ],
    [
      'names of no file',
      Buffer.concat(Array.from({ length: 5 }, () => header('a', 0, 'x'))),
      'it has names and attributes of no file',
    ],
    [
      'too many folders',
      gzipSync(Buffer.concat(Array(100_001).fill(header('a/', 0, '5')))),
      'has more than 100000 files, folders and links',
    ],
    ['too many lines', gzipSync(Buffer.alloc(2 ** 20 + 1, '\n')), 'has more than 1048576 lines'],
    ['too many lines, not packed', Buffer.alloc(2 ** 20 + 1, '\n'), 'has more than 1048576 lines'],
    [
      'too many bytes, not packed',
      Buffer.alloc(96 * 2 ** 20 + 1, '#'),
      'it is too large: 100663297 bytes, more than 100663296',
    ],
    [
      'too many virtual servers',
      Buffer.from(
        Array.from(
          { length: 2 ** 17 + 1 },
          (_, each) => `-A -u 10.0.0.${each >> 15}:${(each & 32767) + 1} -s rr\n`,
        ).join(''),
      ),
      'expected at most 131072 virtual servers',
    ],
    ['too many rules', gzipSync(Buffer.alloc(2 ** 26 + 1, '*nat\n')), 'holds more than 64 MiB of rules'],
  ])('%s', async (name, bytes, words) => {
    const path = join(bundle('harm', { [`${name}.tar`]: bytes }), `${name}.tar`);
    const found = await explain(path);
    expect({ exitCode: found.exitCode, stdout: found.stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(found.stderr).toContain(words);
  });

  /** A file of an archive. */
  const entry = (path: string, text: string) =>
    Buffer.concat([
      header(path, text.length),
      Buffer.from(text.padEnd(Math.ceil(text.length / 512) * 512, '\0')),
    ]);

  test('of two files with one path the last counts, and no blocks of zeros need to end it', async () => {
    const bytes = Buffer.concat([
      entry('n/save.txt', onlyTo('192.0.2.1')),
      entry('./n/save.txt', onlyTo('192.0.2.2')),
    ]);
    const path = join(bundle('twice', { 'a.tar': bytes }), 'a.tar');
    expect((await explain(path)).ends).toEqual(['endpoint 192.0.2.2:80']);
  });

  test('through a named pipe', async () => {
    const path = join(bundle('piped', {}), 'pipe');
    mkdirSync(dirname(path), { recursive: true });
    execFileSync('mkfifo', [path]);
    const archive = join(
      bundle('two', {
        'a.tar': Buffer.concat([
          entry('w1/save.txt', onlyTo('192.0.2.1')),
          entry('w2/save.txt', onlyTo('192.0.2.2')),
        ]),
      }),
      'a.tar',
    );
    const writer = spawn('sh', ['-c', 'cat "$1" > "$2"', 'sh', archive, path]);
    const found = await explain(path);
    writer.kill();
    expect(found.stdout).toBe('');
    expect(found.stderr).toContain('error[rules-of-one-node]');
  });

  test('what svcgen cannot unpack', async () => {
    const path = join(
      bundle('xz', { 'a.tar.xz': Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]) }),
      'a.tar.xz',
    );
    expect((await explain(path)).stderr).toContain('is packed with xz, which svcgen cannot unpack');
  });
});
