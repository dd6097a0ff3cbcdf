import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  compareWithNode,
  compile,
  compileChanges,
  compileDns,
  compileEndpoints,
  compileEnv,
  explain,
  load,
  noColors,
  type ProxyMode,
  printJson,
  printJsonDrift,
  printJsonExplanation,
  printPretty,
  printPrettyExplanation,
  validateManifests,
} from '../../../src/index.ts';
import { parse } from '../../../src/parse/parse.ts';

/** A format that svcgen reads: examples of it, and all that is done with a text of it. */
export interface FuzzedFormat {
  readonly examples: readonly string[];
  /** @throws Error when there is a bug: what a text says is never a reason */
  readonly read: (text: string) => void;
}

const MAX_EXAMPLE = 24 * 1024;
/** An input costs as much as it is long, and what is short has all that a reader meets. */
const MAX_DUMP = 8 * 1024;
const NODE = { nodeName: 'node-a', nodeIPs: ['192.0.2.1'], clusterCIDRs: ['10.244.0.0/16'] };
const MODES: readonly ProxyMode[] = ['iptables', 'ipvs', 'nftables'];

/** All files of fixtures that are of some use. */
function examples(folders: readonly string[], isWanted: (path: string) => boolean): readonly string[] {
  return folders
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
    )
    .filter((path) => isWanted(path))
    .toSorted()
    .map((path) => readFileSync(path, 'utf8'))
    .filter(({ length }) => length > 0 && length < MAX_EXAMPLE);
}

function isManifest(path: string): boolean {
  return /\/(?:input|near-miss|old|new|before|after)\.yaml$/.test(path);
}

const manifests = examples(['fixtures/valid', 'fixtures/invalid', 'fixtures/diff'], isManifest);
const known = load(
  [{ path: 'known.yaml', text: readFileSync('fixtures/valid/ipvs/input.yaml', 'utf8') }],
  NODE,
);

/** As kubectl prints them, or on one line. */
function asJson(text: string, index: number): string {
  const { manifests: items } = parse([{ path: 'input.yaml', bytes: new TextEncoder().encode(text) }]);
  const list = { apiVersion: 'v1', items: items.map(({ value }) => value), kind: 'List' };
  return JSON.stringify(list, undefined, index % 2 === 0 ? 4 : undefined);
}

function drain(texts: Iterable<Iterable<string>>): void {
  for (const text of texts) for (const _ of text);
}

function readManifests(path: string, text: string): void {
  const files = [{ path, text }];
  const { diagnostics, objects } = validateManifests(files, { strict: text.length % 2 === 0 });
  const extent = { filesChecked: 1, objects };
  drain([printPretty(diagnostics, { colors: noColors, ...extent }), printJson(diagnostics, extent)]);
  const loaded = load(files, { ...NODE, synthesizePods: true });
  if (loaded.cluster === undefined) return;
  for (const mode of MODES) drain(piecesOf(compile(loaded, { ...NODE, mode }).artifacts));
  for (const { artifacts } of [
    compileDns(loaded),
    compileEndpoints(loaded),
    compileEnv(loaded, { namespace: 'default' }),
  ])
    drain(piecesOf(artifacts));
}

function piecesOf(
  artifacts: ReadonlyMap<string, { readonly pieces: () => Iterable<string> }> | undefined,
): readonly Iterable<string>[] {
  return [...(artifacts?.values() ?? [])].map((artifact) => artifact.pieces());
}

const CONNECTIONS = [
  { to: '10.96.0.80:80' },
  { to: '192.0.2.1:30080', from: '10.244.0.9' },
  { to: '[fd00:10:96::50]:53/udp' },
  { to: 'default/web', inInterface: 'eth0' },
];

/** Explains with it, and then compares it with what is wanted in one of two ways: the text decides which. */
function readDump(mode: ProxyMode, text: string): void {
  const rules = { path: 'node.rules', text };
  const connection = CONNECTIONS[text.length % CONNECTIONS.length] ?? { to: '10.96.0.80:80' };
  const { explanation } = explain(undefined, { ...connection, rules, mode });
  if (explanation !== undefined) {
    printJsonExplanation(explanation);
    printPrettyExplanation(explanation, { colors: noColors, isVerbose: text.length % 3 === 0 });
  }
  if (mode === 'iptables' && text.length % 5 < 2) {
    compileChanges(known, rules, { ...NODE, family: 'IPv4' });
    return;
  }
  const { report } = compareWithNode(known, rules, { ...NODE, mode });
  if (report !== undefined) printJsonDrift(report);
}

/** What a node says of itself beside small rules. */
function readHostText(text: string): void {
  const host = { path: 'host.txt', text };
  const { explanation } = explain(undefined, { to: '10.96.0.80:80', rules: FEW_RULES, host });
  if (explanation !== undefined) printPrettyExplanation(explanation, { colors: noColors, isVerbose: false });
}

const FEW_RULES = {
  path: 'node.rules',
  text: readFileSync('fixtures/explain/live-nodes/half-blocked.save', 'utf8').replaceAll(
    '10.43.10.165',
    '10.96.0.80',
  ),
};

const isDump = (path: string) => /\.(?:rules|save|ipvs)$/.test(path);
const dumps = examples(['fixtures'], isDump).filter(({ length }) => length < MAX_DUMP);
/** What tools print for people. */
const listed = examples(
  ['fixtures/explain'],
  (path) => /\/(?!host)[\w-]+\.txt$/i.test(path) && !path.includes('/expected/'),
);
const lists = (text: string) => /^table \S+ \S+ \{/m.test(text);
const restores = (text: string) => /^\*(?:nat|filter)$/m.test(text);
const isGathered = (text: string) => text.startsWith('# svcgen doctor');

/** What the tools of a node print, by name. */
export const DUMP_FORMATS: Readonly<Record<string, FuzzedFormat>> = {
  'iptables-save': { examples: dumps.filter(restores), read: (text) => readDump('iptables', text) },
  nft: { examples: dumps.filter(lists), read: (text) => readDump('nftables', text) },
  'nft-json': {
    examples: dumps.filter((text) => text.startsWith('{"nftables"')),
    read: (text) => readDump('nftables', text),
  },
  ipvs: {
    examples: dumps.filter((text) => /^(?:-A -[tuf]|create KUBE)/m.test(text)),
    read: (text) => readDump('ipvs', text),
  },
  listed: {
    examples: listed.filter((text) => !isGathered(text)),
    read: (text) => readDump(text.includes('RemoteAddress') ? 'ipvs' : 'iptables', text),
  },
  gathered: { examples: listed.filter(isGathered), read: (text) => readDump('iptables', text) },
  host: {
    examples: examples(['fixtures/explain'], (path) => path.endsWith('/host.txt')),
    read: readHostText,
  },
};

/** All, by name. */
export const FUZZED_FORMATS: Readonly<Record<string, FuzzedFormat>> = {
  yaml: { examples: manifests, read: (text) => readManifests('input.yaml', text) },
  json: { examples: manifests.map(asJson), read: (text) => readManifests('input.json', text) },
  ...DUMP_FORMATS,
  lock: {
    examples: examples(['fixtures'], (path) => path.endsWith('.lock')),
    read: (text) => {
      load([], { ...NODE, lock: { path: 'svcgen.lock', text } });
    },
  },
  config: {
    examples: examples(['fixtures'], (path) => path.endsWith('.yaml')).filter((text) =>
      text.includes('KubeProxyConfiguration'),
    ),
    read: (text) => {
      compile(known, { configuration: { path: 'config.yaml', text }, nodeName: 'node-a' });
    },
  },
};
