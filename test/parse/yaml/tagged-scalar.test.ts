import { describe, expect, test } from 'vitest';
import { resolveTaggedScalar } from '../../../src/parse/yaml/resolve-scalar.ts';

const YAML = 'tag:yaml.org,2002:';

describe('resolveTaggedScalar, as go-yaml v2', () => {
  test.each([
    ['str', '80', '80'],
    ['str', '~', '~'],
    ['int', '80', 80],
    ['int', '0x50', 80],
    ['int', '80.0', undefined],
    ['int', 'a', undefined],
    ['float', '80', 80],
    ['float', '.inf', undefined],
    ['float', 'a', undefined],
    ['bool', 'yes', true],
    ['bool', '1', undefined],
    ['null', '', null],
    ['null', 'x', undefined],
    ['timestamp', '2026-01-05', '2026-01-05'],
    ['timestamp', '2026-01-05T10:00:00Z', '2026-01-05T10:00:00Z'],
    ['timestamp', 'soon', undefined],
    ['binary', 'aGk=', 'hi'],
    ['binary', 'aG\nk=', 'hi'],
    ['binary', 'aGk', undefined],
    ['binary', '/w==', '\ufffd'],
    ['map', 'x', 'x'],
  ])('!!%s %j', (tag, text, value) => expect(resolveTaggedScalar(YAML + tag, text)).toBe(value));

  test('tags of applications mean nothing', () => expect(resolveTaggedScalar('!Ref', '80')).toBe('80'));
  test('a lone ! is no tag', () => expect(resolveTaggedScalar('!', '80')).toBe(80));
});
