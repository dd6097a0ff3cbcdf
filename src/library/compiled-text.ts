import { inPieces } from '../lang/text/in-pieces.ts';

/** A text that was asked for. It is made when it is read, each time anew. */
export interface CompiledText {
  /** What the file is called that holds it, by default. */
  readonly fileName: string;
  readonly isExecutable: boolean;
  /** The whole text. Of a large cluster it can be hundreds of megabytes. */
  readonly text: () => string;
  /** The same in pieces, to be written one after the other, so that it is never in memory as a whole. */
  readonly pieces: () => Iterable<string>;
}

interface TextSource {
  readonly fileName: string;
  readonly isExecutable?: boolean;
  /** Lines or larger chunks, made anew at each call. */
  readonly chunks: () => Iterable<string>;
}

/** A text of which only its making is known. */
export function compiledText({ fileName, isExecutable = false, chunks }: TextSource): CompiledText {
  return {
    fileName,
    isExecutable,
    text: () => [...inPieces(chunks())].join(''),
    pieces: () => ({ [Symbol.iterator]: () => inPieces(chunks()) }),
  };
}
