import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeKernel } from '../support/kernel/kernel-support.ts';
import { type Namespace, startNamespace } from '../support/kernel/namespace.ts';
import { isBuiltIn, readSavedRules } from '../support/kernel/saved-rules.ts';
import { runProgram } from '../support/run-program.ts';
import { type ConformanceCase, readCases } from './case.ts';

const cases = readCases('ipvs').map((each) => [each.name, each] as const);

describe("kube-proxy's virtual servers and addresses", () => {
  test.each(cases)('%s', async (_, theCase) => {
    const expected = sortedLines(theCase.expectedIPVS);
    const addresses = sortedLines(await render(theCase, 'ip'));
    expect(addresses.map((line) => line.replace('addr replace ', 'addr add '))).toEqual(
      expected.filter((line) => /^(link|addr) /.test(line)),
    );
    const servers = sortedLines(await render(theCase, 'ipvsadm'));
    expect(servers).toEqual(expected.filter((line) => /^-[Aa] /.test(line)));
  });
});

describeKernel("kube-proxy's rules and sets of ipvs mode, read back from a kernel", () => {
  let namespace: Namespace;
  beforeAll(async () => {
    namespace = await startNamespace('conformance');
  });
  afterAll(() => namespace?.stop());

  test.each(cases)('%s', async (_, theCase) => {
    const { expectedRules, expectedIPVS } = theCase;
    const expectedSets = sortedLines(expectedIPVS).filter((line) => line.startsWith('create '));
    const expectedEntries = sortedLines(expectedIPVS).filter((line) => line.startsWith('add '));
    const rules = await render(theCase, 'iptables');
    const actual = await readBack({
      theCase,
      rules: withoutLaterRules(rules),
      sets: await render(theCase, 'ipset'),
    });
    const sets = `${[...expectedSets, ...expectedEntries].join('\n')}\n`;
    expect(actual).toEqual(await readBack({ theCase, rules: expectedRules, sets }));
  });

  async function readBack({
    theCase,
    rules,
    sets,
  }: {
    theCase: ConformanceCase;
    rules: string;
    sets: string;
  }) {
    const program = theCase.family === 'ipv6' ? 'ip6tables-legacy' : 'iptables-legacy';
    await namespace.must(['ipset', 'restore'], sets);
    await namespace.must([`${program}-restore`], rules);
    const chains = readSavedRules(await namespace.must([`${program}-save`]));
    const savedSets = sortedLines(await namespace.must(['ipset', 'save']));
    await namespace.must([`${program}-restore`], '*filter\nCOMMIT\n*nat\nCOMMIT\n');
    await namespace.must(['ipset', 'destroy']);
    return {
      chains: Object.fromEntries(
        [...chains].map(([chain, lines]) => [chain, isBuiltIn(chain) ? lines.toSorted() : lines]),
      ),
      sets: savedSets.map((line) => line.replace(/ (?:hashsize|maxelem|bucketsize|initval) \S+/g, '')),
    };
  }
});

async function render({ flags, input }: ConformanceCase, artifact: string): Promise<string> {
  const rendered = await runProgram(['render', '-', ...flags, '--artifact', artifact], input);
  expect(rendered).toMatchObject({ exitCode: 0 });
  return rendered.stdout;
}

/** Without what kube-proxy has since 1.30 and the version of the cases has not; see kubernetes/kubernetes#121919. */
function withoutLaterRules(rules: string): string {
  return rules
    .split('\n')
    .filter((line) => !line.includes('KUBE-IPVS-OUT-FILTER'))
    .filter((line) => !/^-A KUBE-IPVS-FILTER .*-EXTERNAL-IP-LOCAL dst,dst/.test(line))
    .join('\n');
}

function sortedLines(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .sort();
}
