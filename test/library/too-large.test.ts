import { expect, test } from 'vitest';
import { hostInRules, nodeTextOf, readDump, readHostText } from '../../src/library/node-text.ts';

/** Texts that hold one thing more than is read of it, in lines as short as they can be. */
function textWith(line: string, most: number) {
  return nodeTextOf({ path: 'node.txt', text: `# node\n${line.repeat(most + 1)}` });
}

test.each([
  ['-> a\n', 2 ** 18, 'more than 262144 real servers of "ipvsadm -Ln"'],
  ['-a -\n', 2 ** 19, 'more than 524288 real servers of "ipvsadm-save -n"'],
  ['add \n', 2 ** 19, 'more than 524288 members of sets of ipset'],
])('rules of a node with too many lines %j are not read', (line, most, message) => {
  const source = textWith(line, most);
  const read = () => expect.fail('it is not even read');
  const [first, ...others] = readDump(source, {}, read).diagnostics;
  expect(first?.message).toContain(message);
  expect(first?.span?.line).toBe(most + 2);
  expect(others).toEqual([]);
});

test.each([
  ['default dev\n', 'more than 262144 routes'],
  ['a inet 1/8\n', 'more than 262144 addresses of interfaces'],
])('the host with too many lines %j is not read', (line, message) => {
  const source = textWith(line, 2 ** 18);
  expect(readHostText(source).diagnostics[0]?.message).toContain(message);
  expect(readHostText(source).read).toBeUndefined();
  const inRules = nodeTextOf({ path: 'node.txt', text: `1: lo scope host\n${line.repeat(2 ** 18 + 1)}` });
  expect(hostInRules(inRules).diagnostics[0]?.message).toContain(message);
});
