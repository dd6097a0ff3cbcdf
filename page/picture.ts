import type { Lit } from './protocol.ts';

/** A picture may shrink to so much of its size: its smallest text has 12 px, and stays above 11. */
const READABLE = 0.92;

/** Shows a picture in the page. It is read as XML, so that nothing in it can be anything but a picture. */
export function showPicture(parent: HTMLElement, svg: string): void {
  if (svg === '') {
    parent.replaceChildren();
    return;
  }
  const { documentElement } = new DOMParser().parseFromString(svg, 'image/svg+xml');
  const picture = document.importNode(documentElement, true);
  parent.style.setProperty('--readable', `${Number(picture.getAttribute('width')) * READABLE}px`);
  parent.replaceChildren(picture);
}

/** Lights up the way of a connection: its client, the address, the choice, and the endpoints that it may get. */
export function lightPicture(parent: HTMLElement, lit: Lit | undefined): void {
  const svg = parent.querySelector('svg');
  if (svg === null) return;
  for (const each of svg.querySelectorAll('.lit')) each.classList.remove('lit');
  svg.classList.remove('explained');
  if (lit === undefined) return;
  const boxes = [...svg.querySelectorAll('[data-box]')];
  const arrows = [...svg.querySelectorAll('[data-from]')].map((element) => ({
    element,
    from: element.getAttribute('data-from') ?? '',
    to: element.getAttribute('data-to') ?? '',
    label: element.getAttribute('data-label') ?? '',
  }));
  const holding = (addresses: readonly string[]) =>
    new Set(
      boxes
        .filter((box) =>
          (box.getAttribute('data-addresses') ?? '').split(' ').some((each) => addresses.includes(each)),
        )
        .map((box) => box.getAttribute('data-box') ?? ''),
    );
  const clients = holding([lit.client]);
  const targets = holding(lit.targets);
  const endpoints = holding(lit.endpoints);
  if (targets.size === 0) return;
  const side = lit.client === 'outside' ? 'from outside' : 'from inside';
  const decided = arrows.filter(({ from, label }) => targets.has(from) && (label === '' || label === side));
  const leads = (choice: string) => arrows.some(({ from, to }) => from === choice && endpoints.has(to));
  const choices = new Set(decided.map(({ to }) => to).filter((to) => lit.isRefused || leads(to)));
  const all = [clients, targets, choices, endpoints];
  const passed = new Set(all.flatMap((ids) => [...ids]));
  svg.classList.add('explained');
  for (const box of boxes) if (passed.has(box.getAttribute('data-box') ?? '')) box.classList.add('lit');
  for (const { element, from, to, label } of arrows) {
    const isOnWay =
      (clients.has(from) && targets.has(to)) ||
      (targets.has(from) && choices.has(to) && (label === '' || label === side)) ||
      (choices.has(from) && endpoints.has(to));
    if (isOnWay) element.classList.add('lit');
  }
}
