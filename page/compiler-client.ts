import { packRequest, type SentAnswer } from './messages.ts';
import type { Answer, Request } from './protocol.ts';
import { unpackText } from './text-change.ts';

/** Asks the compiler in its worker. While it works, only the last of the requests that come waits. */
export interface CompilerClient {
  readonly ask: (request: Omit<Request, 'id'>) => void;
}

interface Listener {
  readonly onAnswer: (answer: Answer) => void;
  readonly onBug: (message: string) => void;
  readonly onWork: (isBusy: boolean) => void;
}

/** Starts the compiler's worker. @param source its script, packed: raw deflate in base64 */
export async function startWorker(source: string): Promise<Worker> {
  return new Worker(await unpackScript(source));
}

/** The client of a compiler that runs in a worker. */
export function createCompilerClient(worker: Worker, listener: Listener): CompilerClient {
  let count = 0;
  let isBusy = false;
  let waiting: Request | undefined;
  let sent: Request | undefined;
  let text: string | undefined;
  const send = (request: Request) => {
    isBusy = true;
    listener.onWork(true);
    worker.postMessage(packRequest(request, sent));
    sent = request;
  };
  const next = () => {
    const request = waiting;
    waiting = undefined;
    isBusy = false;
    if (request === undefined) listener.onWork(false);
    else send(request);
  };
  worker.addEventListener('message', ({ data }: MessageEvent<SentAnswer>) => {
    if (data.kind === 'bug') listener.onBug(data.message);
    else {
      text = unpackText(data.text, text);
      listener.onAnswer({ ...data, text });
    }
    next();
  });
  worker.addEventListener('error', ({ message }) =>
    listener.onBug(message || 'the compiler could not start'),
  );
  return {
    ask: (request) => {
      count += 1;
      const numbered = { ...request, id: count };
      if (isBusy) waiting = numbered;
      else send(numbered);
    },
  };
}

/** A blob, since pages of files have no other scripts that a worker may run. */
async function unpackScript(packed: string): Promise<string> {
  const bytes = Uint8Array.from(atob(packed.trim()), (character) => character.charCodeAt(0));
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const script = await new Response(unpacked).blob();
  return URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
}
