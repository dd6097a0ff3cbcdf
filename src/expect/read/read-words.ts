import { didYouMean } from '../../diagnostic/did-you-mean.ts';
import { CLIENT_WORDS, parseClient, parseNodeName } from '../../explain/connection/parse-client.ts';
import { parseTarget } from '../../explain/connection/parse-target.ts';
import type { Role } from '../../explain/connection/targets.ts';
import type { StringMap } from '../../model/cluster.ts';
import type { FieldPath } from '../../model/field-path.ts';
import type {
  ClientWords,
  EndpointWords,
  Fault,
  NodeWords,
  Selector,
  SubjectWords,
  TargetWords,
} from '../expectation.ts';

/** Words that were understood, or what is wrong with them. */
export type ReadWords<Value> = { readonly value: Value } | { readonly problem: Fault };

/** Who connects, in the words of `explain --from`. */
export function readClient(text: string, field: FieldPath): ReadWords<ClientWords> {
  const name = parseClient(text);
  return name === undefined
    ? notUnderstood(text, 'no client', `it takes ${CLIENT_WORDS}`)
    : { value: { field, ...name } };
}

/** A pod or a node: `shop/web-0`, `pod shop/web-0`, `node worker-1`. */
export function readSubject(text: string): SubjectWords | undefined {
  const name = parseClient(text);
  return name?.kind === 'pod' || name?.kind === 'node' ? name : undefined;
}

/** `each node`, `worker-1`, `node worker-1`. */
export function readNodeWords(text: string, field: FieldPath): ReadWords<NodeWords> {
  if (text === 'each node') return { value: { field, kind: 'each' } };
  const name = parseNodeName(text);
  if (name !== undefined) return { value: { field, kind: 'node', name } };
  return notUnderstood(text, 'no node', 'it takes each node, or the name of a node');
}

/** `shop/web-0`, `web-0`, `10.1.2.3`, `10.1.2.3:8080`, `[fd00::1]:8080`. */
export function readEndpoint(text: string): ReadWords<EndpointWords> {
  const client = parseClient(text);
  if (client?.kind === 'pod') return { value: client };
  if (client?.kind === 'address') return { value: { ...client, port: undefined } };
  const target = parseTarget(text);
  if (target?.kind === 'address' && !text.includes('/'))
    return { value: { kind: 'address', ip: target.ip, port: target.port } };
  return notUnderstood(text, 'no endpoint', 'it takes a pod (shop/web-0, or web-0), ADDRESS or ADDRESS:PORT');
}

/** What stands in front of a Service, and the addresses that are meant. */
const PREFIXES: Readonly<Record<string, { readonly roles?: readonly Role[]; readonly isEachPort?: true }>> = {
  'clusterIP of ': { roles: ['clusterIP'] },
  'nodePort of ': { roles: ['nodePort'] },
  'externalIP of ': { roles: ['external IP'] },
  'loadBalancer of ': { roles: ['load balancer address'] },
  'each address of ': { roles: ['clusterIP', 'external IP', 'load balancer address', 'nodePort'] },
  'each port of ': { isEachPort: true },
};

const TARGET_WORDS = `it takes ADDRESS:PORT[/udp|/sctp], or NAMESPACE/SERVICE[:PORT] with nothing in front, or one of ${Object.keys(
  PREFIXES,
)
  .map((each) => JSON.stringify(each.trim()))
  .join(', ')}`;

/** `did you mean "each port of web"?`; undefined: nothing is near. */
function nearPrefix(text: string): string | undefined {
  const end = text.lastIndexOf(' ') + 1;
  const given = text.slice(0, end);
  const alike = Object.keys(PREFIXES).filter((each) => each.split(' ').length === given.split(' ').length);
  const near = didYouMean(given, alike);
  return near === undefined || text.startsWith(near)
    ? undefined
    : `did you mean ${JSON.stringify(`${near}${text.slice(end)}`)}?`;
}

/** `10.96.0.1:80`, `[fd00::1]:53/udp`, `shop/front:https`, `nodePort of shop/front:https`, `each port of shop/front`. */
export function readTarget(text: string, field: FieldPath): ReadWords<TargetWords> {
  const prefix = Object.keys(PREFIXES).find((each) => text.startsWith(each)) ?? '';
  const { roles, isEachPort = false } = PREFIXES[prefix] ?? {};
  const target = parseTarget(text.slice(prefix.length));
  if (target === undefined || (target.kind === 'address' && prefix !== ''))
    return notUnderstood(text, 'no target', nearPrefix(text) ?? TARGET_WORDS);
  if (target.kind === 'address') return { value: { field, ...target } };
  if (isEachPort && target.port !== undefined)
    return notUnderstood(text, 'contradicts itself', 'each port of a Service stands without :PORT');
  const isEvery = isEachPort || (prefix === 'each address of ' && target.port === undefined);
  const service = `${target.namespace}/${target.name}`;
  return { value: { field, ...target, service, roles, isEachPort: isEvery } };
}

