import { KUBERNETES_VERSIONS, NEWEST_KUBERNETES } from '../src/kubernetes/versions.ts';
import { type CompilerClient, startCompiler } from './compiler-client.ts';
import { createEditor, type Editor } from './editor.ts';
import { byId, element, fillSelect, moveByKeys } from './elements.ts';
import { EXAMPLE } from './example.ts';
import { addFiles, type ReadFiles, readFiles, tooLong } from './files.ts';
import { lightPicture, showPicture } from './picture.ts';
import { type Answer, type Finding, isDump, type ServiceItem, TABS, type Tab } from './protocol.ts';
import { decodeState, EMPTY, encodeState, type PageState, readState } from './state.ts';
import { createViewer } from './viewer.ts';
import { virtualList } from './virtual-list.ts';

const TITLES: Readonly<Record<Tab, string>> = {
  rules: 'Rules',
  env: 'Env',
  dns: 'DNS',
  endpoints: 'Endpoints',
  diff: 'Diff',
};

/** How long a pause in typing is, in milliseconds. */
const PAUSE = 120;

/** Runs the page: one state, changed by `update` alone, and what the compiler last said of it. */
async function start(): Promise<void> {
  let state = EMPTY;
  let answer: Answer | undefined;
  let client: CompilerClient | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const toast = byId('toast', HTMLElement);
  const say = (text: string) => {
    toast.textContent = text;
    setTimeout(() => {
      if (toast.textContent === text) toast.textContent = '';
    }, 6000);
  };

  const editor: Editor = createEditor({
    parent: byId('editor', HTMLElement),
    onChange: (text) => {
      const files = state.files.map((file, index) => (index === state.active ? { ...file, text } : file));
      update({ files }, PAUSE);
    },
    mayPaste: (length) => {
      const problem = tooLong('What is pasted', length);
      if (problem !== undefined) say(problem);
      return problem === undefined;
    },
  });
  const viewer = createViewer(byId('viewer', HTMLElement));
  const services = virtualList<ServiceItem>(byId('services', HTMLElement), {
    rowHeight: 30,
    render: ({ name, type, isRefused }) =>
      element('div', {
        className: isRefused ? 'refused' : '',
        children: [
          element('span', { className: 'grow', text: name }),
          element('span', { className: 'type', text: isRefused ? 'refused' : type }),
        ],
      }),
    choose: ({ name }) => update({ service: name }),
  });
  const problems = virtualList<Finding>(byId('problems', HTMLElement), {
    rowHeight: 44,
    render: ({ severity, message, hint, file, line }) =>
      element('div', {
        children: [
          element('span', {
            className: severity,
            text: `${line === 0 ? '' : `${file}:${line} `}${severity}: ${message}`,
          }),
          element('span', { className: 'hint', text: hint }),
        ],
      }),
    choose: (finding) => {
      const index = state.files.findIndex(({ path }) => path === finding.file);
      if (index < 0)
        return say([finding.message, finding.hint].filter((each) => each !== '').join(' Hint: '));
      if (index !== state.active) openFile(index);
      editor.goTo(finding.line, finding.column);
    },
  });

  /** Changes the state, and asks the compiler what comes of it. */
  function update(patch: Partial<PageState>, delay = 0): void {
    state = { ...state, ...patch };
    drawControls();
    clearTimeout(timer);
    timer = setTimeout(() => {
      ask();
      void keepLink();
    }, delay);
  }

  function ask(): void {
    const { files, base = files, settings, service, tab, artifact, namespace, question } = state;
    client?.ask({
      files,
      base: base.filter(({ text }) => !isDump(text) && text.trim() !== ''),
      settings,
      service,
      tab,
      artifact,
      namespace,
      question: question.to.trim() === '' ? undefined : question,
    });
  }

  async function keepLink(): Promise<void> {
    const fragment = state === EMPTY ? '' : await encodeState(state);
    if (fragment !== undefined) history.replaceState(null, '', fragment === '' ? '#' : `#${fragment}`);
  }

  function openFile(active: number): void {
    update({ active });
    editor.open(state.files[active]?.text ?? '');
    markProblems();
  }

  function open(next: PageState): void {
    state = next;
    drawFields();
    editor.open(state.files[state.active]?.text ?? '');
    update({});
  }

  function take({ files, problems: wrong }: ReadFiles): void {
    if (wrong.length > 0) say(wrong.join(' '));
    if (files.length === 0) return;
    const all = addFiles(state.files, files);
    open({ ...state, files: all, active: all.length - files.length, base: state.base ?? all });
  }

  function markProblems(): void {
    const path = state.files[state.active]?.path;
    editor.mark((answer?.findings ?? []).filter(({ file, line }) => file === path && line > 0));
  }

  /** What the state alone decides. */
  function drawControls(): void {
    const { files, active, tab } = state;
    byId('welcome', HTMLElement).hidden = (files[active]?.text ?? '') !== '';
    drawTabs(
      byId('files', HTMLElement),
      files.map(({ path }) => path),
      active,
      openFile,
    );
    drawTabs(
      byId('tabs', HTMLElement),
      TABS.map((each) => TITLES[each]),
      TABS.indexOf(tab),
      (index) => update({ tab: TABS[index] ?? 'rules' }),
    );
    byId('artifact-label', HTMLElement).hidden = tab !== 'rules';
    byId('namespace-label', HTMLElement).hidden = tab !== 'env';
    byId('set-base', HTMLElement).hidden = tab !== 'diff';
  }

  /** What stands in fields. */
  function drawFields(): void {
    const { settings, question } = state;
    byId('mode', HTMLSelectElement).value = settings.mode;
    byId('family', HTMLSelectElement).value = settings.family;
    byId('version', HTMLSelectElement).value = settings.version;
    byId('cluster-cidr', HTMLInputElement).value = settings.clusterCIDR;
    byId('from', HTMLInputElement).value = question.from;
    byId('to', HTMLInputElement).value = question.to;
  }

  function drawAnswer(next: Answer): void {
    answer = next;
    const { settings, namespace } = state;
    const names = [...new Set([...next.nodes, settings.node])].filter((name) => name !== '');
    fillSelect(
      byId('node', HTMLSelectElement),
      [{ value: '', label: 'none' }, ...names.map(optionOf)],
      settings.node,
    );
    fillSelect(byId('layout', HTMLSelectElement), next.layouts.map(optionOf), settings.layout);
    fillSelect(byId('artifact', HTMLSelectElement), next.artifacts.map(optionOf), next.artifact);
    fillSelect(byId('namespace', HTMLSelectElement), next.namespaces.map(optionOf), namespace);
    const wanted = byId('filter', HTMLInputElement).value.trim().toLowerCase();
    const shown = next.services.filter(({ name }) => name.includes(wanted));
    services.show(
      shown,
      shown.findIndex(({ name }) => name === next.service),
    );
    problems.show(next.findings, -1);
    byId('problems-title', HTMLElement).textContent =
      next.findings.length === 0 ? 'No problems' : `Problems (${next.findings.length})`;
    markProblems();
    showPicture(byId('picture', HTMLElement), next.svg);
    byId('viewer', HTMLElement).classList.toggle('is-error', next.isError);
    viewer.show(next.text, next.isError ? 'What is wrong' : TITLES[state.tab]);
    byId('answer', HTMLElement).hidden = next.explanation === '';
    byId('lower', HTMLElement).classList.toggle('explained', next.explanation !== '');
    byId('explanation', HTMLElement).textContent = next.explanation;
    byId('explanation', HTMLElement).classList.toggle('error', !next.isExplained);
    lightPicture(byId('picture', HTMLElement), next.lit);
    viewer.light(state.tab === 'rules' ? next.lit : undefined);
    byId('work', HTMLElement).textContent = `${Math.round(next.took)} ms`;
    document.body.dataset.answer = String(next.id);
    if (next.lit !== undefined && next.lit.service !== '' && next.lit.service !== next.service)
      if (next.services.some(({ name }) => name === next.lit?.service)) update({ service: next.lit.service });
  }

  connectControls();
  fillSelect(
    byId('version', HTMLSelectElement),
    [
      { value: '', label: `${NEWEST_KUBERNETES.name} (newest)` },
      ...[...KUBERNETES_VERSIONS].reverse().map(optionOf),
    ],
    '',
  );
  client = await startCompiler(byId('compiler', HTMLElement).textContent ?? '', {
    onAnswer: drawAnswer,
    onBug: (message) => say(`This is a bug of svcgen, and the page goes on: ${message}`),
    onWork: (isBusy) => byId('work', HTMLElement).classList.toggle('busy', isBusy),
  });
  open(await firstState(say));

  function connectControls(): void {
    const setting = (id: string, type: typeof HTMLSelectElement | typeof HTMLInputElement, name: string) =>
      byId<HTMLSelectElement | HTMLInputElement>(id, type).addEventListener('change', (event) => {
        const { target } = event;
        if (!(target instanceof HTMLSelectElement || target instanceof HTMLInputElement)) return;
        update({ settings: { ...state.settings, [name]: target.value } });
      });
    for (const name of ['node', 'mode', 'layout', 'family', 'version'])
      setting(name, HTMLSelectElement, name);
    setting('cluster-cidr', HTMLInputElement, 'clusterCIDR');
    byId('settings', HTMLFormElement).addEventListener('submit', (event) => event.preventDefault());
    const select = (id: string) => byId(id, HTMLSelectElement);
    select('artifact').addEventListener('change', () => update({ artifact: select('artifact').value }));
    select('namespace').addEventListener('change', () => update({ namespace: select('namespace').value }));
    byId('filter', HTMLInputElement).addEventListener('input', () => answer && drawAnswer(answer));
    byId('explain', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      const [from, to] = [byId('from', HTMLInputElement).value, byId('to', HTMLInputElement).value];
      if (to.trim() === '')
        return say('Say where it goes: a Service like default/web, or an address and port.');
      update({ question: { from, to }, tab: 'rules' });
    });
    const onClick = (id: string, act: () => void) => byId(id, HTMLElement).addEventListener('click', act);
    onClick('forget', () => open({ ...state, question: EMPTY.question }));
    onClick('example', () => open({ ...EMPTY, ...EXAMPLE }));
    onClick('new-file', () => {
      const files = [...state.files, { path: freeName(state), text: '' }];
      open({ ...state, files, active: files.length - 1 });
    });
    onClick('close-file', () => {
      const left = state.files.filter((_, index) => index !== state.active);
      const files = left.length === 0 ? EMPTY.files : left;
      open({ ...state, files, active: Math.max(0, Math.min(state.active, files.length - 1)) });
    });
    onClick('set-base', () => {
      update({ base: state.files });
      say('From now on the tab Diff compares with the manifests as they are now.');
    });
    onClick('copy-link', () => void copyLink());
    onClick('save-svg', saveSvg);
    const input = byId('open-files', HTMLInputElement);
    input.addEventListener('change', async () => {
      take(await readFiles(input.files ?? []));
      input.value = '';
    });
    moveByKeys(byId('files', HTMLElement), openFile);
    moveByKeys(byId('tabs', HTMLElement), (index) => update({ tab: TABS[index] ?? 'rules' }));
    connectDrop(take);
    addEventListener('hashchange', async () => {
      const linked = await decodeState(location.hash.slice(1));
      if (linked !== undefined) open(linked);
      else if (location.hash !== '') say(DAMAGED);
    });
  }

  async function copyLink(): Promise<void> {
    const fragment = await encodeState(state);
    if (fragment === undefined)
      return say('This is too much for a link: save the page with "svcgen view", or send the files.');
    const link = `${location.href.split('#')[0]}#${fragment}`;
    try {
      await navigator.clipboard.writeText(link);
      say('The link is copied: it holds all of this, and no server sees it.');
    } catch {
      history.replaceState(null, '', `#${fragment}`);
      say('The link is in the address bar: this browser does not let the page copy it.');
    }
  }

  function saveSvg(): void {
    if (answer === undefined || answer.svg === '') {
      say('There is no picture yet.');
      return;
    }
    const url = URL.createObjectURL(new Blob([answer.svg], { type: 'image/svg+xml' }));
    const name = `${answer.service.replaceAll('/', '-')}.svg`;
    element('a', { attributes: { href: url, download: name } }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }
}

