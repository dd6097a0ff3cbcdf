import { ipToBigInt } from '../../model/ip.ts';
import { cidrTest } from './cidr-test.ts';

const RANGE = /^([0-9a-f.:]+)-([0-9a-f.:]+)$/;

/** Whether a value is more than one address: a CIDR, or the first and last address of a range. */
export function isRange(value: string): boolean {
  return value.includes('/') || RANGE.test(value);
}

/** Tells of canonical addresses whether they are in such a range. */
export function rangeTest(range: string): (ip: string) => boolean {
  const [, first, last] = RANGE.exec(range) ?? [];
  if (first === undefined || last === undefined) return cidrTest(range);
  const [low, high] = [ipToBigInt(first), ipToBigInt(last)];
  return (ip) => {
    const address = ipToBigInt(ip);
    return ip.includes(':') === first.includes(':') && low <= address && address <= high;
  };
}
