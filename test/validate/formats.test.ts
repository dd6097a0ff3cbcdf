import { describe, expect, test } from 'vitest';
import { isPlainIPv4, isPlainIPv6, specialAddressName } from '../../src/validate/formats/address.ts';
import {
  dns1035LabelProblem,
  dnsLabelProblem,
  dnsSearchProblem,
  dnsSubdomainProblem,
  fullyQualifiedNameProblem,
  maskTrailingDash,
  suggestLabel,
} from '../../src/validate/formats/dns.ts';
import { configKeyProblem, envNameProblem } from '../../src/validate/formats/environment.ts';
import { relativePathProblem } from '../../src/validate/formats/path.ts';
import { portNameProblem, portProblem } from '../../src/validate/formats/port.ts';
import { labelValueProblem, qualifiedNameProblem } from '../../src/validate/formats/qualified-name.ts';
import { parseQuantity } from '../../src/validate/formats/quantity.ts';
import { utf8Length } from '../../src/validate/formats/utf8-length.ts';

const long = (length: number) => 'a'.repeat(length);

/** By format: texts that are fine, and texts that are not. */
const FORMATS: Readonly<
  Record<
    string,
    { problem: (text: string) => string | undefined; good: readonly string[]; bad: readonly string[] }
  >
> = {
  'DNS label': {
    problem: dnsLabelProblem,
    good: ['a', '0', 'a-b', 'a--b', '1a', long(63)],
    bad: [
      '',
      '-a',
      'a-',
      'A',
      'a.b',
      'a_b',
      'a b',
      'a\n',
      '\na',
      'é',
      'а',
      long(64),
      '\u0000',
      '\u2028',
      'a\ud800',
    ],
  },
  'RFC 1035 label': {
    problem: dns1035LabelProblem,
    good: ['a', 'a1', 'a-1', long(63)],
    bad: ['1a', '0', '', '-', 'a-', 'a.b', long(64)],
  },
  'DNS subdomain': {
    problem: dnsSubdomainProblem,
    good: ['a', '1.2.3.4', 'a.b', 'a-b.c', long(253)],
    bad: ['', '.', 'a.', '.a', 'a..b', 'a.-b', 'a-.b', 'A.b', 'a b', 'a.b\n', long(254)],
  },
  'search domain': { problem: dnsSearchProblem, good: ['_tcp.a', 'a_b'], bad: ['', '-a', 'a..b', long(254)] },
  'qualified name': {
    problem: qualifiedNameProblem,
    good: ['a', 'A_b.c-1', 'example.com/A', `${long(253)}/${long(63)}`, '1'],
    bad: [
      '',
      '/',
      'a/',
      '/a',
      'a/b/c',
      'A.com/a',
      '-a',
      'a-',
      '.a',
      'a b',
      `${long(254)}/a`,
      long(64),
      'a\n',
      '__proto__',
    ],
  },
  'label value': {
    problem: labelValueProblem,
    good: ['', 'a', 'A.b_c-d', '1', long(63)],
    bad: ['-', 'a-', '_a', 'a b', 'a/b', 'a\n', long(64), 'é'],
  },
  'port name': {
    problem: portNameProblem,
    good: ['a', 'http', 'a1-b2', '1a', long(15)],
    bad: ['', '80', '-', '-a', 'a-', 'a--b', 'A', 'a_b', 'a b', long(16)],
  },
  'fully qualified name': {
    problem: fullyQualifiedNameProblem,
    good: ['a.b', 'a.b.', '1.2.3.4'],
    bad: ['', '.', 'a', 'a.', 'localhost', 'a..b', 'A.b', `${long(64)}.b`],
  },
  'variable name': {
    problem: (name: string) => envNameProblem(name, true),
    good: ['A', 'a.b', '1', 'A B', '~', '..a'],
    bad: ['', 'A=B', 'é', 'a\n', '\t'],
  },
  'variable name up to 1.31': {
    problem: (name: string) => envNameProblem(name, false),
    good: ['A', 'a.b', '_1', '-a'],
    bad: ['', '1', 'A B', '~', '.', '..a', 'A=B', 'é', 'a\n'],
  },
  'config key': {
    problem: configKeyProblem,
    good: ['a', '.a', '_'],
    bad: ['', '.', '..', '..a', 'a/b', 'a b', long(254)],
  },
  'relative path': {
    problem: relativePathProblem,
    good: ['', 'a', 'a/b', 'a..b', ' a'],
    bad: ['/a', '..', 'a/../b'],
  },
};

