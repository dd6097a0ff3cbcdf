import { expect, test } from 'vitest';
import { type Checklist, checklistOfLines } from '../../../src/lang/text/checklist.ts';
import {
  compareParts,
  exchangedFreely,
  type ListedLine,
  type PartLine,
} from '../../../src/lang/text/compare-parts.ts';

/** A line that nobody should have to read. */
function unread(text: string, more: Partial<PartLine> = {}): ListedLine {
  const key = () => {
    throw new Error(`${text} was read`);
  };
  return { text, line: 1, key, ...more };
}

test('rules that have the same text, or the one that nft makes of it, are not read', () => {
  const present = [unread('jump a'), unread('dnat ip to numgen random mod 2 map @m')];
  const wanted = [
    unread('jump a'),
    unread('dnat ip addr . port to numgen random mod 2 map @m', {
      listed: 'dnat ip to numgen random mod 2 map @m',
    }),
  ];
  const listed = { find: () => ({ kind: 'chain', name: 'c', lines: present }) as const, active: [] };
  expect([...compareParts(listed, [{ kind: 'chain', name: 'c', lines: wanted }])]).toEqual([]);
});

test('rules in another order are read, as the order counts', () => {
  const line = (text: string): ListedLine => ({ text, line: 1, key: () => text });
  const listed = {
    find: () => ({ kind: 'chain', name: 'c', lines: ['a', 'b'].map(line) }) as const,
    active: [],
  };
  const [drift] = compareParts(listed, [{ kind: 'chain', name: 'c', lines: ['b', 'a'].map(line) }]);
  expect(drift).toMatchObject({ kind: 'differs', lacks: ['a'], has: [{ text: 'a' }] });
});

test('what is ticked off is not read, and what repeats another line is left', () => {
  const lines = [unread('a'), unread('b'), { text: 'b', line: 3, key: () => 'b again' }];
  const { has, lacks } = exchangedFreely(checklistOfLines(lines), [unread('b'), unread('a'), unread('a')]);
  expect({ has, lacks }).toEqual({ has: [lines[2]], lacks: [] });
});

test('lines whose texts differ are the same when their keys are', () => {
  const lines = ['one', 'two'].map((text, index) => ({
    text,
    line: index + 1,
    key: () => text.toUpperCase(),
  }));
  const wanted = { text: 'One', key: () => 'ONE' };
  const checklist: Checklist<ListedLine> = checklistOfLines(lines);
  expect(exchangedFreely(checklist, [wanted])).toEqual({ has: [lines[1]], lacks: [] });
});
