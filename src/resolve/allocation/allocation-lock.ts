import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import type { ServicePortSpec } from '../../model/cluster.ts';
import { familyOf, parseIP } from '../../model/ip.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts';
import type { EndpointPool } from '../../model/node-state.ts';
import { sourceText } from '../../model/source-text.ts';
import { lockError, lockSyntaxError } from './lock-text.ts';

/**
 * What was allocated, to be kept in a file: the same values are allocated again, whatever else changes. Only values
 * that were allocated are in it, never those that manifests hold.
 */
export interface AllocationLock {
  readonly version: 1;
  /** By `namespace/name` of the Service, sorted. */
  readonly services: Readonly<Record<string, LockedService>>;
}

/** What was allocated for one Service; what was not is left out. */
export interface LockedService {
  /** At most one of each family, canonical. */
  readonly clusterIPs?: readonly string[];
  /** By name and protocol of the port, sorted: `http/TCP`; `/TCP` for an unnamed one. */
  readonly nodePorts?: Readonly<Record<string, number>>;
  readonly healthCheckNodePort?: number;
  /** At most one of each family, canonical. */
  readonly loadBalancerIPs?: readonly string[];
  /** For the proxy of userspace mode: by `lockedProxyKey`, sorted. */
  readonly proxyPorts?: Readonly<Record<string, number>>;
}

/** What a lock calls a port. */
export function lockedPortKey({ name, protocol }: Pick<ServicePortSpec, 'name' | 'protocol'>): string {
  return `${name}/${protocol}`;
}

/** What a lock calls a set of endpoints that a port can lead to: `http/TCP`, `http/TCP/local`. */
export function lockedProxyKey(
  port: Pick<ServicePortSpec, 'name' | 'protocol'>,
  scope: EndpointPool['scope'],
): string {
  return scope === 'cluster' ? lockedPortKey(port) : `${lockedPortKey(port)}/${scope}`;
}

/** A lock of what each Service holds. */
export function allocationLock(byService: ReadonlyMap<string, LockedService>): AllocationLock {
  const services = [...byService].sort(([a], [b]) => (a < b ? -1 : 1));
  return { version: 1, services: Object.fromEntries(services) };
}

/** The text of a lock file: JSON with one value a line, so that merges and reviews are easy. */
export function formatAllocationLock(lock: AllocationLock): string {
  return `${JSON.stringify(lock, null, 2)}\n`;
}

