import { byId } from './elements.ts';
import { decodeState, EMPTY, encodeState, type PageState, readState } from './state.ts';

const DAMAGED = 'The link is damaged: part of it is missing or was changed. The page is as it was.';

type Say = (text: string) => void;

/** That of the link, of the page that `svcgen view` wrote, or an empty one. */
export async function firstState(say: Say): Promise<PageState> {
  const written = byId('state', HTMLElement).textContent ?? '';
  const given = readState(JSON.parse(written === '' ? 'null' : written)) ?? EMPTY;
  return (await linkedState(location.href, say)) ?? given;
}

/** The state that an address carries; undefined: none. A damaged one is said to be so. */
export async function linkedState(address: string, say: Say): Promise<PageState | undefined> {
  const fragment = new URL(address).hash.slice(1);
  if (fragment === '') return undefined;
  const linked = await decodeState(fragment);
  if (linked === undefined) say(DAMAGED);
  return linked;
}

/** Makes the address bar link to a state, unless that is too much for a link. @param isCurrent whether it still is, once it is packed */
export async function keepLink(state: PageState, isCurrent: () => boolean): Promise<void> {
  const fragment = state === EMPTY ? '' : await encodeState(state);
  if (fragment !== undefined && isCurrent()) history.replaceState(null, '', `#${fragment}`);
}

/** Copies a link to a state. */
export async function copyLink(state: PageState, say: Say): Promise<void> {
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
