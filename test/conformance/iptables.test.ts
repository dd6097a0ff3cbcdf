import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeKernel } from '../support/kernel/kernel-support.ts';
import { type Namespace, startNamespace } from '../support/kernel/namespace.ts';
import { readSavedRules } from '../support/kernel/saved-rules.ts';
import { runProgram } from '../support/run-program.ts';
import { canonicalChains } from './canonical-chains.ts';
import { type ConformanceCase, readCases } from './case.ts';

describeKernel("kube-proxy's rules, read back from a kernel", () => {
  let namespace: Namespace;
  beforeAll(async () => {
    namespace = await startNamespace('conformance');
  });
  afterAll(() => namespace?.stop());

  test.for(readCases('iptables').map((each) => [each.name, each] as const))('%s', async ([, theCase]) => {
    const rendered = await runProgram(['render', '-', ...theCase.flags], theCase.input);
    expect(rendered).toMatchObject({ exitCode: 0 });
    const actual = await readBack(rendered.stdout, theCase);
    expect(actual).toEqual(await readBack(theCase.expectedRules, theCase));
  });

  async function readBack(rules: string, { family }: ConformanceCase) {
    const program = family === 'ipv6' ? 'ip6tables-legacy' : 'iptables-legacy';
    await namespace.must([`${program}-restore`], rules);
    return canonicalChains(readSavedRules(await namespace.must([`${program}-save`])));
  }
});
