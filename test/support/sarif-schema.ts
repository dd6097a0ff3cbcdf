/**
 * What the official schema of SARIF 2.1.0 (sarif-schema-2.1.0.json, OASIS) demands of the properties that svcgen
 * prints; any other property is refused, so that none goes unchecked.
 */
const text = { type: 'string' };
const position = { type: 'integer', minimum: 1 };
const object = (required: readonly string[], properties: Readonly<Record<string, object>>) => ({
  type: 'object',
  required,
  properties,
  additionalProperties: false,
});
const list = (items: object) => ({ type: 'array', items });

const message = object(['text'], { text });
const physicalLocation = object(['artifactLocation', 'region'], {
  artifactLocation: object(['uri'], {
    uri: { type: 'string', pattern: "^(?:file://)?(?:[A-Za-z0-9._~!$&'()*+,;=@/-]|%[0-9A-F]{2})*$" },
  }),
  region: object(['startLine'], { startLine: position, startColumn: position, endColumn: position }),
});

const location = {
  ...object(['physicalLocation'], {
    physicalLocation,
    logicalLocations: list(
      object(['fullyQualifiedName', 'kind'], { fullyQualifiedName: text, kind: { const: 'object' } }),
    ),
  }),
  minProperties: 1,
};

const rule = object(['id'], {
  id: text,
  shortDescription: message,
  fullDescription: message,
  help: message,
  properties: object([], { tags: { ...list(text), uniqueItems: true } }),
});

const result = object(['message', 'ruleId', 'ruleIndex'], {
  ruleId: text,
  ruleIndex: { type: 'integer', minimum: 0 },
  level: { enum: ['none', 'note', 'warning', 'error'] },
  message,
  // The schema takes none, too, but code scanning of GitHub does not.
  locations: { ...list(location), minItems: 1 },
  relatedLocations: list(
    object(['id', 'message', 'physicalLocation'], {
      id: { type: 'integer', minimum: 0 },
      message,
      physicalLocation,
    }),
  ),
});

const run = object(['tool', 'results'], {
  tool: object(['driver'], { driver: object(['name'], { name: text, version: text, rules: list(rule) }) }),
  invocations: list(
    object(['executionSuccessful'], {
      executionSuccessful: { type: 'boolean' },
      toolExecutionNotifications: list(
        object(['message'], {
          level: { enum: ['none', 'note', 'warning', 'error'] },
          message,
          associatedRule: object(['id'], { id: text }),
        }),
      ),
    }),
  ),
  columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
  results: list(result),
});

export const sarifSchema = object(['version', 'runs'], {
  $schema: text,
  version: { const: '2.1.0' },
  runs: { ...list(run), minItems: 1, maxItems: 1 },
});
