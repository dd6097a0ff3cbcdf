import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Namespace } from '../../support/kernel/namespace.ts';
import { webService } from '../../support/kernel/script-services.ts';
import { loadModules } from '../../support/uml/ipvs-backend.ts';
import { newHost, renderIPVSScript } from '../../support/uml/ipvs-host.ts';
import type { SharedUML } from '../../support/uml/uml-place.ts';
import { describeUML } from '../../support/uml/uml-support.ts';

/** What is said when the kernel has no IPVS, or not all of it, and that nothing has changed then. */
export function describeScriptWithoutModules({ start }: SharedUML): void {
  describeUML('the ipvs script in a kernel without modules', () => {
    let host: Namespace;
    beforeAll(async () => {
      host = await newHost(start);
    });
    afterAll(() => host?.stop());

    test('no ip_vs', async () => {
      await expectRefusal(/svcgen: the kernel has no IPVS: .* ip_vs cannot be loaded .*--mode iptables/s);
    });

    test('no scheduler', async () => {
      await loadModules({ node: host }, ['ip_vs']);
      await expectRefusal(/svcgen: the kernel has no IPVS scheduler rr: .*modprobe ip_vs_rr/s);
    });

    async function expectRefusal(message: RegExp): Promise<void> {
      const { exitCode, stderr } = await host.run(['sh', '-s'], await renderIPVSScript(webService));
      expect(stderr).toMatch(message);
      expect(exitCode).toBe(1);
      expect(await host.must(['ipset', 'save'])).toBe('');
      expect(await host.must(['sh', '-c', 'iptables-save; ip6tables-save'])).not.toContain('KUBE');
      expect((await host.run(['ip', 'link', 'show', 'dev', 'kube-ipvs0'])).exitCode).toBe(1);
    }
  });
}
