import { expect, test } from 'vitest';
import { placeholderIn } from '../../src/model/placeholder.ts';

test.each([
  ['a variable of kustomize', 'a-$(DB_HOST)', '$(DB_HOST)'],
  ['one in lower case', '$(db-host)', '$(db-host)'],
  ['a parameter of Tekton', '$(params.name)', '$(params.name)'],
  ['a command of a shell', 'w$(id)', undefined],
  ['a command with arguments', '$(rm -rf /)', undefined],
  ['a variable of envsubst', 'a-$NAME-b', '$NAME'],
  ['a variable of nginx', 'http://$host', undefined],
  ['a keyword of JSON Schema', '$schema', undefined],
  ['a value of an enumeration, misspelled', 'LOAD_BALANCER', undefined],
  ['a value of an enumeration, misspelled', 'NODE_PORT', undefined],
  ['a name in capitals', 'HTTP_PORT', undefined],
  ['a word that begins like a request', 'CHANGELOG', undefined],
  ['another one', 'YOURS', undefined],
  ['a request', 'REPLACE_ME-web', 'REPLACE_ME'],
  ['a request for a name', 'YOUR_DOMAIN.example', 'YOUR_DOMAIN'],
  ['a value of an enumeration, misspelled', 'CLUSTER_IP', undefined],
  ['a value of an enumeration, misspelled', 'CLIENT_IP', undefined],
  ['a value of an enumeration, misspelled', 'EXTERNAL_NAME', undefined],
  ['one that begins like a request', 'CLUSTER_FIRST', undefined],
  ['a word in capitals', 'LOCAL', undefined],
  ['two of them', 'TCP UDP', undefined],
  ['a sentence in capitals', 'FILLED BY THE OPERATOR', 'FILLED BY THE OPERATOR'],
  ['a note in capitals', 'FILLED_BY_VALIDATOR', 'FILLED_BY_VALIDATOR'],
  ['a request to a script', 'AUTOREPLACE_TEST_NAME', 'AUTOREPLACE_TEST_NAME'],
  ['a binding of Chainsaw', 'a-($namespace)', '($namespace)'],
  ['a mark for sed', '%%%', '%%%'],
  ['a percentage', '50%%', undefined],
  ['an address of a user', 'a@@b', undefined],
  ['a variable of Octopus', '#{IP}', '#{IP}'],
  ['one without it', 'a-{IP}', '{IP}'],
])('%s: %s', (_, text, found) => {
  expect(placeholderIn(text)?.text).toBe(found);
});
