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

## The archive of failure scripts

A failure script is what chaos broke in an episode, and when. While \`league.shares.archive\` is above 0, training keeps an archive of those that were hard but solvable for each scenario, and order plays against them on fresh seeds:

- A script enters on trial: the faults of an episode that order left broken while it learned, of one that a learning chaos left broken although good repair would have avoided most of the loss, or a mutation of a kept script (a fault shifted in time, aimed at another component of its kind, turned into a neighbouring one, added or dropped, or two scripts spliced).
- After \`trials\` plays it is kept if order repaired some of them but not all. Repaired every time, it is dropped as easy; never, as hopeless (after twice as many plays if a look-ahead had found its loss mostly avoidable). Faults that never became legal are left out of it.
- Kept scripts are drawn in proportion to their learnability p(1-p), p being order's success rate of late. One whose learnability falls below \`learnabilityMin\` has become easy or hopeless, and is dropped. When all places are taken, the least learnable gives way.
- While nothing is kept, only the part of the archive's share that belongs to trials is played; the rest goes to the other opponents.

With \`schedule: { roles: [order] }\` and \`shares: { latest: 0, past: 0, scripted: 0.6, archive: 0.4 }\`, mutation takes the place of a learned chaos. At the end of a run \`archive.json\` in its folder lists what is kept, and \`archive/\` holds the most learnable scripts as scenarios for \`deepl-ops replay\`.
`;
}
