/** The text of src/cli/describe-code/generated/examples.js. */
export function compileExamples(): string;
