import { type ResolvedNode, resolveFamilies } from '../compile.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { hasErrors } from '../diagnostic/has-errors.ts';
import { type FoundClient, findClient } from '../explain/connection/find-client.ts';
import { knownAddresses } from '../explain/connection/known-addresses.ts';
import { type ClientName, inNamespace, readClientName } from '../explain/connection/parse-client.ts';
import { parseTarget, TARGET_WORDS, type WantedTarget } from '../explain/connection/parse-target.ts';
import { withNodeAddress } from '../explain/connection/targets.ts';
import { explainConnection } from '../explain/explain.ts';
import type { Explanation } from '../explain/explanation.ts';
import type { NodeChoice } from '../explain/notes/findings.ts';
import type { RuleSource } from '../explain/rule-source.ts';
import type { Host } from '../lang/packet/host.ts';
import type { ReadHost } from '../lang/packet/read-host.ts';
import type { IPFamily } from '../model/cluster.ts';
import { familyOf, IP_FAMILIES } from '../model/ip.ts';
import type { NodeStates } from '../model/node-state.ts';
import type { NodeDump } from '../modes/dump/node-dump.ts';
import { readNodeDump } from '../modes/dump/read/read-node-dump.ts';
import { viewNode } from '../resolve/proxy/node-view.ts';
import { readInterfaceName, type ValueResult } from '../validate/proxy-values.ts';
import { checkServing } from './check-serving.ts';
import { chooseLayout, type RuleOptions } from './choose-output.ts';
import { readInput } from './compile.ts';
import { conclude, type WithDiagnostics } from './conclude.ts';
import type { LoadedManifests, Manifests } from './load.ts';
import type { ReadNode } from './node.ts';
import type { NodeOptions } from './node-options.ts';
import { hostInRules, type NodeText, nodeTextOf, readDump, readHostText } from './node-text.ts';
import type { ClusterOptions, ManifestOptions, TextFile } from './options.ts';
import { optionProblem } from './problem.ts';
import { oneOf, optionReader } from './read-options.ts';

/** Which connection, over which rules. */
export interface ConnectionOptions extends RuleOptions {
  /** A process of the node connects, or another machine, whatever its address. */
  readonly origin?: 'node' | 'outside' | undefined;
  /** The interface that it comes in on. */
  readonly inInterface?: string | undefined;
  /** The interface that it leaves by. */
  readonly outInterface?: string | undefined;
  /** Of a Service that has addresses of both. */
  readonly family?: IPFamily | undefined;
}

export interface ExplainOptions extends ClusterOptions, NodeOptions, ConnectionOptions {
  /** The client: an address, a pod (`shop/web-0`), `outside`, `node`, `node worker-1`. Default: somebody outside. */
  readonly from?: string | undefined;
  /** `10.96.0.1:80`, `[fd00::1]:53/udp`, or a Service: `web`, `default/web:http`. */
  readonly to: string;
  /** Of a Service or a pod that is named without one. Default: `default`, and of a pod whatever there is. */
  readonly namespace?: string | undefined;
  /** What the tools of a node printed about its rules. Default: rules are ours. */
  readonly rules?: TextFile | undefined;
  /** What `ip -j addr`, `ip -j route` and `sysctl -a` printed on the node. Default: what is in `rules`. */
  readonly host?: TextFile | undefined;
}

export interface Explained extends WithDiagnostics {
  /** undefined: there are errors. */
  readonly explanation: Explanation | undefined;
}

/**
 * Follows one connection through the rules of a node, as `svcgen explain` does.
 * @param manifests undefined: only the rules of a node are known
 */
export function explain(manifests: Manifests | undefined, options: ExplainOptions): Explained {
  const { read, diagnostics } = optionReader();
  const to = read(['to'], options.to, (text) => readTarget(text, options.namespace));
  const checked = {
    ...options,
    from: inNamespace(read(['from'], options.from, readClientName), options.namespace),
    origin: read(['origin'], options.origin, oneOf(['node', 'outside'])),
    inInterface: read(['inInterface'], options.inInterface, readInterfaceName),
    outInterface: read(['outInterface'], options.outInterface, readInterfaceName),
    family: read(['family'], options.family, oneOf(IP_FAMILIES)),
  };
  const problem = to && connectionProblem({ ...checked, to });
  const found = [
    ...diagnostics,
    ...(problem === undefined ? [] : [optionProblem([problem.option], problem.message)]),
    ...((manifests ?? options.rules)
      ? []
      : [optionProblem(['rules'], 'they are needed where there are no manifests')]),
  ];
  if (to === undefined || found.length > 0) {
    const { diagnostics: said } = conclude(options, [{ diagnostics: found }]);
    return { explanation: undefined, diagnostics: said };
  }
  const input = readInput(manifests ?? NOTHING, options);
  const rules = options.rules && nodeTextOf(options.rules);
  const loaded = manifests === undefined ? undefined : input.loaded;
  const host = options.host && nodeTextOf(options.host);
  return explainOf({ node: input.node, loaded, rules, host }, { ...checked, to });
}

