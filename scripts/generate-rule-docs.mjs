// Writes docs/rules.md from the documentation that the rules carry. A test fails when the file is out of date.
import { writeFileSync } from 'node:fs';
import { importTypeScript } from './import-typescript.mjs';

const { printRuleDocs } = await importTypeScript('scripts/print-rule-docs.ts');
writeFileSync(new URL('../docs/rules.md', import.meta.url), printRuleDocs());
