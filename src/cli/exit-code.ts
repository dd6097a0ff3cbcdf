/** What every command ends with. `inputErrors` also stands for output that could not be written. */
export const EXIT = { ok: 0, inputErrors: 1, usage: 2 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
