import { defaultKeymap } from '@codemirror/commands';
import { EditorState, RangeSetBuilder, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, keymap, ViewPlugin } from '@codemirror/view';
import { codeRoot, SHARED } from './editor.ts';
import type { Lit } from './protocol.ts';
import { rulesLanguage } from './rules-language.ts';
import { changeBetween } from './text-change.ts';

interface ShownText {
  readonly text: string;
  readonly label: string;
  /** It is prose, not rules: nothing in it has a colour. */
  readonly isPlain: boolean;
}

/** Shows texts that svcgen printed. Names of chains lead to the chains. */
export interface Viewer {
  readonly show: (shown: ShownText) => void;
  /** Lights up the rules that decide, and shows the first one. */
  readonly light: (lit: Lit | undefined) => void;
}

const setLit = StateEffect.define<readonly number[]>();
const litLine = Decoration.line({ class: 'lit-line' });

/** Lines that a connection passes, by number. */
const litLines = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (lines, transaction) => {
    for (const effect of transaction.effects) {
      if (!effect.is(setLit)) continue;
      const builder = new RangeSetBuilder<Decoration>();
      for (const number of effect.value) {
        const { from } = transaction.state.doc.line(number);
        builder.add(from, from, litLine);
      }
      return builder.finish();
    }
    return lines.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** A jump of iptables or nft to a chain. */
const JUMP = /(?:-[jg] |\b(?:jump|goto) )([A-Za-z][\w./@-]+)/g;

const chainLinks = ViewPlugin.define(
  (view) => {
    let links = linksIn(view);
    return {
      links: () => links,
      update: ({ docChanged, viewportChanged, view: now }) => {
        if (docChanged || viewportChanged) links = linksIn(now);
      },
    };
  },
  { decorations: ({ links }) => links() },
);

function linksIn(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const { from, to } of view.visibleRanges) {
    const text = view.state.doc.sliceString(from, to);
    for (const match of text.matchAll(JUMP)) {
      const [whole, chain = ''] = match;
      if (/^(?:ACCEPT|DROP|REJECT|RETURN|DNAT|SNAT|MASQUERADE|MARK)$/.test(chain)) continue;
      const end = from + match.index + whole.length;
      const attributes = { role: 'link', tabindex: '0', 'data-chain': chain, title: `to the chain ${chain}` };
      builder.add(end - chain.length, end, Decoration.mark({ class: 'chain-link', attributes }));
    }
  }
  return builder.finish();
}

/** Makes a viewer. */
export function createViewer(parent: HTMLElement): Viewer {
  const follow = (target: EventTarget | null): boolean => {
    const link = target instanceof Element ? target.closest('[data-chain]') : null;
    const chain = link?.getAttribute('data-chain');
    if (chain === undefined || chain === null) return false;
    goToChain(view, chain);
    return true;
  };
  const stateOf = ({ text, label, isPlain }: ShownText) =>
    EditorState.create({
      doc: text,
      extensions: [
        SHARED,
        isPlain ? [] : rulesLanguage,
        litLines,
        chainLinks,
        keymap.of(defaultKeymap),
        EditorState.readOnly.of(true),
        EditorView.editable.of(false),
        EditorView.contentAttributes.of({ tabindex: '0', 'aria-label': label, 'aria-readonly': 'true' }),
        EditorView.domEventHandlers({
          click: ({ target }) => follow(target),
          keydown: ({ key, target }) => key === 'Enter' && follow(target),
        }),
      ],
    });
  const root = codeRoot(parent);
  let shown: ShownText = { text: '', label: 'Output', isPlain: false };
  const view = new EditorView({ parent: root, root, state: stateOf(shown) });
  return {
    show: (next) => {
      const { text, label, isPlain } = next;
      const isSameKind = label === shown.label && isPlain === shown.isPlain;
      const isOther = !isSameKind || text.includes('\r') || shown.text.includes('\r');
      if (isOther) view.setState(stateOf(next));
      else if (text !== shown.text) view.dispatch({ changes: changeBetween(shown.text, text) });
      shown = next;
    },
    light: (lit) => {
      const lines = lit === undefined ? [] : linesOf(view.state, lit);
      const [first] = lines;
      const start = first === undefined ? undefined : view.state.doc.line(first).from;
      view.dispatch({
        effects: [
          setLit.of(lines),
          ...(start === undefined ? [] : [EditorView.scrollIntoView(start, { y: 'center' })]),
        ],
      });
    },
  };
}

/** Lines that hold the rules, by number: rules of iptables name their chain, those of nft stand in its block. */
function linesOf({ doc }: EditorState, { rules }: Lit): readonly number[] {
  const wanted = new Map(rules.map(({ chain, rule }) => [`${chain}\n${rule}`, true]));
  const byLine = new Set(rules.flatMap(({ line }) => line ?? []));
  const found: number[] = [];
  let chain = '';
  let number = 0;
  for (const text of doc.iterLines()) {
    number += 1;
    chain = /^\s*chain (\S+) \{/.exec(text)?.[1] ?? /^-A (\S+)/.exec(text)?.[1] ?? chain;
    if (byLine.has(number) || wanted.has(`${chain}\n${text.trim()}`)) found.push(number);
  }
  return found;
}

/** The first rule of a chain, or where it is declared. */
function goToChain(view: EditorView, chain: string): void {
  const { doc } = view.state;
  const starts = [`-A ${chain} `, `chain ${chain} {`, `add rule ip kube-proxy ${chain} `, `:${chain} `];
  for (const start of starts) {
    let number = 0;
    for (const text of doc.iterLines()) {
      number += 1;
      if (!text.trimStart().startsWith(start)) continue;
      const { from, to } = doc.line(number);
      view.dispatch({
        selection: { anchor: from, head: to },
        effects: EditorView.scrollIntoView(from, { y: 'start', yMargin: 40 }),
      });
      view.focus();
      return;
    }
  }
}
