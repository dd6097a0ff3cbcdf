import { startWorker } from './compiler-client.ts';
import { connectControls } from './controls.ts';
import { createEditor } from './editor.ts';
import { byId } from './elements.ts';
import { tooLong } from './files.ts';
import { firstState } from './link.ts';
import type { Finding } from './protocol.ts';
import { type Session, startSession } from './session.ts';
import { answerView } from './show-answer.ts';
import { fillFields, showControls } from './show-state.ts';
import type { PageState } from './state.ts';

/** Runs the page: a session, and what shows it. */
async function start(): Promise<void> {
  // First: while the editor is made, the worker reads its script, which takes longer than all else.
  const worker = await startWorker(byId('compiler', HTMLElement).textContent ?? '');
  const editor = createEditor({
    parent: byId('editor', HTMLElement),
    onChange: (text) => {
      const { files, active } = session.state();
      const changed = files.map((file, index) => (index === active ? { ...file, text } : file));
      session.update({ files: changed });
    },
    mayPaste: (length) => {
      const problem = tooLong('What is pasted', length);
      if (problem !== undefined) session.say(problem);
      return problem === undefined;
    },
  });
  const showAnswer = answerView({
    chooseService: (service) => session.update({ service }),
    chooseFinding: (finding) => {
      const index = session.state().files.findIndex(({ path }) => path === finding.file);
      if (index < 0) return session.say(inWords(finding));
      if (index !== session.state().active) session.openFile(index);
      editor.goTo(finding.line, finding.column);
    },
  });
  const openFile = ({ files, active }: PageState) => {
    editor.open(files[active]?.text ?? '');
    editor.mark(findingsOf(session));
  };
  const session: Session = startSession(worker, {
    onChange: (state) => showControls(state, session),
    onOpen: (state) => {
      fillFields(state);
      openFile(state);
    },
    onOpenFile: openFile,
    onAnswer: (answer) => {
      showAnswer(answer, session.state());
      editor.mark(findingsOf(session));
      const { lit, service, services } = answer;
      const isElsewhere = lit !== undefined && lit.service !== service;
      if (isElsewhere && services.some(({ name }) => name === lit.service))
        session.update({ service: lit.service });
    },
  });
  connectControls(session);
  byId('filter', HTMLInputElement).addEventListener('input', () => {
    const answer = session.answer();
    if (answer !== undefined) showAnswer(answer, session.state());
  });
  session.open(await firstState(session.say));
}

function inWords({ message, hint }: Finding): string {
  return [message, hint].filter((each) => each !== '').join(' Hint: ');
}

/** Those of the file in the editor that have a place in it. */
function findingsOf(session: Session): readonly Finding[] {
  const { files, active } = session.state();
  const path = files[active]?.path;
  return (session.answer()?.findings ?? []).filter(({ file, line }) => file === path && line > 0);
}

void start();
