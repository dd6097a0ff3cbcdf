import { describe, expect, it } from 'vitest';
import {
  type AllocationLock,
  formatAllocationLock,
  parseAllocationLock,
} from '../../../src/resolve/allocation/allocation-lock.ts';

const LOCK: AllocationLock = {
  version: 1,
  services: {
    'default/web': {
      clusterIPs: ['10.96.5.5', 'fd00::5'],
      nodePorts: { '/TCP': 30000, 'http/UDP': 30001 },
      healthCheckNodePort: 30002,
      proxyPorts: { '/TCP': 20000, '/TCP/local': 20001, 'http/UDP': 20002 },
    },
  },
};

function parse(value: unknown) {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return parseAllocationLock(text, 'svcgen.lock');
}

function messages(value: unknown): string[] {
  const { lock, diagnostics } = parse(value);
  expect(lock).toBeUndefined();
  return diagnostics.map(({ message }) => message);
}

const services = (entry: unknown) => ({ version: 1, services: { 'default/web': entry } });

describe('parseAllocationLock', () => {
  it('reads what formatAllocationLock writes', () => {
    const text = formatAllocationLock(LOCK);
    expect(text.endsWith('}\n')).toBe(true);
    expect(parse(text)).toEqual({ lock: LOCK, diagnostics: [] });
    expect(parse({ version: 1 }).lock).toEqual({ version: 1, services: {} });
  });

  it('brings addresses to canonical form', () => {
    const { lock } = parse(services({ clusterIPs: ['fd00:0::5'] }));
    expect(lock?.services['default/web']?.clusterIPs).toEqual(['fd00::5']);
  });

  it('says where broken JSON is broken', () => {
    const { diagnostics } = parse('{\n  "version": 1,\n  "services": x\n}');
    expect(diagnostics).toMatchObject([
      { code: 'lock-file-valid', severity: 'error', message: 'the lock file is not valid JSON' },
    ]);
    expect(diagnostics[0]?.span).toMatchObject({ file: 'svcgen.lock', line: 3, column: 15 });
  });

  it('knows an empty file and merge conflicts', () => {
    expect(messages('')).toEqual(['the lock file is empty']);
    expect(messages('\n')).toEqual(['the lock file is empty']);
    const { diagnostics } = parse('{\n<<<<<<< HEAD\n  "version": 1\n=======\n>>>>>>> b\n}');
    expect(diagnostics).toMatchObject([
      { message: 'the lock file holds merge conflict markers', span: { line: 2 } },
    ]);
  });

  it('refuses other versions', () => {
    expect(messages({ version: 2 })).toEqual(['version 2 is not known, only 1']);
    expect(messages({})).toEqual(['version null is not known, only 1']);
    expect(messages({ version: '1' })).toEqual(['version "1" is not known, only 1']);
  });

  it.each([
    [[], 'the lock file does not hold a map'],
    ['null', 'the lock file does not hold a map'],
    [{ version: 1, services: [] }, 'services is not a map'],
    [{ version: 1, more: 1 }, '"more" is not known here: only version, services'],
    [{ version: 1, services: { web: {} } }, '"web" is not namespace/name of a service'],
    [services(7), 'what is locked of "default/web" is not a map'],
    [
      services({ ips: [] }),
      '"ips" is not known here: only clusterIPs, nodePorts, healthCheckNodePort, loadBalancerIPs, proxyPorts',
    ],
    [services({ proxyPorts: [20000] }), 'proxyPorts is not a map'],
    [services({ proxyPorts: { '/SCTP': 20000 } }), '"/SCTP" is not name/protocol of a port'],
    [services({ proxyPorts: { '/TCP/cluster': 20000 } }), '"/TCP/cluster" is not name/protocol of a port'],
    [services({ clusterIPs: '10.0.0.1' }), 'clusterIPs holds "10.0.0.1", which is no address'],
    [services({ clusterIPs: ['10.0.0'] }), 'clusterIPs holds "10.0.0", which is no address'],
    [services({ clusterIPs: [['10.0.0.1']] }), 'clusterIPs holds a list, which is no address'],
    [services({ clusterIPs: ['10.0.0.1', '10.0.0.2'] }), 'clusterIPs holds two addresses of one family'],
    [services({ nodePorts: [] }), 'nodePorts is not a map'],
    [services({ nodePorts: { http: 30000 } }), '"http" is not name/protocol of a port'],
    [services({ nodePorts: { 'http/TCP': 0 } }), '0 is not a port from 1 to 65535'],
    [services({ nodePorts: { 'http/TCP': '30000' } }), '"30000" is not a port from 1 to 65535'],
    [services({ healthCheckNodePort: 1.5 }), '1.5 is not a port from 1 to 65535'],
    [services({ healthCheckNodePort: null }), 'null is not a port from 1 to 65535'],
  ])('refuses %j', (value, message) => {
    expect(messages(value)).toEqual([message]);
  });

  it('points at the key in question', () => {
    const { diagnostics } = parse(services({ nodePorts: { 'http/TCP': 0 } }));
    expect(diagnostics[0]?.span).toMatchObject({
      line: 6,
      column: 9,
      excerpt: { length: '"http/TCP"'.length },
    });
  });

  it('takes no notice of keys that JavaScript knows', () => {
    expect(messages('{"version":1,"services":{"__proto__":{}}}')).toEqual([
      '"__proto__" is not namespace/name of a service',
    ]);
    expect(messages('{"version":1,"__proto__":{}}')).toEqual([
      '"__proto__" is not known here: only version, services',
    ]);
  });

  it('survives deep nesting and many errors', () => {
    const deep = `{"version":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(messages(deep)).toEqual(['version a list is not known, only 1']);
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`x${index}`, {}]));
    expect(messages({ version: 1, services: many })).toHaveLength(100);
  });
});
