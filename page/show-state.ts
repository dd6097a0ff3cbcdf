import { byId, element } from './elements.ts';
import { TABS, type Tab } from './protocol.ts';
import type { Session } from './session.ts';
import type { PageState } from './state.ts';

/** What tabs are called. */
export const TITLES: Readonly<Record<Tab, string>> = {
  rules: 'Rules',
  env: 'Env',
  dns: 'DNS',
  endpoints: 'Endpoints',
  diff: 'Diff',
};

/** Shows what the state alone decides: tabs, and which controls are there. */
export function showControls(
  { files, active, tab }: PageState,
  { openFile, update }: Pick<Session, 'openFile' | 'update'>,
): void {
  byId('welcome', HTMLElement).hidden = (files[active]?.text ?? '') !== '';
  const names = files.map(({ path }) => path);
  showTabs(byId('files', HTMLElement), { names, active, choose: openFile });
  showTabs(byId('tabs', HTMLElement), {
    names: TABS.map((each) => TITLES[each]),
    active: TABS.indexOf(tab),
    choose: (index) => update({ tab: TABS[index] ?? 'rules' }),
  });
  showArtifacts(tab);
  byId('namespace-label', HTMLElement).hidden = tab !== 'env';
  byId('set-base', HTMLElement).hidden = tab !== 'diff';
}

/** Shows the menu of artifacts where there are some to choose from. */
export function showArtifacts(tab: Tab): void {
  const isEmpty = byId('artifact', HTMLSelectElement).options.length === 0;
  byId('artifact-label', HTMLElement).hidden = tab !== 'rules' || isEmpty;
}

/** Puts a state into the fields that people write in. */
export function fillFields({ settings, question }: PageState): void {
  byId('mode', HTMLSelectElement).value = settings.mode;
  byId('family', HTMLSelectElement).value = settings.family;
  byId('version', HTMLSelectElement).value = settings.version;
  byId('cluster-cidr', HTMLInputElement).value = settings.clusterCIDR;
  byId('from', HTMLInputElement).value = question.from;
  byId('to', HTMLInputElement).value = question.to;
}

interface Tabs {
  readonly names: readonly string[];
  readonly active: number;
  readonly choose: (index: number) => void;
}

/** Tabs as WAI-ARIA has them: one of them can be reached by Tab, the others by arrow keys. */
function showTabs(list: HTMLElement, { names, active, choose }: Tabs): void {
  const shown = [...list.children];
  const isSame =
    shown.length === names.length &&
    shown.every(
      (tab, index) =>
        tab.textContent === names[index] &&
        (tab.getAttribute('aria-selected') === 'true') === (index === active),
    );
  if (isSame) return;
  const hadFocus = list.contains(document.activeElement);
  list.replaceChildren(
    ...names.map((name, index) => {
      const isActive = index === active;
      const attributes = {
        type: 'button',
        role: 'tab',
        'aria-selected': String(isActive),
        tabindex: isActive ? '0' : '-1',
      };
      const tab = element('button', { text: name, attributes });
      tab.addEventListener('click', () => choose(index));
      return tab;
    }),
  );
  const current = list.children[active];
  if (hadFocus && current instanceof HTMLElement) current.focus();
}
