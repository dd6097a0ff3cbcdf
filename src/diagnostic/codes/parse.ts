import type { CodeDescription } from './code-description.ts';

export const parseCodes = {
  'text-file': {
    category: 'input',
    summary: 'a file is not text in UTF-8 or UTF-16, or too large to be read',
  },
  'yaml-syntax': { category: 'input', summary: 'a document is neither well-formed YAML nor JSON' },
  'unrendered-template': {
    category: 'input',
    summary: 'a file is a template of Helm or another engine, not a manifest yet',
  },
  'nesting-depth': { category: 'input', summary: 'a document is nested deeper than any Kubernetes object' },
  'alias-expansion': { category: 'input', summary: 'aliases of a document stand for far more than it holds' },
  'yaml-value': { category: 'input', summary: 'YAML holds something that JSON, and so Kubernetes, cannot' },
  'duplicate-key': {
    category: 'input',
    summary: 'a key stands twice in one map, where only the last one counts',
  },
  'not-a-manifest': { category: 'input', summary: 'a document is no Kubernetes object' },
  'manifest-is-map': { category: 'input', summary: 'a bare list of objects stands where one object should' },
  'manifest-has-kind': { category: 'input', summary: 'an object has an apiVersion, but no kind' },
  'manifest-has-api-version': { category: 'input', summary: 'an object has a kind, but no apiVersion' },
  'list-items': { category: 'input', summary: 'a List whose items are no list of objects' },
} as const satisfies Record<string, CodeDescription>;
