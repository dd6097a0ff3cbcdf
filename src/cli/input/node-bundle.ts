import { closeSync, createReadStream, openSync, readdirSync, readSync } from 'node:fs';
import { normalize } from 'node:path/posix';
import { type NodeFile, useOfFile } from '../../library/node-files.ts';
import { decodeText } from '../../parse/decode-text.ts';
import { describeErrno, errnoCode } from '../errno.ts';
import { readBytes } from './read-bytes.ts';
import type { PassedOver } from './sort-out.ts';
import { HEAD_BYTES, isTar, TAR_BLOCK, type TarReader, type TarVisitor, tarReader } from './tar.ts';

/** What was found in a folder or an archive. */
export interface Bundle {
  readonly files: readonly NodeFile[];
  /** The first of them. */
  readonly passedOver: readonly PassedOver[];
  /** How many there are. */
  readonly passedOverCount: number;
}

/** `problem` goes on after the name of what was given. */
export type ReadBundle = Bundle | { readonly problem: string };

interface Gathering {
  /** By path: of two files with one path, tar extracts the last. */
  readonly files: Map<string, NodeFile>;
  readonly passedOver: PassedOver[];
  passedOverCount: number;
  /** How many files, folders and links were looked at. */
  seen: number;
  /** How many bytes and lines were kept, replaced files among them. */
  kept: number;
  lines: number;
  /** How many bytes may be kept. */
  readonly most: number;
  /** The pieces of what is no archive. */
  alone: Uint8Array[] | undefined;
}

/** More files than a support bundle of a large cluster has. */
const MAX_FILES = 100_000;

/** How many of the files passed over are remembered: as many as are ever said, and one. */
const MAX_REMEMBERED = 201;

/**
 * How much text of a node is read: 30,000 Services with 10 endpoints each have that in iptables mode. The text, its bytes
 * and what is made of them are in memory together.
 */
export const MAX_NODE_BYTES = 96 * 2 ** 20;

/** The same of what is found: an archive need not be large. */
const MAX_KEPT_BYTES = { folder: MAX_NODE_BYTES, archive: 64 * 2 ** 20 };

/** What an archive may come to, so that a small one does not take minutes. */
const MAX_UNPACKED_BYTES = 2 ** 29;

/** Rules of the largest nodes have some hundreds of thousands of lines. Each takes far more memory than its bytes. */
const MAX_LINES = 2 ** 20;

const PIECE_BYTES = 1 << 18;

const TOO_MANY = `has more than ${MAX_FILES} files, folders and links: name the folder or the file that has the rules`;
const TOO_LARGE = 'unpacks to more than 512 MiB: unpack it, and name the folder that has the rules';
const TOO_MANY_LINES = `has more than ${MAX_LINES} lines, which no rules of a node have: give what was printed on one node`;

/** Reads all files of a folder, and of the folders in it, that tell of a node. Links are not followed. */
export function readFolder(folder: string): ReadBundle {
  const gathering = emptyGathering(MAX_KEPT_BYTES.folder);
  const visit = (path: string): string | undefined => {
    const entries = readdirSync(path === '' ? folder : `${folder}/${path}`, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const inner = path === '' ? entry.name : `${path}/${entry.name}`;
      gathering.seen += 1;
      const problem = entry.isDirectory() ? visit(inner) : entry.isFile() ? readFile(inner) : undefined;
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
  const readFile = (path: string): string | undefined => {
    const location = `${folder}/${path}`;
    try {
      if (isWanted(gathering, path, readHead(location))) keep(gathering, path, readBytes(location));
    } catch (error) {
      if (errnoCode(error) === undefined) throw error;
      passOver(gathering, { path, reason: describeErrno(error) });
    }
    return problemOf(gathering);
  };
  const problem = visit('');
  return problem === undefined ? bundleOf(gathering) : { problem };
}

function readHead(location: string): Uint8Array {
  const descriptor = openSync(location, 'r');
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    return head.subarray(0, readSync(descriptor, head, 0, HEAD_BYTES, 0));
  } finally {
    closeSync(descriptor);
  }
}

function emptyGathering(most: number): Gathering {
  const counts = { passedOverCount: 0, seen: 0, kept: 0, lines: 0 };
  return { files: new Map(), passedOver: [], ...counts, most, alone: undefined };
}

function bundleOf({ files, passedOver, passedOverCount }: Gathering): Bundle {
  return { files: [...files.values()], passedOver, passedOverCount };
}

function passOver(gathering: Gathering, file: PassedOver): void {
  gathering.passedOverCount += 1;
  if (gathering.passedOver.length < MAX_REMEMBERED) gathering.passedOver.push(file);
}

function isWanted(gathering: Gathering, path: string, head: Uint8Array): boolean {
  const packing = packingOf(head);
  const use = useOfFile(path, Buffer.from(head).toString('latin1'));
  if (packing === undefined && use.kind !== 'none') return true;
  const reason = packing === undefined && use.kind === 'none' ? use.why : `it is packed: unpack it first`;
  passOver(gathering, { path, reason });
  return false;
}

function keep(gathering: Gathering, path: string, bytes: Uint8Array): void {
  gathering.kept += bytes.length + path.length;
  gathering.lines += countLines(bytes);
  if (problemOf(gathering) !== undefined) return;
  const decoded = decodeText(bytes);
  if ('problem' in decoded) passOver(gathering, { path, reason: `it ${decoded.problem}` });
  else gathering.files.set(normalize(path), { path, text: decoded.text });
}

function problemOf({ seen, kept, lines, most }: Gathering): string | undefined {
  if (seen > MAX_FILES) return TOO_MANY;
  if (kept > most) return tooMuch(most);
  return lines > MAX_LINES ? TOO_MANY_LINES : undefined;
}

function tooMuch(most: number): string {
  const remedy = most === MAX_KEPT_BYTES.archive ? 'unpack it, and name' : 'name';
  return `holds more than ${most / 2 ** 20} MiB of rules: ${remedy} the folder or the file of one node`;
}

/** How many lines there are, or that there are too many of them. */
function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(0x0a); at >= 0 && count <= MAX_LINES; at = bytes.indexOf(0x0a, at + 1))
    count += 1;
  return count;
}

