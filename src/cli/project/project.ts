import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import type { Span } from '../../model/source.ts';

/** A field of a project file: an option of the command line. */
export interface ProjectField {
  readonly name: string;
  /** undefined: the paths of the command line. */
  readonly flag: string | undefined;
  /** Its values are files or folders of the project. */
  readonly isPath?: true;
  /** A list is one value, with commas; otherwise each item is given to the option. */
  readonly isJoined?: true;
}

/** A field of a project file, read. */
export interface ProjectSetting {
  readonly field: ProjectField;
  /** As its option has it; paths are absolute. */
  readonly value: unknown;
  readonly span: Span;
}

/** A project file, read. */
export interface Project {
  /** Absolute: where its paths begin. */
  readonly folder: string;
  /** Absolute; undefined: it names none. */
  readonly paths: readonly string[] | undefined;
  /** Where it names a file or folder, by absolute path. */
  readonly places: ReadonlyMap<string, Span>;
  /** In the order of PROJECT_FIELDS. */
  readonly settings: readonly ProjectSetting[];
}

/** Says of a file or folder that a project file names where it does. */
export function atItsPlace(
  diagnostic: Diagnostic,
  location: string,
  project: Project | undefined,
): Diagnostic {
  const span = project?.places.get(location);
  return span === undefined || diagnostic.span !== undefined ? diagnostic : { ...diagnostic, span };
}