function notUnderstood(text: string, what: string, hint: string): { readonly problem: Fault } {
  const verb = what.startsWith('no ') ? 'is ' : '';
  return { problem: { message: `${JSON.stringify(text.slice(0, 100))} ${verb}${what}`, hint } };
}

/** A selector as a file has it. */
export interface SelectorFields {
  readonly pods?: LabelFields | null | undefined;
  readonly nodes?: LabelFields | null | undefined;
  readonly namespace?: string | null | undefined;
  readonly node?: string | null | undefined;
  readonly zone?: string | null | undefined;
}
type LabelFields = Readonly<Record<string, string | null>>;

/** `{ pods: { app: web }, zone: a }`, `{ nodes: { role: edge } }`. */
export function readSelector(fields: SelectorFields): ReadWords<Selector> {
  const { pods = null, nodes = null, namespace, node, zone } = fields;
  const both = { node: node ?? undefined, zone: zone ?? undefined, namespace: namespace ?? undefined };
  if (pods !== null && nodes === null) return { value: { of: 'pods', labels: labelsOf(pods), ...both } };
  if (nodes !== null && pods === null && both.namespace === undefined)
    return { value: { of: 'nodes', labels: labelsOf(nodes), ...both } };
  const message =
    nodes !== null && pods === null
      ? 'nodes are in no namespace'
      : `a selector is about pods or nodes${pods === null ? '' : ', not both'}`;
  return {
    problem: { message, hint: 'write { pods: { app: web } } or { nodes: {} }, with zone, node or namespace' },
  };
}

function labelsOf(fields: LabelFields): StringMap {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, value ?? '']));
}

/** Notes what is wrong with a field. */
export type ReportFault = (field: FieldPath, problem: Fault) => void;

/** One word, a list of words, or a selector. */
type Given = string | readonly (string | null)[] | SelectorFields;

type ReadField<Value> = (given: Given, report: ReportFault) => readonly Value[];

/** Reads the words of cases. */
export interface CaseWords {
  readonly from: ReadField<ClientWords>;
  readonly to: ReadField<TargetWords>;
  readonly at: ReadField<NodeWords>;
}

/** For the cases of one file: words that many have are read once. */
export function caseWords(): CaseWords {
  return {
    from: fieldReader('from', readClient, selectedClient),
    to: fieldReader('to', readTarget),
    at: fieldReader('at', readNodeWords, selectedNodes),
  };
}

function fieldReader<Value extends ClientWords | TargetWords | NodeWords>(
  name: keyof CaseWords,
  readText: (text: string, field: FieldPath) => ReadWords<Value>,
  readMap?: (fields: SelectorFields, field: FieldPath) => ReadWords<Value>,
): ReadField<Value> {
  const field: FieldPath = [name];
  const known = new Map<string, readonly Value[]>();
  const accept = (read: ReadWords<Value>, place: FieldPath, report: ReportFault): readonly Value[] => {
    if ('value' in read) return [read.value];
    report(place, read.problem);
    return [];
  };
  return (given, report) => {
    if (typeof given === 'string') {
      const values = known.get(given) ?? accept(readText(given, field), field, report);
      if (values.length > 0) known.set(given, values);
      return values;
    }
    if (isList(given)) {
      if (given.length === 0) report(field, { message: 'the list is empty' });
      return given.flatMap((each, index) => {
        const place = [...field, index];
        return accept(readText(each ?? '', place), place, report);
      });
    }
    return readMap === undefined ? [] : accept(readMap(given, field), field, report);
  };
}

function isList(given: Given): given is readonly (string | null)[] {
  return Array.isArray(given);
}

function selectedClient(fields: SelectorFields, field: FieldPath): ReadWords<ClientWords> {
  const read = readSelector(fields);
  return 'problem' in read ? read : { value: { field, kind: 'selected', selector: read.value } };
}

function selectedNodes(fields: SelectorFields, field: FieldPath): ReadWords<NodeWords> {
  const read = readSelector({ ...fields, nodes: fields.nodes ?? {} });
  return 'problem' in read ? read : { value: { field, kind: 'selected', selector: read.value } };
}
