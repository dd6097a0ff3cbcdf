import { expect, test } from 'vitest';
import { explain } from '../../src/index.ts';
import { growthOf, MAX_GROWTH } from '../support/growth.ts';

const inTurn = (rules: number) =>
  Array.from(
    { length: rules },
    (_, index) =>
      `-A ${index % 2 === 0 ? 'KUBE-SERVICES' : 'KUBE-NODEPORTS'} -d 10.${index >> 16}.${(index >> 8) & 255}.${index & 255}/32 -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.9.0.1:80`,
  );

const WARM_UP = 5;

const JUMPS = ['-A PREROUTING -j KUBE-SERVICES', '-A OUTPUT -j KUBE-NODEPORTS'];

test.each<[string, (rules: readonly string[]) => readonly string[]]>([
  [
    'iptables-save',
    (rules) => ['*nat', ':KUBE-SERVICES - [0:0]', ':KUBE-NODEPORTS - [0:0]', ...JUMPS, ...rules, 'COMMIT'],
  ],
  [
    'iptables -t nat -S',
    (rules) => ['-P PREROUTING ACCEPT', '-N KUBE-SERVICES', '-N KUBE-NODEPORTS', ...JUMPS, ...rules],
  ],
  ['grep', (rules) => [...JUMPS, ...rules].map((rule, index) => `${index + 1}:${rule}`)],
])('rules of two chains in turn take as long as those of one after the other: %s', (_, printed) => {
  const growth = growthOf((rules) => {
    const text = `${printed(inTurn(rules)).join('\n')}\n`;
    const { explanation } = explain(undefined, { rules: { path: 'node.txt', text }, to: '10.0.0.4:80' });
    expect(explanation?.path.some(({ place }) => place?.chain === 'KUBE-SERVICES')).toBe(true);
    const run = () => explain(undefined, { rules: { path: 'node.txt', text }, to: '10.0.0.4:80' });
    // The longer text comes first: code must be compiled by then.
    for (let time = 0; time < WARM_UP; time += 1) run();
    return run;
  }, 2000);
  expect(growth).toBeLessThan(MAX_GROWTH);
});
