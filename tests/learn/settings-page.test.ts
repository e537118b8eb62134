/** `docs/training-settings.md` is made from the schema of settings; `npm run settings-doc` writes it anew. */
import { expect, test } from 'vitest';
import { describeTrainSettings } from '../../src/learn/index.ts';

test('docs/training-settings.md lists every setting with its default and meaning', async () => {
  await expect(settingsPage()).toMatchFileSnapshot('../../docs/training-settings.md');
});

function settingsPage(): string {
  const rows = describeTrainSettings().map(({ key, value, meaning }) => {
    const text = value === undefined ? '' : `\`${JSON.stringify(value)}\``;
    return `| \`${key}\` | ${text} | ${meaning} |`;
  });
  return `# Settings of training

Made from \`src/learn/train-settings-schema.ts\` by \`npm run settings-doc\`; do not edit.

\`deepl-ops train <scenario> --config FILE\` reads them from a YAML or JSON file; whatever it leaves out has the default below. A dot is a level: \`role.epochs\` is \`epochs\` under \`role\`. Under \`roles\`, the name of a role (\`order\`, \`chaos\`) holds those settings of \`role\` that differ for it. Under \`coldStart\` it holds that role's cold start, in which \`demonstrations\` is a list of sources; a role without one starts from nothing.

| setting | default | meaning |
|---|---|---|
${rows.join('\n')}
`;
}
