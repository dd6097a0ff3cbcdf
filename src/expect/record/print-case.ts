import { escapeText } from '../../diagnostic/escape.ts';
import type { Service } from '../../model/cluster.ts';
import type { Expectation, Fault } from '../expectation.ts';
import { nameOfWanted, type Reaches } from '../wanted.ts';

/** A case as a file has it, or the comment in place of one. */
export interface Recorded {
  readonly text: string;
  readonly isCase: boolean;
  /** Why there is no case. */
  readonly fault?: Fault;
}

/** What a recorded case is about. */
export interface Connections {
  readonly service: Service;
  readonly to: string;
  readonly name: string;
  readonly from: readonly string[];
  /** A node; undefined: wherever the clients are. */
  readonly at: string | undefined;
}

/** The name of a case: `pods to shop/web:http at worker-1`. */
export function nameOfCase({
  name,
  to,
  at,
}: Pick<Connections, 'name' | 'to'> & { readonly at?: string | undefined }): string {
  return `${name} to ${to}${at === undefined ? '' : ` at ${at}`}`;
}

/** A case as a file of expectations has it. */
export function caseOf(about: Connections, expectation: Expectation): Recorded {
  const { from, at, to } = about;
  const [first = '', ...others] = from;
  const lines = [
    `  - name: ${JSON.stringify(nameOfCase(about))}`,
    `    from: ${others.length > 0 ? `[${from.map((each) => JSON.stringify(each)).join(', ')}]` : first}`,
    ...(at === undefined ? [] : [`    at: ${JSON.stringify(at)}`]),
    `    to: ${JSON.stringify(to)}`,
    `    expect: ${printExpectation(expectation)}`,
  ];
  return { text: `${lines.join('\n')}\n`, isCase: true };
}

function printExpectation(expectation: Expectation): string {
  switch (expectation.kind) {
    case 'reaches': {
      const { source } = expectation;
      const reached = printReached(expectation);
      const parts = [
        ...(reached === '' ? [] : [`reaches: { ${reached} }`]),
        ...(source === undefined ? [] : [`source: ${source}`]),
      ];
      return parts.length === 0 ? 'reaches' : `{ ${parts.join(', ')} }`;
    }
    case 'only':
      return `{ only: ${JSON.stringify(expectation.ports)} }`;
    default:
      return expectation.reason === undefined
        ? expectation.kind
        : `{ ${expectation.kind}: ${expectation.reason} }`;
  }
}

/** Words from the input are in quotes: YAML would take some of them for something else. */
function printReached({ pods, endpoints, count }: Reaches): string {
  const labels = Object.entries(pods?.labels ?? {}).map(
    ([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  );
  return [
    ...(pods === undefined ? [] : [labels.length === 0 ? 'pods: {}' : `pods: { ${labels.join(', ')} }`]),
    ...(pods?.node === undefined ? [] : [`node: ${JSON.stringify(pods.node)}`]),
    ...(endpoints === undefined
      ? []
      : [`endpoints: [${endpoints.map((each) => JSON.stringify(nameOfWanted(each))).join(', ')}]`]),
    ...(count === undefined ? [] : [`count: ${count}`]),
  ].join(', ');
}

/** A comment in place of a case. */
export function leftOut(about: Parameters<typeof nameOfCase>[0], { message, hint }: Fault): Recorded {
  const why = `${message}${hint === undefined ? '' : ` (${hint})`}`;
  const fault = { message: `${nameOfCase(about)}: ${message}`, ...(hint === undefined ? {} : { hint }) };
  return { text: `  # ${escapeText(`${nameOfCase(about)}: ${why}`)}\n`, isCase: false, fault };
}
