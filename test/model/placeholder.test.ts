import { expect, test } from 'vitest';
import { placeholderIn } from '../../src/model/placeholder.ts';

test.each([
  ['a variable of kustomize', 'a-$(DB_HOST)', '$(DB_HOST)'],
  ['one in lower case', '$(db-host)', '$(db-host)'],
  ['a parameter of Tekton', '$(params.name)', '$(params.name)'],
  ['a command of a shell', 'w$(id)', undefined],
  ['a command with arguments', '$(rm -rf /)', undefined],
])('%s: %s', (_, text, found) => {
  expect(placeholderIn(text)?.text).toBe(found);
});
