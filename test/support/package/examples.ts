import { readFileSync } from 'node:fs';

/** A fenced block of a page of docs. */
export interface Example {
  /** `yaml`, `sh`, … */
  readonly language: string;
  readonly text: string;
}

/** The examples of a page, in order. */
export function examplesIn(page: string): readonly Example[] {
  const blocks = readFileSync(page, 'utf8').matchAll(/^```(\w+)\n(.*?)^```$/gms);
  return [...blocks].map(([, language = '', text = '']) => ({ language, text }));
}
