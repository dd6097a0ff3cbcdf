import type { CodeDescriptions } from '../diagnostic/code-record.ts';

/** What the command line reports while it looks for files and reads settings. */
export const cliCodes = {
  'input-exists': {
    category: 'input',
    severity: 'error',
    summary: 'a path that was given leads to no file or folder',
    explanation: `A path among the arguments leads nowhere: a slip in its name, a pattern that a shell did not
expand, or another working directory than was meant. What the other paths hold is not rendered either: rules that
lack Services are worse than none.`,
  },
  'project-valid': {
    category: 'input',
    severity: 'error',
    summary: 'svcgen.yaml says something that svcgen does not understand, or that no project file may say',
    explanation: `A project file has the fields of schemas/project.json, options of the command line under their names, and
their values. Nothing of it is guessed or passed over: rules for another node, range or mode than was meant are worse than none.
What writes files or runs programs is for the command line alone, and its paths stay in its folder, since whoever wrote
a repository need not be who runs svcgen in it.`,
  },
  'input-readable': {
    category: 'input',
    severity: 'error',
    summary: 'a file, a folder or stdin could not be read',
    explanation: `The system refuses to read a file, a folder or stdin: rights that are missing, a link that leads
to itself, a device. The message says what the system says.`,
  },
  'rules-of-one-node': {
    category: 'input',
    severity: 'error',
    summary: 'a folder or an archive has the rules of several nodes, and nothing says which one is meant',
    explanation: `--rules and --host take a folder or an archive, and follow a connection on one node. Where files say different
things of the same table, they are of different nodes, and the folders or names in which they differ name them; --node says
which one is meant.`,
  },
  'input-built': {
    category: 'input',
    severity: 'error',
    summary: 'kustomize or helm could not build what -k, --helm or --each-kustomization wants of them',
    explanation: `svcgen builds nothing itself: -k runs "kustomize build" or "kubectl kustomize", and --helm runs "helm template". The
program is not installed, or it ended with the error that the message repeats: a base that is missing, a chart whose
dependencies were not fetched, values that do not fit.`,
  },
  'link-leads-somewhere': {
    category: 'input',
    severity: 'warning',
    summary: 'a link in a folder leads nowhere, or in circles',
    explanation: `A folder that was given holds a symbolic link whose target is missing, so there is nothing to read. Test
data has such links on purpose; elsewhere a file was moved or deleted. A link that is named itself is an error.`,
  },
  'link-stays-inside': {
    category: 'input',
    severity: 'warning',
    summary: 'a link in a folder leads out of the repository, or out of the folder where it is in none',
    explanation: `A folder that was given holds a symbolic link to a file or folder elsewhere. Links within a work
tree of Git, or within the folder where there is none, are followed; others are not, since whoever can add a link to a
repository could have any file of the machine read, and lines of it shown. kubectl follows no link to a folder for that
reason. What the link leads to is read when it is named.`,
  },
  'unrendered-chart': {
    category: 'input',
    severity: 'info',
    summary: 'a folder is a chart of Helm, which is not read',
    explanation: `A folder with a Chart.yaml holds templates, values for them, and definitions of custom resources: no
objects before Helm has rendered it. It is passed over with all that is below it; give what "helm template" prints instead.
A chart that is named itself is an error.`,
  },
  'folder-has-manifests': {
    category: 'input',
    severity: 'error',
    summary: 'a folder that was given holds no .yaml, .yml or .json file, at any depth',
    explanation: `A folder among the arguments holds no file that ends in .yaml, .yml or .json, at any depth. Hidden
files, node_modules and what --ignore matches do not count; a file that is named by itself is read whatever its name.
With --each-kustomization, a folder holds no kustomization but components, which are parts of others.`,
  },
} as const satisfies CodeDescriptions;

/** A code of the command line. */
export type CliCode = keyof typeof cliCodes;
