import { guardLines } from '../../diagnostic/escape.ts';

/** GitHub takes comments of up to 65,536 characters; some room is left for what a workflow puts around it. */
const MAX_LENGTH = 60_000;

/** Puts as many items below a head as a comment of a pull request holds, and says how many there are more. */
export function fitComment(head: string, items: readonly string[], noun: string): string {
  const parts = [head];
  let length = head.length;
  for (const [index, item] of items.entries()) {
    length += item.length + 1;
    if (length > MAX_LENGTH) {
      parts.push(`\nand ${items.length - index} more ${noun}: too many for a comment\n`);
      break;
    }
    parts.push(index === 0 ? `\n${item}` : item);
  }
  return guardLines(parts.join(''));
}
