import { expect, test } from 'vitest';
import { indexElements } from '../../../src/lang/nftables/elements/element-index.ts';

/** Elements with ranges, and how often somebody has looked into one. */
function countedRanges(...ranges: readonly string[]) {
  const count = { looks: 0 };
  const elements = ranges.map((range) => ({
    get key() {
      count.looks += 1;
      return [range];
    },
  }));
  return { elements, count };
}

test('the first range around a value is found, each time it is asked for', () => {
  const { elements } = countedRanges('10.1.0.0/16', '10.0.0.0/8', '30000-32767');
  const { find } = indexElements(elements);
  for (const _ of [1, 2]) {
    expect(find(['10.1.2.3'])).toBe(elements[0]);
    expect(find(['10.2.2.3'])).toBe(elements[1]);
    expect(find([30_080])).toBe(elements[2]);
    expect(find(['192.0.2.1'])).toBeUndefined();
  }
});

test('an element of its own comes before a range', () => {
  const exact = { key: ['10.1.2.3'] };
  const { find } = indexElements([...countedRanges('10.0.0.0/8').elements, exact]);
  expect(find(['10.1.2.3'])).toBe(exact);
});

test('ranges are looked through once for a value, whether or not there is one around it', () => {
  const { elements, count } = countedRanges('10.0.0.0/8', '172.16.0.0/12');
  const { find } = indexElements(elements);
  for (const ip of ['172.16.0.1', '192.0.2.1']) {
    find([ip]);
    const { looks } = count;
    find([ip]);
    expect(count.looks).toBe(looks);
  }
});
