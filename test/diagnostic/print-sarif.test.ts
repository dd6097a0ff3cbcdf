import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeRecords } from '../../src/cli/describe-code/code-records.ts';
import { printSarif } from '../../src/diagnostic/print-sarif.ts';
import { diagnosticOf, spanOf, textOf } from '../support/diagnostics.ts';
import { arbitraryDiagnostics } from '../support/hostile-diagnostics.ts';
import { sarifSchema } from '../support/sarif-schema.ts';

const options = { version: '1.2.3', records: codeRecords(), target: 'manifests/' };
const isSarif = new Ajv().compile(sarifSchema);

function uriOf(file: string): string {
  const log = JSON.parse(textOf(printSarif([diagnosticOf({ span: spanOf({ file }) })], options)));
  return log.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri;
}

describe('printSarif', () => {
  test('has a rule for each code and a result for each diagnostic', () => {
    const first = { message: 'the first one', span: spanOf({ file: 'a.yaml', line: 4 }) };
    const log = JSON.parse(
      textOf(
        textOf(
          printSarif(
            [
              diagnosticOf({ related: [first] }),
              diagnosticOf({ code: 'unknown-field', severity: 'warning', span: spanOf({ line: 20 }) }),
              diagnosticOf({ span: spanOf({ line: 30 }) }),
            ],
            options,
          ),
        ),
      ),
    );
    expect(isSarif(log)).toBe(true);
    const [run] = log.runs;
    expect(run.tool.driver).toMatchObject({ name: 'svcgen', version: '1.2.3' });
    expect(run.tool.driver.rules).toMatchObject([
      {
        id: 'field-type',
        fullDescription: { text: expect.stringMatching(/^Every field has a type/) },
        properties: { tags: ['api'] },
      },
      { id: 'unknown-field' },
    ]);
    expect(run.results.map((each: { ruleIndex: number }) => each.ruleIndex)).toEqual([0, 1, 0]);
    expect(run.results[0]).toMatchObject({
      ruleId: 'field-type',
      level: 'error',
      message: { text: expect.stringContaining('nodePort 80 is outside 30000-32767') },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'web.yaml' },
            region: { startLine: 14, startColumn: 17, endColumn: 19 },
          },
          logicalLocations: [{ fullyQualifiedName: 'Service default/web: spec.ports[0].nodePort' }],
        },
      ],
      relatedLocations: [{ id: 0, physicalLocation: { artifactLocation: { uri: 'a.yaml' } } }],
    });
  });

  test.each([
    ['deploy/web app.yaml', 'deploy/web%20app.yaml'],
    ['./web.yaml', 'web.yaml'],
    ['../web.yaml', '../web.yaml'],
    ['/srv/ü.yaml', 'file:///srv/%C3%BC.yaml'],
    ['c:web#1?.yaml', 'c%3Aweb%231%3F.yaml'],
    ['<stdin>', '%3Cstdin%3E'],
  ])('makes a URI of %s', (file, uri) => {
    expect(uriOf(file)).toBe(uri);
  });

  test.each([
    ['error', 'error'],
    ['warning', 'warning'],
    ['info', 'note'],
  ] as const)('calls the severity %s the level %s', (severity, level) => {
    const log = JSON.parse(textOf(printSarif([diagnosticOf({ severity })], options)));
    expect(log.runs[0].results[0].level).toBe(level);
  });

  test('is a log with an empty run when there is nothing to say', () => {
    const log = JSON.parse(textOf(printSarif([], options)));
    expect(isSarif(log)).toBe(true);
    expect(log.runs[0].results).toEqual([]);
  });

  test('has a location for every result: the place, the file, or what was judged', () => {
    const { span: _, ...bare } = diagnosticOf({ object: '', field: [] });
    const diagnostics = [
      { ...bare, span: undefined, file: 'no where.yaml' },
      { ...bare, span: undefined },
    ];
    const log = JSON.parse(textOf(printSarif(diagnostics, options)));
    const at = (uri: string) => [
      { physicalLocation: { artifactLocation: { uri }, region: { startLine: 1 } } },
    ];
    expect(log.runs[0].results.map((each: { locations: object }) => each.locations)).toEqual([
      at('no%20where.yaml'),
      at('manifests/'),
    ]);
  });

  test('says what is not listed', () => {
    const more = { count: 900, files: new Set(['web.yaml']) };
    const log = JSON.parse(textOf(printSarif([diagnosticOf({ more })], options)));
    expect(isSarif(log), JSON.stringify(isSarif.errors)).toBe(true);
    expect(log.runs[0].invocations).toEqual([
      {
        executionSuccessful: true,
        toolExecutionNotifications: [
          {
            level: 'error',
            message: { text: '900 more results of field-type are not listed' },
            associatedRule: { id: 'field-type' },
          },
        ],
      },
    ]);
  });

  test('comes in pieces, one a result', () => {
    const pieces = [...printSarif(Array(1000).fill(diagnosticOf({ message: 'x'.repeat(1000) })), options)];
    expect(pieces.length).toBeGreaterThan(1000);
    for (const piece of pieces) expect(piece.length).toBeLessThan(10_000);
  });

  test('obeys the schema whatever the input holds', () => {
    fc.assert(
      fc.property(arbitraryDiagnostics, (diagnostics) => {
        const isValid = isSarif(JSON.parse(textOf(printSarif(diagnostics, options))));
        expect(isValid, JSON.stringify(isSarif.errors)).toBe(true);
      }),
    );
  });
});
