const UTF8_MARK = [0xef, 0xbb, 0xbf];
const UTF16_MARKS = [
  { mark: [0xff, 0xfe], encoding: 'utf-16le' },
  { mark: [0xfe, 0xff], encoding: 'utf-16be' },
] as const;

/** V8 holds no longer strings (2^29 - 24 units). */
const MAX_BYTES = 512 * 1024 * 1024;

/** Text, or why there is none. */
export type Decoded = { readonly text: string } | { readonly problem: string };

/**
 * Text of a file in UTF-8, or in UTF-16 with a byte order mark, as YAML 1.2 §5.2 allows. The mark is left out. Bytes
 * that are no such text, and NUL characters, mean that the file is something else.
 */
export function decodeText(bytes: Uint8Array): Decoded {
  if (bytes.length > MAX_BYTES)
    return { problem: `holds ${bytes.length} bytes: more than ${MAX_BYTES} at once can't be read` };
  const wide = UTF16_MARKS.find(({ mark }) => startsWith(bytes, mark));
  const decoder = new TextDecoder(wide?.encoding ?? 'utf-8', { fatal: true });
  try {
    const text = decoder.decode(startsWith(bytes, UTF8_MARK) ? bytes.subarray(UTF8_MARK.length) : bytes);
    return bytes.includes(0) && text.includes('\0')
      ? { problem: 'is not text: it holds a NUL character' }
      : { text };
  } catch {
    return { problem: 'is not text: its bytes are no valid UTF-8' };
  }
}

function startsWith(bytes: Uint8Array, mark: readonly number[]): boolean {
  return mark.every((byte, index) => bytes[index] === byte);
}
