import { afterAll, beforeAll, test } from 'vitest';
import type { IPFamily } from '../../../src/model/cluster.ts';
import { addressesOf } from './addresses.ts';
import type { Backend } from './backend.ts';
import { HIDDEN } from './expect-outcomes.ts';
import { describeKernel } from './kernel-support.ts';
import { type Lab, startLab } from './lab.ts';
import { type Bench, benchOf, type Scenario, usualFlags } from './scenario.ts';

interface Run {
  readonly scenarios: readonly Scenario[];
  readonly backend: Backend;
  readonly family: IPFamily;
  /** Where they run; default: namespaces of this machine. */
  readonly place?: Place;
}

/** A place for labs. */
export interface Place {
  /** `describe`, if labs can be built there. */
  readonly describe: (name: string, body: () => void) => void;
  readonly startLab: () => Promise<Lab>;
}

const THIS_MACHINE: Place = { describe: describeKernel, startLab };

/** Runs scenarios with real packets: the rules of each replace those of the one before, in a lab of their own. */
export function describeScenarios({ scenarios, backend, family, place = THIS_MACHINE }: Run): void {
  const net = addressesOf(family);
  place.describe(`${backend.name} ${family}`, () => {
    let lab: Lab;
    beforeAll(async () => {
      lab = await place.startLab();
      await backend.prepare(lab);
    });
    afterAll(() => lab?.stop());
    for (const scenario of scenarios) {
      if (scenario.families?.includes(family) === false) continue;
      const difference = backend.knownDifferences.get(scenario.name);
      const title = difference === undefined ? scenario.name : `${scenario.name} (fails: ${difference})`;
      test.skipIf(difference !== undefined)(title, async () => {
        const flags = (scenario.flags ?? usualFlags)(net);
        await backend.apply(lab, { manifests: scenario.manifests(net), family, flags });
        // Connections that an earlier scenario made would be steered by the rules of that one.
        await lab.node.must(['conntrack', '--flush']);
        const bench = benchOf(lab, net);
        await scenario.check(backend.hidesClients === true ? withoutClients(bench) : bench);
      });
    }
  });
}

/** Servers see the node in their place. */
function withoutClients(bench: Bench): Bench {
  return {
    ...bench,
    connect: async (...request) => {
      const outcomes = await bench.connect(...request);
      return outcomes.map((outcome) =>
        outcome.kind === 'answered' ? { ...outcome, client: HIDDEN } : outcome,
      );
    },
  };
}