/** Why a text has more lines than can be read; undefined: it has not. `problem` goes on after its name. */
export function tooManyLines(bytes: Uint8Array): string | undefined {
  return countLines(bytes) > MAX_LINES ? TOO_MANY_LINES : undefined;
}

/** How bytes are packed, by what they begin with; undefined: they are not. */
export function packingOf(head: Uint8Array): 'tar' | 'gzip' | 'xz' | 'zstd' | 'bzip2' | 'zip' | undefined {
  const begins = (...bytes: readonly number[]) => bytes.every((byte, index) => head[index] === byte);
  if (begins(0x1f, 0x8b)) return 'gzip';
  if (begins(0xfd, 0x37, 0x7a, 0x58, 0x5a)) return 'xz';
  if (begins(0x28, 0xb5, 0x2f, 0xfd)) return 'zstd';
  if (begins(0x42, 0x5a, 0x68)) return 'bzip2';
  if (begins(0x50, 0x4b, 3, 4)) return 'zip';
  return isTar(head) ? 'tar' : undefined;
}

/**
 * Reads an archive of tar, packed with gzip or not, piece by piece: no more of it is in memory than the files that are
 * wanted. A text that is packed alone is one file, without a path.
 * @param from its path, or its bytes
 */
export async function readArchive(
  from: string | readonly Uint8Array[],
  packing: 'tar' | 'gzip',
): Promise<ReadBundle> {
  // To load it takes 4 ms, and few runs read archives.
  const { Readable, promises } = await import('node:stream');
  const { createGunzip } = await import('node:zlib');
  const gathering = emptyGathering(MAX_KEPT_BYTES.archive);
  const source = typeof from === 'string' ? createReadStream(from) : Readable.from(from);
  let problem: string | undefined;
  const read = async (pieces: AsyncIterable<Uint8Array>) => {
    problem = await readPieces(gathering, pieces);
  };
  try {
    if (packing === 'gzip') await promises.pipeline(source, createGunzip({ chunkSize: PIECE_BYTES }), read);
    else await promises.pipeline(source, read);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    // Who stops reading breaks the pipe.
    problem ??= `cannot be unpacked (${error.message}): it is damaged, or was cut off on its way`;
  }
  return problem === undefined ? bundleOf(gathering) : { problem };
}

async function readPieces(
  gathering: Gathering,
  pieces: AsyncIterable<Uint8Array>,
): Promise<string | undefined> {
  let unpacked = 0;
  let reader: TarReader | undefined;
  for await (const piece of longEnoughAtFirst(pieces)) {
    unpacked += piece.length;
    if (unpacked > MAX_UNPACKED_BYTES) return TOO_LARGE;
    reader ??= isTar(piece) ? tarReader(visitorFor(gathering)) : wholeReader(gathering);
    const problem = reader.read(piece) ?? problemOf(gathering);
    if (problem !== undefined) return problem;
  }
  const last = gathering.alone;
  if (last !== undefined) keep(gathering, '', Buffer.concat(last));
  return reader?.end() ?? problemOf(gathering);
}

/** The same pieces, the first of which tells whether they are an archive: it has a whole block, if there is so much. */
async function* longEnoughAtFirst(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let start: Uint8Array | undefined = new Uint8Array(0);
  for await (const piece of pieces) {
    if (start === undefined) yield piece;
    else {
      start = Buffer.concat([start, piece]);
      if (start.length < TAR_BLOCK) continue;
      yield start;
      start = undefined;
    }
  }
  if (start !== undefined && start.length > 0) yield start;
}

function visitorFor(gathering: Gathering): TarVisitor {
  return {
    meet: (path) => {
      gathering.seen += 1;
      gathering.files.delete(normalize(path));
    },
    isWanted: (path, size, head) => {
      if (!isWanted(gathering, path, head)) return false;
      // It is refused before it is in memory.
      if (gathering.kept + size > gathering.most) gathering.kept = Number.POSITIVE_INFINITY;
      return Number.isFinite(gathering.kept);
    },
    take: ({ path, bytes }) => keep(gathering, path, bytes),
  };
}

/** A text that was packed alone. */
function wholeReader(gathering: Gathering): TarReader {
  const pieces: Uint8Array[] = [];
  gathering.alone = pieces;
  let length = 0;
  const read = (piece: Uint8Array) => {
    pieces.push(Uint8Array.from(piece));
    length += piece.length;
    return length > gathering.most ? tooMuch(gathering.most) : undefined;
  };
  return { read, end: () => undefined };
}
