import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { printTables } from '../../src/lang/iptables/print/print-tables.ts';
import { buildTables } from '../../src/render/iptables/build.ts';
import { resolve } from '../../src/resolve/proxy/resolve.ts';
import { describeKernel } from '../support/kernel/kernel-support.ts';
import { type Namespace, startNamespace } from '../support/kernel/namespace.ts';
import { builtRules, readRules } from '../support/read-rules.ts';
import { arbitraryNode } from '../support/walk/arbitrary-node.ts';

describeKernel('rules that the kernel gives back', () => {
  let host: Namespace;
  beforeAll(async () => {
    host = await startNamespace('saved-rules');
  });
  afterAll(() => host?.stop());

  describe.each(['legacy', 'nft'] as const)('iptables-%s', (variant) => {
    test.each(['kube-proxy', 'compact'] as const)('layout %s: are read as what was built', async (layout) => {
      const property = fc.asyncProperty(arbitraryNode, async ({ network, cluster, config }) => {
        const { family } = network;
        const { state } = resolve(cluster, { config, family });
        const program = `${family === 'IPv4' ? 'iptables' : 'ip6tables'}-${variant}`;
        await host.must(
          [`${program}-restore`],
          [...printTables(buildTables(state, { form: 'tables', layout }))].join(''),
        );
        const saved = await host.must([`${program}-save`]);
        expect(readRules(saved)).toEqual(builtRules(buildTables(state, { form: 'tables', layout })));
      });
      await fc.assert(property, { numRuns: 50 });
    });
  });
});
