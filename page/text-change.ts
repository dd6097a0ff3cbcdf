/** How one text becomes another: what stands between two places gives way to something else. Offsets are of UTF-16 code units. */
export interface TextChange {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** Code units that are compared at once: engines compare strings by the block, and a loop over code units is ten times slower. */
const BLOCK = 4096;

/** The change from one text to the next: all between their first difference and their last. */
export function changeBetween(old: string, now: string): TextChange {
  const shorter = Math.min(old.length, now.length);
  const from = commonLength(shorter, (start, end) => old.slice(start, end) === now.slice(start, end));
  const behind = commonLength(
    shorter - from,
    (start, end) =>
      old.slice(old.length - end, old.length - start) === now.slice(now.length - end, now.length - start),
  );
  return { from, to: old.length - behind, insert: now.slice(from, now.length - behind) };
}

/** How far two texts are the same, from one of their ends. @param isSame tells of a stretch, counted from that end */
function commonLength(limit: number, isSame: (start: number, end: number) => boolean): number {
  let length = 0;
  while (length + BLOCK <= limit && isSame(length, length + BLOCK)) length += BLOCK;
  for (let step = BLOCK / 2; step >= 1; step /= 2)
    if (length + step <= limit && isSame(length, length + step)) length += step;
  return length;
}

/** The text that a change makes of another. */
export function applyChange(old: string, { from, to, insert }: TextChange): string {
  return `${old.slice(0, from)}${insert}${old.slice(to)}`;
}

/** A text on its way between the page and its worker: whole, or how it differs from the last one that was sent in its place. */
export type SentText = string | TextChange;

/** @param last what was sent before; undefined: nothing */
export function packText(now: string, last: string | undefined): SentText {
  if (last === undefined) return now;
  const change = changeBetween(last, now);
  return change.insert.length < now.length / 2 ? change : now;
}

/** The text that `packText` was given. @throws Error when a change comes before any text */
export function unpackText(sent: SentText, last: string | undefined): string {
  if (typeof sent === 'string') return sent;
  if (last === undefined) throw new Error('a change of a text that was never sent');
  return applyChange(last, sent);
}