const DAMAGED = 'The link is damaged: part of it is missing or was changed. The page is as it was.';

/** Of the link, of the page that `svcgen view` wrote, or empty. */
async function firstState(say: (text: string) => void): Promise<PageState> {
  const written = byId('state', HTMLElement).textContent ?? '';
  const given = readState(JSON.parse(written === '' ? 'null' : written)) ?? EMPTY;
  if (location.hash.length < 2) return given;
  const linked = await decodeState(location.hash.slice(1));
  if (linked === undefined) say(DAMAGED);
  return linked ?? given;
}

function optionOf(value: string): { readonly value: string; readonly label: string } {
  return { value, label: value };
}

function freeName({ files }: PageState): string {
  for (let number = files.length + 1; ; number++) {
    const path = `manifests-${number}.yaml`;
    if (files.every((file) => file.path !== path)) return path;
  }
}

/** Tabs as WAI-ARIA has them: one of them can be reached by Tab, the others by arrow keys. */
function drawTabs(
  list: HTMLElement,
  names: readonly string[],
  active: number,
  choose: (index: number) => void,
): void {
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

function connectDrop(take: (read: ReadFiles) => void): void {
  const shade = byId('drop', HTMLElement);
  addEventListener('dragover', (event) => {
    if (event.dataTransfer?.types.includes('Files') !== true) return;
    event.preventDefault();
    shade.hidden = false;
  });
  addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) shade.hidden = true;
  });
  addEventListener('drop', async (event) => {
    shade.hidden = true;
    const files = event.dataTransfer?.files;
    if (files === undefined || files.length === 0) return;
    event.preventDefault();
    take(await readFiles(files));
  });
}

void start();
