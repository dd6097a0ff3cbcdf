/** By code: input that has it, and input that nearly does. scripts/compile-examples.mjs makes them of fixtures/invalid/. */
export declare const examples: Readonly<
  Record<string, { readonly failing: string; readonly passing: string } | undefined>
>;
