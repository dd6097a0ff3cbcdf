// One cluster as the YAML of those who write it: they differ in documents, indentation, quotes and comments.

import { dump } from 'js-yaml';

/** All on lines of their own, however long. */
const PLAIN = { lineWidth: -1, quoteStyle: 'double' };

/** `kubectl get -o yaml`: one List, lists at the column of their key. */
function kubectl(list) {
  return dump(list, { ...PLAIN, seqNoIndent: true });
}

/** `kustomize build`: a document for each object. */
function kustomize({ items }) {
  return items.map((item) => dump(item, { ...PLAIN, seqNoIndent: true })).join('---\n');
}

/** `helm template`: lists deeper than their key, comments, quotes where a template asked for them, blocks of text. */
function helm({ items }) {
  return items
    .map((item) => `---\n# Source: cluster/templates/${item.kind}.yaml\n${helmDocument(item)}`)
    .join('');
}

function helmDocument(item) {
  const annotations = { 'example.com/notes': `Rendered for ${item.metadata.name}.\n\n- not by hand\n` };
  const annotated = { ...item, metadata: { ...item.metadata, annotations } };
  return dump(annotated, { ...PLAIN, forceQuotes: item.kind === 'Service' })
    .replace('\nspec:\n', '\n# what clients use\nspec:\n')
    .replace('\nports:\n', '\n\nports: # of the pods\n');
}

export const YAML_STYLES = { kubectl, kustomize, helm };
