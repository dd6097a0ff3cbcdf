import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { diagnosticCodes } from '../../src/diagnostic/codes.ts';
import { noColors, printPretty } from '../../src/diagnostic/print-pretty.ts';
import { checkText } from '../support/check-text.ts';
import { readCaseOptions } from '../support/invalid-case.ts';

const folder = fileURLToPath(new URL('../../fixtures/invalid/', import.meta.url));
const isWriting = process.env.GOLDEN === 'write';
const codes = readdirSync(folder).sort();

describe.each(codes)('fixtures/invalid/%s', (code) => {
  const path = `${folder}${code}`;
  const options = readCaseOptions(path);
  const goldenPath = `${path}/diagnostics.txt`;

  test('is said as in diagnostics.txt', () => {
    const diagnostics = checkText(readFileSync(`${path}/input.yaml`, 'utf8'), options);
    const text = printPretty(diagnostics, { colors: noColors });
    if (isWriting) writeFileSync(goldenPath, text);
    expect(text).toBe(readFileSync(goldenPath, 'utf8'));
    expect(diagnostics.map((each) => each.code)).toContain(code);
  });

  test.skipIf(!existsSync(`${path}/near-miss.yaml`))('keeps quiet about near-miss.yaml', () => {
    const diagnostics = checkText(readFileSync(`${path}/near-miss.yaml`, 'utf8'), options);
    expect(diagnostics.map((each) => each.code)).not.toContain(code);
  });

  test('has files that are known, and says in line one what they show', () => {
    const known = ['input.yaml', 'near-miss.yaml', 'diagnostics.txt', 'case.json'];
    const files = readdirSync(path);
    expect(files.filter((file) => !known.includes(file))).toEqual([]);
    for (const file of files.filter((each) => each.endsWith('.yaml'))) {
      expect(readFileSync(`${path}/${file}`, 'utf8')).toMatch(/^# \S.*\n/);
    }
  });
});

test('every folder is named after a code', () => {
  expect(codes.filter((code) => !Object.hasOwn(diagnosticCodes, code))).toEqual([]);
});
