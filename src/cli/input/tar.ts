/** A regular file of an archive. */
export interface TarFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** What happens to the files of an archive. */
export interface TarVisitor {
  /** Each entry, folders and links too, before anything else: one of the same path takes the place of the earlier. */
  readonly meet: (path: string) => void;
  /** Whether a file is worth its memory, by its path, its size and what it begins with. */
  readonly isWanted: (path: string, size: number, head: Uint8Array) => boolean;
  readonly take: (file: TarFile) => void;
}

/** How much of a file is shown before it is wanted, in bytes. */
export const HEAD_BYTES = 1 << 16;

/** Everything in an archive fills whole blocks, in bytes. */
export const TAR_BLOCK = 512;

/** The longest path that Linux takes (PATH_MAX, include/uapi/linux/limits.h). */
const MAX_PATH_BYTES = 4096;

/** The attributes of a file: paths, times, and labels of SELinux. */
const MAX_ATTRIBUTES_BYTES = 1 << 20;

/** A file has a name, the target of a link and attributes at most. */
const MAX_EXTENSIONS = 4;

const CUT_OFF = 'is damaged, or was cut off on its way: it ends in the middle of a file';
const LONG_PATH = `is damaged: a path in it has more than ${MAX_PATH_BYTES} bytes`;

/** What the header of an entry says, as POSIX.1-1988 (ustar), GNU tar and POSIX.1-2001 (pax) lay it out. */
interface Entry {
  readonly kind: 'file' | 'long name' | 'attributes' | 'other';
  readonly path: string;
  readonly size: number;
  /** What is kept of it; undefined: nothing is wanted. */
  kept: Uint8Array[] | undefined;
  isJudged: boolean;
  /** Bytes that are still to come. */
  left: number;
}

interface Reading {
  readonly visitor: TarVisitor;
  entry: Entry | undefined;
  /** The path of the next entry, where its header has no room for it. */
  longPath: string | undefined;
  /** Its size, from attributes. */
  longSize: number | undefined;
  /** How many names and attributes came since the last file. */
  extensions: number;
  hasEnded: boolean;
}

/** Both return why this is no archive, or one that is damaged. */
export interface TarReader {
  /** Takes the next piece. */
  readonly read: (piece: Uint8Array) => string | undefined;
  /** To be called when there are no more pieces. */
  readonly end: () => string | undefined;
}

/**
 * Reads an archive as it comes, piece by piece, and keeps one file of it at a time. Links, devices and folders are passed
 * over, and nothing is written anywhere.
 */
export function tarReader(visitor: TarVisitor): TarReader {
  const reading: Reading = {
    visitor,
    entry: undefined,
    longPath: undefined,
    longSize: undefined,
    extensions: 0,
    hasEnded: false,
  };
  let rest: Uint8Array = new Uint8Array(0);
  const read = (piece: Uint8Array) => {
    const data = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let at = 0;
    while (data.length - at >= TAR_BLOCK && !reading.hasEnded) {
      if (reading.entry === undefined) {
        const problem = beginEntry(reading, data.subarray(at, at + TAR_BLOCK));
        if (problem !== undefined) return problem;
        at += TAR_BLOCK;
      } else at += fillEntry(reading, reading.entry, data.subarray(at));
    }
    rest = reading.hasEnded ? new Uint8Array(0) : data.subarray(at);
    return undefined;
  };
  // Some programs write no blocks of zeros at the end, and nothing is missing then.
  const isCutOff = () => reading.entry !== undefined || rest.length > 0 || reading.extensions > 0;
  return { read, end: () => (!reading.hasEnded && isCutOff() ? CUT_OFF : undefined) };
}

/** Whether bytes begin as an archive does. */
export function isTar(bytes: Uint8Array): boolean {
  return (
    bytes.length >= TAR_BLOCK &&
    hasChecksum(bytes.subarray(0, TAR_BLOCK)) &&
    !bytes.subarray(0, TAR_BLOCK).every(isZero)
  );
}

function beginEntry(reading: Reading, header: Uint8Array): string | undefined {
  if (header.every(isZero)) {
    reading.hasEnded = true;
    return undefined;
  }
  if (!hasChecksum(header)) return 'is no tar archive, or a damaged one';
  const kind = kindOf(header[156] ?? 0);
  const isExtension = kind === 'long name' || kind === 'attributes';
  const size = (isExtension ? undefined : reading.longSize) ?? numberAt(header, 124, 12);
  const path = (isExtension ? undefined : reading.longPath) ?? pathOf(header);
  reading.extensions = isExtension ? reading.extensions + 1 : 0;
  const problem = problemOf({ kind, path, size }, reading.extensions);
  if (problem !== undefined) return problem;
  reading.entry = { kind, path, size, kept: kind === 'other' ? undefined : [], isJudged: false, left: size };
  if (!isExtension) {
    [reading.longPath, reading.longSize] = [undefined, undefined];
    reading.visitor.meet(path);
  }
  if (size > 0) return undefined;
  judge(reading, reading.entry);
  endEntry(reading, reading.entry);
  return undefined;
}

