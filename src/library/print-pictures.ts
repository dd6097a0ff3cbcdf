import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { assertNever } from '../diagnostic/invariant.ts';
import type { Picture } from '../graph/picture.ts';
import { printSvg } from '../graph/print-svg.ts';
import { printDot, printMermaid } from '../graph/print-text.ts';
import type { IPFamily, Service } from '../model/cluster.ts';
import { type CompiledText, compiledText } from './compiled-text.ts';
import { inputProblem } from './problem.ts';

export const drawFormats = ['svg', 'mermaid', 'dot'] as const;
export type DrawFormat = (typeof drawFormats)[number];

/** Which Services are drawn, and how. */
export interface DrawForm {
  /** `namespace/name` of each. Default: all. */
  readonly services?: readonly string[] | undefined;
  /** Only those of this namespace. */
  readonly namespace?: string | undefined;
  /** Default: both. */
  readonly families?: readonly IPFamily[] | undefined;
  /** Default: svg. */
  readonly format?: DrawFormat | undefined;
}

/** A thousand Services: 6 MB of SVG, made in 3 s, and more than anybody looks at. */
const MAX_BOXES = 10_000;

/** What Mermaid draws unless the page that shows it says otherwise: `maxTextSize` in UTF-16 units, and `maxEdges`. */
const MERMAID = { characters: 50_000, arrows: 500 };

interface PrintedPictures {
  /** undefined: there is an error. */
  readonly text: CompiledText | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Draws Services, one after the other, into one text; an error where they are too many for it. */
export function printPictures(
  services: readonly Service[],
  make: (service: Service) => Picture,
  { format, ...form }: DrawForm & { readonly format: DrawFormat },
): PrintedPictures {
  const pictures: Picture[] = [];
  let boxes = 0;
  for (const service of services) {
    const picture = make(service);
    boxes += picture.boxes.length;
    pictures.push(picture);
    if (boxes > MAX_BOXES)
      return { text: undefined, diagnostics: [tooMany(services.length, pictures.length, form)] };
  }
  const text = printAs(format, pictures);
  return {
    text: compiledText({ fileName: `services.${EXTENSIONS[format]}`, chunks: () => [text] }),
    diagnostics: format === 'mermaid' ? checkMermaid(pictures, text) : [],
  };
}

function tooMany(wanted: number, drawn: number, form: DrawForm): Diagnostic {
  return inputProblem({
    code: 'picture-bounded',
    message: `${wanted} Services are too many for one picture: the first ${drawn} of them have more than ${MAX_BOXES} boxes`,
    hint: selectionFor(form),
  });
}

/** A warning where Mermaid refuses its text as it is configured by default, on GitHub and GitLab as well. */
function checkMermaid(pictures: readonly Picture[], text: string): readonly Diagnostic[] {
  const arrows = pictures.reduce((sum, picture) => sum + picture.arrows.length, 0);
  const excess = [
    ...(arrows > MERMAID.arrows ? [`${arrows} arrows, of which it draws ${MERMAID.arrows}`] : []),
    ...(text.length > MERMAID.characters
      ? [`${text.length} characters, of which it reads ${MERMAID.characters}`]
      : []),
  ];
  if (excess.length === 0) return [];
  return [
    inputProblem({
      code: 'mermaid-bounded',
      severity: 'warning',
      message: `Mermaid refuses this diagram unless a page raises its limits: it has ${excess.join(', and ')}`,
      hint: '--service NAMESPACE/NAME and --namespace draw fewer Services, and --output svg needs no Mermaid',
    }),
  ];
}

/** The flags that are left to draw less. */
function selectionFor({ services, namespace }: DrawForm): string {
  if (services !== undefined) return 'name fewer of them with --service';
  return namespace === undefined
    ? '--namespace NAME draws those of one namespace, --service NAMESPACE/NAME (repeatable) single ones'
    : `--service ${namespace}/NAME (repeatable) draws single ones`;
}

const EXTENSIONS: Readonly<Record<DrawFormat, string>> = { svg: 'svg', mermaid: 'mmd', dot: 'dot' };

function printAs(format: DrawFormat, pictures: readonly Picture[]): string {
  switch (format) {
    case 'svg':
      return printSvg(pictures);
    case 'mermaid':
      return printMermaid(pictures);
    case 'dot':
      return printDot(pictures);
    default:
      return assertNever(format);
  }
}
