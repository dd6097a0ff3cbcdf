import type { parseCodes } from '../../../diagnostic/codes/parse.ts';
import type { CodeExplanation } from './code-explanation.ts';

/** Codes of what is found while text is read. */
export const parseExplanations: Readonly<Record<keyof typeof parseCodes, CodeExplanation>> = {
  'text-file': {
    severity: 'error',
    explanation: `Manifests are text: UTF-8, or UTF-16 with a byte order mark, of at most 512 MiB; a document of
unusual YAML has at most 32 Mi characters, while JSON and everyday YAML have no limit of their own. An image, an archive or a file in another encoding among
the manifests brings this about, and the place is that of the first byte that is no text. Leave such files out with
--ignore, or convert them.`,
  },
  'yaml-syntax': {
    severity: 'error',
    explanation: `The text is neither YAML nor JSON, so nothing can be said about the objects in it: a bracket or quote
that is never closed, a tab where spaces indent, an item of a list without its dash. Kubernetes reads YAML 1.1, so that the directive %YAML 1.2
is refused as well. The other documents of the file are
read all the same.`,
  },
  'unrendered-template': {
    severity: 'error',
    explanation: `A chart of Helm, or of another engine that writes actions in double braces, is no manifest before it is
rendered: names and ports are not known yet. Give what the engine makes, and leave its sources out with --ignore.`,
  },
  'nesting-depth': {
    severity: 'error',
    explanation: `Kubernetes objects have some ten levels of maps and lists, definitions of custom resources some forty.
More than 100 are a mistake, or an attempt to exhaust whoever reads them.`,
  },
  'alias-expansion': {
    severity: 'error',
    explanation: `A few lines of aliases to aliases can stand for millions of values. Kubernetes refuses documents in which
nearly all values come from aliases, and so does svcgen. Everyday use of anchors never comes near that.`,
  },
  'yaml-value': {
    severity: 'error',
    explanation: `Kubernetes turns YAML into JSON, which has no infinity, no "not a number", no maps or lists as keys, and no
values that contain themselves. A tag such as !!int on text that is no integer is refused as well.`,
  },
  'duplicate-key': {
    severity: 'warning',
    explanation: `Of two equal keys in a map only the last one counts, so what the first says is lost in silence. It happens
when manifests are merged by hand. --strict makes it an error, as kubectl does by default.`,
  },
  'not-a-manifest': {
    severity: 'warning',
    explanation: `The document has neither apiVersion nor kind: values of a chart, settings of a tool, a workflow. In
folders that is usual and only said with --verbose; of a file that is named it is said always, and --each makes it an
error, as the API server would refuse it.`,
  },
  'manifest-is-map': {
    severity: 'error',
    explanation: `Several objects stand in documents of their own, with "---" between them, or in the items of a List; a
bare list of objects is nothing that kubectl takes.`,
  },
  'manifest-has-kind': {
    severity: 'error',
    explanation: `The API server tells from apiVersion and kind what an object is: without its kind it is nothing.`,
  },
  'manifest-has-api-version': {
    severity: 'error',
    explanation: `The API server tells from apiVersion and kind what an object is: a kind alone may be that of many groups.`,
  },
  'list-items': {
    severity: 'error',
    explanation: `A List holds whole objects in its items, as kubectl get prints them. Anything else there is no object.`,
  },
};