export interface ParsedLock {
  /** undefined: there are errors. */
  readonly lock: AllocationLock | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Notes what is wrong with the value that a path of map keys leads to. */
type Complain = (path: readonly string[], message: string) => void;

const SERVICE_KEY = /^[^/]+\/[^/]+$/;
const PORT_KEY = /^[^/]*\/(?:TCP|UDP|SCTP)$/;
const PROXY_KEY = /^[^/]*\/(?:TCP|UDP)(?:\/local)?$/;
const MAX_PORT = 65535;

/** A file with more of them is not one of ours. */
const MAX_ERRORS = 100;

/**
 * Reads a lock file. It decides where traffic goes, so anything but what `formatAllocationLock` writes is an error:
 * all of them in one run.
 * @param file the path, for diagnostics
 */
export function parseAllocationLock(text: string, file: string): ParsedLock {
  const source = sourceText(file, text);
  let value: JsonValue;
  try {
    value = JSON.parse(text);
  } catch {
    return { lock: undefined, diagnostics: [lockSyntaxError(source)] };
  }
  const diagnostics: Diagnostic[] = [];
  const lock = readLock(value, (path, message) => {
    if (diagnostics.length < MAX_ERRORS) diagnostics.push(lockError(source, path, message));
  });
  return { lock: diagnostics.length === 0 ? lock : undefined, diagnostics };
}

function readLock(value: JsonValue, complain: Complain): AllocationLock | undefined {
  if (!isJsonObject(value)) {
    complain([], 'the lock file does not hold a map');
    return undefined;
  }
  if (value.version !== 1) {
    complain(['version'], `version ${shown(value.version)} is not known, only 1`);
    return undefined;
  }
  refuseOthers(value, { path: [], known: ['version', 'services'] }, complain);
  const services = value.services ?? {};
  if (!isJsonObject(services)) {
    complain(['services'], 'services is not a map');
    return undefined;
  }
  const entries = Object.entries(services).map(
    ([key, locked]) => [key, readService(key, locked, complain)] as const,
  );
  return { version: 1, services: Object.fromEntries(entries) };
}

const LOCKED_FIELDS = ['clusterIPs', 'nodePorts', 'healthCheckNodePort', 'loadBalancerIPs', 'proxyPorts'];

function readService(key: string, value: JsonValue, complain: Complain): LockedService {
  const path = ['services', key];
  if (!SERVICE_KEY.test(key)) complain(path, `${JSON.stringify(key)} is not namespace/name of a service`);
  if (!isJsonObject(value)) {
    complain(path, `what is locked of ${JSON.stringify(key)} is not a map`);
    return {};
  }
  refuseOthers(value, { path, known: LOCKED_FIELDS }, complain);
  const { clusterIPs, nodePorts, healthCheckNodePort, loadBalancerIPs, proxyPorts } = value;
  return {
    ...(clusterIPs !== undefined && {
      clusterIPs: readAddresses(clusterIPs, [...path, 'clusterIPs'], complain),
    }),
    ...(nodePorts !== undefined && {
      nodePorts: readPorts(nodePorts, { path: [...path, 'nodePorts'], key: PORT_KEY }, complain),
    }),
    ...(healthCheckNodePort !== undefined && {
      healthCheckNodePort: readPort(healthCheckNodePort, [...path, 'healthCheckNodePort'], complain),
    }),
    ...(loadBalancerIPs !== undefined && {
      loadBalancerIPs: readAddresses(loadBalancerIPs, [...path, 'loadBalancerIPs'], complain),
    }),
    ...(proxyPorts !== undefined && {
      proxyPorts: readPorts(proxyPorts, { path: [...path, 'proxyPorts'], key: PROXY_KEY }, complain),
    }),
  };
}

function readAddresses(value: JsonValue, path: readonly string[], complain: Complain): readonly string[] {
  const list = Array.isArray(value) ? value : [undefined];
  const addresses: string[] = [];
  for (const each of list) {
    const ip = typeof each === 'string' ? parseIP(each)?.ip : undefined;
    if (ip === undefined) complain(path, `${path.at(-1)} holds ${shown(each ?? value)}, which is no address`);
    else addresses.push(ip);
  }
  const families = new Set(addresses.map(familyOf));
  if (families.size < addresses.length) complain(path, `${path.at(-1)} holds two addresses of one family`);
  return addresses;
}

function readPorts(
  value: JsonValue,
  { path, key: pattern }: { readonly path: readonly string[]; readonly key: RegExp },
  complain: Complain,
): Readonly<Record<string, number>> {
  if (!isJsonObject(value)) {
    complain(path, `${path.at(-1)} is not a map`);
    return {};
  }
  const entries = Object.entries(value).map(([key, port]) => {
    if (!pattern.test(key)) complain([...path, key], `${JSON.stringify(key)} is not name/protocol of a port`);
    return [key, readPort(port, [...path, key], complain)] as const;
  });
  return Object.fromEntries(entries);
}

function readPort(value: JsonValue, path: readonly string[], complain: Complain): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_PORT) return value;
  complain(path, `${shown(value)} is not a port from 1 to ${MAX_PORT}`);
  return 0;
}

function refuseOthers(
  value: JsonObject,
  { path, known }: { readonly path: readonly string[]; readonly known: readonly string[] },
  complain: Complain,
): void {
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue;
    complain([...path, key], `${JSON.stringify(key)} is not known here: only ${known.join(', ')}`);
  }
}

/** A value as JSON, cut short; of maps and lists only what they are: they may be nested deeply. */
function shown(value: JsonValue | undefined): string {
  if (Array.isArray(value)) return 'a list';
  if (isJsonObject(value)) return 'a map';
  const json = JSON.stringify(value ?? null);
  return json.length > 60 ? `${json.slice(0, 60)}…` : json;
}
