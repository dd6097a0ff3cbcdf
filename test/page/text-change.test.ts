import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packRequest, unpackRequest } from '../../page/messages.ts';
import type { PageFile, Request } from '../../page/protocol.ts';
import { applyChange, changeBetween, packText, unpackText } from '../../page/text-change.ts';
import { SETTINGS } from './browser.ts';

/** Texts of few letters, so that two have much in common; longer ones hold many blocks of comparison. */
const text = fc
  .tuple(fc.string({ unit: fc.constantFrom('a', 'b', '\n', '💡', 'ü') }), fc.constantFrom(1, 3, 900, 5000))
  .map(([unit, times]) => unit.repeat(times));

test('a change makes the one text of the other, and holds nothing that both begin or end with', () => {
  fc.assert(
    fc.property(text, text, text, (head, now, tail) => {
      const old = `${head}${tail}`;
      const next = `${head}${now}${tail}`;
      const { from, to, insert } = changeBetween(old, next);
      expect(applyChange(old, { from, to, insert })).toBe(next);
      expect(insert.length).toBe(next.length - old.length);
      expect(to).toBe(from);
    }),
  );
  fc.assert(
    fc.property(text, text, (old, next) => {
      const change = changeBetween(old, next);
      expect(applyChange(old, change)).toBe(next);
      const gone = old.slice(change.from, change.to);
      if (gone === '' || change.insert === '') return;
      expect(gone.at(0)).not.toBe(change.insert.at(0));
      expect(gone.at(-1)).not.toBe(change.insert.at(-1));
    }),
  );
});

test('a text goes whole at first and when most of it is new, otherwise as what has changed', () => {
  expect(packText('abc', undefined)).toBe('abc');
  expect(packText('abcd', 'wxyz')).toBe('abcd');
  expect(packText('abc', 'abc')).toEqual({ from: 3, to: 3, insert: '' });
  expect(packText('abXcd', 'abcd')).toEqual({ from: 2, to: 2, insert: 'X' });
  expect(() => unpackText({ from: 0, to: 0, insert: '' }, undefined)).toThrow('never sent');
});

test('requests arrive as they were sent, whichever came before', () => {
  const files = fc.array(fc.record({ path: fc.constantFrom('a.yaml', 'b.yaml'), text }), { maxLength: 3 });
  const requestOf = (now: readonly PageFile[], base: readonly PageFile[]): Request => ({
    id: 1,
    files: now,
    base,
    settings: SETTINGS,
    service: '',
    tab: 'rules',
    artifact: '',
    namespace: 'default',
    question: undefined,
  });
  const requests = fc.array(fc.tuple(files, files).map(([now, base]) => requestOf(now, base)));
  fc.assert(
    fc.property(requests, (all) => {
      let sent: Request | undefined;
      let arrived: Request | undefined;
      for (const request of all) {
        arrived = unpackRequest(structuredClone(packRequest(request, sent)), arrived);
        sent = request;
        expect(arrived).toEqual(request);
      }
    }),
  );
});
