import type { StartedCompiler } from './compiler-client.ts';
import { connectControls } from './controls.ts';
import { createEditor } from './editor.ts';
import { byId } from './elements.ts';
import { tooLong } from './files.ts';
import type { Finding } from './protocol.ts';
import { type Session, startSession } from './session.ts';
import { answerView } from './show-answer.ts';
import { fillFields, showControls } from './show-state.ts';
import type { PageState } from './state.ts';

/**
 * Makes all that the page shows, over a compiler that has been started.
 * @param first the state that it has been asked for
 */
export function showDesk(compiler: StartedCompiler, first: PageState): void {
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
  const open = (state: PageState) => {
    fillFields(state);
    openFile(state);
  };
  const session: Session = startSession(compiler, first, {
    onChange: (state) => showControls(state, session),
    onOpen: open,
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
  open(first);
  showControls(first, session);
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
