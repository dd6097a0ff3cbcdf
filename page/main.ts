import { startCompiler } from './compiler-client.ts';
import { byId } from './elements.ts';
import { firstState } from './link.ts';
import { requestFor, say, sayBug } from './session.ts';

/** Asks the compiler first: it reads its script on a thread of its own, and meanwhile the editor is read and made. */
async function start(): Promise<void> {
  const state = firstState(say);
  const source = byId('compiler', HTMLElement).textContent ?? '';
  const compiler = await startCompiler(source, state.then(requestFor), sayBug);
  const { showDesk } = await import('./desk.ts');
  showDesk(compiler, await state);
}

void start();
