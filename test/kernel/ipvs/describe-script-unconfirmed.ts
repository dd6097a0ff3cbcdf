import { expect, test } from 'vitest';
import type { Namespace } from '../../support/kernel/namespace.ts';
import { shopService, webService } from '../../support/kernel/script-services.ts';
import { emptyIPVSHost, renderIPVSScript, runIPVSScript } from '../../support/uml/ipvs-host.ts';
import { readState } from '../../support/uml/ipvs-state.ts';
import type { SharedUML } from '../../support/uml/uml-place.ts';
import { describeUML } from '../../support/uml/uml-support.ts';

const everything = [...webService, ...shopService];
const PATIENCE_MS = 120_000;

/** Servers, sets and rules come back as they were, when nobody says that the new ones may stay. */
export function describeScriptUnconfirmed({ start }: SharedUML): void {
  describeUML('the ipvs script that somebody has to confirm', () => {
    test('what nobody confirms goes back, whether there was something or nothing', async () => {
      const host = await emptyIPVSHost(start);
      const nothing = await readState(host);
      await host.must(['sh', '-s'], await renderIPVSScript(everything, ['--confirm', '2']));
      await expectBack(host);
      expect(await readState(host)).toEqual(nothing);
      await runIPVSScript(host, webService);
      const before = await readState(host);
      await host.must(['sh', '-s'], await renderIPVSScript(everything, ['--confirm', '2']));
      await expectBack(host);
      expect(await readState(host)).toEqual(before);
      await host.stop();
    });

    test('what is confirmed stays', async () => {
      const host = await emptyIPVSHost(start);
      await host.must(['sh', '-s'], await renderIPVSScript(everything, ['--confirm', '600']));
      const after = await readState(host);
      expect(await host.must(['sh', '/run/svcgen/confirm'])).toBe('svcgen: confirmed: the new rules stay\n');
      await runIPVSScript(host, everything);
      expect(await readState(host)).toEqual(after);
      await host.stop();
    });
  });
}

async function expectBack(host: Namespace): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  const waiting = ['sh', '-c', '[ -e /run/svcgen/undo ] || [ -e /run/svcgen/confirm ]'];
  while (Date.now() < end && (await host.run(waiting)).exitCode === 0)
    await new Promise((resolve) => setTimeout(resolve, 200));
  const { stdout } = await host.run(['cat', '/run/svcgen/undo.log']);
  expect(stdout).toMatch(/^svcgen: what was there before the last run is back; .*$/m);
}
