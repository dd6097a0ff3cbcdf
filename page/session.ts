import { createCompilerClient, type StartedCompiler } from './compiler-client.ts';
import { byId } from './elements.ts';
import { addFiles, type ReadFiles } from './files.ts';
import { keepLink } from './link.ts';
import { type Answer, isDump, type Request } from './protocol.ts';
import type { PageState } from './state.ts';

/** What the page shows, and what the compiler last said of it. Everything that the user does goes through `update` or `open`. */
export interface Session {
  readonly state: () => PageState;
  /** undefined: the compiler has not answered yet. */
  readonly answer: () => Answer | undefined;
  /** Changes the state, and asks the compiler what comes of it: once, however much the script that is running changes. */
  readonly update: (patch: Partial<PageState>) => void;
  /** Goes to another state: what stands in fields and in the editor changes, too. */
  readonly open: (state: PageState) => void;
  readonly openFile: (index: number) => void;
  /** Adds files that somebody dropped or chose. */
  readonly take: (read: ReadFiles) => void;
  /** Tells the user something, for some seconds. */
  readonly say: (text: string) => void;
}

interface View {
  readonly onChange: (state: PageState) => void;
  readonly onOpen: (state: PageState) => void;
  readonly onOpenFile: (state: PageState) => void;
  readonly onAnswer: (answer: Answer) => void;
}

/** The link in the address bar follows after so long, in milliseconds: packing a large state takes a while. */
const LINK_PAUSE = 400;

/** How long a notice stays, in milliseconds. */
const NOTICE = 6000;

/**
 * Starts a session with a compiler.
 * @param first the state that the compiler has been asked for
 * @param view is told of what changes
 */
export function startSession(started: StartedCompiler, first: PageState, view: View): Session {
  let state = first;
  let answer: Answer | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let linkTimer: ReturnType<typeof setTimeout> | undefined;
  const compiler = createCompilerClient(started, {
    onAnswer: (next) => {
      answer = next;
      view.onAnswer(next);
    },
    onBug: sayBug,
    onWork: (isBusy) => byId('work', HTMLElement).classList.toggle('busy', isBusy),
  });
  const keep = (kept: PageState) => {
    clearTimeout(linkTimer);
    linkTimer = setTimeout(() => void keepLink(kept, () => kept === state), LINK_PAUSE);
  };
  const update: Session['update'] = (patch) => {
    state = { ...state, ...patch };
    view.onChange(state);
    clearTimeout(timer);
    timer = setTimeout(() => compiler.ask(requestFor(state)));
    keep(state);
  };
  const open: Session['open'] = (next) => {
    state = next;
    view.onOpen(state);
    update({});
  };
  keep(first);
  return {
    state: () => state,
    answer: () => answer,
    update,
    open,
    openFile: (active) => {
      update({ active });
      view.onOpenFile(state);
    },
    take: ({ files, problems }) => {
      if (problems.length > 0) say(problems.join(' '));
      if (files.length === 0) return;
      const all = addFiles(state.files, files);
      open({ ...state, files: all, active: all.length - files.length, base: state.base ?? all });
    },
    say,
  };
}

/** Tells the user something, for some seconds. */
export function say(text: string): void {
  const toast = byId('toast', HTMLElement);
  toast.textContent = text;
  setTimeout(() => {
    if (toast.textContent === text) toast.textContent = '';
  }, NOTICE);
}

/** Tells the user that svcgen failed. */
export function sayBug(message: string): void {
  say(`This is a bug of svcgen, and the page goes on: ${message}`);
}

/** What the compiler is asked in a state. */
export function requestFor(state: PageState): Omit<Request, 'id'> {
  const { files, base = files, settings, service, tab, artifact, namespace, question } = state;
  return {
    files,
    base: base.filter(({ text }) => !isDump(text) && text.trim() !== ''),
    settings,
    service,
    tab,
    artifact,
    namespace,
    question: question.to.trim() === '' ? undefined : question,
  };
}
