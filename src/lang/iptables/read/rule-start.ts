/** What a rule begins with, before the name of its chain. */
export const APPEND = '-A ';

const [TAB, SPACE] = [9, 32];

/** Where a line has its `-A CHAIN`, behind counters if there are some (`[12:720] `); -1: it is no rule. */
export function ruleStart(text: string, start: number): number {
  if (text.startsWith(APPEND, start)) return start;
  let at = start;
  while (text.charCodeAt(at) === SPACE || text.charCodeAt(at) === TAB) at += 1;
  if (text[at] === '[') {
    do at += 1;
    while (isDigitOrColon(text.charCodeAt(at)));
    if (!text.startsWith('] ', at)) return -1;
    at += 2;
  }
  return text.startsWith(APPEND, at) ? at : -1;
}

/** Digits and the colon follow one another in ASCII. */
function isDigitOrColon(code: number): boolean {
  return code >= 48 && code <= 58;
}

/** Where the arguments of a rule begin, behind `-A CHAIN `. */
export function behindChain(text: string, start: number): number {
  let at = Math.max(ruleStart(text, start), start) + APPEND.length;
  while (text.charCodeAt(at) > SPACE) at += 1;
  return at + 1;
}
