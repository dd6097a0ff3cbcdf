import { expect, test } from 'vitest';
import { compare } from '../../src/index.ts';

function service(protocol: 'SCTP' | 'TCP') {
  const ports = [{ port: 53, protocol }];
  const labels = { 'kubernetes.io/service-name': 'a' };
  const items = [
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec: { clusterIP: '10.96.0.5', ports } },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'a-1', labels },
      addressType: 'IPv4',
      ports,
      endpoints: [{ addresses: ['10.244.0.1'] }],
    },
  ];
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  return [{ path: `${protocol}.json`, text }];
}

/** Codes of errors, and whether there is a report. */
function compared(before: 'SCTP' | 'TCP', after: 'SCTP' | 'TCP') {
  const { report, diagnostics } = compare(service(before), service(after), { mode: 'userspace' });
  const errors = diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);
  return { hasReport: report !== undefined, errors };
}

test('a side that the mode can not serve is an error, whichever it is', () => {
  const refused = { hasReport: false, errors: ['proxied-protocol'] };
  expect(compared('TCP', 'SCTP')).toEqual(refused);
  expect(compared('SCTP', 'TCP')).toEqual(refused);
  expect(compared('TCP', 'TCP')).toEqual({ hasReport: true, errors: [] });
});
