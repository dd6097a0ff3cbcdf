import type { ServiceItem } from '../src/library/draw.ts';
import { byId, element, fillSelect, optionOf } from './elements.ts';
import { lightPicture, showPicture } from './picture.ts';
import type { Answer, Finding } from './protocol.ts';
import { showArtifacts, TITLES } from './show-state.ts';
import type { PageState } from './state.ts';
import { createViewer } from './viewer.ts';
import { virtualList } from './virtual-list.ts';

interface Choices {
  readonly chooseService: (name: string) => void;
  readonly chooseFinding: (finding: Finding) => void;
}

/** Shows what the compiler says of a state. */
export type ShowAnswer = (answer: Answer, state: PageState) => void;

/** Makes the lists, the picture and the viewer that show answers. */
export function answerView({ chooseService, chooseFinding }: Choices): ShowAnswer {
  const viewer = createViewer(byId('viewer', HTMLElement));
  const services = virtualList<ServiceItem>(byId('services', HTMLElement), {
    rowHeight: 30,
    render: renderService,
    choose: ({ name }) => chooseService(name),
  });
  const problems = virtualList<Finding>(byId('problems', HTMLElement), {
    rowHeight: 44,
    render: renderFinding,
    choose: chooseFinding,
  });
  const picture = byId('picture', HTMLElement);
  let drawn: string | undefined;
  return (answer, state) => {
    fillChoices(answer, state);
    showArtifacts(state.tab);
    const wanted = byId('filter', HTMLInputElement).value.trim().toLowerCase();
    const shown = answer.services.filter(({ name }) => name.includes(wanted));
    services.show(
      shown,
      shown.findIndex(({ name }) => name === answer.service),
    );
    problems.show(answer.findings, -1);
    byId('problems-title', HTMLElement).textContent =
      answer.findings.length === 0 ? 'No problems' : `Problems (${answer.findings.length})`;
    if (answer.svg !== drawn) showPicture(picture, answer.svg);
    drawn = answer.svg;
    lightPicture(picture, answer.lit);
    byId('viewer', HTMLElement).classList.toggle('is-error', answer.isError);
    const label = answer.isError ? 'What is wrong' : TITLES[state.tab];
    viewer.show({ text: answer.text, label, isPlain: answer.isError });
    viewer.light(state.tab === 'rules' ? answer.lit : undefined);
    showExplanation(answer);
    byId('work', HTMLElement).textContent = `${Math.round(answer.took)} ms`;
    document.body.dataset.answer = String(answer.id);
  };
}

/** What there is to choose from depends on the manifests. */
function fillChoices(
  { nodes, layouts, artifacts, artifact, namespaces }: Answer,
  { settings, namespace }: PageState,
): void {
  const names = [...new Set([...nodes, settings.node])].filter((name) => name !== '');
  const none = { value: '', label: 'none' };
  fillSelect(byId('node', HTMLSelectElement), [none, ...names.map(optionOf)], settings.node);
  fillSelect(byId('layout', HTMLSelectElement), layouts.map(optionOf), settings.layout);
  fillSelect(byId('artifact', HTMLSelectElement), artifacts.map(optionOf), artifact);
  fillSelect(byId('namespace', HTMLSelectElement), namespaces.map(optionOf), namespace);
}

function renderService({ name, type, isRefused }: ServiceItem): HTMLElement {
  return element('div', {
    className: isRefused ? 'refused' : '',
    children: [
      element('span', { className: 'grow', text: name }),
      element('span', { className: 'type', text: isRefused ? 'refused' : type }),
    ],
  });
}

function renderFinding({ severity, message, hint, file, line }: Finding): HTMLElement {
  const place = line === 0 ? '' : `${file}:${line} `;
  return element('div', {
    children: [
      element('span', { className: severity, text: `${place}${severity}: ${message}` }),
      element('span', { className: 'hint', text: hint }),
    ],
  });
}

function showExplanation({ explanation, isExplained }: Answer): void {
  byId('answer', HTMLElement).hidden = explanation === '';
  byId('lower', HTMLElement).classList.toggle('explained', explanation !== '');
  const box = byId('explanation', HTMLElement);
  box.textContent = explanation;
  box.classList.toggle('error', !isExplained);
}
