/** A Markdown table of training variants: mean over training seeds with its 95 % interval, and every seed's own number. */

/** Student's t at 97.5 %, by degrees of freedom; beyond the list, that of the normal distribution. */
const STUDENT = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];

/** `rows`: title, and by seed the shares against scripted chaos, against held-out chaos, and of false repairs. */
export function seedTable(rows) {
  return [
    '| variant | repaired against `monkey` | by seed | repaired against held-out chaos agents | by seed | false repairs in quiet episodes |',
    '|---|---|---|---|---|---|',
    ...rows.map(({ title, monkey, heldOut, quiet }) => {
      const columns = [
        title,
        withInterval(monkey),
        each(monkey),
        withInterval(heldOut),
        each(heldOut),
        withInterval(quiet),
      ];
      return `| ${columns.join(' | ')} |`;
    }),
  ].join('\n');
}

function each(shares) {
  return shares.map(percent).join(', ');
}

/** The seeds are the sample: an interval over their mean, and none for a single one. */
function withInterval(shares) {
  const count = shares.length;
  const mean = shares.reduce((sum, share) => sum + share, 0) / count;
  if (count < 2) return `${percent(mean)} %`;
  const variance = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / (count - 1);
  const half = (STUDENT[count - 2] ?? 1.96) * Math.sqrt(variance / count);
  return `${percent(mean)} % (${percent(Math.max(0, mean - half))}-${percent(Math.min(1, mean + half))})`;
}

function percent(share) {
  return (100 * share).toFixed(1);
}