const NOTHING: LoadedManifests = { cluster: undefined, lock: undefined, diagnostics: [] };

function readTarget(text: string, namespace: string | undefined): ValueResult<WantedTarget> {
  const value = parseTarget(text, namespace);
  if (value !== undefined) return { kind: 'value', value };
  return { kind: 'problem', message: `${JSON.stringify(text)} is no target: it takes ${TARGET_WORDS}` };
}

/** A connection whose ends are read. */
export interface WantedConnection extends ConnectionOptions {
  /** Default: somebody outside. */
  readonly from?: ClientName | undefined;
  readonly to: WantedTarget;
}

/** What cannot be about a connection: an option, and what is wrong with it; undefined: nothing. */
export function connectionProblem({
  from,
  to,
  family,
  origin,
}: Pick<WantedConnection, 'from' | 'to' | 'family' | 'origin'>):
  | { readonly option: 'from' | 'to'; readonly message: string }
  | undefined {
  const wanted = to.kind === 'address' ? to.family : family;
  if (to.kind === 'address' && family !== undefined && family !== to.family)
    return { option: 'to', message: `${to.ip} is ${to.family}, not ${family}` };
  if (from === undefined) return undefined;
  if (from.kind !== 'address')
    return origin === undefined
      ? undefined
      : { option: 'from', message: `says who connects already: without --from-${origin}` };
  const { ip } = from;
  if (wanted === undefined || familyOf(ip) === wanted) return undefined;
  return { option: 'from', message: `${ip} is ${familyOf(ip)}, and the connection goes to ${wanted}` };
}

/** Manifests, rules of a node, or both, read. */
export interface ExplainInput {
  readonly node: ReadNode;
  /** undefined: there are no manifests. */
  readonly loaded: LoadedManifests | undefined;
  /** undefined: the rules are ours. */
  readonly rules: NodeText | undefined;
  /** What `ip` printed; undefined: nothing is given. */
  readonly host: NodeText | undefined;
}

/** The same of what has been read. */
export function explainOf(input: ExplainInput, asked: WantedConnection & ManifestOptions): Explained {
  const { node, loaded, rules } = input;
  const options = { ...asked, to: withNodeAddress(asked.to, loaded?.cluster, asked.family) };
  const layout = node.config && chooseLayout(options, node.config.mode);
  const host = input.host === undefined ? hostInRules(rules) : readHostText(input.host);
  const met = meetClient(input, options, host.read);
  const wanted = { ...options, family: options.family ?? onlyFamily(met.client) };
  const expected = resolveWanted(met, wanted);
  const dumped =
    rules && readDump(rules, options, (source) => readNodeDump(source, rulesFamily(wanted, expected.states)));
  // What a node does by its rules is named by manifests as its version reads them.
  const resolved =
    dumped?.kubernetes === undefined ? expected : resolveWanted(met, wanted, dumped.kubernetes);
  const serving = { diagnostics: rules === undefined ? servingOf(loaded) : [] };
  const parts = [node, layout, loaded, met, resolved, serving, dumped, host];
  const canExplain = !hasErrors(parts.flatMap((part) => part?.diagnostics ?? []));
  const explained =
    canExplain && met.config !== undefined && met.client !== undefined && layout !== undefined
      ? explainConnection({
          client: { ...met.client, inInterface: options.inInterface, outInterface: options.outInterface },
          target: options.to,
          rules: sourceOfRules(dumped?.dump, { kind: 'own', setting: layout.setting }, wanted.family),
          versions: dumped?.told,
          cluster: loaded?.cluster,
          states: resolved.states,
          nodeName: met.config.nodeName,
          nodeBy: met.nodeBy,
          nodeIPs: [
            ...viewNode(loaded?.cluster?.nodes ?? [], met.config).addresses,
            ...(host.read?.addresses ?? []),
          ],
          links: linksOf(host.read),
          kernel: host.read === undefined ? undefined : { ...host.read.facts, bridges: host.read.bridges },
        })
      : undefined;
  const failed = explained?.kind === 'failed' ? { diagnostics: [explained.diagnostic] } : undefined;
  const { diagnostics, ...end } = conclude(options, [...parts, failed]);
  const isFine = explained?.kind === 'explained' && !end.hasErrors;
  return { explanation: isFine ? explained.explanation : undefined, diagnostics };
}

