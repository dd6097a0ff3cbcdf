import { afterAll } from 'vitest';
import type { Place } from '../kernel/describe-scenarios.ts';
import { type Lab, startLab } from '../kernel/lab.ts';
import { startUML, type UML } from './start-uml.ts';
import { describeUML } from './uml-support.ts';

/** A kernel that a whole test file shares: booting takes longer than most tests. */
export interface SharedUML {
  readonly start: () => Promise<UML>;
  /** For scenarios: one lab, which is prepared when it is built, and ends with the file. */
  readonly place: Place;
}

/**
 * To be called at the top of a test file. The kernel boots when it is first asked for.
 * @param prepare what is done to the lab once
 */
export function shareUML(prepare: (lab: Lab) => Promise<void>): SharedUML {
  let uml: Promise<UML> | undefined;
  let lab: Promise<Lab> | undefined;
  const start = () => {
    uml ??= startUML();
    return uml;
  };
  const buildLab = async (): Promise<Lab> => {
    const { startNamespace } = await start();
    const built = { ...(await startLab(startNamespace)), stop: async () => undefined };
    await prepare(built);
    return built;
  };
  afterAll(async () => (await uml)?.stop());
  return {
    start,
    place: {
      describe: describeUML,
      startLab: () => {
        lab ??= buildLab();
        return lab;
      },
    },
  };
}