describe.each(Object.entries(FORMATS))('%s', (_, { problem, good, bad }) => {
  test.each(good)('%j is fine', (text) => expect(problem(text)).toBeUndefined());
  test.each(bad)('%j is not', (text) => expect(problem(text)).toMatch(/^[a-z]/));
});

test('a port is a number in range or a name', () => {
  expect([1, 65_535, 'http'].map(portProblem)).toEqual([undefined, undefined, undefined]);
  expect([0, -1, 65_536, '80', ''].every((port) => portProblem(port) !== undefined)).toBe(true);
});

test('names are suggested, and names to be continued are masked', () => {
  expect(suggestLabel('My_Web Service!')).toBe('my-web-service');
  expect(suggestLabel('___')).toBeUndefined();
  expect(['a-', 'ab-', '-', 'a'].map(maskTrailingDash)).toEqual(['a', 'aa', '-', 'a']);
});

test.each([
  ['1', 1_000_000_000n],
  ['250m', 250_000_000n],
  ['1Ki', 1_024_000_000_000n],
  ['1k', 1_000_000_000_000n],
  ['1e3', 1_000_000_000_000n],
  ['1E', 10n ** 27n],
  ['1Ei', 2n ** 60n * 10n ** 9n],
  ['.5', 500_000_000n],
  ['-1', -1_000_000_000n],
  ['0.1n', 1n],
  ['Mi', 0n],
  [' 1 ', 1_000_000_000n],
  [1.5, 1_500_000_000n],
  [1e21, 10n ** 30n],
  ['1GB', undefined],
  ['x', undefined],
])('quantity %j is %s billionths', (text, nanos) => expect(parseQuantity(text)).toBe(nanos));

test('no quantity keeps us busy', () => {
  expect(parseQuantity(`${'9'.repeat(1_000_000)}e999999999`)).toBeTypeOf('bigint');
  expect(parseQuantity('1e-999999999')).toBe(1n);
});

test.each([
  ['', 0],
  ['a', 1],
  ['é', 2],
  ['€', 3],
  ['😀', 4],
  ['\ud800a', 4],
])('%j has %i bytes', (text, bytes) => expect(utf8Length(text)).toBe(bytes));

const SPECIAL = [
  '0.0.0.0',
  '127.0.0.1',
  '127.255.0.1',
  '169.254.1.1',
  '224.0.0.1',
  '::',
  '::1',
  'fe80::1',
  'febf::1',
  'ff02::1',
];
const ORDINARY = [
  '0.0.0.1',
  '1.2.3.4',
  '126.1.1.1',
  '169.253.1.1',
  '224.0.1.1',
  '239.1.2.3',
  '255.255.255.255',
  '::2',
  'fec0::1',
  'ff05::1',
  'fd00::1',
];

test.each(SPECIAL)('%s is special', (ip) => {
  expect(specialAddressName(ip)).toBeDefined();
  expect(isPlainIPv4(ip) || isPlainIPv6(ip)).toBe(false);
});
test.each(ORDINARY)('%s is not', (ip) => {
  expect(specialAddressName(ip)).toBeUndefined();
  expect(isPlainIPv4(ip) !== isPlainIPv6(ip)).toBe(true);
});
test.each(['01.2.3.4', '1.2.3', '1.2.3.4 ', '256.1.1.1', '::FFFF:1.2.3.4', 'FD00::1', 'fd00:0::1', ''])(
  '%j is not plain',
  (text) => {
    expect(isPlainIPv4(text) || isPlainIPv6(text)).toBe(false);
  },
);
