import { closeSync, createReadStream, openSync, readdirSync, readSync } from 'node:fs';
import { Readable } from 'node:stream';
import { type NodeFile, useOfFile } from '../../library/node-files.ts';
import { decodeText } from '../../parse/decode-text.ts';
import { describeErrno, errnoCode } from '../errno.ts';
import { readBytes } from './read-bytes.ts';
import type { PassedOver } from './sort-out.ts';
import { HEAD_BYTES, isTar, type TarVisitor, tarReader } from './tar.ts';

/** What was found in a folder or an archive. */
export interface Bundle {
  readonly files: readonly NodeFile[];
  readonly passedOver: readonly PassedOver[];
}

/** `problem` goes on after the name of what was given. */
export type ReadBundle = Bundle | { readonly problem: string };

interface Gathering extends Bundle {
  readonly files: NodeFile[];
  readonly passedOver: PassedOver[];
  /** How many files were looked at. */
  seen: number;
  /** How many bytes are kept. */
  kept: number;
  /** The pieces of what is no archive. */
  alone: Uint8Array[] | undefined;
}

/** More files than a support bundle of a large cluster has. */
const MAX_FILES = 100_000;

/** Rules of the largest nodes have some tens of megabytes. */
const MAX_KEPT_BYTES = 200 * 2 ** 20;

/** What an archive may come to, so that a small one does not take hours. */
const MAX_UNPACKED_BYTES = 2 ** 31;

const PIECE_BYTES = 1 << 18;

const TOO_MANY = `has more than ${MAX_FILES} files: name the folder or the file that has the rules`;
const TOO_LARGE = 'unpacks to more than 2 GiB: unpack it, and name the folder that has the rules';
const TOO_MUCH = 'holds more than 200 MiB of rules: name the folder or the file of one node';

/** Reads all files of a folder, and of the folders in it, that tell of a node. Links are not followed. */
export function readFolder(folder: string): ReadBundle {
  const gathering = emptyGathering();
  const visit = (path: string): string | undefined => {
    const entries = readdirSync(path === '' ? folder : `${folder}/${path}`, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const inner = path === '' ? entry.name : `${path}/${entry.name}`;
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
      gathering.passedOver.push({ path, reason: describeErrno(error) });
    }
    return problemOf(gathering);
  };
  const problem = visit('');
  return problem === undefined ? gathering : { problem };
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

function emptyGathering(): Gathering {
  return { files: [], passedOver: [], seen: 0, kept: 0, alone: undefined };
}

function isWanted(gathering: Gathering, path: string, head: Uint8Array): boolean {
  gathering.seen += 1;
  const packing = packingOf(head);
  const use = useOfFile(path, Buffer.from(head).toString('latin1'));
  if (packing === undefined && use.kind !== 'none') return true;
  const reason = packing === undefined && use.kind === 'none' ? use.why : `it is packed: unpack it first`;
  gathering.passedOver.push({ path, reason });
  return false;
}

function keep(gathering: Gathering, path: string, bytes: Uint8Array): void {
  const decoded = decodeText(bytes);
  if ('problem' in decoded) gathering.passedOver.push({ path, reason: `it ${decoded.problem}` });
  else {
    gathering.kept += bytes.length;
    gathering.files.push({ path, text: decoded.text });
  }
}

function problemOf({ seen, kept }: Gathering): string | undefined {
  if (seen > MAX_FILES) return TOO_MANY;
  return kept > MAX_KEPT_BYTES ? TOO_MUCH : undefined;
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
  const { pipeline } = await import('node:stream/promises');
  const { createGunzip } = await import('node:zlib');
  const gathering = emptyGathering();
  const source = typeof from === 'string' ? createReadStream(from) : Readable.from(from);
  let problem: string | undefined;
  const read = async (pieces: AsyncIterable<Uint8Array>) => {
    problem = await readPieces(gathering, pieces);
  };
  try {
    if (packing === 'gzip') await pipeline(source, createGunzip({ chunkSize: PIECE_BYTES }), read);
    else await pipeline(source, read);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    // Who stops reading breaks the pipe.
    problem ??= `cannot be unpacked (${error.message}): it is damaged, or was cut off on its way`;
  }
  return problem === undefined ? gathering : { problem };
}

async function readPieces(
  gathering: Gathering,
  pieces: AsyncIterable<Uint8Array>,
): Promise<string | undefined> {
  let unpacked = 0;
  let read: ((piece: Uint8Array) => string | undefined) | undefined;
  for await (const piece of pieces) {
    read ??= isTar(piece) ? tarReader(visitorFor(gathering)) : wholeReader(gathering);
    unpacked += piece.length;
    if (unpacked > MAX_UNPACKED_BYTES) return TOO_LARGE;
    const problem = read(piece) ?? problemOf(gathering);
    if (problem !== undefined) return problem;
  }
  const last = gathering.alone;
  if (last !== undefined) keep(gathering, '', Buffer.concat(last));
  return undefined;
}

function visitorFor(gathering: Gathering): TarVisitor {
  return {
    isWanted: (path, size, head) => {
      if (!isWanted(gathering, path, head)) return false;
      // It is refused before it is in memory.
      if (gathering.kept + size > MAX_KEPT_BYTES) gathering.kept = Number.POSITIVE_INFINITY;
      return Number.isFinite(gathering.kept);
    },
    take: ({ path, bytes }) => keep(gathering, path, bytes),
  };
}

/** A text that was packed alone. */
function wholeReader(gathering: Gathering): (piece: Uint8Array) => string | undefined {
  const pieces: Uint8Array[] = [];
  gathering.alone = pieces;
  let length = 0;
  return (piece) => {
    pieces.push(Uint8Array.from(piece));
    length += piece.length;
    return length > MAX_KEPT_BYTES ? TOO_MUCH : undefined;
  };
}
