import type { Range } from '../place.ts';

/** A piece of a text when it is asked for again; until then nothing keeps it in memory. */
export function sliceLater(textOf: () => string, { start, end }: Range): () => string {
  return () => textOf().slice(start, end);
}
