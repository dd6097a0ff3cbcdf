import { describe, expect, test } from 'vitest';
import { runProgram } from '../support/run-program.ts';
import { type ConformanceCase, readCases } from './case.ts';

const cases = readCases('ipvs').map((each) => [each.name, each] as const);

/** What iptables-save, ipset save and ipvsadm-save would print where kube-proxy runs. */
function nodeText({ expectedRules, expectedIPVS }: ConformanceCase): string {
  const lines = expectedIPVS.split('\n').filter((line) => /^(?:create|add|-A|-a) /.test(line));
  return `${expectedRules}${lines.join('\n')}\n`;
}

interface Drift {
  readonly chains: readonly { readonly table: string; readonly name: string; readonly has: unknown }[];
}

describe('a node of kube-proxy in ipvs mode', () => {
  test.each(cases)('%s has the sets and virtual servers that are wanted', async (name, theCase) => {
    const input = `fixtures/conformance/cases/${name}/input.yaml`;
    const args = ['diff', input, '--rules', '-', '--output', 'json', ...theCase.flags];
    const { stdout } = await runProgram(args, nodeText(theCase));
    const { chains }: Drift = JSON.parse(stdout);
    expect(chains.filter(({ table }) => table === 'ipvs')).toEqual([]);
    expect(chains.flatMap(({ has }) => has)).toEqual([]);
  });

  test.each(cases)('%s leads to the real servers of each virtual server', async (_, theCase) => {
    const text = nodeText(theCase);
    const servers = text.split('\n').filter((line) => line.startsWith('-A -t ') || line.startsWith('-A -u '));
    for (const server of servers) {
      const [, option = '', place = ''] = server.split(' ');
      const realServers = text
        .split('\n')
        .filter((line) => line.startsWith(`-a ${option} ${place} `))
        .map((line) => line.split(' ')[4]);
      const to = option === '-u' ? `${place}/udp` : place;
      const from = theCase.family === 'ipv6' ? 'fd00:244:1::77' : '10.244.1.77';
      const args = ['explain', '--rules', '-', '--from', from, '--to', to, '--output', 'json'];
      const { stdout } = await runProgram(args, text);
      const { ways }: { ways: readonly { result: string; to: string }[] } = JSON.parse(stdout);
      const results = [...new Set(ways.map(({ result }) => result))];
      const entry = place.replace(/[[\]]/g, '').replace(/:(\d+)$/, option === '-u' ? ',udp:$1' : ',tcp:$1');
      const isIn = (set: string) =>
        ['KUBE-', 'KUBE-6-'].some((prefix) => text.includes(`add ${prefix}${set} ${entry}\n`));
      if (isIn('LOAD-BALANCER-FW')) expect({ to, results }).toEqual({ to, results: ['dropped'] });
      // The version of the cases refuses them: kubernetes/kubernetes#121919.
      else if (isIn('EXTERNAL-IP-LOCAL')) expect({ to, results }).toEqual({ to, results: ['rejected'] });
      else {
        const reached = ways.filter(({ result }) => result === 'endpoint').map((way) => way.to);
        expect({ to, reached: reached.sort() }).toEqual({ to, reached: realServers.sort() });
      }
    }
  });
});
