import { shapesJson } from '../generated/shapes.js';

/** What the API server's decoder knows of a value: scripts/compile-schemas.mjs makes it from schemas/*.json. */
export interface Shape {
  readonly $ref?: string;
  /** Absent: any value. */
  readonly type?: readonly ShapeType[];
  readonly format?: ShapeFormat;
  readonly items?: Shape;
  readonly properties?: Readonly<Record<string, Shape>>;
  /** What a map's values are. */
  readonly additionalProperties?: Shape;
}

export type ShapeFormat = 'int32' | 'int64' | 'int-or-string' | 'date-time' | 'quantity';
export type ShapeType = 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object' | 'null';

export interface Shapes {
  readonly kinds: Readonly<Record<string, Shape>>;
  readonly definitions: Readonly<Record<string, Shape>>;
  readonly formats: Readonly<Record<ShapeFormat, FormatLimits>>;
}

/** Reads the shapes, which only input with something wrong in it needs. */
export function readShapes(): Shapes {
  return JSON.parse(shapesJson) as Shapes;
}

/** The range of a number; the pattern of a string. */
export interface FormatLimits {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
}
