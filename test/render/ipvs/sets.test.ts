import { expect, test } from 'vitest';
import { ALL_SET_NAMES, nameInFamily, SET_NAMES } from '../../../src/render/netfilter/sets.ts';

test('no name is longer than the kernel takes, and none stands for two sets', () => {
  expect(ALL_SET_NAMES.filter((name) => name.length > 31)).toEqual([]);
  expect(new Set(ALL_SET_NAMES).size).toBe(2 * SET_NAMES.length);
});

test('names of IPv6 sets are cut where kube-proxy cuts them', () => {
  expect(nameInFamily('KUBE-LOAD-BALANCER-SOURCE-CIDR', 'IPv4')).toBe('KUBE-LOAD-BALANCER-SOURCE-CIDR');
  expect(nameInFamily('KUBE-LOAD-BALANCER-SOURCE-CIDR', 'IPv6')).toBe('KUBE-6-LOAD-BALANCER-SOURCE-CID');
  expect(nameInFamily('KUBE-NODE-PORT-LOCAL-SCTP-HASH', 'IPv6')).toBe('KUBE-6-NODE-PORT-LOCAL-SCTP-HAS');
  expect(nameInFamily('KUBE-IPVS-IPS', 'IPv6')).toBe('KUBE-6-IPVS-IPS');
});
