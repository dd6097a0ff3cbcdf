/**
 * The bytes of a text that was packed for a page or a link (raw deflate in base64), in pieces: the stream fails where they are no
 * deflate.
 * @throws Error when the text is no base64
 */
export function unpack(text: string): ReadableStream<Uint8Array<ArrayBuffer>> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  // A loop: `Uint8Array.from` takes ten times as long, and the compiler waits for it.
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index);
  // Not the stream of a blob, which asks another process for its bytes.
  const packed = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => {
      controller.enqueue(bytes);
      controller.close();
    },
  });
  return packed.pipeThrough(new DecompressionStream('deflate-raw'));
}
