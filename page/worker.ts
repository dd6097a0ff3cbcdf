import { createCompiler } from './compiler.ts';
import { type SentAnswer, type SentRequest, unpackRequest } from './messages.ts';
import type { Request } from './protocol.ts';
import { packText } from './text-change.ts';

/** Answers one message after the other. A bug of svcgen is an answer, too: the page goes on. */
function createServer(): (sent: SentRequest) => SentAnswer {
  const compiler = createCompiler();
  let request: Request | undefined;
  let text: string | undefined;
  return (sent) => {
    const start = performance.now();
    request = unpackRequest(sent, request);
    const { id } = request;
    try {
      const answer = compiler(request);
      const packed = packText(answer.text, text);
      text = answer.text;
      return { ...answer, kind: 'answer', id, text: packed, took: performance.now() - start };
    } catch (error) {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return { kind: 'bug', id, message };
    }
  };
}

const serve = createServer();
addEventListener('message', ({ data }: MessageEvent<SentRequest>) => postMessage(serve(data)));
