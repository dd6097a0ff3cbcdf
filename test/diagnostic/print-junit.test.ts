import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printJunit } from '../../src/diagnostic/print-junit.ts';
import { diagnosticOf, spanOf, textOf } from '../support/diagnostics.ts';
import { arbitraryDiagnostics } from '../support/hostile-diagnostics.ts';
import { obeyedLines } from '../support/obeyed-lines.ts';
import { elementsOf, parseXml } from '../support/parse-xml.ts';

describe('printJunit', () => {
  test('has a test for each diagnostic and for each file without any', () => {
    const diagnostics = [
      diagnosticOf({ related: [{ message: 'the first one', span: spanOf({ file: 'a.yaml', line: 4 }) }] }),
      diagnosticOf({ severity: 'warning', message: 'a < b & "c"', object: '', field: [] }),
    ];
    expect(textOf(printJunit(diagnostics, { files: ['web.yaml', 'other.yaml'] }))).toBe(`\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="svcgen validate" tests="3" failures="1" errors="0">
  <testsuite name="svcgen validate" tests="3" failures="1" errors="0">
    <testcase classname="web.yaml" name="field-type: Service default/web: spec.ports[0].nodePort (line 14, column 17)" file="web.yaml">
      <failure type="field-type" message="nodePort 80 is outside 30000-32767">web.yaml:14:17: error[field-type]: nodePort 80 is outside 30000-32767
Service default/web: spec.ports[0].nodePort
      nodePort: 80
a.yaml:4:1: note: the first one
hint: choose a port in the range, or omit it</failure>
    </testcase>
    <testcase classname="web.yaml" name="field-type (line 14, column 17)" file="web.yaml">
      <system-out>web.yaml:14:17: warning[field-type]: a &lt; b &amp; &quot;c&quot;
      nodePort: 80
hint: choose a port in the range, or omit it</system-out>
    </testcase>
    <testcase classname="other.yaml" name="no problems" file="other.yaml"/>
  </testsuite>
</testsuites>
`);
  });

  test('counts what is not listed', () => {
    const more = { count: 900, files: new Set(['web.yaml']) };
    const root = parseXml(textOf(printJunit([diagnosticOf({ more })], { files: [] })));
    const [, rest] = elementsOf(root, 'testcase');
    expect(rest?.attributes.name).toBe('field-type: 900 more of this code');
    expect(root.attributes).toMatchObject({ tests: '2', failures: '2' });
  });

  test('names a file that it is about as a whole', () => {
    const about = diagnosticOf({ span: undefined, file: 'nowhere.yaml', object: '', field: [] });
    const [only] = elementsOf(parseXml(textOf(printJunit([about], { files: [] }))), 'testcase');
    expect(only?.attributes).toEqual({ classname: 'nowhere.yaml', name: 'field-type', file: 'nowhere.yaml' });
  });

  test('is well-formed whatever the input holds, counts right, and is safe in a log', () => {
    fc.assert(
      fc.property(arbitraryDiagnostics, fc.array(fc.string({ unit: 'binary' })), (diagnostics, files) => {
        const text = textOf(printJunit(diagnostics, { files }));
        const root = parseXml(text);
        const cases = elementsOf(root, 'testcase');
        expect(root.attributes.tests).toBe(String(cases.length));
        expect(root.attributes.failures).toBe(String(elementsOf(root, 'failure').length));
        for (const { attributes } of cases) expect(Object.keys(attributes)).toContain('classname');
        expect(obeyedLines(text)).toEqual([]);
      }),
    );
  });
});
