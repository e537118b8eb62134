/** `docs/errors.md` is made from the error catalogue; `npm run errors-doc` writes it anew. */
import { expect, test } from 'vitest';
import { errorCatalogue } from '../../src/base/index.ts';

test('docs/errors.md lists exactly the codes of the catalogue, with their meaning and advice', async () => {
  await expect(errorsPage()).toMatchFileSnapshot('../../docs/errors.md');
});

function errorsPage(): string {
  const rows = Object.entries(errorCatalogue).map(
    ([code, { exit, meaning, advice }]) => `| \`${code}\` | ${exit} | ${meaning} | ${advice.replaceAll('|', '\\|')} |`,
  );
  return `# Errors

Made from the catalogue in \`src/base/errors.ts\` by \`npm run errors-doc\`; do not edit.

A message reads \`error CODE: what is wrong (file:line:column)\`, then what to do. Codes are stable: scripts may match on them. Exit code 0 is done; 1 is work that ran and failed; 2 is wrong usage or bad input.

| code | exit | meaning | what to do |
|---|---|---|---|
${rows.join('\n')}
`;
}
