import { createCompiler } from './compiler.ts';
import type { Answer, Request } from './protocol.ts';

const compiler = createCompiler();

/** A bug of svcgen is an answer, too: the page goes on. */
function answer(request: Request): Answer {
  const start = performance.now();
  return { ...compiler(request), id: request.id, took: performance.now() - start };
}

addEventListener('message', ({ data }: MessageEvent<Request>) => {
  try {
    postMessage({ kind: 'answer', answer: answer(data) });
  } catch (error) {
    postMessage({
      kind: 'bug',
      id: data.id,
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
});
