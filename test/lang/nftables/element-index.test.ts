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

test.each([
  ['ranges of IPv4', ['10.0.0.8/30', '10.0.0.0-10.0.0.6', '10.0.1.0/24', '10.0.0.20-10.0.0.20']],
  ['ranges that overlap', ['10.0.0.4/30', '10.0.0.0/24', '10.0.0.2-10.0.0.9', '10.0.1.4/32']],
])('of %s, the one is found that has an address in it', (_, ranges) => {
  const { elements } = countedRanges(...ranges);
  const { find, possible } = indexElements(elements);
  for (let each = 0; each < 600; each += 1) {
    const ip = `10.0.${each >> 8}.${each & 255}`;
    expect([ip, find([ip])]).toEqual([ip, possible([ip])[0]]);
  }
  expect(find(['fd00::1'])).toBeUndefined();
});

test('of ranges of IPv6, too', () => {
  const { elements } = countedRanges('fd00:2::/32', 'fd00::-fd00::ff');
  const { find } = indexElements(elements);
  expect(find(['fd00:2::1'])).toBe(elements[0]);
  expect(find(['fd00::ff'])).toBe(elements[1]);
  expect(find(['fd00::100'])).toBeUndefined();
});

test('thousands of ranges are read once, not for each address', () => {
  const ranges = Array.from({ length: 4096 }, (_, each) => `10.${each >> 8}.${each & 255}.0/24`);
  const { elements, count } = countedRanges(...ranges);
  const { find } = indexElements(elements);
  find(['10.0.0.1']);
  const { looks } = count;
  for (let each = 0; each < 4096; each += 1)
    expect(find([`10.${each >> 8}.${each & 255}.7`])).toBe(elements[each]);
  expect(count.looks).toBe(looks);
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
