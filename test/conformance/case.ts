import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isJsonObject, type JsonObject, type JsonValue } from '../../src/model/json.ts';

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

const FOLDER = fileURLToPath(new URL('../../fixtures/conformance/', import.meta.url));
const CASES = `${FOLDER}cases/`;
const NFTABLES_CASES = `${FOLDER}nftables/`;

type ToFlags = (value: JsonValue) => readonly string[];

/** One folder of fixtures/conformance/nftables. */
export interface NftablesCase {
  readonly name: string;
  readonly input: string;
  /** Tables of one family or both, as `nft list ruleset` prints them. */
  readonly expected: string;
  readonly flags: readonly string[];
}

/** The keys of case.json and the flags that they stand for. */
const FLAGS: Readonly<Record<string, ToFlags>> = {
  kubernetesVersion: (version) => ['--kubernetes-version', String(version)],
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
    flags: flagsOf(settings),
  };
}

/** All cases of nftables mode, by name. */
export function readNftablesCases(): NftablesCase[] {
  return readdirSync(NFTABLES_CASES)
    .sort()
    .map((name) => {
      const files = readdirSync(NFTABLES_CASES + name).sort();
      const read = (file: string) => readFileSync(`${NFTABLES_CASES}${name}/${file}`, 'utf8');
      const settings: unknown = JSON.parse(read('case.json'));
      if (!isJsonObject(settings)) throw new Error(`case.json of ${name} is no object`);
      const expected = files.filter((file) => file.endsWith('.nft')).map(read);
      return { name, input: read('input.yaml'), expected: expected.join(''), flags: flagsOf(settings) };
    });
}

function flagsOf(settings: JsonObject): readonly string[] {
  return Object.entries(settings).flatMap(([key, value]) => {
    const toFlags = FLAGS[key];
    if (toFlags === undefined) throw new Error(`case.json has an unknown key "${key}"`);
    return toFlags(value);
  });
}

function textsOf(value: JsonValue): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
