import { KUBERNETES_VERSIONS, NEWEST_KUBERNETES } from '../src/kubernetes/versions.ts';
import { byId, element, fillSelect, moveByKeys, optionOf } from './elements.ts';
import { EXAMPLE } from './example.ts';
import { connectDrop, readFiles } from './files.ts';
import { copyLink, linkedState } from './link.ts';
import { type Answer, TABS } from './protocol.ts';
import type { Session } from './session.ts';
import { EMPTY, type PageState } from './state.ts';

/** Connects what people click, choose and write with a session. */
export function connectControls(session: Session): void {
  connectSettings(session);
  connectQuestion(session);
  connectFiles(session);
  connectButtons(session);
  const { state, update, open, openFile, say } = session;
  const select = (id: string) => byId(id, HTMLSelectElement);
  select('artifact').addEventListener('change', () => update({ artifact: select('artifact').value }));
  select('namespace').addEventListener('change', () => update({ namespace: select('namespace').value }));
  moveByKeys(byId('files', HTMLElement), openFile);
  moveByKeys(byId('tabs', HTMLElement), (index) => update({ tab: TABS[index] ?? 'rules' }));
  onClick('set-base', () => {
    update({ base: state().files });
    say('From now on the tab Diff compares with the manifests as they are now.');
  });
  addEventListener('hashchange', async ({ newURL }) => {
    const linked = await linkedState(newURL, say);
    if (linked !== undefined) open(linked);
  });
}

function onClick(id: string, act: () => void): void {
  byId(id, HTMLElement).addEventListener('click', act);
}

function connectSettings({ state, update }: Session): void {
  const newest = { value: '', label: `${NEWEST_KUBERNETES.name} (newest)` };
  const versions = [...KUBERNETES_VERSIONS].reverse().map(optionOf);
  fillSelect(byId('version', HTMLSelectElement), [newest, ...versions], '');
  const form = byId('settings', HTMLFormElement);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('change', ({ target }) => {
    if (!(target instanceof HTMLSelectElement || target instanceof HTMLInputElement)) return;
    const name = target.id === 'cluster-cidr' ? 'clusterCIDR' : target.id;
    update({ settings: { ...state().settings, [name]: target.value } });
  });
}

function connectQuestion({ state, update, open, say }: Session): void {
  byId('explain', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    const [from, to] = [byId('from', HTMLInputElement).value, byId('to', HTMLInputElement).value];
    if (to.trim() === '')
      return say('Say where it goes: a Service like default/web, or an address and port.');
    update({ question: { from, to }, tab: 'rules' });
  });
  onClick('forget', () => open({ ...state(), question: EMPTY.question }));
}

function connectFiles({ state, open, take }: Session): void {
  onClick('new-file', () => {
    const files = [...state().files, { path: freeName(state()), text: '' }];
    open({ ...state(), files, active: files.length - 1 });
  });
  onClick('close-file', () => {
    const left = state().files.filter((_, index) => index !== state().active);
    const files = left.length === 0 ? EMPTY.files : left;
    open({ ...state(), files, active: Math.max(0, Math.min(state().active, files.length - 1)) });
  });
  const input = byId('open-files', HTMLInputElement);
  input.addEventListener('change', async () => {
    take(await readFiles(input.files ?? []));
    input.value = '';
  });
  connectDrop(byId('drop', HTMLElement), take);
}

function freeName({ files }: PageState): string {
  for (let number = files.length + 1; ; number++) {
    const path = `manifests-${number}.yaml`;
    if (files.every((file) => file.path !== path)) return path;
  }
}

function connectButtons({ state, answer, open, say }: Session): void {
  onClick('example', () => open({ ...EMPTY, ...EXAMPLE }));
  onClick('copy-link', () => void copyLink(state(), say));
  onClick('save-svg', () => {
    const shown = answer();
    if (shown === undefined || shown.svg === '') say('There is no picture yet.');
    else saveSvg(shown);
  });
}

function saveSvg({ svg, service }: Answer): void {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  const download = `${service.replaceAll('/', '-')}.svg`;
  element('a', { attributes: { href: url, download } }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
