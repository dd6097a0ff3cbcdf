import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  indentOnInput,
  syntaxHighlighting,
} from '@codemirror/language';
import {
  type Diagnostic,
  diagnosticCount,
  linter,
  lintGutter,
  lintKeymap,
  setDiagnostics,
} from '@codemirror/lint';
import { type ChangeSet, Compartment, EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';
import { CODE_STYLE } from './code-style.ts';
import { type Finding, isDump } from './protocol.ts';
import { rulesLanguage } from './rules-language.ts';

/** The editor of one file after the other. */
export interface Editor {
  readonly open: (text: string) => void;
  readonly mark: (findings: readonly Finding[]) => void;
  /** @param line from 1 */
  readonly goTo: (line: number, column: number) => void;
}

interface EditorOptions {
  readonly parent: HTMLElement;
  readonly onChange: (text: string) => void;
  /** Told how long a text is that somebody pastes; false: it is not taken. */
  readonly mayPaste: (length: number) => boolean;
}

/** What editors and viewers have in common; colours are in the style sheet. */
export const SHARED: Extension = [
  lineNumbers(),
  drawSelection(),
  syntaxHighlighting(classHighlighter),
  EditorView.theme({ '&': { height: '100%' }, '.cm-scroller': { overflow: 'auto' } }),
];

/**
 * Where the editor in an element stands: a tree of its own, since it makes its style sheets while it runs, and in a tree of its own
 * these are objects, which no Content-Security-Policy has to allow.
 */
export function codeRoot(element: HTMLElement): ShadowRoot {
  const root = element.attachShadow({ mode: 'open', delegatesFocus: true });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CODE_STYLE);
  root.adoptedStyleSheets = [sheet];
  return root;
}

/** Makes an editor. */
export function createEditor({ parent, onChange, mayPaste }: EditorOptions): Editor {
  const language = new Compartment();
  const languageOf = (text: string) => (isDump(text) ? rulesLanguage : yaml());
  let text = '';
  const extensions = [
    SHARED,
    history(),
    foldGutter(),
    indentOnInput(),
    bracketMatching(),
    highlightActiveLine(),
    lintGutter(),
    linter(null),
    keymap.of([...defaultKeymap, ...historyKeymap, ...foldKeymap, ...lintKeymap, indentWithTab]),
    EditorView.contentAttributes.of({ 'aria-label': 'Text of the file', tabindex: '0' }),
    EditorView.domEventHandlers({
      paste: (event) => {
        if (mayPaste(event.clipboardData?.getData('text/plain').length ?? 0)) return false;
        event.preventDefault();
        return true;
      },
    }),
    EditorView.updateListener.of(({ changes, docChanged }) => {
      if (!docChanged) return;
      text = changedText(text, changes);
      onChange(text);
    }),
  ];
  const stateOf = (doc: string) =>
    EditorState.create({ doc, extensions: [...extensions, language.of(languageOf(doc))] });
  const root = codeRoot(parent);
  const view = new EditorView({ parent: root, root, state: stateOf('') });
  return {
    open: (opened) => {
      view.setState(stateOf(opened));
      text = opened.includes('\r') ? view.state.doc.toString() : opened;
    },
    mark: (findings) => {
      const { state } = view;
      if (findings.length === 0 && diagnosticCount(state) === 0) return;
      view.dispatch(
        setDiagnostics(
          state,
          findings.map((finding) => toDiagnostic(finding, state)),
        ),
      );
    },
    goTo: (number, column) => {
      const { doc } = view.state;
      const line = doc.line(Math.min(Math.max(1, number), doc.lines));
      const anchor = Math.min(line.from + Math.max(0, column - 1), line.to);
      view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
      view.focus();
    },
  };
}

/** The text with what was typed. Putting it together from the lines of the editor would take longer than a key may, in large files. */
function changedText(text: string, changes: ChangeSet): string {
  let [changed, end] = ['', 0];
  changes.iterChanges((from, to, _fromNow, _toNow, inserted) => {
    changed += `${text.slice(end, from)}${inserted.toString()}`;
    end = to;
  });
  return `${changed}${text.slice(end)}`;
}

function toDiagnostic(finding: Finding, { doc }: EditorState): Diagnostic {
  const { severity, code, message, hint } = finding;
  const line = doc.line(Math.min(Math.max(1, finding.line), doc.lines));
  const from = Math.min(line.from + Math.max(0, finding.column - 1), line.to);
  const to = Math.min(from + Math.max(1, finding.length), line.to);
  const text = `${message} [${code}]${hint === '' ? '' : `\nhint: ${hint}`}`;
  return { from, to, severity, message: text };
}
