import type { Answer, PageFile, Request } from './protocol.ts';
import { packText, type SentText, unpackText } from './text-change.ts';

/** A file on its way to the worker. */
interface SentFile {
  readonly path: string;
  readonly text: SentText;
}

type Files = Pick<Request, 'files' | 'base'>;

/** What the page sends to its worker. Of the texts goes what has changed since the last request: copying megabytes takes longer than typing may. */
export interface SentRequest extends Omit<Request, 'files' | 'base'> {
  readonly files: readonly SentFile[];
  readonly base: readonly SentFile[];
}

/** What the worker sends to the page: an answer, or that it failed, which is a bug of svcgen. */
export type SentAnswer =
  | (Omit<Answer, 'text'> & { readonly kind: 'answer'; readonly text: SentText })
  | { readonly kind: 'bug'; readonly id: number; readonly message: string };

/** @param last the files of the request before; undefined: this is the first one */
export function packRequest(request: Request, last: Files | undefined): SentRequest {
  return {
    ...request,
    files: packFiles(request.files, last?.files),
    base: packFiles(request.base, last?.base),
  };
}

function packFiles(files: readonly PageFile[], last: readonly PageFile[] = []): readonly SentFile[] {
  return files.map(({ path, text }, index) => ({ path, text: packText(text, last[index]?.text) }));
}

/** The request that was packed. @param last the files of the request before */
export function unpackRequest(sent: SentRequest, last: Files | undefined): Request {
  return { ...sent, files: unpackFiles(sent.files, last?.files), base: unpackFiles(sent.base, last?.base) };
}

function unpackFiles(files: readonly SentFile[], last: readonly PageFile[] = []): readonly PageFile[] {
  return files.map(({ path, text }, index) => ({ path, text: unpackText(text, last[index]?.text) }));
}
