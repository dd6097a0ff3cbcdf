import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bothFamilies } from '../support/kernel/addresses.ts';
import { chooseIptables } from '../support/kernel/backend.ts';
import { describeKernel } from '../support/kernel/kernel-support.ts';
import { type Namespace, startNamespace } from '../support/kernel/namespace.ts';
import { steadyLines } from '../support/kernel/our-chains.ts';
import { renderRules } from '../support/kernel/render-rules.ts';
import { usualFlags } from '../support/kernel/scenario.ts';
import { shopService, webService } from '../support/kernel/script-services.ts';

const families = bothFamilies.map((net) => [net.family, net] as const);

describeKernel('restore text', () => {
  describe.each(['legacy', 'nft'] as const)('iptables-%s', (variant) => {
    let host: Namespace;
    beforeAll(async () => {
      host = await startNamespace('host');
      await chooseIptables(host, variant);
    });
    afterAll(() => host?.stop());

    test.for(families)('%s: loaded again, whole or with --noflush, it changes nothing', async ([, net]) => {
      const flags = ['--family', net.family.toLowerCase(), ...usualFlags(net)];
      const tables = await renderRules([...webService, ...shopService], flags);
      const ownChains = await renderRules([...webService, ...shopService], [...flags, '--noflush']);
      const program = net.family === 'IPv4' ? 'iptables' : 'ip6tables';
      const save = async () => steadyLines(await host.must([`${program}-save`]));

      await host.must([`${program}-restore`], tables);
      const loaded = await save();
      expect(loaded.filter((line) => line.startsWith('-A ')).length).toBeGreaterThan(30);
      await host.must([`${program}-restore`], tables);
      expect(await save()).toEqual(loaded);
      await host.must([`${program}-restore`, '--noflush'], ownChains);
      expect(await save()).toEqual(loaded);
    });

    test.for(families)('%s: whole tables replace what was in them', async ([, net]) => {
      const flags = ['--family', net.family.toLowerCase(), ...usualFlags(net)];
      const program = net.family === 'IPv4' ? 'iptables' : 'ip6tables';
      await host.must([`${program}-restore`], await renderRules([...webService, ...shopService], flags));
      await host.must([`${program}-restore`], await renderRules(webService, flags));
      const saved = await host.must([`${program}-save`]);
      expect(saved).toContain('default/web');
      expect(saved).not.toContain('default/shop');
    });
  });
});
