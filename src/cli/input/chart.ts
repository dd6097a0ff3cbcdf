import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import type { NamedPlace } from '../project/name-file.ts';
import { fileProblem } from './file-problem.ts';

/** What makes a folder a chart (helm.sh/helm/v3/pkg/chartutil, IsChartDir). */
export const CHART_FILE = 'Chart.yaml';

/**
 * Says that a folder is a chart of Helm, of which nothing was read: what it holds are templates, their values, and
 * definitions of custom resources. An error when it was named, since then the user wanted it to be read.
 */
export function unrenderedChart(
  { path: folder, location }: NamedPlace,
  { isNamed }: { readonly isNamed: boolean },
): Diagnostic {
  const count = countTemplates(join(location, 'templates'));
  const templates = count === 1 ? '1 template' : `${count} templates`;
  return fileProblem({
    code: 'unrendered-chart',
    severity: isNamed ? 'error' : 'info',
    file: join(folder, CHART_FILE),
    message: `${JSON.stringify(folder)} is a Helm chart: ${templates} ${isNamed ? 'to be rendered first' : 'passed over'}`,
    hint: `give what it renders: --helm ${shellWord(folder)}, or pipe what helm template ${shellWord(folder)} prints into svcgen`,
  });
}

function countTemplates(folder: string): number {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.(?:ya?ml|json)$/i.test(name),
    ).length;
  } catch {
    return 0;
  }
}

/** A path as it can be pasted into a shell. */
function shellWord(path: string): string {
  const word = path.startsWith('-') ? `./${path}` : path;
  return /^[\w./@:+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
