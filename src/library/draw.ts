import { resolveEverywhere, resolveFamilies } from '../compile.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { unknownService } from '../explain/connection/targets.ts';
import { pictureMaker } from '../graph/draw-service.ts';
import { printSvg } from '../graph/print-svg.ts';
import { type Cluster, objectKey } from '../model/cluster.ts';
import { IP_FAMILIES } from '../model/ip.ts';
import type { NodeStates } from '../model/node-state.ts';
import { unknownNamespace } from '../render/env/render.ts';
import { nodeNames } from '../resolve/proxy/node-view.ts';
import { checkServing, type ServingWords } from './check-serving.ts';
import { type Compiled, failure, lockText, type NodeInput, readInput } from './compile.ts';
import { conclude } from './conclude.ts';
import type { LoadedManifests, Manifests } from './load.ts';
import { readNode } from './node.ts';
import type { NodeOptions } from './node-options.ts';
import type { ClusterOptions, PolicyOptions } from './options.ts';
import { type DrawForm, drawFormats, printPictures } from './print-pictures.ts';
import { listOf, oneOf, optionReader } from './read-options.ts';

export interface DrawOptions extends ClusterOptions, NodeOptions, DrawForm {}

/**
 * Pictures of Services, as `svcgen graph` prints them: artifact `graph`. Without `nodeName`, Local policies are drawn as such: any
 * endpoint may be the one.
 */
export function draw(manifests: Manifests, options: DrawOptions = {}): Compiled<'graph'> {
  return drawOf(readInput(manifests, options), options);
}

/** The same of what has been read. */
export function drawOf({ loaded, node }: NodeInput, options: DrawForm & PolicyOptions): Compiled<'graph'> {
  const reader = optionReader();
  const format = reader.read(['format'], options.format, oneOf(drawFormats)) ?? 'svg';
  const families = reader.read(['families'], options.families, listOf(oneOf(IP_FAMILIES))) ?? IP_FAMILIES;
  const { cluster } = loaded;
  const { config } = node;
  const resolve = config?.nodeName === undefined ? resolveEverywhere : resolveFamilies;
  const resolved =
    cluster === undefined || config === undefined ? undefined : resolve(cluster, config, families);
  const missing = { diagnostics: cluster === undefined ? [] : unknownOf(cluster, options) };
  const serving = { diagnostics: cluster === undefined ? [] : checkServing(cluster, IN_PICTURES) };
  const { diagnostics, ...end } = conclude(options, [node, reader, loaded, resolved, missing, serving]);
  if (cluster === undefined || config === undefined || resolved === undefined || end.hasErrors)
    return failure({ diagnostics });
  const services = cluster.services.filter((service) => isWanted(service, options));
  const make = pictureMaker({ cluster, states: resolved.states, config });
  const printed = printPictures(services, make, { ...options, format });
  const all = conclude(options, [{ diagnostics }, printed]);
  if (printed.text === undefined || all.hasErrors) return failure(all);
  return {
    artifacts: new Map([['graph', printed.text]]),
    lock: lockText(loaded),
    diagnostics: all.diagnostics,
  };
}

const IN_PICTURES: ServingWords = {
  withoutServices: 'there is nothing to draw',
  withoutEndpoints: 'every connection to one is refused',
};

/** A Service as lists of them show it. */
export interface ServiceItem {
  /** `namespace/name`. */
  readonly name: string;
  readonly type: string;
  /** Connections to it are refused. */
  readonly isRefused: boolean;
}

/** What there is in a cluster to choose from, and the picture of one Service. */
export interface Overview {
  readonly services: readonly ServiceItem[];
  readonly nodes: readonly string[];
  readonly namespaces: readonly string[];
  /** The Service that is drawn; "": none. */
  readonly service: string;
  readonly svg: string;
}

/** The overview where there is no cluster. */
export const NOTHING_DRAWN: Overview = { services: [], nodes: [], namespaces: [], service: '', svg: '' };

/**
 * The overview of manifests. What is wrong with them or with options is for `compile` to say.
 * @param wanted `namespace/name` of the Service that is drawn, as `draw` does; without it, the first one
 */
export function overviewOf(
  { cluster }: LoadedManifests,
  options: NodeOptions & DrawForm,
  wanted: string,
): Overview {
  if (cluster === undefined) return NOTHING_DRAWN;
  const choices = {
    ...NOTHING_DRAWN,
    nodes: nodeNames(cluster),
    namespaces: [...new Set(['default', ...cluster.services.map(({ namespace }) => namespace)])].sort(),
  };
  const { config } = readNode(options);
  if (config === undefined) return choices;
  const resolve = config.nodeName === undefined ? resolveEverywhere : resolveFamilies;
  const { states } = resolve(cluster, config, options.families ?? IP_FAMILIES);
  const refused = refusedServices(states);
  const services = cluster.services.map((each): ServiceItem => {
    const name = objectKey(each);
    const type = each.clusterIPs[0] === 'None' ? 'headless' : each.type;
    return { name, type, isRefused: refused.has(name) };
  });
  const drawn = cluster.services.find((each) => objectKey(each) === wanted) ?? cluster.services[0];
  if (drawn === undefined) return { ...choices, services };
  const svg = printSvg([pictureMaker({ cluster, states, config })(drawn)]);
  return { ...choices, services, service: objectKey(drawn), svg };
}

function refusedServices(states: NodeStates): ReadonlySet<string> {
  const ports = [...states.values()].flatMap(({ servicePorts }) => servicePorts);
  return new Set(
    ports.flatMap(({ name, internal }) => (internal.kind === 'endpoints' ? [] : objectKey(name))),
  );
}

function isWanted(
  service: { readonly namespace: string; readonly name: string },
  { services, namespace }: DrawForm,
): boolean {
  if (namespace !== undefined && service.namespace !== namespace) return false;
  return services === undefined || services.includes(objectKey(service));
}

function unknownOf(cluster: Cluster, { services = [], namespace }: DrawForm): readonly Diagnostic[] {
  const known = new Set(cluster.services.map(objectKey));
  const slip = namespace === undefined ? undefined : unknownNamespace(cluster, namespace);
  if (slip !== undefined) return [slip];
  return services.filter((name) => !known.has(name)).map((name) => unknownService(name, cluster.services));
}
