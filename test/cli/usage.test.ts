import { describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { parsePortRange } from '../../src/cli/options/values.ts';
import { runProgram } from '../support/run-program.ts';

const QUICKSTART = 'fixtures/quickstart';

/** Exit code 2, nothing on stdout, and this on stderr. */
async function expectUsageError(argv: readonly string[], ...said: readonly string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await runProgram(argv);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  for (const text of said) expect(stderr).toContain(text);
}

describe('help and version', () => {
  test('--version', async () => {
    expect(await runProgram(['--version'])).toEqual({
      exitCode: 0,
      stdout: `${packageJson.version}\n`,
      stderr: '',
    });
  });

  test('--help names every command', async () => {
    const { exitCode, stdout } = await runProgram(['--help']);
    expect(exitCode).toBe(0);
    for (const name of ['render', 'validate', 'env', 'endpoints', 'dns', 'cleanup']) {
      expect(stdout).toMatch(new RegExp(`^  ${name} .*\\w`, 'm'));
    }
  });

  test.each([[['render', '--help']], [['help', 'render']]])('%j', async (argv) => {
    const { exitCode, stdout, stderr } = await runProgram(argv);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('Usage: svcgen render');
    expect(stdout).toContain('--iptables-masquerade-bit');
    expect(stdout).not.toContain('--no-masquerade-all');
    expect(stdout).toContain('Examples:');
  });

  test.each(['', 'render'])(
    'help %s shows the script first, and says what iptables-restore replaces',
    async (topic) => {
      const { stdout } = await runProgram(['help', topic].filter((word) => word !== ''));
      const [first, , other, warning] = stdout.split('\n\nExamples:\n')[1]?.split('\n') ?? [];
      expect(first).toMatch(/render manifests\/ --script \| (?:sudo )?sh$/);
      expect(other).toMatch(/iptables-restore$/);
      expect(warning).toContain('it replaces whole tables, rules of others included');
    },
  );

  test('no command prints the help, as an error', () => expectUsageError([], 'Usage: svcgen'));
});

describe('what a value has to be is a sentence of its own', () => {
  test.each([
    [['render', '--family', 'ipx'], "'ipx' is invalid. It takes ipv4 or ipv6.\n"],
    [['render', '--mode', 'ebtables'], "'ebtables' is invalid. The modes are "],
    [['explain', '--to', 'a:b:c'], "'a:b:c' is invalid. It takes ADDRESS:PORT"],
    [['dns', '--ttl', 'x'], "'x' is invalid. It takes a whole number from 0 to "],
    [['dns', '--why', 'a', '--why', 'b'], "'b' is invalid. It answers about one name: "],
    [['validate', '--explain', 'x'], "'x' is invalid. There is no such code; "],
  ])('%j', (argv, said) => expectUsageError(argv, said));
});

describe('words of --nodeport-addresses', () => {
  test.each([
    ['1.30', 'primary', 'kube-proxy 1.30 takes CIDRs as nodePortAddresses, and "primary" only since 1.31'],
    ['1.36', 'localhost', 'kube-proxy 1.36 takes CIDRs as nodePortAddresses, or "primary" alone'],
    ['1.36.1', 'primary,10.0.0.0/8', 'only since 1.37'],
    ['1.30', 'all', 'only since 1.37'],
  ])('%s does not know %s', (version, words, said) =>
    expectUsageError(
      ['render', QUICKSTART, '--kubernetes-version', version, '--nodeport-addresses', words],
      said,
    ),
  );

  test.each([
    ['1.30', '10.0.0.0/8,192.0.2.0/24'],
    ['1.31', 'primary'],
    ['1.37', 'primary,localhost,10.0.0.0/8'],
    ['1.37', 'all,primary'],
  ])('%s knows %s', async (version, words) => {
    const flags = ['--kubernetes-version', version, '--nodeport-addresses', words, '--node-ip', '10.0.0.1'];
    expect((await runProgram(['render', QUICKSTART, ...flags])).exitCode).toBe(0);
  });

  test('the default of nftables mode can be said as 1.30', async () => {
    const flags = ['--mode', 'nftables', '--kubernetes-version', '1.30', '--nodeport-addresses', 'primary'];
    expect((await runProgram(['render', QUICKSTART, ...flags, '--node-ip', '10.0.0.1'])).exitCode).toBe(0);
  });
});

test.each(['cleanup', 'doctor'])('%s reads nothing', (name) =>
  expectUsageError([name, 'manifests/'], 'too many arguments'),
);

describe('suggestions', () => {
  test('a command', () => expectUsageError(['rendr'], "unknown command 'rendr'", 'Did you mean render?'));

  test('a command that help is asked for', () =>
    expectUsageError(['help', 'rendr'], "unknown command 'rendr'", 'Did you mean render?'));

  test('an option', () =>
    expectUsageError(
      ['render', '--clustr-cidr', '10.0.0.0/8'],
      'Did you mean --cluster-cidr?',
      'svcgen render --help',
    ));

  test('a code', () =>
    expectUsageError(['render', '--disable', 'duplicate-keys', QUICKSTART], 'Did you mean duplicate-key?'));

  test.each([
    [['render', '--mode', 'iptable'], 'userspace. (Did you mean iptables?)\n'],
    [['render', '--layout', 'compct'], 'compact. (Did you mean compact?)\n'],
    [['render', '--family', 'ip4'], 'It takes ipv4 or ipv6. (Did you mean ipv4?)\n'],
    [['validate', '--output', 'sarf'], 'codeclimate. (Did you mean sarif?)\n'],
    [['env', '--duplicates', 'frist'], 'last. (Did you mean first?)\n'],
    [['completion', 'bahs'], 'fish. (Did you mean bash?)\n'],
  ])('a word: %j', (argv, said) => expectUsageError(argv, said));

  test('of no word that is far', async () =>
    expect((await runProgram(['env', '--output', 'toml'])).stderr).not.toContain('Did you mean'));
});

describe('values of options', () => {
  test.each([
    ['--node-ip', '10.0.0'],
    ['--cluster-cidr', '10.244.0.0'],
    ['--cluster-cidr', '10.244.0.0/16,10.245.0.0/16'],
    ['--nodeport-addresses', '10.0.0.0/8,first'],
    ['--iptables-masquerade-bit', '32'],
    ['--iptables-masquerade-bit', '0x4'],
    ['--detect-local-mode', 'clustercidr'],
    ['--pod-bridge-interface', 'a b'],
    ['--pod-interface-name-prefix', '-A'],
    ['--family', 'ip'],
    ['--mode', 'ebpf'],
    ['--service-node-port-range', '32767-30000'],
    ['--service-node-port-range', '65535+1'],
    ['--service-node-port-range', '1-2-3'],
    ['--proxy-port-range', '0'],
    ['--service-cluster-ip-range', '10.96.0.1'],
    ['--ignore', '[z'],
    ['--artifact', 'dns'],
  ])('%s %s', (flag, value) => expectUsageError(['render', QUICKSTART, flag, value], flag));

  test.each([
    ['20000-20099', { first: 20000, last: 20099 }],
    ['20000+99', { first: 20000, last: 20099 }],
    ['20000', { first: 20000, last: 20000 }],
  ])('ranges of ports: %s', (text, range) => expect(parsePortRange(text)).toEqual(range));

  test('a boolean is true or false', () =>
    expectUsageError(['render', QUICKSTART, '--masquerade-all=maybe'], '--masquerade-all', '"maybe"'));

  test('a mode that is none names those that are', () =>
    expectUsageError(['render', QUICKSTART, '--mode', 'nft'], 'iptables, ipvs, nftables'));

  test('a detect-local mode without its interface', () =>
    expectUsageError(
      ['render', QUICKSTART, '--detect-local-mode', 'BridgeInterface'],
      '--pod-bridge-interface',
    ));

  test.each([
    [['--script', '--noflush']],
    [['--script', '--artifact', 'iptables']],
    [['--script', '--family', 'ipv6']],
    [['--output-dir', 'x', '--output-file', 'y']],
  ])('%j exclude each other', (flags) =>
    expectUsageError(['render', QUICKSTART, ...flags], 'cannot be used with'),
  );

  test('no paths on a terminal', async () => {
    const { exitCode, stderr } = await runProgram(['render'], '', { stdinIsTTY: true });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('no input');
  });
});

describe('booleans as kube-proxy takes them', () => {
  const render = async (...flags: readonly string[]) =>
    (await runProgram(['render', 'fixtures/valid/node-port/input.yaml', ...flags])).stdout;

  test('--flag, --flag=true and --flag=1 are the same', async () => {
    const expected = await render('--masquerade-all');
    expect(await render('--masquerade-all=true')).toBe(expected);
    expect(await render('--masquerade-all=1')).toBe(expected);
    expect(expected).not.toBe(await render());
  });

  test('--flag=false and --no-flag are the same', async () => {
    const expected = await render('--iptables-localhost-nodeports=false');
    expect(await render('--no-iptables-localhost-nodeports')).toBe(expected);
    expect(expected).not.toBe(await render());
    expect(await render('--masquerade-all=false')).toBe(await render());
  });

  test('of a negative flag too', async () => {
    const open = ['render', 'fixtures/valid/allocation/input.yaml', '--node', 'node-a'];
    expect(await runProgram([...open, '--no-allocate'])).toMatchObject({ exitCode: 1, stdout: '' });
    expect(await runProgram([...open, '--allocate=false'])).toMatchObject({ exitCode: 1, stdout: '' });
    expect(await runProgram([...open, '--no-allocate=false'])).toMatchObject({ exitCode: 0 });
  });

  test('what stands behind -- is a path', async () => {
    const { exitCode, stderr } = await runProgram(['render', '--', '--masquerade-all=true']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('no file or folder "--masquerade-all=true"');
  });
});

describe('the node', () => {
  test('is asked for when a policy depends on it', async () => {
    const { exitCode, stdout, stderr } = await runProgram([
      'render',
      'fixtures/valid/local-policies/input.yaml',
    ]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('node-name-given');
    expect(stderr).toMatch(/"node-a", "node-b", "node-c"/);
  });
});

test.each([
  ['--output', 'hosts'],
  ['--output-dir', 'zones'],
])('dns --why is about one name: without %s %s', (...flags) =>
  expectUsageError(['dns', 'manifests/', '--why', 'web', ...flags], '--why answers about one name'),
);
