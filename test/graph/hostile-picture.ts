import type { Box, Picture } from '../../src/graph/picture.ts';

/** Names that would be more than text where somebody forgot to escape them. */
export const HOSTILE = [
  '<img src=x onerror=alert(1)>',
  '</script><script>alert(1)</script>',
  '"] --> b1["x',
  '"}}; click b1 "javascript:alert(1)"',
  '%%{init: {"theme":"x"}}%%',
  '```\n</details>',
  '\\N\\G\\" onload=',
  ']]>&lt;&#60;',
  '\u202e\u0000\ufffe',
];

/** A picture in which every text is this one. */
export function hostilePicture(text: string): Picture {
  const box: Box = {
    id: 'b1',
    column: 'address',
    tone: 'plain',
    title: text,
    details: [text],
    addresses: [text],
  };
  return {
    service: text,
    title: text,
    words: [text],
    boxes: [box, { ...box, id: 'b2', column: 'endpoint', tone: 'idle' }],
    arrows: [{ from: 'b1', to: 'b2', tone: 'refused', label: text }],
  };
}
