import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { hasErrors } from '../diagnostic/has-errors.ts';
import { isJsonObject } from '../model/json.ts';
import type { Manifest } from '../model/manifest.ts';
import type { SourceFile, Span } from '../model/source.ts';
import { parse } from '../parse/parse.ts';
import {
  isProxyConfiguration,
  type KubeProxySettings,
  readKubeProxyConfiguration,
} from '../validate/kube-proxy-configuration.ts';
import { embeddedSpans } from './embedded-text.ts';
import { sourceFileOf } from './options.ts';
import { inputProblem } from './problem.ts';

const API_VERSION = 'kubeproxy.config.k8s.io/v1alpha1';
const KIND = 'KubeProxyConfiguration';

interface Found {
  readonly configurations: readonly Manifest[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads a file of `--config`: a KubeProxyConfiguration, alone or among other documents (kubeadm's), or a ConfigMap that
 * holds one, as `kubectl -n kube-system get configmap kube-proxy -o yaml` prints it.
 */
export function readConfiguration(file: SourceFile): KubeProxySettings {
  const { configurations, diagnostics } = findConfigurations(file);
  const [configuration, other] = configurations;
  if (configuration === undefined)
    return failed(hasErrors(diagnostics) ? diagnostics : [...diagnostics, notFound(file.path)]);
  if (other !== undefined) return failed([...diagnostics, severalFound(configuration, other)]);
  const read = readKubeProxyConfiguration(configuration);
  return { settings: read.settings, diagnostics: [...diagnostics, ...read.diagnostics] };
}

function findConfigurations(file: SourceFile): Found {
  const { manifests, diagnostics } = parse([file]);
  const direct = manifests.filter(isProxyConfiguration);
  const embedded = manifests
    .filter(({ kind, apiVersion }) => kind === 'ConfigMap' && apiVersion === 'v1')
    .map((configMap) => findEmbedded(configMap, file));
  return {
    configurations: [...direct, ...embedded.flatMap((found) => found.configurations)],
    diagnostics: [...diagnostics, ...embedded.flatMap((found) => found.diagnostics)],
  };
}

function findEmbedded(configMap: Manifest, file: SourceFile): Found {
  const { data } = configMap.value;
  if (!isJsonObject(data)) return { configurations: [], diagnostics: [] };
  let lines: readonly string[] | undefined;
  const fileLines = () => {
    lines ??= new TextDecoder().decode(file.bytes).split(/\r?\n/);
    return lines;
  };
  const found = Object.entries(data)
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1].includes(KIND))
    .map(([key, text]) => parseEmbedded({ configMap, key, text, path: file.path, fileLines }));
  return {
    configurations: found.flatMap(({ configurations }) => configurations),
    diagnostics: found.flatMap(({ diagnostics }) => diagnostics),
  };
}

interface Embedded {
  readonly configMap: Manifest;
  readonly key: string;
  readonly text: string;
  /** The file that it is in. */
  readonly path: string;
  readonly fileLines: () => readonly string[];
}

function parseEmbedded({ configMap, key, text, path, fileLines }: Embedded): Found {
  const { manifests, diagnostics } = parse([sourceFileOf({ path, text })]);
  let spanOf: ((inner: Span) => Span) | undefined;
  const toFile = (inner: Span) => {
    spanOf ??= embeddedSpans({
      text,
      span: configMap.locate(['data', key]),
      fileLines: fileLines(),
    });
    return spanOf(inner);
  };
  return {
    configurations: manifests
      .filter(isProxyConfiguration)
      .map((manifest) => ({ ...manifest, locate: (field, at) => toFile(manifest.locate(field, at)) })),
    diagnostics: diagnostics.map((diagnostic) => ({
      ...diagnostic,
      span: diagnostic.span === undefined ? undefined : toFile(diagnostic.span),
      related: diagnostic.related.map(({ message, span }) => ({ message, span: toFile(span) })),
    })),
  };
}

function failed(diagnostics: readonly Diagnostic[]): KubeProxySettings {
  return { settings: {}, diagnostics };
}

function notFound(path: string): Diagnostic {
  return inputProblem({
    code: 'proxy-config-found',
    message: `${JSON.stringify(path)} holds no ${KIND} of ${API_VERSION}`,
    hint: 'kubectl -n kube-system get configmap kube-proxy -o yaml prints that of a cluster',
  });
}

function severalFound(first: Manifest, second: Manifest): Diagnostic {
  return {
    ...inputProblem({ code: 'proxy-config-found', message: `this is the second ${KIND} in the file` }),
    span: second.locate([]),
    related: [{ message: 'the first is here', span: first.locate([]) }],
  };
}