function problemOf(
  { kind, path, size }: Pick<Entry, 'kind' | 'path' | 'size'>,
  extensions: number,
): string | undefined {
  if (!Number.isSafeInteger(size) || size < 0) return 'is damaged: a file has a size that no file has';
  // A name ends with a NUL.
  if (kind === 'long name' && size > MAX_PATH_BYTES + 1) return LONG_PATH;
  if (kind === 'attributes' && size > MAX_ATTRIBUTES_BYTES)
    return 'is damaged: a file has more than 1 MiB of attributes';
  if (extensions > MAX_EXTENSIONS) return 'is damaged: it has names and attributes of no file';
  return Buffer.byteLength(path) > MAX_PATH_BYTES ? LONG_PATH : undefined;
}

/** Asks whether a file is wanted, once. */
function judge({ visitor }: Reading, entry: Entry): void {
  if (entry.kind !== 'file' || entry.isJudged) return;
  entry.isJudged = true;
  const head = Buffer.concat(entry.kept ?? []).subarray(0, HEAD_BYTES);
  if (!visitor.isWanted(entry.path, entry.size, head)) entry.kept = undefined;
}

/** @returns how many bytes of the piece it took */
function fillEntry(reading: Reading, entry: Entry, piece: Uint8Array): number {
  const blocks = Math.min(Math.ceil(entry.left / TAR_BLOCK), Math.floor(piece.length / TAR_BLOCK));
  const length = Math.min(entry.left, blocks * TAR_BLOCK);
  // Pieces are used again: what is kept must be a copy.
  entry.kept?.push(Uint8Array.from(piece.subarray(0, length)));
  entry.left -= length;
  const isLongEnough = entry.size - entry.left >= HEAD_BYTES || entry.left === 0;
  if (isLongEnough) judge(reading, entry);
  if (entry.left === 0) endEntry(reading, entry);
  return blocks * TAR_BLOCK;
}

function endEntry(reading: Reading, { kind, path, kept }: Entry): void {
  reading.entry = undefined;
  if (kept === undefined) return;
  const bytes = Buffer.concat(kept);
  if (kind === 'file') reading.visitor.take({ path, bytes });
  else if (kind === 'long name') reading.longPath = textOf(bytes);
  else readAttributes(reading, bytes);
}

/** Lines of `LENGTH KEY=VALUE`. */
function readAttributes(reading: Reading, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) {
    const [, length, key, value] = /^(\d{1,7}) (path|size)=(.*)\n$/s.exec(recordAt(bytes, at)) ?? [];
    if (key === 'path') reading.longPath = value;
    if (key === 'size') reading.longSize = Number(value);
    at += Number(length ?? (recordAt(bytes, at).length || bytes.length));
  }
}

function recordAt(bytes: Buffer, at: number): string {
  const length = Number(/^\d{1,7}(?= )/.exec(bytes.subarray(at, at + 8).toString('latin1'))?.[0] ?? 0);
  return bytes.subarray(at, at + length).toString('utf8');
}

function kindOf(type: number): Entry['kind'] {
  switch (String.fromCharCode(type)) {
    case '0':
    case '7':
    case '\0':
      return 'file';
    case 'L':
      return 'long name';
    case 'x':
      return 'attributes';
    default:
      return 'other';
  }
}

function pathOf(header: Uint8Array): string {
  const isUstar = textOf(header.subarray(257, 262)) === 'ustar';
  const prefix = isUstar && header[262] === 0 ? textOf(header.subarray(345, 500)) : '';
  return `${prefix === '' ? '' : `${prefix}/`}${textOf(header.subarray(0, 100))}`;
}

function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString('utf8');
}

/** In octal digits, or (GNU) as a number of the last eight bytes. */
function numberAt(header: Uint8Array, start: number, length: number): number {
  const field = header.subarray(start, start + length);
  if (((field[0] ?? 0) & 0x80) !== 0) return Number(Buffer.from(field).readBigUInt64BE(length - 8));
  const digits = textOf(field).trim();
  return /^[0-7]*$/.test(digits) ? Number.parseInt(digits || '0', 8) : Number.NaN;
}

/** The sum of a header, its own field taken for blanks. */
function hasChecksum(header: Uint8Array): boolean {
  let sum = 0;
  for (let index = 0; index < TAR_BLOCK; index++)
    sum += index >= 148 && index < 156 ? 0x20 : (header[index] ?? 0);
  return sum === numberAt(header, 148, 8);
}

function isZero(byte: number): boolean {
  return byte === 0;
}
