import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { isDiagnosticCode } from '../../src/cli/describe-code/code-records.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { exampleObjects } from '../support/examples.ts';
import { mutated } from '../support/mutation.ts';
import { runProgram } from '../support/run-program.ts';
import { shareOf } from '../support/share.ts';

/** So that namespace default has something in it, which env asks for. */
const anchor: JsonObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'anchor' },
  spec: { clusterIP: 'None' },
};

const damage = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  removed: fc.integer({ min: 0, max: 4 }),
  inserted: fc.oneof(
    fc.string({ maxLength: 6, unit: 'binary' }),
    fc.constantFrom(
      '\n',
      '---\n',
      '- ',
      '&a ',
      '*a',
      '{{ x }}',
      '"',
      '\t',
      '\ufeff',
      '__proto__: ',
      '!!int ',
    ),
  ),
});

const damagedText = fc
  .tuple(mutated(exampleObjects), fc.array(damage, { maxLength: 2 }))
  .map(([value, changes]) => {
    let text = stringify(value);
    for (const { at, removed, inserted } of changes) {
      const start = Math.floor(at * text.length);
      text = text.slice(0, start) + inserted + text.slice(start + removed);
    }
    return text;
  });

describe('svcgen validate', () => {
  test('--output json is JSON that says what the exit status says, whatever the text', async () => {
    await fc.assert(
      fc.asyncProperty(damagedText, fc.boolean(), async (text, each) => {
        const flags = each ? ['--each'] : [];
        const { exitCode, stdout } = await runProgram(['validate', '--output', 'json', ...flags, '-'], text);
        const { diagnostics, summary } = JSON.parse(stdout);
        const errors = diagnostics.filter(
          (diagnostic: { severity: string }) => diagnostic.severity === 'error',
        );
        expect(summary.errors).toBe(errors.length);
        expect(exitCode).toBe(errors.length > 0 ? 1 : 0);
        for (const { code } of diagnostics) expect(isDiagnosticCode(code), code).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('what passes is rendered in every mode', async () => {
    const node = ['--node', 'worker-1', '--node-ip', '192.0.2.7,2001:db8::7'];
    const renders = [
      ['render', '--mode', 'iptables', ...node],
      ['render', '--mode', 'ipvs', ...node],
      ['render', '--mode', 'nftables', ...node],
      ['env'],
      ['dns'],
      ['endpoints'],
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(mutated(exampleObjects), { minLength: 1, maxLength: 3 }), async (values) => {
        const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [anchor, ...values] });
        fc.pre((await runProgram(['validate', '-'], text)).exitCode === 0);
        for (const argv of renders) {
          const { exitCode, stderr } = await runProgram([...argv, '-'], text);
          expect(exitCode, `${argv.join(' ')}: ${stderr}`).toBe(0);
        }
      }),
      { numRuns: shareOf(150) },
    );
  });
});

/** Names that every object of JavaScript has, and those of them that are valid as names of objects and ports. */
const INHERITED = ['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'isPrototypeOf'];

describe('keys that every object of JavaScript has', () => {
  const clusterOf = (key: string, other: string, name: string) => `apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${name}, labels: {${key}: ${other}}, annotations: {${key}: ${other}}}
spec:
  clusterIP: 10.96.0.10
  selector: {${key}: ${other}}
  ports: [{name: ${name}, port: 80, targetPort: ${name}}]
---
apiVersion: v1
kind: Service
metadata: {name: second, namespace: ${name}}
spec: {clusterIP: 10.96.0.11, selector: {${other}: ${key}}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${name}, labels: {${key}: ${other}}}
spec: {nodeName: ${name}, containers: [{name: ${name}, image: x, ports: [{name: ${name}, containerPort: 8080}]}]}
status: {phase: Running, podIP: 10.244.0.5, conditions: [{type: Ready, status: "True"}]}
---
apiVersion: v1
kind: Pod
metadata: {name: unlabelled, namespace: ${name}}
spec: {containers: [{name: a, image: x}]}
status: {phase: Running, podIP: 10.244.0.6, conditions: [{type: Ready, status: "True"}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${name}}
spec:
  selector: {matchLabels: {${key}: ${other}}, matchExpressions: [{key: ${other}, operator: DoesNotExist}]}
  template:
    metadata: {labels: {${key}: ${other}}}
    spec: {nodeSelector: {${key}: ${other}}, containers: [{name: a, image: x}]}
`;

  test.each(INHERITED)('%s is like any other', async (key) => {
    const name = key === 'constructor' ? key : 'ordinary-name';
    const plainKey = 'ordinaryKey';
    const ordinary = (text: string) => text.replaceAll(key, plainKey).replaceAll('ordinary-name', plainKey);
    for (const argv of [
      ['validate', '--output', 'json', '-'],
      ['endpoints', '--output', 'json', '-'],
      ['dns', '--output', 'hosts', '-'],
    ]) {
      const found = await runProgram(argv, clusterOf(key, 'team', name));
      const expected = await runProgram(argv, clusterOf(plainKey, 'team', 'ordinary-name'));
      expect(found.exitCode).toBe(0);
      expect(linesOf(ordinary(found.stdout))).toEqual(linesOf(ordinary(expected.stdout)));
    }
  });

  test('__proto__ is a key as well, and no good one', async () => {
    const text =
      'apiVersion: v1\nkind: Service\nmetadata: {name: a, labels: {__proto__: b}}\nspec: {ports: [{port: 80}]}';
    const { exitCode, stdout } = await runProgram(['validate', '-'], text);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('error[label-key-valid]: label key "__proto__"');
  });
});

/** Lines without what depends on the length and the order of keys. */
function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/"column":\d+|,$/g, ''))
    .sort();
}
