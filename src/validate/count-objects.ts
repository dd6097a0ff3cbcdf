import type { ObjectCounts } from '../diagnostic/summarize.ts';
import type { ValidationRun } from './validation-run.ts';

/** What became of the objects. Those that contradict others are invalid, though each on its own may be right. */
export function countObjects({ cluster, tally, contradictory, ignored }: ValidationRun): ObjectCounts {
  let wrong = 0;
  if (contradictory.size > 0) {
    for (const objects of Object.values(cluster))
      for (const object of objects) if (contradictory.has(object)) wrong += 1;
  }
  let passedOver = 0;
  for (const number of ignored.values()) passedOver += number;
  return { valid: tally.valid - wrong, invalid: tally.invalid + wrong, passedOver };
}
