import { packRequest, type SentAnswer } from './messages.ts';
import type { Answer, Request } from './protocol.ts';
import { unpackText } from './text-change.ts';
import { unpack } from './unpack.ts';

/** A compiler that is at work on its first request; nobody listens to it yet. */
export interface StartedCompiler {
  readonly worker: Worker;
  readonly request: Request;
  /** Starts another one, which knows nothing yet. */
  readonly startAgain: () => Worker;
}

/** Asks the compiler in its worker. While it works, only the last of the requests that come waits. */
export interface CompilerClient {
  readonly ask: (request: Omit<Request, 'id'>) => void;
}

interface Listener {
  readonly onAnswer: (answer: Answer) => void;
  readonly onBug: (message: string) => void;
  readonly onWork: (isBusy: boolean) => void;
}

/** A request that has taken so long gives way to the next one, in milliseconds: nobody wants its answer any more. */
const PATIENCE = 4000;

/** The browser starts a worker by messages to the page: they go through before the page is busy, in milliseconds. */
const WORKER_START = 25;

/**
 * Starts the compiler and asks it for the first time. It has not answered when this returns: messages come in later.
 * @param source its script, packed
 * @param first what it is asked
 */
export async function startCompiler(
  source: string,
  first: Promise<Omit<Request, 'id'>>,
  onBug: (message: string) => void,
): Promise<StartedCompiler> {
  const script: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of unpack(source.trim())) script.push(piece);
  // A blob, since pages of files have no other scripts that a worker may run.
  const url = URL.createObjectURL(new Blob(script, { type: 'text/javascript' }));
  const startAgain = () => {
    const worker = new Worker(url);
    worker.addEventListener('error', ({ message }) => onBug(message || 'the compiler could not start'));
    return worker;
  };
  const worker = startAgain();
  await new Promise((resolve) => setTimeout(resolve, WORKER_START));
  const request = { ...(await first), id: 1 };
  worker.postMessage(packRequest(request, undefined));
  return { worker, request, startAgain };
}

/** The client of a compiler that was started. */
export function createCompilerClient(started: StartedCompiler, listener: Listener): CompilerClient {
  let { worker } = started;
  let sent: Request | undefined = started.request;
  let { id: count } = started.request;
  let since = performance.now();
  let isBusy = true;
  let waiting: Request | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const send = (request: Request) => {
    worker.postMessage(packRequest(request, sent));
    [sent, since, isBusy] = [request, performance.now(), true];
  };
  const next = () => {
    const request = waiting;
    clearTimeout(timer);
    [waiting, timer, isBusy] = [undefined, undefined, false];
    if (request !== undefined) send(request);
    listener.onWork(isBusy);
  };
  const restart = () => {
    worker.terminate();
    worker = started.startAgain();
    sent = undefined;
    follow(worker, listener, next);
    next();
  };
  follow(worker, listener, next);
  listener.onWork(true);
  return {
    ask: (request) => {
      count += 1;
      const numbered = { ...request, id: count };
      if (!isBusy) {
        send(numbered);
        listener.onWork(true);
        return;
      }
      waiting = numbered;
      timer ??= setTimeout(restart, since + PATIENCE - performance.now());
    },
  };
}

/** Tells of what a worker answers. */
function follow(worker: Worker, { onAnswer, onBug }: Listener, next: () => void): void {
  let text: string | undefined;
  worker.addEventListener('message', ({ data }: MessageEvent<SentAnswer>) => {
    if (data.kind === 'bug') onBug(data.message);
    else {
      text = unpackText(data.text, text);
      onAnswer({ ...data, text });
    }
    next();
  });
}
