/** The texts of src/validate/generated/shapes.js and shapes.d.ts. */
export function compileSchemas(): { readonly script: string; readonly types: string };
