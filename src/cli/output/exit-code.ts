/**
 * What every command ends with. `inputErrors` also stands for output that could not be written. Commands that compare
 * end as diff does: `differs`, or `trouble` for whatever kept them from it.
 */
export const EXIT = { ok: 0, inputErrors: 1, usage: 2, differs: 1, trouble: 2 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
