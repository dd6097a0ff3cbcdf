import { type EndpointsFormat, endpointsFormats, printEndpoints } from '../render/endpoints/print.ts';
import { endpointObjects } from '../resolve/controllers/endpoint-objects.ts';
import { DEFAULT_MAX_ENDPOINTS_PER_SLICE } from '../resolve/controllers/endpoint-slice-controller.ts';
import type { ServingWords } from './check-serving.ts';
import { compileCluster } from './cluster-output.ts';
import type { Compiled } from './compile.ts';
import { compiledText } from './compiled-text.ts';
import { type LoadedManifests, load, type Manifests } from './load.ts';
import type { ClusterOptions, PolicyOptions } from './options.ts';
import { oneOf, optionReader, wholeNumber } from './read-options.ts';

/** In which form. */
export interface EndpointsForm {
  /** 1 to 1000; default 100. */
  readonly maxEndpointsPerSlice?: number | undefined;
  /** Default: yaml. */
  readonly format?: EndpointsFormat | undefined;
}

export interface EndpointsOptions extends ClusterOptions, EndpointsForm {}

const IN_OBJECTS: ServingWords = {
  withoutServices: 'there are no endpoints of any',
  withoutEndpoints: 'these objects list no ready address',
};

/** The Endpoints and EndpointSlices that controllers would write, as `svcgen endpoints` prints them: artifact `endpoints`. */
export function compileEndpoints(
  manifests: Manifests,
  options: EndpointsOptions = {},
): Compiled<'endpoints'> {
  return compileEndpointsOf(load(manifests, options), options);
}

/** The same of what has been read. */
export function compileEndpointsOf(
  loaded: LoadedManifests,
  options: EndpointsForm & PolicyOptions,
): Compiled<'endpoints'> {
  const { read, diagnostics } = optionReader();
  const format = read(['format'], options.format, oneOf(endpointsFormats)) ?? 'yaml';
  const maxEndpointsPerSlice =
    read(['maxEndpointsPerSlice'], options.maxEndpointsPerSlice, wholeNumber(1, 1000)) ??
    DEFAULT_MAX_ENDPOINTS_PER_SLICE;
  return compileCluster(loaded, options, (cluster) => {
    const made = endpointObjects(cluster, { maxEndpointsPerSlice });
    const fileName = `endpoints.${format}`;
    return {
      texts: [['endpoints', compiledText({ fileName, chunks: () => printEndpoints(made.objects, format) })]],
      diagnostics: [...diagnostics, ...made.diagnostics],
      serving: IN_OBJECTS,
    };
  });
}
