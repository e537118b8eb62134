/** Compose's byte values (`64m`, `1.5gb`) and durations (`1m30s`) as numbers; null = not one. */

const BYTES: Readonly<Record<string, number>> = {
  b: 1,
  k: 1024,
  m: 1_048_576,
  g: 1_073_741_824,
  t: 1_099_511_627_776,
};

const SECONDS: Readonly<Record<string, number>> = { us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };

/** Sizes are of 1024, with or without the `b`. */
export function composeBytes(written: string | number): number | null {
  const [, number, unit] = /^(\d{1,18}(?:\.\d{1,9})?)\s*([bkmgt])?(?:i?b)?$/i.exec(String(written).trim()) ?? [];
  if (number === undefined) return null;
  return Number(number) * (BYTES[(unit ?? 'b').toLowerCase()] ?? 1);
}

/** A duration in seconds. */
export function composeSeconds(written: string | number): number | null {
  const text = String(written).trim();
  if (!/^(?:\d{1,12}(?:\.\d{1,9})?(?:us|ms|s|m|h)){1,5}$/.test(text)) return text === '0' ? 0 : null;
  const terms = [...text.matchAll(/([\d.]+)(us|ms|s|m|h)/g)];
  return terms.reduce((sum, [, number, unit]) => sum + Number(number) * (SECONDS[unit ?? 's'] ?? 1), 0);
}
