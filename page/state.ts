import { chosen, type PageFile, type Question, type Settings, TABS, type Tab } from './protocol.ts';
import { unpack } from './unpack.ts';

/** All that a link carries. */
export interface PageState {
  readonly files: readonly PageFile[];
  /** Index of the file in the editor. */
  readonly active: number;
  /** What the files were at first, for the tab diff; undefined: the same. */
  readonly base: readonly PageFile[] | undefined;
  readonly settings: Settings;
  readonly service: string;
  readonly tab: Tab;
  readonly artifact: string;
  readonly namespace: string;
  readonly question: Question;
}

const NO_SETTINGS: Settings = {
  node: '',
  mode: 'iptables',
  layout: '',
  family: '',
  version: '',
  clusterCIDR: '',
};

/** That of an empty page. */
export const EMPTY: PageState = {
  files: [{ path: 'manifests.yaml', text: '' }],
  active: 0,
  base: undefined,
  settings: NO_SETTINGS,
  service: '',
  tab: 'rules',
  artifact: '',
  namespace: 'default',
  question: { from: '', to: '' },
};

/** Longer links are cut by mail programs and chats. */
const MAX_LINK = 64 * 1024;
/** What a link may grow to. */
const MAX_STATE = 20 * 1024 * 1024;
const FORM = 'v1.';

/**
 * The fragment of a link to this state; undefined: it is too long for one. The state is packed piece by piece, and no further than
 * links go, so that typing is not held up by a large one.
 */
export async function encodeState(state: PageState): Promise<string | undefined> {
  const packed = await collect(
    streamOf(jsonPieces(state)).pipeThrough(new CompressionStream('deflate-raw')),
    MAX_LINK,
  );
  if (packed === undefined) return undefined;
  let text = '';
  for (const byte of packed) text += String.fromCharCode(byte);
  const encoded = btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  return encoded.length > MAX_LINK ? undefined : `${FORM}${encoded}`;
}

/** Characters of a file that are packed at once. */
const PIECE = 64 * 1024;

/** The state as JSON. */
function* jsonPieces({ files, base, ...rest }: PageState): Generator<string, void> {
  yield `${JSON.stringify(rest).slice(0, -1)},"files":[`;
  yield* filePieces(files);
  if (base !== undefined) {
    yield '],"base":[';
    yield* filePieces(base);
  }
  yield ']}';
}

/** What a string looks like in JSON depends on each character alone: halves of a pair are escaped, and come together again. */
function* filePieces(files: readonly PageFile[]): Generator<string, void> {
  for (const [index, { path, text }] of files.entries()) {
    yield `${index === 0 ? '' : ','}{"path":${JSON.stringify(path)},"text":"`;
    for (let start = 0; start < text.length; start += PIECE)
      yield JSON.stringify(text.slice(start, start + PIECE)).slice(1, -1);
    yield '"}';
  }
}

function streamOf(pieces: Iterator<string, void>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    pull: (controller) => {
      const { done, value } = pieces.next();
      if (done === true) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
  });
}

/** The state of a link; undefined: it is damaged. @param fragment without `#` */
export async function decodeState(fragment: string): Promise<PageState | undefined> {
  if (!fragment.startsWith(FORM)) return undefined;
  try {
    const packed = fragment.slice(FORM.length).replaceAll('-', '+').replaceAll('_', '/');
    const bytes = await collect(unpack(packed), MAX_STATE);
    return bytes && readState(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch {
    return undefined;
  }
}

/** undefined: there are more bytes than `limit`. */
async function collect(
  chunks: ReadableStream<Uint8Array<ArrayBuffer>>,
  limit: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > limit) return undefined;
    parts.push(chunk);
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

type Fields = { readonly [Name in string]?: unknown };

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A state as JSON has it; undefined: it is none. What it lacks is as in an empty page. */
export function readState(value: unknown): PageState | undefined {
  if (!isFields(value)) return undefined;
  const files = readFiles(value.files);
  if (files === undefined || files.length === 0) return undefined;
  const settings = isFields(value.settings) ? value.settings : {};
  const question = isFields(value.question) ? value.question : {};
  return {
    files,
    active: typeof value.active === 'number' && files[value.active] !== undefined ? value.active : 0,
    base: readFiles(value.base),
    settings: {
      node: text(settings.node, ''),
      mode: text(settings.mode, NO_SETTINGS.mode),
      layout: text(settings.layout, ''),
      family: text(settings.family, ''),
      version: text(settings.version, ''),
      clusterCIDR: text(settings.clusterCIDR, ''),
    },
    service: text(value.service, ''),
    tab: chosen(text(value.tab, ''), TABS) ?? EMPTY.tab,
    artifact: text(value.artifact, ''),
    namespace: text(value.namespace, EMPTY.namespace),
    question: { from: text(question.from, ''), to: text(question.to, '') },
  };
}

function readFiles(value: unknown): readonly PageFile[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const files = value.flatMap((each: unknown) =>
    isFields(each) && typeof each.path === 'string' && typeof each.text === 'string'
      ? [{ path: each.path, text: each.text }]
      : [],
  );
  return files.length === value.length ? files : undefined;
}

function text(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}
