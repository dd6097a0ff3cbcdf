import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../src/diagnostic/diagnostic.ts';
import { printCodeClimate } from '../../src/diagnostic/print-codeclimate.ts';
import { diagnosticOf, spanOf, textOf } from '../support/diagnostics.ts';
import { arbitraryDiagnostics } from '../support/hostile-diagnostics.ts';
import { obeyedLines } from '../support/obeyed-lines.ts';

interface Issue {
  readonly description: string;
  readonly check_name: string;
  readonly severity: string;
  readonly fingerprint: string;
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}

const issuesOf = (...diagnostics: readonly Diagnostic[]): readonly Issue[] =>
  JSON.parse(textOf(printCodeClimate(diagnostics, { target: 'k8s' })));

const fingerprintOf = (given: Partial<Diagnostic>) => issuesOf(diagnosticOf(given))[0]?.fingerprint;

describe('printCodeClimate', () => {
  test('has what GitLab reads, and nothing else', () => {
    expect(textOf(printCodeClimate([diagnosticOf()], { target: 'k8s' }))).toBe(`[
  {"description":"Service default/web: spec.ports[0].nodePort: nodePort 80 is outside 30000-32767; choose a port in the range, or omit it",\
"check_name":"field-type","severity":"critical","location":{"path":"web.yaml","lines":{"begin":14}},"fingerprint":"lkp5tssqls3lfjji"}
]
`);
  });

  test('is an empty list when there is nothing to say', () => {
    expect(textOf(printCodeClimate([], { target: 'k8s' }))).toBe('[]\n');
  });

  test('names files from the folder of the project', () => {
    const [issue] = issuesOf(diagnosticOf({ span: spanOf({ file: './k8s/web.yaml' }) }));
    expect(issue?.location.path).toBe('k8s/web.yaml');
  });

  test('has a place for what is about a file as a whole, or about none', () => {
    const [file, none] = issuesOf(
      diagnosticOf({ span: undefined, file: 'nowhere.yaml' }),
      diagnosticOf({ span: undefined }),
    );
    expect(file?.location).toEqual({ path: 'nowhere.yaml', lines: { begin: 1 } });
    expect(none?.location).toEqual({ path: 'k8s', lines: { begin: 1 } });
  });

  test('counts what is not listed', () => {
    const more = { count: 900, files: new Set(['web.yaml']) };
    expect(issuesOf(diagnosticOf({ more })).map(({ description }) => description)).toEqual([
      expect.stringContaining('nodePort 80'),
      '900 more of this code are not listed',
    ]);
  });

  test('knows a problem again that has moved, and whose value has changed', () => {
    const before = fingerprintOf({});
    expect(
      fingerprintOf({ span: spanOf({ line: 99, text: 'nodePort: 81', part: '81' }), message: '81' }),
    ).toBe(before);
    for (const other of [
      { code: 'node-port-in-range' as const },
      { object: 'Service default/api' },
      { field: ['spec', 'ports', 1, 'nodePort'] },
      { span: spanOf({ file: 'other.yaml' }) },
    ])
      expect(fingerprintOf(other)).not.toBe(before);
  });

  test('tells lines apart that are in no object', () => {
    const parse = (text: string) => fingerprintOf({ object: '', field: [], span: spanOf({ text }) });
    expect(parse('a: [')).not.toBe(parse('b: ['));
  });

  test('is what GitLab takes, whatever the input holds, with no fingerprint twice, and safe in a log', () => {
    fc.assert(
      fc.property(arbitraryDiagnostics, (diagnostics) => {
        const text = textOf(printCodeClimate([...diagnostics, ...diagnostics], { target: '.' }));
        const issues: readonly Issue[] = JSON.parse(text);
        expect(issues.length).toBeGreaterThanOrEqual(diagnostics.length * 2);
        for (const { location, severity } of issues) {
          expect(location.lines.begin).toBeGreaterThan(0);
          expect(['info', 'minor', 'major', 'critical', 'blocker']).toContain(severity);
        }
        expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length);
        expect(obeyedLines(text)).toEqual([]);
      }),
    );
  });
});
