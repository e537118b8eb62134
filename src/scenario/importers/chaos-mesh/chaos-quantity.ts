/** Chaos Mesh's durations (Go's), percentages, rates and sizes as numbers; null = not one. */

const SECONDS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

/** `1h15m30.5s`, `-10m`, `0`. */
export function goSeconds(text: string): number | null {
  const [, sign = '', terms = ''] =
    /^([+-]?)((?:(?:\d{1,15}(?:\.\d{0,9})?|\.\d{1,9})(?:ns|us|µs|μs|ms|s|m|h)){1,8})$/.exec(text) ?? [];
  if (terms === '') return /^[+-]?0$/.test(text) ? 0 : null;
  const parts = [...terms.matchAll(/([\d.]+)(ns|us|µs|μs|ms|s|m|h)/g)];
  const total = parts.reduce((sum, [, number, unit]) => sum + Number(number) * (SECONDS[unit ?? 's'] ?? 1), 0);
  return sign === '-' ? -total : total;
}

/** `25` or `12.5`, as a share. */
export function percentRatio(text: string): number | null {
  const percent = /^\d{1,3}(?:\.\d{1,9})?$/.test(text.trim()) ? Number(text) : Number.NaN;
  return percent <= 100 ? percent / 100 : null;
}

const BITS: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 };

/** `100kbps` (bytes per second) or `1mbit`, in bytes per second. */
export function bytesPerSecond(text: string): number | null {
  const [, number, prefix = '', unit] = /^\s*(\d{1,15})\s*([kmgt]?)(bps|bit)\s*$/i.exec(text) ?? [];
  if (number === undefined || unit === undefined) return null;
  const perSecond = Number(number) * (BITS[prefix.toLowerCase()] ?? 1);
  return unit.toLowerCase() === 'bit' ? perSecond / 8 : perSecond;
}

/** Of ten and of two. */
const SIZES: Readonly<Record<string, readonly [decimal: number, binary: number]>> = {
  k: [1e3, 1024],
  m: [1e6, 1_048_576],
  g: [1e9, 1_073_741_824],
  t: [1e12, 1_099_511_627_776],
};

/** A size in bytes (`256MB`, `1GiB`, `64k`), or a share of the whole (`50%`). */
export function memorySize(text: string): { readonly bytes: number } | { readonly ratio: number } | null {
  const [, percent] = /^\s*(\d{1,3}(?:\.\d{1,9})?)\s*%\s*$/.exec(text) ?? [];
  if (percent !== undefined) return { ratio: Number(percent) / 100 };
  const [, number, prefix = '', binary] = /^\s*(\d{1,15}(?:\.\d{1,9})?)\s*([kmgt]?)(i?)b?\s*$/i.exec(text) ?? [];
  if (number === undefined) return null;
  const [decimal = 1, power = 1] = SIZES[prefix.toLowerCase()] ?? [];
  return { bytes: Number(number) * (binary === '' ? decimal : power) };
}
