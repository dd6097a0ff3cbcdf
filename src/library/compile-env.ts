import { type EnvFormat, envFormats } from '../render/env/print.ts';
import { renderEnv } from '../render/env/render.ts';
import type { ServingWords } from './check-serving.ts';
import { compileCluster } from './cluster-output.ts';
import type { Compiled } from './compile.ts';
import { compiledText } from './compiled-text.ts';
import { type LoadedManifests, load, type Manifests } from './load.ts';
import type { ClusterOptions, PolicyOptions } from './options.ts';
import { oneOf, optionReader } from './read-options.ts';

/** Whose variables, and in which form. */
export interface EnvSelection {
  /** Of the pod. Default: `default`. */
  readonly namespace?: string | undefined;
  /** A pod of that namespace. Default: any that has service links. */
  readonly pod?: string | undefined;
  /** Default: shell. */
  readonly format?: EnvFormat | undefined;
}

export interface EnvOptions extends ClusterOptions, EnvSelection {}

const IN_PODS: ServingWords = {
  withoutServices: 'pods get no variables of any',
  withoutEndpoints: undefined,
};

/** The variables that the kubelet gives the pods of a namespace about Services, as `svcgen env` prints them: artifact `env`. */
export function compileEnv(manifests: Manifests, options: EnvOptions = {}): Compiled<'env'> {
  return compileEnvOf(load(manifests, options), options);
}

/** The same of what has been read. */
export function compileEnvOf(
  loaded: LoadedManifests,
  options: EnvSelection & PolicyOptions,
): Compiled<'env'> {
  const { read, diagnostics } = optionReader();
  const format = read(['format'], options.format, oneOf(envFormats)) ?? 'shell';
  const { namespace = 'default', pod } = options;
  return compileCluster(loaded, options, (cluster) => {
    const made = renderEnv(cluster, { namespace, format, ...(pod === undefined ? {} : { pod }) });
    return {
      texts: [['env', compiledText({ fileName: 'env', chunks: () => made.text })]],
      diagnostics: [...diagnostics, ...made.diagnostics],
      serving: IN_PODS,
    };
  });
}
