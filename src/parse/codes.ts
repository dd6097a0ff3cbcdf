import type { CodeDescriptions } from '../diagnostic/code-record.ts';

/** What parsing reports. */
export const parseCodes = {
  'text-file': {
    category: 'input',
    severity: 'error',
    summary: 'a file is not text in UTF-8 or UTF-16, or too large to be read',
    explanation: `Manifests are text: UTF-8, or UTF-16 with a byte order mark, of at most 512 MiB; a document of
unusual YAML has at most 32 Mi characters and two million words and signs, while JSON and everyday YAML have no limit of their
own. An image, an archive or a file in another encoding among the manifests brings this about, and the place is that
of the first byte that is no text. Leave such files out with --ignore, or convert them.`,
  },
  'yaml-syntax': {
    category: 'input',
    severity: 'error',
    summary: 'a document is neither well-formed YAML nor JSON',
    explanation: `The text is neither YAML nor JSON, so nothing can be said about the objects in it: a bracket or
quote that is never closed, a tab where spaces indent, an item of a list without its dash. Kubernetes reads YAML 1.1,
so that the directive %YAML 1.2 is refused as well. The other documents of the file are read all the same.`,
  },
  'unrendered-template': {
    category: 'input',
    severity: 'error',
    summary: 'a manifest is a template: it holds actions of Helm or another engine, or placeholders',
    explanation: `A chart of Helm, or of another engine that writes actions in double braces, is no manifest before
it is rendered: names and ports are not known yet. The same holds for placeholders in values that are wrong as they
stand: \${VARIABLE} of envsubst and Flux, $VARIABLE of envsubst, $(VARIABLE) of kustomize, {NAME}, #{NAME}, <name>, %NAME%,
@NAME@, __NAME__, and words in capitals such as REPLACEME and YOUR_NAME. Give what the tool makes, and leave its sources out with --ignore. In folders templates are passed over.`,
  },
  'nesting-depth': {
    category: 'input',
    severity: 'error',
    summary: 'a document is nested deeper than any Kubernetes object',
    explanation: `Kubernetes objects have some ten levels of maps and lists, definitions of custom resources some
forty. More than 100 are a mistake, or an attempt to exhaust whoever reads them.`,
  },
  'alias-expansion': {
    category: 'input',
    severity: 'error',
    summary: 'aliases of a document stand for far more than it holds',
    explanation: `A few lines of aliases to aliases can stand for millions of values. Kubernetes refuses documents
in which nearly all values come from aliases, and so does svcgen. Everyday use of anchors never comes near that.`,
  },
  'yaml-value': {
    category: 'input',
    severity: 'error',
    summary: 'YAML holds something that JSON, and so Kubernetes, cannot',
    explanation: `Kubernetes turns YAML into JSON, which has no infinity, no "not a number", no maps or lists as
keys, and no values that contain themselves. A tag such as !!int on text that is no integer is refused as well.`,
  },
  'duplicate-key': {
    category: 'input',
    severity: 'warning',
    summary: 'a key stands twice in one map, where only the last one counts',
    explanation: `Of two equal keys in a map only the last one counts, so what the first says is lost in silence. It
happens when manifests are merged by hand. --strict makes it an error, as kubectl does by default.`,
  },
  'not-a-manifest': {
    category: 'input',
    severity: 'warning',
    summary: 'a document is no Kubernetes object',
    explanation: `The document has neither apiVersion nor kind: values of a chart, settings of a tool, a workflow.
In folders that is usual and only said with --verbose; of a file that is named it is said always, and --each makes it
an error, as the API server would refuse it.`,
  },
  'kustomize-patch': {
    category: 'input',
    severity: 'error',
    summary: 'a document is a patch of kustomize, not an object',
    explanation: `The fields $patch and $retainKeys say how a patch is merged into another object (a strategic merge
patch); no object has them. A patch holds only what it changes, so it is judged as part of what kustomize builds: "kubectl
kustomize FOLDER" prints that. In folders patches are passed over.`,
  },
  'manifest-is-map': {
    category: 'input',
    severity: 'error',
    summary: 'a bare list of objects stands where one object should',
    explanation: `Several objects stand in documents of their own, with "---" between them, or in the items of a
List; a bare list of objects is nothing that kubectl takes.`,
  },
  'manifest-has-kind': {
    category: 'input',
    severity: 'error',
    summary: 'an object has an apiVersion, but no kind',
    explanation: `The API server tells from apiVersion and kind what an object is: without its kind it is nothing.`,
  },
  'manifest-has-api-version': {
    category: 'input',
    severity: 'error',
    summary: 'an object has a kind, but no apiVersion',
    explanation: `The API server tells from apiVersion and kind what an object is: a kind alone may be that of many
groups.`,
  },
  'list-items': {
    category: 'input',
    severity: 'error',
    summary: 'a List whose items are no list of objects',
    explanation: `A List holds whole objects in its items, as kubectl get prints them. Anything else there is no
object.`,
  },
} as const satisfies CodeDescriptions;

/** A code of parsing. */
export type ParseCode = keyof typeof parseCodes;
