import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isJsonObject, type JsonValue } from '../../src/model/json.ts';

/** One folder of fixtures/conformance/cases. */
export interface ConformanceCase {
  readonly name: string;
  readonly mode: 'iptables' | 'ipvs';
  readonly family: 'ipv4' | 'ipv6';
  readonly node: string;
  /** Empty: not given. */
  readonly nodeIPs: readonly string[];
  readonly input: string;
  readonly expectedRules: string;
  /** ipvs mode: lines for `ip -batch`, `ipset restore` and `ipvsadm --restore`; "" in other modes. */
  readonly expectedIPVS: string;
  /** What makes `svcgen render` work for the case's node. */
  readonly flags: readonly string[];
}

const CASES = fileURLToPath(new URL('../../fixtures/conformance/cases/', import.meta.url));

type ToFlags = (value: JsonValue) => readonly string[];

/** The keys of case.json and the flags that they stand for. */
const FLAGS: Readonly<Record<string, ToFlags>> = {
  mode: (mode) => ['--mode', String(mode)],
  family: (family) => ['--family', `ipv${family}`],
  node: (name) => ['--node', String(name)],
  nodeIPs: (addresses) => textsOf(addresses).flatMap((address) => ['--node-ip', address]),
  clusterCIDR: (cidrs) => ['--cluster-cidr', String(cidrs)],
  masqueradeAll: (on) => (on === true ? ['--masquerade-all'] : []),
  masqueradeBit: (bit) => ['--iptables-masquerade-bit', String(bit)],
  nodePortAddresses: (cidrs) => ['--nodeport-addresses', textsOf(cidrs).join(',')],
  localhostNodePorts: (on) => (on === true ? [] : ['--iptables-localhost-nodeports=false']),
  scheduler: (scheduler) => ['--ipvs-scheduler', String(scheduler)],
  strictARP: (on) => (on === true ? ['--ipvs-strict-arp'] : []),
};

/** All cases of a mode, by name. */
export function readCases(mode: ConformanceCase['mode']): ConformanceCase[] {
  return readdirSync(CASES)
    .sort()
    .map(readCase)
    .filter((each) => each.mode === mode);
}

function readCase(name: string): ConformanceCase {
  const read = (file: string) => readFileSync(`${CASES}${name}/${file}`, 'utf8');
  const settings: unknown = JSON.parse(read('case.json'));
  if (!isJsonObject(settings)) throw new Error(`case.json of ${name} is no object`);
  return {
    name,
    mode: settings.mode === 'ipvs' ? 'ipvs' : 'iptables',
    family: settings.family === 6 ? 'ipv6' : 'ipv4',
    node: String(settings.node),
    nodeIPs: textsOf(settings.nodeIPs ?? []),
    input: read('input.yaml'),
    expectedRules: read('expected.rules'),
    expectedIPVS: settings.mode === 'ipvs' ? read('expected.ipvs') : '',
    flags: Object.entries(settings).flatMap(([key, value]) => {
      const toFlags = FLAGS[key];
      if (toFlags === undefined) throw new Error(`case.json of ${name} has an unknown key "${key}"`);
      return toFlags(value);
    }),
  };
}

function textsOf(value: JsonValue): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
