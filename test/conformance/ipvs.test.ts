import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { IptablesVariant } from '../support/kernel/backend.ts';
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
    const { family, expectedRules, expectedIPVS } = theCase;
    const expectedSets = sortedLines(expectedIPVS).filter((line) => line.startsWith('create '));
    const expectedEntries = sortedLines(expectedIPVS).filter((line) => line.startsWith('add '));
    const sets = await render(theCase, 'ipset');
    const rules = withoutLaterRules(await render(theCase, 'iptables'));
    const expected = await readBack({
      variant: 'legacy',
      family,
      rules: expectedRules,
      sets: `${[...expectedSets, ...expectedEntries].join('\n')}\n`,
    });
    expect(await readBack({ variant: 'legacy', family, rules, sets })).toEqual(expected);
    expect(await readBack({ variant: 'nft', family, rules, sets })).toEqual(expected);
  });

  async function readBack({ variant, family, rules, sets }: Loaded) {
    const program = `${family === 'ipv6' ? 'ip6tables' : 'iptables'}-${variant}`;
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

interface Loaded {
  readonly variant: IptablesVariant;
  readonly family: ConformanceCase['family'];
  readonly rules: string;
  readonly sets: string;
}

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
