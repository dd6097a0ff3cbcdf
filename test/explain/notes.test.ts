import { expect, test } from 'vitest';
import { runQuietly } from '../support/run-program.ts';

async function notesOn(...argv: readonly string[]): Promise<readonly string[]> {
  const { stdout, stderr } = await runQuietly([
    'explain',
    'examples/shop/manifests',
    ...argv,
    '--output',
    'json',
  ]);
  expect(stderr).toBe('');
  return JSON.parse(stdout).notes;
}

test('a Service that sends a connection to an endpoint is not said to have none', async () => {
  const live = ['--rules', 'examples/shop/worker-1.rules', '--to', '203.0.113.80:443'];
  expect((await notesOn(...live)).join('\n')).not.toMatch(/none of its ready endpoints/);
});

test.each([
  [
    'too many elements',
    Array.from({ length: 530_000 }, (_, at) => `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`),
  ],
  ['an element of another form', ['10.0.0.1', 'of no form']],
])(
  'a set of others that decides and is not read is said to be unknown, and why: %s',
  async (why, elements) => {
    const listed = `table inet f {
\tset big {
\t\ttype ipv4_addr
\t\telements = { ${elements.join(',\n\t\t\t     ')} }
\t}
\tset other {
\t\ttype ipv4_addr
\t\telements = { of no form }
\t}
\tchain p {
\t\ttype filter hook prerouting priority filter; policy accept;
\t\tip saddr @big drop
\t}
}
`;
    const argv = ['explain', '--rules', '-', '--from', '10.244.0.9', '--to', '10.96.0.10:80'];
    const { stdout } = await runQuietly(argv, listed);
    const said = stdout.replace(/\s+/g, ' ');
    expect(said).toContain('it is dropped if "ip saddr @big" holds');
    expect(said).toContain(`svcgen does not read what is in inet f big (line 2: ${why}), so`);
  },
);
