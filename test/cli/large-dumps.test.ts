import { describe, expect, test } from 'vitest';
import { runProgram } from '../support/run-program.ts';
import { shareOf } from '../support/share.ts';

const ASKED = shareOf(123_456);

const ipOf = (index: number) => `10.${96 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`;

async function explain(text: string, to: string, length: number) {
  expect(text.length).toBeGreaterThan(shareOf(length));
  const args = ['explain', '--rules', '-', '--from', '192.0.2.7', '--to', to, '--output', 'json'];
  const { exitCode, stdout } = await runProgram(args, text);
  return { exitCode, answer: JSON.parse(stdout) };
}

describe('a path is found among very many rules', () => {
  test('in what iptables-save prints', async () => {
    const count = shareOf(250_000);
    const lines: string[] = ['*nat', ':PREROUTING ACCEPT [0:0]', ':KUBE-SERVICES - [0:0]'];
    for (let index = 0; index < count; index += 1) lines.push(`:KUBE-SVC-${index} - [0:0]`);
    lines.push('-A PREROUTING -j KUBE-SERVICES');
    for (let index = 0; index < count; index += 1) {
      const comment = `-m comment --comment "namespace-${index}/service-with-a-long-name-${index}:http cluster IP"`;
      lines.push(
        `-A KUBE-SERVICES -d ${ipOf(index)}/32 -p tcp ${comment} -m tcp --dport 80 -j KUBE-SVC-${index}`,
      );
    }
    for (let index = 0; index < count; index += 1) {
      const comment = `-m comment --comment "namespace-${index}/service-with-a-long-name-${index}:http"`;
      lines.push(
        `-A KUBE-SVC-${index} -p tcp ${comment} -m tcp -j DNAT --to-destination 10.244.1.5:${index % 60_000}`,
      );
    }
    const text = `${lines.join('\n')}\nCOMMIT\n`;
    const { exitCode, answer } = await explain(text, `${ipOf(ASKED)}:80`, 80_000_000);
    expect(exitCode).toBe(0);
    expect(answer.ways).toMatchObject([{ result: 'endpoint', to: `10.244.1.5:${ASKED % 60_000}` }]);
    expect(answer.path).toHaveLength(4);
  });

  test('in what nft lists', async () => {
    // A chain takes four lines, an element one: nearly as many as a dump may have.
    const count = shareOf(200_000);
    const numbers = Array.from({ length: count }, (_, index) => index);
    const chainOf = (index: number) =>
      `service-ABCDEFGH-namespace/a-service-with-a-long-name-${index}/tcp/http`;
    const elements = numbers.map((index) => `\t\t\t     ${ipOf(index)} . tcp . 80 : goto ${chainOf(index)}`);
    const chains = numbers.map(
      (index) =>
        `\tchain ${chainOf(index)} {\n\t\tmeta l4proto tcp dnat to 10.244.1.5:${index % 60_000}\n\t}\n\n`,
    );
    const text = [
      'table ip kube-proxy {\n\tmap service-ips {\n',
      '\t\ttype ipv4_addr . inet_proto . inet_service : verdict\n\t\telements = { ',
      elements.join(',\n').trimStart(),
      ' }\n\t}\n\n\tchain nat-prerouting {\n\t\ttype nat hook prerouting priority dstnat; policy accept;\n',
      '\t\tip daddr . meta l4proto . th dport vmap @service-ips\n\t}\n\n',
      ...chains,
      '}\n',
    ].join('');
    const { exitCode, answer } = await explain(text, `${ipOf(ASKED)}:80`, 40_000_000);
    expect(exitCode).toBe(0);
    expect(answer.ways).toMatchObject([{ result: 'endpoint', to: `10.244.1.5:${ASKED % 60_000}` }]);
  });
});