/** Rules of a node tell by themselves what is served. */
function servingOf(loaded: LoadedManifests | undefined): readonly Diagnostic[] {
  if (loaded?.cluster === undefined) return [];
  return checkServing(loaded.cluster, {
    withoutServices: 'no connection is for one',
    withoutEndpoints: 'every connection to one is refused',
  });
}

/** Who connects, and the node whose rules are followed. */
interface Meeting extends ExplainInput, WithDiagnostics {
  /** undefined: there are errors. */
  readonly client: FoundClient | undefined;
  /** undefined: there are errors. */
  readonly config: ReadNode['config'];
  readonly nodeBy: NodeChoice;
}

/** Without --node, our rules are those of the client's node, else of the node that it goes to; a dump is of the Node that has its addresses. */
function meetClient(input: ExplainInput, { from, to, origin }: WantedConnection, host?: ReadHost): Meeting {
  const { config } = input.node;
  const { nodes = [], pods = [] } = input.loaded?.cluster ?? {};
  const addresses = new Set([...(config?.nodeIPs ?? []), ...(host?.addresses ?? [])]);
  const ofAddress = nodes.find((node) => node.addresses.some((ip) => addresses.has(ip)))?.name;
  const nodeName = config?.nodeName ?? ofAddress;
  const place = { cluster: input.loaded?.cluster, known: knownAddresses({ nodes, pods }), nodeName };
  const found = from === undefined ? SOMEBODY : findClient(from, place);
  if ('code' in found) return { ...input, client: undefined, config, nodeBy: 'name', diagnostics: [found] };
  const client = origin === undefined ? found : { ...found, origin };
  const isOpen = nodeName === undefined && input.rules === undefined;
  const ofClient = isOpen && origin === undefined ? found.node : undefined;
  const ofTarget =
    isOpen && to.kind === 'address'
      ? nodes.find(({ addresses: own }) => own.includes(to.ip))?.name
      : undefined;
  const nodeBy = ofClient !== undefined ? 'client' : ofTarget !== undefined ? 'target' : 'name';
  return {
    ...input,
    client,
    config: config && { ...config, nodeName: ofClient ?? ofTarget ?? nodeName },
    nodeBy,
    diagnostics: [],
  };
}

const SOMEBODY: FoundClient = { ips: undefined, origin: undefined, label: undefined, node: undefined };

function onlyFamily(client: FoundClient | undefined): IPFamily | undefined {
  const families = new Set((client?.ips ?? []).map(familyOf));
  return families.size === 1 ? [...families][0] : undefined;
}

function linksOf(read: ReadHost | undefined): Pick<Host, 'interfaces' | 'routes'> {
  if (read === undefined) return {};
  const { interfaces, routes } = read;
  return routes === undefined ? { interfaces } : { interfaces, routes };
}

/** @param family the one that is wanted, of a dump that has both */
function sourceOfRules(
  dump: NodeDump | undefined,
  own: RuleSource,
  family: IPFamily | undefined,
): RuleSource {
  if (dump === undefined) return own;
  if (dump.kind === 'saved') return dump;
  const { tables, others } = dump.ruleset;
  const wanted = tables.filter((table) => family === undefined || table.family === family);
  return { ...dump, ruleset: { tables: wanted, others } };
}

/** With the rules of a node, what manifests leave open about it does not matter; whether they know it still does. */
function resolveWanted(
  { config: found, loaded, rules }: Meeting,
  options: WantedConnection,
  kubernetes = found?.kubernetes,
): ResolvedNode {
  if (loaded?.cluster === undefined || found === undefined) return { states: new Map(), diagnostics: [] };
  const config = { ...found, kubernetes: kubernetes ?? found.kubernetes };
  const { states, diagnostics } = resolveFamilies(loaded.cluster, config, wantedFamilies(options));
  const counted =
    rules === undefined ? diagnostics : diagnostics.filter(({ code }) => code === 'node-name-known');
  return { states: hasErrors(counted) ? new Map() : states, diagnostics: counted };
}

/** Of the rules: that of the address, else of the first that the manifests have Services in. */
function rulesFamily({ to, family }: WantedConnection, states: NodeStates): IPFamily {
  if (to.kind === 'address') return to.family;
  const served = [...states.values()].find(({ servicePorts }) =>
    servicePorts.some(({ name }) => name.namespace === to.namespace && name.name === to.name),
  );
  return family ?? served?.family ?? 'IPv4';
}

function wantedFamilies({ to, family }: WantedConnection): readonly IPFamily[] {
  if (to.kind === 'address') return [to.family];
  return family === undefined ? IP_FAMILIES : [family];
}
