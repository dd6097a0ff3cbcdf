import { describe, expect, test } from 'vitest';
import {
  ALL,
  add,
  areEqual,
  type Fraction,
  multiply,
  NONE,
  oneIn,
  shareOf,
} from '../../src/lang/packet/fraction.ts';

const product = (count: number): Fraction =>
  Array.from({ length: count }, (_, index) => shareOf(997 + index, 1009 + index)).reduce(multiply, ALL);

describe('shares behind many odd probabilities', () => {
  test('are exact as long as their parts are small', () => {
    expect(areEqual(multiply(oneIn(3), shareOf(3, 7)), oneIn(7))).toBe(true);
    expect(areEqual([oneIn(2), oneIn(3), oneIn(6)].reduce(add, NONE), ALL)).toBe(true);
  });

  test('have parts that do not grow without end, and are never nothing', () => {
    const { numerator, denominator } = product(900);
    expect(denominator < 1n << 129n).toBe(true);
    expect(numerator > 0n && numerator < denominator).toBe(true);
    const tiny = Array.from({ length: 50 }, () => oneIn(1009)).reduce(multiply, ALL);
    expect(tiny.numerator > 0n).toBe(true);
  });

  test('and those of all others are everything', () => {
    const some = product(60);
    const others: Fraction = { numerator: some.denominator - some.numerator, denominator: some.denominator };
    expect(areEqual(add(some, others), ALL)).toBe(true);
  });
});

test('all of them is one object, so that chance has no part in it', () => {
  expect(oneIn(1)).toBe(ALL);
  expect(shareOf(3, 3)).toBe(ALL);
  expect(multiply(shareOf(2, 3), shareOf(3, 2))).toBe(ALL);
});
