import type { ObjectMeta } from '../../../../model/cluster.ts';
import type { FieldPath } from '../../../../model/field-path.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../../model/json.ts';
import type { Manifest } from '../../../../model/manifest.ts';
import type { RouteKind } from '../../../rule.ts';

/** A Service that an Ingress or a route of the Gateway API sends requests to. */
export interface BackendRef {
  readonly kind: RouteKind;
  readonly object: ObjectMeta;
  readonly field: FieldPath;
  readonly namespace: string;
  readonly name: string;
  /** A number, or a name (Ingress only); undefined: none is said. */
  readonly port: number | string | undefined;
  readonly portField: FieldPath;
}

const ROUTES: ReadonlyMap<string, RouteKind> = new Map([
  ['HTTPRoute', 'HTTPRoute'],
  ['GRPCRoute', 'GRPCRoute'],
  ['TLSRoute', 'TLSRoute'],
  ['TCPRoute', 'TCPRoute'],
  ['UDPRoute', 'UDPRoute'],
]);
const GATEWAY_GROUP = 'gateway.networking.k8s.io/';

/** What the AWS Load Balancer Controller (2.13) puts in place of a port: the name is that of an action, not of a Service. */
const IS_ACTION = 'use-annotation';

/** Every reference to a Service in objects of kinds that are not read otherwise. Of their shapes nothing is known. */
export function findBackendRefs(unread: readonly Manifest[]): readonly BackendRef[] {
  return unread.flatMap((manifest) => {
    if (manifest.apiVersion === 'networking.k8s.io/v1' && manifest.kind === 'Ingress')
      return ofIngress(manifest);
    const kind = manifest.apiVersion.startsWith(GATEWAY_GROUP) ? ROUTES.get(manifest.kind) : undefined;
    return kind === undefined ? [] : ofRoute(manifest, kind);
  });
}

/** networking/v1 IngressSpec (k8s.io/api, 1.30 to 1.37): the default backend, and those of paths. */
function ofIngress(manifest: Manifest): readonly BackendRef[] {
  const spec = mapOf(manifest.value.spec);
  const object = objectOf(manifest);
  const backends: (readonly [JsonValue | undefined, FieldPath])[] = [
    [spec.defaultBackend, ['spec', 'defaultBackend']],
  ];
  for (const [index, rule] of listOf(spec.rules).entries()) {
    for (const [at, path] of listOf(mapOf(mapOf(rule).http).paths).entries())
      backends.push([mapOf(path).backend, ['spec', 'rules', index, 'http', 'paths', at, 'backend']]);
  }
  return backends.flatMap(([backend, field]) => {
    const { name, port: given } = mapOf(mapOf(backend).service);
    const port = mapOf(given);
    if (typeof name !== 'string' || port.name === IS_ACTION) return [];
    const place = { field: [...field, 'service', 'name'], portField: [...field, 'service', 'port'] };
    return [
      {
        kind: 'Ingress',
        object,
        namespace: object.namespace,
        name,
        port: portOf(port.number ?? port.name),
        ...place,
      },
    ];
  });
}

/** BackendRef (sigs.k8s.io/gateway-api apis/v1, 1.4): a Service unless group or kind say another thing. */
function ofRoute(manifest: Manifest, kind: RouteKind): readonly BackendRef[] {
  const object = objectOf(manifest);
  return listOf(mapOf(manifest.value.spec).rules).flatMap((rule, index) =>
    listOf(mapOf(rule).backendRefs).flatMap((given, at) => {
      const { group = '', kind: target = 'Service', name, namespace, port } = mapOf(given);
      if (group !== '' || target !== 'Service' || typeof name !== 'string') return [];
      const field = ['spec', 'rules', index, 'backendRefs', at];
      return [
        {
          kind,
          object,
          namespace: typeof namespace === 'string' ? namespace : object.namespace,
          name,
          port: portOf(port),
          field: [...field, 'name'],
          portField: [...field, 'port'],
        },
      ];
    }),
  );
}

function objectOf({ namespace, name, value, locate }: Manifest): ObjectMeta {
  const entries = Object.entries(mapOf(mapOf(value.metadata).annotations));
  const annotations = Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
  return { namespace: namespace || 'default', name, labels: {}, annotations, locate };
}

function portOf(port: JsonValue | undefined): number | string | undefined {
  return typeof port === 'number' || typeof port === 'string' ? port : undefined;
}

function mapOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}
