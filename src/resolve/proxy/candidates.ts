import type { EndpointSlice, Protocol, SliceEndpoint } from '../../model/cluster.ts';
import { joinHostPort } from '../../model/ip.ts';
import type { ProxyFacts } from '../../model/kubernetes-version.ts';
import { type Endpoint, spelledHostPort } from '../../model/node-state.ts';

/**
 * An endpoint of a service port, usable or not, with what its slice says of it. Pools hold candidates as they are:
 * there are too many of them for a second object each.
 */
export interface EndpointCandidate extends Endpoint {
  readonly source: SliceEndpoint;
}

/** From where, and with whose rules, endpoints are looked at. */
export interface CandidateView {
  readonly nodeName: string | undefined;
  readonly facts: ProxyFacts;
}

/** Which ports of slices belong to a service port. */
export interface PortIdentity {
  readonly name: string;
  readonly protocol: Protocol;
}

/**
 * The endpoints of one service port, sorted by `ip:port` as text, each once: kube-proxy's EndpointSliceCache. Up to 1.30 it
 * takes addresses as they are spelled, so that two spellings of one address are two endpoints.
 * Only the first address of an endpoint counts. Ports match by name and protocol; those without a number are left
 * out. `slices` are of one family, in order of name; where several slices hold one `ip:port`, see `isBetter`.
 */
export function mergeCandidates(
  slices: readonly EndpointSlice[],
  port: PortIdentity,
  { nodeName, facts }: CandidateView,
): readonly EndpointCandidate[] {
  const candidates: EndpointCandidate[] = [];
  for (const slice of slices) {
    for (const { name, protocol, port: number } of slice.ports) {
      if (name !== port.name || protocol !== port.protocol || number === undefined || number === 0) continue;
      addCandidates(candidates, slice.endpoints, number, { nodeName, facts });
    }
  }
  return isStrictlySorted(candidates) ? candidates : withoutDuplicates(candidates.sort(byHostPort), facts);
}

function addCandidates(
  candidates: EndpointCandidate[],
  sources: readonly SliceEndpoint[],
  port: number,
  { nodeName, facts }: CandidateView,
): void {
  for (const source of sources) {
    const ip = source.addresses[0];
    if (ip === undefined) continue;
    const isLocal = nodeName !== undefined && source.nodeName === nodeName;
    const candidate = { ip, port, hostPort: joinHostPort(ip, port), isLocal, source };
    const { spelledIP } = source;
    const keepsSpelling = spelledIP !== undefined && !facts.makesEndpointsCanonical;
    candidates.push(keepsSpelling ? { ...candidate, spelledIP } : candidate);
  }
}

/** Controllers often write endpoints in order already. */
function isStrictlySorted(candidates: readonly EndpointCandidate[]): boolean {
  let previous = '';
  for (const candidate of candidates) {
    const spelled = spelledHostPort(candidate);
    if (spelled <= previous) return false;
    previous = spelled;
  }
  return true;
}

function byHostPort(a: EndpointCandidate, b: EndpointCandidate): number {
  const [one, other] = [spelledHostPort(a), spelledHostPort(b)];
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function withoutDuplicates(
  sorted: readonly EndpointCandidate[],
  facts: ProxyFacts,
): readonly EndpointCandidate[] {
  const unique: EndpointCandidate[] = [];
  for (const candidate of sorted) {
    const last = unique.at(-1);
    if (last === undefined || byHostPort(last, candidate) !== 0) unique.push(candidate);
    else if (isBetter(candidate, last, facts)) unique[unique.length - 1] = candidate;
  }
  return unique;
}

/**
 * Whether of two endpoints with one `ip:port` the later one counts (endpointslicecache.go): since 1.36 when it does not
 * terminate, as a pod may have inherited the address of one that is on its way out (kubernetes/kubernetes#135593); up
 * to 1.35 when it is on this node. Else the first counts, in order of slice names, where kube-proxy lets chance decide.
 */
function isBetter(
  candidate: EndpointCandidate,
  than: EndpointCandidate,
  { duplicateEndpoints }: ProxyFacts,
): boolean {
  switch (duplicateEndpoints) {
    case 'running-one':
      if (candidate.source.terminating !== than.source.terminating) return than.source.terminating;
      return candidate.isLocal && !than.isLocal;
    case 'local-one':
      return candidate.isLocal;
  }
}
