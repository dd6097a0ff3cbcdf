import { describe, expect, test } from 'vitest';
import {
  bigIntToIP,
  cidrContains,
  ipToBigInt,
  joinHostPort,
  parseCIDR,
  parseIP,
} from '../../src/model/ip.ts';

describe('parseIP', () => {
  test.each([
    ['10.0.0.1', '10.0.0.1', true],
    ['010.0.0.1', '10.0.0.1', false],
    ['10.096.0.08', '10.96.0.8', false],
    ['::ffff:1.2.3.4', '1.2.3.4', false],
    ['::FFFF:0102:0304', '1.2.3.4', false],
    ['::ffff:010.0.0.1', '10.0.0.1', false],
    ['::1.2.3.4', '::102:304', false],
    ['fd00::1', 'fd00::1', true],
    ['FD00:0:0::1', 'fd00::1', false],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1', false],
    ['::', '::', true],
  ])('reads %s as %s', (text, ip, isCanonical) => {
    expect(parseIP(text)).toEqual({ ip, family: ip.includes(':') ? 'IPv6' : 'IPv4', isCanonical });
  });

  test.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '0x0a.0.0.1',
    '10.0.0.1/32',
    ' 10.0.0.1',
    '10.0.0.1\n',
    '10.0.0.1:80',
    'fe80::1%eth0',
    '[::1]',
    '1::2::3',
    ':::',
    '1:2:3:4:5:6:7:8:9',
    '12345::',
    '::ffff:1.2.3',
    '１.2.3.4',
    '-1.2.3.4',
  ])('refuses %j', (text) => expect(parseIP(text)).toBeUndefined());
});

describe('parseCIDR', () => {
  test.each([
    ['10.0.0.0/8', '10.0.0.0/8', true],
    ['10.1.2.3/8', '10.0.0.0/8', false],
    ['10.0.0.0/08', '10.0.0.0/8', false],
    ['0.0.0.0/0', '0.0.0.0/0', true],
    ['fd00::1/64', 'fd00::/64', false],
    ['::/0', '::/0', true],
  ])('reads %s as %s', (text, cidr, isCanonical) => {
    expect(parseCIDR(text)).toMatchObject({ cidr, isCanonical });
  });

  test.each([
    '',
    '10.0.0.0',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    'fd00::/129',
    '10.0.0.0/8/8',
    '/8',
    '10.0.0.0/8\n',
  ])('refuses %j', (text) => expect(parseCIDR(text)).toBeUndefined());
});

describe('addresses as numbers', () => {
  test.each(['0.0.0.0', '10.96.0.1', '255.255.255.255', '::', 'fd00:10:96::1', 'ffff::'])(
    '%s goes both ways',
    (ip) => {
      expect(bigIntToIP(ipToBigInt(ip), ip.includes(':') ? 'IPv6' : 'IPv4')).toBe(ip);
    },
  );
});

test('cidrContains looks at the prefix only, within one family', () => {
  expect(cidrContains('10.0.0.0/8', '10.2.3.4')).toBe(true);
  expect(cidrContains('10.0.0.0/8', '11.2.3.4')).toBe(false);
  expect(cidrContains('fd00::/8', 'fd12::1')).toBe(true);
  expect(cidrContains('0.0.0.0/0', '::1')).toBe(false);
});

test('joinHostPort puts brackets around IPv6', () => {
  expect(joinHostPort('10.0.0.1', 80)).toBe('10.0.0.1:80');
  expect(joinHostPort('::1', 80)).toBe('[::1]:80');
});
