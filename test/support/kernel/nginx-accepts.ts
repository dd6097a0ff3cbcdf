import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runProgram } from '../run-program.ts';
import { asJSON, hostileInput, type Input, validInput } from './arbitrary-input.ts';
import { describeKernel } from './kernel-support.ts';
import { type Namespace, startNamespace } from './namespace.ts';

/** Whatever comes in, `nginx -t` takes what goes out, and nothing in there is anything but what we mean to print. */
export function describeNginxAccepts(runs: number): void {
  describeKernel('whatever comes in, what goes out is nothing or a configuration that nginx takes', () => {
    let host: Namespace;
    beforeAll(async () => {
      host = await startNamespace('property');
      // The node's address, where health checks are answered.
      await host.must(['sh', '-ec', 'mkdir /run/svcgen; ip address add 192.0.2.7/32 dev lo']);
    });
    afterAll(() => host?.stop());

    test.each(['nginx', 'health'])('%s of valid manifests', async (artifact) => {
      let rendered = 0;
      const property = fc.asyncProperty(validInput, async (input) => {
        if (await rendersOrRefuses(input, artifact)) rendered += 1;
      });
      await fc.assert(property, { numRuns: runs });
      // Some are refused: two Services with one name or nodePort.
      expect(rendered).toBeGreaterThan(runs / 4);
    });

    test.each(['nginx', 'health'])('%s of manifests with something hostile inside', async (artifact) => {
      const property = fc.asyncProperty(hostileInput, async (input) => {
        await rendersOrRefuses(input, artifact);
      });
      await fc.assert(property, { numRuns: runs * 5 });
    });

    test.each([
      ['iptables', 'iptables-nft-restore'],
      ['ip6tables', 'ip6tables-nft-restore'],
    ])('%s, which lead to it', async (artifact, program) => {
      const property = fc.asyncProperty(validInput, async (input) => {
        const { exitCode, stdout } = await render(input, artifact);
        if (exitCode === 0) await host.must([program], stdout);
      });
      await fc.assert(property, { numRuns: runs });
    });

    function render(input: Input, artifact: string) {
      const args = ['render', '-', '--mode', 'userspace', '--artifact', artifact, ...input.flags];
      // nginx has no SCTP, which is an error: hardly anything would be left.
      return runProgram(args, asJSON(input).replaceAll('"SCTP"', '"UDP"'));
    }

    /** @returns whether there is a configuration */
    async function rendersOrRefuses(input: Input, artifact: string): Promise<boolean> {
      const { exitCode, stdout, stderr } = await render(input, artifact);
      if (exitCode !== 0) {
        expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
        expect(stderr).toContain('error');
        return false;
      }
      expect(linesOfOthers(stdout)).toEqual([]);
      const write = ['sh', '-ec', 'cat >/run/svcgen/nginx.conf; nginx -t -q -c /run/svcgen/nginx.conf'];
      expect(await host.run(write, stdout)).toMatchObject({
        exitCode: 0,
        stderr: expect.not.stringContaining('emerg'),
      });
      return true;
    }
  });
}

const ADDRESS = String.raw`(?:[0-9.]+|\[[0-9a-f:]+\])`;
const NAME = '[a-z0-9.-]+';

/** What a configuration of ours consists of, line by line. */
const OUR_LINE = new RegExp(
  `^ *(?:${[
    '',
    '}',
    '#[ -~]*',
    String.raw`include /(?:etc|usr/share)/nginx/modules(?:-enabled)?/[a-z*_-]+stream[*]?\.conf;`,
    '(?:events|stream|http|server) {',
    '(?:pid|client_body_temp_path|(?:proxy|fastcgi|scgi|uwsgi)_temp_path) /run/svcgen/[a-z.]+;',
    'error_log stderr crit;',
    'worker_(?:processes (?:auto|1)|rlimit_nofile \\d+|connections \\d+);',
    '(?:access_log|server_tokens) off;',
    'default_type application/json;',
    'upstream ipv[46]-\\d+ {',
    'zone svcgen(?: \\d+m)?;',
    String.raw`hash \$remote_addr consistent;`,
    `server ${ADDRESS}:\\d+;`,
    `listen (?:${ADDRESS}:)?\\d+(?: udp reuseport)?;`,
    'proxy_(?:connect_timeout 1s|timeout (?:250ms|5d)|pass ipv[46]-\\d+);',
    'add_header X-Content-Type-Options nosniff always;',
    'add_header X-Load-Balancing-Endpoint-Weight \\d+ always;',
    String.raw`return (?:200|503) "\{\\n\\t\\"service\\": \{\\n\\t\\t\\"namespace\\": \\"${NAME}\\",\\n\\t\\t\\"name\\": \\"${NAME}\\"\\n\\t\},\\n\\t\\"localEndpoints\\": \d+,\\n\\t\\"serviceProxyHealthy\\": true\\n\}";`,
  ].join('|')})$`,
);

function linesOfOthers(text: string): readonly string[] {
  return text.split('\n').filter((line) => !OUR_LINE.test(line));
}
